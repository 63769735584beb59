package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/engine"
	"motcua/internal/postgres"
	"motcua/internal/postgres/pgtest"
)

func newLedger(t *testing.T) *postgres.Ledger {
	t.Helper()
	return postgres.New(pgtest.New(t), postgres.Options{Compile: definitions.Compile, Keys: pgtest.Keys()})
}

func TestSeed(t *testing.T) {
	t.Run("a second time changes nothing", func(t *testing.T) {
		l := newLedger(t)
		for range 2 {
			organisations, err := seed(t.Context(), l)
			require.NoError(t, err)
			require.NotEmpty(t, organisations)
		}
	})
	t.Run("names the shipped file that was edited without a new version", func(t *testing.T) {
		l := newLedger(t)
		shipped, err := definitions.Shipped()
		require.NoError(t, err)
		text := append(bytes.Clone(shipped[0].Text), "# edited\n"...)
		m, err := definitions.Compile(text)
		require.NoError(t, err)
		require.NoError(t, l.PutVersion(t.Context(), m, text))
		_, err = seed(t.Context(), l)
		require.ErrorContains(t, err, "definitions/"+shipped[0].File+": ")
		require.ErrorContains(t, err, "give the new one a new version")
		require.ErrorContains(t, err, "make reset")
		require.Equal(t, exitFailed, exitCode(err))
	})
}

func TestProvision(t *testing.T) {
	dir, first, second := t.TempDir(), newLedger(t), newLedger(t)
	organisations, err := seed(t.Context(), first)
	require.NoError(t, err)
	_, err = seed(t.Context(), second)
	require.NoError(t, err)

	made, err := provision(t.Context(), first, dir, organisations)
	require.NoError(t, err)
	require.Contains(t, made.Keys, "portal@H00.101")
	require.Contains(t, made.Keys, "lan.nguyen")
	made.Keys["gone"] = "mc_gone_gone"
	require.NoError(t, made.write(dir))

	t.Run("keeps the keys the ledger knows, and only those", func(t *testing.T) {
		again, err := provision(t.Context(), first, dir, organisations)
		require.NoError(t, err)
		require.Equal(t, made.Keys["lan.nguyen"], again.Keys["lan.nguyen"])
		require.NotContains(t, again.Keys, "gone")
	})
	t.Run("replaces those of another database", func(t *testing.T) {
		again, err := provision(t.Context(), second, dir, organisations)
		require.NoError(t, err)
		require.Len(t, again.Keys, len(made.Keys)-1)
		for name, key := range again.Keys {
			require.NotEqual(t, made.Keys[name], key)
			known, err := knows(t.Context(), second, key)
			require.NoError(t, err)
			require.True(t, known, name)
		}
	})
	t.Run("a key acts as whom it is named for", func(t *testing.T) {
		require.Equal(t, engine.ActorSystem, actor(t, first, made.Keys["portal@H00.101"]).Kind)
		require.Equal(t, "lan.nguyen", actor(t, first, made.Keys["lan.nguyen"]).ID)
	})
}

func actor(t *testing.T, l *postgres.Ledger, key string) engine.Actor {
	t.Helper()
	id, secret := keyParts(key)
	a, err := l.ByKey(t.Context(), id, secret)
	require.NoError(t, err)
	return a
}

func TestMigrate(t *testing.T) {
	t.Setenv("DATABASE_URL", pgtest.Empty(t))
	require.Regexp(t, `(?m)^1 +0001_organisation\.sql +pending$`, command(t, "migrate", "status").out)
	up := command(t, "migrate")
	require.Equal(t, exitOK, up.code, up.err)
	require.Regexp(t, `(?m)^VERSION  FILE +APPLIED$`, up.out)
	require.Regexp(t, `(?m)^1 +0001_organisation\.sql +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00$`, up.out)
	require.NotContains(t, up.out, "pending")
	require.Equal(t, up.out, command(t, "migrate", "up").out)
	require.Regexp(t, `"migrations": \[`, command(t, "migrate", "status", "-o", "json").out)
}
