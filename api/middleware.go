package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"motcua/api/caller"
	"motcua/api/problem"
	"motcua/engine"
	"motcua/workflows/contract"
)

// headers stand on every answer. Scripts and styles come from this server
// only, nobody may frame it, and answers, which hold personal data, are not
// kept by caches.
var headers = map[string]string{
	"Content-Security-Policy":    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
	"X-Content-Type-Options":     "nosniff",
	"X-Frame-Options":            "DENY",
	"Referrer-Policy":            "same-origin",
	"Cross-Origin-Opener-Policy": "same-origin",
	"Cache-Control":              "no-store",
}

// observe is the outermost layer: it gives the request its call, its headers
// and its deadline, catches panics and writes the one log line.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := s.options.Now()
		call := &caller.Call{Trace: traceOf(r), Lang: caller.Preferred(r.Header.Get("Accept-Language"))}
		ctx, cancel := context.WithTimeout(caller.With(r.Context(), call), lasts(r.URL.Path))
		defer cancel()
		r = r.WithContext(ctx)
		seen := &response{ResponseWriter: w}
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		w.Header().Set("Trace-Id", call.Trace)
		defer func() {
			if v := recover(); v != nil {
				s.recovered(seen, r, v)
			}
			took := s.options.Now().Sub(began)
			tell(r, call)
			s.record(r, call, seen.status, took.Seconds())
			if s.options.Observe != nil {
				_, pattern, _ := strings.Cut(call.Route, " ") // the method stands before it
				s.options.Observe(method(r), pattern, seen.status, took)
			}
		}()
		next.ServeHTTP(seen, r)
	})
}

// lasts is how long an answer may take: a stream's, minutes.
func lasts(path string) time.Duration {
	if strings.HasSuffix(path, "/stream") {
		return streamLife + requestTimeout
	}
	return requestTimeout
}

// recovered turns a panic into a problem that says nothing. What was thrown
// may hold anything, so only errors of the runtime are logged in words.
func (s *Server) recovered(w *response, r *http.Request, v any) {
	thrown, _ := v.(error)
	if errors.Is(thrown, http.ErrAbortHandler) {
		panic(v)
	}
	call := caller.From(r.Context())
	said := "value withheld"
	var fault runtime.Error
	if errors.As(thrown, &fault) {
		said = fault.Error()
	}
	s.options.Logger.ErrorContext(r.Context(), "panic", "trace_id", call.Trace, "route", call.Route, "panic", said, "stack", string(debug.Stack()))
	if w.status == 0 {
		s.fail(w, r, forPeople(r), problem.New(r.Context(), engine.CodeInternal))
	}
}

// record writes the log line of a request: no path, no query, no body, no name.
func (s *Server) record(r *http.Request, call *caller.Call, status int, seconds float64) {
	attrs := []slog.Attr{
		slog.String("method", method(r)), slog.String("route", call.Route), slog.Int("status", status),
		slog.Float64("seconds", seconds), slog.String("actor", call.Actor.ID), slog.String("trace_id", call.Trace),
	}
	if call.Dossier != "" {
		attrs = append(attrs, slog.String("dossier", call.Dossier), slog.String("workflow_id", contract.WorkflowID(call.Dossier)))
	}
	level := slog.LevelInfo
	if call.Failure != nil {
		level = slog.LevelError
		attrs = append(attrs, slog.String("error", call.Failure.Error()))
	}
	s.options.Logger.LogAttrs(r.Context(), level, "request", attrs...)
}

// method keeps a method the client made up out of the log.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}

// limit refuses bodies over the bound before they are read, and stops reading
// those that did not say how long they are. Control characters and broken
// UTF-8 in the address are refused here, once, because no id holds them and
// the store takes neither.
func (s *Server) limit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > bound(r.URL.Path) {
			w.Header().Set("Connection", "close")
			s.fail(w, r, forPeople(r), problem.New(r.Context(), engine.CodeTooLarge))
			return
		}
		if query, err := decoded(r.URL.RawQuery); err != nil || !plain(query) || !plain(r.URL.Path) {
			s.fail(w, r, forPeople(r), problem.New(r.Context(), problem.CodeMalformed))
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, bound(r.URL.Path)+1)
		next.ServeHTTP(w, r)
	})
}

// plain says whether a text is valid UTF-8 without control characters other
// than those of lines.
func plain(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	})
}

// response remembers the status for the log.
type response struct {
	http.ResponseWriter
	status int
}

func (w *response) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *response) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the writer beneath.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }
