package worker

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"motcua/engine"
	"motcua/workflows/contract"
)

// Subscribers is the ledger's list of what subscribers are to be told.
type Subscribers interface {
	// Announce makes deliveries of what changed since it was called last, by
	// whichever process, of up to limit changes; it returns how many it read.
	Announce(ctx context.Context, limit int) (int, error)
	// ClaimDeliveries leases up to limit deliveries that are due, from each
	// subscription a few and from those that are busy none; one that nothing is
	// reported of by the end of the lease is given out again.
	ClaimDeliveries(ctx context.Context, limit, each int, lease time.Duration, busy []string) ([]engine.Delivery, error)
	// Attempted reports what became of a delivery.
	Attempted(ctx context.Context, d engine.Delivery, a engine.Attempt) error
	// TidyDeliveries gives up what is over its time; it returns how many that were.
	TidyDeliveries(ctx context.Context, lease time.Duration) (int, error)
}

// Sender sends a delivery once, within the lease.
type Sender interface {
	Send(ctx context.Context, d engine.Delivery) engine.Attempt
}

const (
	announceBatch = 256
	announceIdle  = 500 * time.Millisecond
	sendLease     = 30 * time.Second // three times what sending takes at most
	sendAtOnce    = 32
	sendPerHook   = 4 // of one subscription, so that one that is slow leaves room
	tidyEvery     = 30 * time.Second
)

// Announcer tells subscribers what happened to dossiers: it makes deliveries of
// the feed of changes and sends them, each at least once, those of one dossier
// to one subscriber in order. Any number of processes share the work; one that
// dies loses nothing.
type Announcer struct {
	Subscribers Subscribers
	Sender      Sender
	Logger      *slog.Logger
	// Tracer, when there is one, makes a trace of each attempt.
	Tracer trace.Tracer
	// Share is a number between 0 and 1 that spreads retries; by default random.
	Share func() float64

	mu      sync.Mutex
	sending map[string]int // by subscription
	total   int
	freed   chan struct{}
}

// Run announces and sends until the context ends, and waits for what is being
// sent.
func (a *Announcer) Run(ctx context.Context) {
	a.sending, a.freed = map[string]int{}, make(chan struct{}, 1)
	if a.Share == nil {
		a.Share = rand.Float64
	}
	var working sync.WaitGroup
	defer working.Wait()
	working.Go(func() { a.announce(ctx) })
	working.Go(func() { a.tidy(ctx) })
	for ctx.Err() == nil {
		if a.dispatch(ctx, &working) > 0 {
			continue // there may be more
		}
		select {
		case <-ctx.Done():
		case <-a.freed:
		case <-time.After(announceIdle):
		}
	}
}

// announce makes deliveries of the feed.
func (a *Announcer) announce(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := a.Subscribers.Announce(ctx, announceBatch)
		a.complain(ctx, "announce changes", err)
		if n > 0 {
			a.wake()
		}
		if n == announceBatch && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(announceIdle):
		}
	}
}

func (a *Announcer) tidy(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := a.Subscribers.TidyDeliveries(ctx, sendLease)
		a.complain(ctx, "tidy deliveries", err)
		if n > 0 {
			a.Logger.WarnContext(ctx, "deliveries to subscribers given up", "count", n)
		}
		select {
		case <-ctx.Done():
		case <-time.After(tidyEvery):
		}
	}
}

// dispatch claims as much as there is room for and sends it; it returns how
// much that was.
func (a *Announcer) dispatch(ctx context.Context, working *sync.WaitGroup) int {
	free, busy := a.room()
	if free == 0 {
		return 0
	}
	list, err := a.Subscribers.ClaimDeliveries(ctx, free, sendPerHook, sendLease, busy)
	a.complain(ctx, "claim deliveries", err)
	for _, d := range list {
		a.count(d.Webhook, 1)
		working.Go(func() {
			defer a.wake()
			defer a.count(d.Webhook, -1)
			a.send(ctx, d)
		})
	}
	return len(list)
}

// send sends a delivery and reports what came of it. A process that is told to
// stop finishes what it sends: the subscriber may have it already.
func (a *Announcer) send(ctx context.Context, d engine.Delivery) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendLease/2)
	defer cancel()
	ctx, span := begin(ctx, a.Tracer, "delivery", d.Announcement.Dossier,
		attribute.String("motcua.webhook", d.Webhook), attribute.Int64("motcua.delivery", d.ID), attribute.Int("motcua.attempt", d.Attempts))
	attempt := a.Sender.Send(ctx, d)
	defer func() { end(span, attempt.Failure) }()
	attempt.RetryIn = max(engine.RetryIn(d.Tries, a.Share()), attempt.Asked)
	if !attempt.Delivered() {
		a.Logger.WarnContext(ctx, "a subscriber did not take a delivery", "webhook", d.Webhook, "delivery", d.ID, "dossier", d.Announcement.Dossier,
			"workflow_id", contract.WorkflowID(d.Announcement.Dossier), "attempt", d.Attempts, "why", attempt.Why(), "latency", attempt.Latency)
	}
	if err := a.Subscribers.Attempted(ctx, d, attempt); err != nil {
		a.Logger.WarnContext(ctx, "record a delivery", "webhook", d.Webhook, "delivery", d.ID, "dossier", d.Announcement.Dossier,
			"workflow_id", contract.WorkflowID(d.Announcement.Dossier), "error", err)
	}
}

// room is how many more may be sent, and which subscriptions have their share.
func (a *Announcer) room() (free int, busy []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for hook, n := range a.sending {
		if n >= sendPerHook {
			busy = append(busy, hook)
		}
	}
	return sendAtOnce - a.total, busy
}

func (a *Announcer) count(hook string, by int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.total += by
	if a.sending[hook] += by; a.sending[hook] == 0 {
		delete(a.sending, hook)
	}
}

func (a *Announcer) wake() {
	select {
	case a.freed <- struct{}{}:
	default: // it looks anyway
	}
}

func (a *Announcer) complain(ctx context.Context, what string, err error) {
	if err != nil && ctx.Err() == nil {
		a.Logger.WarnContext(ctx, what, "error", err)
	}
}
