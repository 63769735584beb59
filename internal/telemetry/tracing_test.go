package telemetry_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"motcua/internal/telemetry"
)

// planted is a word that only people may read.
const planted = "Quách-Thị-9431"

// kept is a collector in memory.
func kept(t *testing.T) (*telemetry.Tracing, func() tracetest.SpanStubs) {
	t.Helper()
	collector := tracetest.NewInMemoryExporter()
	tracing, err := telemetry.NewTracing(t.Context(), telemetry.TracingOptions{
		Version: "1.2.3", Role: "api", Logger: slog.New(slog.DiscardHandler), Exporter: collector,
	})
	require.NoError(t, err)
	t.Cleanup(tracing.Close)
	return tracing, func() tracetest.SpanStubs {
		provider, ok := tracing.Provider().(*sdktrace.TracerProvider)
		require.True(t, ok)
		require.NoError(t, provider.ForceFlush(t.Context()))
		return collector.GetSpans()
	}
}

// TestRequests: a request is a span within its caller's trace, and nothing a
// caller writes goes on with it.
func TestRequests(t *testing.T) {
	t.Parallel()
	tracing, spans := kept(t)
	var within trace.SpanContext
	h := tracing.Requests(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		within = trace.SpanContextFromContext(r.Context())
		w.WriteHeader(http.StatusTeapot)
	}))
	r := httptest.NewRequest(http.MethodPost, "/people/"+planted+"?q="+planted, bytes.NewReader([]byte(planted)))
	r.Host, r.RemoteAddr = planted, "203.0.113.9:1234"
	const id = "4bf92f3577b34da6a3ce929d0e0e4736"
	for name, value := range map[string]string{
		"Traceparent": "00-" + id + "-00f067aa0ba902b7-01", "Tracestate": "seen=9431", "Baggage": "who=9431",
		"User-Agent": planted, "X-Forwarded-For": "203.0.113.9",
	} {
		r.Header.Set(name, value)
	}
	h.ServeHTTP(httptest.NewRecorder(), r)
	require.Equal(t, id, within.TraceID().String())
	require.Empty(t, within.TraceState().String())
	probe := httptest.NewRequest(http.MethodGet, "/healthz", nil)
	h.ServeHTTP(httptest.NewRecorder(), probe)

	list := spans()
	require.Len(t, list, 1, "a probe has no span")
	s := list[0]
	require.Equal(t, id, s.SpanContext.TraceID().String())
	require.Equal(t, "00f067aa0ba902b7", s.Parent.SpanID().String())
	require.Equal(t, trace.SpanKindServer, s.SpanKind)
	require.Equal(t, "HTTP", s.Name)
	require.ElementsMatch(t, []attribute.KeyValue{
		attribute.String("http.request.method", "POST"), attribute.Int("http.response.status_code", http.StatusTeapot),
	}, s.Attributes)
	for _, word := range []string{"9431", "203.0.113.9"} {
		require.NotContains(t, fmt.Sprintf("%+v", s), word)
	}
	about := s.Resource.Attributes()
	require.Subset(t, about, []attribute.KeyValue{
		attribute.String("service.name", "motcua"), attribute.String("service.version", "1.2.3"), attribute.String("motcua.role", "api"),
	})
}

// TestErrorsAreNotQuoted: PostgreSQL, Temporal and subscribers put what they
// were sent into the words of their errors.
func TestErrorsAreNotQuoted(t *testing.T) {
	t.Parallel()
	tracing, spans := kept(t)
	_, span := tracing.Provider().Tracer("test").Start(t.Context(), "SELECT", trace.WithAttributes(
		attribute.String("db.query.text", "SELECT $1"), attribute.String("pgx.query.parameters", planted), attribute.String("url.full", "https://example.vn/"+planted)))
	span.RecordError(errors.New("invalid input syntax for type date: " + planted))
	span.SetStatus(codes.Error, planted)
	span.AddEvent(planted)
	span.End()
	list := spans()
	require.Len(t, list, 1)
	require.Equal(t, sdktrace.Status{Code: codes.Error}, list[0].Status)
	require.Empty(t, list[0].Events)
	require.Equal(t, []attribute.KeyValue{attribute.String("db.query.text", "SELECT $1")}, list[0].Attributes)
}

// TestTraceparent carries a traceparent, and nothing beside it.
func TestTraceparent(t *testing.T) {
	t.Parallel()
	in := http.Header{}
	in.Set("Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
	in.Set("Tracestate", "vendor=9431")
	ctx := telemetry.Traceparent{}.Extract(t.Context(), carrier(in))
	out := http.Header{}
	telemetry.Traceparent{}.Inject(ctx, carrier(out))
	require.Equal(t, http.Header{"Traceparent": in["Traceparent"]}, out)
	for _, bad := range []string{"", "00-1-2-01", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"} {
		in.Set("Traceparent", bad)
		require.False(t, trace.SpanContextFromContext(telemetry.Traceparent{}.Extract(t.Context(), carrier(in))).IsValid(), bad)
	}
}

type carrier http.Header

func (c carrier) Get(key string) string { return http.Header(c).Get(key) }
func (c carrier) Set(key, value string) { http.Header(c).Set(key, value) }
func (c carrier) Keys() []string        { return nil }

// TestLogger: a line within a trace names it, once.
func TestLogger(t *testing.T) {
	t.Parallel()
	tracing, _ := kept(t)
	var out bytes.Buffer
	log := tracing.Logger(slog.New(slog.NewTextHandler(&out, nil))).With("role", "api")
	ctx, span := tracing.Provider().Tracer("test").Start(t.Context(), "errand")
	defer span.End()
	id := span.SpanContext().TraceID().String()
	log.InfoContext(ctx, "one")
	log.InfoContext(ctx, "two", "trace_id", "said")
	log.InfoContext(t.Context(), "three")
	require.Regexp(t, `msg=one role=api trace_id=`+id+`\n`, out.String())
	require.Regexp(t, `msg=two role=api trace_id=said\n`, out.String())
	require.Regexp(t, `msg=three role=api\n`, out.String())
}

// TestCollectorAway: whoever is served does not notice that spans go nowhere,
// and the log says so once, without what the collector answered.
func TestCollectorAway(t *testing.T) {
	stuck := make(chan struct{})
	for name, collector := range map[string]http.HandlerFunc{
		"nobody listens": nil,
		"it hangs":       func(http.ResponseWriter, *http.Request) { <-stuck },
		"it refuses":     func(w http.ResponseWriter, _ *http.Request) { http.Error(w, planted, http.StatusForbidden) },
	} {
		t.Run(name, func(t *testing.T) {
			address := "http://127.0.0.1:1"
			if collector != nil {
				s := httptest.NewServer(collector)
				t.Cleanup(s.Close)
				address = s.URL
			}
			if name == "it hangs" {
				t.Cleanup(func() { close(stuck) })
			}
			t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
			t.Setenv("OTEL_BSP_SCHEDULE_DELAY", "10")
			var out bytes.Buffer
			tracing, err := telemetry.NewTracing(t.Context(), telemetry.TracingOptions{Logger: slog.New(slog.NewTextHandler(&out, nil))})
			require.NoError(t, err)
			h := tracing.Requests(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
			for range 3000 { // more than wait to be sent
				began := time.Now()
				h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
				require.Less(t, time.Since(began), time.Second)
			}
			began := time.Now()
			tracing.Close()
			require.Less(t, time.Since(began), 8*time.Second, "stopping is bounded: a collector may take ten for one batch")
			require.NotEmpty(t, out.String())
			require.LessOrEqual(t, bytes.Count(out.Bytes(), []byte("traces are not taken")), 1)
			require.NotContains(t, out.String(), planted)
		})
	}
}

// TestFlush: what a process did last is sent before it ends.
func TestFlush(t *testing.T) {
	collector := &flushed{InMemoryExporter: tracetest.NewInMemoryExporter()}
	tracing, err := telemetry.NewTracing(t.Context(), telemetry.TracingOptions{Logger: slog.New(slog.DiscardHandler), Exporter: collector})
	require.NoError(t, err)
	_, span := tracing.Provider().Tracer("test").Start(t.Context(), "last")
	span.End()
	tracing.Close()
	require.Equal(t, 1, collector.seen)
}

type flushed struct {
	*tracetest.InMemoryExporter
	seen int
}

func (f *flushed) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	f.seen += len(spans)
	return f.InMemoryExporter.ExportSpans(ctx, spans)
}

// BenchmarkRequest is what tracing adds to a request that does nothing.
func BenchmarkRequest(b *testing.B) {
	plain := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	tracing, err := telemetry.NewTracing(b.Context(), telemetry.TracingOptions{Logger: slog.New(slog.DiscardHandler), Exporter: tracetest.NewNoopExporter()})
	require.NoError(b, err)
	defer tracing.Close()
	for name, h := range map[string]http.Handler{"off": plain, "on": tracing.Requests(plain)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
			}
		})
	}
}
