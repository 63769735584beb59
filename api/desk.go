package api

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"motcua/api/caller"
	"motcua/engine"
	"motcua/workflows/contract"
)

// How long one change may take, and how much of that the workflow gets before
// the ledger is asked directly.
const (
	changeTimeout = 15 * time.Second
	driverTimeout = 6 * time.Second
)

// desk changes dossiers for whoever asks, over the API or on a page.
type desk struct {
	ledger Ledger
	driver Driver
	log    *slog.Logger
}

// start opens a dossier. Once asked, it is seen through: a client that went
// away must find on its return that it happened, or that it did not.
func (d *desk) start(ctx context.Context, r engine.StartRequest) (engine.Started, error) {
	call := caller.From(ctx)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), changeTimeout)
	defer cancel()
	started, err := d.ledger.Start(ctx, r)
	if err == nil && started.Refusal != nil {
		err = started.Refusal
	}
	if err != nil {
		d.refused(ctx, call, err, "", engine.EventStart)
	} else {
		call.Dossier = started.Code
	}
	return started, err
}

// fire gives a command. It is put on record, then decided by the dossier's
// workflow, whose timers follow at once; while that cannot be reached, the
// ledger decides it here. Both decide one command id once, so a workflow that
// got the command after all and answered too late changes nothing.
func (d *desk) fire(ctx context.Context, cmd engine.Command, key string) (engine.Outcome, error) {
	call := caller.From(ctx)
	cmd.Actor, cmd.ID = call.Actor, commandID(call.Actor, cmd.Dossier, key)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), changeTimeout)
	defer cancel()
	out, err := d.decide(ctx, cmd)
	if err == nil && out.Refusal != nil {
		err = out.Refusal
	}
	if err != nil {
		d.refused(ctx, call, err, cmd.Dossier, cmd.Event)
	}
	return out, err
}

// inner are the events that the ledger gives itself.
var inner = []string{
	engine.EventStart, engine.EventTick, engine.EventMigrate, engine.EventReproject,
	engine.EventLinkOpened, engine.EventLinkAcknowledged, engine.EventLinkPaused, engine.EventLinkResumed, engine.EventLinkConcluded,
}

func (d *desk) decide(ctx context.Context, cmd engine.Command) (engine.Outcome, error) {
	if slices.Contains(inner, cmd.Event) {
		return engine.Outcome{}, engine.Errorf(engine.CodeEventUnknown, "event %q is not for callers", cmd.Event)
	}
	decided, err := d.ledger.Submit(ctx, cmd)
	if err != nil {
		return engine.Outcome{}, err
	}
	if decided != nil {
		decided.Repeated = true
		return *decided, nil
	}
	return d.drive(ctx, cmd)
}

func (d *desk) drive(ctx context.Context, cmd engine.Command) (engine.Outcome, error) {
	soon, cancel := context.WithTimeout(ctx, driverTimeout)
	defer cancel()
	out, err := d.driver.Fire(soon, cmd.Dossier, cmd.ID)
	if engine.CodeOf(err) == engine.CodeUnavailable || errors.Is(err, context.DeadlineExceeded) {
		return d.ledger.FireAway(ctx, cmd.Dossier, cmd.ID)
	}
	return out, err
}

// refused logs what changed nothing: a refusal leaves no trace in the dossier,
// so this line is its only one. It holds no word of the comment.
func (d *desk) refused(ctx context.Context, call *caller.Call, err error, dossier, event string) {
	attrs := []any{"code", engine.CodeOf(err), "dossier", dossier, "event", event, "actor", call.Actor.ID, "trace_id", call.Trace}
	if dossier != "" {
		attrs = append(attrs, "workflow_id", contract.WorkflowID(dossier))
	}
	d.log.InfoContext(ctx, "refused", attrs...)
}
