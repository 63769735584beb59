package postgres_test

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
	"motcua/internal/devstack"
	"motcua/internal/postgres"
	"motcua/internal/postgres/pgtest"
)

const atOnce = 16

// durable is a database that keeps what it commits, as production does: the
// server of the tests forgets on a crash, and would flatter.
func durable(b *testing.B) string {
	b.Helper()
	if url := os.Getenv(pgtest.Variable); url != "" {
		return pgtest.URL(b)
	}
	server, err := devstack.StartPostgres(b.Context(), devstack.PostgresOptions{Dir: b.TempDir()})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, server.Stop()) })
	require.NoError(b, postgres.Migrate(b.Context(), server.URL("postgres")))
	return server.URL("postgres")
}

// shuttle goes to and fro between two steps: each event stops a clock, enters
// a state and starts a clock.
func shuttle() engine.Definition {
	def := birth()
	step := func(id, event, to string) engine.State {
		return engine.State{
			ID: id, Name: def.Name, Department: "one-stop", Role: "receptionist", Within: calendar.Duration{Value: 600, Unit: calendar.Second},
			On: []engine.Transition{{Event: event, To: to, Name: def.Name}, {Event: "refuse", To: "refused", Name: def.Name}},
		}
	}
	def.States = []engine.State{step("received", "forth", "checked"), step("checked", "back", "received"), def.States[len(def.States)-1]}
	def.Suspension = nil
	return def
}

// traveller is a dossier of shuttle and the event it waits for.
type traveller struct {
	code string
	back bool
}

func (w world) turn(d *traveller, a engine.Actor) string {
	event := "forth"
	if d.back {
		event = "back"
	}
	d.back = !d.back
	return w.submit(d.code, event, a)
}

// BenchmarkFire measures 16 officers at once, each on a dossier of their own.
func BenchmarkFire(b *testing.B) {
	w := worldAt(b, durable(b), shuttle())
	an := w.officer("an")
	var dossiers [atOnce]traveller
	for i := range dossiers {
		dossiers[i].code = w.start(fmt.Sprint(i)).Code
	}
	fire := func(d *traveller, id string) {
		if o, err := w.Fire(b.Context(), d.code, id); err != nil || o.Refusal != nil {
			b.Error(err, o.Refusal)
		}
	}
	b.Run("fire", func(b *testing.B) {
		share := b.N/atOnce + 1
		submitted := parallel(atOnce, func(i int) []string {
			list := make([]string, share)
			for j := range list {
				list[j] = w.turn(&dossiers[i], an)
			}
			return list
		})
		b.ResetTimer()
		parallel(atOnce, func(i int) bool {
			for _, id := range submitted[i] {
				fire(&dossiers[i], id)
			}
			return true
		})
		b.ReportMetric(float64(share*atOnce)/b.Elapsed().Seconds(), "fires/s")
	})
	b.Run("submit and fire", func(b *testing.B) {
		share := b.N/atOnce + 1
		parallel(atOnce, func(i int) bool {
			for range share {
				fire(&dossiers[i], w.turn(&dossiers[i], an))
			}
			return true
		})
		b.ReportMetric(float64(share*atOnce)/b.Elapsed().Seconds(), "fires/s")
	})
}

// BenchmarkStart measures 16 systems at once starting dossiers at one agency,
// which therefore queue for the number in the code.
func BenchmarkStart(b *testing.B) {
	w := worldAt(b, durable(b), shuttle())
	share := b.N/atOnce + 1
	b.ResetTimer()
	parallel(atOnce, func(i int) bool {
		for j := range share {
			w.start(fmt.Sprint(i, "/", j))
		}
		return true
	})
	b.ReportMetric(float64(share*atOnce)/b.Elapsed().Seconds(), "starts/s")
}

// BenchmarkFireWithWebhook is BenchmarkFire's first part with a subscription to
// everything and the feed read beside it: what webhooks cost the hot path.
func BenchmarkFireWithWebhook(b *testing.B) {
	for _, subscribed := range []bool{false, true} {
		b.Run(fmt.Sprintf("subscribed %t", subscribed), func(b *testing.B) {
			w := worldAt(b, durable(b), shuttle())
			an := w.officer("an")
			var dossiers [atOnce]traveller
			for i := range dossiers {
				dossiers[i].code = w.start(fmt.Sprint(i)).Code
			}
			ctx, cancel := context.WithCancel(b.Context())
			var done sync.WaitGroup
			if subscribed {
				w.hook("k")
				done.Go(func() {
					for ctx.Err() == nil {
						_, _ = w.Announce(ctx, 256)
					}
				})
			}
			share := b.N/atOnce + 1
			b.ResetTimer()
			parallel(atOnce, func(i int) bool {
				for range share {
					if o, err := w.Fire(b.Context(), dossiers[i].code, w.turn(&dossiers[i], an)); err != nil || o.Refusal != nil {
						b.Error(err, o.Refusal)
					}
				}
				return true
			})
			b.StopTimer()
			b.ReportMetric(float64(share*atOnce)/b.Elapsed().Seconds(), "fires/s")
			cancel()
			done.Wait()
		})
	}
}
