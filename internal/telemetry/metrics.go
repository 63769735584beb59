package telemetry

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"motcua/engine"
)

// Metrics are the metrics of one process.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	updates  *prometheus.HistogramVec
	errands  *prometheus.CounterVec
}

// buckets reach from what one read of the database takes to what an answer may
// take at most.
var buckets = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 20}

// New makes the metrics of a process; what is shown of the ledger is read from
// source when it is asked for.
func New(source Source, version string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "motcua_http_request_duration_seconds", Help: "How long requests took, by the pattern of their route.", Buckets: buckets,
		}, []string{"route", "method", "status"}),
		updates: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "motcua_update_duration_seconds", Help: "How long the workflow took to decide a command; unanswered: the ledger decided.", Buckets: buckets,
		}, []string{"result"}),
		errands: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "motcua_relay_errands_total", Help: "Errands that the relay carried or put back.",
		}, []string{"kind", "result"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "motcua_build_info", Help: "Always 1; the label is the version of the program.", ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.updates, m.errands, build, newLedger(source),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, kind := range []string{engine.ErrandStart, engine.ErrandWake, engine.ErrandTell} {
		m.errands.WithLabelValues(kind, "carried") // a counter that is not there cannot be seen to stand still
		m.errands.WithLabelValues(kind, "put-back")
	}
	for _, result := range []string{"decided", "refused", "unanswered"} {
		m.updates.WithLabelValues(result)
	}
	return m
}

// Handler answers with the metrics in Prometheus' form. What the ledger cannot
// say is left out: the rest is needed most when the database is away.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
}

// Request counts an answered request. A route is a pattern, never a path;
// requests that no route took have none.
func (m *Metrics) Request(method, route string, status int, took time.Duration) {
	if route == "" {
		route = "none"
	}
	m.requests.WithLabelValues(route, method, strconv.Itoa(status/100)+"xx").Observe(took.Seconds())
}

// Errand counts an errand that the relay carried, or put back.
func (m *Metrics) Errand(kind string, carried bool) {
	result := "put-back"
	if carried {
		result = "carried"
	}
	m.errands.WithLabelValues(kind, result).Inc()
}

// Driver decides commands through workflows.
type Driver interface {
	Fire(ctx context.Context, dossier, command string) (engine.Outcome, error)
}

// Timed is a driver whose latency is observed.
func (m *Metrics) Timed(d Driver) Driver { return timed{d, m} }

type timed struct {
	next    Driver
	metrics *Metrics
}

// Fire passes a command on and observes how long the answer took.
func (t timed) Fire(ctx context.Context, dossier, command string) (engine.Outcome, error) {
	began := time.Now()
	out, err := t.next.Fire(ctx, dossier, command)
	result := "decided"
	if err != nil {
		result = "unanswered"
	} else if out.Refusal != nil {
		result = "refused"
	}
	t.metrics.updates.WithLabelValues(result).Observe(time.Since(began).Seconds())
	return out, err
}
