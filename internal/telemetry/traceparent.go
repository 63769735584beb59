package telemetry

import (
	"context"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// Traceparent carries a trace from one process to the next by the traceparent
// of W3C Trace Context alone. Its companions, tracestate and baggage, hold
// whatever a caller writes into them, and would go on into spans, workflows'
// histories and other systems.
type Traceparent struct{}

var w3c propagation.TraceContext

// Inject implements OpenTelemetry's interface.
func (Traceparent) Inject(ctx context.Context, into propagation.TextMapCarrier) {
	sc := trace.SpanContextFromContext(ctx).WithTraceState(trace.TraceState{})
	w3c.Inject(trace.ContextWithSpanContext(ctx, sc), into)
}

// Extract implements OpenTelemetry's interface.
func (Traceparent) Extract(ctx context.Context, from propagation.TextMapCarrier) context.Context {
	sc := trace.SpanContextFromContext(w3c.Extract(context.Background(), from))
	if !sc.IsValid() {
		return ctx
	}
	return trace.ContextWithRemoteSpanContext(ctx, sc.WithTraceState(trace.TraceState{}))
}

// Fields implements OpenTelemetry's interface.
func (Traceparent) Fields() []string { return []string{"traceparent"} }
