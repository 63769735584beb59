package api_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/api"
	"motcua/engine"
)

// editions publishes two versions of the procedure of the world, of which the
// text is the number; their first step has less time in the second.
type editions struct{ *world }

func (e editions) Version(_ context.Context, code string, version int) (engine.Version, error) {
	if code != e.rules.Code || version > 3 {
		return engine.Version{}, engine.Errorf(engine.CodeNotFound, "no version %d of procedure %s", version, code)
	}
	return engine.Version{Code: code, Version: version, Text: []byte{byte('0' + version)}}, nil
}

func compileEdition(text []byte) (*engine.Machine, error) {
	d := definition()
	switch d.Version = int(text[0] - '0'); d.Version {
	case 2:
		d.States[0].Within.Value = 1
	case 3:
		d.Code = ""
	}
	m, findings := engine.Compile(d, "f00d")
	return m, findings.Err()
}

func newEditions(t *testing.T) *site {
	return newSite(t, func(o *api.Options) {
		o.Procedures, o.Compile = editions{o.Procedures.(*world)}, compileEdition
	})
}

func TestDiffOfVersions(t *testing.T) {
	s := newEditions(t)
	res := s.get("/api/v1/procedures/2.000908/diff?from=1&to=2", as(systemKey))
	require.Equal(t, http.StatusOK, res.StatusCode, res.body)
	require.JSONEq(t, `{"from": 1, "to": 2, "changes": [
		{"path": "/version", "kind": "changed", "weight": "wording", "text": {"vi": "phiên bản: 1 → 2", "en": "version: 1 → 2"}},
		{"path": "/states/0/within", "kind": "changed", "weight": "substance",
		 "text": {"vi": "bước \"Tiếp nhận\": 2wh → 1wh", "en": "step \"Received\": 2wh → 1wh"}}]}`, res.body)

	back := s.get("/api/v1/procedures/2.000908/diff?from=2&to=1", s.signedIn("lan"))
	require.Contains(t, back.body, "1wh → 2wh", "from the newer to the older")
	same := s.get("/api/v1/procedures/2.000908/diff?from=2&to=2", as(elsewhereKey))
	require.JSONEq(t, `{"from": 2, "to": 2, "changes": []}`, same.body)
}

func TestDiffRefused(t *testing.T) {
	s := newEditions(t)
	for query, status := range map[string]int{
		"2.000908/diff?from=1&to=9":        http.StatusNotFound,
		"2.000908/diff?from=9&to=1":        http.StatusNotFound,
		"1.001193/diff?from=1&to=2":        http.StatusNotFound,
		"2.000908/diff?from=1":             http.StatusUnprocessableEntity,
		"2.000908/diff?from=0&to=1":        http.StatusUnprocessableEntity,
		"2.000908/diff?from=1&to=two":      http.StatusUnprocessableEntity,
		"2.000908/diff?from=1&to=2&lang=v": http.StatusUnprocessableEntity,
		"2.000908/diff?from=1&to=3":        http.StatusInternalServerError, // published, and does not compile: our fault
	} {
		require.Equal(t, status, s.get("/api/v1/procedures/"+query, as(systemKey)).StatusCode, query)
	}
	require.Equal(t, http.StatusUnauthorized, s.get("/api/v1/procedures/2.000908/diff?from=1&to=2").StatusCode)

	textOnly := newSite(t, func(o *api.Options) { o.Compile = nil })
	require.Equal(t, http.StatusNotAcceptable, textOnly.get("/api/v1/procedures/2.000908/diff?from=1&to=1", as(systemKey)).StatusCode)
}
