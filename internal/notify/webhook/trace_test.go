package webhook_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"motcua/internal/notify/webhook"
	"motcua/internal/telemetry"
)

// TestSendIsTraced: a request is a span of the delivery's trace, which the
// subscriber is told; one that is not traced says nothing.
func TestSendIsTraced(t *testing.T) {
	t.Parallel()
	recorder := tracetest.NewSpanRecorder()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))
	s, got := subscriber(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	loopback := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	ctx, root := provider.Tracer("test").Start(t.Context(), "delivery")
	attempt := webhook.New(webhook.Options{Allow: loopback, Traces: provider, Carry: telemetry.Traceparent{}}).Send(ctx, delivery(s.URL, newer))
	require.Equal(t, http.StatusGone, attempt.Status)
	list := recorder.Ended()
	require.Len(t, list, 1)
	require.Equal(t, "HTTP POST", list[0].Name())
	require.Equal(t, root.SpanContext().SpanID(), list[0].Parent().SpanID())
	sc := list[0].SpanContext()
	require.Equal(t, fmt.Sprintf("00-%s-%s-01", sc.TraceID(), sc.SpanID()), got().header.Get("Traceparent"))

	require.Equal(t, http.StatusGone, webhook.New(webhook.Options{Allow: loopback}).Send(ctx, delivery(s.URL, newer)).Status)
	require.Empty(t, got().header.Get("Traceparent"))
	require.Len(t, recorder.Started(), 2)
}
