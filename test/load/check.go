package main

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/api/enums/v1"
	"golang.org/x/sync/errgroup"
)

const (
	verified  = 20               // dossiers of a lap whose record is read back
	endWithin = 30 * time.Second // how long a workflow may take to end after its last answer
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
	events = make([]int64, len(ids))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for i, id := range ids {
		g.Go(func() (err error) {
			events[i], err = s.ended(ctx, c.workflow(id))
			return err
		})
	}
	return events, g.Wait()
}

// ended waits until a workflow has completed and returns the length of its history.
func (s *stack) ended(ctx context.Context, workflow string) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, endWithin)
	defer cancel()
	for {
		d, err := s.temporal.DescribeWorkflowExecution(ctx, workflow, "")
		if err != nil {
			return 0, fmt.Errorf("describe %s: %w", workflow, err)
		}
		switch info := d.GetWorkflowExecutionInfo(); info.GetStatus() {
		case enums.WORKFLOW_EXECUTION_STATUS_COMPLETED:
			return info.GetHistoryLength(), nil
		case enums.WORKFLOW_EXECUTION_STATUS_RUNNING:
			time.Sleep(100 * time.Millisecond)
		default:
			return 0, fmt.Errorf("%s ended as %s", workflow, info.GetStatus())
		}
	}
}
