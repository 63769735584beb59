package api

import (
	"context"
	"net/http"
	"net/url"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
)

// Acts reads and runs recorded acts on many dossiers: what a new calendar, an
// outage, or an officer who leaves does to each. Errors: CodeNotFound,
// CodeUnavailable.
type Acts interface {
	// Act finds one that concerns an agency.
	Act(ctx context.Context, agency, id string) (engine.ActRecord, error)
	// ActResults lists what it did with the dossiers of the agency.
	ActResults(ctx context.Context, agency, id, cursor string, limit int) (engine.ActPage, error)
	// Acts lists those of a kind, or of every kind, newest first.
	Acts(ctx context.Context, agency string, kind engine.ActKind, limit int) ([]engine.ActRecord, error)
	// RunAct does what is pending. It may be repeated, and run twice at once.
	RunAct(ctx context.Context, id string) error
	// ResumeActs goes on with every act that is not done.
	ResumeActs(ctx context.Context) error
}

const (
	actsPath = "/api/v1/acts"
	actPath  = actsPath + "/{id}"
)

type actsInput struct {
	Kind  string `query:"kind" enum:"migration,calendar,outage,outage-end,reassign,bulk,reorganisation,organisation" doc:"Only acts of this kind"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type actsOutput struct {
	Body struct {
		Acts []engine.ActRecord `json:"acts" doc:"Newest first"`
	}
}

type actInput struct {
	ID string `path:"id" maxLength:"64"`
}

type actOutput struct {
	Status   int
	Location string `header:"Location"`
	Body     engine.ActRecord
}

type actResultsInput struct {
	ID     string `path:"id" maxLength:"64"`
	Cursor string `query:"cursor" maxLength:"64" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

type actPageOutput struct {
	Body engine.ActPage
}

func (m *machineAPI) registerActs(a huma.API) {
	register(a, operation{
		id: "list-acts", method: http.MethodGet, path: actsPath,
		verb: engine.VerbReadActs, tag: "acts", summary: "List recorded acts on many dossiers",
	}, m.acts)
	register(a, operation{
		id: "get-act", method: http.MethodGet, path: actPath,
		verb: engine.VerbReadActs, tag: "acts", summary: "Read an act and how far it has come",
	}, m.act)
	register(a, operation{
		id: "list-act-results", method: http.MethodGet, path: actPath + "/results",
		verb: engine.VerbReadActs, tag: "acts", summary: "List what an act did with each dossier",
	}, m.actResults)
}

func (m *machineAPI) acts(ctx context.Context, in *actsInput) (*actsOutput, error) {
	list, err := m.Acts.Acts(ctx, caller.From(ctx).Actor.Agency, engine.ActKind(in.Kind), in.Limit)
	if err != nil {
		return nil, err
	}
	out := &actsOutput{}
	out.Body.Acts = append([]engine.ActRecord{}, list...)
	return out, nil
}

func (m *machineAPI) act(ctx context.Context, in *actInput) (*actOutput, error) {
	record, err := m.Acts.Act(ctx, caller.From(ctx).Actor.Agency, in.ID)
	return &actOutput{Status: http.StatusOK, Body: record}, err
}

func (m *machineAPI) actResults(ctx context.Context, in *actResultsInput) (*actPageOutput, error) {
	page, err := m.Acts.ActResults(ctx, caller.From(ctx).Actor.Agency, in.ID, in.Cursor, in.Limit)
	page.Outcomes = append([]engine.ActOutcome{}, page.Outcomes...)
	return &actPageOutput{Body: page}, err
}

// begun answers for an act that was put on record, and goes on with it.
func (m *machineAPI) begun(ctx context.Context, id string) (location string) {
	m.runner.run(ctx, "act "+id, func(ctx context.Context) error { return m.Acts.RunAct(ctx, id) })
	return actsPath + "/" + url.PathEscape(id)
}
