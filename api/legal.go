package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
	"motcua/engine/calendar"
)

// LegalRegister knows which procedures rest on which legal documents.
type LegalRegister interface {
	// LegalDocuments lists the documents that published procedures rest on.
	LegalDocuments(ctx context.Context) ([]engine.LegalDocument, error)
	// ChangeDocument enters a change and opens an update task for each of the
	// procedures; repeating it opens none twice. Errors: CodeWrongRole,
	// CodeNotFound, and those of starting the tasks.
	ChangeDocument(ctx context.Context, r engine.LegalChangeRequest) (engine.LegalChange, error)
}

type legalOutput struct {
	Body struct {
		Documents []engine.LegalDocument `json:"documents"`
	}
}

// ChangeBody is a change of a legal document.
type ChangeBody struct {
	ByRef         string `json:"by_ref" validate:"required,max=100,plain" doc:"The document that makes the change" example:"309/2026/NĐ-CP"`
	EffectiveFrom string `json:"effective_from" validate:"required" format:"date" doc:"The day the change takes effect" example:"2027-01-01"`
	Note          string `json:"note,omitempty" validate:"max=4000,plain" doc:"What changes; goes on every task"`
}

// Resolve applies the rules of content.
func (b *ChangeBody) Resolve(huma.Context) []error { return check(b) }

type changeInput struct {
	Ref  string `path:"ref" maxLength:"100" doc:"The document, its slashes written as %2F" example:"123/2015/NĐ-CP"`
	Body ChangeBody
}

type changeOutput struct {
	Body engine.LegalChange
}

func (m *machineAPI) registerLegal(a huma.API) {
	register(a, operation{
		id: "list-legal-documents", method: http.MethodGet, path: "/api/v1/legal-documents",
		verb: engine.VerbReadLegal, tag: "legal", summary: "List the documents procedures rest on, their changes and the update tasks",
	}, m.legalDocuments)
	register(a, operation{
		id: "change-legal-document", method: http.MethodPost, path: "/api/v1/legal-documents/{ref}/changes", status: http.StatusOK,
		verb: engine.VerbEnterLegal, tag: "legal", summary: "Enter a change of a document: each procedure that rests on it gets an update task",
	}, m.changeDocument)
}

func (m *machineAPI) legalDocuments(ctx context.Context, _ *struct{}) (*legalOutput, error) {
	documents, err := m.Legal.LegalDocuments(ctx)
	if err != nil {
		return nil, err
	}
	out := &legalOutput{}
	out.Body.Documents = append([]engine.LegalDocument{}, documents...)
	return out, nil
}

func (m *machineAPI) changeDocument(ctx context.Context, in *changeInput) (*changeOutput, error) {
	var from calendar.Date
	if err := from.UnmarshalText([]byte(in.Body.EffectiveFrom)); err != nil {
		return nil, &engine.Error{Code: engine.CodeInvalid, Path: "/effective_from", Message: "not a day such as 2027-01-01"}
	}
	change, err := m.Legal.ChangeDocument(ctx, engine.LegalChangeRequest{
		Actor: caller.From(ctx).Actor, Ref: in.Ref, ByRef: in.Body.ByRef, EffectiveFrom: from, Note: in.Body.Note,
	})
	return &changeOutput{Body: change}, err
}
