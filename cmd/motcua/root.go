package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"strings"

	"github.com/spf13/cobra"
)

// app is what every command shares.
type app struct {
	out, err io.Writer
	output   string // text or json
}

// run is the program: it runs one command line and returns its exit code.
func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	a := &app{out: out, err: errOut}
	root := a.root()
	root.SetArgs(append([]string{}, args...)) // for nil, cobra would take those of the process
	c, err := root.ExecuteContextC(ctx)
	if err == nil {
		return exitOK
	}
	err = asUsage(err)
	a.complain(err, c.CommandPath(), wantsJSON(args))
	return exitCode(err)
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "motcua",
		Short: "run administrative procedures on time",
		Long: "motcua runs administrative procedures (thủ tục hành chính) as declared state machines whose\n" +
			"deadlines, escalations and handoffs are enforced by durable timers.\n\n" +
			"Results go to standard output, everything else to standard error; with --output json both are JSON.\n" +
			"Exit codes: 0 done, 1 failed, 2 usage, 3 invalid input, 4 refused or not found, 5 unreachable,\n6 the record was tampered with.",
		Version:           version,
		SilenceUsage:      true,
		SilenceErrors:     true,
		Args:              cobra.ArbitraryArgs, // judged below, as in every noun
		PersistentPreRunE: func(*cobra.Command, []string) error { return oneOf("output", a.output, outputs) },
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknown(c, args[0])
			}
			return c.Help()
		},
	}
	root.SetOut(a.out) // before cobra's completion command looks
	root.SetErr(a.err)
	root.SetVersionTemplate(versionLine())
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.SetHelpCommand(helpCommand())
	root.PersistentFlags().StringVarP(&a.output, "output", "o", "text", "how to print results: text or json")
	complete(root, "output", outputs)
	root.AddCommand(a.dev(), a.api(), a.worker(), a.migrate(), a.procedure(), a.dossier(), a.handoff(), a.calendar(), a.outage(), a.officer(),
		a.absence(), a.organisation(), a.key(), a.seed(), a.openapi(), a.audit(), a.keys(), a.personal(), a.version())
	root.AddCommand(a.webhook())
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		if c.Name() == "completion" { // cobra's own answers an unknown shell with help and success
			c.Short, c.RunE = "write the completion script of a shell", judge(c.Commands())
		}
	}
	return root
}

var outputs = []string{"text", "json"}

// wantsJSON looks for --output json by itself: a command line may be refused
// before the flag that says how to print the refusal has been read.
func wantsJSON(args []string) bool {
	for i, arg := range args {
		switch arg {
		case "--":
			return false
		case "--output=json", "-o=json", "-ojson":
			return true
		case "--output", "-o":
			if i+1 < len(args) && args[i+1] == "json" {
				return true
			}
		}
	}
	return false
}

// noun makes a command that only groups others; a missing or unknown verb is a
// usage error, not a success.
func noun(use, short string, verbs ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, DisableFlagsInUseLine: true, RunE: judge(verbs)}
	c.AddCommand(verbs...)
	return c
}

func judge(verbs []*cobra.Command) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		if len(args) > 0 {
			return unknown(c, args[0])
		}
		return usagef("%s needs one of: %s", spoken(c), strings.Join(names(verbs), ", "))
	}
}

// spoken is a command as its errors name it, which begin with the program's
// name already.
func spoken(c *cobra.Command) string {
	_, verbs, _ := strings.Cut(c.CommandPath(), " ")
	return verbs
}

func names(commands []*cobra.Command) []string {
	out := make([]string, len(commands))
	for i, c := range commands {
		out[i] = c.Name()
	}
	return out
}

// unknown refuses a word that is no command of c, and says which one may be meant.
func unknown(c *cobra.Command, word string) error {
	c.SuggestionsMinimumDistance = 2
	meant := ""
	if near := c.SuggestionsFor(word); len(near) > 0 {
		meant = "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return usagef("unknown command %q for %q%s", word, c.CommandPath(), meant)
}

// helpCommand is cobra's, but for a topic that does not exist it is an error.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "help about any command",
		RunE: func(c *cobra.Command, args []string) error {
			target, rest, err := c.Root().Find(args)
			if err != nil {
				return usageError{err}
			}
			if len(rest) > 0 {
				return unknown(target, rest[0])
			}
			target.InitDefaultHelpFlag()
			return target.Help()
		},
	}
}

// exactly checks the number of arguments; an empty one is none.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		given := 0
		for _, arg := range args {
			if strings.TrimSpace(arg) != "" {
				given++
			}
		}
		if given != n || len(args) != n {
			return usagef("%s takes %s", spoken(c), what)
		}
		return nil
	}
}

// needs refuses a command line without its required flags, and shows a good one.
func needs(c *cobra.Command, flags ...string) error {
	var missing []string
	for _, name := range flags {
		if f := c.Flags().Lookup(name); f.Value.String() == "" {
			missing = append(missing, "--"+name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return usagef("%s needs %s; for example: %s", spoken(c), strings.Join(missing, " and "), strings.TrimSpace(c.Example))
}

// oneOf checks the value of a flag that knows a few words only.
func oneOf(flag, value string, words []string) error {
	for _, w := range words {
		if value == w {
			return nil
		}
	}
	last := len(words) - 1
	return usagef("--%s is %q, not %s or %s", flag, value, strings.Join(words[:last], ", "), words[last])
}

// complete lets the shell complete the words of a flag.
func complete(c *cobra.Command, flag string, words []string) {
	// The only error is a flag that does not exist, and every command is built in every test.
	if err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err)
	}
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

// oneLine is a value as one line of JSON.
func oneLine(value any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(value) // only what cannot be JSON does not become JSON
	return strings.TrimSpace(b.String())
}

// note tells people what goes on. It is no result, so it goes to standard error.
func (a *app) note(format string, args ...any) {
	fmt.Fprintf(a.err, "motcua: "+format+"\n", args...)
}

func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "print the version of this program",
		Args:  exactly(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			result := struct {
				Version  string `json:"version"`
				Go       string `json:"go"`
				Platform string `json:"platform"`
			}{version, runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH}
			return a.print(result, func(w io.Writer) { fmt.Fprint(w, versionLine()) })
		},
	}
}

func versionLine() string {
	return fmt.Sprintf("motcua %s (%s, %s/%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
