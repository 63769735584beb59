package main

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/spf13/cobra"

	"motcua/api"
	"motcua/definitions"
	"motcua/engine"
)

// reorganisationReport is what a reorganisation makes of the organisation and
// of each dossier.
type reorganisationReport struct {
	Organisation engine.OrganisationChanges `json:"organisation"`
	Counts       engine.ActCounts           `json:"counts"`
	Outcomes     []engine.ActOutcome        `json:"outcomes"`
}

func (a *app) organisationReorganise() *cobra.Command {
	r, apply, key := &remote{}, false, ""
	c := &cobra.Command{
		Use:   "reorganise FILE",
		Short: "merge, split, rename or move departments with their dossiers, or say what would happen",
		Long: "Says what the changes of a file would make of the organisation, and of each open dossier. With --apply it happens,\n" +
			"as one act on record: roles and open dossiers move with their departments, and what procedures call a department\n" +
			"that was dissolved means its successor from then on. Takes role administrator. The file - is standard input." + asWhom,
		Example: "  motcua organisation reorganise --as quan.vo merge.yaml\n  motcua organisation reorganise --as quan.vo merge.yaml --apply",
		Args:    exactly(1, "one file"),
		RunE: func(c *cobra.Command, args []string) error {
			text, err := readFile(c.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			asked, findings := definitions.ReadReorganisation(args[0], text)
			if asked == nil {
				return a.told(findings)
			}
			body := api.ReorganisationBody{Reason: asked.Reason, Changes: asked.Changes}
			if !apply {
				return a.previewReorganisation(c.Context(), r, body)
			}
			var view api.ReorganisationView
			if err := r.post(c.Context(), "/organisation/reorganisations", key, body, &view); err != nil {
				return err
			}
			if a.output != "json" {
				printChanges(a.out, view.Organisation, false)
			}
			return a.followAct(c.Context(), r, actReport{Organisation: &view.Organisation}, view.Act.ID)
		},
	}
	c.Flags().BoolVar(&apply, "apply", false, "do it; without, it is a preview")
	c.Flags().StringVar(&key, "idempotency-key", "", "repeat --apply under the same key without doing it twice")
	r.flags(c)
	return c
}

func (a *app) previewReorganisation(ctx context.Context, r *remote, body api.ReorganisationBody) error {
	report := reorganisationReport{Outcomes: []engine.ActOutcome{}}
	body.Preview, body.Limit = true, outcomesPage
	for more := true; more; {
		var page api.ReorganisationPreview
		if err := r.call(ctx, request{method: http.MethodPost, path: "/organisation/reorganisations", body: body}, &page); err != nil {
			return err
		}
		report.Organisation = page.Organisation
		if page.Dossiers.Counts != nil {
			report.Counts = *page.Dossiers.Counts
		}
		report.Outcomes = append(report.Outcomes, page.Dossiers.Outcomes...)
		body.Cursor, more = page.Dossiers.Next, page.Dossiers.Next != ""
	}
	return a.print(report, func(w io.Writer) {
		printChanges(w, report.Organisation, true)
		fmt.Fprintf(w, "%s would move, %d would stay\n", plural(report.Counts.Changed, "dossier"), report.Counts.Refused+report.Counts.Unchanged)
		columns(w, func(t io.Writer) {
			for _, o := range report.Outcomes {
				row(t, "  "+o.Dossier, o.Result, o.State, o.Message)
			}
		})
	})
}
