package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"motcua/definitions"
	"motcua/engine"
)

type diffInput struct {
	Code string `path:"code" maxLength:"64" example:"1.001193"`
	From int    `query:"from" required:"true" minimum:"1" maximum:"100000" doc:"The version to compare with"`
	To   int    `query:"to" required:"true" minimum:"1" maximum:"100000" doc:"The version that is read; it may be the older one"`
}

type diffOutput struct {
	Body struct {
		From    int                  `json:"from"`
		To      int                  `json:"to"`
		Changes []definitions.Change `json:"changes" doc:"What differs in meaning, in the order of the version read; empty when nothing does"`
	}
}

func (m *machineAPI) registerDiff(a huma.API) {
	register(a, operation{
		id: "diff-procedure-versions", method: http.MethodGet, path: "/api/v1/procedures/{code}/diff",
		verb: engine.VerbReadProcedures, tag: "procedures", summary: "Say in words what changed between two versions",
	}, m.diff)
}

func (m *machineAPI) diff(ctx context.Context, in *diffInput) (*diffOutput, error) {
	if m.Compile == nil {
		return nil, errNoFormat
	}
	before, err := m.machine(ctx, in.Code, in.From)
	if err != nil {
		return nil, err
	}
	after, err := m.machine(ctx, in.Code, in.To)
	if err != nil {
		return nil, err
	}
	out := &diffOutput{}
	out.Body.From, out.Body.To = in.From, in.To
	out.Body.Changes = append([]definitions.Change{}, definitions.Diff(before, after)...)
	return out, nil
}

// machine is a published version, compiled.
func (m *machineAPI) machine(ctx context.Context, code string, version int) (*engine.Machine, error) {
	v, err := m.Procedures.Version(ctx, code, version)
	if err != nil {
		return nil, err
	}
	return m.compile(v)
}
