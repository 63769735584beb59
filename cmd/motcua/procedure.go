package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"motcua/definitions"
	"motcua/engine"
)

// maxDefinition bounds what is read as a definition; the shipped ones have 10 kB.
const maxDefinition = 2 << 20

func (a *app) procedure() *cobra.Command {
	return noun("procedure", "check, try, publish and migrate procedure definitions", a.procedureLint(), a.procedureDiff(), a.procedureShow(), a.procedureExport(), a.procedureSchema(), a.procedureSimulate(), a.procedureImport(),
		a.procedureUpload(), a.procedureVersions(), a.procedureApprove(), a.procedureReject(), a.procedurePublish(), a.procedureRetire(), a.procedureTrail(), a.procedureImpact(), a.procedureMigrate(), a.procedureBundle(), a.procedureLaw())
}

func (a *app) procedureLint() *cobra.Command {
	var lang string
	var agencies []string
	c := &cobra.Command{
		Use:   "lint FILE...",
		Short: "check definitions and say, with place, what is wrong",
		Long: "Checks each file and prints every finding as file:line:col: code: message, then their number.\n" +
			"Exits with 3 if one of them is an error. The file - is standard input. With --organisation it also warns\n" +
			"of procedures that no agency of these files has somebody for.",
		Example: "  motcua procedure lint definitions/procedures/*.yaml\n" +
			"  motcua procedure lint --organisation definitions/organisations/h00.101.yaml new.yaml",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("%s takes one or more files", spoken(c))
			}
			return nil
		},
		RunE: func(c *cobra.Command, files []string) error {
			if err := oneOf("lang", lang, languages); err != nil {
				return err
			}
			texts := make([][]byte, len(files))
			for i, file := range files {
				var err error
				if texts[i], err = readFile(c.InOrStdin(), file); err != nil {
					return err
				}
			}
			check, err := a.checker(c, agencies)
			if err != nil {
				return err
			}
			all := engine.Findings{}
			for i, file := range files {
				all = append(all, check(file, texts[i])...)
			}
			if err := a.printFindings(all, len(files), lang); err != nil {
				return err
			}
			return all.Err()
		},
	}
	languageFlag(c, &lang)
	c.Flags().StringArrayVar(&agencies, "organisation", nil, "file of an agency that is to run them (repeatable)")
	return c
}

// checker reads definitions, for the agencies of some files where there are any.
func (a *app) checker(c *cobra.Command, agencies []string) (func(file string, text []byte) engine.Findings, error) {
	if len(agencies) == 0 {
		return func(file string, text []byte) engine.Findings {
			_, findings := definitions.Read(file, text)
			return findings
		}, nil
	}
	var known []engine.Organisation
	for _, file := range agencies {
		text, err := readFile(c.InOrStdin(), file)
		if err != nil {
			return nil, err
		}
		o, findings := definitions.ReadOrganisation(file, text)
		if err := findings.Err(); err != nil {
			return nil, err
		}
		known = append(known, *o)
	}
	return func(file string, text []byte) engine.Findings {
		_, findings := definitions.ReadFor(file, text, known)
		return findings
	}, nil
}

func (a *app) printFindings(all engine.Findings, files int, lang string) error {
	wrong, warned := count(all)
	result := struct {
		Files    int             `json:"files"`
		Errors   int             `json:"errors"`
		Warnings int             `json:"warnings"`
		Findings engine.Findings `json:"findings"`
	}{files, wrong, warned, all}
	return a.print(result, func(w io.Writer) {
		listFindings(w, all, lang)
		fmt.Fprintln(w, summary(all, files, lang))
	})
}

func count(all engine.Findings) (wrong, warned int) {
	for _, f := range all {
		if f.Severity == engine.SeverityError {
			wrong++
		}
	}
	return wrong, len(all) - wrong
}

func tally(all engine.Findings) string {
	wrong, warned := count(all)
	return plural(wrong, "error") + ", " + plural(warned, "warning")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func (a *app) procedureShow() *cobra.Command {
	return &cobra.Command{
		Use:     "show FILE",
		Short:   "print a definition in words",
		Long:    "Prints the limits, papers, fields, steps and ladder of a definition. The file - is standard input.",
		Example: "  motcua procedure show definitions/procedures/1.001193.yaml",
		Args:    exactly(1, "one file"),
		RunE: func(c *cobra.Command, args []string) error {
			m, err := a.machine(c, args[0])
			if err != nil {
				return err
			}
			result := struct {
				engine.Definition
				SHA256 string `json:"sha256"`
			}{m.Definition, m.SHA256}
			return a.print(result, func(w io.Writer) { describe(w, m) })
		},
	}
}

// machine reads and compiles a definition, and prints what is wrong with it.
func (a *app) machine(c *cobra.Command, file string) (*engine.Machine, error) {
	text, err := readFile(c.InOrStdin(), file)
	if err != nil {
		return nil, err
	}
	m, findings := definitions.Read(file, text)
	if err := findings.Err(); err != nil {
		if a.output != "json" {
			for _, f := range findings {
				fmt.Fprintln(a.err, f)
			}
		}
		return nil, err
	}
	return m, nil
}

// readFile reads a definition. A file that is not there is a wrong command line.
func readFile(in io.Reader, file string) ([]byte, error) {
	if file != "-" {
		f, err := os.Open(file)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, usageError{err}
		}
		if err != nil {
			return nil, err
		}
		defer func() { _ = f.Close() }()
		if info, err := f.Stat(); err == nil && info.IsDir() {
			return nil, usagef("%s is a directory; name the files in it", file)
		}
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, maxDefinition+1))
	if err == nil && len(text) > maxDefinition {
		err = engine.Errorf(engine.CodeTooLarge, "%s is larger than any definition: over %d MiB", file, maxDefinition>>20)
	}
	return text, err
}
