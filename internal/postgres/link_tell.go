package postgres

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// queueTells leaves an errand for each message to another dossier.
func queueTells(b *pgx.Batch, d engine.Decision) error {
	for _, t := range d.Tells {
		body, err := json.Marshal(t.Command(d.Case.Dossier, "")) // whose agency is found when it is delivered
		if err != nil {
			return err
		}
		b.Queue(`INSERT INTO outbox (kind, dossier, body) VALUES ($1, $2, $3)`, engine.ErrandTell, t.Dossier, string(body))
	}
	return nil
}

// Deliver decides the command of a tell on the dossier it is for, as a system
// of that dossier's agency, and leaves a wake-up for its workflow. It may be
// called again: a command is decided once. What the dossier refuses, and what
// is told to none, is delivered: the outcome says so. Errors: CodeUnavailable,
// CodeInternal.
func (l *Ledger) Deliver(ctx context.Context, e engine.Errand) (engine.Outcome, error) {
	if e.Command == nil {
		return engine.Outcome{}, engine.Errorf(engine.CodeInternal, "errand %d tells %s nothing", e.ID, e.Dossier)
	}
	out, err := l.deliver(ctx, *e.Command)
	var refusal *engine.Error
	if errors.As(err, &refusal) && (refusal.Code == engine.CodeNotFound || refusal.Code == engine.CodeIdempotencyConflict) {
		return engine.Outcome{Dossier: e.Dossier, Command: e.Command.ID, Refusal: refusal}, nil
	}
	return out, err
}

func (l *Ledger) deliver(ctx context.Context, cmd engine.Command) (engine.Outcome, error) {
	err := l.pool.QueryRow(ctx, `SELECT agency FROM dossiers WHERE code = $1`, cmd.Dossier).Scan(&cmd.Actor.Agency)
	if errors.Is(err, pgx.ErrNoRows) {
		return engine.Outcome{}, notFound("no dossier %s", cmd.Dossier)
	}
	if err != nil {
		return engine.Outcome{}, coded(err, "tell %s", cmd.Dossier)
	}
	if decided, err := l.Submit(ctx, cmd); err != nil || decided != nil {
		if decided == nil {
			decided = &engine.Outcome{}
		}
		return *decided, err
	}
	return l.FireAway(ctx, cmd.Dossier, cmd.ID)
}
