package main

import (
	"context"

	"github.com/spf13/cobra"

	"motcua/definitions"
	"motcua/engine"
	"motcua/internal/config"
	"motcua/internal/postgres"
)

// directHelp ends the help of the verbs that can do without a server.
const directHelp = "\n\nWith --database they work on the ledger at DATABASE_URL itself, without a server and without a key: for whoever\n" +
	"sets a ledger up, and holds its database. It is on record as done by \"" + postgres.ByCommandLine + "\"."

// bench is where a command works: a server, as somebody, or the ledger itself.
type bench struct {
	remote

	direct bool
	agency string // with direct: of which agency
}

func (p *bench) flags(c *cobra.Command) {
	p.remote.flags(c)
	c.Flags().BoolVar(&p.direct, "database", false, "work on the ledger at DATABASE_URL itself, without a server")
}

// agencyFlag is for the verbs that a key would tell the agency of.
func (p *bench) agencyFlag(c *cobra.Command) {
	c.Flags().StringVar(&p.agency, "agency", "", "with --database: code of the agency")
}

// onLedger works on the ledger at DATABASE_URL, whose schema must be this
// program's.
func onLedger(ctx context.Context, work func(*postgres.Ledger) error) error {
	return withLedger(ctx, func(l *postgres.Ledger, _ config.Config) error {
		if err := l.Ready(ctx); err != nil {
			return err
		}
		return work(l)
	})
}

// withLedger works on the ledger of the environment. Nothing is sealed or opened
// there: see withRing.
func withLedger(ctx context.Context, work func(*postgres.Ledger, config.Config) error) error {
	cfg, err := config.Load()
	if err != nil {
		return usageError{err}
	}
	return openLedger(ctx, cfg, postgres.Options{}, func(l *postgres.Ledger) error { return work(l, cfg) })
}

// openLedger works on the ledger of a configuration, and closes it.
func openLedger(ctx context.Context, cfg config.Config, o postgres.Options, work func(*postgres.Ledger) error) error {
	url, err := database(cfg)
	if err != nil {
		return err
	}
	pool, err := postgres.Open(ctx, url)
	if err != nil {
		return usageError{err} // nothing was connected to: only the address can be off
	}
	defer pool.Close()
	o.Compile = definitions.Compile
	return work(postgres.New(pool, o))
}

// holder is whoever works on the ledger of an agency directly.
func (p *bench) holder() (engine.Actor, error) {
	if p.agency == "" {
		return engine.Actor{}, usagef("--database needs --agency, the code of an agency")
	}
	a := engine.Itself
	a.Agency = p.agency
	return a, nil
}
