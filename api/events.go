package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
)

// EventBody is an officer's or a system's imperative.
type EventBody struct {
	Event      string         `json:"event" validate:"required,max=64,id" doc:"One of the permitted events" example:"accept"`
	Comment    string         `json:"comment,omitempty" validate:"max=4000,plain"`
	Components []string       `json:"components,omitempty" validate:"max=100,dive,required,max=64,id" doc:"Ids of papers handed in with it"`
	Fields     map[string]any `json:"fields,omitempty" validate:"max=200" doc:"Inputs that come with the event, by field id"`
	Answer     *AnswerBody    `json:"answer,omitempty" doc:"With the event answer: the opinion of a consulted department"`
}

// AnswerBody is the opinion of a department.
type AnswerBody struct {
	Consultation string `json:"consultation" validate:"required,max=64,id" doc:"Id of the consultation" example:"police-opinion"`
	Department   string `json:"department" validate:"required,max=64,id" doc:"Department that answers" example:"police"`
	Says         string `json:"says" validate:"required,oneof=agree refuse" enum:"agree,refuse" doc:"A refusal needs a comment"`
}

// Resolve applies the rules of content.
func (b *EventBody) Resolve(huma.Context) []error { return check(b) }

type eventInput struct {
	Code string `path:"code" maxLength:"64" doc:"Code of the dossier" example:"H26-261120-0001"`
	Key  string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" doc:"A repetition under the same key is not applied twice"`
	Body EventBody
}

func (m *machineAPI) registerEvents(a huma.API) {
	register(a, operation{
		id: "fire-event", method: http.MethodPost, path: "/api/v1/dossiers/{code}/events", status: http.StatusOK,
		access: caller.AnyActor, tag: "dossiers", summary: "Fire an event on a dossier",
	}, m.event)
}

func (m *machineAPI) event(ctx context.Context, in *eventInput) (*answerOutput, error) {
	out, err := m.desk.fire(ctx, engine.Command{
		Dossier: in.Code, Event: in.Body.Event, Comment: in.Body.Comment, Components: in.Body.Components,
		Fields: in.Body.Fields, Answer: (*engine.Answer)(in.Body.Answer),
	}, in.Key)
	if err != nil {
		return nil, err
	}
	return m.answer(ctx, caller.From(ctx).Actor.Agency, in.Code, out, out.Repeated), nil
}
