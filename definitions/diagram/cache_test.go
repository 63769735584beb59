package diagram_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCacheIsPrivate starts this test program anew, as a user whose temporary
// directory is everybody's, and looks where the library put its native code.
func TestCacheIsPrivate(t *testing.T) {
	t.Parallel()
	if dir := os.Getenv("MOTCUA_TEST_TMPDIR"); dir != "" {
		require.Equal(t, dir, os.TempDir(), "the process has its own TMPDIR back")
		return
	}
	for name, mode := range map[string]os.FileMode{"private": 0o700, "open to others": 0o777} {
		shared, cache := t.TempDir(), t.TempDir()
		require.NoError(t, os.Mkdir(filepath.Join(cache, "motcua"), 0o700))
		require.NoError(t, os.Chmod(filepath.Join(cache, "motcua"), mode))
		cmd := exec.Command(os.Args[0], "-test.run=^TestCacheIsPrivate$")
		cmd.Env = append(os.Environ(), "TMPDIR="+shared, "XDG_CACHE_HOME="+cache, "MOTCUA_TEST_TMPDIR="+shared)
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s: %s", name, out)
		require.Empty(t, entries(t, shared), "%s: nothing where others can reach", name)
		require.Equal(t, mode == 0o700, strings.Contains(strings.Join(entries(t, filepath.Join(cache, "motcua")), " "), "go-graphviz"), name)
	}
}

func entries(t *testing.T, dir string) []string {
	t.Helper()
	list, err := os.ReadDir(dir)
	require.NoError(t, err)
	var names []string
	for _, e := range list {
		names = append(names, e.Name())
	}
	return names
}
