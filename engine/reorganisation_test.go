package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

// ward is the agency that reorganises: a handful of departments under its
// leadership, an archive under civil status.
func ward() engine.Organisation {
	o := engine.Organisation{Agency: engine.Agency{Code: agency}}
	for _, d := range [][2]string{
		{"leadership", ""}, {"one-stop", "leadership"}, {"civil-status", "leadership"}, {"archive", "civil-status"},
		{"police", "leadership"}, {"construction", "leadership"}, {engine.DepartmentQuality, "leadership"},
	} {
		o.Departments = append(o.Departments, engine.Department{Code: d[0], Parent: d[1], Name: engine.Text{VI: d[0]}})
	}
	for _, a := range []engine.Actor{lan, minh, hoa, chair, both, police, builder} {
		o.Officers = append(o.Officers, engine.Officer{ID: a.ID, Name: a.ID, Roles: a.Roles})
	}
	o.Officers = append(o.Officers,
		engine.Officer{ID: "dung", Name: "dung", Roles: []engine.RoleIn{{Department: "civil-status", Role: engine.RoleHead}}},
		engine.Officer{ID: "bay", Name: "bay", Roles: []engine.RoleIn{{Department: "leadership", Role: engine.RoleLeader}}})
	return o
}

func called(code string) *engine.DepartmentWish {
	return &engine.DepartmentWish{Code: code, Name: engine.Text{VI: "Phòng " + code}}
}

func merging(into *engine.DepartmentWish, codes ...string) engine.DepartmentChange {
	return engine.DepartmentChange{Merge: codes, Into: into}
}

func splitting(code string, parts ...engine.DepartmentPart) engine.DepartmentChange {
	for i := range parts {
		parts[i].Name = engine.Text{VI: parts[i].Code}
	}
	return engine.DepartmentChange{Split: code, Parts: parts}
}

func reorganised(t testing.TB, o engine.Organisation, changes ...engine.DepartmentChange) engine.Organisation {
	t.Helper()
	after, _, err := o.Reorganised(engine.Reorganisation{Reason: "sắp xếp", Changes: changes})
	require.NoError(t, err)
	return after
}

func parentOf(o engine.Organisation, code string) string {
	for _, d := range o.Departments {
		if d.Code == code {
			return d.Parent
		}
	}
	return "none"
}

func rolesOf(o engine.Organisation, id string) []engine.RoleIn {
	for _, x := range o.Officers {
		if x.ID == id {
			return x.Roles
		}
	}
	return nil
}

func TestReorganised(t *testing.T) {
	t.Parallel()
	in := func(department, role string) engine.RoleIn { return engine.RoleIn{Department: department, Role: role} }
	t.Run("a merger moves roles, places in the tree and the meaning of the codes", func(t *testing.T) {
		before := ward()
		o := reorganised(t, before, merging(called("justice"), "civil-status", "one-stop"))
		require.Equal(t, ward(), before, "what it was made of stays as it was")
		require.Equal(t, []engine.RoleIn{in("justice", "civil-status-officer")}, rolesOf(o, "minh"))
		require.Equal(t, []engine.RoleIn{in("justice", "reception-officer")}, rolesOf(o, "lan"))
		require.Equal(t, "justice", parentOf(o, "archive"))
		require.Equal(t, "leadership", parentOf(o, "justice"))
		d := engine.NewDirectory(o)
		require.Equal(t, in("justice", "clerk"), d.Present("x", in("one-stop", "clerk")))
		require.Equal(t, in("police", "captain"), d.Present("x", in("police", "captain")))
		require.Equal(t, []string{"dung"}, d.Find(engine.RoleHead, engine.Place{Department: "civil-status"}, friday).Officers, "whoever looks by the old code finds the head of the new one")
	})
	t.Run("a merger into one of them, into its own child", func(t *testing.T) {
		o := reorganised(t, ward(), merging(&engine.DepartmentWish{Code: "archive"}, "civil-status", "archive"))
		require.Equal(t, "leadership", parentOf(o, "archive"))
		require.Equal(t, []engine.Succession{{From: "civil-status", To: "archive"}}, o.Successions)
	})
	t.Run("a split goes by roles, by procedures, and the rest", func(t *testing.T) {
		o := reorganised(t, ward(), splitting("civil-status",
			engine.DepartmentPart{Code: "births", Procedures: []string{"9.000002"}, Roles: []string{"civil-status-officer"}, Officers: []string{"minh"}},
			engine.DepartmentPart{Code: "heads", Roles: []string{engine.RoleHead}},
			engine.DepartmentPart{Code: "rest"}))
		d := engine.NewDirectory(o)
		require.Equal(t, "births", d.Present("9.000002", in("civil-status", "civil-status-officer")).Department)
		require.Equal(t, "rest", d.Present("9.000003", in("civil-status", "civil-status-officer")).Department)
		require.Equal(t, "heads", d.Present("9.000003", in("civil-status", engine.RoleHead)).Department)
		require.Equal(t, []engine.RoleIn{in("births", "civil-status-officer")}, rolesOf(o, "minh"), "named in one part, at work in it only")
		require.Equal(t, []engine.RoleIn{in("births", "civil-status-officer"), in("rest", "civil-status-officer")}, rolesOf(o, "hoa"), "named in none, at work wherever the role is")
		require.Equal(t, []engine.RoleIn{in("heads", engine.RoleHead)}, rolesOf(o, "dung"))
		require.Equal(t, "rest", parentOf(o, "archive"))
	})
	t.Run("one decision after the other, and in one", func(t *testing.T) {
		one := reorganised(t, reorganised(t, ward(), merging(called("justice"), "civil-status", "one-stop")),
			engine.DepartmentChange{Rename: "justice", As: called("justice-2")})
		two := reorganised(t, ward(), merging(called("justice"), "civil-status", "one-stop"), engine.DepartmentChange{Rename: "justice", As: called("justice-2")})
		require.Equal(t, one, two)
		require.Equal(t, "justice-2", engine.NewDirectory(two).Present("x", in("one-stop", "clerk")).Department)
	})
	t.Run("a name alone, and a place alone, dissolve nothing", func(t *testing.T) {
		o := reorganised(t, ward(), engine.DepartmentChange{Rename: "police", As: &engine.DepartmentWish{Name: engine.Text{VI: "Công an"}}},
			engine.DepartmentChange{Move: "archive", Under: "police"})
		require.Empty(t, o.Successions)
		require.Equal(t, "police", parentOf(o, "archive"))
	})
}

func TestReorganisedRefuses(t *testing.T) {
	t.Parallel()
	gone := reorganised(t, ward(), engine.DepartmentChange{Rename: "police", As: called("public-order")})
	part := func(code string, roles ...string) engine.DepartmentPart {
		return engine.DepartmentPart{Code: code, Roles: roles}
	}
	for name, c := range map[string]struct {
		path   string
		change engine.DepartmentChange
	}{
		"nothing":                        {"/changes/0", engine.DepartmentChange{}},
		"two things at once":             {"/changes/0", engine.DepartmentChange{Rename: "archive", Move: "archive"}},
		"one merged with nothing":        {"/changes/0/merge", merging(called("new"), "archive")},
		"one merged with itself":         {"/changes/0/merge", merging(&engine.DepartmentWish{Code: "archive"}, "archive")},
		"no name for it":                 {"/changes/0/into/name", merging(&engine.DepartmentWish{Code: "new"}, "archive", "one-stop")},
		"an unknown one":                 {"/changes/0/merge/1", merging(called("new"), "archive", "nowhere")},
		"a dissolved one":                {"/changes/0/merge/0", merging(called("new"), "police", "archive")},
		"into a dissolved one":           {"/changes/0/into/code", merging(called("police"), "archive", "one-stop")},
		"a code that was used":           {"/changes/0/as/code", engine.DepartmentChange{Rename: "archive", As: called("police")}},
		"a part under a code in use":     {"/changes/0/parts/0/code", splitting("archive", part("one-stop", "clerk"), part("new"))},
		"no rest":                        {"/changes/0/parts/1", splitting("archive", part("a", "clerk"), part("b", "head"))},
		"two rests":                      {"/changes/0/parts/0", splitting("archive", part("a"), part("b"))},
		"one part":                       {"/changes/0/parts", splitting("archive", part("a"))},
		"a stranger in a part":           {"/changes/0/parts/0/officers/0", splitting("archive", engine.DepartmentPart{Code: "a", Roles: []string{"clerk"}, Officers: []string{"lan"}}, part("b"))},
		"not kebab-case":                 {"/changes/0/as/code", engine.DepartmentChange{Rename: "archive", As: called("Phòng")}},
		"a circle":                       {"/changes/0", engine.DepartmentChange{Move: "civil-status", Under: "archive"}},
		"under a dissolved one":          {"/changes/0/under", engine.DepartmentChange{Move: "archive", Under: "police"}},
		"the quality board, by its code": {"/changes/0/rename", engine.DepartmentChange{Rename: engine.DepartmentQuality, As: called("iso")}},
		"renamed to what it is":          {"/changes/0/as", engine.DepartmentChange{Rename: "archive", As: &engine.DepartmentWish{Code: "archive"}}},
	} {
		_, _, err := gone.Reorganised(engine.Reorganisation{Reason: "vì", Changes: []engine.DepartmentChange{c.change}})
		var said *engine.Error
		require.ErrorAs(t, err, &said, name)
		require.Equal(t, engine.CodeInvalid, said.Code, name)
		require.Equal(t, c.path, said.Path, name)
	}
	_, _, err := ward().Reorganised(engine.Reorganisation{Changes: []engine.DepartmentChange{{Move: "archive"}}})
	require.Equal(t, engine.CodeCommentRequired, engine.CodeOf(err))
}

func TestMayReorganise(t *testing.T) {
	t.Parallel()
	require.NoError(t, engine.MayReorganise(officer("quan", "leadership", engine.RoleAdministrator)))
	for _, a := range []engine.Actor{bay, dung, lan, portal, {Kind: engine.ActorOfficer, ID: "x", Roles: []engine.RoleIn{{Department: "a", Role: engine.RoleAdministrator}}}} {
		require.Error(t, engine.MayReorganise(a), a.ID)
	}
}
