package activities

import (
	"context"

	"motcua/engine"
)

// Ledger is the dossier's memory as its workflow needs it. Every method is
// idempotent; their errors carry codes of [engine.Code], of which
// CodeUnavailable is worth a retry and CodeNotFound is not.
type Ledger interface {
	// Fire decides a submitted command, or returns the outcome it was decided
	// with before. A refusal is an outcome.
	Fire(ctx context.Context, dossier, command string) (engine.Outcome, error)
	// Tick lets time do what it has to do up to now.
	Tick(ctx context.Context, dossier string) (engine.Outcome, error)
	// Open opens a linked dossier that was asked for, or returns the one it
	// opened before: [engine.Outcome.Child]. What keeps it from opening
	// (CodeAgencyUnknown, CodeAgencyNotBound, CodeProcedureUnknown,
	// CodeInvalid, CodeForbidden) leaves the dossier as it was, and is worth a
	// retry too: somebody can see to it. CodeNotFound is not.
	Open(ctx context.Context, dossier, linked string) (engine.Outcome, error)
}
