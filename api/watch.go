package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
)

// Watches keeps who wants to be told of every change of a dossier. Errors:
// CodeNotFound, CodeUnavailable.
type Watches interface {
	// Watch begins or ends it; both may be repeated.
	Watch(ctx context.Context, a engine.Actor, dossier string, on bool) error
	// Watches says whether somebody watches a dossier.
	Watches(ctx context.Context, a engine.Actor, dossier string) (bool, error)
	// Watched lists what somebody watches, the latest first.
	Watched(ctx context.Context, a engine.Actor, limit int) ([]engine.Watched, error)
}

// WatchBody begins or ends the watching of a dossier.
type WatchBody struct {
	Watch bool `json:"watch" doc:"false: not any more"`
}

type watchInput struct {
	Code string `path:"code" maxLength:"64" doc:"Code of the dossier"`
	Key  string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" doc:"A dossier is watched once, under whatever key"`
	Body WatchBody
}

type watchOutput struct{ Body WatchBody }

type watchedInput struct {
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type watchedOutput struct {
	Body struct {
		Watches []engine.Watched `json:"watches" doc:"The latest first"`
	}
}

func (m *machineAPI) registerWatches(a huma.API) {
	register(a, operation{
		id: "watch-dossier", method: http.MethodPost, path: "/api/v1/dossiers/{code}/watch", status: http.StatusOK,
		verb: engine.VerbWatch, tag: "dossiers", summary: "Be told of every change of a dossier, or of none any more",
	}, m.watch)
	register(a, operation{
		id: "list-watches", method: http.MethodGet, path: "/api/v1/watches",
		verb: engine.VerbWatch, tag: "dossiers", summary: "List the dossiers the caller watches",
	}, m.watched)
}

func (m *machineAPI) watch(ctx context.Context, in *watchInput) (*watchOutput, error) {
	err := m.Watches.Watch(ctx, caller.From(ctx).Actor, in.Code, in.Body.Watch)
	return &watchOutput{Body: in.Body}, err
}

func (m *machineAPI) watched(ctx context.Context, in *watchedInput) (*watchedOutput, error) {
	list, err := m.Watches.Watched(ctx, caller.From(ctx).Actor, in.Limit)
	out := &watchedOutput{}
	out.Body.Watches = append([]engine.Watched{}, list...)
	return out, err
}
