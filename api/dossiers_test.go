package api_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/api"
	"motcua/engine"
)

func TestStart(t *testing.T) {
	t.Run("answers 201 with the code, its place and what comes next", func(t *testing.T) {
		s := newSite(t)
		res := s.do(http.MethodPost, "/api/v1/dossiers", starting, as(systemKey))
		require.Equal(t, http.StatusCreated, res.StatusCode, res.body)
		require.Equal(t, "/api/v1/dossiers/H00.101-261117-0001", res.Header.Get("Location"))
		require.NotEmpty(t, res.Header.Get("ETag"))
		require.Empty(t, res.Header.Get("Idempotency-Replayed"))
		got := res.json(t)
		require.Equal(t, "received", got["state"])
		require.Equal(t, false, got["closed"])
		require.NotEmpty(t, got["step_due_at"])
		require.Empty(t, got["permitted"], "a system holds no role")
	})

	t.Run("the same key returns the same dossier, twenty times at once", func(t *testing.T) {
		s := newSite(t)
		bodies, first := make([]string, 20), 0
		var mu sync.Mutex
		var all sync.WaitGroup
		for i := range bodies {
			all.Go(func() {
				res := s.do(http.MethodPost, "/api/v1/dossiers", starting, as(systemKey), header("Idempotency-Key", "k1"))
				mu.Lock()
				defer mu.Unlock()
				bodies[i] = res.body
				if res.StatusCode == http.StatusCreated {
					first++
				} else if res.StatusCode != http.StatusOK || res.Header.Get("Idempotency-Replayed") != "true" {
					t.Errorf("got %d %v", res.StatusCode, res.Header)
				}
			})
		}
		all.Wait()
		require.Equal(t, 1, first)
		require.Len(t, s.cases, 1)
		for _, body := range bodies {
			require.Equal(t, bodies[0], body)
		}
	})

	t.Run("the order of properties is not another request, another value is", func(t *testing.T) {
		s := newSite(t)
		key := header("Idempotency-Key", "k1")
		s.do(http.MethodPost, "/api/v1/dossiers", `{"procedure":"2.000908","channel":"direct","applicant":{"name":"A"},"fields":{"a":1,"b":2}}`, as(systemKey), key)
		same := s.do(http.MethodPost, "/api/v1/dossiers", `{"fields": {"b":2,"a":1}, "applicant":{"name":"A"}, "channel":"direct","procedure":"2.000908"}`, as(systemKey), key)
		require.Equal(t, http.StatusOK, same.StatusCode, same.body)
		s.do(http.MethodPost, "/api/v1/dossiers", starting, as(systemKey), key).refusal(t, http.StatusUnprocessableEntity, engine.CodeIdempotencyConflict)
	})

	t.Run("without a key every request is another dossier", func(t *testing.T) {
		s := newSite(t)
		require.NotEqual(t, s.started(), s.started())
	})

	t.Run("refuses an unknown procedure and another agency", func(t *testing.T) {
		s := newSite(t)
		unknown := strings.Replace(starting, "2.000908", "9.999999", 1)
		s.do(http.MethodPost, "/api/v1/dossiers", unknown, as(systemKey)).refusal(t, http.StatusUnprocessableEntity, engine.CodeProcedureUnknown)
		s.do(http.MethodPost, "/api/v1/dossiers", starting, as(elsewhereKey)).refusal(t, http.StatusUnprocessableEntity, engine.CodeAgencyUnknown)
		foreign := strings.Replace(starting, "{", `{"agency":"H00.101",`, 1)
		s.do(http.MethodPost, "/api/v1/dossiers", foreign, as(elsewhereKey)).refusal(t, http.StatusForbidden, engine.CodeForbidden)
		require.Empty(t, s.facts)
	})

	t.Run("succeeds though what follows cannot be read", func(t *testing.T) {
		s := newSite(t)
		s.broken = engine.Errorf(engine.CodeUnavailable, "the database is away")
		res := s.do(http.MethodPost, "/api/v1/dossiers", starting, as(systemKey))
		require.Equal(t, http.StatusCreated, res.StatusCode, res.body)
		require.Equal(t, "received", res.json(t)["state"])
	})
}

func TestRead(t *testing.T) {
	s := newSite(t)
	code, lan := s.started(), s.signedIn("lan")

	t.Run("tells the asking actor what it may do", func(t *testing.T) {
		res := s.get("/api/v1/dossiers/"+code, lan)
		require.Equal(t, http.StatusOK, res.StatusCode, res.body)
		require.Regexp(t, `^"\d+"$`, res.Header.Get("ETag"))
		require.Equal(t, "no-store", res.Header.Get("Cache-Control"))
		got := res.json(t)
		require.Equal(t, code, got["code"])
		require.Len(t, got["permitted"], 3, "accept, request-supplement, claim")
		require.Empty(t, s.get("/api/v1/dossiers/"+code, as(systemKey)).json(t)["permitted"])
	})

	t.Run("hides what belongs to another agency", func(t *testing.T) {
		for _, path := range []string{"", "/facts", "/clocks"} {
			s.get("/api/v1/dossiers/"+code+path, as(elsewhereKey)).refusal(t, http.StatusNotFound, engine.CodeNotFound)
		}
	})

	t.Run("explains every clock", func(t *testing.T) {
		got := s.get("/api/v1/dossiers/"+code+"/clocks", lan).json(t)["clocks"].([]any)
		require.NotEmpty(t, got)
		explanation := got[0].(map[string]any)["explanation"].(map[string]any)
		require.NotEmpty(t, explanation["rules"])
		require.NotEmpty(t, explanation["timeline"])
	})

	t.Run("lists facts with their chain", func(t *testing.T) {
		got := s.get("/api/v1/dossiers/"+code+"/facts", lan).json(t)["facts"].([]any)
		require.Equal(t, "dossier-started", got[0].(map[string]any)["kind"])
		require.NotEmpty(t, got[0].(map[string]any)["digest"])
	})

	t.Run("says who the caller is", func(t *testing.T) {
		require.Equal(t, "Nguyễn Thị Lan", s.get("/api/v1/me", lan).json(t)["name"])
		require.Equal(t, "system", s.get("/api/v1/me", as(systemKey)).json(t)["kind"])
	})
}

func TestList(t *testing.T) {
	s := newSite(t)
	for range 3 {
		s.started()
	}

	page := s.get("/api/v1/dossiers?limit=2&status=running&overdue=false", as(systemKey)).json(t)
	require.Len(t, page["dossiers"], 2)
	next := s.get("/api/v1/dossiers?limit=2&cursor="+page["next"].(string), as(systemKey)).json(t)
	require.Len(t, next["dossiers"], 1)
	require.NotContains(t, next, "next")

	require.Equal(t, []any{}, s.get("/api/v1/dossiers?overdue=true", as(systemKey)).json(t)["dossiers"])
	require.Equal(t, []any{}, s.get("/api/v1/dossiers", as(elsewhereKey)).json(t)["dossiers"])
	require.Equal(t, []any{}, s.get("/api/v1/dossiers?holder=me", s.signedIn("lan")).json(t)["dossiers"])

	for _, query := range []string{"limit=0", "limit=201", "limit=x", "status=lost", "overdue=maybe", "due_before=tomorrow", "ovedue=true"} {
		p := s.get("/api/v1/dossiers?"+query, as(systemKey)).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
		name, _, _ := strings.Cut(query, "=")
		require.Equal(t, "/"+name, p["errors"].([]any)[0].(map[string]any)["path"])
	}
}

func TestProcedures(t *testing.T) {
	s := newSite(t)
	path := "/api/v1/procedures/2.000908/versions/1"

	t.Run("lists them", func(t *testing.T) {
		require.Len(t, s.get("/api/v1/procedures", as(systemKey)).json(t)["procedures"], 1)
	})
	t.Run("as data", func(t *testing.T) {
		got := s.get(path, as(systemKey)).json(t)
		require.Equal(t, "f00d", got["sha256"])
		require.Equal(t, "received", got["definition"].(map[string]any)["states"].([]any)[0].(map[string]any)["id"])
	})
	t.Run("as the exact text", func(t *testing.T) {
		for _, res := range []answer{s.get(path+"?format=yaml", as(systemKey)), s.get(path, as(systemKey), header("Accept", "application/yaml"))} {
			require.Equal(t, text, res.body)
			require.Equal(t, "application/yaml; charset=utf-8", res.Header.Get("Content-Type"))
		}
	})
	t.Run("drawn", func(t *testing.T) {
		require.Equal(t, "stateDiagram-v2\n", s.get(path+"?format=mermaid", as(systemKey)).body)
		svg := s.get(path+"?format=svg", as(systemKey))
		require.Equal(t, "image/svg+xml", svg.Header.Get("Content-Type"))
		require.Contains(t, svg.body, "<svg")
	})
	t.Run("not in a format nobody provides", func(t *testing.T) {
		bare := newSite(t, func(o *api.Options) { o.Draw, o.Mermaid = nil, nil })
		bare.get(path+"?format=svg", as(systemKey)).refusal(t, http.StatusNotAcceptable, "not-acceptable")
		bare.get(path+"?format=mermaid", as(systemKey)).refusal(t, http.StatusNotAcceptable, "not-acceptable")
		s.get(path+"?format=bpmn", as(systemKey)).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
	})
	t.Run("not one that does not exist", func(t *testing.T) {
		s.get("/api/v1/procedures/2.000908/versions/2", as(systemKey)).refusal(t, http.StatusNotFound, engine.CodeNotFound)
		s.get("/api/v1/procedures/2.000908/versions/first", as(systemKey)).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
	})
}
