package postgres_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
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

func TestAnnounce(t *testing.T) {
	t.Parallel()
	t.Run("makes deliveries of what follows from the facts, in order, once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		w.hook("k")
		code := w.start("a").Code
		w.announced()
		w.accepted(code, "accept", "an")
		w.announced()
		var types []string
		for _, d := range w.drain() {
			require.Equal(t, code, d.Announcement.Dossier)
			types = append(types, strings.TrimPrefix(d.Announcement.Type, "vn.motcua."))
		}
		require.Equal(t, []string{
			"dossier.started", "state.entered", "dossier.accepted", "portal.status",
			"form.issued", "state.entered", "handoff.sent", "portal.status",
		}, types)
		_, err := w.pool.Exec(t.Context(), `UPDATE webhook_position SET xact = '0', id = 0`)
		require.NoError(t, err)
		w.announced()
		require.Empty(t, w.claim(), "read anew, it is nothing new")
	})
	t.Run("is for the agency's own, and for what is asked for", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		other := "H01.2"
		require.NoError(t, w.PutOrganisation(t.Context(), organisation(other)))
		_, err := w.CreateWebhook(t.Context(), engine.Actor{Kind: engine.ActorSystem, ID: "portal", Agency: other}, "other", engine.Webhook{URL: "https://other.example"})
		require.NoError(t, err)
		w.hook("status", func(h *engine.Webhook) { h.Types = []string{engine.AnnouncedPortal} })
		w.hook("elsewhere", func(h *engine.Webhook) { h.Procedures = []string{"9.999999"} })
		w.start("a")
		w.announced()
		list := w.drain()
		require.Len(t, list, 1)
		require.Equal(t, "status", list[0].Webhook)
		require.Equal(t, engine.PortalAccepted, list[0].Announcement.Data.Portal.Code)
	})
	t.Run("tells nothing personal", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		w.hook("k")
		code := w.start("a").Code
		w.accepted(code, "request-supplement", "an")
		w.announced()
		for _, value := range []string{"Đặng", "001099000001", "Ánh Dương", "vì thiếu giấy tờ"} {
			require.Zero(t, w.count(`SELECT count(*) FROM deliveries WHERE announcement::text LIKE '%' || $1 || '%'`, value), value)
		}
	})
	t.Run("waits for what may still commit before", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		w.hook("k")
		tx, err := w.pool.Begin(t.Context())
		require.NoError(t, err)
		_, err = tx.Exec(t.Context(), `SELECT pg_current_xact_id()`) // an older transaction that still runs
		require.NoError(t, err)
		w.start("a")
		n, err := w.Announce(t.Context(), anyNumber)
		require.NoError(t, err)
		require.Zero(t, n)
		require.NoError(t, tx.Rollback(t.Context()))
		w.announced()
		require.NotEmpty(t, w.claim())
	})
	t.Run("passes nothing over where the numbers of transactions become longer", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		w.hook("k", func(h *engine.Webhook) { h.Types = []string{"vn.motcua.dossier.started"} })
		for i := range 4 {
			w.start(fmt.Sprint(i))
		}
		w.exec(`UPDATE changes SET xact = (97 + id)::text::xid8`) // 98 to 101
		for range 4 {
			n, err := w.Announce(t.Context(), 1)
			require.NoError(t, err)
			require.Equal(t, 1, n)
		}
		require.Len(t, w.drain(), 4)
	})
	t.Run("is done by one at a time", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		hook := w.hook("k")
		for i := range 10 {
			w.start(fmt.Sprint(i))
		}
		parallel(4, func(int) bool { w.announced(); return true })
		require.Equal(t, 40, w.count(`SELECT count(*) FROM deliveries WHERE webhook_id = $1`, hook.ID))
	})
	t.Run("keeps the order of the record where that of the feed is another", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		w.hook("k", func(h *engine.Webhook) { h.Types = []string{"vn.motcua.state.entered"} })
		code := w.start("a").Code
		w.accepted(code, "refuse", "an")
		// As if the second transaction had got its number before it waited for the first.
		w.exec(`UPDATE changes SET xact = (xact::text::bigint + 1000000000)::text::xid8 WHERE from_seq = 1`)
		require.Eventually(t, func() bool {
			_, err := w.Announce(t.Context(), anyNumber)
			require.NoError(t, err)
			return w.count(`SELECT count(*) FROM deliveries`) == 2
		}, 20*time.Second, 10*time.Millisecond)
		list := w.drain()
		require.Equal(t, []string{"received", "refused"}, []string{list[0].Announcement.Data.State, list[1].Announcement.Data.State})
	})
}

func TestClaimDeliveries(t *testing.T) {
	t.Parallel()
	t.Run("gives the first of each dossier, and the next once that has ended", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		w.hook("k")
		a, b := w.start("a").Code, w.start("b").Code
		w.announced()
		first := w.claim()
		require.Len(t, first, 2)
		require.Empty(t, w.claim(), "the others wait for them")
		w.answered(first[0], taken)
		next := w.claim()
		require.Len(t, next, 1, "the dossier that got on does not wait for the other")
		require.Equal(t, first[0].Announcement.Dossier, next[0].Announcement.Dossier)
		require.Greater(t, next[0].ID, first[0].ID)
		require.ElementsMatch(t, []string{a, b}, []string{first[0].Announcement.Dossier, first[1].Announcement.Dossier})
	})
	t.Run("never gives one to two", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		w.hook("k")
		for i := range 20 {
			w.start(fmt.Sprint(i))
		}
		w.announced()
		seen := map[int64]bool{}
		for _, list := range parallel(6, func(int) []engine.Delivery { return append(w.claim(), w.claim()...) }) {
			for _, d := range list {
				require.False(t, seen[d.ID])
				seen[d.ID] = true
			}
		}
		require.Len(t, append(w.claim(), make([]engine.Delivery, len(seen))...), 20)
	})
	t.Run("gives back what a worker held that died", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		w.hook("k")
		w.start("a")
		w.announced()
		held, err := w.ClaimDeliveries(t.Context(), 10, 10, 50*time.Millisecond, nil)
		require.NoError(t, err)
		require.Len(t, held, 1)
		require.Eventually(t, func() bool {
			again := w.claim()
			return len(again) == 1 && again[0].ID == held[0].ID && again[0].Attempts == 2 && again[0].Announcement.ID == held[0].Announcement.ID
		}, 5*time.Second, 10*time.Millisecond)
	})
	t.Run("takes a few of each subscription, and none of one that is busy, disabled or away", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		slow, quick := w.hook("slow"), w.hook("quick")
		for i := range 5 {
			w.start(fmt.Sprint(i))
		}
		w.announced()
		list, err := w.ClaimDeliveries(t.Context(), anyNumber, 2, claimLease, nil)
		require.NoError(t, err)
		require.Len(t, list, 4)
		for _, d := range w.claim(slow.ID) {
			require.Equal(t, quick.ID, d.Webhook)
		}
		held := w.claim()
		require.Len(t, held, 3, "the rest of the slow one")
		w.answered(held[0], away)
		w.exec(`UPDATE deliveries SET available_at = now()`)
		require.Empty(t, slices.DeleteFunc(w.claim(), func(d engine.Delivery) bool { return d.Webhook == quick.ID }))
		quick.Enabled = false
		_, err = w.ChangeWebhook(t.Context(), portal, quick.Webhook)
		require.NoError(t, err)
		w.exec(`UPDATE deliveries SET available_at = now()`)
		require.Empty(t, w.claim())
	})
}

func TestAttempted(t *testing.T) {
	t.Parallel()
	t.Run("keeps what came of each attempt", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		hook := w.hook("k")
		w.start("a")
		w.announced()
		d := w.claim()[0]
		w.answered(d, engine.Attempt{Status: 500, Failure: engine.FailedStatus, Latency: 42 * time.Millisecond, Excerpt: strings.Repeat("ê", 300)})
		w.exec(`UPDATE deliveries SET available_at = now(); UPDATE webhooks SET retry_at = now()`)
		w.answered(w.claim()[0], taken)
		list := w.listed(hook.ID, engine.DeliveryFilter{State: engine.DeliveryDelivered})
		require.Len(t, list, 1)
		require.Equal(t, 2, list[0].Attempts)
		require.Equal(t, d.Announcement.ID, list[0].Message)
		require.Len(t, list[0].Tries, 2)
		require.Equal(t, 204, list[0].Tries[0].Status)
		require.Equal(t, "status 500", list[0].Tries[1].Why())
		require.EqualValues(t, 42, list[0].Tries[1].Millis)
		require.Len(t, []rune(list[0].Tries[1].Excerpt), 256)
	})
	t.Run("lets a subscriber that is back have at once what waited", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		w.hook("k")
		w.start("a")
		w.start("b")
		w.announced()
		list := w.claim()
		later := away
		later.RetryIn = time.Hour
		w.answered(list[0], later)
		w.answered(list[1], taken)
		again := w.claim()
		require.Len(t, again, 2, "the one that had an hour to wait, and the next of the other")
		require.Equal(t, list[0].ID, again[0].ID)
	})
	t.Run("is dead after its time, visible, and the next goes on", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		hook := w.hook("k")
		w.start("a")
		w.announced()
		d := w.claim()[0]
		w.exec(`UPDATE deliveries SET give_up_at = now() WHERE id = $1`, d.ID)
		w.answered(d, engine.Attempt{Status: 422, Failure: engine.FailedStatus})
		dead := w.listed(hook.ID, engine.DeliveryFilter{State: engine.DeliveryDead})
		require.Len(t, dead, 1)
		require.Equal(t, d.ID, dead[0].ID)
		require.Greater(t, w.claim()[0].ID, d.ID)
		read, err := w.Webhook(t.Context(), agency, hook.ID)
		require.NoError(t, err)
		require.Equal(t, []int{3, 1}, []int{read.Pending, read.Dead})
	})
	t.Run("disables what nothing has reached for days, saying why, and what wants no more", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		failing, gone := w.hook("failing"), w.hook("gone")
		w.start("a")
		w.announced()
		for _, d := range w.claim() {
			w.exec(`UPDATE webhooks SET failing_since = now() - interval '6 days' WHERE id = 'failing'`)
			a := away
			if d.Webhook == gone.ID {
				a = engine.Attempt{Status: 410, Failure: engine.FailedStatus}
			}
			a.RetryIn = time.Hour
			w.answered(d, a)
		}
		for id, why := range map[string]string{failing.ID: "the last failure: connect", gone.ID: "410"} {
			read, err := w.Webhook(t.Context(), agency, id)
			require.NoError(t, err)
			require.False(t, read.Enabled)
			require.Contains(t, read.DisabledReason, why)
			read.Enabled = true
			read, err = w.ChangeWebhook(t.Context(), portal, read)
			require.NoError(t, err)
			require.Empty(t, read.DisabledReason)
			require.True(t, read.FailingSince.IsZero(), "it begins anew")
		}
		require.Empty(t, w.claim(), "their attempts wait as before")
		w.exec(`UPDATE deliveries SET available_at = now() WHERE available_at < 'infinity'`)
		require.Len(t, w.claim(), 2, "what happened meanwhile was kept")
	})
}

func TestReplay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	hook := w.hook("k")
	w.start("a")
	w.start("b")
	w.announced()
	w.exec(`UPDATE deliveries SET give_up_at = now() - interval '1 hour'`)
	died, err := w.TidyDeliveries(t.Context(), time.Minute)
	require.NoError(t, err)
	require.Equal(t, 8, died)
	require.Empty(t, w.claim())
	dead := w.listed(hook.ID, engine.DeliveryFilter{State: engine.DeliveryDead})
	require.Len(t, dead, 8)

	n, err := w.Replay(t.Context(), agency, hook.ID, engine.Replay{IDs: []int64{dead[0].ID}})
	require.NoError(t, err)
	require.Equal(t, 1, n, "one")
	one := w.drain()
	require.Len(t, one, 1)
	require.Equal(t, dead[0].Message, one[0].Announcement.ID, "under the id it had")
	n, err = w.Replay(t.Context(), agency, hook.ID, engine.Replay{From: time.Now().Add(time.Hour)})
	require.NoError(t, err)
	require.Zero(t, n, "nothing was announced then")
	n, err = w.Replay(t.Context(), agency, hook.ID, engine.Replay{From: time.Now().Add(-time.Hour), To: time.Now().Add(time.Hour)})
	require.NoError(t, err)
	require.Equal(t, 7, n, "a range of time")
	inOrder(t, w.drain())
	n, err = w.Replay(t.Context(), agency, hook.ID, engine.Replay{State: engine.DeliveryDelivered})
	require.NoError(t, err)
	require.Equal(t, 8, n, "also what had been delivered")
	_, err = w.Replay(t.Context(), "H01.2", hook.ID, engine.Replay{})
	requireCode(t, engine.CodeNotFound, err)
}

// inOrder says that what belongs to one dossier went out in the order it happened.
func inOrder(t *testing.T, list []engine.Delivery) {
	t.Helper()
	last := map[string]engine.Announcement{}
	for _, d := range list {
		before, a := last[d.Announcement.Dossier], d.Announcement
		require.True(t, before.Seq < a.Seq || before.Seq == a.Seq && before.Part < a.Part, "%d after %d", a.Seq, before.Seq)
		last[a.Dossier] = a
	}
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

// TestNothingIsLost: workers that claim and die, fail and succeed by turns, side
// by side with dossiers that go on, deliver everything, in order.
func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shuttle())
	w.hook("k")
	const dossiers, turns = 5, 6
	an := w.officer("an")
	var travellers [dossiers]traveller
	for i := range travellers {
		travellers[i].code = w.start(fmt.Sprint(i)).Code
	}
	moved := make(chan []error, 1)
	go func() {
		moved <- parallel(dossiers, func(i int) (failed error) {
			for range turns {
				if _, err := w.Fire(t.Context(), travellers[i].code, w.turn(&travellers[i], an)); err != nil {
					failed = err
				}
			}
			return failed
		})
	}()
	var sent []engine.Delivery
	place, over := 0, false
	require.Eventually(t, func() bool {
		select {
		case errs := <-moved:
			require.Equal(t, make([]error, dossiers), errs)
			over = true
		default:
		}
		_, err := w.Announce(t.Context(), 3)
		require.NoError(t, err)
		list, err := w.ClaimDeliveries(t.Context(), 5, 5, 20*time.Millisecond, nil)
		require.NoError(t, err)
		for _, d := range list {
			switch place++; place % 4 {
			case 0: // died with it in hand
			case 1:
				w.answered(d, engine.Attempt{Status: 422, Failure: engine.FailedStatus})
			default:
				sent = append(sent, d)
				w.answered(d, taken)
			}
		}
		return over && w.count(`SELECT count(*) FROM changes c, webhook_position p WHERE (c.xact, c.id) > (p.xact, p.id)`) == 0 &&
			w.count(`SELECT count(*) FROM deliveries WHERE state = 'pending'`) == 0
	}, time.Minute, time.Millisecond)
	inOrder(t, sent)
	require.Equal(t, dossiers*(turns+1), w.count(`SELECT count(*) FROM deliveries WHERE announcement ->> 'type' = 'vn.motcua.state.entered'`))
	require.Len(t, sent, w.count(`SELECT count(*) FROM deliveries WHERE state = 'delivered'`))
}
