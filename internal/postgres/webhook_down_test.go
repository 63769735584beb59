package postgres_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/internal/notify/webhook"
	"motcua/internal/postgres"
	"motcua/internal/postgres/pgtest"
	"motcua/worker"
)

// receiver is a subscriber that verifies what it gets by the library of the
// standard, and forgets repetitions by their id.
type receiver struct {
	mu       sync.Mutex
	hook     *standardwebhooks.Webhook
	seen     map[string]bool
	got      []event.Event
	repeated int
	forged   int
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	var e event.Event
	if r.hook.Verify(body, req.Header) != nil || e.UnmarshalJSON(body) != nil {
		r.forged++
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if r.seen[req.Header.Get("webhook-id")] {
		r.repeated++
		return
	}
	r.seen[req.Header.Get("webhook-id")] = true
	r.got = append(r.got, e)
}

func (r *receiver) received() []event.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]event.Event{}, r.got...)
}

// announcing runs workers' announcers until the test ends or stop is called.
func (w world) announcing() (stop func()) {
	ctx, cancel := context.WithCancel(w.t.Context())
	var done sync.WaitGroup
	for range 2 {
		a := &worker.Announcer{
			Subscribers: w.Ledger, Logger: slog.New(slog.DiscardHandler), Share: func() float64 { return 1 },
			Sender: webhook.New(webhook.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Version: "test"}),
		}
		done.Go(func() { a.Run(ctx) })
	}
	stop = func() { cancel(); done.Wait() }
	w.t.Cleanup(stop)
	return stop
}

// TestSubscriberThatWasDown: nobody listens while dossiers move; once somebody
// does, every event arrives, in order by dossier, verified by signature, while
// another subscriber was not held up.
func TestSubscriberThatWasDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shuttle())
	w.Ledger = postgres.New(w.pool, postgres.Options{Compile: compile, Keys: pgtest.Keys(), Webhooks: engine.WebhookPolicy{PlainLoopback: true}})
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close(), "it is down")
	hook := func(key, url string) *receiver {
		made := w.hook(key, func(h *engine.Webhook) { h.URL = url })
		verifier, err := standardwebhooks.NewWebhook(made.Secret)
		require.NoError(t, err)
		return &receiver{hook: verifier, seen: map[string]bool{}}
	}
	down := hook("down", "http://"+address+"/")
	healthy := httptest.NewUnstartedServer(nil)
	up := hook("up", "http://"+healthy.Listener.Addr().String())
	healthy.Config.Handler = up
	healthy.Start()
	t.Cleanup(healthy.Close)

	stop := w.announcing()
	const dossiers, turns = 4, 5
	an := w.officer("an")
	for i := range dossiers {
		d := &traveller{code: w.start(string(rune('a' + i))).Code}
		for range turns {
			_, err := w.Fire(t.Context(), d.code, w.turn(d, an))
			require.NoError(t, err)
		}
	}
	require.Eventually(t, func() bool {
		return w.count(`SELECT count(*) FROM deliveries WHERE webhook_id = 'up'`) > 0 && w.settled("up")
	}, time.Minute, 50*time.Millisecond, "the healthy one is not held up")
	require.Eventually(t, func() bool { return w.count(`SELECT count(*) FROM delivery_attempts WHERE failure = 'connect'`) > 2 }, time.Minute, 50*time.Millisecond)
	require.Empty(t, down.received())
	stop() // both workers end, others take over
	w.announcing()

	server := httptest.NewUnstartedServer(down)
	require.NoError(t, server.Listener.Close())
	server.Listener, err = (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
	require.NoError(t, err, "it is back")
	server.Start()
	t.Cleanup(server.Close)
	require.Eventually(t, func() bool { return w.settled("down") }, time.Minute, 50*time.Millisecond)

	for name, r := range map[string]*receiver{"down": down, "up": up} {
		got := r.received()
		require.Zero(t, r.forged)
		require.Len(t, got, w.count(`SELECT count(*) FROM deliveries WHERE webhook_id = $1`, name))
		require.Equal(t, dossiers*(turns+1), countType(got, engine.AnnouncementType(engine.FactStateEntered)))
		last := map[string]int64{}
		for _, e := range got {
			var data engine.Announced
			require.NoError(t, e.DataAs(&data))
			require.Equal(t, e.Subject(), data.Dossier)
			require.GreaterOrEqual(t, data.Seq, last[data.Dossier], "in order")
			last[data.Dossier] = data.Seq
		}
	}
	require.ElementsMatch(t, messages(up.received()), messages(down.received()), "both heard the same")
}

// settled says that everything was announced and delivered to a subscription.
func (w world) settled(hook string) bool {
	return w.count(`SELECT count(*) FROM changes c, webhook_position p WHERE (c.xact, c.id) > (p.xact, p.id)`) == 0 &&
		w.count(`SELECT count(*) FROM deliveries WHERE webhook_id = $1 AND state <> 'delivered'`, hook) == 0
}

func countType(list []event.Event, kind string) int {
	n := 0
	for _, e := range list {
		if e.Type() == kind {
			n++
		}
	}
	return n
}

func messages(list []event.Event) []string {
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = e.ID()
	}
	return out
}

// TestSubscriberIsLeftAlone: what is away is asked again after a second, then
// twice as long each time and a minute at most, spread by half of it.
func TestSubscriberIsLeftAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	hook := w.hook("k")
	w.start("a")
	w.announced()
	left := func(failures int, a engine.Attempt) time.Duration {
		t.Helper()
		w.due()
		w.exec(`UPDATE webhooks SET failures = $1, retry_at = '-infinity'`, failures)
		list := w.claim()
		require.Len(t, list, 1)
		w.answered(list[0], a)
		var left float64
		require.NoError(t, w.pool.QueryRow(t.Context(),
			`SELECT coalesce(extract(epoch FROM nullif(retry_at, '-infinity') - clock_timestamp()), 0) FROM webhooks WHERE id = $1`, hook.ID).Scan(&left))
		return time.Duration(left * float64(time.Second))
	}
	const took = 2 * time.Second // between the answer and the look at it, at most
	for failures, longest := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60, 60} {
		longest *= time.Second
		got := left(failures, away)
		require.LessOrEqual(t, got, longest, failures)
		require.GreaterOrEqual(t, got, longest/2-took, failures)
	}
	require.Equal(t, 9, w.count(`SELECT failures FROM webhooks`))
	busy := engine.Attempt{Status: 429, Failure: engine.FailedStatus, Asked: 3 * time.Minute}
	require.InDelta(t, 3*time.Minute, left(0, busy), float64(took), "or as it asks")
	require.Zero(t, left(0, engine.Attempt{Status: 422, Failure: engine.FailedStatus}), "one that refuses a delivery is there")
}
