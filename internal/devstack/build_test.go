package devstack_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/internal/devstack"
)

func TestBuildTemporal(t *testing.T) {
	root := filepath.Join("..", "..")
	path, err := devstack.BuildTemporal(t.Context(), root, "", t.Output())
	require.NoError(t, err)
	require.FileExists(t, path)

	t.Run("does nothing for the same source", func(t *testing.T) {
		var told bytes.Buffer
		again, err := devstack.BuildTemporal(t.Context(), root, "", &told)
		require.NoError(t, err)
		require.Equal(t, path, again)
		require.Empty(t, told.String())
	})
	t.Run("needs the source", func(t *testing.T) {
		_, err := devstack.BuildTemporal(t.Context(), t.TempDir(), "", nil)
		require.ErrorIs(t, err, devstack.ErrNoTemporal)
	})
}

func TestFindTemporal(t *testing.T) {
	t.Run("takes the one given before the environment's", func(t *testing.T) {
		t.Setenv("MOTCUA_TEMPORAL_BIN", "/nowhere")
		found, err := devstack.FindTemporal(t.Context(), "build_test.go", nil)
		require.NoError(t, err)
		require.Equal(t, "build_test.go", filepath.Base(found))
	})
	t.Run("says when the one named is missing", func(t *testing.T) {
		t.Setenv("MOTCUA_TEMPORAL_BIN", filepath.Join(t.TempDir(), "missing"))
		_, err := devstack.FindTemporal(t.Context(), "", nil)
		require.ErrorContains(t, err, "missing")
	})
	t.Run("finds nothing outside the repository", func(t *testing.T) {
		t.Setenv("MOTCUA_TEMPORAL_BIN", "")
		t.Chdir(t.TempDir())
		_, err := devstack.FindTemporal(t.Context(), "", nil)
		require.ErrorIs(t, err, devstack.ErrNoTemporal)
	})
}
