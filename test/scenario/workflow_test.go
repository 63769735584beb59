package scenario_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/definitions/scenario"
	"motcua/engine"
)

// TestShippedThroughTheWorkflow plays every shipped scenario twice: on the
// engine, whose virtual clock is told of every due moment, and through the
// workflow, whose timers must find them.
func TestShippedThroughTheWorkflow(t *testing.T) {
	t.Parallel()
	shipped, err := definitions.Shipped()
	require.NoError(t, err)
	played := 0
	for _, procedure := range shipped {
		texts, err := definitions.Scenarios(procedure.Machine.Code)
		require.NoError(t, err)
		for _, text := range texts {
			played++
			t.Run(text.File, func(t *testing.T) {
				t.Parallel()
				requireSame(t, procedure.Machine, text.File, text.Text)
			})
		}
	}
	require.NotZero(t, played)
}

// TestOwnThroughTheWorkflow plays the scenarios of what no shipped one may
// need, on definitions of their own.
func TestOwnThroughTheWorkflow(t *testing.T) {
	t.Parallel()
	playFiles(t, nil, filepath.Join("..", "..", "definitions", "scenario", "testdata", "*.txtar"))
}

// TestRegimesThroughTheWorkflow plays the supplement regimes R1 to R8 and the
// other rules of time.
func TestRegimesThroughTheWorkflow(t *testing.T) {
	t.Parallel()
	procedures, err := filepath.Glob(filepath.Join("..", "..", "definitions", "testdata", "regimes", "*.yaml"))
	require.NoError(t, err)
	require.Len(t, procedures, 19)
	for _, procedure := range procedures {
		definition, err := os.ReadFile(procedure)
		require.NoError(t, err)
		m, findings := definitions.Read(procedure, definition)
		require.NoError(t, findings.Err())
		playFiles(t, m, strings.TrimSuffix(procedure, ".yaml")+"*.txtar")
	}
}

// playFiles plays the scenarios of some files, each as a test of its own.
func playFiles(t *testing.T, m *engine.Machine, pattern string) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			requireSame(t, m, file, text)
		})
	}
}

func requireSame(t *testing.T, m *engine.Machine, file string, text []byte) {
	t.Helper()
	s, findings := scenario.Read(file, text)
	require.NoError(t, findings.Err())
	setting, err := s.Setting(m)
	require.NoError(t, err)
	want, err := s.Play(m)
	require.NoError(t, err)
	got := scenario.Tell(setting, s.Name, newDrive(t, setting, &s).run())
	require.Equal(t, want.Text("vi"), got.Text("vi"))
	require.Equal(t, want, got)
}
