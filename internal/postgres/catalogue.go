package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// Catalogue is every published version with its text, and every published
// calendar, as its authors wrote it: without what it has of its base.
func (l *Ledger) Catalogue(ctx context.Context) ([]engine.VersionRecord, []engine.StoredCalendar, error) {
	versions, err := records(ctx, l.pool, versionSQL+` WHERE state = 'published' ORDER BY code, version`)
	if err != nil {
		return nil, nil, coded(err, "list procedures")
	}
	rows, err := l.pool.Query(ctx, `SELECT code, version, own FROM calendars WHERE state = 'published' ORDER BY code, version`)
	if err != nil {
		return nil, nil, coded(err, "list calendars")
	}
	calendars, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c engine.StoredCalendar, err error) {
		var text string
		err = row.Scan(&c.Code, &c.Version, &text)
		c.Text, c.SHA256 = []byte(text), sum([]byte(text))
		return c, err
	})
	return versions, calendars, coded(err, "list calendars")
}

// Import stores what a catalogue of another environment holds and this one
// lacks, all of it or nothing: calendars too have to be approved and published
// here. Where a number is taken by another text the results say so and the
// error is CodeNeedsUnmet. Errors: those of
// [engine.DecideUpload], CodeInvalid for a calendar that is stored with another
// content, CodeNeedsUnmet, CodeUnavailable.
func (l *Ledger) Import(ctx context.Context, in engine.CatalogueImport) ([]engine.ImportResult, error) {
	if err := engine.MayControl(in.Actor, engine.ActionImport); err != nil {
		return nil, err
	}
	var results []engine.ImportResult
	err := l.control(ctx, func(c *control) error {
		conflicts := 0
		if err := importCalendars(ctx, c, in.Actor, in.Calendars); err != nil {
			return err
		}
		for _, u := range in.Uploads {
			u.Actor = in.Actor
			r, err := c.importOne(ctx, u)
			if err != nil {
				return err
			}
			if r.Result == engine.ImportConflict {
				conflicts++
			}
			results = append(results, r)
		}
		if conflicts > 0 {
			return engine.Errorf(engine.CodeNeedsUnmet, "%d of the versions stand here with another text: nothing was imported", conflicts)
		}
		return nil
	})
	return results, wrongText(err, "import a catalogue")
}

func (c *control) importOne(ctx context.Context, u engine.Upload) (engine.ImportResult, error) {
	r := engine.ImportResult{Code: u.Definition.Code, Version: u.Definition.Version, SHA256: sum(u.Text)}
	known, err := c.find(ctx, r.Code, r.Version)
	if err != nil {
		return r, err
	}
	if known != nil {
		r.Result, r.State = engine.ImportIdentical, known.State
		if known.SHA256 != r.SHA256 {
			r.Result = engine.ImportConflict
		}
		return r, nil
	}
	up, err := c.upload(ctx, u)
	r.Result, r.State = engine.ImportStored, up.State
	return r, err
}
