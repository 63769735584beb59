package definitions_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"motcua/definitions"
	"motcua/engine"
	"motcua/engine/calendar"
)

func shipped(t *testing.T) []definitions.Source {
	t.Helper()
	sources, err := definitions.Shipped()
	require.NoError(t, err)
	return sources
}

func organisation(t *testing.T, level string) engine.Organisation {
	t.Helper()
	organisations, err := definitions.ExampleOrganisations()
	require.NoError(t, err)
	i := slices.IndexFunc(organisations, func(o engine.Organisation) bool { return o.Agency.Level == level || level == "internal" }) // every agency has these
	require.GreaterOrEqual(t, i, 0, "no example agency of level %s", level)
	return organisations[i]
}

func TestShipped(t *testing.T) {
	// What lint warns of in the shipped procedures: nothing.
	warnings := map[string][]string{}

	var codes []string
	for _, s := range shipped(t) {
		m := s.Machine
		codes = append(codes, m.Code)
		t.Run(m.Code, func(t *testing.T) {
			require.Equal(t, "procedures/"+m.Code+".yaml", s.File)
			_, findings := definitions.Read(s.File, s.Text)
			require.ElementsMatch(t, warnings[m.Code], said(findings), "warnings")
			require.True(t, norm.NFC.IsNormal(s.Text), "NFC")
			require.True(t, strings.HasPrefix(string(s.Text), "# "), "a comment says where it comes from")
			require.NotEmpty(t, m.LegalBasis)
			require.False(t, m.Effective.From.IsZero())
			require.Equal(t, calendar.Duration{Value: 8, Unit: calendar.WorkingHour}, m.Limits.WorkingDay, "so that the sums are checked")
			requireNames(t, m)
			if m.Level != "internal" {
				requireLadder(t, m)
			}
		})
	}
	require.IsIncreasing(t, codes, "in order of file name")
}

// requireNames: everything people read has a Vietnamese and an English name.
func requireNames(t *testing.T, m *engine.Machine) {
	t.Helper()
	names := []engine.Text{m.Name, m.Result.Name}
	for _, c := range m.Components {
		names = append(names, c.Name)
	}
	for _, f := range m.Fields {
		names = append(names, f.Name)
	}
	for _, s := range m.States {
		require.Equal(t, m.Level == "internal", s.PortalStatus == 0, "state %s: the portal shows what citizens apply for", s.ID)
		require.True(t, s.Final || s.ISO != nil, "state %s is evidence for no clause", s.ID)
		names = append(names, s.Name)
		for _, on := range s.On {
			names = append(names, on.Name)
		}
	}
	for _, n := range names {
		require.NotEmpty(t, n.VI)
		require.NotEmpty(t, n.EN, n.VI)
	}
}

func requireLadder(t *testing.T, m *engine.Machine) {
	t.Helper()
	var rungs []string
	for _, g := range m.Ladder {
		rungs = append(rungs, g.String())
	}
	for _, want := range []string{"75% of step", "100% of step", "4wh after step", "100% of dossier"} {
		require.Contains(t, rungs, want)
	}
	if slices.ContainsFunc(m.States, func(s engine.State) bool { return s.Handoff != nil }) {
		require.Contains(t, rungs, "100% of handoff")
	}
	if limit := m.Limits.Statutory; limit.Unit.Daily() && limit.Value > 1 {
		require.Contains(t, rungs, "1wd before dossier", "the last day for an apology")
	}
}

func TestShippedProceduresAreBound(t *testing.T) {
	for _, s := range shipped(t) {
		m := s.Machine
		t.Run(m.Code, func(t *testing.T) {
			require.Empty(t, definitions.Unbound(m, organisation(t, m.Level)))
		})
	}
}

// TestQualityBoards: every example agency has who writes procedures and,
// another person, who approves them.
func TestQualityBoards(t *testing.T) {
	organisations, err := definitions.ExampleOrganisations()
	require.NoError(t, err)
	for _, o := range organisations {
		holders := func(role string) (ids []string) {
			for _, f := range o.Officers {
				if slices.Contains(f.Roles, engine.RoleIn{Department: engine.DepartmentQuality, Role: role}) {
					ids = append(ids, f.ID)
				}
			}
			return ids
		}
		authors, approvers := holders(engine.RoleProcedureAuthor), holders(engine.RoleProcedureApprover)
		require.NotEmpty(t, authors, o.Agency.Code)
		require.True(t, slices.ContainsFunc(approvers, func(id string) bool { return !slices.Contains(authors, id) }), o.Agency.Code)
	}
}

func TestUnbound(t *testing.T) {
	m := shipped(t)[0].Machine
	o := organisation(t, m.Level)
	o.Officers = slices.DeleteFunc(slices.Clone(o.Officers), func(f engine.Officer) bool {
		return slices.ContainsFunc(f.Roles, func(r engine.RoleIn) bool { return r.Role == engine.RoleLeader || r.Role == "clerk" })
	})
	require.Equal(t, []engine.RoleIn{
		{Department: "office", Role: "clerk"},
		{Department: "one-stop", Role: "leader"},
		{Department: "civil-status", Role: "leader"},
		{Department: "leadership", Role: "head"},
		{Department: "leadership", Role: "leader"},
		{Department: "office", Role: "head"},
		{Department: "office", Role: "leader"},
	}, definitions.Unbound(m, o))
}

func TestExampleOrganisations(t *testing.T) {
	organisations, err := definitions.ExampleOrganisations()
	require.NoError(t, err)
	cal, err := definitions.NationalCalendar()
	require.NoError(t, err)
	for _, o := range organisations {
		require.Contains(t, o.Agency.Name.VI, "(ví dụ)", "an example says that it is one")
		require.Equal(t, cal.Code(), o.Agency.Calendar)
		for _, f := range o.Officers {
			require.NotEmpty(t, f.Roles)
		}
	}
	require.Equal(t, []string{"H00.101", "H00.102", "H00.103", "H00.11"}, agencies(organisations), "the ward first: it is the example of its level")
}

func agencies(organisations []engine.Organisation) []string {
	codes := make([]string, len(organisations))
	for i, o := range organisations {
		codes[i] = o.Agency.Code
	}
	return codes
}

// TestPartners: the ward's partners ship too, and the police can do what the
// ward passes on to them.
func TestPartners(t *testing.T) {
	organisations, err := definitions.ExampleOrganisations()
	require.NoError(t, err)
	ids := map[string]string{}
	for _, o := range organisations {
		for _, p := range o.Agency.Partners {
			require.Contains(t, agencies(organisations), p.Agency)
		}
		for _, f := range o.Officers {
			require.Empty(t, ids[f.ID], "%s belongs to one agency", f.ID)
			ids[f.ID] = o.Agency.Code
		}
	}
	ward := engine.NewDirectory(organisations[0])
	police, _ := ward.Partner("police")
	insurance, _ := ward.Partner("social-insurance")
	require.Equal(t, []string{"H00.102", "H00.103"}, []string{police, insurance})

	i := slices.IndexFunc(shipped(t), func(s definitions.Source) bool { return s.Machine.Code == "1.004222" })
	require.Empty(t, definitions.Unbound(shipped(t)[i].Machine, organisations[1]))
}
