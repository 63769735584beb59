package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/spf13/cobra"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
	sdklog "go.temporal.io/sdk/log"

	"motcua/api"
	"motcua/definitions"
	"motcua/definitions/diagram"
	"motcua/engine"
	"motcua/internal/config"
	"motcua/internal/postgres"
	"motcua/internal/temporalclient"
	"motcua/worker"
)

// stopTime is how long a process may take to finish what it has begun.
const stopTime = 20 * time.Second

// parts is what every process is wired from.
type parts struct {
	pool   *pgxpool.Pool
	ledger *postgres.Ledger
	client client.Client
	driver *temporalclient.Driver
	log    *slog.Logger
}

// newParts opens the database and a client of Temporal. The client connects
// when it is first used: an API must start while Temporal is away.
func newParts(ctx context.Context, databaseURL string, temporal client.Options, log *slog.Logger) (*parts, error) {
	pool, err := postgres.Open(ctx, databaseURL)
	if err != nil {
		return nil, err
	}
	temporal.Logger = sdklog.NewStructuredLogger(log)
	c, err := client.NewLazyClient(temporal)
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("temporal client: %w", err)
	}
	ledger := postgres.New(pool, postgres.Options{Compile: definitions.Compile})
	return &parts{pool: pool, ledger: ledger, client: c, driver: temporalclient.NewDriver(c), log: log}, nil
}

func (p *parts) close() {
	p.client.Close()
	p.pool.Close()
}

func (p *parts) newAPI(cfg config.Config) (*api.Server, error) {
	return api.New(api.Options{
		Ledger: p.ledger, Driver: p.driver, Dossiers: p.ledger, Procedures: p.ledger, People: p.ledger, Health: p.ledger,
		Compile: definitions.Compile,
		Draw: func(ctx context.Context, m *engine.Machine, lang, current string, visited []string) ([]byte, error) {
			return diagram.SVG(ctx, m, lang, definitions.Highlight{Current: current, Visited: visited})
		},
		Mermaid:   definitions.Mermaid,
		Logger:    p.log,
		Version:   version,
		DevSignIn: cfg.DevSignIn, SessionKey: []byte(cfg.SessionKey),
	})
}

// runWorker works until the context ends. Temporal may be away when it starts;
// it tries again until Temporal is there.
func (p *parts) runWorker(ctx context.Context, ready func()) error {
	for {
		w, err := worker.New(worker.Options{Client: p.client, Ledger: p.ledger, Outbox: p.ledger, Driver: p.driver, Logger: p.log})
		if err != nil {
			return err
		}
		if err = w.Start(ctx); err == nil {
			ready()
			<-ctx.Done()
			w.Stop()
			return nil
		}
		p.log.WarnContext(ctx, "worker waits for temporal", "error", err)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(2 * time.Second):
		}
	}
}

// environment wires a process from its environment.
func environment(ctx context.Context) (*parts, config.Config, error) {
	cfg, err := config.Load()
	if err != nil {
		return nil, cfg, usageError{err}
	}
	url, err := cfg.NeedDatabase()
	if err != nil {
		return nil, cfg, usageError{err}
	}
	temporal, err := envconfig.LoadDefaultClientOptions()
	if err != nil {
		return nil, cfg, usageError{fmt.Errorf("temporal's environment: %w", err)}
	}
	p, err := newParts(ctx, url, temporal, cfg.Logger())
	return p, cfg, err
}

const processHelp = `

The environment tells it where things are:
  DATABASE_URL         the ledger's database, such as postgres://motcua@localhost/motcua
  TEMPORAL_ADDRESS     Temporal's frontend (default localhost:7233); all TEMPORAL_* variables are honoured
  TEMPORAL_NAMESPACE   the namespace of the dossiers (default "default")
  MOTCUA_LOG_LEVEL     debug, info, warn or error; MOTCUA_LOG_FORMAT: text or json`

func (a *app) api() *cobra.Command {
	return &cobra.Command{
		Use:   "api",
		Short: "serve the HTTP API and the pages",
		Long: "Serves the HTTP API and the pages. Several may run side by side." + processHelp + `
  MOTCUA_LISTEN        address to listen on (default 127.0.0.1:8080)
  MOTCUA_SESSION_KEY   32 characters or more; signs session cookies, the same in every API process
  MOTCUA_DEV_SIGN_IN   true lets anybody sign in as any officer; refused unless the address is loopback`,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			p, cfg, err := environment(c.Context())
			if err != nil {
				return err
			}
			defer p.close()
			return p.serve(c.Context(), cfg, func(addr string) { fmt.Fprintf(a.out, "motcua api is ready at http://%s\n", addr) })
		},
	}
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
	if stopErr := server.Stop(within); err == nil {
		err = stopErr
	}
	return err
}

func (a *app) worker() *cobra.Command {
	return &cobra.Command{
		Use:   "worker",
		Short: "drive dossiers: run their workflows and the relay",
		Long:  "Runs the workflows, the activities and the relay. Several may run side by side." + processHelp,
		Args:  exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			p, _, err := environment(c.Context())
			if err != nil {
				return err
			}
			defer p.close()
			return p.runWorker(c.Context(), func() { fmt.Fprintln(a.out, "motcua worker is ready") })
		},
	}
}

func (a *app) migrate() *cobra.Command {
	return &cobra.Command{
		Use:   "migrate [up|status]",
		Short: "bring the database's schema up to this program",
		Long:  "Applies the migrations that are missing, or lists them. Safe to run from several processes at once." + processHelp,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 || len(args) == 1 && args[0] != "up" && args[0] != "status" {
				return usageError{fmt.Errorf("motcua migrate takes up or status")}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			cfg, err := config.Load()
			if err != nil {
				return usageError{err}
			}
			url, err := cfg.NeedDatabase()
			if err != nil {
				return usageError{err}
			}
			if len(args) == 0 || args[0] == "up" {
				if err := postgres.Migrate(c.Context(), url); err != nil {
					return err
				}
			}
			list, err := postgres.MigrationStatus(c.Context(), url)
			if err != nil {
				return err
			}
			return a.print(list, func(w io.Writer) {
				for _, m := range list {
					fmt.Fprintf(w, "%+v\n", m)
				}
			})
		},
	}
}
