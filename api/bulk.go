package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
	"motcua/engine/calendar"
)

// Bulks carries a supervisor's verb to many dossiers. Errors: CodeWrongRole,
// CodeInvalid, CodeCommentRequired, CodeNotFound, CodeIdempotencyConflict,
// CodeUnavailable.
type Bulks interface {
	// StartBulk puts the act on record with the dossiers it is on, and changes
	// none yet. The same key is the same act.
	StartBulk(ctx context.Context, a engine.Actor, key string, b engine.Bulk) (engine.ActRecord, error)
	// PreviewBulk says what it would do with each, and changes nothing.
	PreviewBulk(ctx context.Context, a engine.Actor, b engine.Bulk, cursor string, limit int) (engine.ActPage, error)
	// RetryBulk is the act that tries again what another one was refused.
	RetryBulk(ctx context.Context, a engine.Actor, id, reason string) (engine.Bulk, error)
	// CancelAct leaves as they are the dossiers an act has not come to.
	CancelAct(ctx context.Context, a engine.Actor, id string) (engine.ActRecord, error)
}

// BulkBody gives one verb to many dossiers.
type BulkBody struct {
	Event    string            `json:"event" validate:"required,max=64,id" enum:"reassign,escalate,acknowledge,return-dossier,extend-limit,suspend,resume,override,withdraw-dossier,comment" doc:"What is done with each"`
	Reason   string            `json:"reason" validate:"required,max=4000,plain" doc:"Goes on the record of each dossier, and of the act"`
	Dossiers []string          `json:"dossiers,omitempty" validate:"max=10000,dive,required,max=64,id" maxItems:"10000" doc:"Their codes; or else a filter"`
	Filter   map[string]string `json:"filter,omitempty" validate:"max=30" doc:"The parameters of GET /api/v1/dossiers by their names: what passes it now, and nothing that comes later" example:"{\"department\":\"one-stop\",\"overdue\":\"true\"}"`

	Officer   string         `json:"officer,omitempty" validate:"omitempty,max=64,id" doc:"With reassign: to whom; without it, to the departments' pools"`
	Halt      *HaltBody      `json:"halt,omitempty" doc:"With suspend"`
	Overrides *OverridesBody `json:"overrides,omitempty" doc:"With override"`
	Extend    string         `json:"extend,omitempty" validate:"max=20,plain" doc:"With extend-limit: by how much" example:"2wd"`
	Target    string         `json:"target,omitempty" validate:"omitempty,max=100,plain" doc:"With return-dossier: the step"`

	Preview bool   `json:"preview,omitempty" doc:"Say what would become of each, and change nothing"`
	Cursor  string `json:"cursor,omitempty" validate:"max=64,plain" doc:"With preview: next of the page before"`
	Limit   int    `json:"limit,omitempty" minimum:"1" maximum:"500" doc:"With preview: at most so many outcomes (50)"`
}

// Resolve applies the rules of content: what goes with an event is what goes
// with it on one dossier.
func (b *BulkBody) Resolve(c huma.Context) []error {
	one := EventBody{Event: b.Event, Officer: b.Officer, Halt: b.Halt, Overrides: b.Overrides, Extend: b.Extend, Target: b.Target}
	return append(check(b), one.beside()...)
}

// bulk is what the body asks for.
func (b *BulkBody) bulk(a engine.Actor) (engine.Bulk, error) {
	out := engine.Bulk{
		Event: b.Event, Reason: b.Reason, Dossiers: b.Dossiers, Officer: b.Officer,
		Halt: b.Halt.order(), Overrides: b.Overrides.overrides(), Target: b.Target,
	}
	if b.Extend != "" {
		out.Extend, _ = calendar.ParseDuration(b.Extend) // Resolve refused what is none
	}
	if b.Filter == nil {
		return out, nil
	}
	f, err := filterOf(a, b.Filter)
	out.Filter = &f
	return out, err
}

// RetryBody tries again what was refused.
type RetryBody struct {
	Reason string `json:"reason,omitempty" validate:"max=4000,plain" doc:"By default that of the act before"`
}

// Resolve applies the rules of content.
func (b *RetryBody) Resolve(huma.Context) []error { return check(b) }

type bulkInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" doc:"A repetition under the same key is the same act"`
	Body BulkBody
}

// BulkView is an act that was begun, or the preview of one.
type BulkView struct {
	Act      *engine.ActRecord   `json:"act,omitempty" doc:"The act, once it is on record"`
	Counts   engine.ActCounts    `json:"counts" doc:"How many, by result and by reason of refusal"`
	Outcomes []engine.ActOutcome `json:"outcomes" doc:"Of a preview: what would become of each, by code"`
	Next     string              `json:"next,omitempty"`
}

type bulkOutput struct {
	Status   int
	Location string `header:"Location" doc:"Where the progress of the act is"`
	Body     BulkView
}

type retryInput struct {
	ID   string `path:"id" maxLength:"64"`
	Key  string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" doc:"A repetition under the same key is the same act"`
	Body *RetryBody
}

type cancelInput struct {
	ID  string `path:"id" maxLength:"64"`
	Key string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" doc:"An act is cancelled once, under whatever key"`
}

const bulkPath = "/api/v1/bulk"

func (m *machineAPI) registerBulk(a huma.API) {
	register(a, operation{
		id: "act-on-many", method: http.MethodPost, path: bulkPath, status: http.StatusAccepted, replays: true,
		verb: engine.VerbBulk, tag: "acts", summary: "Give a supervisor's verb to many dossiers, or preview what it would do with each",
	}, m.bulk)
	register(a, operation{
		id: "retry-act", method: http.MethodPost, path: actPath + "/retry", status: http.StatusAccepted,
		verb: engine.VerbBulk, tag: "acts", summary: "Try again, as an act of its own, the dossiers an act was refused",
	}, m.retry)
	register(a, operation{
		id: "cancel-act", method: http.MethodPost, path: actPath + "/cancel", status: http.StatusOK,
		verb: engine.VerbCancelAct, tag: "acts", summary: "Cancel an act on many dossiers: those it has not come to stay as they are",
	}, m.cancel)
}

func (m *machineAPI) bulk(ctx context.Context, in *bulkInput) (*bulkOutput, error) {
	actor := caller.From(ctx).Actor
	b, err := in.Body.bulk(actor)
	if err != nil {
		return nil, err
	}
	if in.Body.Preview {
		page, err := m.Bulks.PreviewBulk(ctx, actor, b, in.Body.Cursor, in.Body.Limit)
		if err != nil {
			return nil, err
		}
		return &bulkOutput{Status: http.StatusOK, Body: previewOf(page)}, nil
	}
	act, location, err := m.many(ctx, b, in.Key)
	return &bulkOutput{Status: http.StatusAccepted, Location: location, Body: BulkView{Act: &act, Counts: act.Counts, Outcomes: []engine.ActOutcome{}}}, err
}

func previewOf(page engine.ActPage) BulkView {
	v := BulkView{Outcomes: append([]engine.ActOutcome{}, page.Outcomes...), Next: page.Next}
	if page.Counts != nil {
		v.Counts = *page.Counts
	}
	return v
}

// many puts an act on record and begins to carry it out.
func (m *machineAPI) many(ctx context.Context, b engine.Bulk, key string) (engine.ActRecord, string, error) {
	actor := caller.From(ctx).Actor
	act, err := m.Bulks.StartBulk(ctx, actor, commandID(actor, "bulk", key), b)
	if err != nil {
		return engine.ActRecord{}, "", err
	}
	return act, m.begun(ctx, act.ID), nil
}

func (m *machineAPI) retry(ctx context.Context, in *retryInput) (*actOutput, error) {
	reason := ""
	if in.Body != nil {
		reason = in.Body.Reason
	}
	act, location, err := m.again(ctx, in.ID, reason, in.Key)
	return &actOutput{Status: http.StatusAccepted, Location: location, Body: act}, err
}

// again tries what an act was refused once more.
func (m *machineAPI) again(ctx context.Context, id, reason, key string) (engine.ActRecord, string, error) {
	b, err := m.Bulks.RetryBulk(ctx, caller.From(ctx).Actor, id, reason)
	if err != nil {
		return engine.ActRecord{}, "", err
	}
	return m.many(ctx, b, key)
}

func (m *machineAPI) cancel(ctx context.Context, in *cancelInput) (*actOutput, error) {
	act, err := m.Bulks.CancelAct(ctx, caller.From(ctx).Actor, in.ID)
	return &actOutput{Status: http.StatusOK, Body: act}, err
}
