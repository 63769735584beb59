package devstack_test

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"motcua/internal/devstack"
)

func startPostgres(t *testing.T, opts devstack.PostgresOptions) *devstack.Postgres {
	t.Helper()
	pg, err := devstack.StartPostgres(t.Context(), opts)
	require.NoError(t, err)
	t.Cleanup(func() { _ = pg.Stop() })
	return pg
}

func query(t *testing.T, pg *devstack.Postgres, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), pg.URL("postgres"))
	require.NoError(t, err)
	defer conn.Close(t.Context())
	var answer string
	require.NoError(t, conn.QueryRow(t.Context(), sql).Scan(&answer))
	return answer
}

func execute(t *testing.T, pg *devstack.Postgres, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), pg.URL("postgres"))
	require.NoError(t, err)
	defer conn.Close(t.Context())
	_, err = conn.Exec(t.Context(), sql)
	require.NoError(t, err)
}

func TestPostgres(t *testing.T) {
	opts := devstack.PostgresOptions{
		Dir:      filepath.Join(t.TempDir(), "stack"),
		Settings: map[string]string{"work_mem": "5MB"},
	}
	whole := t // a server started by one step serves the next ones too
	pg := startPostgres(whole, opts)
	address := pg.URL("postgres")
	execute(t, pg, `CREATE TABLE kept AS SELECT 'still here' AS note`)

	t.Run("is durable, in UTF-8, and takes settings", func(t *testing.T) {
		require.Equal(t, "on", query(t, pg, "SHOW fsync"))
		require.Equal(t, "UTF8", query(t, pg, "SHOW server_encoding"))
		require.Equal(t, "200", query(t, pg, "SHOW max_connections"))
		require.Equal(t, "5MB", query(t, pg, "SHOW work_mem"))
	})
	t.Run("refuses a wrong password", func(t *testing.T) {
		u, err := url.Parse(address)
		require.NoError(t, err)
		u.User = url.UserPassword(u.User.Username(), "wrong")
		_, err = pgx.Connect(t.Context(), u.String())
		require.ErrorContains(t, err, "password authentication failed")
	})
	t.Run("keeps its password to its owner", func(t *testing.T) {
		info, err := os.Stat(filepath.Join(opts.Dir, "postgres", "password"))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	})
	t.Run("refuses a second server in its directory", func(t *testing.T) {
		_, err := devstack.StartPostgres(t.Context(), opts)
		require.ErrorContains(t, err, "locked by another process")
	})
	t.Run("keeps data and address over a stop", func(t *testing.T) {
		require.NoError(t, pg.Stop())
		require.NoError(t, pg.Stop(), "a second stop does nothing")
		pg = startPostgres(whole, opts)
		require.Equal(t, address, pg.URL("postgres"))
		require.Equal(t, "still here", query(t, pg, `SELECT note FROM kept`))
	})
	t.Run("keeps data over a kill", func(t *testing.T) {
		execute(t, pg, "UPDATE kept SET note = 'survived'")
		require.NoError(t, pg.Kill())
		<-pg.Done()
		pg = startPostgres(whole, opts)
		require.Equal(t, "survived", query(t, pg, `SELECT note FROM kept`))
	})
	t.Run("moves when its port is taken", func(t *testing.T) {
		require.NoError(t, pg.Stop())
		other := startPostgres(t, devstack.PostgresOptions{Dir: filepath.Join(t.TempDir(), "other"), Port: port(t, address)})
		pg = startPostgres(whole, opts)
		require.NotEqual(t, address, pg.URL("postgres"))
		require.Equal(t, "survived", query(t, pg, `SELECT note FROM kept`))
		require.NoError(t, other.Stop())
	})
	require.NoError(t, pg.Stop())
}

func TestStartPostgresStopsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := devstack.StartPostgres(ctx, devstack.PostgresOptions{Dir: t.TempDir()})
	require.ErrorIs(t, err, context.Canceled)
}

func TestStartPostgresSaysWhyItCannotStart(t *testing.T) {
	dir := t.TempDir()
	_, err := devstack.StartPostgres(t.Context(), devstack.PostgresOptions{
		Dir: dir, Settings: map[string]string{"no_such_setting": "1"},
	})
	require.ErrorContains(t, err, "no_such_setting")
	// What failed left no lock behind.
	startPostgres(t, devstack.PostgresOptions{Dir: dir})
}

func TestMain(m *testing.M) {
	if dir := os.Getenv(parentEnv); dir != "" {
		beParent(dir)
		return
	}
	os.Exit(m.Run())
}

// parentEnv makes the test program the parent of a server in the directory that it names.
const parentEnv = "MOTCUA_DEVSTACK_TEST_PARENT"

// beParent starts a server, prints its address and waits to be killed.
func beParent(dir string) {
	pg, err := devstack.StartPostgres(context.Background(), devstack.PostgresOptions{Dir: dir})
	if err != nil {
		os.Stderr.WriteString(err.Error())
		os.Exit(1)
	}
	os.Stdout.WriteString(pg.URL("postgres") + "\n")
	<-pg.Done()
}

func TestPostgresEndsWithItsParent(t *testing.T) {
	dir := t.TempDir()
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), parentEnv+"="+dir)
	parent.Stderr = os.Stderr
	output, err := parent.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, parent.Start())
	address := firstLine(t, output)
	conn, err := pgx.Connect(t.Context(), address)
	require.NoError(t, err)

	require.NoError(t, parent.Process.Kill())
	_ = parent.Wait()

	// The server ends our session as it shuts down.
	_, err = conn.Exec(t.Context(), "SELECT pg_sleep(30)")
	require.Error(t, err)
	// A new parent takes over at once, whether or not the old server has finished.
	pg := startPostgres(t, devstack.PostgresOptions{Dir: dir})
	require.Equal(t, "1", query(t, pg, "SELECT '1'"))
}
