package definitions_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/definitions/scenario"
)

// regimes are the supplement regimes R1 to R8 and the other rules of time:
// what acts by a rung, back to a step, consultations, due dates, extensions,
// halts, the intake, overrides, approvals, the start, and the eight weeks.
var regimes = []string{"R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "A", "B", "C", "D", "E", "H", "I", "O", "P", "S", "W"}

// TestRegimes plays them, each as the smallest procedure that has it:
// testdata/regimes/R1.yaml, and the scenarios that prove it, R1.txtar or
// R1-what.txtar.
func TestRegimes(t *testing.T) {
	for _, regime := range regimes {
		t.Run(regime, func(t *testing.T) {
			file := filepath.Join("testdata", "regimes", regime+".yaml")
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			m, findings := definitions.Read(file, text)
			require.Empty(t, said(findings))
			require.Empty(t, definitions.Unbound(m, organisation(t, m.Level)))

			scenarios, err := filepath.Glob(strings.TrimSuffix(file, ".yaml") + "*.txtar")
			require.NoError(t, err)
			require.NotEmpty(t, scenarios)
			for _, s := range scenarios {
				t.Run(filepath.Base(s), func(t *testing.T) { requireTimeline(t, file, s) })
			}
		})
	}
}

// requireTimeline plays a scenario on the procedure of a file, and compares
// what happened with what it expects and with its timeline.
func requireTimeline(t *testing.T, procedure, file string) {
	t.Helper()
	definition, err := os.ReadFile(procedure)
	require.NoError(t, err)
	m, findings := definitions.Read(procedure, definition)
	require.NoError(t, findings.Err())
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	s, findings := scenario.Read(file, text)
	require.NoError(t, findings.Err())
	timeline, err := s.Play(m)
	require.NoError(t, err)
	got := timeline.Text("vi")
	if *update {
		require.NoError(t, os.WriteFile(file, scenario.WithTimeline(text, got), 0o644))
		return
	}
	require.NotNil(t, s.Golden, "go test ./definitions -run TestRegimes -update, then read it")
	require.Equal(t, *s.Golden, got)
}
