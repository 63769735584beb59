package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"
	"github.com/spf13/cobra"
	"go.temporal.io/sdk/client"

	"motcua/internal/config"
	"motcua/internal/devstack"
	"motcua/internal/postgres"
)

// devOptions say where a development stack lives.
type devOptions struct {
	dir, listen, temporalBinary string
	noUI                        bool
}

func (a *app) dev() *cobra.Command {
	var o devOptions
	c := &cobra.Command{
		Use:   "dev",
		Short: "start everything on this machine, with example data",
		Long: "Starts a private PostgreSQL cluster, a Temporal server on it with its web UI, the migrations, the shipped\n" +
			"procedures, two example agencies, the worker, the API and the pages, and prints one ready line. Data and\n" +
			"ports are kept in --dir over restarts; Ctrl-C stops everything. For development and trials only: anybody\n" +
			"on this machine can sign in as any example officer.\n\n" +
			"API keys of the example officers and of each agency's portal are in DIR/credentials.json; the dossier\n" +
			"commands find them there by --as NAME.",
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error { return a.runDev(c.Context(), o) },
	}
	c.Flags().StringVar(&o.dir, "dir", ".motcua", "directory of the stack's data")
	c.Flags().StringVar(&o.listen, "listen", "127.0.0.1:8080", "loopback address of the API and the pages")
	c.Flags().StringVar(&o.temporalBinary, "temporal-binary", "", "the motcua-temporal program (default: found beside this one, or built)")
	c.Flags().BoolVar(&o.noUI, "no-temporal-ui", false, "do not start Temporal's web UI")
	return c
}

// stack is the running development stack.
type stack struct {
	postgres *devstack.Postgres
	temporal *devstack.Temporal
}

func (s stack) stop() error {
	var errs []error
	if s.temporal != nil {
		errs = append(errs, s.temporal.Stop())
	}
	if s.postgres != nil {
		errs = append(errs, s.postgres.Stop())
	}
	return errors.Join(errs...)
}

func (a *app) runDev(ctx context.Context, o devOptions) (err error) {
	cfg, err := config.Load()
	if err != nil {
		return usageError{err}
	}
	cfg.Listen, cfg.DevSignIn = o.listen, true
	if err := os.MkdirAll(o.dir, 0o755); err != nil { // the server's user must pass; what it keeps is its own
		return err
	}
	s, err := a.startStack(ctx, o)
	defer func() { err = errors.Join(err, s.stop()) }()
	if err != nil {
		return err
	}
	p, err := a.prepare(ctx, s, cfg)
	if err != nil {
		return err
	}
	defer p.close()
	return a.live(ctx, o, cfg, s, p)
}

func (a *app) startStack(ctx context.Context, o devOptions) (stack, error) {
	var s stack
	var err error
	if s.postgres, err = devstack.StartPostgres(ctx, devstack.PostgresOptions{Dir: o.dir}); err != nil {
		return s, err
	}
	if err = createDatabase(ctx, s.postgres.URL("postgres")); err != nil {
		return s, err
	}
	ui := "127.0.0.1:0"
	if o.noUI {
		ui = ""
	}
	s.temporal, err = devstack.StartTemporal(ctx, devstack.TemporalOptions{
		Dir: o.dir, DatabaseURL: s.postgres.URL("postgres"), UIAddress: ui, Binary: o.temporalBinary, Log: a.err,
	})
	return s, err
}

func createDatabase(ctx context.Context, maintenance string) error {
	conn, err := pgx.Connect(ctx, maintenance)
	if err != nil {
		return fmt.Errorf("private postgres: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	var exists bool
	err = conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = 'motcua')`).Scan(&exists)
	if err == nil && !exists {
		_, err = conn.Exec(ctx, `CREATE DATABASE motcua`)
	}
	return err
}

func (a *app) prepare(ctx context.Context, s stack, cfg config.Config) (*parts, error) {
	database := s.postgres.URL("motcua")
	if err := postgres.Migrate(ctx, database); err != nil {
		return nil, err
	}
	return newParts(ctx, database, client.Options{HostPort: s.temporal.Address(), Namespace: s.temporal.Namespace()}, cfg.Logger())
}

// live seeds the ledger and runs worker and API until the context ends or a
// part of the stack does.
func (a *app) live(ctx context.Context, o devOptions, cfg config.Config, s stack, p *parts) error {
	organisations, err := seed(ctx, p.ledger)
	if err != nil {
		return err
	}
	keys, err := provision(ctx, p.ledger, o.dir, organisations)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go watch(ctx, cancel, s)
	working := make(chan struct{})
	worked := make(chan error, 1)
	go func() { worked <- p.runWorker(ctx, func() { close(working) }) }()
	select {
	case <-working:
	case <-ctx.Done():
	}
	err = p.serve(ctx, cfg, func(addr string) {
		keys.Server = "http://" + addr
		if err := keys.write(o.dir); err != nil {
			cancel(err)
			return
		}
		a.announce(o, s, keys)
	})
	cancel(err)
	err = errors.Join(err, <-worked)
	if cause := context.Cause(ctx); err == nil && !errors.Is(cause, context.Canceled) {
		err = cause
	}
	return err
}

// watch ends everything when a server of the stack ends by itself.
func watch(ctx context.Context, cancel context.CancelCauseFunc, s stack) {
	select {
	case <-ctx.Done():
	case <-s.postgres.Done():
		cancel(fmt.Errorf("postgres ended by itself; its log is %s", s.postgres.LogFile()))
	case <-s.temporal.Done():
		cancel(fmt.Errorf("temporal ended by itself; its log is %s", s.temporal.LogFile()))
	}
}

func (a *app) announce(o devOptions, s stack, keys credentials) {
	ui := ""
	if s.temporal.UIAddress() != "" {
		ui = "http://" + s.temporal.UIAddress()
	}
	if a.output == "json" {
		_ = json.NewEncoder(a.out).Encode(map[string]any{
			"ready": true, "server": keys.Server, "temporal": s.temporal.Address(), "temporal_ui": ui,
			"database": hidePassword(s.postgres.URL("motcua")), "credentials": filepath.Join(o.dir, credentialsFile),
		})
		return
	}
	fmt.Fprintf(a.out, "motcua is ready at %s (API, pages, /openapi.json); Temporal UI %s; keys in %s\n", keys.Server, ui, filepath.Join(o.dir, credentialsFile))
}

func hidePassword(database string) string {
	u, err := url.Parse(database)
	if err != nil {
		return ""
	}
	return u.Redacted()
}
