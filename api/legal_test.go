package api_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

const lawPath = "/api/v1/legal-documents/60%2F2014%2FQH13/changes"

func (l *library) LegalDocuments(context.Context) ([]engine.LegalDocument, error) {
	return []engine.LegalDocument{{Ref: "60/2014/QH13", Title: "Hộ tịch", Procedures: []engine.LegalUse{{Code: "2.000908", Version: 1, Role: engine.LegalRoleBasis}}, Changes: l.changes}}, nil
}

func (l *library) ChangeDocument(_ context.Context, r engine.LegalChangeRequest) (engine.LegalChange, error) {
	if err := engine.MayControl(r.Actor, engine.ActionUpload); err != nil {
		return engine.LegalChange{}, err
	}
	if r.Ref != "60/2014/QH13" {
		return engine.LegalChange{}, engine.Errorf(engine.CodeNotFound, "no procedure rests on it")
	}
	c := engine.LegalChange{
		ByRef: r.ByRef, EffectiveFrom: r.EffectiveFrom, Note: r.Note, Actor: r.Actor.ID, At: l.w.clock(),
		Tasks: []engine.UpdateTask{{Procedure: "2.000908", Version: 1, Dossier: "H00.101-261117-0001"}},
	}
	l.changes = append(l.changes, c)
	return c, nil
}

func TestLegalDocuments(t *testing.T) {
	s := newSite(t)
	change := `{"by_ref":"1/2026/QH16","effective_from":"2027-01-01","note":"sửa điều 16"}`
	res := s.do(http.MethodPost, lawPath, change, s.signedIn("tam"))
	require.Equal(t, http.StatusOK, res.StatusCode, res.body)
	require.Equal(t, "2027-01-01", res.json(t)["effective_from"])
	require.Equal(t, "H00.101-261117-0001", res.json(t)["tasks"].([]any)[0].(map[string]any)["dossier"])

	document := s.get("/api/v1/legal-documents", as(systemKey)).json(t)["documents"].([]any)[0].(map[string]any)
	require.Equal(t, "60/2014/QH13", document["ref"])
	require.Len(t, document["changes"], 1)
	require.Equal(t, "2.000908", document["procedures"].([]any)[0].(map[string]any)["code"])

	s.do(http.MethodPost, "/api/v1/legal-documents/x/changes", change, s.signedIn("tam")).refusal(t, http.StatusNotFound, engine.CodeNotFound)
	s.do(http.MethodPost, lawPath, change, s.signedIn("yen")).refusal(t, http.StatusForbidden, engine.CodeWrongRole)
	s.do(http.MethodPost, lawPath, change, as(systemKey)).refusal(t, http.StatusForbidden, engine.CodeForbidden)
	s.do(http.MethodPost, lawPath, change).refusal(t, http.StatusUnauthorized, engine.CodeUnauthenticated)
	s.get("/api/v1/legal-documents").refusal(t, http.StatusUnauthorized, engine.CodeUnauthenticated)
	for name, body := range map[string]string{
		"nothing": `{}`, "no document": `{"by_ref":"","effective_from":"2027-01-01"}`, "no such day": `{"by_ref":"1","effective_from":"2027-02-30"}`,
		"a control character": `{"by_ref":"1\u0007","effective_from":"2027-01-01"}`,
	} {
		t.Run(name, func(t *testing.T) {
			s.do(http.MethodPost, lawPath, body, s.signedIn("tam")).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
		})
	}
	require.Len(t, s.library.changes, 1)
}
