package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

func TestDirectoryActor(t *testing.T) {
	t.Parallel()
	clerk := engine.RoleIn{Department: "registry", Role: "clerk"}
	auditor := engine.RoleIn{Department: "registry", Role: "auditor"}
	front := engine.RoleIn{Department: "front", Role: "clerk"}
	for _, tt := range []struct {
		name     string
		id       string
		absences []engine.Absence
		standsIn []engine.StandIn
		oversees []string
	}{
		{"nothing but what is their own", "zoe", nil, nil, nil},
		{"for one who is away", "bob", []engine.Absence{off("zoe", "bob")}, []engine.StandIn{{clerk, "zoe"}}, nil},
		{"for one who has delegated", "bob", []engine.Absence{delegated("zoe", "bob")}, []engine.StandIn{{clerk, "zoe"}}, nil},
		{
			"through one who is away too, in the order of the organisation", "fay",
			[]engine.Absence{off("bob", "fay"), off("ann", "bob"), off("zoe", "ann")},
			[]engine.StandIn{{clerk, "zoe"}, {clerk, "ann"}, {auditor, "ann"}, {front, "bob"}}, nil,
		},
		{
			"not through one who goes on acting", "fay",
			[]engine.Absence{delegated("bob", "fay"), off("zoe", "bob")}, []engine.StandIn{{front, "bob"}}, nil,
		},
		{
			"not for themself in a circle", "zoe",
			[]engine.Absence{off("zoe", "bob"), off("bob", "zoe")}, []engine.StandIn{{front, "bob"}}, nil,
		},
		{"for nobody on another day", "bob", []engine.Absence{{Officer: "zoe", Substitute: "bob", From: friday.AddDays(1), To: friday.AddDays(1)}}, nil, nil},
		{"a head oversees the department and all below", "eve", nil, nil, []string{"office", "registry"}},
		{"a leader oversees all", "lou", nil, nil, []string{"top", "office", "registry", "front"}},
		{
			"who stands in for a head oversees what the head does", "fay",
			[]engine.Absence{off("eve", "fay")}, []engine.StandIn{{engine.RoleIn{Department: "office", Role: "head"}, "eve"}}, []string{"office", "registry"},
		},
		{
			"who stands in for a leader oversees all", "zoe",
			[]engine.Absence{off("lou", "zoe")}, []engine.StandIn{{engine.RoleIn{Department: "top", Role: "leader"}, "lou"}},
			[]string{"top", "office", "registry", "front"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := tree(tt.absences...)
			a, ok := d.Actor(tt.id, friday)
			require.True(t, ok)
			o, _ := d.Officer(tt.id)
			require.Equal(t, engine.Actor{
				Kind: engine.ActorOfficer, ID: tt.id, Agency: "H00.101", Roles: o.Roles, StandsIn: tt.standsIn, Oversees: tt.oversees,
			}, a)
		})
	}
	_, ok := tree().Actor("nobody", friday)
	require.False(t, ok)
}

func TestDirectoryHolds(t *testing.T) {
	t.Parallel()
	clerk := engine.RoleIn{Department: "registry", Role: "clerk"}
	d := tree(off("zoe", "bob"))
	require.True(t, d.Holds("ann", clerk, friday), "their own")
	require.True(t, d.Holds("bob", clerk, friday), "standing in")
	require.False(t, d.Holds("bob", clerk, friday.AddDays(1)))
	require.False(t, d.Holds("fay", clerk, friday))
	require.False(t, d.Holds("nobody", clerk, friday))
}

func TestMayEnterAbsence(t *testing.T) {
	t.Parallel()
	backwards := off("zoe", "ann")
	backwards.To = friday.AddDays(-1)
	week := engine.Absence{Officer: "zoe", Substitute: "bob", From: friday.AddDays(-3), To: friday.AddDays(3)}
	for _, tt := range []struct {
		name     string
		by       string
		absence  engine.Absence
		absences []engine.Absence
		code     engine.Code
	}{
		{"the officer themself", "zoe", off("zoe", "ann"), nil, ""},
		{"the head of a department above", "eve", off("zoe", "ann"), nil, ""},
		{"a leader", "lou", off("zoe", ""), nil, ""},
		{"who stands in for the head", "fay", off("zoe", "ann"), []engine.Absence{off("eve", "fay")}, ""},
		{"not a colleague", "ann", off("zoe", "ann"), nil, engine.CodeForbidden},
		{"not the head of another department", "eve", off("bob", ""), nil, engine.CodeForbidden},
		{"not of an officer nobody knows", "kim", off("nobody", ""), nil, engine.CodeOfficerUnknown},
		{"not with a substitute nobody knows", "zoe", off("zoe", "nobody"), nil, engine.CodeOfficerUnknown},
		{"not with themself as the substitute", "zoe", off("zoe", "zoe"), nil, engine.CodeInvalid},
		{"not to the day before the first", "zoe", backwards, nil, engine.CodeInvalid},
		{"not without days", "zoe", engine.Absence{Officer: "zoe"}, nil, engine.CodeInvalid},
		{"not closing a circle", "zoe", off("zoe", "bob"), []engine.Absence{off("bob", "fay"), off("fay", "zoe")}, engine.CodeInvalid},
		{"not closing a circle on a later day", "zoe", week, []engine.Absence{off("bob", "zoe")}, engine.CodeInvalid},
		{"not where the days do not meet", "zoe", off("zoe", "bob"), []engine.Absence{{Officer: "bob", Substitute: "zoe", From: friday.AddDays(1), To: friday.AddDays(1)}}, ""},
		{"a circle that somebody who goes on acting breaks", "zoe", off("zoe", "bob"), []engine.Absence{delegated("bob", "zoe")}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			d := tree(tt.absences...)
			by, ok := d.Actor(tt.by, friday)
			require.True(t, ok)
			require.Equal(t, tt.code, engine.CodeOf(engine.MayEnterAbsence(by, d, tt.absence)))
		})
	}
	stranger := engine.Actor{Kind: engine.ActorOfficer, ID: "zoe", Agency: "H00.102"}
	require.Equal(t, engine.CodeForbidden, engine.CodeOf(engine.MayEnterAbsence(stranger, tree(), off("zoe", ""))))
}
