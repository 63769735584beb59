package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"motcua/api/problem"
	"motcua/engine"
)

// Exit codes of every command.
const (
	exitOK          = 0
	exitFailed      = 1 // something went wrong while running
	exitUsage       = 2 // the command line or the environment is off
	exitInvalid     = 3 // a definition or an input is not valid
	exitRefused     = 4 // not found, not allowed, or not possible now
	exitUnreachable = 5 // the server or the database cannot be reached
	exitTampered    = 6 // the record was tampered with
)

// codeUsage names usage errors for machines; they never leave this program.
const codeUsage engine.Code = "usage"

// codeTampered names a record that is not intact, for machines likewise.
const codeTampered engine.Code = "tampered"

// usageError is a command line, or an environment, that cannot be meant.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// asUsage marks what cobra itself refuses: the arguments of its own commands.
func asUsage(err error) error {
	if strings.HasPrefix(err.Error(), "unknown command") {
		return usageError{err}
	}
	return err
}

// exitCode says how the program ends. Codes follow the statuses of the API, so
// that a refusal has one exit code whether a server or this program found it.
func exitCode(err error) int {
	var usage usageError
	var findings engine.Findings
	var tampered tamperedError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &tampered):
		return exitTampered
	case errors.As(err, &usage):
		return exitUsage
	case errors.Is(err, context.Canceled):
		return exitFailed
	case errors.As(err, &findings):
		return exitInvalid
	}
	switch status := statusOf(err); status {
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
		return exitInvalid
	case http.StatusRequestTimeout, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return exitUnreachable
	default:
		if status >= http.StatusInternalServerError {
			return exitFailed
		}
		return exitRefused
	}
}

// statusOf is the HTTP status of an error, the one the server said or the one
// the API would give it.
func statusOf(err error) int {
	var said *problem.Problem
	if errors.As(err, &said) {
		return said.Status
	}
	return problem.New(context.Background(), engine.CodeOf(err)).Status
}

// complaint is an error as machines read it: {"error": …}.
type complaint struct {
	Code     engine.Code     `json:"code"`
	Message  string          `json:"message"`
	State    string          `json:"state,omitempty"`
	Path     string          `json:"path,omitempty"`
	Errors   []problem.Fault `json:"errors,omitempty"`
	Findings engine.Findings `json:"findings,omitempty"`
	Trace    string          `json:"trace_id,omitempty"`
}

func complaintOf(err error) complaint {
	var usage usageError
	var findings engine.Findings
	var said *problem.Problem
	var known *engine.Error
	c := complaint{Code: engine.CodeOf(err), Message: err.Error()}
	switch {
	case errors.As(err, &usage):
		c.Code = codeUsage
	case errors.As(err, &tamperedError{}):
		c.Code = codeTampered
	case errors.Is(err, context.Canceled):
		c.Message = "interrupted"
	case errors.As(err, &findings):
		c.Code, c.Findings = engine.CodeInvalid, findings
		c.Message = "the definition is not valid: " + tally(findings)
	case errors.As(err, &said):
		c.Code, c.State, c.Errors, c.Trace = said.Code, said.State, said.Errors, said.Trace
	case errors.As(err, &known):
		c.State, c.Path = known.State, known.Path
		if err == error(known) { //nolint:errorlint // wrapped, what is around it belongs to the message
			c.Message = known.Message
		}
	}
	if c.Code == engine.CodeUnavailable {
		c.Message = strings.Join(strings.Fields(c.Message), " ") // drivers list addresses line by line
	}
	return c
}

// complain prints an error where errors belong, in the form asked for.
func (a *app) complain(err error, command string, asJSON bool) {
	c := complaintOf(err)
	if a.output == "json" || asJSON {
		fmt.Fprintln(a.err, oneLine(map[string]complaint{"error": c}))
		return
	}
	if len(c.Findings) > 0 {
		return // they are the result, printed already
	}
	message := c.Message
	if name := string(c.Code) + ": "; c.Code != codeUsage && c.Code != engine.CodeInternal && !strings.Contains(message, name) {
		message = name + message
	}
	fmt.Fprintln(a.err, "motcua:", message)
	if c.Code == codeUsage {
		fmt.Fprintf(a.err, "see %s --help\n", strings.TrimSuffix(command, " help"))
	}
}
