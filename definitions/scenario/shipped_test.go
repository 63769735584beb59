package scenario_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/definitions/scenario"
	"motcua/engine"
)

var update = flag.Bool("update", false, "write the timelines of the scenarios anew")

// TestShipped plays every scenario that ships on the procedure it ships with.
func TestShipped(t *testing.T) {
	t.Parallel()
	shipped, err := definitions.Shipped()
	require.NoError(t, err)
	for _, procedure := range shipped {
		texts, err := definitions.Scenarios(procedure.Machine.Code)
		require.NoError(t, err)
		for _, text := range texts {
			t.Run(text.File, func(t *testing.T) {
				t.Parallel()
				requireTimeline(t, procedure.Machine, filepath.Join("..", filepath.FromSlash(text.File)), text.Text)
			})
		}
	}
}

func TestEveryShippedProcedureHasScenarios(t *testing.T) {
	t.Parallel()
	shipped, err := definitions.Shipped()
	require.NoError(t, err)
	var lacking []string
	for _, procedure := range shipped {
		texts, err := definitions.Scenarios(procedure.Machine.Code)
		require.NoError(t, err)
		if len(texts) < 2 {
			lacking = append(lacking, procedure.Machine.Code)
		}
	}
	require.Empty(t, lacking, "these have fewer than two scenarios")
}

// TestOwn plays scenarios of what no shipped one may need, on definitions of
// their own.
func TestOwn(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			requireTimeline(t, nil, file, text)
		})
	}
}

func requireTimeline(t *testing.T, m *engine.Machine, file string, text []byte) {
	t.Helper()
	s, findings := scenario.Read(file, text)
	require.NoError(t, findings.Err())
	timeline, err := s.Play(m)
	require.NoError(t, err)
	got := timeline.Text("vi")
	if *update {
		require.NoError(t, os.WriteFile(file, scenario.WithTimeline(text, got), 0o644))
		return
	}
	require.NotNil(t, s.Golden, "%s has no timeline.txt: go test ./definitions/scenario -update", file)
	require.Equal(t, *s.Golden, got, "go test ./definitions/scenario -update, then look at the difference")
}
