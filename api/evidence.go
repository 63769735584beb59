package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
)

type factsOutput struct {
	Body struct {
		Code  string              `json:"code"`
		Facts []engine.StoredFact `json:"facts"`
	}
}

// ClockView is a clock with the account of how its due moment came about.
type ClockView struct {
	engine.Clock
	Overdue     bool               `json:"overdue"`
	Explanation engine.Explanation `json:"explanation"`
}

type clocksOutput struct {
	Body struct {
		Code   string      `json:"code"`
		Clocks []ClockView `json:"clocks"`
	}
}

func (m *machineAPI) registerEvidence(a huma.API) {
	register(a, operation{
		id: "list-facts", method: http.MethodGet, path: "/api/v1/dossiers/{code}/facts",
		access: caller.AnyActor, tag: "evidence", summary: "Read what happened, each fact with its link in the chain",
	}, m.facts)
	register(a, operation{
		id: "list-clocks", method: http.MethodGet, path: "/api/v1/dossiers/{code}/clocks",
		access: caller.AnyActor, tag: "evidence", summary: "Read the clocks, each with the explanation of its due moment",
	}, m.clocks)
}

func (m *machineAPI) facts(ctx context.Context, in *dossierInput) (*factsOutput, error) {
	facts, err := m.Dossiers.Facts(ctx, caller.From(ctx).Actor.Agency, in.Code)
	if err != nil {
		return nil, err
	}
	out := &factsOutput{}
	out.Body.Code, out.Body.Facts = in.Code, append([]engine.StoredFact{}, facts...)
	return out, nil
}

func (m *machineAPI) clocks(ctx context.Context, in *dossierInput) (*clocksOutput, error) {
	agency := caller.From(ctx).Actor.Agency
	_, c, err := m.Dossiers.Get(ctx, agency, in.Code)
	if err != nil {
		return nil, err
	}
	r, err := m.Dossiers.Rules(ctx, c)
	if err != nil {
		return nil, err
	}
	clocks, err := m.Dossiers.Clocks(ctx, agency, in.Code)
	if err != nil {
		return nil, err
	}
	now, out := m.Now(), &clocksOutput{}
	out.Body.Code, out.Body.Clocks = in.Code, make([]ClockView, len(clocks))
	for i, k := range clocks {
		out.Body.Clocks[i] = ClockView{Clock: k, Overdue: k.Overdue(now), Explanation: r.Explain(k, now)}
	}
	return out, nil
}
