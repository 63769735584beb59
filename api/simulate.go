package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"motcua/definitions"
	"motcua/definitions/scenario"
	"motcua/engine"
)

// SimulateBody is a scenario and the procedure it is played on: the text of a
// definition that need not be published, or a published version.
type SimulateBody struct {
	Definition string `json:"definition,omitempty" validate:"max=1048576" doc:"YAML text of a definition; instead of procedure and version"`
	Procedure  string `json:"procedure,omitempty" validate:"omitempty,max=64,id" doc:"Code of a published procedure" example:"1.001193"`
	Version    int    `json:"version,omitempty" validate:"min=0,max=100000" doc:"Its version"`
	Scenario   string `json:"scenario" validate:"required,max=1048576" doc:"Text of a scenario: a txtar archive, or a bare scenario.yaml"`
}

// Resolve applies the rules of content.
func (b *SimulateBody) Resolve(huma.Context) []error {
	errs := check(b)
	if (b.Definition == "") == (b.Procedure == "") {
		errs = append(errs, &invalid{in: "body", path: "/definition", tag: "oneof", param: "definition procedure"})
	}
	if b.Procedure != "" && b.Version == 0 {
		errs = append(errs, &invalid{in: "body", path: "/version", tag: "required"})
	}
	return errs
}

type simulateInput struct {
	Body SimulateBody
}

// SimulationView is what came of a scenario.
type SimulationView struct {
	// Holds says that it was played and came out as expected.
	Holds    bool               `json:"holds" doc:"It was played, and came out as it expects"`
	Timeline *scenario.Timeline `json:"timeline,omitempty" doc:"What happened; absent where nothing could be played"`
	Findings engine.Findings    `json:"findings" doc:"What is wrong with the texts, and which expectations do not hold"`
}

type simulateOutput struct {
	Body SimulationView
}

func (m *machineAPI) registerSimulate(a huma.API) {
	register(a, operation{
		id: "simulate-procedure", method: http.MethodPost, pure: true, path: "/api/v1/procedures/simulate", status: http.StatusOK,
		verb: engine.VerbSimulate, tag: "procedures", summary: "Play a scenario on a virtual clock; nothing is stored",
	}, m.simulate)
}

// simulate plays a scenario. What is wrong with the texts is the answer, not a
// problem: it is what was asked for.
func (m *machineAPI) simulate(ctx context.Context, in *simulateInput) (*simulateOutput, error) {
	machine, findings, err := m.simulated(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	out := &simulateOutput{Body: SimulationView{Findings: engine.Findings{}}}
	if machine == nil {
		out.Body.Findings = findings
		return out, nil
	}
	_, timeline, findings, err := scenario.Simulate(scenario.SectionScenario, []byte(in.Body.Scenario), machine)
	if err != nil {
		return nil, err
	}
	out.Body.Timeline, out.Body.Holds = timeline, timeline != nil && findings.Err() == nil
	out.Body.Findings = append(out.Body.Findings, findings...)
	return out, nil
}

// simulated is the machine to play on, or what is wrong with its text.
func (m *machineAPI) simulated(ctx context.Context, b SimulateBody) (*engine.Machine, engine.Findings, error) {
	if b.Definition != "" {
		machine, findings := definitions.Read(scenario.SectionDefinition, []byte(b.Definition))
		return machine, findings, nil
	}
	v, err := m.Procedures.Version(ctx, b.Procedure, b.Version)
	if err != nil {
		return nil, nil, err
	}
	if m.Compile == nil {
		return nil, nil, errNoFormat
	}
	machine, err := m.compile(v)
	return machine, nil, err
}
