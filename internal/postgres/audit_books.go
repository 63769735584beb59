package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/audit"
	"motcua/engine/calendar"
)

const digestsSQL = `
SELECT book, day::timestamp, leaves, root, previous, sealed_at, key, digest, signature FROM audit_digests
WHERE ($1 = '' OR book IN ($1, '*')) AND day >= $2::date AND day <= $3::date ORDER BY book COLLATE "C", day`

func scanDigest(r pgx.CollectableRow) (d audit.Digest, err error) {
	var day time.Time
	err = r.Scan(&d.Book, &day, &d.Leaves, &d.Root, &d.Previous, &d.SealedAt, &d.Key, &d.Digest, &d.Signature)
	d.Day, d.SealedAt = dayOf(day), d.SealedAt.In(calendar.Zone())
	return d, err
}

// from is the first day whose digest is looked at.
func (r *auditRun) from() calendar.Date {
	if r.scope.Since.IsZero() {
		return calendar.NewDate(1, time.January, 1)
	}
	return r.scope.Since
}

// books verifies keys, signatures, that each day follows the one before, and
// that the leaves are those the signed root is of.
func (r *auditRun) books(ctx context.Context) error {
	if r.sealed.IsZero() {
		return nil
	}
	return r.look(ctx, func(tx pgx.Tx) error {
		keys, err := auditKeys(ctx, tx)
		if err != nil {
			return err
		}
		r.find(audit.CheckKeys(keys)...)
		rows, err := tx.Query(ctx, digestsSQL, r.scope.Agency, r.from().String(), r.sealed.String())
		if err != nil {
			return err
		}
		digests, err := pgx.CollectRows(rows, scanDigest)
		if err != nil {
			return err
		}
		b := audit.Books{Keys: keys, Partial: !r.scope.Since.IsZero()}
		for _, d := range digests {
			b.Check(d)
		}
		r.report.Digests = b.Checked
		r.find(b.Findings...)
		return r.leaves(ctx, tx, digests)
	})
}

// leaves holds the leaves of every day to the root that was signed.
func (r *auditRun) leaves(ctx context.Context, tx pgx.Tx, digests []audit.Digest) error {
	rows, err := tx.Query(ctx, `
		SELECT book, day::timestamp, kind, name, seq, digest FROM audit_leaves
		WHERE ($1 = '' OR book IN ($1, '*')) AND day >= $2::date AND day <= $3::date ORDER BY book, day, kind, name`, r.scope.Agency, r.from().String(), r.sealed.String())
	if err != nil {
		return err
	}
	next, tree := 0, audit.NewTree()
	end := func() { // of the leaves of digests[next]
		if d := digests[next]; tree.Root() != d.Root || tree.Leaves() != d.Leaves {
			r.find(audit.Flaw{Kind: audit.KindDigest, Name: d.Book, Day: d.Day, What: audit.OtherRoot})
		}
		next, tree = next+1, audit.NewTree()
	}
	var book string
	var at time.Time
	var leaf audit.Leaf
	_, err = pgx.ForEachRow(rows, []any{&book, &at, &leaf.Kind, &leaf.Name, &leaf.Seq, &leaf.Digest}, func() error {
		day := dayOf(at)
		for next < len(digests) && (digests[next].Book < book || digests[next].Book == book && digests[next].Day.Before(day)) {
			end()
		}
		if next < len(digests) && digests[next].Book == book && digests[next].Day == day {
			tree.Add(leaf)
		} // else its digest is missing, which is found by the book's next one, or by roots
		return nil
	})
	for next < len(digests) {
		end()
	}
	return err
}

// roots holds the digests of the agencies' books to what the common book has
// sealed of them.
func (r *auditRun) roots(ctx context.Context) error {
	return r.pairs(ctx, `
		SELECT coalesce(l.name, d.book), coalesce(l.day, d.day)::timestamp, l.digest, d.digest
		FROM (SELECT name, day, digest FROM audit_leaves WHERE kind = 'book') l
		FULL JOIN (SELECT book, day, digest FROM audit_digests WHERE book <> '*') d ON d.book = l.name AND d.day = l.day
		WHERE coalesce(l.day, d.day) BETWEEN $2::date AND $3::date AND ($1 = '' OR coalesce(l.name, d.book) = $1)
			AND l.digest IS DISTINCT FROM d.digest ORDER BY 1, 2`, audit.KindDigest)
}

// acts holds acts to what was sealed of them.
func (r *auditRun) acts(ctx context.Context) error {
	return r.pairs(ctx, `
		SELECT coalesce(l.name, a.id), coalesce(l.day, a.day)::timestamp, l.digest, a.digest
		FROM (SELECT book, name, day, digest FROM audit_leaves WHERE kind = 'act') l
		FULL JOIN (SELECT a.id, coalesce(a.agency, '*') AS book, `+civilDay("a.created_at")+` AS day, `+actDigestSQL+` AS digest FROM acts a) a ON a.id = l.name
		WHERE coalesce(l.day, a.day) BETWEEN $2::date AND $3::date AND ($1 = '' OR coalesce(l.book, a.book) = $1)
			AND l.digest IS DISTINCT FROM a.digest ORDER BY 1, 2`, audit.KindAct)
}

// civilDay is the day in Viet Nam, whose zone is a fixed offset, of a column.
func civilDay(column string) string {
	return `((` + column + ` AT TIME ZONE 'UTC') + interval '7 hours')::date`
}

// tables holds what was added to tables without a chain to what was sealed.
func (r *auditRun) tables(ctx context.Context) error {
	for _, u := range unchained {
		heads := `SELECT agency, ` + civilDay(u.at) + ` AS day, encode(sha256(convert_to(string_agg(` + u.row + `::text, E'\n' ORDER BY id), 'UTF8')), 'hex') AS digest
			FROM ` + u.table + ` GROUP BY 1, 2`
		err := r.pairs(ctx, `
			SELECT '`+u.table+`', coalesce(l.day, t.day)::timestamp, l.digest, t.digest
			FROM (SELECT book, day, digest FROM audit_leaves WHERE kind = 'table' AND name = '`+u.table+`') l
			FULL JOIN (`+heads+`) t ON t.agency = l.book AND t.day = l.day
			WHERE coalesce(l.day, t.day) BETWEEN $2::date AND $3::date AND ($1 = '' OR coalesce(l.book, t.agency) = $1)
				AND l.digest IS DISTINCT FROM t.digest ORDER BY 1, 2`, audit.KindTable)
		if err != nil {
			return err
		}
	}
	return nil
}

// pairs names what differs between what was sealed and what is there. The
// query lists name, day, the sealed digest and the present one.
func (r *auditRun) pairs(ctx context.Context, sql, kind string) error {
	if r.sealed.IsZero() {
		return nil
	}
	return r.look(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, sql, r.scope.Agency, r.from().String(), r.sealed.String())
		if err != nil {
			return err
		}
		var name string
		var day time.Time
		var sealed, present *engine.Digest
		_, err = pgx.ForEachRow(rows, []any{&name, &day, &sealed, &present}, func() error {
			what := audit.Replaced
			switch {
			case sealed == nil:
				what = audit.Backdated
			case present == nil:
				what = audit.Gone
			}
			r.find(audit.Flaw{Kind: kind, Name: name, What: what, Day: dayOf(day)})
			return nil
		})
		return err
	})
}
