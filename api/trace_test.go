package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"motcua/api"
)

// TestTrace: where requests have spans, the trace id that callers, problems and
// the log see is that of the span, which is named after the route.
func TestTrace(t *testing.T) {
	recorder := tracetest.NewSpanRecorder()
	tracer := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder)).Tracer("test")
	s := newSite(t, func(o *api.Options) {
		o.Trace = func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				ctx, span := tracer.Start(r.Context(), "HTTP")
				defer span.End()
				next.ServeHTTP(w, r.WithContext(ctx))
			})
		}
	})
	code := s.started()
	for _, c := range []struct {
		path, name string
		attributes []attribute.KeyValue
	}{
		{"/api/v1/dossiers/" + code, "GET /api/v1/dossiers/{code}",
			[]attribute.KeyValue{attribute.String("http.route", "/api/v1/dossiers/{code}"), attribute.String("motcua.dossier", code)}},
		{"/api/v1/dossiers/Tran-Van-An-001099012345", "GET /api/v1/dossiers/{code}",
			[]attribute.KeyValue{attribute.String("http.route", "/api/v1/dossiers/{code}")}},
		{"/no/such/" + code, "GET", nil},
	} {
		res := s.get(c.path, as(systemKey))
		list := recorder.Ended()
		span := list[len(list)-1]
		id := span.SpanContext().TraceID().String()
		require.Equal(t, c.name, span.Name())
		require.Equal(t, c.attributes, span.Attributes())
		require.Equal(t, id, res.Header.Get("Trace-Id"))
		require.Contains(t, s.log.String(), "trace_id="+id)
		if res.StatusCode >= 400 {
			var p struct {
				TraceID string `json:"trace_id"`
			}
			require.NoError(t, json.Unmarshal([]byte(res.body), &p))
			require.Equal(t, id, p.TraceID)
		}
	}
	first := recorder.Ended()[0]
	require.Equal(t, "POST /api/v1/dossiers", first.Name())
	require.Contains(t, first.Attributes(), attribute.String("motcua.dossier", code), "a start is found by what it started")
	require.Equal(t, trace.SpanKindInternal, first.SpanKind())
}
