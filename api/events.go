package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
	"motcua/engine/calendar"
)

// EventBody names an event and what comes with it.
type EventBody struct {
	Event      string         `json:"event" validate:"required,max=64,id" doc:"One of the permitted events" example:"accept"`
	Comment    string         `json:"comment,omitempty" validate:"max=4000,plain"`
	Components []string       `json:"components,omitempty" validate:"max=100,dive,required,max=64,id" doc:"Ids of papers handed in with it"`
	Fields     map[string]any `json:"fields,omitempty" validate:"max=200" doc:"Inputs that come with the event, by field id"`
	Answer     *AnswerBody    `json:"answer,omitempty" doc:"With answer: the opinion of a consulted department; with withdraw-request: the consultation"`
	Officer    string         `json:"officer,omitempty" validate:"omitempty,max=64,id" doc:"With reassign: to whom; without it, to the department's pool"`
	Halt       *HaltBody      `json:"halt,omitempty" doc:"With suspend: until when the clocks stand still, and by which rule"`
	Overrides  *OverridesBody `json:"overrides,omitempty" doc:"With override: what it does"`
	Target     string         `json:"target,omitempty" validate:"omitempty,max=100,plain" doc:"With endorse and turn-down: the proposal; with acknowledge: the clock of the alarm, or none for all; with return-dossier: the step"`
	Extend     string         `json:"extend,omitempty" validate:"max=20,plain" doc:"With extend-limit: by how much" example:"2wd"`
	Slip       string         `json:"slip,omitempty" validate:"omitempty,max=64,id" doc:"The list the dossier is handed over with; see handoffs"`
}

// AnswerBody is the opinion of a department.
type AnswerBody struct {
	Consultation string `json:"consultation" validate:"required,max=64,id" doc:"Id of the consultation" example:"police-opinion"`
	Department   string `json:"department,omitempty" validate:"omitempty,max=64,id" doc:"Department that answers" example:"police"`
	Says         string `json:"says,omitempty" validate:"omitempty,oneof=agree refuse" enum:"agree,refuse" doc:"A refusal needs a comment"`
}

type eventInput struct {
	Code string `path:"code" maxLength:"64" doc:"Code of the dossier" example:"H26-261120-0001"`
	Key  string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" doc:"A repetition under the same key is not applied twice"`
	If   string `header:"If-Match" maxLength:"24" pattern:"^(\\*|\"[0-9]{1,18}\")$" doc:"The ETag the dossier was read with: if it has moved on since, nothing happens and the answer is 412" example:"\"12\""`
	Body EventBody
}

// seq is the sequence that If-Match names; 0: whatever it is.
func (in *eventInput) seq() int64 {
	n, _ := strconv.ParseInt(strings.Trim(in.If, `"`), 10, 64) // "*" is whatever it is
	return n
}

func (m *machineAPI) registerEvents(a huma.API) {
	register(a, operation{
		id: "fire-event", method: http.MethodPost, path: "/api/v1/dossiers/{code}/events", status: http.StatusOK,
		verb: engine.VerbFire, tag: "dossiers", summary: "Fire an event on a dossier",
	}, m.event)
}

func (m *machineAPI) event(ctx context.Context, in *eventInput) (*answerOutput, error) {
	cmd := in.Body.command(in.Code)
	cmd.IfSeq = in.seq()
	out, err := m.desk.fire(ctx, cmd, in.Key)
	if err != nil {
		return nil, err
	}
	return m.answer(ctx, caller.From(ctx).Actor.Agency, in.Code, out, out.Repeated), nil
}

// command is what the body asks for. Its texts were checked by Resolve.
func (b *EventBody) command(dossier string) engine.Command {
	cmd := engine.Command{
		Dossier: dossier, Event: b.Event, Comment: b.Comment, Components: b.Components, Fields: b.Fields,
		Answer: (*engine.Answer)(b.Answer), Officer: b.Officer, Halt: b.Halt.order(), Overrides: b.Overrides.overrides(),
		Target: b.Target, Slip: b.Slip,
	}
	if b.Extend != "" {
		cmd.Extend, _ = calendar.ParseDuration(b.Extend) // Resolve refused what is none
	}
	return cmd
}
