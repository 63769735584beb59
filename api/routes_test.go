package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/api"
	"motcua/api/caller"
	"motcua/engine"
)

func TestEveryRouteHasAVerb(t *testing.T) {
	routes := newSite(t).server.Routes()
	require.NotEmpty(t, routes)
	for _, r := range routes {
		require.True(t, r.Verb.Known(), "%s %s", r.Method, r.Path)
	}
	require.ErrorContains(t, api.RouteWithoutPolicy(), "GET /open has no verb")
}

// TestPublicRoutes is the whole list of what anybody may call: adding to it is
// a decision, not an accident.
func TestPublicRoutes(t *testing.T) {
	var open []string
	for _, r := range everyRoute(t) {
		if r.Verb.Public() && !strings.HasPrefix(r.Path, "/assets/") {
			open = append(open, r.Method+" "+r.Path)
		}
	}
	slices.Sort(open)
	require.Equal(t, []string{
		"GET /docs", "GET /docs/operations/{id}", "GET /docs/schemas/{name}", "GET /healthz", "GET /openapi.json", "GET /openapi.yaml", "GET /readyz", "GET /sign-in", "GET /sign-in/callback", "GET /sign-in/start", "POST /sign-in", "POST /sign-out",
	}, open)

	for _, r := range newSite(t, func(o *api.Options) { o.DevSignIn = false }).server.Routes() {
		require.False(t, strings.HasPrefix(r.Path, "/sign-"), "nobody signs in where neither an issuer nor development lets them: %s", r.Path)
	}
}

// TestForged calls every route as somebody who only pretends.
func TestForged(t *testing.T) {
	s := newSite(t)
	code := s.started()
	callers := map[string]with{
		"nobody":    func(*http.Request) {},
		"wrong key": as("Bearer mc_portal_guess"),
		"not a key": as("Basic bGFuOmxhbg=="),
		"forged cookie": func(r *http.Request) {
			r.AddCookie(&http.Cookie{Name: caller.DevSessionCookie, Value: newToken()})
		},
	}
	for i, r := range s.server.Routes() {
		elsewhere := func(q *http.Request) { q.RemoteAddr = fmt.Sprintf("[2001:db8::%x]:443", i) } // so that nobody guesses too often
		for name, who := range callers {
			t.Run(r.Method+" "+r.Path+" as "+name, func(t *testing.T) {
				res := s.do(r.Method, path(r, code), "", who, elsewhere)
				if r.Path == "/sign-in" {
					return // what it answers is a page for whoever it refuses
				}
				require.Equal(t, !r.Verb.Public(), turnedAway(res), "%d %s", res.StatusCode, res.body)
				if res.StatusCode == http.StatusUnauthorized {
					require.NotEmpty(t, res.Header.Get("WWW-Authenticate"))
				}
			})
		}
	}
}

// path fills in what a route's path leaves open.
func path(r api.Route, code string) string {
	return strings.NewReplacer("{code}/versions/{n}", "2.000908/versions/1", "{code}", code, "{$}", "").Replace(r.Path)
}

// turnedAway says whether an answer is the door's: not signed in, or not
// allowed. Whoever is let in meets the handler, and any other answer is its own.
func turnedAway(res answer) bool {
	return res.StatusCode == http.StatusUnauthorized || res.StatusCode == http.StatusForbidden ||
		strings.HasPrefix(res.Header.Get("Location"), "/sign-in?next=")
}

func TestCookieOfAnotherSite(t *testing.T) {
	s := newSite(t)
	code, lan := s.started(), s.signedIn("lan")
	crossSite := header("Sec-Fetch-Site", "cross-site")
	otherOrigin := header("Origin", "https://evil.example")

	for name, from := range map[string]with{"fetch metadata": crossSite, "origin": otherOrigin} {
		t.Run(name, func(t *testing.T) {
			s.event(code, "accept", lan, from).refusal(t, http.StatusForbidden, engine.CodeForbidden)
			for _, path := range []string{"/dossiers/" + code + "/events", "/sign-in", "/sign-out"} {
				res := s.do(http.MethodPost, path, "event=accept&officer=lan", lan, header("Content-Type", "application/x-www-form-urlencoded"), from)
				require.Equal(t, http.StatusForbidden, res.StatusCode, path)
			}
		})
	}
	require.Equal(t, "received", s.cases[code].State)
	require.Equal(t, http.StatusCreated, s.do(http.MethodPost, "/api/v1/dossiers", starting, as(systemKey), otherOrigin).StatusCode,
		"a key is no cookie: browsers do not add it by themselves")

	rebound := s.get("/", lan, func(r *http.Request) { r.Host = "evil.example" })
	require.Equal(t, http.StatusForbidden, rebound.StatusCode, "a foreign name that points here")
}

func TestOpenAPI(t *testing.T) {
	s := newSite(t)
	res := s.get("/openapi.json")
	require.Equal(t, "application/openapi+json", res.Header.Get("Content-Type"))
	var document struct {
		OpenAPI string
		Info    struct{ Version string }
		Paths   map[string]map[string]struct {
			Security  []map[string][]string
			Responses map[string]any
		}
	}
	require.NoError(t, json.Unmarshal([]byte(res.body), &document))
	require.Equal(t, "3.1.0", document.OpenAPI)
	require.Equal(t, "1.2.3", document.Info.Version)

	var described, registered []string
	for path, methods := range document.Paths {
		for method, op := range methods {
			described = append(described, strings.ToUpper(method)+" "+path)
			require.Contains(t, op.Responses, "default", "%s %s describes its problems", method, path)
		}
	}
	for _, r := range s.server.Routes() {
		if r.Page {
			continue
		}
		registered = append(registered, r.Method+" "+r.Path)
		open := len(document.Paths[r.Path][strings.ToLower(r.Method)].Security) == 0
		require.Equal(t, r.Verb.Public(), open, "%s %s says who may call it", r.Method, r.Path)
	}
	require.ElementsMatch(t, registered, described)
	require.Contains(t, s.get("/openapi.yaml").body, "openapi: 3.1.0")
	require.NotContains(t, res.body, `"$schema"`)
	require.Contains(t, res.body, `"Problem"`)
}

func TestHealth(t *testing.T) {
	s := newSite(t)
	require.Equal(t, "alive", s.get("/healthz").json(t)["status"])
	require.Equal(t, "ready", s.get("/readyz").json(t)["status"])
	s.unready = engine.Errorf(engine.CodeUnavailable, "postgres is away")
	res := s.get("/readyz")
	res.refusal(t, http.StatusServiceUnavailable, engine.CodeUnavailable)
	require.NotEmpty(t, res.Header.Get("Retry-After"))
	require.NotContains(t, res.body, "postgres", "the log says which part")
	require.Contains(t, s.log.String(), "postgres is away")
	require.Equal(t, "alive", s.get("/healthz").json(t)["status"])
}
