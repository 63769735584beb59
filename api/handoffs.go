package api

import (
	"context"
	"errors"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
)

// Slips reads the lists many dossiers are handed over with.
type Slips interface {
	// Slip lists the dossiers of one, by code; those handed over with it twice
	// stand there as they were sent last. Errors: CodeNotFound, CodeUnavailable.
	Slip(ctx context.Context, agency, slip string) ([]engine.Slipped, error)
}

// handoffHands is how many dossiers of a list are worked on at once.
const handoffHands = 8

// What became of a dossier of a list.
const (
	slipDone    = "done"
	slipRefused = "refused"
)

// HandoffBody asks to hand many dossiers over with one slip.
type HandoffBody struct {
	Dossiers []string `json:"dossiers" validate:"required,min=1,max=200,unique,dive,required,max=64,id" minItems:"1" maxItems:"200" doc:"Their codes, each once"`
	Event    string   `json:"event" validate:"required,max=64,id" doc:"The event that hands them over" example:"forward"`
	Comment  string   `json:"comment,omitempty" validate:"max=4000,plain" doc:"Goes on the record of each"`
}

// Resolve applies the rules of content.
func (b *HandoffBody) Resolve(huma.Context) []error {
	out := check(b)
	if engine.ReservedName(b.Event) != (engine.Text{}) {
		out = append(out, &invalid{in: "body", path: "/event", tag: "handing"})
	}
	return out
}

// SlipBody answers all dossiers of a slip.
type SlipBody struct {
	Comment string `json:"comment,omitempty" validate:"max=4000,plain" doc:"Goes on the record of each"`
}

// Resolve applies the rules of content.
func (b *SlipBody) Resolve(huma.Context) []error { return check(b) }

// SlipResult is what became of one dossier of a list.
type SlipResult struct {
	Dossier string      `json:"dossier"`
	Result  string      `json:"result" enum:"done,refused"`
	State   string      `json:"state,omitempty" doc:"Where it stands then"`
	Code    engine.Code `json:"code,omitempty" doc:"Why it was refused"`
	Message string      `json:"message,omitempty"`
}

// SlipAnswer is what became of all.
type SlipAnswer struct {
	Slip    string       `json:"slip" doc:"Id of the slip; the receiving department accepts by it"`
	Done    int          `json:"done"`
	Refused int          `json:"refused"`
	Results []SlipResult `json:"results" doc:"In the order of the request"`
}

// SlipView is a slip as it stands.
type SlipView struct {
	Slip     string           `json:"slip"`
	Waiting  int              `json:"waiting" doc:"How many are not answered yet"`
	Dossiers []engine.Slipped `json:"dossiers"`
}

type handoffInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" doc:"A repetition under the same key is the same slip, and hands nothing over twice"`
	Body HandoffBody
}

type slipInput struct {
	Slip string `path:"slip" maxLength:"64"`
}

type slipAcceptInput struct {
	Slip string `path:"slip" maxLength:"64"`
	Key  string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" doc:"A repetition under the same key accepts nothing twice"`
	Body *SlipBody
}

type slipAnswerOutput struct{ Body SlipAnswer }

type slipViewOutput struct{ Body SlipView }

const handoffsPath = "/api/v1/handoffs"

func (m *machineAPI) registerHandoffs(a huma.API) {
	register(a, operation{
		id: "hand-over", method: http.MethodPost, path: handoffsPath, status: http.StatusOK,
		verb: engine.VerbSendHandoff, tag: "handoffs", summary: "Hand many dossiers over with one slip",
	}, m.handOver)
	register(a, operation{
		id: "get-slip", method: http.MethodGet, path: handoffsPath + "/{slip}",
		verb: engine.VerbReadHandoff, tag: "handoffs", summary: "Read a slip and how each of its handoffs was answered",
	}, m.slip)
	register(a, operation{
		id: "accept-slip", method: http.MethodPost, path: handoffsPath + "/{slip}/accept", status: http.StatusOK,
		verb: engine.VerbSendHandoff, tag: "handoffs", summary: "Accept what waits of a slip for the caller's departments",
	}, m.acceptSlip)
}

func (m *machineAPI) handOver(ctx context.Context, in *handoffInput) (*slipAnswerOutput, error) {
	key := in.Key
	if key == "" {
		key = caller.RandomID()
	}
	slip := commandID(caller.From(ctx).Actor, "slip", key)
	return m.each(ctx, slip, in.Body.Dossiers, "handoff "+key, engine.Command{Event: in.Body.Event, Comment: in.Body.Comment, Slip: slip}), nil
}

func (m *machineAPI) slip(ctx context.Context, in *slipInput) (*slipViewOutput, error) {
	list, err := m.Slips.Slip(ctx, caller.From(ctx).Actor.Agency, in.Slip)
	if err != nil {
		return nil, err
	}
	out := &slipViewOutput{Body: SlipView{Slip: in.Slip, Dossiers: append([]engine.Slipped{}, list...)}}
	for _, s := range list {
		if s.Answer == "" {
			out.Body.Waiting++
		}
	}
	return out, nil
}

func (m *machineAPI) acceptSlip(ctx context.Context, in *slipAcceptInput) (*slipAnswerOutput, error) {
	comment := ""
	if in.Body != nil {
		comment = in.Body.Comment
	}
	return m.accept(ctx, in.Slip, comment, in.Key)
}

// accept accepts what was sent with the slip to a department the caller has a
// role in. Whether that role is the step's, the engine says for each.
func (m *machineAPI) accept(ctx context.Context, slip, comment, key string) (*slipAnswerOutput, error) {
	actor := caller.From(ctx).Actor
	list, err := m.Slips.Slip(ctx, actor.Agency, slip)
	if err != nil {
		return nil, err
	}
	var waiting []string
	for _, s := range list {
		if s.Answer == "" && worksIn(actor, s.ToDepartment) {
			waiting = append(waiting, s.Dossier)
		}
	}
	if key != "" {
		key = "slip " + slip + " " + key
	}
	return m.each(ctx, slip, waiting, key, engine.Command{Event: engine.EventAcceptHandoff, Comment: comment}), nil
}

// worksIn says whether an actor has any role in a department, or stands in
// for somebody who does.
func worksIn(a engine.Actor, department string) bool {
	for _, r := range a.Roles {
		if r.Department == department {
			return true
		}
	}
	for _, s := range a.StandsIn {
		if s.Department == department {
			return true
		}
	}
	return false
}

// each gives one command to many dossiers, some at once, and tells what became
// of every one. A repetition under the same key finds the commands decided.
func (m *machineAPI) each(ctx context.Context, slip string, dossiers []string, key string, cmd engine.Command) *slipAnswerOutput {
	out := &slipAnswerOutput{Body: SlipAnswer{Slip: slip, Results: make([]SlipResult, len(dossiers))}}
	hands := make(chan struct{}, handoffHands)
	var at sync.WaitGroup
	for i, code := range dossiers {
		hands <- struct{}{}
		at.Go(func() {
			defer func() { <-hands }()
			one := cmd
			one.Dossier = code
			outcome, err := m.desk.fire(ctx, one, key)
			out.Body.Results[i] = slipResult(code, outcome, err)
		})
	}
	at.Wait()
	for _, r := range out.Body.Results {
		if r.Result == slipDone {
			out.Body.Done++
		} else {
			out.Body.Refused++
		}
	}
	return out
}

// slipResult words an outcome. What went wrong on our side is not told.
func slipResult(code string, o engine.Outcome, err error) SlipResult {
	r := SlipResult{Dossier: code, Result: slipDone, State: o.State}
	if err == nil {
		return r
	}
	r.Result, r.Code = slipRefused, engine.CodeOf(err)
	var said *engine.Error
	if errors.As(err, &said) && r.Code != engine.CodeInternal && r.Code != engine.CodeUnavailable {
		r.Message, r.State = said.Message, said.State
	}
	return r
}
