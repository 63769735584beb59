package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/internal/keyring"
	"motcua/internal/postgres/pgtest"
)

// TestNoProcessWithoutKeys: what serves refuses to start, and says how to help it.
func TestNoProcessWithoutKeys(t *testing.T) {
	t.Setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
	t.Setenv("MOTCUA_KEYS", "")
	t.Setenv("MOTCUA_KEYS_FILE", "")
	for _, process := range []string{"api", "worker"} {
		r := command(t, process)
		require.Equal(t, exitUsage, r.code, process)
		require.Contains(t, r.err, "motcua keys generate", process)
	}
	t.Setenv("MOTCUA_KEYS", `{"active":"a","keys":{"a":"c2VjcmV0"},"index":"c2VjcmV0"}`)
	r := command(t, "api")
	require.Equal(t, exitUsage, r.code)
	require.NotContains(t, r.err, "c2VjcmV0", "no key is repeated")
}

func TestKeys(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys.json")
	t.Setenv("DATABASE_URL", pgtest.URL(t))
	t.Setenv("MOTCUA_KEYS", "")
	t.Setenv("MOTCUA_KEYS_FILE", file)
	require.Equal(t, exitOK, command(t, "keys", "generate", "--file", file).code)
	require.Equal(t, exitUsage, command(t, "keys", "generate", "--file", file).code, "a ring is never replaced")
	require.Equal(t, exitOK, command(t, "keys", "generate", "--file", file, "--if-missing").code)
	first, err := keyring.Read(file)
	require.NoError(t, err)

	added := command(t, "keys", "add", "--file", file, "--output", "json")
	require.Equal(t, exitOK, added.code, added.err)
	both, err := keyring.Read(file)
	require.NoError(t, err)
	require.Len(t, both.Keys, 2)
	require.NotEqual(t, first.Active, both.Active)
	for _, key := range both.Keys {
		require.NotContains(t, added.out, string(key))
	}
	rotated := command(t, "keys", "rotate")
	require.Equal(t, exitOK, rotated.code, rotated.err)
	require.Equal(t, exitOK, command(t, "keys", "status").code)
	require.Equal(t, exitUsage, command(t, "keys", "remove", both.Active, "--file", file).code, "the active key stays")
	removed := command(t, "keys", "remove", first.Active, "--file", file)
	require.Equal(t, exitOK, removed.code, removed.err)
	require.Equal(t, exitOK, command(t, "personal", "seal").code)
	require.Equal(t, exitUsage, command(t, "personal", "erase", "H00.101-261129-0001").code, "without a basis")
}

// ringed gives the processes of a test a key ring, without which none starts.
func ringed(t *testing.T) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "keys.json")
	require.Equal(t, exitOK, command(t, "keys", "generate", "--file", file).code)
	t.Setenv("MOTCUA_KEYS_FILE", file)
}
