package telemetry

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.40.0"
	"go.opentelemetry.io/otel/trace"
)

// flushTime is how long a process that ends waits for its last spans to be
// taken. A collector that is away costs no more than that.
const flushTime = 3 * time.Second

// TracingOptions say of a process what its spans do not say themselves.
type TracingOptions struct {
	Version string
	// Role is what the process does: api, worker or dev.
	Role   string
	Logger *slog.Logger
	// Exporter takes the spans in tests; by default they are sent by OTLP over
	// HTTP as the OTEL_EXPORTER_OTLP_* variables say.
	Exporter sdktrace.SpanExporter
}

// Tracing makes the spans of a process and sends them away, behind whatever is
// being done: nothing waits for a collector, and what it does not take is
// dropped. Where it is not wanted there is none, rather than one that does
// nothing: what is not traced pays nothing for it.
type Tracing struct {
	provider *sdktrace.TracerProvider
	log      *slog.Logger
}

// NewTracing makes the tracing of a process. Which traces are kept, how spans
// are batched and where they go, the SDK reads from the environment itself.
func NewTracing(ctx context.Context, o TracingOptions) (*Tracing, error) {
	c := newComplainer(o.Logger)
	if o.Exporter == nil {
		sender, err := otlptracehttp.New(ctx)
		if err != nil {
			return nil, fmt.Errorf("traces: %w", err)
		}
		o.Exporter = sender
	}
	about, err := resource.New(ctx,
		resource.WithTelemetrySDK(), resource.WithHost(),
		resource.WithAttributes(semconv.ServiceName("motcua"), semconv.ServiceVersion(o.Version), attribute.String(keyRole, o.Role)),
		resource.WithFromEnv(), // last: what the environment says wins
	)
	if err != nil {
		return nil, fmt.Errorf("traces: %w", err)
	}
	otel.SetErrorHandler(c)
	return &Tracing{log: o.Logger, provider: sdktrace.NewTracerProvider(
		sdktrace.WithResource(about), sdktrace.WithBatcher(&discreet{next: o.Exporter, complain: c}),
	)}, nil
}

// Provider is what the rooms make their spans with.
func (t *Tracing) Provider() trace.TracerProvider { return t.provider }

// Requests begins a span for each request, within the trace the caller says it
// belongs to. Probes come every few seconds and say nothing: they have none.
func (t *Tracing) Requests(next http.Handler) http.Handler {
	return otelhttp.NewHandler(next, "",
		otelhttp.WithTracerProvider(t.provider), otelhttp.WithPropagators(Traceparent{}),
		otelhttp.WithFilter(func(r *http.Request) bool { return !probes[r.URL.Path] }),
		// Who answers names the span, once it knows the route.
		otelhttp.WithSpanNameFormatter(func(string, *http.Request) string { return "HTTP" }),
	)
}

var probes = map[string]bool{"/healthz": true, "/readyz": true, "/metrics": true}

// Close sends what is left, for three seconds at most.
func (t *Tracing) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), flushTime)
	defer cancel()
	if err := t.provider.Shutdown(ctx); err != nil {
		t.log.WarnContext(ctx, "the last traces were not taken")
	}
}
