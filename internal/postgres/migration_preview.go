package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
)

// migrationBatch is how many dossiers are read, or listed as pending, at once.
const migrationBatch = 200

// concernedSQL lists what a migration concerns: the running dossiers of the
// version, or the codes that were named. It is scoped by agency and procedure.
const concernedSQL = `
SELECT asked.code, d.id IS NOT NULL AS known
FROM (
	SELECT code FROM dossiers
	WHERE cardinality($4::text[]) = 0 AND agency = $1 AND procedure_code = $2 AND procedure_version = $3 AND closed_at IS NULL
	UNION
	SELECT code COLLATE "C" FROM unnest($4::text[]) AS named (code)
) AS asked
LEFT JOIN dossiers d ON d.code = asked.code AND d.agency = $1 AND d.procedure_code = $2`

func (p migrationPlan) concernedArgs() []any {
	listed := p.Dossiers
	if listed == nil {
		listed = []string{}
	}
	return []any{p.actor.Agency, p.Code, p.From, listed}
}

// PreviewMigration says what a migration would do now with each dossier it
// concerns, and changes nothing. The cursor is the last dossier of the page
// before. Errors: CodeNotFound, CodeAgencyNotBound, CodeNeedsUnmet, those of
// [engine.CheckMigration] and [engine.MayControl], CodeUnavailable.
func (l *Ledger) PreviewMigration(ctx context.Context, a engine.Actor, m engine.Migration, cursor string, limit int) (engine.MigrationPage, error) {
	page, err := l.preview(ctx, a, m, cursor, pageSize(limit))
	return page, coded(err, "preview migration of %s", m.Code)
}

func (l *Ledger) preview(ctx context.Context, a engine.Actor, m engine.Migration, cursor string, limit int) (engine.MigrationPage, error) {
	page := engine.MigrationPage{Outcomes: []engine.MigrationOutcome{}}
	p, err := l.plan(ctx, l.pool, a, "", m)
	if err != nil {
		return page, err
	}
	if cursor == "" {
		page.Counts = &engine.MigrationCounts{}
	}
	for {
		outcomes, err := l.previewBatch(ctx, p, cursor)
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
				page.Counts.Add(o.Result, 1)
			}
		}
		// A later page needs no count, so it ends where it is full.
		if len(outcomes) < migrationBatch || page.Counts == nil && page.Next != "" {
			return page, nil
		}
	}
}

// previewSQL reads dossiers in the order of their codes, which hold digits and
// dots only, behind a cursor.
const previewSQL = `
SELECT asked.code, asked.known, clock_timestamp(), d.snapshot, d.fields, d.seq, d.procedure_sha256
FROM (` + concernedSQL + ` WHERE asked.code > $5 COLLATE "C" ORDER BY asked.code LIMIT $6) AS asked
LEFT JOIN dossiers d ON asked.known AND d.code = asked.code
ORDER BY asked.code`

func (l *Ledger) previewBatch(ctx context.Context, p migrationPlan, cursor string) ([]engine.MigrationOutcome, error) {
	rows, err := l.pool.Query(ctx, previewSQL, append(p.concernedArgs(), cursor, migrationBatch)...)
	if err != nil {
		return nil, err
	}
	list, err := pgx.CollectRows(rows, scanConcerned)
	if err != nil {
		return nil, err
	}
	out := make([]engine.MigrationOutcome, len(list))
	for i, r := range list {
		switch {
		case !r.known:
			out[i] = unknown(r.code)
		case r.torn():
			out[i] = unreadable(r.code)
		default:
			if _, out[i], err = l.decideMigration(ctx, l.pool, p, r.concerned); err != nil {
				return nil, err
			}
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
	if err := row.Scan(&r.code, &r.known, &r.now, &snapshot, &r.fields, &seq, &sha); err != nil || !r.known {
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
