package draft_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/definitions/draft"
	"motcua/engine"
	"motcua/engine/calendar"
)

// TestWriteOrganisation: what is exported is what was imported, also of an
// agency that was reorganised.
func TestWriteOrganisation(t *testing.T) {
	t.Parallel()
	examples, err := definitions.ExampleOrganisations()
	require.NoError(t, err)
	for _, o := range examples {
		reread(t, o)
	}
	o := examples[0]
	after, _, err := o.Reorganised(engine.Reorganisation{Reason: "sắp xếp lại", Changes: []engine.DepartmentChange{{
		Rename: "one-stop", As: &engine.DepartmentWish{Code: "public-service", Name: engine.Text{VI: "Trung tâm: phục vụ #1", EN: "Centre"}},
	}, {
		Split: "economy", Parts: []engine.DepartmentPart{
			{Code: "economy-land", Name: engine.Text{VI: "Đất đai"}, Procedures: []string{"1.012781"}, Roles: []string{"land-officer"}},
			{Code: "economy-trade", Name: engine.Text{VI: "Thương mại"}},
		},
	}}})
	require.NoError(t, err)
	after.Absences = []engine.Absence{{
		Officer: o.Officers[0].ID, Substitute: o.Officers[1].ID, From: calendar.NewDate(2026, 12, 1), To: calendar.NewDate(2026, 12, 5), Present: true, Basis: "QĐ 12",
	}}
	reread(t, after)
}

func reread(t *testing.T, o engine.Organisation) {
	t.Helper()
	text := draft.WriteOrganisation(o)
	again, findings := definitions.ReadOrganisation("organisation.yaml", text)
	require.NoError(t, findings.Err(), "%s", text)
	require.Equal(t, o, *again, "%s", text)
}
