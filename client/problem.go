package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Problem is a request the server has refused (RFC 9457). Branch on Code.
type Problem struct {
	Type     string    `json:"type"`
	Title    string    `json:"title"`
	Status   int       `json:"status"`
	Detail   string    `json:"detail,omitempty"`
	Code     Code      `json:"code"`
	State    string    `json:"state,omitempty"` // the dossier's, where that is the reason
	Errors   []Fault   `json:"errors,omitempty"`
	Findings []Finding `json:"findings,omitempty"`
	TraceID  string    `json:"trace_id,omitempty"` // quote it when you report the problem

	// RetryAfter is how long the server asked to wait; zero where it did not.
	RetryAfter time.Duration `json:"-"`
}

// Code is the stable class of a problem. There may be more of them one day:
// treat one you do not know by its Status.
type Code string

// The codes a backend usually tells apart; docs/api.md lists all.
const (
	Invalid             Code = "invalid"
	Unauthenticated     Code = "unauthenticated"
	Forbidden           Code = "forbidden"
	NotFound            Code = "not-found"
	ProcedureUnknown    Code = "procedure-unknown"
	EventNotPermitted   Code = "event-not-permitted"
	NeedsUnmet          Code = "needs-unmet"
	DossierClosed       Code = "dossier-closed"
	PreconditionFailed  Code = "precondition-failed"
	IdempotencyConflict Code = "idempotency-conflict"
	TooManyRequests     Code = "too-many-requests"
	Unavailable         Code = "unavailable"
)

// Fault is one thing wrong with the input.
type Fault struct {
	In      string `json:"in,omitempty"`   // body, query, path or header
	Path    string `json:"path,omitempty"` // JSON pointer into it
	Message string `json:"message"`
}

// Finding is one thing wrong with an uploaded text.
type Finding struct {
	Code      string `json:"code"`
	Severity  string `json:"severity"`
	File      string `json:"file,omitempty"`
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	Path      string `json:"path"`
	Message   string `json:"message"`
	MessageVI string `json:"message_vi"`
}

// Error names the problem, its first fault and its trace.
func (p *Problem) Error() string {
	text := fmt.Sprintf("motcua: %s (%d)", p.Code, p.Status)
	if p.Detail != "" {
		text += ": " + p.Detail
	}
	for _, f := range p.Errors {
		if f.Message != p.Detail {
			text += fmt.Sprintf("; %s: %s", f.Path, f.Message)
		}
	}
	return text
}

// CodeOf is the code of the problem in an error, or "".
func CodeOf(err error) Code {
	var p *Problem
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}

// LostError is a change that was sent and never answered, as often as it was
// repeated: it may have happened. The same call with the same key finds out.
type LostError struct {
	Key string
	Err error
}

// Error says what to do about it.
func (e *LostError) Error() string {
	return fmt.Sprintf("motcua: no answer under the key %s, ask again under the same key: %v", e.Key, e.Err)
}

// Unwrap is what the last attempt met.
func (e *LostError) Unwrap() error { return e.Err }

// refusal reads a problem; what is none is an answer of somebody else.
func refusal(status int, body []byte) error {
	p := &Problem{}
	if json.Unmarshal(body, p) != nil || p.Code == "" {
		return &strangerError{status}
	}
	p.Status = status
	return p
}

// strangerError is an answer that no motcua server gives: of a proxy between.
type strangerError struct{ status int }

func (e *strangerError) Error() string {
	return fmt.Sprintf("motcua: what answered with status %d is no motcua server", e.status)
}
