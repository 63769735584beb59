package worker

import (
	"context"
	"log/slog"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"motcua/engine"
	"motcua/workflows/contract"
)

// Messages are what dossiers tell each other, as the relay needs them.
type Messages interface {
	// Deliver decides the command of a tell on the dossier it is for, once; a
	// refusal is an outcome. Errors: CodeUnavailable, CodeInternal.
	Deliver(ctx context.Context, e engine.Errand) (engine.Outcome, error)
}

// Outbox is the ledger's list of errands, as the relay needs it.
type Outbox interface {
	Messages
	// Claim leases up to limit errands that are due; one not done or failed by
	// the end of the lease is given out again.
	Claim(ctx context.Context, limit int, lease time.Duration) ([]engine.Errand, error)
	// Done strikes errands off.
	Done(ctx context.Context, ids []int64) error
	// Failed puts an errand back until a moment.
	Failed(ctx context.Context, id int64, reason string, retryAt time.Time) error
	// Listen tells that there may be something to claim. It never blocks the ledger.
	Listen(ctx context.Context) (<-chan struct{}, error)
	// Overslept writes a wake-up for open dossiers whose due moment passed
	// longer ago than since without anything happening; it returns how many.
	Overslept(ctx context.Context, since time.Duration, limit int) (int, error)
}

// Driver starts and wakes workflows. Both are idempotent.
type Driver interface {
	// Start starts the workflow of a dossier unless it runs or has run.
	Start(ctx context.Context, e engine.Errand) error
	// Wake tells the workflow to look at the ledger, starting it if need be.
	Wake(ctx context.Context, e engine.Errand) error
}

const (
	relayBatch  = 64
	relayLease  = 30 * time.Second
	relayIdle   = time.Second      // the longest wait when no notification comes
	relaySweep  = 30 * time.Second // how often to look for dossiers that overslept
	overslept   = time.Minute
	relayAtOnce = 8 // errands carried at the same time
	sweepBatch  = 1000
)

// Relay carries errands from the ledger to Temporal, and from one dossier to
// another, each at least once. A
// process that dies with errands in hand loses none: their lease runs out.
type Relay struct {
	Outbox Outbox
	Driver Driver
	Logger *slog.Logger
	// Observe, when there is one, is told of every errand, and whether it was
	// carried or put back.
	Observe func(kind string, carried bool)
	// Tracer, when there is one, makes a trace of each errand.
	Tracer trace.Tracer
}

// Run carries errands until the context ends.
func (r *Relay) Run(ctx context.Context) {
	signal, err := r.Outbox.Listen(ctx)
	if err != nil {
		r.Logger.WarnContext(ctx, "relay cannot listen; it looks every second instead", "error", err)
	}
	sweep := time.NewTicker(relaySweep)
	defer sweep.Stop()
	for ctx.Err() == nil {
		if r.round(ctx) == relayBatch {
			continue // there may be more
		}
		select {
		case <-ctx.Done():
		case <-signal:
		case <-time.After(relayIdle):
		case <-sweep.C:
			r.sweep(ctx)
		}
	}
}

// round claims one batch and carries it; it returns the size of the batch.
func (r *Relay) round(ctx context.Context) int {
	errands, err := r.Outbox.Claim(ctx, relayBatch, relayLease)
	if err != nil {
		r.complain(ctx, "claim errands", err)
		return 0
	}
	results := make(chan int64, len(errands))
	slots := make(chan struct{}, relayAtOnce)
	for _, e := range errands {
		slots <- struct{}{}
		go func() {
			results <- r.carry(ctx, e)
			<-slots
		}()
	}
	var done []int64
	for range errands {
		if id := <-results; id != 0 {
			done = append(done, id)
		}
	}
	if len(done) > 0 {
		r.complain(ctx, "strike off errands", r.Outbox.Done(ctx, done))
	}
	return len(errands)
}

// carry delivers one errand and returns its id, or puts it back and returns 0.
func (r *Relay) carry(ctx context.Context, e engine.Errand) int64 {
	ctx, span := begin(ctx, r.Tracer, "errand "+e.Kind, e.Dossier, attribute.Int("motcua.attempt", e.Attempts))
	err := r.deliver(ctx, e)
	defer func() { end(span, classOf(err)) }()
	if r.Observe != nil {
		r.Observe(e.Kind, err == nil)
	}
	if err == nil {
		return e.ID
	}
	r.Logger.WarnContext(ctx, "errand put back", "kind", e.Kind, "dossier", e.Dossier, "workflow_id", contract.WorkflowID(e.Dossier), "attempts", e.Attempts, "error", err)
	r.complain(ctx, "put back errand", r.Outbox.Failed(ctx, e.ID, string(engine.CodeOf(err)), time.Now().Add(backoff(e.Attempts))))
	return 0
}

func (r *Relay) deliver(ctx context.Context, e engine.Errand) error {
	switch e.Kind {
	case engine.ErrandWake:
		return r.Driver.Wake(ctx, e)
	case engine.ErrandTell:
		return r.tell(ctx, e)
	}
	return r.Driver.Start(ctx, e)
}

// tell has a dossier decide what another one told it. One that refuses has
// heard it all the same: it would refuse it for ever.
func (r *Relay) tell(ctx context.Context, e engine.Errand) error {
	out, err := r.Outbox.Deliver(ctx, e)
	if err == nil && out.Refusal != nil {
		r.Logger.WarnContext(ctx, "a dossier refused what another told it", "dossier", e.Dossier, "workflow_id", contract.WorkflowID(e.Dossier), "command", out.Command, "code", out.Refusal.Code)
	}
	return err
}

// sweep is the net under the timers: it wakes what should have woken itself,
// all of it, should Temporal's memory be lost.
func (r *Relay) sweep(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := r.Outbox.Overslept(ctx, overslept, sweepBatch)
		r.complain(ctx, "look for dossiers that overslept", err)
		if n > 0 {
			r.Logger.WarnContext(ctx, "dossiers overslept; woken", "count", n)
		}
		if err != nil || n < sweepBatch {
			return
		}
	}
}

func (r *Relay) complain(ctx context.Context, what string, err error) {
	if err != nil && ctx.Err() == nil {
		r.Logger.WarnContext(ctx, what, "error", err)
	}
}

// backoff waits a second after the first attempt and half a minute at most.
func backoff(attempts int) time.Duration {
	return min(time.Second<<min(attempts, 5), 30*time.Second)
}
