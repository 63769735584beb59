package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"motcua/api"
	"motcua/engine"
	"motcua/engine/calendar"
)

func (a *app) procedureLaw() *cobra.Command {
	c := noun("law", "list legal documents and enter their changes", a.lawList(), a.lawChange())
	c.Long = "Shows which procedures of a server rest on which legal documents, and opens the tasks that bring the procedures\n" +
		"up to date when a document changes."
	return c
}

func (a *app) lawList() *cobra.Command {
	r := &remote{}
	c := &cobra.Command{
		Use:     "list",
		Short:   "list the documents procedures rest on",
		Long:    "Lists the documents that published procedures rest on, their changes and the update tasks." + whichServer,
		Example: "  motcua procedure law list --as tam.phan",
		Args:    exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			var out struct {
				Documents []engine.LegalDocument `json:"documents"`
			}
			if err := r.get(c.Context(), "/legal-documents", nil, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) { printDocuments(w, out.Documents) })
		},
	}
	r.flags(c)
	return c
}

func printDocuments(w io.Writer, documents []engine.LegalDocument) {
	columns(w, func(t io.Writer) {
		row(t, "DOCUMENT", "PROCEDURES", "CHANGES", "OPEN TASKS", "TITLE")
		for _, d := range documents {
			row(t, d.Ref, dash(few(users(d))), strconv.Itoa(len(d.Changes)), strconv.Itoa(openTasks(d)), dash(d.Title))
		}
	})
}

func openTasks(d engine.LegalDocument) int {
	open := 0
	for _, c := range d.Changes {
		for _, task := range c.Tasks {
			if !task.Closed {
				open++
			}
		}
	}
	return open
}

// few names a handful of procedures and counts the rest: a decree on the
// one-stop mechanism is under nearly all of them.
func few(codes []string) string {
	const shown = 4
	if len(codes) <= shown {
		return strings.Join(codes, " ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(codes[:shown], " "), len(codes)-shown)
}

// users are the procedures that rest on a document, each said once.
func users(d engine.LegalDocument) []string {
	var codes []string
	for _, u := range d.Procedures {
		if n := len(codes); n == 0 || codes[n-1] != u.Code {
			codes = append(codes, u.Code)
		}
	}
	return codes
}

func (a *app) lawChange() *cobra.Command {
	r, body := &remote{}, api.ChangeBody{}
	c := &cobra.Command{
		Use:   "change REF --by REF --from DAY",
		Short: "enter a change of a document",
		Long: "Enters that a document is changed by another one from a day on. Each procedure in effect that rests on it gets an\n" +
			"update task: a dossier of QT.CNQT with three months to go. The same again opens no task twice. Takes role\n" +
			"procedure-author." + whichServer,
		Example: "  motcua procedure law change --as tam.phan 123/2015/NĐ-CP --by 1/2026/NĐ-CP --from 2027-01-01 --note 'Sửa điều 9'",
		Args:    exactly(1, "the document that changes"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := needs(c, "by", "from"); err != nil {
				return err
			}
			if err := new(calendar.Date).UnmarshalText([]byte(body.EffectiveFrom)); err != nil {
				return usagef("--from %q is not a day such as 2027-01-01", body.EffectiveFrom)
			}
			if strings.Trim(args[0], ".") == "" {
				return usagef("%q is not a document such as 123/2015/NĐ-CP", args[0])
			}
			var out engine.LegalChange
			q := request{method: http.MethodPost, path: "/legal-documents/" + url.PathEscape(args[0]) + "/changes", body: body}
			if err := r.call(c.Context(), q, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) { printChange(w, args[0], out) })
		},
	}
	c.Flags().StringVar(&body.ByRef, "by", "", "the document that makes the change")
	c.Flags().StringVar(&body.EffectiveFrom, "from", "", "the day the change takes effect")
	c.Flags().StringVar(&body.Note, "note", "", "what changes")
	r.flags(c)
	return c
}

func printChange(w io.Writer, ref string, change engine.LegalChange) {
	fmt.Fprintf(w, "%s is changed by %s from %s: %s\n", ref, change.ByRef, change.EffectiveFrom, plural(len(change.Tasks), "update task"))
	columns(w, func(t io.Writer) {
		for _, task := range change.Tasks {
			row(t, "  "+task.Dossier, task.Procedure, "version "+strconv.Itoa(task.Version), when(task.Closed, "closed"))
		}
	})
}
