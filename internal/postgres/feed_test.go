package postgres_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

func TestFeed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	none, err := w.LatestChange(t.Context())
	require.NoError(t, err)
	require.Zero(t, none)
	read := func(after engine.Position) []engine.Change {
		t.Helper()
		list, err := w.Changes(t.Context(), after, 10)
		require.NoError(t, err)
		return list
	}
	code := w.start("1").Code
	w.accepted(code, "accept", "an")
	// Other databases of the cluster hold the horizon back for a moment.
	require.Eventually(t, func() bool { return len(read(none)) == 2 }, 10*time.Second, 10*time.Millisecond)
	list := read(none)
	require.Equal(t, []string{code, code}, []string{list[0].Dossier, list[1].Dossier})
	require.Equal(t, agency, list[0].Agency)
	require.Equal(t, engine.FactDossierStarted, list[0].Facts[0])
	require.Equal(t, list[0].Seq+1, list[1].FromSeq)
	require.Contains(t, list[1].Facts, engine.FactHandoffSent)
	require.Subset(t, list[1].Touched, []string{"one-stop", "appraisal"})
	require.True(t, list[1].Within(engine.Reach{Agency: agency, Departments: []string{"one-stop"}}), "it was taken from there")
	require.False(t, list[1].Within(engine.Reach{Agency: agency, Departments: []string{"office"}}))
	require.False(t, list[1].Within(engine.Reach{Agency: "H99", Everything: true}))

	latest, err := w.LatestChange(t.Context())
	require.NoError(t, err)
	require.Equal(t, list[1].Position, latest)
	require.Empty(t, read(latest))

	t.Run("waits for what began earlier and is not committed", func(t *testing.T) {
		tx, err := w.pool.Begin(t.Context())
		require.NoError(t, err)
		_, err = tx.Exec(t.Context(), `UPDATE agencies SET updated_at = now()`)
		require.NoError(t, err)
		other := w.start("2").Code
		require.Empty(t, read(latest), "it might still write an earlier row")
		require.NoError(t, tx.Rollback(t.Context()))
		require.Eventually(t, func() bool { return len(read(latest)) == 1 }, 10*time.Second, 10*time.Millisecond)
		require.Equal(t, other, read(latest)[0].Dossier)
	})
}

// TestFeedCountsTransactions reads a feed whose transactions gain a digit on the
// way: as texts, 100 comes before 99 and 1000 before 999.
func TestFeedCountsTransactions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	for spent := uint64(0); spent <= 1001; { // those of the feed have to lie behind
		require.NoError(t, w.pool.QueryRow(t.Context(), `SELECT pg_current_xact_id()::text::bigint`).Scan(&spent))
	}
	w.start("1")
	require.Eventually(t, func() bool {
		var oldest uint64
		err := w.pool.QueryRow(t.Context(), `SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint`).Scan(&oldest)
		return err == nil && oldest > 1001
	}, 10*time.Second, 10*time.Millisecond)
	inOrder := []uint64{9, 10, 99, 100, 101, 999, 1000, 1001}
	for i := range inOrder {
		xact := inOrder[i*5%len(inOrder)] // written down in another order, so that the ids say nothing
		_, err := w.pool.Exec(t.Context(), `INSERT INTO changes (xact, agency, dossier_id, dossier, from_seq, to_seq, at)
			SELECT $1::text::xid8, agency, dossier_id, dossier, from_seq, to_seq, at FROM changes WHERE xact > '1001' LIMIT 1`, strconv.FormatUint(xact, 10))
		require.NoError(t, err)
	}
	whole := func() (read []uint64) {
		for at := (engine.Position{}); ; {
			page, err := w.Changes(t.Context(), at, 1)
			require.NoError(t, err)
			if len(page) == 0 || page[0].Position.Xact > 1001 {
				return read
			}
			require.True(t, page[0].Position.After(at), "%v after %v", page[0].Position, at)
			at = page[0].Position
			read = append(read, at.Xact)
		}
	}
	require.Equal(t, inOrder, whole())

	for _, last := range slices.Backward(inOrder) { // where a stream begins that is opened then
		_, err := w.pool.Exec(t.Context(), `DELETE FROM changes WHERE xact > $1::text::xid8`, strconv.FormatUint(last, 10))
		require.NoError(t, err)
		latest, err := w.LatestChange(t.Context())
		require.NoError(t, err)
		require.Equal(t, last, latest.Xact)
	}
}

func TestPosition(t *testing.T) {
	t.Parallel()
	p := engine.Position{Xact: 4711, ID: 12}
	require.Equal(t, "4711-12", p.String())
	read, err := engine.ParsePosition("4711-12")
	require.NoError(t, err)
	require.Equal(t, p, read)
	require.True(t, p.After(engine.Position{Xact: 4711, ID: 11}))
	require.True(t, p.After(engine.Position{Xact: 4710, ID: 99}))
	require.False(t, p.After(p))
	for _, bad := range []string{"", "12", "a-b", "1--1", "-1-1"} {
		_, err := engine.ParsePosition(bad)
		requireCode(t, engine.CodeInvalid, err)
	}
}
