package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

func TestClaim(t *testing.T) {
	t.Parallel()
	t.Run("never gives an errand to two", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		w.exec(`INSERT INTO outbox (kind, dossier) SELECT 'wake', 'd' || n FROM generate_series(1, 200) n`)
		rounds := parallel(8, func(int) answer[[]engine.Errand] {
			var all []engine.Errand
			for {
				some, err := w.Claim(t.Context(), 7, time.Minute)
				all = append(all, some...)
				if err != nil || len(some) == 0 {
					return answer[[]engine.Errand]{all, err}
				}
			}
		})
		seen := map[int64]bool{}
		for _, r := range rounds {
			require.NoError(t, r.err)
			for _, e := range r.value {
				require.False(t, seen[e.ID], "errand %d was given twice", e.ID)
				seen[e.ID] = true
			}
		}
		// A claimer may find nothing while another still holds the rest; none is lost, though.
		rest, err := w.Claim(t.Context(), 200, time.Minute)
		require.NoError(t, err)
		require.Equal(t, 200, len(seen)+len(rest))
	})
	t.Run("forgets what is done and puts off what failed", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		w.start("a")
		w.start("b")
		errands, err := w.Claim(t.Context(), 10, time.Minute)
		require.NoError(t, err)
		require.Len(t, errands, 2)
		require.Less(t, errands[0].ID, errands[1].ID)
		require.NoError(t, w.Done(t.Context(), []int64{errands[0].ID}))
		require.NoError(t, w.Failed(t.Context(), errands[1].ID, "unavailable", time.Now().Add(-time.Second)))
		again, err := w.Claim(t.Context(), 10, time.Minute)
		require.NoError(t, err)
		require.Len(t, again, 1)
		require.Equal(t, errands[1].ID, again[0].ID)
		require.Equal(t, 1, w.count(`SELECT count(*) FROM outbox WHERE last_error = 'unavailable'`))
	})
}

func TestLease(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	w.start("k")
	first, err := w.Claim(t.Context(), 10, 50*time.Millisecond)
	require.NoError(t, err)
	require.Len(t, first, 1)
	require.Equal(t, 1, first[0].Attempts)
	require.Eventually(t, func() bool {
		again, err := w.Claim(t.Context(), 10, time.Minute)
		return err == nil && len(again) == 1 && again[0].ID == first[0].ID && again[0].Attempts == 2
	}, 5*time.Second, 10*time.Millisecond, "the errand of a relay that died comes back")
}

func TestOverslept(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hasty("holder"))
	late, closed := w.start("late"), w.start("closed")
	w.accepted(closed.Code, "refuse", "an")
	w.passed(late.NextAt)
	n, err := w.Overslept(t.Context(), 0, 10)
	require.NoError(t, err)
	require.Zero(t, n, "the start's errand is pending")
	w.exec(`DELETE FROM outbox`)
	n, err = w.Overslept(t.Context(), time.Hour, 10)
	require.NoError(t, err)
	require.Zero(t, n, "not yet")
	total := 0
	for _, a := range parallel(5, func(int) answer[int] {
		n, err := w.Overslept(t.Context(), 0, 10)
		return answer[int]{n, err}
	}) {
		require.NoError(t, a.err)
		total += a.value
	}
	require.Equal(t, 1, total)
	errands, err := w.Claim(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Len(t, errands, 1)
	require.Equal(t, late.Code, errands[0].Dossier)
	require.Equal(t, engine.ErrandWake, errands[0].Kind)
}

func TestListen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	heard, err := w.Listen(t.Context())
	require.NoError(t, err)
	<-heard // it looks once by itself
	for i := range 3 {
		w.start(fmt.Sprint(i))
		<-heard
	}
	w.exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()`)
	<-heard // connected again, and what came in the meantime may have been missed
	w.start("after")
	<-heard
}
