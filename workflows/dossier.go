package workflows

import (
	"errors"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"motcua/workflows/contract"
)

const (
	// historyOfUpdates is the number of commands after which the workflow
	// continues as new: the server refuses more than 2,000 updates in one run.
	historyOfUpdates = 1000
	// recheck is how long to wait when the ledger's clock has not yet reached a
	// moment the timer's clock has: the two may differ.
	recheck = time.Second
)

// Dossier drives one dossier from start to closure. Commands arrive as
// updates and are decided by the ledger; between them one timer waits for the
// next due moment and lets the ledger do what time demands. The timer is lazy:
// it is replaced only by an earlier moment, and one that fires too early costs
// a look at the clock and nothing else.
func Dossier(ctx workflow.Context, in contract.DossierInput) error {
	d := &driver{dossier: in.Dossier, seq: in.Seq, next: in.NextAt, wake: workflow.GetSignalChannel(ctx, contract.SignalWake)}
	if err := workflow.SetUpdateHandler(ctx, contract.UpdateFire, d.fire); err != nil {
		return err
	}
	if err := workflow.SetQueryHandler(ctx, contract.QueryState, d.state); err != nil {
		return err
	}
	for !d.closed && !d.tired(ctx) {
		if err := d.wait(ctx); err != nil {
			return err
		}
		if err := d.attend(ctx); err != nil {
			return err
		}
	}
	if err := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) && d.through() }); err != nil {
		return err
	}
	if !d.closed {
		return workflow.NewContinueAsNewError(ctx, contract.WorkflowDossier, d.successor())
	}
	return nil
}

// driver is what the workflow remembers: nothing but when to look next.
type driver struct {
	dossier string
	seq     int64     // sequence of the last fact heard of
	next    time.Time // the next due moment; zero: none
	closed  bool
	fired   int
	wake    workflow.ReceiveChannel
	opening []string // linked dossiers that are being opened
}

// fire decides one command. The update's id is the command's.
func (d *driver) fire(ctx workflow.Context, in contract.FireInput) (contract.Outcome, error) {
	d.fired++
	return d.ask(ctx, contract.ActivityFire, in)
}

func (d *driver) state() (contract.DossierState, error) {
	return contract.DossierState{Dossier: d.dossier, NextAt: d.next, Closed: d.closed, Fired: d.fired}, nil
}

// wait sleeps until there is something to attend to: the moment the timer was
// set for, an earlier one that has come up since, a wake-up, or closure.
func (d *driver) wait(ctx workflow.Context) error {
	armed := d.next
	stirred := func() bool {
		return d.closed || d.seq == 0 || d.tired(ctx) || d.wake.Len() > 0 ||
			!d.next.IsZero() && (armed.IsZero() || d.next.Before(armed))
	}
	if armed.IsZero() {
		return workflow.Await(ctx, stirred)
	}
	_, err := workflow.AwaitWithTimeout(ctx, armed.Sub(workflow.Now(ctx)), stirred)
	return err
}

// attend lets the ledger do what time demands, if its moment has come or
// somebody changed the dossier behind the workflow's back.
func (d *driver) attend(ctx workflow.Context) error {
	woken := d.seq == 0 // started by somebody who knew nothing of the dossier
	for d.wake.ReceiveAsync(nil) {
		woken = true
	}
	due := !d.next.IsZero() && !d.next.After(workflow.Now(ctx))
	if d.closed || !woken && !due {
		return nil
	}
	before, heard := d.next, d.seq
	out, err := d.ask(ctx, contract.ActivityTick, contract.TickInput{Dossier: d.dossier})
	if err != nil {
		return err
	}
	if d.seq == heard { // nothing newer was heard meanwhile, so the ledger's word stands
		d.seq, d.next, d.closed = out.Seq, out.NextAt, out.Closed
	}
	if due && d.next.Equal(before) {
		return workflow.Sleep(ctx, recheck)
	}
	return nil
}

// ask runs an activity of the ledger inside the workflow task and, when the
// ledger cannot be reached, once more through the server, patiently.
func (d *driver) ask(ctx workflow.Context, activity string, in any) (contract.Outcome, error) {
	out, err := quickly(ctx, activity, in)
	if err != nil && worthPatience(err) {
		out, err = patiently(ctx, activity, in)
	}
	if err != nil {
		return contract.Outcome{}, err
	}
	d.hear(ctx, out)
	return out, nil
}

func quickly(ctx workflow.Context, activity string, in any) (out contract.Outcome, err error) {
	err = workflow.ExecuteLocalActivity(quick(ctx), activity, in).Get(ctx, &out)
	return out, err
}

func patiently(ctx workflow.Context, activity string, in any) (out contract.Outcome, err error) {
	err = workflow.ExecuteActivity(patient(ctx), activity, in).Get(ctx, &out)
	return out, err
}

// hear takes over an outcome and sees to what it asks for.
func (d *driver) hear(ctx workflow.Context, out contract.Outcome) {
	d.learn(out)
	d.open(ctx, out.Opens)
}

// learn takes over what an outcome says of the dossier. Answers may overtake
// each other, and a repetition or a refusal says nothing new. Only a tick may
// take the dossier back, in attend: a ledger restored to an earlier moment.
func (d *driver) learn(out contract.Outcome) {
	if out.Refusal == nil && out.Seq >= d.seq {
		d.seq, d.next, d.closed = out.Seq, out.NextAt, out.Closed
	}
}

// successor is what the next run knows. Where a linked dossier is still being
// opened it knows nothing, and so looks at the ledger first, which tells what
// is left to open.
func (d *driver) successor() contract.DossierInput {
	if len(d.opening) > 0 {
		return contract.DossierInput{Dossier: d.dossier}
	}
	return contract.DossierInput{Dossier: d.dossier, Seq: d.seq, NextAt: d.next}
}

func worthPatience(err error) bool {
	var app *temporal.ApplicationError
	return !temporal.IsCanceledError(err) && !(errors.As(err, &app) && app.NonRetryable())
}

// tired says whether the history is long enough to go on in a new one.
func (d *driver) tired(ctx workflow.Context) bool {
	return d.fired >= historyOfUpdates || workflow.GetInfo(ctx).GetContinueAsNewSuggested()
}
