package api

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"motcua/engine"
)

// Feed is what the ledger tells of changes, in the order of transactions.
type Feed interface {
	// Changes reads on from a position. Errors: CodeUnavailable.
	Changes(ctx context.Context, after engine.Position, limit int) ([]engine.Change, error)
	// LatestChange is the position behind which everything is still to come.
	// Errors: CodeUnavailable.
	LatestChange(ctx context.Context) (engine.Position, error)
}

const (
	hubBatch  = 500
	hubGlance = 300 * time.Millisecond // how often the feed is looked at, while somebody listens
	hubBuffer = 256                    // changes a slow listener may be behind
)

// hub reads the feed once for everybody who listens. It reads only while
// somebody does.
type hub struct {
	feed    Feed
	log     *slog.Logger
	stopped context.Context //nolint:containedctx // the life of the server, which no request has
	stop    context.CancelFunc

	mu        sync.Mutex
	listeners map[*listener]bool
	at        engine.Position // everything up to here was passed on
	running   bool
}

// listener gets every change behind from. Its channel is closed when it is too
// slow: it may come back and name the last it has heard.
type listener struct {
	from    engine.Position
	changes chan engine.Change
}

func newHub(feed Feed, log *slog.Logger) *hub {
	h := &hub{feed: feed, log: log, listeners: map[*listener]bool{}}
	h.stopped, h.stop = context.WithCancel(context.Background())
	return h
}

// listen begins to pass changes on to a listener. Errors: CodeUnavailable.
func (h *hub) listen(ctx context.Context) (*listener, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.running {
		at, err := h.feed.LatestChange(ctx)
		if err != nil {
			return nil, err
		}
		h.at, h.running = at, true
		go h.run()
	}
	l := &listener{from: h.at, changes: make(chan engine.Change, hubBuffer)}
	h.listeners[l] = true
	return l, nil
}

// leave ends what listen began.
func (h *hub) leave(l *listener) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.listeners, l)
}

// run passes on what is new, until nobody listens any more.
func (h *hub) run() {
	glance := time.NewTicker(hubGlance)
	defer glance.Stop()
	for {
		select {
		case <-h.stopped.Done():
			return
		case <-glance.C:
		}
		for h.round() {
		}
		if h.idle() {
			return
		}
	}
}

// idle ends the reading where nobody listens.
func (h *hub) idle() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.running = len(h.listeners) > 0
	return !h.running
}

// round passes one batch on, and says whether there may be more.
func (h *hub) round() bool {
	ctx, cancel := context.WithTimeout(h.stopped, requestTimeout)
	defer cancel()
	h.mu.Lock()
	at := h.at
	h.mu.Unlock()
	list, err := h.feed.Changes(ctx, at, hubBatch)
	if err != nil {
		if h.stopped.Err() == nil {
			h.log.WarnContext(ctx, "read the feed of changes", "code", engine.CodeOf(err), "error", err)
		}
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, c := range list {
		h.at = c.Position
		for l := range h.listeners {
			h.pass(l, c)
		}
	}
	return len(list) == hubBatch
}

// pass hands a change to a listener, or gives one up that is too slow.
func (h *hub) pass(l *listener, c engine.Change) {
	select {
	case l.changes <- c:
	default:
		delete(h.listeners, l)
		close(l.changes)
	}
}
