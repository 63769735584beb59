package postgres_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
	"motcua/internal/devstack"
	"motcua/internal/postgres"
	"motcua/internal/postgres/pgtest"
)

// asMember is a ledger that logs in as a member of the application's role, as
// api and worker do in production.
func asMember(t *testing.T, w world) world {
	t.Helper()
	name := "motcua_test_" + strings.ToLower(rand.Text())
	w.exec(fmt.Sprintf(`CREATE ROLE %s LOGIN PASSWORD 'secret' IN ROLE %s`, name, postgres.AppRole))
	t.Cleanup(func() {
		conn, err := pgx.Connect(context.Background(), w.url) // the test's own context is over
		require.NoError(t, err)
		_, err = conn.Exec(context.Background(), `DROP ROLE `+name)
		require.NoError(t, errors.Join(err, conn.Close(context.Background())))
	})
	u, err := url.Parse(w.url)
	require.NoError(t, err)
	u.User = url.UserPassword(name, "secret")
	w.pool = pgtest.Open(t, u.String())
	w.Ledger = ledgerOn(w.pool)
	return w
}

func TestApplicationRole(t *testing.T) {
	t.Parallel()
	owner := newWorld(t, birth())
	w := asMember(t, owner)

	code := w.start("k").Code
	w.accepted(code, "accept", "an")
	w.accepted(code, engine.EventAcceptHandoff, "chi")
	w.accepted(code, "submit", "chi")
	_, err := w.Overslept(t.Context(), 0, 10)
	require.NoError(t, err)
	later := birth()
	later.Version, later.Effective.From = 2, calendar.NewDate(2035, time.January, 1)
	w.publish(later)
	require.NoError(t, w.Verify(t.Context(), code))
	for _, sql := range []string{
		`UPDATE facts SET actor = 'x'`, `DELETE FROM facts`, `TRUNCATE facts`, `ALTER TABLE facts DISABLE TRIGGER USER`,
		`ALTER TABLE facts DROP COLUMN digest`, `DROP TABLE facts`, `DROP TRIGGER facts_append_only ON facts`,
		`UPDATE procedure_events SET actor = 'x'`, `DELETE FROM procedure_events`, `TRUNCATE procedure_events`, `ALTER TABLE procedure_events DISABLE TRIGGER ALL`,
		`UPDATE calendar_events SET actor = 'x'`, `DELETE FROM calendar_events`, `TRUNCATE calendar_events`,
		`UPDATE legal_changes SET note = 'x'`, `DELETE FROM legal_changes`,
		`UPDATE audit_digests SET leaves = 0`, `DELETE FROM audit_digests`, `TRUNCATE audit_digests`, `DELETE FROM audit_leaves`, `DELETE FROM audit_keys`,
		`UPDATE audit_keys SET endorsement = ''`, `DELETE FROM audit_reads`, `UPDATE readings SET actor = 'x'`, `DELETE FROM readings`,
		`DELETE FROM dossiers`, `TRUNCATE dossiers CASCADE`, `DELETE FROM commands`, `DELETE FROM procedure_versions`, `DELETE FROM calendars`, `DELETE FROM acts`,
		`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, true)`,
		`CREATE TABLE mine (a int)`, `CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
		`SET session_replication_role = replica`, `CREATE ROLE another`,
	} {
		t.Run("is refused "+sql, func(t *testing.T) {
			_, err := w.pool.Exec(t.Context(), sql)
			require.ErrorContains(t, err, "42501")
		})
	}
}

// TestGrants: of every table somebody has decided what the serving processes
// may do with it, and the server agrees.
func TestGrants(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	rows, err := w.pool.Query(t.Context(), `
		SELECT t.tablename::text, coalesce(string_agg(p.privilege, ', ' ORDER BY p.place), '')
		FROM pg_tables t LEFT JOIN (VALUES (1, 'SELECT'), (2, 'INSERT'), (3, 'UPDATE'), (4, 'DELETE'), (5, 'TRUNCATE'), (6, 'REFERENCES'), (7, 'TRIGGER')) AS p (place, privilege)
			ON has_table_privilege($1, format('%I.%I', t.schemaname, t.tablename), p.privilege)
		WHERE t.schemaname = 'public' GROUP BY t.tablename`, postgres.AppRole)
	require.NoError(t, err)
	have := map[string]string{}
	for rows.Next() {
		var table, privileges string
		require.NoError(t, rows.Scan(&table, &privileges))
		have[table] = privileges
	}
	require.NoError(t, rows.Err())
	require.Equal(t, postgres.Grants(), have, "a new table needs a line in grants.go")
}

var (
	inserts = regexp.MustCompile(`INSERT INTO ([a-z_]+)`)
	updates = regexp.MustCompile(`UPDATE ([a-z_]+)(?: (?:AS )?[a-z]+)? SET`)
	deletes = regexp.MustCompile(`DELETE FROM ([a-z_]+)`)
)

// TestGrantsAreWhatIsUsed reads the ledger's statements: what none of them
// does, the role may not do, so that a record stays one by privilege too.
func TestGrantsAreWhatIsUsed(t *testing.T) {
	t.Parallel()
	used := map[string][]string{}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	var text strings.Builder
	for _, file := range files {
		if !strings.HasSuffix(file, "_test.go") {
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			text.Write(source)
		}
	}
	for privilege, statement := range map[string]*regexp.Regexp{"INSERT": inserts, "UPDATE": updates, "DELETE": deletes} {
		for _, m := range statement.FindAllStringSubmatch(text.String(), -1) {
			used[m[1]] = append(used[m[1]], privilege)
		}
	}
	for _, m := range regexp.MustCompile(`INSERT INTO ([a-z_]+)[^\x60]*?ON CONFLICT[^\x60]*?DO UPDATE`).FindAllStringSubmatch(text.String(), -1) {
		used[m[1]] = append(used[m[1]], "UPDATE")
	}
	require.NotEmpty(t, used)
	for table, may := range postgres.Grants() {
		for privilege := range strings.SplitSeq(may, ", ") {
			if privilege != "SELECT" {
				require.True(t, slices.Contains(used[table], privilege), "%s on %s is granted and no statement needs it", privilege, table)
			}
		}
		for _, privilege := range used[table] {
			require.Contains(t, may, privilege, "a statement needs %s on %s", privilege, table)
		}
	}
}

func TestMigrateMendsGrants(t *testing.T) {
	t.Parallel()
	url := pgtest.Empty(t)
	require.NoError(t, postgres.Migrate(t.Context(), url))
	requireGranted(t, url, true)
	pool := pgtest.Open(t, url)
	_, err := pool.Exec(t.Context(), `REVOKE ALL ON facts FROM `+postgres.AppRole)
	require.NoError(t, err)
	requireGranted(t, url, false)
	require.NoError(t, postgres.Migrate(t.Context(), url))
	requireGranted(t, url, true)
}

// TestMigrateWithoutTheRightToCreateRoles: on a server of its own, because
// roles belong to the whole server.
func TestMigrateWithoutTheRightToCreateRoles(t *testing.T) {
	t.Parallel()
	server, err := devstack.StartPostgres(t.Context(), devstack.PostgresOptions{Dir: t.TempDir()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Stop()) })
	super := pgtest.Open(t, server.URL("postgres"))
	for _, sql := range []string{`CREATE ROLE owner LOGIN PASSWORD 'secret'`, `CREATE DATABASE motcua OWNER owner`} {
		_, err := super.Exec(t.Context(), sql)
		require.NoError(t, err)
	}
	u, err := url.Parse(server.URL("motcua"))
	require.NoError(t, err)
	u.User = url.UserPassword("owner", "secret")
	require.NoError(t, postgres.Migrate(t.Context(), u.String()), "the schema does not need the role")
	requireGranted(t, u.String(), false)
	_, err = super.Exec(t.Context(), `CREATE ROLE `+postgres.AppRole+` NOLOGIN`)
	require.NoError(t, err)
	require.NoError(t, postgres.Migrate(t.Context(), u.String()))
	requireGranted(t, u.String(), true)
}

func requireGranted(t *testing.T, url string, want bool) {
	t.Helper()
	granted, err := postgres.Granted(t.Context(), url)
	require.NoError(t, err)
	require.Equal(t, want, granted)
}
