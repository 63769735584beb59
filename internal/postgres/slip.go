package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// A dossier that was sent with one slip twice, because it was returned, stands
// on it as it was sent last.
const slipSQL = `
SELECT DISTINCT ON (d.code COLLATE "C") d.code, h.from_department, h.to_department, h.sent_at, coalesce(h.answer, ''), h.answered_at, coalesce(h.answered_by, '')
FROM handoffs h JOIN dossiers d ON d.id = h.dossier_id
WHERE h.slip = $1 AND d.agency = $2
ORDER BY d.code COLLATE "C", h.seq DESC`

// Slip lists the dossiers of an agency that were handed over with one slip,
// by code. Errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) Slip(ctx context.Context, agency, slip string) ([]engine.Slipped, error) {
	rows, err := l.pool.Query(ctx, slipSQL, slip, agency)
	if err != nil {
		return nil, coded(err, "read slip %s", slip)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (s engine.Slipped, err error) {
		var answered *time.Time
		err = row.Scan(&s.Dossier, &s.FromDepartment, &s.ToDepartment, &s.SentAt, &s.Answer, &answered, &s.AnsweredBy)
		s.SentAt, s.AnsweredAt = orZero(&s.SentAt), orZero(answered)
		return s, err
	})
	if err == nil && len(list) == 0 {
		err = notFound("no slip %s", slip)
	}
	return list, coded(err, "read slip %s", slip)
}
