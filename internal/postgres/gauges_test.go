package postgres_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/internal/telemetry"
)

func TestGauges(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hasty("holder"))
	late, soon, closed := w.start("late"), w.start("soon"), w.start("closed")
	w.accepted(closed.Code, "refuse", "an")
	w.exec(`UPDATE dossiers SET due_running = true, due_breached = false, due_at = now() - interval '1 hour', next_at = now() - interval '1 hour' WHERE code = $1`, late.Code)
	w.exec(`UPDATE dossiers SET due_running = true, due_breached = false, due_at = now() + interval '1 hour', next_at = NULL WHERE code = $1`, soon.Code)
	w.exec(`UPDATE outbox SET created_at = now() - interval '5 minutes'`)
	g, err := w.Gauges(t.Context())
	require.NoError(t, err)
	require.Len(t, g.Open, 1)
	require.Equal(t, agency, g.Open[0].Agency)
	require.EqualValues(t, 2, g.Open[0].Count)
	require.EqualValues(t, 1, g.Open[0].Overdue)
	require.EqualValues(t, 1, g.Open[0].DueSoon)
	require.EqualValues(t, 1, g.Overslept)
	require.EqualValues(t, w.count(`SELECT count(*) FROM outbox`), g.Outbox)
	require.Greater(t, g.OutboxAge, 299.0)
	require.Zero(t, g.Rungs)

	w.exec(`INSERT INTO notifications (dossier_id, officer, clock, rung, level, rung_text, raise, state, moment, deliver_at)
		SELECT id, 'an', 'step', n, 0, '', '', state, now() - n * interval '1 second', now() FROM dossiers, generate_series(1, 20) n WHERE code = $1`, late.Code)
	g, err = w.Gauges(t.Context())
	require.NoError(t, err)
	require.EqualValues(t, 20, g.Rungs)
	require.InDelta(t, 10, g.LateHalf, 0.01)
	require.InDelta(t, 19, g.LateMost, 0.01)
	require.InDelta(t, 20, g.LateMaximum, 0.01)

	answer := httptest.NewRecorder()
	telemetry.New(w.Ledger, "test").Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	said := answer.Body.String()
	require.Contains(t, said, fmt.Sprintf("motcua_dossiers_overdue{agency=%q,status=\"running\"} 1\n", agency))
	for _, planted := range []string{late.Code, soon.Code, closed.Code, `"an"`, "Ưỡng", "Ánh Dương", "001099000001"} {
		require.NotContains(t, said, planted)
	}
}
