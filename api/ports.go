package api

import (
	"context"

	"motcua/engine"
)

// Ledger changes dossiers. Its errors carry codes of [engine.Code].
type Ledger interface {
	// Start opens a dossier in one transaction, or returns the one an earlier
	// request with the same key opened. Errors: CodeProcedureUnknown,
	// CodeAgencyUnknown, CodeAgencyNotBound, CodeForbidden, CodeInvalid,
	// CodeIdempotencyConflict, CodeUnavailable.
	Start(ctx context.Context, r engine.StartRequest) (engine.Started, error)
	// Submit puts a command on record without deciding it, and returns the
	// outcome if it was decided before. A dossier of another agency than the
	// actor's is CodeNotFound: whether it exists is nobody's business. Errors:
	// CodeNotFound, CodeIdempotencyConflict, CodeUnavailable.
	Submit(ctx context.Context, cmd engine.Command) (*engine.Outcome, error)
	// FireAway decides a submitted command here and leaves a wake-up for the
	// dossier's workflow: the way when Temporal is away. Errors: CodeNotFound,
	// CodeUnavailable; a refusal is an outcome.
	FireAway(ctx context.Context, dossier, command string) (engine.Outcome, error)
}

// Driver decides a submitted command through the dossier's workflow, so that
// its timers follow at once. It answers CodeUnavailable, quickly, when the
// workflow cannot be reached.
type Driver interface {
	Fire(ctx context.Context, dossier, command string) (engine.Outcome, error)
}

// Dossiers reads the ledger. Everything outside the agency is CodeNotFound.
type Dossiers interface {
	Get(ctx context.Context, agency, dossier string) (engine.Record, engine.Case, error)
	List(ctx context.Context, f engine.Filter) (engine.Page, error)
	Facts(ctx context.Context, agency, dossier string) ([]engine.StoredFact, error)
	// Clocks returns every clock of the dossier, oldest first, stopped ones included.
	Clocks(ctx context.Context, agency, dossier string) ([]engine.Clock, error)
	// Rules returns the machine and calendar a case is pinned to.
	Rules(ctx context.Context, c engine.Case) (engine.Rules, error)
}

// Procedures reads the versions that can be run or shown.
type Procedures interface {
	Versions(ctx context.Context) ([]engine.Version, error)
	// Version finds one, published or not, with its text. Errors: CodeNotFound,
	// CodeNeedsUnmet for a draft with errors.
	Version(ctx context.Context, code string, version int) (engine.Version, error)
}

// People finds who acts. Errors: CodeUnauthenticated.
type People interface {
	// ByKey finds the actor of an API key by its id, once secret matches its hash.
	ByKey(ctx context.Context, id, secret string) (engine.Actor, error)
	// Officer finds an officer of any agency by id.
	Officer(ctx context.Context, id string) (engine.Officer, engine.Actor, error)
	// Officers lists every agency with its departments and officers: who may
	// sign in for development, and who could do what an uploaded procedure asks.
	Officers(ctx context.Context) ([]engine.Organisation, error)
	// Notifications lists what rungs told an officer, newest first.
	Notifications(ctx context.Context, officer string, limit int) ([]engine.Notification, error)
}

// Reaches says what is within an officer's reach.
type Reaches interface {
	// Within answers for a dossier; one of another agency is not. Errors:
	// CodeUnavailable.
	Within(ctx context.Context, r engine.Reach, dossier string) (bool, error)
}

// Health says whether what the process needs can be reached.
type Health interface {
	// Ready returns an error naming the first part that is away.
	Ready(ctx context.Context) error
}
