package scenario

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

// TestWhomARungTold: as it is on record; where an old record does not say, as
// the organisation would have it.
func TestWhomARungTold(t *testing.T) {
	t.Parallel()
	org := engine.Organisation{
		Departments: []engine.Department{{Code: "one-stop"}},
		Officers: []engine.Officer{
			{ID: "minh.tran", Name: "Trần Văn Minh", Roles: []engine.RoleIn{{Department: "one-stop", Role: "clerk"}}},
			{ID: "lan.nguyen", Name: "Nguyễn Thị Lan", Roles: []engine.RoleIn{{Department: "one-stop", Role: "clerk"}}},
			{ID: "hoa.le", Name: "Lê Thị Hoa", Roles: []engine.RoleIn{{Department: "one-stop", Role: "head"}}},
		},
	}
	tell := &teller{Setting: Setting{Rules: engine.Rules{Machine: &engine.Machine{}}, Organisation: org}, c: engine.Case{Department: "one-stop", Role: "clerk"}}
	for _, c := range []struct {
		name string
		rung engine.RungFiring
		want string
	}{
		{"on record", engine.RungFiring{Told: []engine.Told{{Role: "holder", Officers: []string{"hoa.le"}}}}, "holder (Lê Thị Hoa)"},
		{"on record as climbed", engine.RungFiring{Told: []engine.Told{{Role: "holder", Officers: []string{"hoa.le"}, Climbed: true}}}, "holder: nobody there, those above instead (Lê Thị Hoa)"},
		{"not on record", engine.RungFiring{Notify: []string{"holder"}}, "holder (Nguyễn Thị Lan, Trần Văn Minh)"},
		{"nobody", engine.RungFiring{Told: []engine.Told{{Role: "leader"}}}, "leader of the agency"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rung := c.rung
			l := tell.fact(engine.Fact{Kind: engine.FactRungFired, Rung: &rung})
			require.Contains(t, l.Detail.EN, "; told the "+c.want)
			require.NotEqual(t, l.Detail.VI, l.Detail.EN)
		})
	}
}
