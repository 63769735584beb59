package keyring_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/internal/keyring"
)

var day = time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC)

func ring(t *testing.T, f keyring.File) *keyring.Ring {
	t.Helper()
	r, err := f.Ring()
	require.NoError(t, err)
	return r
}

func TestSealAndOpen(t *testing.T) {
	r := ring(t, keyring.Generate(day))
	sealed, err := r.Seal([]byte("Trần Thị Bí Mật"), "here")
	require.NoError(t, err)
	require.NotContains(t, string(sealed), "Bí Mật")
	require.Equal(t, "2026-11-29", r.KeyOf(sealed))
	again, err := r.Seal([]byte("Trần Thị Bí Mật"), "here")
	require.NoError(t, err)
	require.NotEqual(t, sealed, again, "the same text twice does not look the same")

	plain, err := r.Open(sealed, "here")
	require.NoError(t, err)
	require.Equal(t, "Trần Thị Bí Mật", string(plain))
	plain, err = r.Open(sealed, "elsewhere")
	require.ErrorIs(t, err, keyring.ErrAltered)
	require.Nil(t, plain)
	for i := range sealed {
		bent := append([]byte(nil), sealed...)
		bent[i] ^= 1
		plain, err = r.Open(bent, "here")
		require.Error(t, err, "byte %d", i)
		require.Nil(t, plain)
	}
	for n := range sealed {
		_, err = r.Open(sealed[:n], "here")
		require.Error(t, err, "cut after %d", n)
	}
}

func TestRotation(t *testing.T) {
	f := keyring.Generate(day)
	old := ring(t, f)
	sealed, err := old.Seal([]byte("x"), "here")
	require.NoError(t, err)
	require.Equal(t, "2026-11-29.2", f.Add(day), "a second key of one day has a name of its own")
	rotated := ring(t, f)
	plain, err := rotated.Open(sealed, "here")
	require.NoError(t, err)
	require.Equal(t, "x", string(plain))
	require.Equal(t, old.Index("tran"), rotated.Index("tran"), "what was indexed is still found")

	require.Error(t, f.Remove("2026-11-29.2"), "the active key stays")
	require.Error(t, f.Remove("nonesuch"))
	require.NoError(t, f.Remove("2026-11-29"))
	_, err = ring(t, f).Open(sealed, "here")
	require.ErrorIs(t, err, keyring.ErrKeyMissing)
	require.Equal(t, engine.CodeUnavailable, engine.CodeOf(err))
	require.ErrorContains(t, err, `"2026-11-29"`, "it names the key")
}

func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys.json")
	f := keyring.Generate(day)
	require.NoError(t, f.Write(path))
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	read, err := keyring.Read(path)
	require.NoError(t, err)
	require.Equal(t, f, read)

	for name, text := range map[string]string{
		"nothing":        "",
		"no JSON":        "secret",
		"no keys":        `{"active":"a","keys":{},"index":"AAAA"}`,
		"short key":      `{"active":"a","keys":{"a":"c2VjcmV0"},"index":"AAAA"}`,
		"unknown member": `{"active":"a","keys":{},"index":"AAAA","more":1}`,
	} {
		_, err := keyring.Parse([]byte(text))
		require.Error(t, err, name)
		require.NotContains(t, err.Error(), "secret", name)
		require.NotContains(t, err.Error(), "c2VjcmV0", name)
	}
}
