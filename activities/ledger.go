package activities

import (
	"context"
	"log/slog"

	"go.temporal.io/sdk/temporal"

	"motcua/engine"
	"motcua/workflows/contract"
)

// Activities are the activities of the Dossier workflow. They are safe to
// repeat: the ledger decides one command once.
type Activities struct {
	Ledger Ledger
	// Logger, when there is one, is told what went wrong in words.
	Logger *slog.Logger
}

// Fire decides a submitted command. A refusal is an outcome, not an error.
func (a *Activities) Fire(ctx context.Context, in contract.FireInput) (contract.Outcome, error) {
	out, err := a.Ledger.Fire(ctx, in.Dossier, in.Command)
	a.complain(ctx, err, contract.ActivityFire, in.Dossier, "command", in.Command)
	return out, classify(err)
}

// Tick lets time do what it has to do up to now.
func (a *Activities) Tick(ctx context.Context, in contract.TickInput) (contract.Outcome, error) {
	out, err := a.Ledger.Tick(ctx, in.Dossier)
	a.complain(ctx, err, contract.ActivityTick, in.Dossier)
	return out, classify(err)
}

// Open opens a linked dossier. Unlike a command, what cannot be opened today
// may be tomorrow: a department is bound, a procedure published.
func (a *Activities) Open(ctx context.Context, in contract.OpenInput) (contract.Outcome, error) {
	out, err := a.Ledger.Open(ctx, in.Dossier, in.Linked)
	a.complain(ctx, err, contract.ActivityOpen, in.Dossier, "linked", in.Linked)
	return out, classified(err, func(code engine.Code) bool { return code == engine.CodeNotFound })
}

// complain logs what the history does not keep.
func (a *Activities) complain(ctx context.Context, err error, activity, dossier string, more ...any) {
	if err == nil || a.Logger == nil {
		return
	}
	a.Logger.WarnContext(ctx, "an activity failed", append([]any{"activity", activity, "dossier", dossier, "workflow_id", contract.WorkflowID(dossier),
		"code", engine.CodeOf(err), "error", err}, more...)...)
}

// final lists the codes no repetition can cure.
func final(code engine.Code) bool {
	switch code {
	case engine.CodeNotFound, engine.CodeInvalid, engine.CodeProcedureUnknown:
		return true
	}
	return false
}

// classify turns an error into one Temporal can judge: its type is the code,
// its message is the code again, since messages are kept in histories and the
// words of an error may hold anything. The words go to the log only.
func classify(err error) error { return classified(err, final) }

func classified(err error, final func(engine.Code) bool) error {
	if err == nil {
		return nil
	}
	code := engine.CodeOf(err)
	if final(code) {
		return temporal.NewNonRetryableApplicationError(string(code), string(code), nil)
	}
	return temporal.NewApplicationError(string(code), string(code))
}
