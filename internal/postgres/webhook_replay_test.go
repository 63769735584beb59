package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

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
