package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"motcua/api"
	"motcua/engine"
)

const (
	// migrationGlance is how often a running migration is looked at.
	migrationGlance = 500 * time.Millisecond
	// migrationStall is how long one may stand still before it is taken to be cut off.
	migrationStall = 30 * time.Second
	// outcomesPage is how many outcomes are fetched at once.
	outcomesPage = 500
)

// migrationWish is the command line of procedure migrate.
type migrationWish struct {
	remote

	body   api.MigrationBody
	maps   []string
	apply  bool
	resume string
	key    string
}

func (a *app) procedureMigrate() *cobra.Command {
	m := &migrationWish{}
	c := &cobra.Command{
		Use:   "migrate CODE --from N --to N --reason TEXT",
		Short: "move running dossiers to another version, or say what would happen",
		Long: "Says what would happen if the running dossiers of the key's agency were moved from one version of their procedure\n" +
			"to another: which would move, which would stay and why. With --apply it happens. A dossier that stays keeps its\n" +
			"version; with --apply the exit code is then 4. Takes role procedure-approver." + whichServer,
		Example: "  motcua procedure migrate --as yen.luu 1.001193 --from 1 --to 2 --map under-appraisal=being-appraised --reason '309/2026/NĐ-CP'\n" +
			"  motcua procedure migrate --as yen.luu 1.001193 --resume 0d1f…",
		Args: exactly(1, "the code of a procedure"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := procedures.path(args[0])
			if err != nil {
				return err
			}
			if m.resume != "" {
				return a.resumeMigration(c.Context(), m, path+"/migrations/"+url.PathEscape(m.resume))
			}
			if err := m.read(c); err != nil {
				return err
			}
			if m.apply {
				return a.applyMigration(c.Context(), m, path+"/migrations")
			}
			return a.previewMigration(c.Context(), m, path+"/migrations")
		},
	}
	f := c.Flags()
	f.IntVar(&m.body.From, "from", 0, "the version dossiers run under")
	f.IntVar(&m.body.To, "to", 0, "the version they are moved to")
	f.StringArrayVar(&m.maps, "map", nil, "a state and the one that stands for it, as old=new (repeatable)")
	f.StringVar(&m.body.Reason, "reason", "", "why; goes on the record of every dossier moved")
	f.BoolVar(&m.body.AllowOverdue, "allow-overdue", false, "also move dossiers that only the new limits make overdue")
	f.StringSliceVar(&m.body.Dossiers, "dossier", nil, "only this one (repeatable)")
	f.BoolVar(&m.apply, "apply", false, "do it; without, it is a preview")
	f.StringVar(&m.resume, "resume", "", "go on with the migration of this id, which was cut off")
	f.StringVar(&m.key, "idempotency-key", "", "repeat --apply under the same key without a second migration")
	m.flags(c)
	return c
}

// read checks the flags and takes the mapping from them.
func (m *migrationWish) read(c *cobra.Command) error {
	if m.body.From < 1 || m.body.To < 1 || strings.TrimSpace(m.body.Reason) == "" {
		return usagef("%s needs --from, --to and --reason; for example:\n%s", spoken(c), c.Example)
	}
	for _, pair := range m.maps {
		from, to, ok := strings.Cut(pair, "=")
		if !ok || from == "" || to == "" {
			return usagef("--map %q is not old=new", pair)
		}
		m.body.States = append(m.body.States, engine.StateMapping{From: from, To: to})
	}
	return nil
}

// migrationReport is what becomes of each dossier, and of the migration itself
// where there is one.
type migrationReport struct {
	Migration *engine.MigrationRecord   `json:"migration,omitempty"`
	Counts    engine.MigrationCounts    `json:"counts"`
	Outcomes  []engine.MigrationOutcome `json:"outcomes"`
}

// add takes a page over and says whether there is another.
func (r *migrationReport) add(p engine.MigrationPage) (more bool) {
	if p.Counts != nil {
		r.Counts = *p.Counts
	}
	r.Outcomes = append(r.Outcomes, p.Outcomes...)
	return p.Next != ""
}

func (a *app) previewMigration(ctx context.Context, m *migrationWish, path string) error {
	report := migrationReport{Outcomes: []engine.MigrationOutcome{}}
	m.body.Preview, m.body.Limit = true, outcomesPage
	for more := true; more; {
		var page engine.MigrationPage
		if err := m.call(ctx, request{method: http.MethodPost, path: path, body: m.body}, &page); err != nil {
			return err
		}
		more, m.body.Cursor = report.add(page), page.Next
	}
	return a.print(report, func(w io.Writer) {
		fmt.Fprintf(w, "would move %s, keep %d, pass over %d\n", plural(report.Counts.Migrated, "dossier"), report.Counts.Refused, report.Counts.Unchanged)
		printOutcomes(w, report.Outcomes)
	})
}

func (a *app) applyMigration(ctx context.Context, m *migrationWish, path string) error {
	var record engine.MigrationRecord
	if err := m.post(ctx, path, m.key, m.body, &record); err != nil {
		return err
	}
	return a.followMigration(ctx, m, path+"/"+url.PathEscape(record.ID), record)
}

func (a *app) resumeMigration(ctx context.Context, m *migrationWish, path string) error {
	var record engine.MigrationRecord
	if err := m.call(ctx, request{method: http.MethodPost, path: path + "/resume"}, &record); err != nil {
		return err
	}
	return a.followMigration(ctx, m, path, record)
}

// followMigration waits for the end and tells what came of it.
func (a *app) followMigration(ctx context.Context, m *migrationWish, path string, record engine.MigrationRecord) error {
	record, err := a.awaitMigration(ctx, m, path, record)
	if err != nil {
		return err
	}
	report := migrationReport{Migration: &record, Outcomes: []engine.MigrationOutcome{}}
	query := url.Values{"limit": {strconv.Itoa(outcomesPage)}}
	for more := true; more; {
		var page engine.MigrationPage
		if err := m.get(ctx, path+"/results", query, &page); err != nil {
			return err
		}
		more = report.add(page)
		query.Set("cursor", page.Next)
	}
	if err := a.print(report, func(w io.Writer) {
		fmt.Fprintf(w, "migration %s moved %s, kept %d, passed over %d\n",
			record.ID, plural(report.Counts.Migrated, "dossier"), report.Counts.Refused, report.Counts.Unchanged)
		printOutcomes(w, report.Outcomes)
	}); err != nil {
		return err
	}
	if n := report.Counts.Refused; n > 0 {
		return engine.Errorf(engine.CodeMigrationRefused, "not migrated to version %d: %s", record.To, plural(n, "dossier"))
	}
	return nil
}

// awaitMigration looks at a migration until it is done, or stands still.
func (a *app) awaitMigration(ctx context.Context, m *migrationWish, path string, record engine.MigrationRecord) (engine.MigrationRecord, error) {
	glance := time.NewTicker(migrationGlance)
	defer glance.Stop()
	moved, pending := time.Now(), record.Counts.Pending
	for record.State != engine.MigrationDone {
		if time.Since(moved) > migrationStall {
			return record, engine.Errorf(engine.CodeUnavailable, "migration %s stands still with %s to go; go on with --resume %s", record.ID, plural(pending, "dossier"), record.ID)
		}
		select {
		case <-ctx.Done():
			return record, fmt.Errorf("interrupted; the migration goes on, see --resume %s: %w", record.ID, ctx.Err())
		case <-glance.C:
		}
		if err := m.get(ctx, path, nil, &record); err != nil {
			return record, err
		}
		if record.Counts.Pending != pending {
			moved, pending = time.Now(), record.Counts.Pending
			if a.output != "json" {
				a.note("%d of %d done", record.Counts.Total-pending, record.Counts.Total)
			}
		}
	}
	return record, nil
}

// printOutcomes lists the dossiers that stay where they are; the others are a
// number.
func printOutcomes(w io.Writer, list []engine.MigrationOutcome) {
	columns(w, func(t io.Writer) {
		for _, o := range list {
			if o.Result != engine.MigrationMigrated {
				row(t, "  "+o.Dossier, o.Result, dash(o.State), o.Message)
			}
		}
	})
}
