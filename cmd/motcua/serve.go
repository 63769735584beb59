package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/spf13/cobra"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
	sdklog "go.temporal.io/sdk/log"

	"motcua/api"
	"motcua/api/web"
	"motcua/definitions"
	"motcua/definitions/diagram"
	"motcua/engine"
	"motcua/engine/audit"
	"motcua/internal/config"
	"motcua/internal/keyring"
	"motcua/internal/notify/smtp"
	"motcua/internal/notify/webhook"
	"motcua/internal/oidc"
	"motcua/internal/postgres"
	"motcua/internal/telemetry"
	"motcua/internal/temporalclient"
	"motcua/worker"
)

const (
	// stopTime is how long a process may take to finish what it has begun.
	stopTime = 20 * time.Second
	// workerRetry is how long a worker waits before it looks for Temporal again.
	workerRetry = 2 * time.Second
)

// parts is what every process is wired from.
type parts struct {
	pool    *pgxpool.Pool
	ledger  *postgres.Ledger
	client  client.Client
	driver  *temporalclient.Driver
	keys    *keyring.Ring
	sender  *webhook.Sender
	metrics *telemetry.Metrics
	tracing *telemetry.Tracing // nil: nothing is traced
	log     *slog.Logger
}

// newParts opens the database and a client of Temporal. Neither connects
// before it is used: an API must start while Temporal is away.
func newParts(ctx context.Context, role, databaseURL string, temporal client.Options, keys *keyring.Ring, cfg config.Config, log *slog.Logger) (*parts, error) {
	t, err := trace(ctx, role, cfg, temporal, log)
	if err != nil {
		return nil, err
	}
	temporal, log = t.temporal, t.log
	pool, err := postgres.Open(ctx, databaseURL, t.pool...)
	if err != nil {
		return nil, err
	}
	temporal.Logger = sdklog.NewStructuredLogger(log)
	c, err := client.NewLazyClient(temporalclient.Sealed(temporal, keys))
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("temporal client: %w", err)
	}
	ledger := postgres.New(pool, postgres.Options{Compile: definitions.Compile, Keys: keys, Webhooks: engine.WebhookPolicy{
		GiveUp: cfg.WebhookGiveUp, DisableAfter: cfg.WebhookDisableAfter, PlainLoopback: cfg.WebhookPlainLoopback,
	}})
	return &parts{
		pool: pool, ledger: ledger, client: c, driver: temporalclient.NewDriver(c), keys: keys, log: log,
		metrics: telemetry.New(ledger, version), tracing: t.tracing,
		sender: webhook.New(t.sender(webhook.Options{Allow: cfg.WebhookAllow, Version: version})),
	}, nil
}

func (p *parts) close() {
	p.client.Close()
	p.pool.Close()
	if p.tracing != nil {
		p.tracing.Close()
	}
}

func (p *parts) newAPI(cfg config.Config) (*api.Server, error) {
	o := api.Options{
		Ledger:        p.ledger,
		Driver:        p.metrics.Timed(p.driver),
		Observe:       p.metrics.Request,
		Dossiers:      p.ledger,
		Boards:        p.ledger,
		Views:         p.ledger,
		People:        p.ledger,
		Reaches:       p.ledger,
		Records:       p.ledger,
		Proofs:        p.ledger,
		Health:        p.ledger,
		Procedures:    p.ledger,
		Answers:       p.ledger,
		Versions:      p.ledger,
		Lifecycle:     p.ledger,
		Migrations:    p.ledger,
		Catalogue:     p.ledger,
		Legal:         p.ledger,
		Calendars:     p.ledger,
		Acts:          p.ledger,
		Bulks:         p.ledger,
		Watches:       p.ledger,
		Outages:       p.ledger,
		Mails:         p.ledger,
		Staff:         p.ledger,
		Organisations: p.ledger,
		Keys:          p.ledger,
		Chains:        p.ledger,
		Slips:         p.ledger,
		Webhooks:      p.ledger,
		Deliveries:    p.ledger,
		Compile:       definitions.Compile,
		Personal:      p.ledger,
		Keep:          cfg.Keep(),
		Feed:          p.ledger,
		Draw: func(ctx context.Context, m *engine.Machine, lang, current string, visited []string) ([]byte, error) {
			return diagram.SVG(ctx, m, lang, definitions.Highlight{Current: current, Visited: visited})
		},
		Mermaid:    definitions.Mermaid,
		Logger:     p.log,
		Version:    version,
		CallerRate: cfg.CallerRate, DevSignIn: cfg.DevSignIn, PublicURL: cfg.PublicURL,
		Sessions:      p.ledger,
		Accounts:      p.ledger,
		SessionLimits: engine.SessionLimits{Idle: cfg.SessionIdle, Absolute: cfg.SessionMax},
	}
	if p.tracing != nil {
		o.Trace = p.tracing.Requests
	}
	if cfg.Issuer != "" {
		o.Issuer = oidc.New(oidc.Options{
			Issuer: cfg.Issuer, ClientID: cfg.ClientID, ClientSecret: cfg.ClientSecret, Claim: cfg.Claim, Scopes: cfg.Scopes,
			RedirectURL: cfg.PublicURL + web.CallbackPath, SignedOutURL: cfg.PublicURL + web.SignedOutPath, Log: p.log,
		})
	}
	return api.New(o)
}

// serve serves the API until the context ends.
func (p *parts) serve(ctx context.Context, cfg config.Config, ready func(addr string)) error {
	server, err := p.newAPI(cfg)
	if err != nil {
		return err
	}
	if err := server.Start(ctx, cfg.Listen); err != nil {
		return err
	}
	ready(server.Addr())
	select {
	case err = <-server.Failed():
	case <-ctx.Done():
	}
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	return errors.Join(err, server.Stop(within))
}

// taken says in the words of the command line that an address is not free.
func taken(err error, setting, address string) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s %s: another program listens there; choose another address, or port 0 for any that is free", setting, address)
	}
	return err
}

// seal seals the days that end while the process runs, if it has the key. Any
// number of processes may.
func (p *parts) seal(ctx context.Context, key audit.PrivateKey) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		(&worker.Sealer{Ledger: p.ledger, Key: key, Logger: p.log}).Run(ctx)
	}()
	return func() { cancel(); <-done }
}

// observe serves metrics and health until stop is called, if there is an
// address for them; addr is where.
func (p *parts) observe(ctx context.Context, cfg config.Config, ready func(context.Context) error) (addr string, stop func(), err error) {
	if cfg.MetricsListen == "" {
		return "", func() {}, nil
	}
	s, err := telemetry.Listen(ctx, cfg.MetricsListen, p.metrics, ready, p.log)
	if err != nil {
		return "", nil, taken(err, "MOTCUA_METRICS_LISTEN", cfg.MetricsListen)
	}
	p.log.InfoContext(ctx, "metrics are served", "address", s.Addr())
	return s.Addr(), s.Close, nil
}

// working says whether a worker can work: it needs the ledger and Temporal.
func (p *parts) working(ctx context.Context) error {
	return errors.Join(p.ledger.Ready(ctx), p.driver.Ready(ctx))
}

// mail mails officers what they are told, where a mail server is named. Any
// number of processes may.
func (p *parts) mail(ctx context.Context, cfg config.Config) (stop func(), err error) {
	if cfg.SMTPURL == "" {
		return func() {}, nil
	}
	mailer, err := smtp.New(smtp.Options{URL: cfg.SMTPURL, From: cfg.SMTPFrom, PublicURL: cfg.PublicURL, Templates: cfg.MailTemplates})
	if err != nil {
		return nil, usageError{err}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		(&worker.Postman{Mailbag: p.ledger, Mailer: mailer, Logger: p.log, Tracer: p.tracer()}).Run(ctx)
	}()
	return func() { cancel(); <-done }, nil
}

// runWorker works until the context ends. Temporal may be away when it starts;
// it tries again until Temporal is there.
func (p *parts) runWorker(ctx context.Context, ready func()) error {
	for {
		w, err := worker.New(worker.Options{
			Client: p.client, Ledger: p.ledger, Outbox: p.ledger, Driver: p.driver, Subscribers: p.ledger, Sender: p.sender, Logger: p.log,
			Observe: p.metrics.Errand, Tracer: p.tracer(),
		})
		if err != nil {
			return err
		}
		if err = w.Start(ctx); err == nil {
			ready()
			<-ctx.Done()
			w.Stop()
			return nil
		}
		if ctx.Err() == nil {
			p.log.WarnContext(ctx, "worker waits for temporal", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(workerRetry):
		}
	}
}

// fromEnvironment wires a process from its environment.
func (a *app) fromEnvironment(ctx context.Context, role string) (*parts, config.Config, error) {
	cfg, err := config.Load()
	if err != nil {
		return nil, cfg, usageError{err}
	}
	url, err := database(cfg)
	if err != nil {
		return nil, cfg, err
	}
	keys, err := ring(cfg)
	if err != nil {
		return nil, cfg, err
	}
	temporal, err := envconfig.LoadDefaultClientOptions()
	if err != nil {
		return nil, cfg, usagef("temporal's environment: %w", err)
	}
	if temporal.Namespace == "" {
		temporal.Namespace = "motcua"
	}
	p, err := newParts(ctx, role, url, temporal, keys, cfg, cfg.Logger(a.err))
	if err != nil {
		return nil, cfg, usageError{err} // nothing was connected to: only the settings can be off
	}
	return p, cfg, nil
}

const (
	databaseHelp = `

Environment:
  DATABASE_URL         the ledger's database, such as postgres://motcua@localhost/motcua`
	processHelp = databaseHelp + `
  TEMPORAL_ADDRESS     Temporal's frontend (default localhost:7233); all TEMPORAL_* variables are honoured
  MOTCUA_KEYS_FILE     the key ring that seals personal data, the same in every process; see motcua keys
  TEMPORAL_NAMESPACE   the namespace of the dossiers (default motcua)
  MOTCUA_WEBHOOK_ALLOW         internal networks that webhooks may be sent to, such as 10.20.0.0/16 (default none)
  MOTCUA_WEBHOOK_GIVE_UP       how long a delivery is tried (default 72h)
  MOTCUA_WEBHOOK_DISABLE_AFTER how long nothing may succeed before a webhook is disabled (default 120h)
  MOTCUA_WEBHOOK_PLAIN_LOOPBACK  true allows webhooks over http:// to this machine: development
  MOTCUA_METRICS_LISTEN  address of /metrics, /healthz and /readyz, apart from the API (default none)
  OTEL_EXPORTER_OTLP_ENDPOINT  where traces are sent, such as http://collector:4318 (default: nothing is traced); the
                       other OTEL_* variables of OpenTelemetry's SDK are honoured
  MOTCUA_LOG_LEVEL     debug, info, warn or error (default info)
  MOTCUA_LOG_FORMAT    text or json (default text)` + auditKeyHelp
)

func (a *app) api() *cobra.Command {
	return &cobra.Command{
		Use:   "api",
		Short: "serve the HTTP API and the pages",
		Long: "Serves the HTTP API and the pages. Several may run side by side." + processHelp + `
  MOTCUA_LISTEN        address to listen on (default 127.0.0.1:8080)
  MOTCUA_PUBLIC_URL    where browsers reach it, such as https://motcua.example.vn; needed to sign in
  MOTCUA_OIDC_ISSUER   the OpenID Connect issuer people sign in at
  MOTCUA_OIDC_CLIENT_ID, MOTCUA_OIDC_CLIENT_SECRET or MOTCUA_OIDC_CLIENT_SECRET_FILE
                       as whom the issuer knows motcua
  MOTCUA_OIDC_CLAIM    which claim names the officer (default preferred_username)
  MOTCUA_OIDC_SCOPES   what is asked of the issuer (default openid,profile)
  MOTCUA_SESSION_IDLE  the longest pause within a session (default 30m)
  MOTCUA_SESSION_MAX   the longest session (default 12h)
  MOTCUA_DEV_SIGN_IN   true lets anybody sign in as any officer; refused unless the address is loopback`,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			p, cfg, err := a.fromEnvironment(c.Context(), "api")
			if err != nil {
				return err
			}
			defer p.close()
			if err := cfg.NeedApart(); err != nil {
				return usageError{err}
			}
			key, err := auditKey(cfg)
			if err != nil {
				return err
			}
			_, stop, err := p.observe(c.Context(), cfg, p.ledger.Ready)
			if err != nil {
				return err
			}
			defer stop()
			defer p.seal(c.Context(), key)()
			err = p.serve(c.Context(), cfg, func(addr string) {
				a.ready(map[string]any{"server": "http://" + addr}, "motcua api is ready at http://"+addr)
			})
			return taken(err, "MOTCUA_LISTEN", cfg.Listen)
		},
	}
}

func (a *app) worker() *cobra.Command {
	return &cobra.Command{
		Use:   "worker",
		Short: "drive dossiers: run their workflows and the relay",
		Long: "Runs the workflows, the activities, the relay and the mails to officers. Several may run side by side." + processHelp + `
  MOTCUA_SMTP_URL      the mail server: smtp://user:password@host:587 (STARTTLS) or smtps://host:465; without it nobody is mailed
  MOTCUA_SMTP_FROM     the sender, such as no-reply@motcua.example.vn
  MOTCUA_PUBLIC_URL    where browsers reach the pages, for the links in mails
  MOTCUA_MAIL_TEMPLATES  a directory of mail templates that win over the program's`,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			p, cfg, err := a.fromEnvironment(c.Context(), "worker")
			if err != nil {
				return err
			}
			defer p.close()
			key, err := auditKey(cfg)
			if err != nil {
				return err
			}
			_, stop, err := p.observe(c.Context(), cfg, p.working)
			if err != nil {
				return err
			}
			defer stop()
			defer p.seal(c.Context(), key)()
			rest, err := p.mail(c.Context(), cfg)
			if err != nil {
				return err
			}
			defer rest()
			return p.runWorker(c.Context(), func() { a.ready(map[string]any{}, "motcua worker is ready") })
		},
	}
}

// ready prints the one line on standard output by which others know that a
// process serves.
func (a *app) ready(facts map[string]any, line string) {
	facts["ready"] = true
	if a.output == "json" {
		line = oneLine(facts)
	}
	_, _ = io.WriteString(a.out, line+"\n")
}
