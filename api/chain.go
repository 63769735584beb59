package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
)

// Chains follows dossiers to those they are linked with.
type Chains interface {
	// Chain lists the parts of a dossier that other procedures carry out, in the
	// order they were asked for, wherever they are. Errors: CodeNotFound,
	// CodeUnavailable.
	Chain(ctx context.Context, agency, dossier string) ([]engine.ChainPart, error)
}

type chainOutput struct {
	Body struct {
		Code  string             `json:"code"`
		Parts []engine.ChainPart `json:"parts" doc:"Where each part stands and until when; nothing of what is in it"`
	}
}

func (m *machineAPI) registerChain(a huma.API) {
	register(a, operation{
		id: "get-chain", method: http.MethodGet, path: "/api/v1/dossiers/{code}/chain",
		verb: engine.VerbReadDossier, tag: "dossiers", summary: "List the linked dossiers that carry out parts of this one",
	}, m.chain)
}

func (m *machineAPI) chain(ctx context.Context, in *dossierInput) (*chainOutput, error) {
	parts, err := m.Chains.Chain(ctx, caller.From(ctx).Actor.Agency, in.Code)
	if err != nil {
		return nil, err
	}
	out := &chainOutput{}
	out.Body.Code, out.Body.Parts = in.Code, append([]engine.ChainPart{}, parts...)
	return out, nil
}
