package worker

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"motcua/engine"
)

// begin begins the span of a piece of work nobody waits for: a trace of its
// own, found by the dossier it is about. Without a tracer there is none. What
// looks for work has no span; only what was found has.
func begin(ctx context.Context, t trace.Tracer, name, dossier string, about ...attribute.KeyValue) (context.Context, trace.Span) {
	if t == nil {
		return ctx, noop.Span{}
	}
	if dossier != "" {
		about = append(about, attribute.String("motcua.dossier", dossier))
	}
	return t.Start(ctx, name, trace.WithNewRoot(), trace.WithSpanKind(trace.SpanKindConsumer), trace.WithAttributes(about...))
}

// end ends a span with the class of what went wrong, if something did.
func end(span trace.Span, class string) {
	if class != "" {
		span.SetAttributes(attribute.String("motcua.failure", class))
		span.SetStatus(codes.Error, class)
	}
	span.End()
}

// classOf is an error in one word.
func classOf(err error) string {
	if err == nil {
		return ""
	}
	return string(engine.CodeOf(err))
}
