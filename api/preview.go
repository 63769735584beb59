package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
)

type previewInput struct {
	Code string `path:"code" maxLength:"64" doc:"Code of the dossier" example:"H26-261120-0001"`
	Body EventBody
}

type previewOutput struct{ Body engine.Preview }

func (m *machineAPI) registerPreview(a huma.API) {
	register(a, operation{
		id: "preview-event", method: http.MethodPost, pure: true, path: "/api/v1/dossiers/{code}/preview", status: http.StatusOK,
		verb: engine.VerbPreviewEvent, tag: "dossiers",
		summary: "Say what an event would do now: state, due moments old and new, rungs to come, who is told, whether it is an override; or why it would be refused",
	}, m.previewEvent)
}

func (m *machineAPI) previewEvent(ctx context.Context, in *previewInput) (*previewOutput, error) {
	p, err := m.foresee(ctx, in.Body.command(in.Code))
	return &previewOutput{Body: p}, err
}

// foresee decides a command on the dossier as it is read, and gives it to
// nobody: nothing is put on record.
func (m *machineAPI) foresee(ctx context.Context, cmd engine.Command) (engine.Preview, error) {
	if slices.Contains(inner, cmd.Event) {
		return engine.Preview{}, engine.Errorf(engine.CodeEventUnknown, "event %q is not for callers", cmd.Event)
	}
	cmd.Actor = caller.From(ctx).Actor
	_, c, err := m.Dossiers.Get(ctx, cmd.Actor.Agency, cmd.Dossier)
	if err != nil {
		return engine.Preview{}, err
	}
	r, err := m.Dossiers.Rules(ctx, c)
	if err != nil {
		return engine.Preview{}, err
	}
	p, _, err := engine.Foresee(r, c, cmd, m.Now())
	return p, err
}
