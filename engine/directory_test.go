package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
)

// tree is an agency with two floors: registry under office, front beside it.
// Nobody heads the registry.
func tree(absences ...engine.Absence) *engine.Directory {
	in := func(department string, roles ...string) []engine.RoleIn {
		var out []engine.RoleIn
		for _, r := range roles {
			out = append(out, engine.RoleIn{Department: department, Role: r})
		}
		return out
	}
	return engine.NewDirectory(engine.Organisation{
		Agency: engine.Agency{Code: "H00.101", Partners: []engine.Partner{{As: "police", Agency: "H00.102"}}},
		Departments: []engine.Department{
			{Code: "top"}, {Code: "office", Parent: "top"}, {Code: "registry", Parent: "office"}, {Code: "front", Parent: "top"},
		},
		Officers: []engine.Officer{
			{ID: "zoe", Roles: in("registry", "clerk")},
			{ID: "ann", Roles: in("registry", "clerk", "auditor")},
			{ID: "bob", Roles: in("front", "clerk")},
			{ID: "eve", Roles: in("office", "head")},
			{ID: "fay", Roles: in("office", "driver")},
			{ID: "kim", Roles: in("top", "head", "leader")},
			{ID: "lou", Roles: in("top", "leader")},
			{ID: "out", Roles: nil},
		},
		Absences: absences,
	})
}

var friday = calendar.NewDate(2026, 7, 10)

// off is an absence on that Friday.
func off(officer, substitute string) engine.Absence {
	return engine.Absence{Officer: officer, Substitute: substitute, From: friday, To: friday}
}

func delegated(officer, substitute string) engine.Absence {
	a := off(officer, substitute)
	a.Present = true
	return a
}

func TestDirectoryFind(t *testing.T) {
	t.Parallel()
	desk := engine.Place{Department: "registry", Role: "clerk"}
	held := desk
	held.Holder = "zoe"
	gone := desk
	gone.Holder = "somebody.who.left"
	for _, tt := range []struct {
		name     string
		role     string
		at       engine.Place
		absences []engine.Absence
		found    []string
		climbed  bool
	}{
		{"the holder", "holder", held, nil, []string{"zoe"}, false},
		{"everyone who could claim what nobody holds, in the order of the organisation", "holder", desk, nil, []string{"zoe", "ann"}, false},
		{"them too where the holder has left", "holder", gone, nil, []string{"zoe", "ann"}, false},
		{"them too where the holder is away and nobody stands in", "holder", held, []engine.Absence{off("zoe", "")}, []string{"ann"}, false},
		{"the substitute of a holder who is away", "holder", held, []engine.Absence{off("zoe", "bob")}, []string{"bob"}, false},
		{"the substitute of the substitute", "holder", held, []engine.Absence{off("zoe", "bob"), off("bob", "fay")}, []string{"fay"}, false},
		{"no circle of substitutes", "holder", held, []engine.Absence{off("zoe", "bob"), off("bob", "zoe")}, []string{"ann"}, false},
		{"a second substitute where the first has left", "holder", held, []engine.Absence{off("zoe", "nobody"), off("zoe", "fay")}, []string{"fay"}, false},
		{"a holder who has only delegated", "holder", held, []engine.Absence{delegated("zoe", "bob")}, []string{"zoe"}, false},
		{"a holder whose absence is another day", "holder", held, []engine.Absence{{Officer: "zoe", Substitute: "bob", From: friday.AddDays(1), To: friday.AddDays(3)}}, []string{"zoe"}, false},
		{"each once where one stands in for another of the same role", "holder", desk, []engine.Absence{off("zoe", "ann")}, []string{"ann"}, false},
		{"in the order of the organisation also after replacing", "holder", desk, []engine.Absence{off("zoe", "bob")}, []string{"ann", "bob"}, false},
		{"the head above, where everyone who could claim it is away", "holder", desk, []engine.Absence{off("zoe", ""), off("ann", "")}, []string{"eve"}, true},

		{"the head of the nearest department above that has one", "head", desk, nil, []string{"eve"}, false},
		{"the next one where that one is away", "head", desk, []engine.Absence{off("eve", "")}, []string{"kim"}, false},
		{"who stands in for the head", "head", desk, []engine.Absence{off("eve", "fay")}, []string{"fay"}, false},
		{"the leaders, where no head is there", "head", desk, []engine.Absence{off("eve", ""), off("kim", "")}, []string{"lou"}, true},

		{"the leaders of the agency", "leader", desk, nil, []string{"kim", "lou"}, false},
		{"a head, where no leader is there", "leader", desk, []engine.Absence{off("kim", ""), off("lou", "")}, []string{"eve"}, true},

		{"another role in the department", "auditor", desk, nil, []string{"ann"}, false},
		{"another role in a department above", "driver", desk, nil, []string{"fay"}, false},
		{"another role anywhere", "auditor", engine.Place{Department: "front"}, nil, []string{"ann"}, false},
		{"a role of the department before the same role elsewhere", "clerk", engine.Place{Department: "front"}, nil, []string{"bob"}, false},
		{"who stands above, where nobody has the role", "astronaut", desk, nil, []string{"eve"}, true},
		{"the leaders, from a department nobody declared", "head", engine.Place{Department: "moon"}, nil, []string{"kim", "lou"}, true},
		{"nobody", "head", desk, []engine.Absence{off("eve", ""), off("kim", ""), off("lou", "kim")}, nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			told := tree(tt.absences...).Find(tt.role, tt.at, friday)
			require.Equal(t, engine.Told{Role: tt.role, Officers: tt.found, Climbed: tt.climbed}, told)
		})
	}
}

func TestDirectoryFindEndsInACircleOfDepartments(t *testing.T) {
	t.Parallel()
	d := engine.NewDirectory(engine.Organisation{Departments: []engine.Department{{Code: "a", Parent: "b"}, {Code: "b", Parent: "a"}}})
	require.Empty(t, d.Find("head", engine.Place{Department: "a"}, friday).Officers)
}

func TestDirectoryAbove(t *testing.T) {
	t.Parallel()
	desk := engine.Place{Department: "registry", Role: "clerk", Holder: "zoe"}
	for _, tt := range []struct {
		name     string
		told     []string
		absences []engine.Absence
		want     engine.Told
	}{
		{"the nearest head first", []string{"zoe"}, nil, engine.Told{Role: "head", Officers: []string{"eve"}}},
		{"then the head above", []string{"zoe", "eve"}, nil, engine.Told{Role: "head", Officers: []string{"kim"}}},
		{"then those leaders who were not told yet", []string{"zoe", "eve", "kim"}, nil, engine.Told{Role: "leader", Officers: []string{"lou"}}},
		{"nobody once all were told", []string{"zoe", "eve", "kim", "lou"}, nil, engine.Told{}},
		{"past a head who is away", []string{"zoe"}, []engine.Absence{off("eve", "")}, engine.Told{Role: "head", Officers: []string{"kim"}}},
		{"past a head whose substitute was told", []string{"zoe"}, []engine.Absence{off("eve", "zoe")}, engine.Told{Role: "head", Officers: []string{"kim"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.want, tree(tt.absences...).Above(desk, tt.told, friday))
		})
	}
}

func TestDirectoryOfficersAndPartners(t *testing.T) {
	t.Parallel()
	d := tree()
	ann, ok := d.Officer("ann")
	require.True(t, ok)
	require.Len(t, ann.Roles, 2)
	_, ok = d.Officer("nobody")
	require.False(t, ok)

	code, ok := d.Partner("police")
	require.True(t, ok)
	require.Equal(t, "H00.102", code)
	_, ok = d.Partner("customs")
	require.False(t, ok)
}
