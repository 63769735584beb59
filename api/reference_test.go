package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReference reads every page of the reference as somebody who is not
// signed in: all operations, examples and types are there, in well-formed HTML
// that runs no script.
func TestReference(t *testing.T) {
	s, check := newSite(t), newConformance(t)
	index := s.get("/docs")
	require.Equal(t, http.StatusOK, index.StatusCode)
	wellFormed(t, index.body)
	require.Contains(t, index.body, "Tài liệu API")
	require.Contains(t, s.get("/docs?lang=en").body, "API reference")
	require.NotContains(t, index.body, "<script")
	for _, op := range check.operations {
		require.Contains(t, index.body, `href="/docs/operations/`+op.OperationID+`"`)
		page := s.get("/docs/operations/" + op.OperationID)
		require.Equal(t, http.StatusOK, page.StatusCode)
		wellFormed(t, page.body)
		for _, p := range op.Parameters {
			require.Contains(t, page.body, "<code>"+p.Name+"</code>", op.OperationID)
		}
	}
	for name := range check.document.Components.Schemas.Map() {
		page := s.get("/docs/schemas/" + name)
		require.Equal(t, http.StatusOK, page.StatusCode, name)
		wellFormed(t, page.body)
	}
	start := s.get("/docs/operations/start-dossier").body
	for _, told := range []string{"idempotency-conflict", "Trần Thị Bình", "Idempotency-Key: portal-000123", "/docs/schemas/StartBody", "agency-not-bound"} {
		require.Contains(t, start, told)
	}
	require.Contains(t, s.get("/docs/operations/change-view").body, "-X PUT", "the command line says what curl would not guess")
	require.Equal(t, http.StatusNotFound, s.get("/docs/operations/none").StatusCode)
	require.Equal(t, http.StatusNotFound, s.get("/docs/schemas/none").StatusCode)
}
