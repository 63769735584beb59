package postgres_test

import (
	"encoding/base64"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

const (
	claimLease = time.Minute
	anyNumber  = 1000
)

// hook subscribes to everything of the agency, changed as asked.
func (w world) hook(key string, change ...func(*engine.Webhook)) engine.IssuedWebhook {
	w.t.Helper()
	hook := engine.Webhook{URL: "https://portal.example/" + key}
	for _, c := range change {
		c(&hook)
	}
	made, err := w.CreateWebhook(w.t.Context(), portal, key, hook)
	require.NoError(w.t, err)
	return made
}

// announced makes deliveries of everything that has changed. What a
// transaction of another test holds open is waited for: it is one server.
func (w world) announced() {
	w.t.Helper()
	require.Eventually(w.t, func() bool {
		_, err := w.Announce(w.t.Context(), anyNumber)
		require.NoError(w.t, err)
		return w.count(`SELECT count(*) FROM changes c, webhook_position p WHERE (c.xact, c.id) > (p.xact, p.id)`) == 0
	}, 20*time.Second, 10*time.Millisecond)
}

func (w world) claim(busy ...string) []engine.Delivery {
	w.t.Helper()
	list, err := w.ClaimDeliveries(w.t.Context(), anyNumber, anyNumber, claimLease, busy)
	require.NoError(w.t, err)
	slices.SortFunc(list, func(a, b engine.Delivery) int { return int(a.ID - b.ID) })
	return list
}

var (
	taken = engine.Attempt{Status: 204}
	away  = engine.Attempt{Failure: engine.FailedConnect}
)

// answered reports that a delivery was sent, and what came of it.
func (w world) answered(d engine.Delivery, a engine.Attempt) {
	w.t.Helper()
	a.Number, a.At = d.Attempts, time.Now()
	require.NoError(w.t, w.Attempted(w.t.Context(), d, a))
}

// drain delivers everything there is, in turns, and returns it in the order it
// went out.
func (w world) drain() []engine.Delivery {
	w.t.Helper()
	var out []engine.Delivery
	for list := w.claim(); len(list) > 0; list = w.claim() {
		for _, d := range list {
			out = append(out, d)
			w.answered(d, taken)
		}
	}
	return out
}

func (w world) listed(hook string, f engine.DeliveryFilter) []engine.DeliveryRecord {
	w.t.Helper()
	f.Limit = 200
	list, err := w.Deliveries(w.t.Context(), agency, hook, f)
	require.NoError(w.t, err)
	return list
}

func TestWebhookLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	hook := w.hook("k")
	require.Len(t, hook.Secret, len(engine.SecretPrefix)+44)
	again := w.hook("k")
	require.Equal(t, hook.ID, again.ID)
	require.Empty(t, again.Secret, "it is shown once")
	_, err := w.CreateWebhook(t.Context(), portal, "k", engine.Webhook{URL: "https://another.example"})
	requireCode(t, engine.CodeIdempotencyConflict, err)
	_, err = w.CreateWebhook(t.Context(), portal, "h", engine.Webhook{URL: "http://127.0.0.1"})
	requireCode(t, engine.CodeInvalid, err)
	_, err = w.Webhook(t.Context(), "H01.2", hook.ID)
	requireCode(t, engine.CodeNotFound, err)
	requireCode(t, engine.CodeNotFound, w.DeleteWebhook(t.Context(), "H01.2", hook.ID))
	w.start("a")
	w.announced()
	d := w.claim()[0]
	require.NoError(t, w.DeleteWebhook(t.Context(), agency, hook.ID))
	require.Zero(t, w.count(`SELECT count(*) FROM deliveries`))
	w.answered(d, taken) // who was sending meanwhile
	list, err := w.Webhooks(t.Context(), agency)
	require.NoError(t, err)
	require.Empty(t, list)
}

func TestRotation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	first := w.hook("k")
	w.start("a")
	w.announced()
	secrets := func() []string {
		w.exec(`UPDATE deliveries SET available_at = now() WHERE available_at < 'infinity'`)
		var out []string
		for _, raw := range w.claim()[0].Secrets {
			out = append(out, engine.SecretPrefix+base64.StdEncoding.EncodeToString(raw))
		}
		return out
	}
	require.Equal(t, []string{first.Secret}, secrets())
	second, err := w.RotateWebhook(t.Context(), agency, first.ID, time.Hour)
	require.NoError(t, err)
	require.Len(t, second.Secrets, 2)
	require.True(t, second.Secrets[0].Until.IsZero())
	require.WithinDuration(t, time.Now().Add(time.Hour), second.Secrets[1].Until, time.Minute)
	require.Equal(t, []string{second.Secret, first.Secret}, secrets(), "both, the newest first")
	third, err := w.RotateWebhook(t.Context(), agency, first.ID, time.Hour)
	require.NoError(t, err)
	require.Equal(t, []string{third.Secret, second.Secret}, secrets(), "two, never three")
	last, err := w.RotateWebhook(t.Context(), agency, first.ID, 0)
	require.NoError(t, err)
	require.Equal(t, []string{last.Secret}, secrets(), "at once, where it leaked")
}
