package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/api/filter"
	"motcua/engine"
)

// Views keeps filters of lists under names. Errors: CodeWrongRole,
// CodeInvalid, CodeNotFound, CodeUnavailable.
type Views interface {
	// Views lists those an officer finds, their own and those shared with them.
	Views(ctx context.Context, a engine.Actor) ([]engine.View, error)
	View(ctx context.Context, a engine.Actor, id string) (engine.View, error)
	// PutView keeps a view: without an id a new one, or the officer's of that name.
	PutView(ctx context.Context, a engine.Actor, v engine.View) (engine.View, error)
	DropView(ctx context.Context, a engine.Actor, id string) error
}

// ViewBody is a view as somebody keeps it.
type ViewBody struct {
	Name       string         `json:"name" validate:"required,max=100,plain" example:"Quá hạn của phòng"`
	Share      engine.Sharing `json:"share,omitempty" enum:"own,department,agency" doc:"own by default"`
	Department string         `json:"department,omitempty" validate:"max=64" doc:"With share: department"`
	Query      string         `json:"query" validate:"max=1000" doc:"The parameters of a list; q is not kept, for it may be a person's name" example:"list=overdue&department=one-stop"`
}

// Resolve applies the rules of content.
func (b *ViewBody) Resolve(huma.Context) []error { return check(b) }

type viewInput struct {
	ID string `path:"id" maxLength:"64"`
}

type viewPutInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body ViewBody
}

type viewPostInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" doc:"A view of that name is kept once, under whatever key"`
	Body ViewBody
}

type viewOutput struct{ Body engine.View }

type viewsOutput struct {
	Body struct {
		Views []engine.View `json:"views" doc:"The views, by name"`
	}
}

const viewsPath = "/api/v1/views"

func (m *machineAPI) registerViews(a huma.API) {
	for _, op := range []struct {
		operation
		add func(operation)
	}{
		{operation{id: "list-views", method: http.MethodGet, path: viewsPath, summary: "List the views one finds"},
			func(op operation) { register(a, op, m.views) }},
		{operation{id: "keep-view", method: http.MethodPost, path: viewsPath, status: http.StatusCreated, summary: "Keep a filter under a name"},
			func(op operation) { register(a, op, m.keepView) }},
		{operation{id: "get-view", method: http.MethodGet, path: viewsPath + "/{id}", summary: "Read a view"},
			func(op operation) { register(a, op, m.view) }},
		{operation{id: "change-view", method: http.MethodPut, path: viewsPath + "/{id}", summary: "Change a view"},
			func(op operation) { register(a, op, m.changeView) }},
		{operation{id: "drop-view", method: http.MethodDelete, path: viewsPath + "/{id}", status: http.StatusNoContent, summary: "Forget a view"},
			func(op operation) { register(a, op, m.dropView) }},
	} {
		op.verb, op.tag = engine.VerbMyViews, "views"
		op.add(op.operation)
	}
}

func (m *machineAPI) views(ctx context.Context, _ *struct{}) (*viewsOutput, error) {
	list, err := m.Views.Views(ctx, caller.From(ctx).Actor)
	out := &viewsOutput{}
	out.Body.Views = append([]engine.View{}, list...)
	return out, err
}

func (m *machineAPI) view(ctx context.Context, in *viewInput) (*viewOutput, error) {
	v, err := m.Views.View(ctx, caller.From(ctx).Actor, in.ID)
	return &viewOutput{Body: v}, err
}

func (m *machineAPI) keepView(ctx context.Context, in *viewPostInput) (*viewOutput, error) {
	return m.putView(ctx, "", in.Body)
}

func (m *machineAPI) changeView(ctx context.Context, in *viewPutInput) (*viewOutput, error) {
	return m.putView(ctx, in.ID, in.Body)
}

func (m *machineAPI) putView(ctx context.Context, id string, b ViewBody) (*viewOutput, error) {
	v, err := keepView(ctx, m.Views, engine.View{ID: id, Name: strings.TrimSpace(b.Name), Share: b.Share, Department: b.Department, Query: b.Query})
	return &viewOutput{Body: v}, err
}

// keepView checks the filter of a view and writes it as an address would.
func keepView(ctx context.Context, views Views, v engine.View) (engine.View, error) {
	values, err := url.ParseQuery(v.Query)
	if err != nil {
		return v, &engine.Error{Code: engine.CodeInvalid, Path: "/query", Message: "not the parameters of a list"}
	}
	p, err := filter.Parse(values)
	var said *engine.Error
	if errors.As(err, &said) {
		return v, &engine.Error{Code: said.Code, Path: "/query", Message: said.Message}
	} else if err != nil {
		return v, err
	}
	p.Query = ""
	v.Query = p.Values().Encode()
	if v.Share == "" {
		v.Share = engine.ShareOwn
	}
	return views.PutView(ctx, caller.From(ctx).Actor, v)
}

func (m *machineAPI) dropView(ctx context.Context, in *viewInput) (*struct{}, error) {
	return nil, m.Views.DropView(ctx, caller.From(ctx).Actor, in.ID)
}
