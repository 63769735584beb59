package activities

import (
	"context"

	"motcua/engine"
)

// Ledger is the dossier's memory as its workflow needs it. Both methods are
// idempotent; their errors carry codes of [engine.Code], of which
// CodeUnavailable is worth a retry and CodeNotFound is not.
type Ledger interface {
	// Fire decides a submitted command, or returns the outcome it was decided
	// with before. A refusal is an outcome.
	Fire(ctx context.Context, dossier, command string) (engine.Outcome, error)
	// Tick lets time do what it has to do up to now.
	Tick(ctx context.Context, dossier string) (engine.Outcome, error)
}
