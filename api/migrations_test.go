package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/api"
	"motcua/engine"
)

const migrationsPath = "/api/v1/procedures/2.000908/migrations"

// migrating is a site whose migrations a test can see.
func migrating(t *testing.T) (*site, *migrations) {
	t.Helper()
	var g *migrations
	s := newSite(t, func(o *api.Options) { g = o.Migrations.(*migrations) })
	return s, g
}

func (s *site) migrate(officer, body string, with ...with) answer {
	s.t.Helper()
	return s.do(http.MethodPost, migrationsPath, body, append(with, s.signedIn(officer))...)
}

const mapped = `"states":[{"from":"received","to":"at-reception"}],"reason":"309/2026/NĐ-CP"`

func TestMigrationPreview(t *testing.T) {
	s, g := migrating(t)
	first, second := s.started(), s.started()
	p := s.migrate("yen", `{"from":1,"to":2,"preview":true,"limit":1,`+mapped+`}`)
	require.Equal(t, http.StatusOK, p.StatusCode, p.body)
	require.Equal(t, map[string]any{"total": 2.0, "pending": 0.0, "migrated": 2.0, "refused": 0.0, "unchanged": 0.0}, p.json(t)["counts"])
	require.Equal(t, []any{map[string]any{"dossier": first, "result": "migrated", "state": "at-reception"}}, p.json(t)["outcomes"])
	next := s.migrate("yen", `{"from":1,"to":2,"preview":true,"limit":1,"cursor":"`+p.json(t)["next"].(string)+`",`+mapped+`}`).json(t)
	require.Equal(t, second, next["outcomes"].([]any)[0].(map[string]any)["dossier"])
	require.NotContains(t, next, "counts")
	require.NotContains(t, next, "next")

	stays := s.migrate("yen", `{"from":1,"to":2,"preview":true,"reason":"x","dossiers":["`+first+`"]}`).json(t)["outcomes"].([]any)[0].(map[string]any)
	require.Equal(t, "refused", stays["result"])
	require.Equal(t, "migration-refused", stays["code"])
	require.Contains(t, stays["message"], `no state "received"`)
	require.Zero(t, g.runs.Load())
	require.Equal(t, 1, s.cases[first].Procedure.Version)
}

func TestMigrationApplies(t *testing.T) {
	s, g := migrating(t)
	code := s.started()
	g.hold = make(chan struct{})
	asked := s.migrate("yen", `{"from":1,"to":2,`+mapped+`}`, header("Idempotency-Key", "k"))
	require.Equal(t, http.StatusAccepted, asked.StatusCode, asked.body)
	require.Equal(t, "running", asked.json(t)["state"])
	require.Equal(t, "yen", asked.json(t)["actor"])
	place := asked.Header.Get("Location")
	require.Equal(t, migrationsPath+"/"+asked.json(t)["id"].(string), place)

	yen := s.signedIn("yen")
	require.Equal(t, http.StatusAccepted, s.do(http.MethodPost, place+"/resume", "", yen).StatusCode)
	require.Equal(t, "running", s.get(place, yen).json(t)["state"])
	close(g.hold)
	require.Eventually(t, func() bool { return s.get(place, yen).json(t)["state"] == "done" }, 5*time.Second, time.Millisecond)
	require.EqualValues(t, 1, g.runs.Load(), "one process does not work on it twice")
	require.Equal(t, "at-reception", s.cases[code].State)
	results := s.get(place+"/results?limit=10", yen).json(t)
	require.Equal(t, []any{map[string]any{"dossier": code, "result": "migrated", "state": "at-reception"}}, results["outcomes"])

	again := s.migrate("yen", `{"from":1,"to":2,`+mapped+`}`, header("Idempotency-Key", "k"))
	require.Equal(t, place, again.Header.Get("Location"), "the same key is the same migration")
	s.migrate("yen", `{"from":1,"to":2,`+strings.Replace(mapped, "309", "310", 1)+`}`, header("Idempotency-Key", "k")).
		refusal(t, http.StatusUnprocessableEntity, engine.CodeIdempotencyConflict)
	require.EqualValues(t, 1, g.runs.Load(), "what is done is not run again")
}

func TestMigrationIsForApprovers(t *testing.T) {
	s, g := migrating(t)
	s.started()
	body := `{"from":1,"to":2,` + mapped + `}`
	for _, officer := range []string{"lan", "tam"} {
		s.migrate(officer, body).refusal(t, http.StatusForbidden, engine.CodeWrongRole)
		s.migrate(officer, strings.Replace(body, `{`, `{"preview":true,`, 1)).refusal(t, http.StatusForbidden, engine.CodeWrongRole)
		s.do(http.MethodPost, migrationsPath+"/m/resume", "", s.signedIn(officer)).refusal(t, http.StatusForbidden, engine.CodeWrongRole)
	}
	s.do(http.MethodPost, migrationsPath, body, as(systemKey)).refusal(t, http.StatusForbidden, engine.CodeForbidden)
	s.do(http.MethodPost, migrationsPath, body).refusal(t, http.StatusUnauthorized, engine.CodeUnauthenticated)
	require.Empty(t, g.asked)
	s.get(migrationsPath+"/m", s.signedIn("yen")).refusal(t, http.StatusNotFound, engine.CodeNotFound)
	s.get(migrationsPath+"/m/results", s.signedIn("yen")).refusal(t, http.StatusNotFound, engine.CodeNotFound)
}

func TestMigrationInput(t *testing.T) {
	s, g := migrating(t)
	for name, body := range map[string]string{
		"no reason":         `{"from":1,"to":2}`,
		"no versions":       `{"reason":"x"}`,
		"a wordless state":  `{"from":1,"to":2,"reason":"x","states":[{"from":"received","to":""}]}`,
		"a nameless paper":  `{"from":1,"to":2,"reason":"x","dossiers":["../x"]}`,
		"an unknown state":  `{"from":1,"to":2,"reason":"x","states":[{"from":"nowhere","to":"at-reception"}]}`,
		"the same version":  `{"from":1,"to":1,"reason":"x"}`,
		"an unknown wish":   `{"from":1,"to":2,"reason":"x","force":true}`,
		"a page too large":  `{"from":1,"to":2,"reason":"x","preview":true,"limit":5000}`,
		"a control in text": `{"from":1,"to":2,"reason":"x\u0000"}`,
	} {
		t.Run(name, func(t *testing.T) {
			s.migrate("yen", body).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
		})
	}
	require.Empty(t, g.asked)
}

func TestImpact(t *testing.T) {
	s, _ := migrating(t)
	s.started()
	impact := s.get("/api/v1/procedures/2.000908/impact", as(systemKey)).json(t)
	require.InDelta(t, 1, impact["in_effect"], 0)
	require.InDelta(t, 1, impact["versions"].([]any)[0].(map[string]any)["dossiers"], 0)
	elsewhere := s.get("/api/v1/procedures/2.000908/impact", as(elsewhereKey)).json(t)
	require.InDelta(t, 0, elsewhere["versions"].([]any)[0].(map[string]any)["dossiers"], 0, "of one's own agency")
	s.get("/api/v1/procedures/9.999999/impact", as(systemKey)).refusal(t, http.StatusNotFound, engine.CodeNotFound)
}
