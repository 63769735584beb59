package scenario

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

// TestEveryKindOfFactHasWords fails when the engine gets a kind of fact that
// the timeline could only repeat.
func TestEveryKindOfFactHasWords(t *testing.T) {
	t.Parallel()
	for _, kind := range engine.FactKinds() {
		require.Contains(t, tellers, kind)
	}
}
