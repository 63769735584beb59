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

// onLedger works on the ledger at DATABASE_URL.
func onLedger(ctx context.Context, work func(*postgres.Ledger) error) error {
	cfg, err := config.Load()
	if err != nil {
		return usageError{err}
	}
	url, err := database(cfg)
	if err != nil {
		return err
	}
	pool, err := postgres.Open(ctx, url)
	if err != nil {
		return err
	}
	defer pool.Close()
	ledger := postgres.New(pool, postgres.Options{Compile: definitions.Compile})
	if err := ledger.Ready(ctx); err != nil {
		return err
	}
	return work(ledger)
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
