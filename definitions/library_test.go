package definitions_test

import (
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/engine"
)

// TestLibrary holds every procedure that ships against what an agency relies
// on when it takes it over.
func TestLibrary(t *testing.T) {
	for _, s := range shipped(t) {
		t.Run(s.Machine.Code, func(t *testing.T) {
			_, findings := definitions.Read(s.File, s.Text)
			require.NoError(t, findings.Err())
			require.Equal(t, s.Machine.Code, strings.TrimSuffix(path.Base(s.File), ".yaml"), "the file is named after the code")
			scenarios, err := definitions.Scenarios(s.Machine.Code)
			require.NoError(t, err)
			require.NotEmpty(t, scenarios, "a scenario shows how it runs")
			require.NotNil(t, s.Machine.Cause, "what was published names the document that caused it")
			requireHost(t, s.Machine)
			for _, sum := range s.Machine.Sums() {
				require.True(t, sum.Holds(), "steps of variant %q: %d of %d (comparable: %t)", sum.Variant, sum.Total, sum.Wanted, sum.Comparable)
			}
		})
	}
}

// requireHost: an example agency of the procedure's level (any, for an internal
// one) has somebody for everything it asks for.
func requireHost(t *testing.T, m *engine.Machine) {
	t.Helper()
	organisations, err := definitions.ExampleOrganisations()
	require.NoError(t, err)
	missing := make(map[string][]engine.RoleIn)
	for _, o := range organisations {
		if o.Agency.Level != m.Level && m.Level != "internal" {
			continue
		}
		lacks := definitions.Unbound(m, o)
		if len(lacks) == 0 {
			return
		}
		missing[o.Agency.Code] = lacks
	}
	require.Fail(t, "no example agency can run it", "%v", missing)
}
