package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/spf13/cobra"

	"motcua/definitions"
	"motcua/definitions/digit"
	"motcua/engine"
	"motcua/engine/calendar"
)

func (a *app) importDigit() *cobra.Command {
	var out, effective, lang string
	var force bool
	c := &cobra.Command{
		Use:   "digit FILE --out DIR|-",
		Short: "make drafts of eGov DIGIT workflows",
		Long: "Makes a draft of each business service in a workflow configuration of eGov DIGIT (JSON): the same states,\n" +
			"actions, roles and service levels, faults included. What lint finds in the drafts is printed with file, line\n" +
			"and column; the drafts are written all the same, and the command exits with 3 if one of the findings is an\n" +
			"error. A draft that is there already and differs stays, unless --force is given. The file - is standard input.",
		Example: "  motcua procedure import digit BusinessService.json --out drafts --effective-from 2027-01-01",
		Args:    exactly(1, "one file"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := needs(c, "out"); err != nil {
				return err
			}
			if err := oneOf("lang", lang, languages); err != nil {
				return err
			}
			var options digit.Options
			if effective != "" {
				var err error
				if options.Effective, err = calendar.ParseDate(effective); err != nil {
					return usagef("--effective-from: %w", err)
				}
			}
			data, err := readFile(c.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			drafts, err := digit.Import(data, options)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			return a.writeDigit(drafts, draftDir{out, force}, lang)
		},
	}
	f := c.Flags()
	f.StringVar(&out, "out", "", "directory the drafts are written to, made if it is not there; - is standard output")
	f.StringVar(&effective, "effective-from", "", "first day of effect of every draft; the configuration does not say it (default 9999-12-31: never)")
	languageFlag(c, &lang)
	f.BoolVar(&force, "force", false, "write over drafts that are there already and differ")
	return c
}

// importedDigit is what became of one business service.
type importedDigit struct {
	Service  string          `json:"service"`
	File     string          `json:"file"`
	Text     string          `json:"text,omitempty"` // where it went to standard output
	Findings engine.Findings `json:"findings"`
}

// writeDigit writes the drafts, prints what lint says of them, and returns it
// where one of the findings is an error.
func (a *app) writeDigit(drafts []digit.Draft, dir draftDir, lang string) error {
	imported := make([]importedDigit, len(drafts))
	if dir.path != "-" {
		if err := dir.writeDigit(drafts); err != nil {
			return err
		}
	}
	all := engine.Findings{}
	for i, d := range drafts {
		file := d.Name + ".yaml"
		imported[i] = importedDigit{Service: d.Service, File: file, Text: string(d.Text)}
		if dir.path != "-" {
			file = filepath.Join(dir.path, file)
			imported[i].File, imported[i].Text = file, ""
		}
		_, findings := definitions.Read(file, d.Text)
		imported[i].Findings = append(engine.Findings{}, findings...)
		all = append(all, findings...)
	}
	if err := a.printDigit(imported, all, dir.path == "-", lang); err != nil {
		return err
	}
	return all.Err()
}

// writeDigit keeps drafts that somebody may have worked on.
func (d draftDir) writeDigit(drafts []digit.Draft) error {
	root, err := d.open()
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	for _, draft := range drafts {
		name := draft.Name + ".yaml"
		there, err := root.ReadFile(name)
		switch {
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("look at draft: %w", err)
		case err == nil && !d.force && !bytes.Equal(there, draft.Text):
			return engine.Errorf(engine.CodeInvalid, "%s is there already and differs; --force writes over it", filepath.Join(d.path, name))
		}
		if err := root.WriteFile(name, draft.Text, 0o644); err != nil {
			return fmt.Errorf("write draft: %w", err)
		}
	}
	return nil
}

func (a *app) printDigit(imported []importedDigit, all engine.Findings, toOutput bool, lang string) error {
	wrong, warned := count(all)
	result := struct {
		Drafts   []importedDigit `json:"drafts"`
		Errors   int             `json:"errors"`
		Warnings int             `json:"warnings"`
	}{imported, wrong, warned}
	return a.print(result, func(w io.Writer) {
		told := w
		if toOutput { // the drafts are the result
			told = a.err
		}
		for i, d := range imported {
			if toOutput && i > 0 {
				fmt.Fprintln(w, "---")
			}
			fmt.Fprint(w, d.Text)
			listFindings(told, d.Findings, lang)
		}
		fmt.Fprintln(told, summary(all, len(imported), lang))
	})
}
