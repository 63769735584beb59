package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// List returns one page of the records that pass a filter, by default the most
// urgent first: open dossiers by their soonest running due moment, then those
// without one, then the closed, latest first; ties by age. Every order is
// total, and all pages are judged at the moment of the first, so a page
// neither skips nor repeats a dossier because others came or went. Errors:
// CodeForbidden (nothing is within reach), CodeInvalid, CodeUnavailable.
func (l *Ledger) List(ctx context.Context, f engine.Filter) (engine.Page, error) {
	s, err := l.settle(ctx, f)
	if err != nil {
		return engine.Page{}, err
	}
	c, order, limit := s.selection(), sortingOf(s.Sort), pageSize(f.Limit)
	if s.behind != nil {
		order.behind(c, *s.behind)
	}
	// The page is found first, and then read: finding it takes an index, and
	// rows only where a condition is of none.
	found := "SELECT d.id FROM dossiers d" + c.where() + judgedAnyway + order.by() + " LIMIT " + c.param(limit+1) // one more tells whether there is a next page
	sql := judgedAt(recordSQL) + ", " + order.key() + ", d.id" + fromSQL + " WHERE d.id IN (" + found + ")" + order.by()
	rows, err := l.pool.Query(ctx, sql, c.args...)
	if err != nil {
		return engine.Page{}, coded(err, "list dossiers")
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (scanned, error) {
		r := scanned{at: place{order: s.Sort, at: s.At.UnixMicro()}}
		return r, r.scan(row, &r.at.key, &r.at.id)
	})
	if err != nil {
		return engine.Page{}, coded(err, "list dossiers")
	}
	page, err := l.page(ctx, list, limit)
	page.At = s.At
	return page, err
}

// judgedAnyway uses the moment of a selection: it is the first parameter of
// all of them, and one that a statement does not mention has no type.
const judgedAnyway = ` AND $1::timestamptz IS NOT NULL`

func (l *Ledger) page(ctx context.Context, list []scanned, limit int) (engine.Page, error) {
	page := engine.Page{Records: make([]engine.Record, 0, min(len(list), limit))}
	if len(list) > limit {
		list = list[:limit]
		page.Next = list[limit-1].at.cursor()
	}
	for _, s := range list {
		r, err := l.named(ctx, s)
		if err != nil {
			return engine.Page{}, err
		}
		page.Records = append(page.Records, r)
	}
	return page, nil
}

// Count says how many dossiers pass a filter, whatever its order, cursor and
// limit: exactly those that its pages list. Errors: those of List.
func (l *Ledger) Count(ctx context.Context, f engine.Filter) (engine.Counted, error) {
	f.Cursor = ""
	s, err := l.settle(ctx, f)
	if err != nil {
		return engine.Counted{}, err
	}
	c := s.selection()
	n := engine.Counted{At: s.At}
	err = l.pool.QueryRow(ctx, `SELECT count(*) FROM dossiers d`+c.where()+judgedAnyway, c.args...).Scan(&n.Count)
	return n, coded(err, "count dossiers")
}

// Codes are the codes of all dossiers that pass a filter, in their own order,
// and no more than most: what an act on a selection is frozen to. More says
// that there are others. Errors: those of List.
func (l *Ledger) Codes(ctx context.Context, f engine.Filter, most int) (codes []string, more bool, err error) {
	f.Cursor = ""
	s, err := l.settle(ctx, f)
	if err != nil {
		return nil, false, err
	}
	c := s.selection()
	rows, err := l.pool.Query(ctx, `SELECT d.code FROM dossiers d`+c.where()+judgedAnyway+` ORDER BY d.code LIMIT `+c.param(most+1), c.args...)
	if err != nil {
		return nil, false, coded(err, "select dossiers")
	}
	codes, err = pgx.CollectRows(rows, pgx.RowTo[string])
	if len(codes) > most {
		return codes[:most], true, coded(err, "select dossiers")
	}
	return codes, false, coded(err, "select dossiers")
}
