package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"

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
			"procedures, four example agencies, the worker, the API and the pages, and prints one ready line. Data and\n" +
			"ports are kept in --dir over restarts; Ctrl-C stops everything. For development and trials only: anybody\n" +
			"on this machine can sign in as any example officer.\n\n" +
			"API keys of the example officers and of each agency's portal are in DIR/credentials.json; the dossier\n" +
			"commands find them there by --as NAME.\n\n" +
			"Root may run it: PostgreSQL then runs as the user postgres or nobody, who must be able to pass through DIR.",
		Example: "  motcua dev\n  motcua dev --dir /tmp/trial --listen 127.0.0.1:0",
		Args:    exactly(0, "no arguments"),
		RunE:    func(c *cobra.Command, _ []string) error { return a.runDev(c.Context(), o) },
	}
	c.Flags().StringVar(&o.dir, "dir", ".motcua", "directory of the stack's data")
	c.Flags().StringVar(&o.listen, "listen", "127.0.0.1:8080", "loopback address of the API and the pages; port 0 is any free one")
	c.Flags().StringVar(&o.temporalBinary, "temporal-binary", "", "the motcua-temporal program (default: found beside this one, or built)")
	c.Flags().BoolVar(&o.noUI, "no-temporal-ui", false, "do not start Temporal's web UI")
	return c
}

// check refuses what cannot be meant before anything slow begins.
func (o devOptions) check() error {
	if o.dir == "" {
		return usagef("--dir is empty")
	}
	if err := config.CheckAddress(o.listen); err != nil {
		return usagef("--listen: %w", err)
	}
	if !config.Loopback(o.listen) {
		return usagef("--listen %s: anybody can sign in as anybody here, so only a loopback address such as 127.0.0.1:8080 will do", o.listen)
	}
	if o.temporalBinary != "" {
		if _, err := os.Stat(o.temporalBinary); err != nil {
			return usagef("--temporal-binary: %w", err)
		}
	}
	return nil
}

// runDev runs a stack until the context ends. That it ends is no failure,
// however far the start had come.
func (a *app) runDev(ctx context.Context, o devOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	cfg, err := config.Load()
	if err != nil {
		return usageError{err}
	}
	cfg.Listen, cfg.DevSignIn = o.listen, true
	if cfg.MetricsListen == "" {
		cfg.MetricsListen = "127.0.0.1:0"
	}
	if err := cfg.NeedApart(); err != nil {
		return usageError{err}
	}
	cfg.Issuer, cfg.PublicURL = "", "" // on this machine anybody is anybody
	// PostgreSQL's user passes through; what lies in it is private.
	if err := os.MkdirAll(o.dir, 0o755); err != nil {
		return fmt.Errorf("--dir: %w", err)
	}
	unlock, err := lockStack(o.dir)
	if err != nil {
		return err
	}
	defer unlock()
	if err := free(ctx, o.listen); err != nil {
		return err
	}
	s := &stack{}
	err = a.runStack(ctx, o, cfg, s)
	if ctx.Err() != nil {
		a.note("stopping%s", when(!s.ready, " before it was ready"))
		if !s.ready || errors.Is(err, context.Canceled) {
			err = nil
		}
	}
	return errors.Join(err, s.stop())
}

// free says now what would otherwise be said after all else was started.
func free(ctx context.Context, address string) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return taken(fmt.Errorf("--listen: %w", err), "--listen", address)
	}
	return l.Close()
}

// stack is the running development stack.
type stack struct {
	postgres *devstack.Postgres
	temporal *devstack.Temporal
	metrics  string // where metrics are served
	ready    bool
}

func (s *stack) stop() error {
	var errs []error
	if s.temporal != nil {
		errs = append(errs, s.temporal.Stop())
	}
	if s.postgres != nil {
		errs = append(errs, s.postgres.Stop())
	}
	return errors.Join(errs...)
}

// runStack starts the stack from the bottom up and serves until the context
// ends. The servers it has started are in s, whatever it returns.
func (a *app) runStack(ctx context.Context, o devOptions, cfg config.Config, s *stack) error {
	if err := a.startServers(ctx, o, s); err != nil {
		return err
	}
	a.note("bringing the ledger up to date")
	if err := postgres.Migrate(ctx, s.postgres.URL("motcua")); err != nil {
		return err
	}
	keys, err := devRing(o.dir, cfg)
	if err != nil {
		return err
	}
	temporal := client.Options{HostPort: s.temporal.Address(), Namespace: s.temporal.Namespace()}
	p, err := newParts(ctx, "dev", s.postgres.URL("motcua"), temporal, keys, cfg, cfg.Logger(a.err))
	if err != nil {
		return err
	}
	defer p.close()
	organisations, err := seed(ctx, p.ledger)
	if err != nil {
		return err
	}
	credentials, err := provision(ctx, p.ledger, o.dir, organisations)
	if err != nil {
		return err
	}
	sealing, err := devAuditKey(o.dir)
	if err != nil {
		return err
	}
	var unobserve func()
	if s.metrics, unobserve, err = p.observe(ctx, cfg, p.working); err != nil {
		return err
	}
	defer unobserve()
	defer p.seal(ctx, sealing)()
	stop, err := p.mail(ctx, cfg)
	if err != nil {
		return err
	}
	defer stop()
	return a.live(ctx, o, cfg, s, p, credentials)
}

func (a *app) startServers(ctx context.Context, o devOptions, s *stack) error {
	var err error
	a.note("starting PostgreSQL in %s", o.dir)
	if s.postgres, err = devstack.StartPostgres(ctx, devstack.PostgresOptions{Dir: o.dir}); err != nil {
		return err
	}
	if err = createDatabase(ctx, s.postgres.URL("postgres")); err != nil {
		return err
	}
	ui := "127.0.0.1:0"
	if o.noUI {
		ui = ""
	}
	a.note("starting Temporal")
	s.temporal, err = devstack.StartTemporal(ctx, devstack.TemporalOptions{
		Dir: o.dir, DatabaseURL: s.postgres.URL("postgres"), UIAddress: ui, Binary: o.temporalBinary, Log: a.err,
	})
	return err
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

// live runs worker and API until the context ends or a part of the stack does.
func (a *app) live(ctx context.Context, o devOptions, cfg config.Config, s *stack, p *parts, keys credentials) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go watch(ctx, cancel, s)
	working, worked := make(chan struct{}), make(chan error, 1)
	go func() {
		err := p.runWorker(ctx, func() { close(working) })
		cancel(err) // without a worker there is no stack
		worked <- err
	}()
	var err error
	select {
	case <-working:
		err = taken(p.serve(ctx, cfg, func(addr string) {
			keys.Server = "http://" + addr
			if err := keys.write(o.dir); err != nil {
				cancel(err)
				return
			}
			s.ready = true
			a.announce(o, s, keys)
		}), "--listen", cfg.Listen)
	case <-ctx.Done():
	}
	cancel(err)
	if workErr := <-worked; err == nil {
		err = workErr
	}
	if err == nil {
		err = context.Cause(ctx)
	}
	return err
}

// watch ends everything when a server of the stack ends by itself.
func watch(ctx context.Context, cancel context.CancelCauseFunc, s *stack) {
	select {
	case <-ctx.Done():
	case <-s.postgres.Done():
		cancel(fmt.Errorf("postgres ended by itself; its log is %s", s.postgres.LogFile()))
	case <-s.temporal.Done():
		cancel(fmt.Errorf("temporal ended by itself; its log is %s", s.temporal.LogFile()))
	}
}

func (a *app) announce(o devOptions, s *stack, keys credentials) {
	ui := prefixed("http://", s.temporal.UIAddress())
	a.ready(map[string]any{
		"server": keys.Server, "temporal": s.temporal.Address(), "temporal_ui": ui,
		"database": hidePassword(s.postgres.URL("motcua")), "credentials": credentialsPath(o.dir),
		"metrics": "http://" + s.metrics + "/metrics",
	}, fmt.Sprintf("motcua is ready at %s (API, pages, /openapi.json)%s; metrics at http://%s/metrics; keys in %s", keys.Server, prefixed("; Temporal UI ", ui), s.metrics, credentialsPath(o.dir)))
}

func hidePassword(database string) string {
	u, err := url.Parse(database)
	if err != nil {
		return ""
	}
	return u.Redacted()
}
