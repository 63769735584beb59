package pgtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"motcua/internal/postgres"
)

// New returns a pool on a fresh, migrated database, made by [postgres.Open].
// Pool and database go when the test ends.
func New(t testing.TB) *pgxpool.Pool {
	t.Helper()
	return Open(t, URL(t))
}

// Open makes a pool on a database and closes it when the test ends.
func Open(t testing.TB, url string) *pgxpool.Pool {
	t.Helper()
	pool, err := postgres.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// AsApp makes a pool whose connections work as the role of the processes that
// serve, with its privileges only, and closes it when the test ends.
func AsApp(t testing.TB, address string) *pgxpool.Pool {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("role", postgres.AppRole)
	u.RawQuery = q.Encode()
	return Open(t, u.String())
}

// URL returns the address of a fresh, migrated database, which goes when the
// test ends.
func URL(t testing.TB) string {
	t.Helper()
	s := start(t)
	template, err := s.template()
	if err != nil {
		t.Fatalf("migrate the template: %v", err)
	}
	return create(t, s, " TEMPLATE "+quote(template))
}

// Empty returns the address of a fresh database without a schema, which goes
// when the test ends.
func Empty(t testing.TB) string {
	t.Helper()
	return create(t, start(t), "")
}

func start(t testing.TB) *server {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatalf("start PostgreSQL: %v", err)
	}
	return s
}

func create(t testing.TB, s *server, clause string) string {
	t.Helper()
	name := "motcua_test_" + strings.ToLower(rand.Text())
	if err := s.exec("CREATE DATABASE " + quote(name) + clause); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.exec("DROP DATABASE IF EXISTS " + quote(name) + " WITH (FORCE)"); err != nil {
			t.Logf("drop the test's database: %v", err)
		}
	})
	return s.url(name)
}

// exec runs a statement on the server's maintenance database.
func (s *server) exec(sql string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.admin)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, sql)
	return err
}

// url is the server's address with another database.
func (s *server) url(database string) string {
	u, err := url.Parse(s.admin)
	if err != nil {
		return s.admin // it was parsed when the server was found
	}
	u.Path = "/" + database
	return u.String()
}

func quote(name string) string { return pgx.Identifier{name}.Sanitize() }
