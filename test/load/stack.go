package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"

	"motcua/definitions"
	"motcua/internal/devstack"
	"motcua/internal/postgres"
	"motcua/internal/postgres/pgtest"
)

// Databases of the private stack. The ledger alone has its own, so that no
// relay starts workflows for its dossiers.
const (
	database      = "motcua"
	databaseAlone = "motcua_alone"
)

// stack is what is measured: a private one, or parts of a running one.
type stack struct {
	server, key string        // the API
	temporal    client.Client // nil: unknown
	ledger      *postgres.Ledger
	pool        *pgxpool.Pool // of that ledger
	alone       *postgres.Ledger
	stages      *stages
	versions    map[string]string
	closers     []func() error // in order of opening
}

func (s *stack) close() error {
	var errs []error
	for i := len(s.closers) - 1; i >= 0; i-- {
		errs = append(errs, s.closers[i]())
	}
	return errors.Join(errs...)
}

func (s *stack) onClose(f func() error) { s.closers = append(s.closers, f) }

func open(ctx context.Context, o options) (*stack, error) {
	s := &stack{stages: &stages{}, versions: map[string]string{}}
	if o.server == "" {
		return s, s.openPrivate(ctx, o)
	}
	s.server, s.key = o.server, o.key
	if o.temporal == "" {
		return s, nil
	}
	return s, s.dial(o.temporal, o.namespace)
}

func quiet() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
}

func (s *stack) dial(address, namespace string) error {
	c, err := client.NewLazyClient(client.Options{HostPort: address, Namespace: namespace, Logger: sdklog.NewStructuredLogger(quiet())})
	if err != nil {
		return fmt.Errorf("temporal client: %w", err)
	}
	s.temporal = c
	s.onClose(func() error { c.Close(); return nil })
	return nil
}

// openPrivate starts PostgreSQL with its own durability, Temporal, API and
// worker. API and worker are in this process and share a client, as in
// `motcua dev`.
func (s *stack) openPrivate(ctx context.Context, o options) error {
	dir := o.dir
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "motcua-load-"); err != nil {
			return err
		}
		s.onClose(func() error { return os.RemoveAll(dir) })
	}
	pg, err := devstack.StartPostgres(ctx, devstack.PostgresOptions{Dir: dir, Settings: o.settings})
	if err != nil {
		return err
	}
	s.onClose(pg.Stop)
	t, err := devstack.StartTemporal(ctx, devstack.TemporalOptions{Dir: dir, DatabaseURL: pg.URL("postgres"), Log: os.Stderr})
	if err != nil {
		return err
	}
	s.onClose(t.Stop)
	if err := s.dial(t.Address(), t.Namespace()); err != nil {
		return err
	}
	pool, err := s.openLedgers(ctx, pg)
	if err != nil {
		return err
	}
	if err := s.readSettings(ctx, pool); err != nil {
		return err
	}
	return s.serve(ctx)
}

func (s *stack) openLedgers(ctx context.Context, pg *devstack.Postgres) (pool *pgxpool.Pool, err error) {
	if err := createDatabases(ctx, pg.URL("postgres"), database, databaseAlone); err != nil {
		return nil, err
	}
	if s.alone, _, err = s.openLedger(ctx, pg.URL(databaseAlone)); err != nil {
		return nil, err
	}
	s.ledger, s.pool, err = s.openLedger(ctx, pg.URL(database))
	return s.pool, err
}

func createDatabases(ctx context.Context, maintenance string, names ...string) error {
	conn, err := pgx.Connect(ctx, maintenance)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	for _, name := range names {
		var exists bool
		if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name).Scan(&exists); err != nil {
			return err
		}
		if !exists {
			if _, err := conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize()); err != nil {
				return err
			}
		}
	}
	return nil
}

// openLedger migrates a database and puts in what the measured dossiers need.
func (s *stack) openLedger(ctx context.Context, url string) (*postgres.Ledger, *pgxpool.Pool, error) {
	if err := postgres.Migrate(ctx, url); err != nil {
		return nil, nil, err
	}
	pool, err := postgres.Open(ctx, url)
	if err != nil {
		return nil, nil, err
	}
	s.onClose(func() error { pool.Close(); return nil })
	l := postgres.New(pool, postgres.Options{Compile: definitions.Compile, Keys: pgtest.Keys()})
	return l, pool, furnish(ctx, l)
}

// readSettings notes what the figures depend on.
func (s *stack) readSettings(ctx context.Context, pool *pgxpool.Pool) error {
	for _, name := range []string{"server_version", "fsync", "synchronous_commit"} {
		var value string
		if err := pool.QueryRow(ctx, `SELECT current_setting($1)`, name).Scan(&value); err != nil {
			return err
		}
		s.versions["postgresql "+name] = value
	}
	return nil
}

// discard is where the API's log of requests goes.
func discard() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }
