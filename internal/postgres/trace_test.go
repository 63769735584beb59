package postgres_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"motcua/internal/postgres"
)

// TestTraced: the statements of what is traced are spans of it, with what they
// say and nothing of what they are given; what nobody traces has none.
func TestTraced(t *testing.T) {
	t.Parallel()
	recorder := tracetest.NewSpanRecorder()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))
	w := newWorld(t, birth())
	pool, err := postgres.Open(t.Context(), w.url, postgres.Traced(provider))
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	w.Ledger = ledgerOn(pool)
	code := w.start("k").Code
	id := w.submit(code, "accept", w.officer("an"))
	_, err = w.Claim(t.Context(), 10, 0)
	require.NoError(t, err)
	require.Empty(t, recorder.Started(), "looking for work leaves no spans")

	ctx, root := provider.Tracer("test").Start(t.Context(), "RunActivity:fire")
	out, err := w.Fire(ctx, code, id)
	require.NoError(t, err)
	require.Nil(t, out.Refusal)
	root.End()
	kinds, said := map[string]int{}, ""
	for _, s := range recorder.Ended() {
		require.Equal(t, root.SpanContext().TraceID(), s.SpanContext().TraceID())
		kinds[s.Name()]++
		said += fmt.Sprintf("%s %v %v\n", s.Name(), s.Attributes(), s.Events())
	}
	require.Equal(t, 2, kinds["batch start"], "one round trip to lock and read, one to write: %v", kinds)
	for _, name := range []string{"batch query SELECT dossiers", "batch query INSERT facts", "batch query UPDATE dossiers", "batch query COMMIT"} {
		require.Equal(t, 1, kinds[name], kinds)
	}
	require.Contains(t, said, "FOR NO KEY UPDATE")
	for _, given := range []string{code, "Nguyễn", "vì thiếu giấy tờ", "{mc1:", "pgx.query.parameters"} {
		require.NotContains(t, said, given)
	}
}

// BenchmarkTraced is what tracing adds to deciding a command: nothing where it
// is off.
func BenchmarkTraced(b *testing.B) {
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(tracetest.NewNoopExporter()))
	b.Cleanup(func() { _ = provider.Shutdown(context.Background()) })
	for name, options := range map[string][]postgres.OpenOption{"off": nil, "on": {postgres.Traced(provider)}} {
		b.Run(name, func(b *testing.B) {
			w := newWorld(b, shuttle())
			pool, err := postgres.Open(b.Context(), w.url, options...)
			require.NoError(b, err)
			b.Cleanup(pool.Close)
			w.Ledger = ledgerOn(pool)
			d, an := traveller{code: w.start("k").Code}, w.officer("an")
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				id := w.submit(d.code, map[bool]string{false: "forth", true: "back"}[d.back], an)
				b.StartTimer()
				ctx := b.Context()
				span := trace.SpanFromContext(ctx)
				if len(options) > 0 {
					ctx, span = provider.Tracer("bench").Start(ctx, "RunActivity:fire")
				}
				out, err := w.Fire(ctx, d.code, id)
				span.End()
				require.NoError(b, err)
				require.Nil(b, out.Refusal)
				d.back = !d.back
			}
		})
	}
}
