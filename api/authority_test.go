package api_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/api"
	"motcua/api/web"
	"motcua/engine"
)

// cast is somebody for each capacity of the authority table.
var cast = []struct {
	capacity engine.Capacity
	officer  string // by name; none: nobody, or the backend system
}{
	{engine.CapacityAnybody, ""},
	{engine.CapacitySystem, ""},
	{engine.CapacityOfficer, "lan"},
	{engine.CapacityHead, "kim"},
	{engine.CapacityLeader, "hoa"},
	{engine.CapacityAuthor, "tam"},
	{engine.CapacityApprover, "yen"},
	{engine.CapacityAuditor, "soi"},
	{engine.CapacityAdministrator, "quan"},
	{engine.CapacityPrivacy, "kin"},
}

// TestMatrix calls every route as everybody there is, those of a site where
// people sign in at an issuer too. What it finds is held against the authority
// table, and against the matrix as it was reviewed: a route that opens to
// somebody shows as a changed line.
func TestMatrix(t *testing.T) {
	s, o := newSite(t), newOffice(t)
	code := s.started()
	var b strings.Builder
	for _, r := range s.server.Routes() {
		b.WriteString(row(t, r, func(c engine.Capacity, officer string) (answer, engine.Actor) {
			who, actor := s.cast(c, officer)
			if r.Method+" "+r.Path == "POST /sign-in" {
				return s.do(r.Method, r.Path, "officer=lan", who, header("Content-Type", "application/x-www-form-urlencoded")), actor
			}
			return s.do(r.Method, path(r, code), "", who), actor
		}))
	}
	for _, r := range o.server.Routes() {
		if slices.ContainsFunc(s.server.Routes(), func(other api.Route) bool { return r == other }) {
			continue
		}
		b.WriteString(row(t, r, func(c engine.Capacity, officer string) (answer, engine.Actor) {
			who, actor := o.cast(c, officer)
			if r.Path == web.CallbackPath {
				begun := carrying(o.begun("/"))
				return o.do(r.Method, r.Path+"?code=code-1&state="+o.oracle.state, "", who, begun), actor
			}
			return o.do(r.Method, r.Path, "", who), actor
		}))
	}
	golden(t, "matrix.txt", b.String())
}

// row asks a route as everybody there is, and lists who was let in: those whom
// the authority table says, and nobody else.
func row(t *testing.T, r api.Route, ask func(engine.Capacity, string) (answer, engine.Actor)) string {
	t.Helper()
	line := fmt.Sprintf("%-80s %s:", r.Method+" "+named(r.Path), r.Verb)
	for _, c := range cast {
		res, actor := ask(c.capacity, c.officer)
		let := !turnedAway(res)
		may := engine.May(actor, r.Verb) > engine.ScopeNone && (!r.Page || r.Verb.Public() || c.capacity != engine.CapacitySystem)
		require.Equal(t, may, let, "%s %s as %s: %d %s", r.Method, r.Path, c.capacity, res.StatusCode, res.body)
		if let {
			line += " " + string(c.capacity)
		}
	}
	return line + "\n"
}

// named is the path of an asset without the digest of its contents.
func named(path string) string {
	return regexp.MustCompile(`^/assets/[0-9a-f]+/`).ReplaceAllString(path, "/assets/*/")
}

// everyRoute lists what the server answers to, wherever people sign in.
func everyRoute(t *testing.T) []api.Route {
	t.Helper()
	all := newSite(t).server.Routes()
	for _, r := range newOffice(t).server.Routes() {
		if !slices.Contains(all, r) {
			all = append(all, r)
		}
	}
	return all
}

// TestOneDoor: what a mux would answer to is what the server's list of routes
// says, because the router alone puts anything into one.
func TestOneDoor(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{"*.go", "web/*.go", "caller/*.go", "problem/*.go"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, files)
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			require.NoError(t, err)
			doors := map[string][]string{"routes.go": {"mux.Handle("}, "register.go": {"http.NewServeMux("}, "build.go": {"http.NewServeMux("}}[name]
			found := regexp.MustCompile(`\b(http\.NewServeMux\(|mux\.Handle(Func)?\(|http\.Handle(Func)?\()`).FindAllString(string(text), -1)
			require.ElementsMatch(t, doors, found, name)
		}
	}
}

// cast signs somebody in, and says who they are to the engine.
func (s *site) cast(c engine.Capacity, officer string) (with, engine.Actor) {
	switch c {
	case engine.CapacityAnybody:
		return func(*http.Request) {}, engine.Actor{}
	case engine.CapacitySystem:
		return as(systemKey), engine.Actor{Kind: engine.ActorSystem, ID: "portal", Agency: "H00.101"}
	default:
		_, actor, err := s.Officer(s.t.Context(), officer)
		require.NoError(s.t, err)
		require.Contains(s.t, actor.Capacities(), c)
		return s.signedIn(officer), actor
	}
}

// cast signs somebody in at the issuer, and says who they are to the engine.
func (o *office) cast(c engine.Capacity, officer string) (with, engine.Actor) {
	if officer == "" {
		return o.site.cast(c, officer)
	}
	_, actor, err := o.Officer(o.t.Context(), officer)
	require.NoError(o.t, err)
	o.oracle.who = engine.Identity{Issuer: oracleName, Subject: "sub-" + officer, Claimed: officer}
	return carrying(o.in()), actor
}

// TestAuthorityPage holds docs/authority.md against the table it is made from.
func TestAuthorityPage(t *testing.T) {
	golden(t, "../../docs/authority.md", authorityPage(everyRoute(t)))
}

func authorityPage(routes []api.Route) string {
	var b strings.Builder
	b.WriteString(`# Who may do what

Generated from the authority table (` + "`engine/authority_table.go`" + `) and the routes: do not edit; ` + "`UPDATE=1 go test ./api -run TestAuthorityPage`" + ` writes it anew.

Nobody may do what is not here. A caller may do what any of their capacities is granted, as far as the widest scope. *own*: what the caller holds or
entered; *department*: dossiers that stand in, passed through or ask the departments the caller works in, and those the caller acted on; *subtree*: the same of the
departments they supervise; *agency*: of their agency; *all*: what belongs to no agency. The engine asks further who may fire an event (the role of the step, the holder,
separation of duties) and that an approver is not the author. A key of a backend system may be limited to some of these verbs.

| verb | what | who, and how far | routes |
|---|---|---|---|
`)
	for _, r := range engine.Authority {
		var who, where []string
		for _, g := range r.Grants {
			who = append(who, fmt.Sprintf("%s: %s", g.Capacity, g.Scope))
		}
		for _, route := range routes {
			if route.Verb == r.Verb && !strings.HasPrefix(route.Path, "/assets/") {
				where = append(where, "`"+route.Method+" "+strings.TrimSuffix(route.Path, "{$}")+"`")
			}
		}
		slices.Sort(where)
		fmt.Fprintf(&b, "| `%s` | %s · %s | %s | %s |\n", r.Verb, r.Name.EN, r.Name.VI, strings.Join(who, ", "), strings.Join(where, " "))
	}
	return b.String()
}
