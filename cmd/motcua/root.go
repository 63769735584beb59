package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"motcua/engine"
)

// Exit codes of every command.
const (
	exitOK          = 0
	exitFailed      = 1 // something went wrong while running
	exitUsage       = 2 // the command line is off
	exitInvalid     = 3 // a definition or an input is not valid
	exitRefused     = 4 // not found, not allowed, or not possible now
	exitUnreachable = 5 // the server or the database cannot be reached
)

// app is what every command shares.
type app struct {
	out, err io.Writer
	output   string // text or json
}

// usageError is a command line that cannot be meant.
type usageError struct{ error }

func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	a := &app{out: out, err: errOut}
	root := a.root()
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(errOut)
	err := root.ExecuteContext(ctx)
	if err != nil {
		a.complain(err)
	}
	return exitCode(err)
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "motcua",
		Short: "run administrative procedures on time",
		Long: "motcua runs administrative procedures (thủ tục hành chính) as declared state machines whose\n" +
			"deadlines, escalations and handoffs are enforced by durable timers.\n\n" +
			"Exit codes: 0 done, 1 failed, 2 usage, 3 invalid input, 4 refused or not found, 5 unreachable.",
		Version:       version,
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(*cobra.Command, []string) error {
			if a.output != "text" && a.output != "json" {
				return usageError{fmt.Errorf("--output is %q, not text or json", a.output)}
			}
			return nil
		},
	}
	root.PersistentFlags().StringVarP(&a.output, "output", "o", "text", "how to print results: text or json")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(a.dev(), a.api(), a.worker(), a.migrate(), a.procedure(), a.dossier(), a.calendar())
	return root
}

// noun makes a command that only groups others; a missing or unknown verb is a
// usage error, not a success.
func noun(use, short string, verbs ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, RunE: func(c *cobra.Command, args []string) error {
		if len(args) > 0 {
			return usageError{fmt.Errorf("unknown command %q for %q", args[0], c.CommandPath())}
		}
		return usageError{fmt.Errorf("%s needs one of: %s", c.CommandPath(), strings.Join(names(verbs), ", "))}
	}}
	c.AddCommand(verbs...)
	return c
}

func names(commands []*cobra.Command) []string {
	out := make([]string, len(commands))
	for i, c := range commands {
		out[i] = c.Name()
	}
	return out
}

// exactly and atLeast check the number of arguments as usage.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != n {
			return usageError{fmt.Errorf("%s takes %s", c.CommandPath(), what)}
		}
		return nil
	}
}

func exitCode(err error) int {
	var usage usageError
	var findings engine.Findings
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &usage), strings.HasPrefix(err.Error(), "unknown command"):
		return exitUsage
	case errors.As(err, &findings):
		return exitInvalid
	}
	switch engine.CodeOf(err) {
	case engine.CodeInternal:
		return exitFailed
	case engine.CodeInvalid, engine.CodeProcedureUnknown, engine.CodeEventUnknown, engine.CodeTooLarge:
		return exitInvalid
	case engine.CodeUnavailable:
		return exitUnreachable
	}
	return exitRefused
}

// complain prints an error where errors belong, in the form asked for.
func (a *app) complain(err error) {
	var findings engine.Findings
	if a.output != "json" {
		if !errors.As(err, &findings) { // findings are a command's result, printed already
			fmt.Fprintln(a.err, "motcua:", err)
		}
		return
	}
	var known *engine.Error
	if !errors.As(err, &known) {
		known = engine.Errorf(engine.CodeOf(err), "%v", err)
	}
	_ = json.NewEncoder(a.err).Encode(map[string]any{"error": known})
}

// print writes a result: as JSON, or as text by the given function.
func (a *app) print(result any, text func(io.Writer)) error {
	if a.output == "json" {
		enc := json.NewEncoder(a.out)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		return enc.Encode(result)
	}
	text(a.out)
	return nil
}
