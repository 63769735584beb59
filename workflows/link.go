package workflows

import (
	"slices"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/workflow"

	"motcua/workflows/contract"
)

// open opens linked dossiers beside everything else, one after the other: each
// takes the lock of this dossier. One that is being opened is not opened a
// second time meanwhile; afterwards it may be, which finds the same dossier.
func (d *driver) open(ctx workflow.Context, linked []string) {
	var fresh []string
	for _, id := range linked {
		if !slices.Contains(d.opening, id) {
			fresh = append(fresh, id)
		}
	}
	if len(fresh) == 0 {
		return
	}
	d.opening = append(d.opening, fresh...)
	workflow.Go(ctx, func(ctx workflow.Context) {
		for _, id := range fresh {
			d.openOne(ctx, id)
		}
	})
}

// openOne has the ledger open a linked dossier. One that cannot be opened yet
// keeps neither this dossier nor its other parts waiting.
func (d *driver) openOne(ctx workflow.Context, id string) {
	in := contract.OpenInput{Dossier: d.dossier, Linked: id}
	out, err := quickly(ctx, contract.ActivityOpen, in)
	if err == nil || !worthPatience(err) {
		d.opened(ctx, id, out, err)
		return
	}
	workflow.Go(ctx, func(ctx workflow.Context) {
		out, err := patiently(ctx, contract.ActivityOpen, in)
		d.opened(ctx, id, out, err)
	})
}

// opened starts the workflow of what was opened. Where that failed for good
// the dossier goes on without, and the clocks of the link show it.
func (d *driver) opened(ctx workflow.Context, id string, out contract.Outcome, err error) {
	if err != nil {
		workflow.GetLogger(ctx).Error("linked dossier cannot be opened", "dossier", d.dossier, "linked", id, "error", err)
	} else {
		d.hear(ctx, out)
	}
	if out.Child != "" {
		bear(ctx, out.Child)
	}
	d.opening = slices.DeleteFunc(d.opening, func(other string) bool { return other == id })
}

// bear starts the workflow of a linked dossier as a child of this one, which
// does not wait for its end nor takes it along, not when it is cancelled
// either. The relay carries an errand to the same end, and an officer may be
// quicker than both: a workflow that runs, or has run, is as good as ours.
func bear(ctx workflow.Context, dossier string) {
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	ctx = workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            contract.WorkflowID(dossier),
		TaskQueue:             contract.TaskQueue,
		WorkflowIDReusePolicy: enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY,
		ParentClosePolicy:     enumspb.PARENT_CLOSE_POLICY_ABANDON,
	})
	child := workflow.ExecuteChildWorkflow(ctx, contract.WorkflowDossier, contract.DossierInput{Dossier: dossier})
	if err := child.GetChildWorkflowExecution().Get(ctx, nil); err != nil {
		workflow.GetLogger(ctx).Info("linked dossier has its workflow already", "dossier", dossier, "error", err)
	}
}

// through says whether a closed dossier has nothing left to open. One that
// goes on in a new run leaves it to that.
func (d *driver) through() bool { return !d.closed || len(d.opening) == 0 }
