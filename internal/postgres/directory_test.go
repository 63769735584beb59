package postgres_test

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

// TestAChangedAgencyCostsOneRoundTripOnce: a decision reads who works there
// again only after a change.
func TestAChangedAgencyCostsOneRoundTripOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	counter := &trips{}
	config := w.pool.Config()
	config.ConnConfig.Tracer = counter
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	counted := ledgerOn(pool)
	s, err := counted.Start(t.Context(), request("k")) // reads machine, calendar and agency
	require.NoError(t, err)
	fire := func(event string) int64 {
		command := w.submit(s.Code, event, w.officer("an"))
		before := counter.n.Load()
		o, err := counted.Fire(t.Context(), s.Code, command)
		require.NoError(t, err)
		require.Nil(t, o.Refusal)
		return counter.n.Load() - before
	}
	require.EqualValues(t, 2, fire("claim"))
	require.NoError(t, w.PutAbsence(t.Context(), w.officer("chi"), w.off("chi", "", 1)))
	require.EqualValues(t, 3, fire("release"))
	require.EqualValues(t, 2, fire("claim"))
}
