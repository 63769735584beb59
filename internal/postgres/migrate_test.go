package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/internal/postgres"
	"motcua/internal/postgres/pgtest"
)

func TestMigrate(t *testing.T) {
	t.Parallel()
	t.Run("goes up, down and up again", func(t *testing.T) {
		t.Parallel()
		url := pgtest.Empty(t)
		require.NoError(t, postgres.Migrate(t.Context(), url))
		require.Zero(t, pending(t, url))
		require.NoError(t, postgres.MigrateDown(t.Context(), url, 0))
		list, err := postgres.MigrationStatus(t.Context(), url)
		require.NoError(t, err)
		require.Equal(t, len(list), pending(t, url))
		require.Equal(t, []string{"goose_db_version"}, tables(t, url), "down leaves nothing of ours")
		require.NoError(t, postgres.Migrate(t.Context(), url))
		require.Zero(t, pending(t, url))
		require.NoError(t, postgres.Migrate(t.Context(), url), "nothing left to do is no error")
	})
	t.Run("goes down one version at a time", func(t *testing.T) {
		t.Parallel()
		url := pgtest.Empty(t)
		require.NoError(t, postgres.Migrate(t.Context(), url))
		list, err := postgres.MigrationStatus(t.Context(), url)
		require.NoError(t, err)
		for i := len(list) - 1; i >= 0; i-- {
			require.NoError(t, postgres.MigrateDown(t.Context(), url, list[i].Version-1), list[i].File)
			require.NoError(t, postgres.Migrate(t.Context(), url), list[i].File)
			require.NoError(t, postgres.MigrateDown(t.Context(), url, list[i].Version-1), list[i].File)
		}
	})
	t.Run("is done once by processes that start together", func(t *testing.T) {
		t.Parallel()
		url := pgtest.Empty(t)
		for _, err := range parallel(4, func(int) error { return postgres.Migrate(t.Context(), url) }) {
			require.NoError(t, err)
		}
	})
}

func TestReady(t *testing.T) {
	t.Parallel()
	url := pgtest.Empty(t)
	ledger := ledgerOn(pgtest.Open(t, url))
	require.ErrorContains(t, ledger.Ready(t.Context()), "migrate")
	require.NoError(t, postgres.Migrate(t.Context(), url))
	require.NoError(t, ledger.Ready(t.Context()))
}

func pending(t *testing.T, url string) int {
	t.Helper()
	list, err := postgres.MigrationStatus(t.Context(), url)
	require.NoError(t, err)
	n := 0
	for _, m := range list {
		if !m.Applied {
			n++
		}
	}
	return n
}

func tables(t *testing.T, url string) []string {
	t.Helper()
	var names []string
	err := pgtest.Open(t, url).QueryRow(t.Context(), `
		SELECT array_agg(tablename::text ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public'`).Scan(&names)
	require.NoError(t, err)
	return names
}
