package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
)

// Outages keeps the declared outages of the systems that work rests on.
// Errors: CodeWrongRole, CodeForbidden, CodeInvalid, CodeNotFound,
// CodeIdempotencyConflict, CodeUnavailable.
type Outages interface {
	// DeclareOutage puts an outage on record, and the act that stops the clocks
	// of the dossiers concerned; it stops none yet. The same key is the same
	// outage.
	DeclareOutage(ctx context.Context, a engine.Actor, key string, o engine.Outage) (engine.Outage, engine.ActRecord, error)
	// EndOutage says when it was over, and puts the act on record that lets the
	// clocks run again. Ending it at the same moment again changes nothing.
	EndOutage(ctx context.Context, a engine.Actor, id string, until time.Time, comment string) (engine.Outage, engine.ActRecord, error)
	// Outages lists those that concern an agency, newest first.
	Outages(ctx context.Context, agency string) ([]engine.Outage, error)
}

// OutageBody declares an outage.
type OutageBody struct {
	System    string    `json:"system" validate:"required,max=200,plain" doc:"Which system was away" example:"VNeID"`
	Procedure string    `json:"procedure,omitempty" validate:"omitempty,max=64,id" doc:"Only dossiers of this procedure; by default all of the agency"`
	Reason    string    `json:"reason" validate:"required,max=4000,plain" doc:"Goes on the record of every dossier concerned"`
	Basis     string    `json:"basis,omitempty" validate:"max=500,plain" doc:"The rule it rests on" example:"Nghị định 301/2026 Điều 3.4"`
	From      time.Time `json:"from,omitzero" doc:"When it began; by default now, never in the future"`
	Until     time.Time `json:"until,omitzero" doc:"When it ended, of an outage that is over already"`
}

// Resolve applies the rules of content.
func (b *OutageBody) Resolve(huma.Context) []error { return check(b) }

// OutageEndBody says that an outage is over.
type OutageEndBody struct {
	Until   time.Time `json:"until,omitzero" doc:"When the system was back; by default now"`
	Comment string    `json:"comment,omitempty" validate:"max=4000,plain"`
}

// Resolve applies the rules of content.
func (b *OutageEndBody) Resolve(huma.Context) []error { return check(b) }

type outageInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" doc:"A repetition under the same key is the same outage"`
	Body OutageBody
}

type outageEndInput struct {
	ID   string `path:"id" maxLength:"64"`
	Key  string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" doc:"An outage ends once, under whatever key"`
	Body OutageEndBody
}

// OutageView is an outage and the act that carries it to the dossiers.
type OutageView struct {
	Outage engine.Outage    `json:"outage"`
	Act    engine.ActRecord `json:"act"`
}

type outageOutput struct {
	Location string `header:"Location" doc:"Where the progress of the act is"`
	Body     OutageView
}

type outagesOutput struct {
	Body struct {
		Outages []engine.Outage `json:"outages" doc:"Newest first"`
	}
}

const outagesPath = "/api/v1/outages"

func (m *machineAPI) registerOutages(a huma.API) {
	register(a, operation{
		id: "list-outages", method: http.MethodGet, path: outagesPath,
		verb: engine.VerbReadOutages, tag: "outages", summary: "List declared outages, newest first",
	}, m.outages)
	register(a, operation{
		id: "declare-outage", method: http.MethodPost, path: outagesPath, status: http.StatusAccepted,
		verb: engine.VerbDeclareOutage, tag: "outages", summary: "Declare an outage: the clocks of the dossiers concerned stop from its beginning on",
	}, m.declareOutage)
	register(a, operation{
		id: "end-outage", method: http.MethodPost, path: outagesPath + "/{id}/end", status: http.StatusAccepted,
		verb: engine.VerbDeclareOutage, tag: "outages", summary: "Say that an outage is over: the clocks run again from then on",
	}, m.endOutage)
}

func (m *machineAPI) outages(ctx context.Context, _ *struct{}) (*outagesOutput, error) {
	list, err := m.Outages.Outages(ctx, caller.From(ctx).Actor.Agency)
	if err != nil {
		return nil, err
	}
	out := &outagesOutput{}
	out.Body.Outages = append([]engine.Outage{}, list...)
	return out, nil
}

func (m *machineAPI) declareOutage(ctx context.Context, in *outageInput) (*outageOutput, error) {
	view, location, err := m.declare(ctx, engine.Outage{
		Procedure: in.Body.Procedure, System: in.Body.System, Reason: in.Body.Reason, Basis: in.Body.Basis, From: in.Body.From, Until: in.Body.Until,
	}, in.Key)
	return &outageOutput{Location: location, Body: view}, err
}

// declare declares an outage at the caller's agency and begins to carry it out.
func (m *machineAPI) declare(ctx context.Context, o engine.Outage, key string) (OutageView, string, error) {
	actor := caller.From(ctx).Actor
	o.Agency = actor.Agency
	declared, act, err := m.Outages.DeclareOutage(ctx, actor, commandID(actor, "outage", key), o)
	if err != nil {
		return OutageView{}, "", err
	}
	return OutageView{Outage: declared, Act: act}, m.begun(ctx, act.ID), nil
}

func (m *machineAPI) endOutage(ctx context.Context, in *outageEndInput) (*outageOutput, error) {
	view, location, err := m.end(ctx, in.ID, in.Body.Until, in.Body.Comment)
	return &outageOutput{Location: location, Body: view}, err
}

func (m *machineAPI) end(ctx context.Context, outage string, until time.Time, comment string) (OutageView, string, error) {
	ended, act, err := m.Outages.EndOutage(ctx, caller.From(ctx).Actor, outage, until, comment)
	if err != nil {
		return OutageView{}, "", err
	}
	return OutageView{Outage: ended, Act: act}, m.begun(ctx, act.ID), nil
}
