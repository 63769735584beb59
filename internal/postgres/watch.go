package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
)

// Watch lets an officer be told of every change of a dossier of their agency
// from now on, or of none any more. It may be repeated. Errors: CodeNotFound,
// CodeUnavailable.
func (l *Ledger) Watch(ctx context.Context, a engine.Actor, dossier string, on bool) error {
	const found = `WITH dossier AS (SELECT id FROM dossiers WHERE code = $1 AND agency = $2) `
	sql := found + `, gone AS (DELETE FROM watches w USING dossier d WHERE w.dossier_id = d.id AND w.officer = $3) SELECT count(*) FROM dossier`
	if on {
		sql = found + `, added AS (INSERT INTO watches (dossier_id, officer) SELECT id, $3 FROM dossier ON CONFLICT DO NOTHING) SELECT count(*) FROM dossier`
	}
	var there int
	if err := l.pool.QueryRow(ctx, sql, dossier, a.Agency, a.ID).Scan(&there); err != nil {
		return coded(err, "watch %s", dossier)
	}
	if there == 0 {
		return notFound("no dossier %s", dossier)
	}
	return nil
}

// Watched lists the dossiers that an officer watches, those first that they
// began to watch last. Errors: CodeUnavailable.
func (l *Ledger) Watched(ctx context.Context, a engine.Actor, limit int) ([]engine.Watched, error) {
	rows, err := l.pool.Query(ctx, `
		SELECT d.code, d.state, d.closed_at IS NOT NULL, w.since FROM watches w JOIN dossiers d ON d.id = w.dossier_id
		WHERE w.officer = $1 AND d.agency = $2 ORDER BY w.since DESC, d.code LIMIT $3`, a.ID, a.Agency, pageSize(limit))
	if err != nil {
		return nil, coded(err, "list what %s watches", a.ID)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (w engine.Watched, err error) {
		err = row.Scan(&w.Dossier, &w.State, &w.Closed, &w.Since)
		w.Since = w.Since.In(calendar.Zone())
		return w, err
	})
	return list, coded(err, "list what %s watches", a.ID)
}

// Watches says whether an officer watches a dossier. Errors: CodeUnavailable.
func (l *Ledger) Watches(ctx context.Context, a engine.Actor, dossier string) (on bool, err error) {
	err = l.pool.QueryRow(ctx, `
		SELECT EXISTS (SELECT FROM watches w JOIN dossiers d ON d.id = w.dossier_id WHERE d.code = $1 AND d.agency = $2 AND w.officer = $3)`,
		dossier, a.Agency, a.ID).Scan(&on)
	return on, coded(err, "look whether %s watches %s", a.ID, dossier)
}

var watchersSQL = mailing(`
INSERT INTO notifications (dossier_id, officer, clock, rung, level, rung_text, raise, state, moment, created_at, deliver_at, fact)
SELECT $1, w.officer, 'watch', $2, 0, '', '', $3, $4, $5, $6, $7
FROM watches w JOIN officers o ON o.id = w.officer WHERE w.dossier_id = $1 AND w.officer <> $8 AND o.active
ON CONFLICT DO NOTHING`)

// queueWatchers tells those who watch a dossier what a decision did, once each
// and not of what they did themselves. The pages show it at once; a mail waits
// for the office to open.
func queueWatchers(b *pgx.Batch, id int64, d engine.Decision, now time.Time) {
	f, worth := engine.Headline(d.Facts)
	if !worth {
		return
	}
	b.Queue(watchersSQL, id, int32(f.Seq), d.Case.State, f.At, now, d.Opens, f.Kind, f.Actor) //nolint:gosec // no dossier has so many facts
}
