package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// StartMigration puts a migration on record with the dossiers it concerns; it
// moves none of them yet, see [Ledger.RunMigration]. The same id with the same
// request is the same migration. Errors: those of [Ledger.PreviewMigration],
// CodeIdempotencyConflict.
func (l *Ledger) StartMigration(ctx context.Context, id string, a engine.Actor, m engine.Migration) (engine.MigrationRecord, error) {
	err := pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) error { return l.startMigration(ctx, tx, id, a, m) })
	if err != nil {
		return engine.MigrationRecord{}, coded(err, "start migration of %s", m.Code)
	}
	return l.Migration(ctx, a.Agency, m.Code, id)
}

func (l *Ledger) startMigration(ctx context.Context, tx pgx.Tx, id string, a engine.Actor, m engine.Migration) error {
	p, err := l.plan(ctx, tx, a, id, m)
	if err != nil {
		return err
	}
	var now time.Time
	if err := tx.QueryRow(ctx, `SELECT clock_timestamp()`).Scan(&now); err != nil {
		return err
	}
	if err := p.inEffect(ctx, tx, now); err != nil {
		return err
	}
	return listAct(ctx, tx, act{
		id: id, kind: engine.ActMigration, agency: a.Agency, subject: m.Code, body: m, reason: m.Reason, actor: a,
	}, p)
}

// RunMigration moves the pending dossiers of a migration as [Ledger.RunAct]
// does. Errors: CodeNotFound, CodeUnavailable, CodeInternal.
func (l *Ledger) RunMigration(ctx context.Context, agency, code, id string) error {
	if _, err := l.storedMigration(ctx, agency, code, id); err != nil {
		return coded(err, "read migration %s", id)
	}
	return l.RunAct(ctx, id)
}

// Migration finds one with its progress. Errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) Migration(ctx context.Context, agency, code, id string) (engine.MigrationRecord, error) {
	r, err := l.storedMigration(ctx, agency, code, id)
	return r, coded(err, "read migration %s", id)
}

func (l *Ledger) storedMigration(ctx context.Context, agency, code, id string) (engine.MigrationRecord, error) {
	s, a, err := findAct(ctx, l.pool, id)
	if engine.CodeOf(err) == engine.CodeNotFound || err == nil && (s.kind != engine.ActMigration || s.agency != agency || s.subject != code) {
		err = notFound("no migration %s of procedure %s", id, code)
	}
	if err != nil {
		return engine.MigrationRecord{}, err
	}
	r := engine.MigrationRecord{
		ID: a.ID, Agency: a.Agency, Actor: a.Actor, CreatedAt: a.CreatedAt, FinishedAt: a.FinishedAt, State: a.State,
	}
	if err := json.Unmarshal(s.asked, &r.Migration); err != nil {
		return r, err
	}
	err = l.countAct(ctx, agency, &a)
	r.Counts = migrationCounts(a.Counts)
	return r, err
}

// MigrationResults lists what a migration did with each dossier, in the order
// of their codes, behind a cursor. Errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) MigrationResults(ctx context.Context, agency, code, id, cursor string, limit int) (engine.MigrationPage, error) {
	if _, err := l.Migration(ctx, agency, code, id); err != nil {
		return engine.MigrationPage{}, err
	}
	page, err := l.ActResults(ctx, agency, id, cursor, limit)
	return migrationPage(page), err
}

// PreviewMigration says what a migration would do now with each dossier it
// concerns, and changes nothing. The cursor is the last dossier of the page
// before. Errors: CodeNotFound, CodeAgencyNotBound, CodeNeedsUnmet, those of
// [engine.CheckMigration] and [engine.MayControl], CodeUnavailable.
func (l *Ledger) PreviewMigration(ctx context.Context, a engine.Actor, m engine.Migration, cursor string, limit int) (engine.MigrationPage, error) {
	p, err := l.plan(ctx, l.pool, a, "", m)
	if err != nil {
		return engine.MigrationPage{}, coded(err, "preview migration of %s", m.Code)
	}
	page, err := l.previewAct(ctx, p, cursor, pageSize(limit))
	return migrationPage(page), coded(err, "preview migration of %s", m.Code)
}

// A migration is an act; only what it changed is called otherwise.

func migrationPage(p engine.ActPage) engine.MigrationPage {
	page := engine.MigrationPage{Outcomes: make([]engine.MigrationOutcome, len(p.Outcomes)), Next: p.Next}
	for i, o := range p.Outcomes {
		page.Outcomes[i] = engine.MigrationOutcome{Dossier: o.Dossier, Result: o.Result, State: o.State, Code: o.Code, Message: o.Message}
		if o.Result == engine.ResultChanged {
			page.Outcomes[i].Result = engine.MigrationMigrated
		}
	}
	if p.Counts != nil {
		counts := migrationCounts(*p.Counts)
		page.Counts = &counts
	}
	return page
}

func migrationCounts(c engine.ActCounts) engine.MigrationCounts {
	return engine.MigrationCounts{Total: c.Total, Pending: c.Pending, Migrated: c.Changed, Refused: c.Refused, Unchanged: c.Unchanged}
}
