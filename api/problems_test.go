package api_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/api/problem"
	"motcua/engine"
)

// TestProblems lets the ledger refuse with every code there is and holds what
// a client is told, in both languages, against a file; UPDATE=1 writes it.
func TestProblems(t *testing.T) {
	trace := regexp.MustCompile(`[0-9a-f]{32}`)
	var told strings.Builder
	for _, code := range problem.Codes() {
		for _, lang := range []string{"vi", "en"} {
			s := newSite(t)
			s.lawless = true // a start meets few of the codes
			refusal := engine.Errorf(code, "said of %s", citizen)
			refusal.State, refusal.Path = "under-appraisal", "/procedure"
			s.refuse = fmt.Errorf("start dossier: %w", refusal)
			res := s.do(http.MethodPost, "/api/v1/dossiers", starting, as(systemKey), header("Accept-Language", lang))
			p := res.refusal(t, res.StatusCode, code)
			require.Equal(t, res.StatusCode == http.StatusServiceUnavailable || res.StatusCode == http.StatusTooManyRequests, res.Header.Get("Retry-After") != "", code)
			require.NotContains(t, res.body, citizen)
			require.Equal(t, "https://motcua.dev/problems/"+string(code), p["type"])
			told.WriteString(trace.ReplaceAllString(res.body, "TRACE"))
		}
	}
	golden(t, "problems.jsonl", told.String())
}
