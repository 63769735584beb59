package main

import (
	"context"
	"strconv"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	motcua "motcua/worker"
)

// Names of the bare workflow.
const (
	bareQueue    = "load-bare"
	bareWorkflow = "bare"
	bareUpdate   = "step"
	bareWithin   = 8 * time.Hour
)

// bareOutcome is as long as what the ledger answers.
type bareOutcome struct {
	Dossier string    `json:"dossier"`
	Command string    `json:"command"`
	Seq     int64     `json:"seq"`
	State   string    `json:"state"`
	Closed  bool      `json:"closed,omitempty"`
	NextAt  time.Time `json:"next_at,omitzero"`
}

// bare is a dossier with nothing behind it: as many updates, and a timer per
// step that is set and cancelled.
func bare(ctx workflow.Context, id string, steps int) error {
	done := 0
	if err := workflow.SetUpdateHandler(ctx, bareUpdate, func(ctx workflow.Context, command string) (bareOutcome, error) {
		done++
		return bareOutcome{
			Dossier: id, Command: command, Seq: int64(done), State: "step-" + strconv.Itoa(done),
			Closed: done == steps, NextAt: workflow.Now(ctx).Add(bareWithin),
		}, nil
	}); err != nil {
		return err
	}
	for step := range steps {
		if _, err := workflow.AwaitWithTimeout(ctx, bareWithin, func() bool { return done > step }); err != nil {
			return err
		}
	}
	return workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) })
}

// viaTemporal is the limit: the same job without engine and store.
type viaTemporal struct{ client client.Client }

// newViaTemporal starts a worker tuned as motcua's own.
func newViaTemporal(s *stack) (*viaTemporal, error) {
	w := worker.New(s.temporal, bareQueue, motcua.Tuning())
	w.RegisterWorkflowWithOptions(bare, workflow.RegisterOptions{Name: bareWorkflow})
	if err := w.Start(); err != nil {
		return nil, err
	}
	s.onClose(func() error { w.Stop(); return nil })
	return &viaTemporal{client: s.temporal}, nil
}

func (v *viaTemporal) name() string { return "temporal" }

func (v *viaTemporal) workflow(id string) string { return id }

// start asks for an eager first task: starter and worker share a client.
func (v *viaTemporal) start(ctx context.Context, key string) (string, error) {
	id := "bare/" + key
	_, err := v.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: id, TaskQueue: bareQueue, EnableEagerStart: true}, bareWorkflow, id, len(events))
	return id, err
}

func (v *viaTemporal) step(ctx context.Context, id string, i int) (bool, error) {
	command := id + "/" + events[i]
	handle, err := v.client.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		UpdateID: command, WorkflowID: id, UpdateName: bareUpdate, Args: []any{command}, WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	if err != nil {
		return false, err
	}
	var out bareOutcome
	return out.Closed, handle.Get(ctx, &out)
}

// verify has nothing to look at: the workflow has ended, which is checked of all.
func (v *viaTemporal) verify(context.Context, string) error { return nil }
