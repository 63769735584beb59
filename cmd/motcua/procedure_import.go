package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"motcua/definitions/nationalportal"
	"motcua/engine"
	"motcua/engine/calendar"
)

func (a *app) procedureImport() *cobra.Command {
	return noun("import", "make drafts of definitions from what others publish", a.importNationalPortal(), a.importDigit())
}

func (a *app) importNationalPortal() *cobra.Command {
	var out, summary, effective string
	var force bool
	c := &cobra.Command{
		Use:   "national-portal FILE --out DIR",
		Short: "make drafts from records of the national procedure database",
		Long: "Reads records of the national database of administrative procedures, one JSON object a line, gzipped or not,\n" +
			"and writes a draft for each into DIR, named by its code. Every draft has passed lint. What a record does not\n" +
			"say, or says in words, stands in the draft as a comment and is counted as a doubt.\n\n" +
			"A line that makes no draft is reported with its number, the others are written, and the command exits with 3.\n" +
			"So is a file that is there already and differs, unless --force is given. The file - is standard input.",
		Example: "  motcua procedure import national-portal procedures.jsonl.gz --out drafts --effective-from 2027-01-01",
		Args:    exactly(1, "one file"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := needs(c, "out"); err != nil {
				return err
			}
			var options nationalportal.Options
			if effective != "" {
				var err error
				if options.Effective, err = calendar.ParseDate(effective); err != nil {
					return usagef("--effective-from: %w", err)
				}
			}
			in, err := openInput(c.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			defer func() { _ = in.Close() }()
			return a.importPortal(in, options, draftDir{out, force}, summary)
		},
	}
	f := c.Flags()
	f.StringVar(&out, "out", "", "directory the drafts are written to; made if it is not there")
	f.StringVar(&summary, "summary", "", "also write the summary to this file, as Markdown")
	f.StringVar(&effective, "effective-from", "", "first day of effect of every draft; records do not say it (default 9999-12-31: never)")
	f.BoolVar(&force, "force", false, "write over drafts that are there already and differ")
	return c
}

// importPortal prints the summary also when the file turns out to be damaged
// half way: what was written until then stays.
func (a *app) importPortal(in io.Reader, options nationalportal.Options, dir draftDir, summary string) error {
	root, err := dir.open()
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	s, err := nationalportal.Import(in, options, func(d nationalportal.Draft) error { return dir.write(root, d) })
	if s.Read > 0 {
		if err := a.print(s, func(w io.Writer) { fmt.Fprint(w, s.Text()) }); err != nil {
			return err
		}
		if summary != "" {
			if err := os.WriteFile(summary, []byte(s.Markdown()), 0o644); err != nil {
				return fmt.Errorf("write summary: %w", err)
			}
		}
	}
	switch {
	case err != nil:
		return err
	case s.Read == 0:
		return engine.Errorf(engine.CodeInvalid, "the file holds no record")
	case s.Failed > 0:
		return engine.Errorf(engine.CodeInvalid, "%d of %d records made no draft", s.Failed, s.Read)
	}
	return nil
}

// draftDir is where drafts are written, and whether over others.
type draftDir struct {
	path  string
	force bool
}

// open makes the directory; nothing is written outside of it, whatever a code
// says and whatever links lie in it.
func (d draftDir) open() (*os.Root, error) {
	if err := os.MkdirAll(d.path, 0o755); err != nil {
		return nil, usagef("--out: %w", err)
	}
	root, err := os.OpenRoot(d.path)
	if err != nil {
		return nil, usagef("--out: %w", err)
	}
	return root, nil
}

// write keeps a draft that somebody may have worked on: one that is there and
// differs is a failure of its record.
func (d draftDir) write(root *os.Root, draft nationalportal.Draft) error {
	name := draft.Code + ".yaml"
	there, err := root.ReadFile(name)
	switch {
	case err == nil && bytes.Equal(there, draft.Text):
		return nil
	case err == nil && !d.force:
		return nationalportal.Failure{Line: draft.Line, Code: draft.Code, Reason: nationalportal.Exists, Message: name + " is there already and differs"}
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("look at draft: %w", err)
	}
	if err := root.WriteFile(name, draft.Text, 0o644); err != nil {
		return fmt.Errorf("write draft: %w", err)
	}
	return nil
}

// openInput opens a file to read from; - is standard input. One that is not
// there is a wrong command line.
func openInput(in io.Reader, file string) (io.ReadCloser, error) {
	if file == "-" {
		return io.NopCloser(in), nil
	}
	f, err := os.Open(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, usageError{err}
	}
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, errors.Join(usagef("%s is a directory; name one file", file), f.Close())
	}
	return f, nil
}
