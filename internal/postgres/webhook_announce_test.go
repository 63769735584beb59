package postgres_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

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
