package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

func TestAuthorityTable(t *testing.T) {
	t.Parallel()
	seen := map[engine.Verb]bool{}
	for _, r := range engine.Authority {
		require.False(t, seen[r.Verb], "%s stands twice", r.Verb)
		seen[r.Verb] = true
		require.NotEmpty(t, r.Name.VI, r.Verb)
		require.NotEmpty(t, r.Name.EN, r.Verb)
		require.NotEmpty(t, r.Grants, r.Verb)
		for _, g := range r.Grants {
			require.Contains(t, engine.Capacities, g.Capacity, r.Verb)
			require.Greater(t, g.Scope, engine.ScopeNone, r.Verb)
		}
	}
}

func TestMay(t *testing.T) {
	t.Parallel()
	role := func(department, role string) engine.RoleIn { return engine.RoleIn{Department: department, Role: role} }
	person := func(roles ...engine.RoleIn) engine.Actor {
		return engine.Actor{Kind: engine.ActorOfficer, ID: "an", Agency: "H00", Roles: roles}
	}
	system := engine.Actor{Kind: engine.ActorSystem, ID: "portal", Agency: "H00"}
	limited := system
	limited.Verbs = []engine.Verb{engine.VerbStartDossier}
	auditor := person(role("quality", engine.RoleAuditor))
	standIn := person()
	standIn.StandsIn = []engine.StandIn{{RoleIn: role("", engine.RoleLeader), For: "hai"}}
	for _, c := range []struct {
		name  string
		actor engine.Actor
		verb  engine.Verb
		want  engine.Scope
	}{
		{"nobody may see what is public", engine.Actor{}, engine.VerbPublic, engine.ScopeAll},
		{"and nothing else", engine.Actor{}, engine.VerbReadDossier, engine.ScopeNone},
		{"what is not in the table nobody may", person(role("x", engine.RoleLeader)), "dossier.shred", engine.ScopeNone},
		{"the clock is no caller", engine.Clockwork, engine.VerbReadDossier, engine.ScopeNone},
		{"an officer sees their departments", person(role("civil-status", "signer")), engine.VerbReadDossier, engine.ScopeDepartment},
		{"a head what is below", person(role("civil-status", engine.RoleHead)), engine.VerbReadDossier, engine.ScopeSubtree},
		{"a leader everything of the agency", person(role("leadership", engine.RoleLeader)), engine.VerbReadDossier, engine.ScopeAgency},
		{"whoever stands in for a leader too", standIn, engine.VerbReadDossier, engine.ScopeAgency},
		{"an auditor reads everything", auditor, engine.VerbReadDossier, engine.ScopeAgency},
		{"and changes nothing", auditor, engine.VerbFire, engine.ScopeNone},
		{"nor reads personal data", auditor, engine.VerbReadPersonal, engine.ScopeNone},
		{"an administrator does not see dossiers", person(role("office", engine.RoleAdministrator)), engine.VerbReadDossier, engine.ScopeNone},
		{"but one who also works does", person(role("office", engine.RoleAdministrator), role("office", "clerk")), engine.VerbReadDossier, engine.ScopeDepartment},
		{"nobody without a role", person(), engine.VerbReadDossier, engine.ScopeNone},
		{"though they are somebody", person(), engine.VerbSelf, engine.ScopeOwn},
		{"a system reads its agency", system, engine.VerbReadDossier, engine.ScopeAgency},
		{"one whose key is for starting starts", limited, engine.VerbStartDossier, engine.ScopeAgency},
		{"and does nothing else", limited, engine.VerbReadDossier, engine.ScopeNone},
		{"but sees what is public", limited, engine.VerbPublic, engine.ScopeAll},
		{"an agency is needed", engine.Actor{Kind: engine.ActorSystem, ID: "portal"}, engine.VerbReadDossier, engine.ScopeNone},
	} {
		require.Equal(t, c.want, engine.May(c.actor, c.verb), c.name)
	}
	require.Equal(t, engine.CodeWrongRole, engine.CodeOf(engine.VerbFire.Refused(auditor)))
	require.Equal(t, engine.CodeForbidden, engine.CodeOf(engine.VerbFire.Refused(limited)))
}

func TestReachOf(t *testing.T) {
	t.Parallel()
	a := engine.Actor{
		Kind: engine.ActorOfficer, ID: "an", Agency: "H00", Oversees: []string{"office", "civil-status"},
		Roles:    []engine.RoleIn{{Department: "office", Role: engine.RoleHead}, {Department: "quality", Role: engine.RoleAuditor}},
		StandsIn: []engine.StandIn{{RoleIn: engine.RoleIn{Department: "one-stop", Role: "reception-officer"}, For: "lan"}},
	}
	require.Equal(t, engine.Reach{Agency: "H00", Officer: "an"}, engine.ReachOf(a, engine.ScopeOwn))
	require.Equal(t, []string{"office", "one-stop"}, engine.ReachOf(a, engine.ScopeDepartment).Departments, "an office is not work in its department")
	require.Equal(t, []string{"office", "one-stop", "civil-status"}, engine.ReachOf(a, engine.ScopeSubtree).Departments)
	require.Equal(t, engine.Reach{Agency: "H00", Officer: "an", Everything: true}, engine.ReachOf(a, engine.ScopeAgency))
	require.Equal(t, engine.Reach{Agency: "H00", Officer: "an"}, engine.ReachOf(a, engine.ScopeNone))
}
