package api

import (
	"net/http"
	"regexp"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"motcua/api/caller"
)

// traceOf is the id of the trace a request belongs to: that of its span where
// requests have spans, else the caller's, or a new one.
func traceOf(r *http.Request) string {
	if sc := trace.SpanContextFromContext(r.Context()); sc.HasTraceID() {
		return sc.TraceID().String()
	}
	return caller.Trace(r.Header.Get("Traceparent"))
}

// tell names the span of a request, if it has one, after its route. It says
// nothing that the request log does not say.
func tell(r *http.Request, call *caller.Call) {
	span := trace.SpanFromContext(r.Context())
	if !span.IsRecording() {
		return
	}
	if call.Route == "" {
		span.SetName(method(r))
		return
	}
	_, pattern, _ := strings.Cut(call.Route, " ") // the method stands before it
	span.SetName(call.Route)
	span.SetAttributes(attribute.String("http.route", pattern))
	if call.Dossier != "" {
		span.SetAttributes(attribute.String("motcua.dossier", call.Dossier))
	}
}

// shape is what the codes of dossiers look like: agency, day, number.
var shape = regexp.MustCompile(`^[A-Za-z0-9.-]{1,35}-[0-9]{6}-[0-9]{4,9}$`)

// dossierCode is what a path says of a dossier, for logs and traces, or nothing
// if it cannot be a code: then it is words of the client's own.
func dossierCode(s string) string {
	if !shape.MatchString(s) {
		return ""
	}
	return s
}
