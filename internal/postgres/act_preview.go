package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
)

// previewAct says what an act would do now with each dossier it concerns, and
// changes nothing. The cursor is the last dossier of the page before.
func (l *Ledger) previewAct(ctx context.Context, d deed, cursor string, limit int) (engine.ActPage, error) {
	page := engine.ActPage{Outcomes: []engine.ActOutcome{}}
	if cursor == "" {
		page.Counts = &engine.ActCounts{}
	}
	for {
		outcomes, err := l.previewBatch(ctx, d, cursor)
		if err != nil {
			return page, err
		}
		for _, o := range outcomes {
			cursor = o.Dossier
			switch {
			case len(page.Outcomes) < limit:
				page.Outcomes = append(page.Outcomes, o)
			case page.Next == "":
				page.Next = page.Outcomes[limit-1].Dossier
			}
			if page.Counts != nil {
				count(page.Counts, o)
			}
		}
		// A later page needs no count, so it ends where it is full.
		if len(outcomes) < actBatch || page.Counts == nil && page.Next != "" {
			return page, nil
		}
	}
}

func count(c *engine.ActCounts, o engine.ActOutcome) {
	c.Add(o.Result, 1)
	c.Because(o.Result, o.Code, 1)
	if len(o.Moves) > 0 {
		c.Moved++
	}
}

// previewBatch decides some dossiers in the order of their codes, which hold
// digits and dots only, behind a cursor.
func (l *Ledger) previewBatch(ctx context.Context, d deed, cursor string) ([]engine.ActOutcome, error) {
	sql, args := d.concerned()
	n := len(args)
	rows, err := l.pool.Query(ctx, `
		SELECT asked.code, asked.known, clock_timestamp(), d.snapshot, d.fields, d.seq, d.procedure_sha256, coalesce(a.revision, 0)
		FROM (SELECT code, known FROM (`+sql+`) AS concerned
			WHERE code > `+placeholders(n+1, 1)+` COLLATE "C" ORDER BY code LIMIT `+placeholders(n+2, 1)+`) AS asked
		LEFT JOIN dossiers d ON asked.known AND d.code = asked.code
		LEFT JOIN agencies a ON a.code = d.agency
		ORDER BY asked.code`, append(args, cursor, actBatch)...)
	if err != nil {
		return nil, err
	}
	list, err := pgx.CollectRows(rows, scanConcerned)
	if err != nil {
		return nil, err
	}
	out := make([]engine.ActOutcome, len(list))
	for i, r := range list {
		switch {
		case !r.known:
			out[i] = unknown(r.code)
		case r.torn():
			out[i] = unreadable(r.code)
		default:
			v, err := d.decide(ctx, l.pool, r.concerned)
			if err != nil {
				return nil, err
			}
			out[i] = v.outcome
		}
	}
	return out, nil
}

type concernedRow struct {
	concerned
	code  string
	known bool
	seq   int64
	sha   string
}

func scanConcerned(row pgx.CollectableRow) (concernedRow, error) {
	var r concernedRow
	var snapshot *engine.Case
	var seq *int64
	var sha *string
	if err := row.Scan(&r.code, &r.known, &r.now, &snapshot, &r.fields, &seq, &sha, &r.revision); err != nil || !r.known {
		return r, err
	}
	r.now = r.now.Truncate(time.Microsecond).In(calendar.Zone())
	r.kase, r.seq, r.sha = *snapshot, *seq, *sha
	return r, nil
}

// torn says whether the stored case contradicts the row it stands in.
func (r concernedRow) torn() bool {
	return r.kase.Seq != r.seq || r.kase.Dossier != r.code || r.kase.Procedure.SHA256 != r.sha
}
