package scenario_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions/scenario"
)

// TestTheGuidesExampleHolds plays the example of docs/simulation.md on the
// birth registration it is written for.
func TestTheGuidesExampleHolds(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile(filepath.Join("..", "..", "docs", "simulation.md"))
	require.NoError(t, err)
	_, rest, found := strings.Cut(string(guide), "```yaml\n")
	require.True(t, found)
	example, _, _ := strings.Cut(rest, "```")
	s, findings := scenario.Read("docs/simulation.md", []byte(example))
	require.NoError(t, findings.Err())
	_, err = s.Play(compiled(t, filepath.Join("..", "procedures", "1.001193.yaml")))
	require.NoError(t, err)
}
