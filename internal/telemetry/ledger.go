package telemetry

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"motcua/engine"
)

const (
	// scrapeTimeout is how long the ledger may take to answer.
	scrapeTimeout = 2 * time.Second
	// scrapeEvery is how long an answer is good for, however many ask.
	scrapeEvery = 10 * time.Second
)

// Source is the ledger, as far as metrics show it.
type Source interface {
	Gauges(ctx context.Context) (engine.Gauges, error)
}

var (
	upDesc      = describe("motcua_ledger_up", "Whether the ledger answered when it was last asked; without it the other metrics of the ledger are absent.")
	openDesc    = describe("motcua_dossiers_open", "Open dossiers.", "agency", "status")
	soonDesc    = describe("motcua_dossiers_due_soon", "Open dossiers whose running due date is within 24 hours.", "agency", "status")
	overdueDesc = describe("motcua_dossiers_overdue", "Open dossiers whose running due date has passed.", "agency", "status")
	sleepDesc   = describe("motcua_dossiers_overslept", "Open dossiers whose next moment passed two minutes ago without anything happening.")
	outboxDesc  = describe("motcua_outbox_errands", "Errands that wait for the relay.")
	lagDesc     = describe("motcua_outbox_oldest_seconds", "Age of the oldest errand that waits.")
	hooksDesc   = describe("motcua_webhook_deliveries", "Deliveries to subscribers that wait or were given up.", "state")
	rungsDesc   = describe("motcua_rungs_told", "People whom rungs told within the last hour.")
	lateDesc    = describe("motcua_rung_lateness_seconds", "How long after their moments the rungs of the last hour were told.", "quantile")
)

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

// ledger reads the ledger when it is asked for metrics, every ten seconds at
// most: how often anybody asks must not weigh on the database.
type ledger struct {
	source Source
	now    func() time.Time

	mu     sync.Mutex
	read   time.Time
	gauges engine.Gauges
	err    error
}

func newLedger(source Source) *ledger { return &ledger{source: source, now: time.Now} }

// Describe lists what the ledger's metrics are.
func (l *ledger) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		upDesc, openDesc, soonDesc, overdueDesc, sleepDesc, outboxDesc, lagDesc, hooksDesc, rungsDesc, lateDesc,
	} {
		to <- d
	}
}

// Collect reads the ledger, or what was read a moment ago.
func (l *ledger) Collect(to chan<- prometheus.Metric) {
	g, err := l.latest()
	put := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	if err != nil {
		put(upDesc, 0)
		return
	}
	put(upDesc, 1)
	for _, o := range g.Open {
		put(openDesc, float64(o.Count), o.Agency, o.Status)
		put(soonDesc, float64(o.DueSoon), o.Agency, o.Status)
		put(overdueDesc, float64(o.Overdue), o.Agency, o.Status)
	}
	put(sleepDesc, float64(g.Overslept))
	put(outboxDesc, float64(g.Outbox))
	put(lagDesc, g.OutboxAge)
	put(hooksDesc, float64(g.Waiting), "waiting")
	put(hooksDesc, float64(g.Dead), "dead")
	put(rungsDesc, float64(g.Rungs))
	put(lateDesc, g.LateHalf, "0.5")
	put(lateDesc, g.LateMost, "0.95")
	put(lateDesc, g.LateMaximum, "1")
}

// latest answers a failure from memory too: a database in trouble is not asked
// more often than one that is well.
func (l *ledger) latest() (engine.Gauges, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.read.IsZero() || l.now().Sub(l.read) >= scrapeEvery {
		ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
		defer cancel()
		l.gauges, l.err = l.source.Gauges(ctx)
		l.read = l.now()
	}
	return l.gauges, l.err
}
