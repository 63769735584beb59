package api

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
)

// readyTimeout is how long the parts may take to say that they are there.
const readyTimeout = 2 * time.Second

type meOutput struct {
	Body struct {
		Kind   engine.ActorKind `json:"kind" enum:"officer,system"`
		ID     string           `json:"id"`
		Name   string           `json:"name,omitempty"`
		Agency string           `json:"agency"`
		Roles  []engine.RoleIn  `json:"roles"`
		// May is what the caller's pages and programs need not try in vain.
		May map[engine.Verb]string `json:"may" doc:"What the caller may do, and how far: own, department, subtree, agency, all"`
	}
}

type healthOutput struct {
	Body struct {
		Status  string `json:"status" example:"ready"`
		Version string `json:"version"`
	}
}

type documentOutput struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func (m *machineAPI) registerSystem(a huma.API) {
	register(a, operation{
		id: "who-am-i", method: http.MethodGet, path: "/api/v1/me",
		verb: engine.VerbSelf, tag: "system", summary: "Read who the caller is taken for",
	}, m.me)
	register(a, operation{
		id: "liveness", method: http.MethodGet, path: "/healthz",
		verb: engine.VerbPublic, vital: true, tag: "system", summary: "Whether the process runs",
	}, m.alive)
	register(a, operation{
		id: "readiness", method: http.MethodGet, path: "/readyz",
		verb: engine.VerbPublic, vital: true, tag: "system", summary: "Whether the process can serve",
	}, m.ready)
	m.registerDocument(a, "openapi-json", "/openapi.json", "application/openapi+json", func() ([]byte, error) {
		return json.Marshal(a.OpenAPI())
	})
	m.registerDocument(a, "openapi-yaml", "/openapi.yaml", "application/openapi+yaml", func() ([]byte, error) {
		return a.OpenAPI().YAML()
	})
}

// registerDocument serves this very description; it is written once, when
// first asked for, because every route must have been described by then.
func (m *machineAPI) registerDocument(a huma.API, id, path, media string, write func() ([]byte, error)) {
	text := sync.OnceValues(write)
	register(a, operation{
		id: id, method: http.MethodGet, path: path,
		verb: engine.VerbPublic, tag: "system", summary: "Read this description",
	}, func(context.Context, *struct{}) (*documentOutput, error) {
		body, err := text()
		return &documentOutput{ContentType: media, Body: body}, err
	})
}

func (m *machineAPI) me(ctx context.Context, _ *struct{}) (*meOutput, error) {
	call, out := caller.From(ctx), &meOutput{}
	out.Body.Kind, out.Body.ID, out.Body.Agency = call.Actor.Kind, call.Actor.ID, call.Actor.Agency
	out.Body.Name = call.Officer.Name
	out.Body.Roles = append([]engine.RoleIn{}, call.Actor.Roles...)
	out.Body.May = map[engine.Verb]string{}
	for _, r := range engine.Authority {
		if scope := engine.May(call.Actor, r.Verb); scope > engine.ScopeNone {
			out.Body.May[r.Verb] = scope.String()
		}
	}
	return out, nil
}

func (m *machineAPI) alive(context.Context, *struct{}) (*healthOutput, error) {
	return m.health("alive"), nil
}

func (m *machineAPI) ready(ctx context.Context, _ *struct{}) (*healthOutput, error) {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	if err := m.Health.Ready(ctx); err != nil {
		caller.From(ctx).Failure = err
		return nil, engine.Errorf(engine.CodeUnavailable, "%v", err)
	}
	return m.health("ready"), nil
}

func (m *machineAPI) health(status string) *healthOutput {
	out := &healthOutput{}
	out.Body.Status, out.Body.Version = status, m.Version
	return out
}
