package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"go.opentelemetry.io/otel/trace"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"motcua/activities"
	"motcua/workflows/contract"
)

// Options say what a worker works with.
type Options struct {
	Client client.Client
	Ledger activities.Ledger
	Outbox Outbox
	Driver Driver
	// Subscribers and Sender are what the announcer works with.
	Subscribers Subscribers
	Sender      Sender
	Logger      *slog.Logger
	// Observe, when there is one, is told of every errand, and whether it was
	// carried or put back.
	Observe func(kind string, carried bool)
	// Tracer, when there is one, makes a trace of each errand and each attempt of
	// a delivery. Updates and activities are traced by the client.
	Tracer trace.Tracer
}

// Worker runs workflows, activities, the relay and the announcer.
type Worker struct {
	temporal  worker.Worker
	relay     *Relay
	announcer *Announcer
	stop      context.CancelFunc
	done      sync.WaitGroup
}

// Tuning is how the worker asks Temporal for tasks, and how many it takes on.
func Tuning() worker.Options {
	return worker.Options{
		// The SDK's two would spend themselves on the tasks of dossiers that run
		// already, and a new dossier's first would wait a quarter of a second.
		MaxConcurrentWorkflowTaskPollers:        8,
		MaxConcurrentWorkflowTaskExecutionSize:  64,
		MaxConcurrentLocalActivityExecutionSize: 32, // each holds a database connection
		MaxConcurrentActivityExecutionSize:      16,
		// A task that waits longer for the worker that knows its workflow goes to
		// any, with its whole history. After the SDK's five seconds the tail of a
		// thousand dossiers that fall due together would, and be later for it.
		// What a worker that died had taken waits as long, once.
		StickyScheduleToStartTimeout: 15 * time.Second,
		WorkerStopTimeout:            10 * time.Second,
	}
}

// New makes a worker. Errors: a missing option.
func New(o Options) (*Worker, error) {
	if o.Client == nil || o.Ledger == nil || o.Outbox == nil || o.Driver == nil || o.Subscribers == nil || o.Sender == nil || o.Logger == nil {
		return nil, errors.New("worker needs a client, a ledger, an outbox, a driver, subscribers, a sender and a logger")
	}
	w := worker.New(o.Client, contract.TaskQueue, Tuning())
	RegisterWorkflows(w)
	RegisterActivities(w, &activities.Activities{Ledger: o.Ledger, Logger: o.Logger})
	return &Worker{
		temporal: w, relay: &Relay{Outbox: o.Outbox, Driver: o.Driver, Logger: o.Logger, Observe: o.Observe, Tracer: o.Tracer},
		announcer: &Announcer{Subscribers: o.Subscribers, Sender: o.Sender, Logger: o.Logger, Tracer: o.Tracer},
	}, nil
}

// Start begins to work and returns. Errors: Temporal refuses the worker.
func (w *Worker) Start(ctx context.Context) error {
	if err := w.temporal.Start(); err != nil {
		return fmt.Errorf("start worker: %w", err)
	}
	ctx, w.stop = context.WithCancel(context.WithoutCancel(ctx))
	w.done.Go(func() { w.relay.Run(ctx) })
	w.done.Go(func() { w.announcer.Run(ctx) })
	return nil
}

// Stop lets running tasks finish, for ten seconds at most, and returns.
func (w *Worker) Stop() {
	if w.stop == nil {
		return
	}
	w.stop()
	w.done.Wait()
	w.temporal.Stop()
}
