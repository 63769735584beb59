// Package problem is what a client is told when a request does not succeed:
// RFC 9457 problem details with a stable code, made in one place so that no
// path can leak a submitted value or an inner error.
package problem

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"motcua/api/caller"
	"motcua/engine"
)

// base is the stem of problem types: a name, resolvable later, stable for ever.
const base = "https://motcua.dev/problems/"

// retryAfter is what a client is asked to wait before it tries again.
const retryAfter = 2

// Problem is an RFC 9457 problem. It is an error, so handlers may return it.
type Problem struct {
	Type   string      `json:"type" format:"uri" doc:"Names the class of problem; stable"`
	Title  string      `json:"title" doc:"The class in words: Vietnamese, or English by Accept-Language"`
	Status int         `json:"status" doc:"HTTP status"`
	Detail string      `json:"detail,omitempty" doc:"What happened this time, in English"`
	Code   engine.Code `json:"code" doc:"The class for machines; stable" example:"event-not-permitted"`
	State  string      `json:"state,omitempty" doc:"The dossier's present state, where that is the reason"`
	Errors []Fault     `json:"errors,omitempty" doc:"What is wrong with the input, place by place"`
	// Findings are what is wrong with a definition, by line and column.
	Findings engine.Findings `json:"findings,omitempty" doc:"What is wrong with the definition, by line and column"`
	Trace    string          `json:"trace_id,omitempty" doc:"Quote it when you report the problem"`
}

// Fault is one thing wrong with the input. It never holds the value.
type Fault struct {
	In      string `json:"in,omitempty" enum:"body,query,path,header" doc:"Which part of the request"`
	Path    string `json:"path,omitempty" doc:"JSON pointer into that part"`
	Message string `json:"message"`
}

// Error names the problem.
func (p *Problem) Error() string { return string(p.Code) + ": " + p.Detail }

// GetStatus is the HTTP status, for huma.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is the media type of problems, for huma.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// Of makes the problem an error is to the caller of ctx. Errors without a code
// are internal: what they say is kept for the log and not shown.
func Of(ctx context.Context, err error) *Problem {
	var made *Problem
	if errors.As(err, &made) {
		return made
	}
	var said *engine.Error
	switch {
	case errors.As(err, &said):
	case errors.Is(err, context.Canceled): // the client left: nobody reads this, nothing broke
		return New(ctx, engine.CodeUnavailable)
	case errors.Is(err, context.DeadlineExceeded):
		said = engine.Errorf(engine.CodeUnavailable, "")
	default:
		said = engine.Errorf(engine.CodeInternal, "")
	}
	p := New(ctx, said.Code)
	if p.Code == engine.CodeInternal || p.Code == engine.CodeUnavailable {
		caller.From(ctx).Failure = err
		return p
	}
	p.Detail, p.State = scrub(said.Message), said.State
	if said.Path != "" {
		p.Errors = []Fault{{In: "body", Path: said.Path, Message: p.Detail}}
	}
	return p
}

// New makes a problem of a code for the caller of ctx.
func New(ctx context.Context, code engine.Code, faults ...Fault) *Problem {
	call, class := caller.From(ctx), classOf(code)
	return &Problem{
		Type: base + string(class.Code), Title: call.Lang.Text(class.Title), Status: class.Status,
		Code: class.Code, Errors: faults, Trace: call.Trace,
	}
}

// OfStatus makes the problem behind a status that HTTP machinery made.
func OfStatus(ctx context.Context, status int, faults ...Fault) *Problem {
	if status == http.StatusUnsupportedMediaType {
		faults = nil // the body was not read, so nothing in it is at fault
	}
	for _, s := range statuses {
		if s.Status == status {
			return New(ctx, s.Code, faults...)
		}
	}
	if status >= http.StatusBadRequest && status < http.StatusInternalServerError {
		return New(ctx, CodeMalformed, faults...)
	}
	return New(ctx, engine.CodeInternal)
}

// Headers are those a response with the problem carries.
func (p *Problem) Headers(set func(name, value string)) {
	switch p.Status {
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		set("Retry-After", strconv.Itoa(retryAfter))
	case http.StatusUnauthorized:
		set("WWW-Authenticate", `Bearer realm="motcua"`)
	}
}

// Write answers a request with the problem.
func (p *Problem) Write(w http.ResponseWriter) {
	p.Headers(w.Header().Set)
	w.Header().Set("Content-Type", p.ContentType(""))
	w.Header().Del("Content-Length")
	w.WriteHeader(p.Status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(p) // the client may be gone
}
