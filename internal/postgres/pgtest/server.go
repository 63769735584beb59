package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/internal/devstack"
	"motcua/internal/postgres"
)

// Variable names the environment variable with the address of a server to use
// instead of a private one. Its user must be allowed to create databases.
const Variable = "MOTCUA_TEST_DATABASE_URL"

// prefix begins the name of the private servers' directories; the rest is the
// id of the process that each belongs to.
const prefix = "motcua-pgtest-"

// server is the one server of this process.
type server struct {
	admin    string // address of its maintenance database
	template func() (string, error)
}

var shared = sync.OnceValues(func() (*server, error) {
	admin := os.Getenv(Variable)
	if admin == "" {
		var err error
		if admin, err = startPrivate(); err != nil {
			return nil, err
		}
	}
	if _, err := url.Parse(admin); err != nil {
		return nil, fmt.Errorf("$%s is not a URL", Variable) // the parser's error would repeat the password
	}
	s := &server{admin: admin}
	s.template = sync.OnceValues(s.migrated)
	return s, nil
})

// startPrivate starts a server that forgets on a crash what it did not write:
// it lives as long as the tests. It is told of this process's death by the
// kernel; its directory is removed by the next process that comes by.
func startPrivate() (string, error) {
	sweep()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	p, err := devstack.StartPostgres(ctx, devstack.PostgresOptions{
		Dir:      filepath.Join(os.TempDir(), prefix+strconv.Itoa(os.Getpid())),
		Settings: map[string]string{"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"},
	})
	if err != nil {
		return "", err
	}
	return p.URL("postgres"), nil
}

// sweep removes the directories of processes that are gone.
func sweep() {
	dirs, _ := filepath.Glob(filepath.Join(os.TempDir(), prefix+"*"))
	for _, dir := range dirs {
		pid, err := strconv.Atoi(strings.TrimPrefix(filepath.Base(dir), prefix))
		if err == nil && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			_ = os.RemoveAll(dir) // at worst it is left for the next one
		}
	}
}

// migrated makes sure that the template exists with today's schema. On a
// server that several processes share, one makes it and the others find it.
func (s *server) migrated() (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.admin)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(ctx) }() // lets go of the lock too
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock(hashtext('motcua test template'))`); err != nil {
		return "", err
	}
	name := "motcua_template_" + postgres.SchemaDigest()[:12]
	var ready bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name).Scan(&ready); err != nil || ready {
		return name, err
	}
	making := name + "_making" // an interrupted one is never mistaken for a template
	for _, sql := range []string{"DROP DATABASE IF EXISTS " + quote(making) + " WITH (FORCE)", "CREATE DATABASE " + quote(making)} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return "", err
		}
	}
	if err := postgres.Migrate(ctx, s.url(making)); err != nil {
		return "", err
	}
	_, err = conn.Exec(ctx, "ALTER DATABASE "+quote(making)+" RENAME TO "+quote(name))
	return name, err
}
