package temporalclient

import (
	"context"
	"errors"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"motcua/engine"
	"motcua/workflows/contract"
)

// patience is how long an officer waits for the workflow's answer before the
// ledger decides by itself. An update takes some 15 ms; one that takes longer
// than this has no worker or no server behind it.
const patience = 3 * time.Second

// Driver fires commands through workflows, starts and wakes them.
type Driver struct {
	client  client.Client
	breaker breaker
}

// NewDriver makes a driver on a client.
func NewDriver(c client.Client) *Driver { return &Driver{client: c} }

// Fire decides a submitted command through the dossier's workflow, starting
// the workflow if the relay has not come to it yet. It returns CodeUnavailable
// when the workflow cannot answer; the command may then still be decided by
// it, which the ledger's idempotency makes harmless.
func (d *Driver) Fire(ctx context.Context, dossier, command string) (engine.Outcome, error) {
	if !d.breaker.closed() {
		return engine.Outcome{}, engine.Errorf(engine.CodeUnavailable, "temporal is away")
	}
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	out, err := d.update(within, dossier, command)
	if isNotFound(err) {
		out, err = d.updateWithStart(within, dossier, command)
	}
	d.breaker.report(ctx, err)
	if err != nil {
		return engine.Outcome{}, unavailable(fmt.Errorf("fire %s through workflow of %s: %w", command, dossier, err))
	}
	return out, nil
}

func (d *Driver) update(ctx context.Context, dossier, command string) (engine.Outcome, error) {
	handle, err := d.client.UpdateWorkflow(ctx, updateOptions(dossier, command))
	return outcome(ctx, handle, err)
}

func (d *Driver) updateWithStart(ctx context.Context, dossier, command string) (engine.Outcome, error) {
	start := d.client.NewWithStartWorkflowOperation(startOptions(dossier), contract.WorkflowDossier, contract.DossierInput{Dossier: dossier})
	handle, err := d.client.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
		StartWorkflowOperation: start,
		UpdateOptions:          updateOptions(dossier, command),
	})
	return outcome(ctx, handle, err)
}

func updateOptions(dossier, command string) client.UpdateWorkflowOptions {
	return client.UpdateWorkflowOptions{
		UpdateID:     command,
		WorkflowID:   contract.WorkflowID(dossier),
		UpdateName:   contract.UpdateFire,
		Args:         []any{contract.FireInput{Dossier: dossier, Command: command}},
		WaitForStage: client.WorkflowUpdateStageCompleted,
	}
}

func outcome(ctx context.Context, handle client.WorkflowUpdateHandle, err error) (engine.Outcome, error) {
	var out engine.Outcome
	if err == nil {
		err = handle.Get(ctx, &out)
	}
	return out, err
}

// startOptions let a dossier have one workflow in its life: a running one is
// used, and a closed dossier never gets another.
func startOptions(dossier string) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID:                       contract.WorkflowID(dossier),
		TaskQueue:                contract.TaskQueue,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
	}
}

// Start starts the workflow of a dossier unless it runs or has run.
func (d *Driver) Start(ctx context.Context, e engine.Errand) error {
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	_, err := d.client.ExecuteWorkflow(within, startOptions(e.Dossier), contract.WorkflowDossier,
		contract.DossierInput{Dossier: e.Dossier, Seq: 1, NextAt: e.NextAt})
	return ignoreEnded(err)
}

// Wake tells the workflow of a dossier to look at the ledger. A dossier that
// has none gets one, even if one has run to its end: the ledger says there is
// something to do, as after it was restored to an earlier moment.
func (d *Driver) Wake(ctx context.Context, e engine.Errand) error {
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	options := startOptions(e.Dossier)
	options.WorkflowIDReusePolicy = enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE
	options.WorkflowIDConflictPolicy = enumspb.WORKFLOW_ID_CONFLICT_POLICY_UNSPECIFIED // SignalWithStart implies it
	_, err := d.client.SignalWithStartWorkflow(within, options.ID, contract.SignalWake, nil, options,
		contract.WorkflowDossier, contract.DossierInput{Dossier: e.Dossier})
	return ignoreEnded(err)
}

// Ready says whether Temporal answers.
func (d *Driver) Ready(ctx context.Context) error {
	if _, err := d.client.CheckHealth(ctx, &client.CheckHealthRequest{}); err != nil {
		return unavailable(fmt.Errorf("temporal: %w", err))
	}
	return nil
}

// ignoreEnded accepts that the workflow has run to its end: its dossier is closed.
func ignoreEnded(err error) error {
	if err == nil || temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		return nil
	}
	return unavailable(err)
}

func isNotFound(err error) bool {
	var missing *serviceerror.NotFound
	return errors.As(err, &missing)
}

// unavailable gives an error of Temporal the engine's code and keeps its cause.
func unavailable(err error) error {
	return fmt.Errorf("%w: %w", engine.Errorf(engine.CodeUnavailable, "temporal is away"), err)
}
