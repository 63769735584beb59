package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
)

// PutAbsence enters an absence of an officer of the actor's agency, or another
// end and substitute of the one that begins on that day. Every rung that fires
// from now on goes by it. Errors: those of [engine.MayEnterAbsence],
// CodeAgencyUnknown, CodeUnavailable.
func (l *Ledger) PutAbsence(ctx context.Context, a engine.Actor, abs engine.Absence) error {
	return l.changeAbsences(ctx, a, abs.Officer, func(tx pgx.Tx, d *engine.Directory, b *pgx.Batch) error {
		if err := engine.MayEnterAbsence(a, d, abs); err != nil {
			return err
		}
		queueAbsence(b, a.Agency, a.ID, abs)
		return nil
	})
}

// EndAbsence ends the absence of an officer that begins on a day: yesterday
// was its last one or, where it has not begun, there is none. One that is over
// stays as it is. Errors: CodeNotFound, those of [engine.MayEnterAbsence],
// CodeAgencyUnknown, CodeUnavailable.
func (l *Ledger) EndAbsence(ctx context.Context, a engine.Actor, officer string, from calendar.Date) error {
	return l.changeAbsences(ctx, a, officer, func(tx pgx.Tx, d *engine.Directory, b *pgx.Batch) error {
		// Whoever may enter one may end it, whatever has become of the substitute.
		if err := engine.MayEnterAbsence(a, d, engine.Absence{Officer: officer, From: from, To: from}); err != nil {
			return err
		}
		var known bool
		err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM absences WHERE officer = $1 AND from_day = $2::date AND to_day >= from_day)`,
			officer, from.String()).Scan(&known)
		if err == nil && !known {
			err = notFound("no absence of %s begins on %s", officer, from)
		}
		b.Queue(`
			UPDATE absences SET to_day = greatest(from_day, `+todaySQL+`::date) - 1, ended_by = $3
			WHERE officer = $1 AND from_day = $2::date AND to_day >= `+todaySQL+`::date`, officer, from.String(), a.ID)
		return err
	})
}

// changeAbsences holds a change against the organisation as it is, and lets no
// other change of it happen meanwhile.
func (l *Ledger) changeAbsences(ctx context.Context, a engine.Actor, officer string, change func(pgx.Tx, *engine.Directory, *pgx.Batch) error) error {
	err := pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT FROM agencies WHERE code = $1 FOR NO KEY UPDATE`, a.Agency); err != nil {
			return err
		}
		d, err := l.directory(ctx, tx, a.Agency, 0)
		if err != nil {
			return err
		}
		b := &pgx.Batch{}
		if err := change(tx, d, b); err != nil {
			return err
		}
		queueRevision(b, a.Agency)
		return tx.SendBatch(ctx, b).Close()
	})
	return coded(err, "change an absence of %s", officer)
}

// byText is who entered what came with the text of an organisation.
const byText = "motcua"

// queueAbsence writes an absence. What a person entered or ended, the text of
// the organisation does not change back.
func queueAbsence(b *pgx.Batch, agency, by string, abs engine.Absence) {
	b.Queue(`
		INSERT INTO absences (officer, from_day, to_day, agency, substitute, present, basis, entered_by)
		VALUES ($1, $2::date, $3::date, $4, nullif($5, ''), $6, $7, $8)
		ON CONFLICT (officer, from_day) DO UPDATE SET to_day = excluded.to_day, substitute = excluded.substitute, present = excluded.present,
			basis = excluded.basis, entered_by = excluded.entered_by, entered_at = excluded.entered_at, ended_by = NULL
		WHERE excluded.entered_by <> '`+byText+`' OR absences.entered_by = '`+byText+`' AND absences.ended_by IS NULL`,
		abs.Officer, abs.From.String(), abs.To.String(), agency, abs.Substitute, abs.Present, abs.Basis, by)
}

// Absences lists those of an agency that are not over, the earliest first.
// Errors: CodeUnavailable.
func (l *Ledger) Absences(ctx context.Context, agency string) ([]engine.Absence, error) {
	rows, err := l.pool.Query(ctx, `
		SELECT officer, coalesce(substitute, ''), from_day::text, to_day::text, present, basis FROM absences
		WHERE agency = $1 AND to_day >= from_day AND to_day >= `+todaySQL+`::date ORDER BY from_day, officer`, agency)
	if err != nil {
		return nil, coded(err, "list absences at %s", agency)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (engine.Absence, error) {
		var a engine.Absence
		var from, to string
		if err := row.Scan(&a.Officer, &a.Substitute, &from, &to, &a.Present, &a.Basis); err != nil {
			return a, err
		}
		var errFrom, errTo error
		a.From, errFrom = calendar.ParseDate(from)
		a.To, errTo = calendar.ParseDate(to)
		return a, errors.Join(errFrom, errTo)
	})
	return list, coded(err, "list absences at %s", agency)
}
