package telemetry

import (
	"context"
	"log/slog"

	"go.opentelemetry.io/otel/trace"
)

// keyTrace is what log lines call the trace they belong to.
const keyTrace = "trace_id"

// Logger is a logger whose lines say which trace they belong to, wherever they
// are written within one.
func (t *Tracing) Logger(log *slog.Logger) *slog.Logger { return slog.New(tracedLog{log.Handler()}) }

type tracedLog struct{ slog.Handler }

// Handle adds the trace's id to a line that does not say it already.
func (l tracedLog) Handle(ctx context.Context, r slog.Record) error {
	if sc := trace.SpanContextFromContext(ctx); sc.HasTraceID() && !says(r, keyTrace) {
		r = r.Clone()
		r.AddAttrs(slog.String(keyTrace, sc.TraceID().String()))
	}
	return l.Handler.Handle(ctx, r)
}

// WithAttrs implements slog's interface.
func (l tracedLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return tracedLog{l.Handler.WithAttrs(attrs)}
}

// WithGroup implements slog's interface.
func (l tracedLog) WithGroup(name string) slog.Handler { return tracedLog{l.Handler.WithGroup(name)} }

func says(r slog.Record, key string) (found bool) {
	r.Attrs(func(a slog.Attr) bool {
		found = a.Key == key
		return !found
	})
	return found
}
