package main

import (
	"context"
	"slices"
	"sync"
	"time"

	"motcua/engine"
	"motcua/internal/postgres"
	"motcua/internal/temporalclient"
)

// stages is the stopwatch: how often each port was called and how long it took.
type stages struct {
	mu   sync.Mutex
	took map[string]samples
}

func (s *stages) since(name string, began time.Time) {
	took := time.Since(began)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.took == nil {
		s.took = map[string]samples{}
	}
	s.took[name] = append(s.took[name], took)
}

// take returns what was measured since the last call.
func (s *stages) take() map[string]samples {
	s.mu.Lock()
	defer s.mu.Unlock()
	took := s.took
	s.took = nil
	return took
}

// timed is the ledger with a stopwatch, as the API sees it.
type timed struct {
	*postgres.Ledger
	driver *temporalclient.Driver
	stages *stages
}

func (t *timed) ByKey(ctx context.Context, id, secret string) (engine.Actor, error) {
	defer t.stages.since("api: find the key's officer", time.Now())
	return t.Ledger.ByKey(ctx, id, secret)
}

func (t *timed) Get(ctx context.Context, agency, dossier string) (engine.Record, engine.Case, error) {
	defer t.stages.since("api: read the dossier", time.Now())
	return t.Ledger.Get(ctx, agency, dossier)
}

func (t *timed) Start(ctx context.Context, r engine.StartRequest) (engine.Started, error) {
	defer t.stages.since("api: start in the ledger", time.Now())
	return t.Ledger.Start(ctx, r)
}

func (t *timed) Submit(ctx context.Context, cmd engine.Command) (*engine.Outcome, error) {
	defer t.stages.since("api: submit", time.Now())
	return t.Ledger.Submit(ctx, cmd)
}

func (t *timed) FireAway(ctx context.Context, dossier, command string) (engine.Outcome, error) {
	defer t.stages.since("api: decide without temporal", time.Now())
	return t.Ledger.FireAway(ctx, dossier, command)
}

// timedFire is the driver as the API sees it.
type timedFire struct{ *timed }

func (t timedFire) Fire(ctx context.Context, dossier, command string) (engine.Outcome, error) {
	defer t.stages.since("api: update the workflow", time.Now())
	return t.driver.Fire(ctx, dossier, command)
}

// timedLedger is the ledger as the activities see it.
type timedLedger struct{ *timed }

func (t timedLedger) Fire(ctx context.Context, dossier, command string) (engine.Outcome, error) {
	defer t.stages.since("worker: fire in the ledger", time.Now())
	return t.Ledger.Fire(ctx, dossier, command)
}

func (t timedLedger) Tick(ctx context.Context, dossier string) (engine.Outcome, error) {
	defer t.stages.since("worker: tick in the ledger", time.Now())
	return t.Ledger.Tick(ctx, dossier)
}

// timedOutbox and timedDriver are what the relay sees.
type timedOutbox struct{ *timed }

func (t timedOutbox) Claim(ctx context.Context, limit int, lease time.Duration) ([]engine.Errand, error) {
	defer t.stages.since("relay: claim", time.Now())
	return t.Ledger.Claim(ctx, limit, lease)
}

func (t timedOutbox) Done(ctx context.Context, ids []int64) error {
	defer t.stages.since("relay: strike off", time.Now())
	return t.Ledger.Done(ctx, ids)
}

type timedDriver struct{ *timed }

func (t timedDriver) Start(ctx context.Context, e engine.Errand) error {
	defer t.stages.since("relay: start the workflow", time.Now())
	return t.driver.Start(ctx, e)
}

func (t timedDriver) Wake(ctx context.Context, e engine.Errand) error {
	defer t.stages.since("relay: wake the workflow", time.Now())
	return t.driver.Wake(ctx, e)
}

// samples are durations in the order they came.
type samples []time.Duration

// quantile sorts and picks; zero when there are none.
func (s samples) quantile(q float64) time.Duration {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

func (s samples) mean() time.Duration {
	var sum time.Duration
	for _, d := range s {
		sum += d
	}
	return sum / time.Duration(max(len(s), 1))
}
