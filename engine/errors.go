package engine

import (
	"errors"
	"fmt"
)

// Code names a class of error for machines. The API maps codes to HTTP in one
// table; the words behind a code may change, the code may not.
type Code string

// The vocabulary of errors. Every room uses these and no others.
const (
	CodeInvalid             Code = "invalid"              // the input breaks a rule of form
	CodeUnauthenticated     Code = "unauthenticated"      // nobody is signed in
	CodeForbidden           Code = "forbidden"            // signed in, but not allowed to
	CodeNotFound            Code = "not-found"            // no such thing, or none you may see
	CodeProcedureUnknown    Code = "procedure-unknown"    // no published version is in effect
	CodeAgencyUnknown       Code = "agency-unknown"       // no such agency
	CodeAgencyNotBound      Code = "agency-not-bound"     // the agency lacks a department the procedure needs
	CodeEventUnknown        Code = "event-unknown"        // the procedure has no such event
	CodeEventNotPermitted   Code = "event-not-permitted"  // not in the present state
	CodeWrongRole           Code = "wrong-role"           // the actor lacks the step's role
	CodeNotHolder           Code = "not-holder"           // another officer holds the dossier
	CodeSameOfficer         Code = "same-officer"         // separation of duties
	CodeCommentRequired     Code = "comment-required"     // the event needs a reason
	CodeNeedsUnmet          Code = "needs-unmet"          // a condition of the event does not hold
	CodeHandoffPending      Code = "handoff-pending"      // the dossier is not accepted yet
	CodeSuspensionExhausted Code = "suspension-exhausted" // suspended as often as allowed
	CodeExtensionRefused    Code = "extension-refused"    // past the limit, or as often or as long as allowed
	CodeMigrationRefused    Code = "migration-refused"    // the dossier stays with the version it runs under
	CodeSuspended           Code = "suspended"            // a halt of the same kind is open, or none is
	CodeOfficerUnknown      Code = "officer-unknown"      // no such officer at the agency, or not any more
	CodeDossierClosed       Code = "dossier-closed"       // nothing more can happen
	CodeIdempotencyConflict Code = "idempotency-conflict" // the key was used for another request
	CodePrecondition        Code = "precondition-failed"  // the dossier has moved on since it was read
	CodeTooManyRequests     Code = "too-many-requests"    // the caller asks more often than allowed
	CodeTooLarge            Code = "too-large"            // the body is over the bound
	CodeUnavailable         Code = "unavailable"          // a part we need is away; try again
	CodeInternal            Code = "internal"             // our fault
)

// Error is a refusal or failure people and machines can act on.
type Error struct {
	Code    Code   `json:"code"`
	Message string `json:"message"`
	// State is the dossier's present state where that is the reason.
	State string `json:"state,omitempty"`
	// Path is a JSON pointer to the offending input, where there is one.
	Path string `json:"path,omitempty"`
}

// Error joins code and message.
func (e *Error) Error() string { return string(e.Code) + ": " + e.Message }

// Errorf makes an error with a code.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// CodeOf finds the code of an error, however wrapped; an error without one is
// internal, and no error has none.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}
