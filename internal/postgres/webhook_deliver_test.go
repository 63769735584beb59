package postgres_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

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
