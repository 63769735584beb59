package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
	"motcua/workflows/contract"
)

// StartBody asks for a dossier.
type StartBody struct {
	Agency     string           `json:"agency,omitempty" validate:"omitempty,max=35,id" doc:"The agency that receives it; by default the caller's own"`
	Procedure  string           `json:"procedure" validate:"required,max=64,id" doc:"Code of the procedure" example:"1.001193"`
	Channel    string           `json:"channel" validate:"required,oneof=direct online post" enum:"direct,online,post"`
	Components []string         `json:"components,omitempty" validate:"max=100,dive,required,max=64,id" doc:"Ids of the papers handed in"`
	Comment    string           `json:"comment,omitempty" validate:"max=4000,plain"`
	Applicant  engine.Applicant `json:"applicant"`
	Fields     map[string]any   `json:"fields,omitempty" validate:"max=200" doc:"Values of the fields the procedure declares"`
}

// Resolve applies the rules of content, after huma applied those of shape.
func (b *StartBody) Resolve(huma.Context) []error {
	a := b.Applicant
	faults := append(check(b), checkFields("/fields", b.Fields, 0)...)
	return append(faults, checkFields("/applicant", map[string]any{
		"name": a.Name, "id": a.ID, "phone": a.Phone, "email": a.Email, "address": a.Address,
	}, 0)...)
}

type startInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" doc:"A repetition under the same key returns the same dossier"`
	Body StartBody
}

// Answer says what became of a start or an event.
type Answer struct {
	Code    string `json:"code" doc:"Code of the dossier"`
	Command string `json:"command,omitempty"`
	Seq     int64  `json:"seq" doc:"Sequence of the last fact"`
	State   string `json:"state"`
	Closed  bool   `json:"closed"`
	// NextAt is when time alone will change something next.
	NextAt    time.Time          `json:"next_at,omitzero"`
	StateName engine.Text        `json:"state_name"`
	DueAt     time.Time          `json:"due_at,omitzero" doc:"The appointment date"`
	StepDueAt time.Time          `json:"step_due_at,omitzero"`
	Permitted []engine.Permitted `json:"permitted" doc:"What the caller may do next"`
}

type answerOutput struct {
	Status   int
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Replayed string `header:"Idempotency-Replayed"`
	Body     Answer
}

// DossierView is a record and what the caller may do with it.
type DossierView struct {
	engine.Record
	Personal  string             `json:"personal" enum:"masked,full" doc:"Whether applicant, fields and what officers wrote are shown in full; that they were is recorded"`
	Fields    map[string]any     `json:"fields,omitempty" doc:"The personal fields, when shown in full"`
	Permitted []engine.Permitted `json:"permitted"`
	Halts     []engine.Halt      `json:"halts,omitempty" doc:"Open suspensions that no state declares: all clocks stand still"`
	Proposals []engine.Proposal  `json:"proposals,omitempty" doc:"Events that wait to be endorsed"`
	Parent    *engine.Parent     `json:"parent,omitempty" doc:"The dossier this one is a part of"`
}

func view(record engine.Record, r engine.Rules, c engine.Case, a engine.Actor) DossierView {
	return DossierView{Record: record, Personal: shownMasked, Permitted: permitted(r, c, a), Halts: c.Halts, Proposals: c.Proposals, Parent: c.Parent}
}

type dossierInput struct {
	Code string `path:"code" maxLength:"64" doc:"Code of the dossier" example:"H26-261120-0001"`
}

type dossierOutput struct {
	ETag string `header:"ETag"`
	Body DossierView
}

func (m *machineAPI) registerDossiers(a huma.API) {
	register(a, operation{
		id: "start-dossier", method: http.MethodPost, path: "/api/v1/dossiers", status: http.StatusCreated, replays: true,
		verb: engine.VerbStartDossier, tag: "dossiers", summary: "Start a dossier",
	}, m.start)
	register(a, operation{
		id: "get-dossier", method: http.MethodGet, path: "/api/v1/dossiers/{code}",
		verb: engine.VerbReadDossier, tag: "dossiers", summary: "Read a dossier and what the caller may do with it",
	}, m.get)
}

func (m *machineAPI) start(ctx context.Context, in *startInput) (*answerOutput, error) {
	actor := caller.From(ctx).Actor
	sum, err := digest(in.Body)
	if err != nil {
		return nil, err
	}
	r := engine.StartRequest{
		Key: in.Key, Digest: sum, Actor: actor, Agency: in.Body.Agency, Procedure: in.Body.Procedure,
		Channel: in.Body.Channel, Components: in.Body.Components, Comment: in.Body.Comment,
		Applicant: in.Body.Applicant, Fields: in.Body.Fields,
	}
	if r.Agency == "" {
		r.Agency = actor.Agency
	}
	if r.Key == "" {
		r.Key = caller.RandomID()
	}
	started, err := m.desk.start(ctx, r)
	if err != nil {
		return nil, err
	}
	out := m.answer(ctx, r.Agency, started.Code, started.Outcome, started.Repeated)
	out.Location = "/api/v1/dossiers/" + started.Code
	if !started.Repeated {
		out.Status = http.StatusCreated
	}
	return out, nil
}

// answer tells an outcome, and around it what the caller can do next. The
// change has happened: that reading afterwards does not succeed cannot undo
// it, so then the answer is only shorter.
func (m *machineAPI) answer(ctx context.Context, agency, code string, o engine.Outcome, repeated bool) *answerOutput {
	out := &answerOutput{Status: http.StatusOK, ETag: etag(o.Seq), Body: Answer{
		Code: code, Command: o.Command, Seq: o.Seq, State: o.State, Closed: o.Closed, NextAt: o.NextAt,
		Permitted: []engine.Permitted{},
	}}
	if repeated {
		out.Replayed = "true"
	}
	record, c, err := m.Dossiers.Get(ctx, agency, code)
	if err != nil {
		m.Logger.WarnContext(ctx, "read after change", "code", engine.CodeOf(err), "dossier", code, "workflow_id", contract.WorkflowID(code), "trace_id", caller.From(ctx).Trace)
		return out
	}
	out.Body.DueAt, out.Body.StepDueAt = record.DueAt, record.StepDueAt
	r, err := m.Dossiers.Rules(ctx, c)
	if err != nil {
		return out
	}
	if s, ok := r.State(o.State); ok {
		out.Body.StateName = s.Name
	}
	out.Body.Permitted = permitted(r, c, caller.From(ctx).Actor)
	return out
}

func (m *machineAPI) get(ctx context.Context, in *readInput) (*dossierOutput, error) {
	actor := caller.From(ctx).Actor
	record, c, err := m.Dossiers.Get(ctx, actor.Agency, in.Code)
	if err != nil {
		return nil, err
	}
	r, err := m.Dossiers.Rules(ctx, c)
	if err != nil {
		return nil, err
	}
	d, err := m.disclose(ctx, c, in.Purpose, engine.PartApplicant, engine.PartFields, engine.PartComments)
	if err != nil {
		return nil, err
	}
	out := &dossierOutput{ETag: etag(c.Seq), Body: view(record, r, c, actor)}
	if d != nil {
		out.Body.Personal, out.Body.Applicant, out.Body.Fields = shownFull, d.Applicant, d.Fields
		out.Body.Halts, out.Body.Proposals = d.Case.Halts, d.Case.Proposals
	}
	return out, nil
}

func permitted(r engine.Rules, c engine.Case, a engine.Actor) []engine.Permitted {
	if p := r.Permitted(c, a); p != nil {
		return p
	}
	return []engine.Permitted{}
}

func etag(seq int64) string { return strconv.Quote(strconv.FormatInt(seq, 10)) }
