package telemetry_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/internal/telemetry"
)

type source struct {
	asked  atomic.Int32
	gauges engine.Gauges
	err    error
}

func (s *source) Gauges(ctx context.Context) (engine.Gauges, error) {
	s.asked.Add(1)
	if _, bounded := ctx.Deadline(); !bounded {
		return engine.Gauges{}, errors.New("asked without a deadline")
	}
	return s.gauges, s.err
}

type driver struct {
	out engine.Outcome
	err error
}

func (d driver) Fire(context.Context, string, string) (engine.Outcome, error) { return d.out, d.err }

func scrape(t *testing.T, h http.Handler) string {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	require.Equal(t, http.StatusOK, w.Code)
	return w.Body.String()
}

func busy() *source {
	return &source{gauges: engine.Gauges{
		Open:   []engine.OpenGauge{{Agency: "H01.1", Status: "running", Count: 7, DueSoon: 2, Overdue: 1}},
		Outbox: 3, OutboxAge: 4.5, Overslept: 5, Waiting: 6, Dead: 8, Rungs: 9, LateHalf: .1, LateMost: .2, LateMaximum: .3,
	}}
}

func TestMetrics(t *testing.T) {
	t.Parallel()
	s := busy()
	m := telemetry.New(s, "v1")
	m.Request("GET", "/api/v1/dossiers/{code}", 404, 20*time.Millisecond)
	m.Request("GET", "", 503, time.Millisecond)
	m.Errand("wake", false)
	for _, d := range []driver{{}, {out: engine.Outcome{Refusal: engine.Errorf(engine.CodeDossierClosed, "closed")}}, {err: errors.New("away")}} {
		_, err := m.Timed(d).Fire(t.Context(), "H01.1-SECRET", "Nguyễn Văn An")
		require.Equal(t, d.err, err)
	}
	said := scrape(t, m.Handler())
	for _, line := range []string{
		`motcua_ledger_up 1`,
		`motcua_dossiers_open{agency="H01.1",status="running"} 7`,
		`motcua_dossiers_due_soon{agency="H01.1",status="running"} 2`,
		`motcua_dossiers_overdue{agency="H01.1",status="running"} 1`,
		`motcua_dossiers_overslept 5`, `motcua_outbox_errands 3`, `motcua_outbox_oldest_seconds 4.5`,
		`motcua_webhook_deliveries{state="waiting"} 6`, `motcua_webhook_deliveries{state="dead"} 8`,
		`motcua_rungs_told 9`, `motcua_rung_lateness_seconds{quantile="0.95"} 0.2`, `motcua_build_info{version="v1"} 1`,
		`motcua_http_request_duration_seconds_count{method="GET",route="/api/v1/dossiers/{code}",status="4xx"} 1`,
		`motcua_http_request_duration_seconds_count{method="GET",route="none",status="5xx"} 1`,
		`motcua_relay_errands_total{kind="wake",result="put-back"} 1`, `motcua_relay_errands_total{kind="wake",result="carried"} 0`,
		`motcua_update_duration_seconds_count{result="decided"} 1`, `motcua_update_duration_seconds_count{result="refused"} 1`,
		`motcua_update_duration_seconds_count{result="unanswered"} 1`,
	} {
		require.Contains(t, said, line+"\n")
	}
	require.NotContains(t, said, "SECRET")
	require.NotContains(t, said, "Nguyễn")
	scrape(t, m.Handler())
	require.EqualValues(t, 1, s.asked.Load(), "the ledger is not asked for every scrape")
}

func TestLedgerAway(t *testing.T) {
	t.Parallel()
	s := &source{err: errors.New("secret reason")}
	m := telemetry.New(s, "v1")
	for range 3 {
		said := scrape(t, m.Handler())
		require.Contains(t, said, "motcua_ledger_up 0\n")
		require.Contains(t, said, "motcua_relay_errands_total")
		require.NotContains(t, said, "motcua_outbox_errands ")
		require.NotContains(t, said, "secret reason")
	}
	require.EqualValues(t, 1, s.asked.Load())
}

// TestDashboard holds the dashboard to what is exported, and the other way round.
func TestDashboard(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "docker", "grafana", "motcua.json"))
	require.NoError(t, err)
	m := telemetry.New(busy(), "v1")
	m.Request("GET", "/healthz", 200, time.Millisecond)
	exported := map[string]bool{}
	for _, found := range regexp.MustCompile(`(?m)^# TYPE (motcua_\w+)`).FindAllStringSubmatch(scrape(t, m.Handler()), -1) {
		exported[found[1]] = true
	}
	shown, suffix := map[string]bool{}, regexp.MustCompile(`_(bucket|count|sum)$`)
	for _, name := range regexp.MustCompile(`motcua_\w+`).FindAllString(string(text), -1) {
		shown[suffix.ReplaceAllString(name, "")] = true
	}
	require.NotEmpty(t, exported)
	require.Equal(t, exported, shown)
}

func TestListen(t *testing.T) {
	t.Parallel()
	var away atomic.Bool
	s, err := telemetry.Listen(t.Context(), "127.0.0.1:0", telemetry.New(busy(), "v1"), func(context.Context) error {
		if away.Load() {
			return errors.New("the database is away")
		}
		return nil
	}, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	defer s.Close()
	get := func(path string) (int, string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+s.Addr()+path, nil)
		require.NoError(t, err)
		answer, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		return answer.StatusCode, string(body)
	}
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/metrics": 200, "/api/v1/me": 404} {
		status, _ := get(path)
		require.Equal(t, want, status, path)
	}
	away.Store(true)
	status, said := get("/readyz")
	require.Equal(t, 503, status)
	require.NotContains(t, said, "database")
	status, _ = get("/healthz")
	require.Equal(t, 200, status)
}
