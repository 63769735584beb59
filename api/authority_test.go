package api_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/api"
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

// TestMatrix calls every route as everybody there is. What it finds is held
// against the authority table, and against the matrix as it was reviewed: a
// route that opens to somebody shows as a changed line.
func TestMatrix(t *testing.T) {
	s := newSite(t)
	code := s.started()
	var b strings.Builder
	for _, r := range s.server.Routes() {
		if strings.HasPrefix(r.Path, "/assets/") {
			continue // named by their contents
		}
		fmt.Fprintf(&b, "%-80s %s:", r.Method+" "+r.Path, r.Verb)
		for _, c := range cast {
			who, actor := s.cast(c.capacity, c.officer)
			res := s.do(r.Method, path(r, code), "", who)
			let := !turnedAway(res)
			if r.Path != "/sign-in" { // what that refuses is its own answer
				may := engine.May(actor, r.Verb) > engine.ScopeNone && (!r.Page || r.Verb.Public() || c.capacity != engine.CapacitySystem)
				require.Equal(t, may, let, "%s %s as %s: %d %s", r.Method, r.Path, c.capacity, res.StatusCode, res.body)
			}
			if let {
				b.WriteString(" " + string(c.capacity))
			}
		}
		b.WriteString("\n")
	}
	golden(t, "matrix.txt", b.String())
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

// TestAuthorityPage holds docs/authority.md against the table it is made from.
func TestAuthorityPage(t *testing.T) {
	golden(t, "../../docs/authority.md", authorityPage(newSite(t).server.Routes()))
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
