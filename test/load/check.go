package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
)

const (
	verified  = 20          // dossiers of a lap whose record is read back
	endWithin = time.Minute // how long a workflow may take to end after its dossier's last answer
)

// check makes sure that a lap left what it should, and counts the events of its
// workflows' histories.
func check(ctx context.Context, s *stack, c contender, ids []string) (events []int64, err error) {
	for _, id := range ids[:min(len(ids), verified)] {
		if err := c.verify(ctx, id); err != nil {
			return nil, fmt.Errorf("verify: %w", err)
		}
	}
	if s.temporal == nil || len(ids) == 0 || c.workflow(ids[0]) == "" {
		return nil, nil
	}
	events, errs := make([]int64, len(ids)), make([]error, len(ids))
	parallel(len(ids), 8, func(i int) { events[i], errs[i] = s.ended(ctx, c.workflow(ids[i])) })
	return events, errors.Join(errs...)
}

// ended waits until a workflow has completed and returns the length of its
// history. It may not even have begun: a dossier that the ledger decided by
// itself, because Temporal did not answer in time, is caught up with later.
func (s *stack) ended(ctx context.Context, workflow string) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, endWithin)
	defer cancel()
	for {
		d, err := s.temporal.DescribeWorkflowExecution(ctx, workflow, "")
		var missing *serviceerror.NotFound
		if err != nil && !errors.As(err, &missing) {
			return 0, fmt.Errorf("describe %s: %w", workflow, err)
		}
		switch info := d.GetWorkflowExecutionInfo(); info.GetStatus() {
		case enums.WORKFLOW_EXECUTION_STATUS_COMPLETED:
			return info.GetHistoryLength(), nil
		case enums.WORKFLOW_EXECUTION_STATUS_RUNNING, enums.WORKFLOW_EXECUTION_STATUS_UNSPECIFIED:
			if err := pause(ctx, 100*time.Millisecond); err != nil {
				return 0, fmt.Errorf("%s has not ended: %w", workflow, err)
			}
		default:
			return 0, fmt.Errorf("%s ended as %s", workflow, info.GetStatus())
		}
	}
}
