package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"motcua/definitions"
	"motcua/engine"
)

// errDiffer ends procedure diff --exit-code when there is something to see.
var errDiffer = errors.New("the definitions differ")

func (a *app) procedureDiff() *cobra.Command {
	var lang string
	var exitCode bool
	c := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "say in words what changed between two definitions",
		Long: "Prints what differs in meaning: first what alters time, actors, events, papers, guards or the law, then what only people read.\n" +
			"Layout and comments are no difference. Exits with 0 whether they differ or not; with --exit-code, with 1 if they do.\n" +
			"One of the files may be -, standard input.",
		Example: "  motcua procedure diff 1.001193-v1.yaml 1.001193-v2.yaml --lang vi",
		Args:    exactly(2, "two files"),
		RunE: func(c *cobra.Command, files []string) error {
			if err := oneOf("lang", lang, languages); err != nil {
				return err
			}
			compared, err := a.compare(c, files[0], files[1], lang)
			if err != nil {
				return err
			}
			err = a.print(compared, func(w io.Writer) { compared.write(w, lang) })
			if err != nil || !exitCode || len(compared.Changes) == 0 {
				return err
			}
			return errDiffer
		},
	}
	languageFlag(c, &lang)
	c.Flags().BoolVar(&exitCode, "exit-code", false, "exit with 1 if the definitions differ")
	return c
}

// compiled is [app.machine] with the findings in a language.
func (a *app) compiled(c *cobra.Command, file, lang string) (*engine.Machine, error) {
	text, err := readFile(c.InOrStdin(), file)
	if err != nil {
		return nil, err
	}
	m, findings := definitions.Read(file, text)
	if err := findings.Err(); err != nil {
		if a.output != "json" {
			listFindings(a.err, findings, lang)
		}
		return nil, err
	}
	return m, nil
}

// comparison is the result of procedure diff.
type comparison struct {
	From    comparedVersion      `json:"from"`
	To      comparedVersion      `json:"to"`
	Changes []definitions.Change `json:"changes"`
}

// comparedVersion names one side of a comparison.
type comparedVersion struct {
	Code    string `json:"code"`
	Version int    `json:"version"`
	SHA256  string `json:"sha256"`
}

func (a *app) compare(c *cobra.Command, older, newer, lang string) (comparison, error) {
	if older == "-" && newer == "-" {
		return comparison{}, usagef("only one of the files can be standard input")
	}
	before, err := a.compiled(c, older, lang)
	if err != nil {
		return comparison{}, err
	}
	after, err := a.compiled(c, newer, lang)
	if err != nil {
		return comparison{}, err
	}
	return comparison{
		From:    comparedVersion{before.Code, before.Version, before.SHA256},
		To:      comparedVersion{after.Code, after.Version, after.SHA256},
		Changes: append([]definitions.Change{}, definitions.Diff(before, after)...),
	}, nil
}

// write prints the changes by what they weigh.
func (r comparison) write(w io.Writer, lang string) {
	listChanges(w, r.Changes, definitions.Substance, inLanguage(lang, "nội dung", "substance"), lang)
	listChanges(w, r.Changes, definitions.Wording, inLanguage(lang, "câu chữ", "wording"), lang)
	if len(r.Changes) == 0 {
		fmt.Fprintln(w, inLanguage(lang, "không có thay đổi", "no change"))
	}
}

var changeMarks = map[definitions.ChangeKind]string{definitions.Added: "+", definitions.Removed: "-", definitions.Changed: "~"}

func listChanges(w io.Writer, changes []definitions.Change, weight definitions.Weight, title, lang string) {
	for _, c := range changes {
		if c.Weight != weight {
			continue
		}
		if title != "" {
			fmt.Fprintf(w, "%s\n", title)
			title = ""
		}
		fmt.Fprintf(w, "  %s %s\n", changeMarks[c.Kind], inLanguage(lang, c.Text.VI, c.Text.EN))
	}
}
