package telemetry

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/url"
	"sync"
	"time"
)

// complainEvery is how often it is said that spans are lost: while a collector
// is away that is so every few seconds, and not what a log is for.
const complainEvery = 10 * time.Minute

// maxLines is how many different lines are remembered.
const maxLines = 64

// complainer says rarely, and without anybody's words, that tracing does not
// work.
type complainer struct {
	log *slog.Logger
	now func() time.Time

	mu    sync.Mutex
	quiet map[string]time.Time // until when a line is not said again
	spans int                  // lost since it was last said
}

func newComplainer(log *slog.Logger) *complainer {
	return &complainer{log: log, now: time.Now, quiet: map[string]time.Time{}}
}

// lost is told of spans that nobody took.
func (c *complainer) lost(ctx context.Context, spans int, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.spans += spans
	if c.due("lost") {
		c.log.WarnContext(ctx, "traces are not taken by the collector; they are dropped", "spans", c.spans, "why", whyLost(err))
		c.spans = 0
	}
}

// Handle is told of what the SDK finds wrong with itself and its settings. The
// words are its own: what is sent away goes through [discreet].
func (c *complainer) Handle(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.due(err.Error()) {
		c.log.Warn("opentelemetry", "error", err)
	}
}

func (c *complainer) due(line string) bool {
	if c.now().Before(c.quiet[line]) {
		return false
	}
	if len(c.quiet) >= maxLines {
		clear(c.quiet)
	}
	c.quiet[line] = c.now().Add(complainEvery)
	return true
}

// whyLost is a class: the words of the error hold what the collector answered.
func whyLost(err error) string {
	var network net.Error
	var address *url.Error
	switch {
	case errors.As(err, &network) && network.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case errors.As(err, &address):
		return "unreachable"
	}
	return "refused"
}
