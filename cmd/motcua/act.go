package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"motcua/engine"
)

// actReport is an act, or the preview of one, with what became of each dossier.
type actReport struct {
	// Calendar or Outage is what the act follows from.
	Calendar *engine.CalendarRecord `json:"calendar,omitempty"`
	Outage   *engine.Outage         `json:"outage,omitempty"`
	// Organisation is what a reorganisation made of it.
	Organisation *engine.OrganisationChanges `json:"organisation,omitempty"`

	Act      *engine.ActRecord   `json:"act,omitempty"`
	Counts   engine.ActCounts    `json:"counts"`
	Outcomes []engine.ActOutcome `json:"outcomes"`
}

// actPages fetches every page of outcomes.
func (r *remote) actPages(ctx context.Context, path string, report *actReport) error {
	query := url.Values{"limit": {strconv.Itoa(outcomesPage)}}
	for more := true; more; {
		var page engine.ActPage
		if err := r.get(ctx, path, query, &page); err != nil {
			return err
		}
		if page.Counts != nil {
			report.Counts = *page.Counts
		}
		report.Outcomes = append(report.Outcomes, page.Outcomes...)
		more = page.Next != ""
		query.Set("cursor", page.Next)
	}
	return nil
}

func actPath(id string) string { return "/acts/" + url.PathEscape(id) }

// showAct tells how far an act has come and what it did with each dossier.
func (a *app) showAct(ctx context.Context, r *remote, id string) error {
	if strings.Trim(id, ".") == "" {
		return usagef("%q is not the id of an act", id)
	}
	var record engine.ActRecord
	if err := r.get(ctx, actPath(id), nil, &record); err != nil {
		return err
	}
	return a.reportAct(ctx, r, actReport{}, record)
}

// followAct waits for the end of an act and tells what came of it, beside what
// it follows from.
func (a *app) followAct(ctx context.Context, r *remote, report actReport, id string) error {
	record, err := a.awaitAct(ctx, r, id)
	if err != nil {
		return err
	}
	return a.reportAct(ctx, r, report, record)
}

func (a *app) reportAct(ctx context.Context, r *remote, report actReport, record engine.ActRecord) error {
	report.Act, report.Outcomes = &record, []engine.ActOutcome{}
	if err := r.actPages(ctx, actPath(record.ID)+"/results", &report); err != nil {
		return err
	}
	report.Counts = record.Counts
	if err := a.print(report, func(w io.Writer) {
		if o := report.Outage; o != nil {
			fmt.Fprintf(w, "outage %s of %s\n", o.ID, o.System)
		}
		if v := report.Calendar; v != nil {
			fmt.Fprintf(w, "calendar %s version %d is %s\n", v.Spec.Code, v.Spec.Version, v.State)
		}
		c := report.Counts
		fmt.Fprintf(w, "act %s is %s: changed %s, kept %d, passed over %d, to go %d\n", record.ID, record.State, plural(c.Changed, "dossier"), c.Refused, c.Unchanged, c.Pending)
		printMoves(w, report.Outcomes)
	}); err != nil {
		return err
	}
	if n := report.Counts.Refused; n > 0 {
		return engine.Errorf(engine.CodeNeedsUnmet, "left as they were: %s", plural(n, "dossier"))
	}
	return nil
}

// awaitAct looks at an act until it is done or cancelled, or stands still.
func (a *app) awaitAct(ctx context.Context, r *remote, id string) (record engine.ActRecord, err error) {
	glance := time.NewTicker(migrationGlance)
	defer glance.Stop()
	moved, pending := time.Now(), -1
	for {
		if err := r.get(ctx, actPath(id), nil, &record); err != nil || record.State != engine.MigrationRunning {
			return record, err
		}
		if record.Counts.Pending != pending {
			moved, pending = time.Now(), record.Counts.Pending
			if a.output != "json" {
				a.note("%d of %d done", record.Counts.Total-pending, record.Counts.Total)
			}
		}
		if time.Since(moved) > migrationStall {
			return record, engine.Errorf(engine.CodeUnavailable, "act %s stands still with %s to go; a server takes it up again, see motcua calendar progress %s", id, plural(pending, "dossier"), id)
		}
		select {
		case <-ctx.Done():
			return record, fmt.Errorf("interrupted; the act goes on, see motcua calendar progress %s: %w", id, ctx.Err())
		case <-glance.C:
		}
	}
}

// printMoves lists the due moments that moved, and the dossiers that stayed
// although they were meant to change.
func printMoves(w io.Writer, list []engine.ActOutcome) {
	columns(w, func(t io.Writer) {
		for _, o := range list {
			for _, m := range o.Moves {
				row(t, "  "+o.Dossier, string(m.Kind)+prefixed(" of ", m.Subject), moment(m.Old, false)+" → "+moment(m.New, false)+when(m.Provisional, " (provisional)"), first(m.Rule.EN, m.Rule.VI))
			}
			if o.Result == engine.ResultRejected {
				row(t, "  "+o.Dossier, o.Result, string(o.Code), o.Message)
			}
		}
	})
}
