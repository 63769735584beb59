package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"motcua/definitions"
	"motcua/definitions/diagram"
	"motcua/engine"
)

func (a *app) procedure() *cobra.Command {
	return noun("procedure", "check, show and draw procedure definitions", a.procedureLint(), a.procedureShow(), a.procedureGraph())
}

func (a *app) procedureLint() *cobra.Command {
	return &cobra.Command{
		Use:   "lint FILE...",
		Short: "check definitions and say, with place, what is wrong",
		Long:  "Checks each file and prints every finding as file:line:col: code: message. Exits with 3 if one is an error. - reads standard input.",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{fmt.Errorf("motcua procedure lint takes one or more files")}
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			all := engine.Findings{}
			for _, file := range args {
				text, err := readFile(c.InOrStdin(), file)
				if err != nil {
					return err
				}
				_, findings := definitions.Read(file, text)
				all = append(all, findings...)
			}
			if err := a.print(all, func(w io.Writer) { printFindings(w, all, len(args)) }); err != nil {
				return err
			}
			return all.Err()
		},
	}
}

func printFindings(w io.Writer, all engine.Findings, files int) {
	errors := 0
	for _, f := range all {
		fmt.Fprintln(w, f)
		if f.Severity == engine.SeverityError {
			errors++
		}
	}
	fmt.Fprintf(w, "%d files, %d errors, %d warnings\n", files, errors, len(all)-errors)
}

func (a *app) procedureShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show FILE",
		Short: "print a definition in words",
		Args:  exactly(1, "one file"),
		RunE: func(c *cobra.Command, args []string) error {
			m, err := a.machine(c, args[0])
			if err != nil {
				return err
			}
			return a.print(m.Definition, func(w io.Writer) { describe(w, m) })
		},
	}
}

func describe(w io.Writer, m *engine.Machine) {
	fmt.Fprintf(w, "%s  %s (version %d, sha256 %.12s…)\n", m.Code, m.Name.VI, m.Version, m.SHA256)
	fmt.Fprintf(w, "statutory limit %s, from state %s\n\n", m.Limits.Statutory, m.Limits.Starts)
	for i, s := range m.States {
		fmt.Fprintf(w, "%2d. %-26s %s", i+1, s.ID, s.Name.VI)
		if s.Department != "" {
			fmt.Fprintf(w, " [%s/%s]", s.Department, s.Role)
		}
		if !s.Within.IsZero() {
			fmt.Fprintf(w, " within %s", s.Within)
		}
		if s.Suspended() {
			fmt.Fprint(w, " (clock suspended)")
		}
		fmt.Fprintln(w)
		for _, t := range s.On {
			fmt.Fprintf(w, "      %-22s → %-24s %s\n", t.Event, t.To, t.Name.VI)
		}
	}
	fmt.Fprintln(w, "\nladder:")
	for _, g := range m.Ladder {
		fmt.Fprintf(w, "    %-26s notify %v raise %s\n", g, g.Notify, g.Raise)
	}
}

func (a *app) procedureGraph() *cobra.Command {
	var format, lang string
	c := &cobra.Command{
		Use:   "graph FILE",
		Short: "draw a definition as Mermaid, Graphviz DOT or SVG",
		Args:  exactly(1, "one file"),
		RunE: func(c *cobra.Command, args []string) error {
			m, err := a.machine(c, args[0])
			if err != nil {
				return err
			}
			var drawing string
			switch format {
			case "mermaid":
				drawing = definitions.Mermaid(m, "")
			case "dot":
				drawing = definitions.DOT(m, lang, definitions.Highlight{})
			case "svg":
				svg, err := diagram.SVG(c.Context(), m, lang, definitions.Highlight{})
				if err != nil {
					return err
				}
				drawing = string(svg)
			default:
				return usageError{fmt.Errorf("--format is %q, not mermaid, dot or svg", format)}
			}
			return a.print(map[string]string{"format": format, "graph": drawing}, func(w io.Writer) { fmt.Fprint(w, drawing) })
		},
	}
	c.Flags().StringVar(&format, "format", "mermaid", "mermaid, dot or svg")
	c.Flags().StringVar(&lang, "lang", "vi", "language of the labels: vi or en")
	return c
}

// machine reads and compiles a definition, and prints what is wrong with it.
func (a *app) machine(c *cobra.Command, file string) (*engine.Machine, error) {
	text, err := readFile(c.InOrStdin(), file)
	if err != nil {
		return nil, err
	}
	m, findings := definitions.Read(file, text)
	if err := findings.Err(); err != nil {
		for _, f := range findings {
			fmt.Fprintln(a.err, f)
		}
		return nil, err
	}
	return m, nil
}

func readFile(in io.Reader, file string) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(io.LimitReader(in, 2<<20))
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, usageError{err}
	}
	return text, nil
}
