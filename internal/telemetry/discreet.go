package telemetry

import (
	"context"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

// What spans of ours say beside what the libraries say.
const (
	ours    = "motcua."
	keyRole = ours + "role"
)

// told lists what may leave the process with a span. The libraries that make
// spans also put addresses of people's machines, paths, and words that clients
// made up on them; what is not listed here, and not ours, stays.
var told = map[attribute.Key]bool{
	"http.request.method": true, "http.route": true, "http.response.status_code": true, "error.type": true,
	"db.system.name": true, "db.operation.name": true, "db.operation.batch.size": true, "db.query.text": true, // the statement, never its parameters
	"pgx.rows_affected": true, "pgx.sql_state": true,
	"temporalWorkflowID": true, "temporalRunID": true, "temporalActivityID": true, "temporalUpdateID": true,
}

// discreet passes spans on without what they must not say. It is the one place
// all spans go through, whoever made them.
type discreet struct {
	next     sdktrace.SpanExporter
	complain *complainer
}

// ExportSpans implements the SDK's interface.
func (d *discreet) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	out := make([]sdktrace.ReadOnlySpan, len(spans))
	for i, s := range spans {
		out[i] = quiet{s}
	}
	if err := d.next.ExportSpans(ctx, out); err != nil {
		d.complain.lost(ctx, len(spans), err)
	}
	return nil // it was said, and nobody can do anything about it
}

// Shutdown implements the SDK's interface.
func (d *discreet) Shutdown(ctx context.Context) error { return d.next.Shutdown(ctx) }

// quiet is a span without the words of errors, which may quote what was stored
// or sent, and with the attributes that may be told.
type quiet struct{ sdktrace.ReadOnlySpan }

// Attributes lists what may be told.
func (q quiet) Attributes() []attribute.KeyValue {
	var out []attribute.KeyValue
	for _, a := range q.ReadOnlySpan.Attributes() {
		if told[a.Key] || strings.HasPrefix(string(a.Key), ours) {
			out = append(out, a)
		}
	}
	return out
}

// Events are the words of errors.
func (quiet) Events() []sdktrace.Event { return nil }

// Status says that something failed, not in which words.
func (q quiet) Status() sdktrace.Status { return sdktrace.Status{Code: q.ReadOnlySpan.Status().Code} }
