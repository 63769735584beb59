package main

import (
	"context"
	"errors"

	"motcua/engine"
	"motcua/internal/postgres"
)

// viaLedger is the memory without the driver: the same transactions on
// PostgreSQL, called directly, with nobody to keep time.
type viaLedger struct{ ledger *postgres.Ledger }

func (v *viaLedger) name() string { return "ledger" }

func (v *viaLedger) workflow(string) string { return "" }

func (v *viaLedger) start(ctx context.Context, key string) (string, error) {
	started, err := v.ledger.Start(ctx, startFive(key))
	if err == nil && started.Refusal != nil {
		err = started.Refusal
	}
	return started.Code, err
}

func (v *viaLedger) step(ctx context.Context, id string, i int) (bool, error) {
	command, err := v.submit(ctx, id, i)
	if err != nil {
		return false, err
	}
	return closed(v.ledger.Fire(ctx, id, command))
}

// submit puts the i-th event on record and returns the command's id.
func (v *viaLedger) submit(ctx context.Context, id string, i int) (string, error) {
	command := engine.Command{ID: id + "/" + events[i], Dossier: id, Event: events[i], Actor: actor}
	decided, err := v.ledger.Submit(ctx, command)
	if err == nil && decided != nil {
		err = errors.New("not a fresh command")
	}
	return command.ID, err
}

// closed takes a refusal for the failure it is here.
func closed(out engine.Outcome, err error) (bool, error) {
	if err == nil && out.Refusal != nil {
		err = out.Refusal
	}
	return out.Closed, err
}

func (v *viaLedger) verify(ctx context.Context, id string) error { return v.ledger.Verify(ctx, id) }
