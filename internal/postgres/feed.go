package postgres

import (
	"context"
	"errors"
	"strconv"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
)

// changesSQL reads the feed in the order of transactions, none of which can
// commit any more: what is read once is whole.
const changesSQL = `
SELECT c.xact::text, c.id, c.agency, c.dossier, c.from_seq, c.to_seq, c.at, d.state, d.status, d.department, d.holder,
	array_agg(f.kind ORDER BY f.seq),
	array_remove(array_agg(DISTINCT f.body ->> 'department') || array_agg(DISTINCT f.body ->> 'from') || array_agg(DISTINCT f.body ->> 'to'), NULL)
FROM (
	SELECT * FROM changes
	WHERE (xact, id) > ($1::xid8, $2) AND xact < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY xact, id LIMIT $3
) AS c
JOIN dossiers d ON d.id = c.dossier_id
JOIN facts f ON f.dossier_id = c.dossier_id AND f.seq BETWEEN c.from_seq AND c.to_seq
GROUP BY c.xact, c.id, c.agency, c.dossier, c.from_seq, c.to_seq, c.at, d.state, d.status, d.department, d.holder
ORDER BY c.xact, c.id`

// Changes reads on in the feed from a position. Errors: CodeUnavailable.
func (l *Ledger) Changes(ctx context.Context, after engine.Position, limit int) ([]engine.Change, error) {
	rows, err := l.pool.Query(ctx, changesSQL, strconv.FormatUint(after.Xact, 10), after.ID, pageSize(limit))
	if err != nil {
		return nil, coded(err, "read changes")
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (c engine.Change, err error) {
		var xact string
		if err = row.Scan(&xact, &c.Position.ID, &c.Agency, &c.Dossier, &c.FromSeq, &c.Seq, &c.At,
			&c.State, &c.Status, &c.Department, &c.Holder, &c.Facts, &c.Touched); err != nil {
			return c, err
		}
		c.At = c.At.In(calendar.Zone())
		c.Position.Xact, err = strconv.ParseUint(xact, 10, 64)
		return c, err
	})
	return list, coded(err, "read changes")
}

// LatestChange is the position behind which everything is still to come.
// Errors: CodeUnavailable.
func (l *Ledger) LatestChange(ctx context.Context) (engine.Position, error) {
	var xact string
	var p engine.Position
	err := l.pool.QueryRow(ctx, `
		SELECT xact::text, id FROM changes WHERE xact < pg_snapshot_xmin(pg_current_snapshot())
		ORDER BY changes.xact DESC, id DESC LIMIT 1`).Scan(&xact, &p.ID)
	if errors.Is(err, pgx.ErrNoRows) {
		return engine.Position{}, nil
	}
	if err == nil {
		p.Xact, err = strconv.ParseUint(xact, 10, 64)
	}
	return p, coded(err, "read the end of the changes")
}
