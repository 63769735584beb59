package api

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"motcua/engine"
)

// resumeEvery is how often the server looks for acts that were cut off.
const resumeEvery = 30 * time.Second

// actRunner carries acts on many dossiers out behind the requests that asked
// for them. What it has not done when the server stops stays pending in the
// ledger, for whoever resumes it.
type actRunner struct {
	log     *slog.Logger
	stopped context.Context //nolint:containedctx // the life of the server, which no request has
	stop    context.CancelFunc
	at      sync.WaitGroup
	mu      sync.Mutex
	running map[string]bool // what this process works on
}

func newActRunner(log *slog.Logger) *actRunner {
	r := &actRunner{log: log, running: map[string]bool{}}
	r.stopped, r.stop = context.WithCancel(context.Background())
	return r
}

// run does some work under a name, unless this process does already or the
// server has stopped. The request it was asked in may end meanwhile.
func (r *actRunner) run(ctx context.Context, name string, work func(context.Context) error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running[name] || r.stopped.Err() != nil {
		return
	}
	r.running[name] = true
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	cut := context.AfterFunc(r.stopped, cancel)
	r.at.Go(func() {
		defer cancel()
		defer cut()
		defer r.done(name)
		if err := work(ctx); err != nil {
			r.log.WarnContext(ctx, "work on many dossiers was cut off", "work", name, "code", engine.CodeOf(err), "error", err)
		}
	})
}

func (r *actRunner) done(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.running, name)
}

// resume goes on with what was cut off, now and every so often, until the
// server stops.
func (r *actRunner) resume(ctx context.Context, every time.Duration, work func(context.Context) error) {
	r.run(ctx, "resuming", work)
	r.at.Go(func() {
		again := time.NewTicker(every)
		defer again.Stop()
		for {
			select {
			case <-r.stopped.Done():
				return
			case <-again.C:
				r.run(ctx, "resuming", work)
			}
		}
	})
}

// close cuts off what runs and waits for it, as long as ctx lasts.
func (r *actRunner) close(ctx context.Context) error {
	r.mu.Lock()
	r.stop()
	r.mu.Unlock()
	ended := make(chan struct{})
	go func() {
		r.at.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return engine.Errorf(engine.CodeUnavailable, "work on many dossiers has not come to its end")
	}
}
