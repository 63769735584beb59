package postgres

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine/audit"
	"motcua/engine/calendar"
)

// auditBatch is how many dossiers are checked in one view of the ledger: few
// enough that the view does not keep the server from tidying up.
const auditBatch = 256

// snapshotRead is how a verification looks: several statements, one moment.
var snapshotRead = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}

// auditRun is one verification.
type auditRun struct {
	*Ledger
	scope  audit.Scope
	sealed calendar.Date
	mu     sync.Mutex
	report audit.Report
}

// Audit verifies the record: every fact against its chain, its columns, what
// was sealed of it and what is projected from it, and, unless one dossier or
// one agency is meant, trails, texts, acts and every sealed digest. What is
// wrong is named in the report; it is not an error. Errors: CodeNotFound for a
// dossier of which there is no trace, CodeUnavailable.
func (l *Ledger) Audit(ctx context.Context, scope audit.Scope) (audit.Report, error) {
	r := &auditRun{Ledger: l, scope: scope}
	err := r.run(ctx)
	r.report.Findings = append([]audit.Flaw{}, r.report.Findings...)
	r.report.Intact = len(r.report.Findings) == 0
	return r.report, coded(err, "verify the record")
}

func (r *auditRun) run(ctx context.Context) error {
	var last *time.Time
	if err := r.pool.QueryRow(ctx, `SELECT max(day)::timestamp FROM audit_digests WHERE book = $1`, audit.Common).Scan(&last); err != nil {
		return err
	}
	if last != nil {
		r.sealed = dayOf(*last)
		r.report.Sealed = r.sealed
	}
	if r.scope.Dossier != "" {
		return r.one(ctx)
	}
	for _, step := range []func(context.Context) error{r.dossiers, r.gone, r.books, r.roots, r.acts, r.tables} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if !r.scope.Whole() {
		return nil
	}
	for _, step := range []func(context.Context) error{r.numbers, r.trails, r.texts} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (r *auditRun) find(found ...audit.Flaw) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.Findings = append(r.report.Findings, found...)
}

// one verifies a single dossier, or says that all that is left of it is what
// was sealed.
func (r *auditRun) one(ctx context.Context) error {
	return r.look(ctx, func(tx pgx.Tx) error {
		var id int64
		err := tx.QueryRow(ctx, `SELECT id FROM dossiers WHERE code = $1 AND ($2 = '' OR agency = $2)`, r.scope.Dossier, r.scope.Agency).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			return r.trace(ctx, tx)
		}
		if err != nil {
			return err
		}
		found, facts, err := auditDossiers(ctx, tx, []int64{id}, closedUntil(r.sealed))
		r.report.Dossiers, r.report.Facts = 1, facts
		r.find(found...)
		return err
	})
}

func (r *auditRun) trace(ctx context.Context, db queryer) error {
	var day *time.Time
	err := db.QueryRow(ctx, `
		SELECT max(day)::timestamp FROM audit_leaves l WHERE kind = 'dossier' AND name = $1 AND ($2 = '' OR book = $2)
		AND NOT EXISTS (SELECT FROM dossiers d WHERE d.code = l.name)`, r.scope.Dossier, r.scope.Agency).Scan(&day)
	if err == nil && day == nil {
		return notFound("no dossier %s", r.scope.Dossier)
	}
	if err == nil {
		r.find(audit.Flaw{Kind: audit.KindDossier, Name: r.scope.Dossier, What: audit.Gone, Day: dayOf(*day)})
	}
	return err
}

// look reads in one view, for as long as it takes.
func (r *auditRun) look(ctx context.Context, read func(pgx.Tx) error) error {
	return pgx.BeginTxFunc(ctx, r.pool, snapshotRead, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true)`); err != nil {
			return err
		}
		return read(tx)
	})
}

// concernedSQL pages through the dossiers of a scope by id.
const concernedSQL = `
SELECT id FROM dossiers d WHERE id > $1 AND ($2 = '' OR agency = $2)
AND ($3::timestamptz IS NULL OR EXISTS (SELECT FROM facts f WHERE f.dossier_id = d.id AND f.recorded_at >= $3))
ORDER BY id LIMIT $4`

// dossiers verifies the chains, several batches at a time. They are reported
// in the order of the dossiers whichever batch is done first.
func (r *auditRun) dossiers(ctx context.Context) error {
	var total int64
	if err := r.pool.QueryRow(ctx, `SELECT count(*) FROM dossiers WHERE $1 = '' OR agency = $1`, r.scope.Agency).Scan(&total); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	batches := make(chan auditedBatch)
	var working sync.WaitGroup
	results := map[int][]audit.Flaw{}
	for range max(2, min(runtime.GOMAXPROCS(0), 8)) {
		working.Go(func() {
			for b := range batches {
				if err := r.batch(ctx, b, total, results); err != nil {
					cancel(err)
				}
			}
		})
	}
	err := r.page(ctx, batches)
	close(batches)
	working.Wait()
	for _, n := range sortedKeys(results) {
		r.find(results[n]...)
	}
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

type auditedBatch struct {
	n   int
	ids []int64
}

func (r *auditRun) page(ctx context.Context, batches chan<- auditedBatch) error {
	since := moment(r.since())
	for n, cursor := 0, int64(0); ; n++ {
		rows, err := r.pool.Query(ctx, concernedSQL, cursor, r.scope.Agency, since, auditBatch)
		if err != nil {
			return err
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		if err != nil || len(ids) == 0 {
			return err
		}
		cursor = ids[len(ids)-1]
		select {
		case batches <- auditedBatch{n, ids}:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (r *auditRun) since() time.Time {
	if r.scope.Since.IsZero() {
		return time.Time{}
	}
	return r.scope.Since.Midnight()
}

func (r *auditRun) batch(ctx context.Context, b auditedBatch, total int64, results map[int][]audit.Flaw) error {
	return r.look(ctx, func(tx pgx.Tx) error {
		found, facts, err := auditDossiers(ctx, tx, b.ids, closedUntil(r.sealed))
		if err != nil {
			return err
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.report.Dossiers += int64(len(b.ids))
		r.report.Facts += facts
		if len(found) > 0 {
			results[b.n] = found
		}
		if r.scope.Progress != nil {
			r.scope.Progress(r.report.Dossiers, total)
		}
		return nil
	})
}

func sortedKeys[V any](m map[int]V) []int {
	keys := make([]int, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// gone names the dossiers of which nothing is left but what was sealed.
func (r *auditRun) gone(ctx context.Context) error {
	rows, err := r.pool.Query(ctx, `
		SELECT name, max(day)::timestamp FROM audit_leaves l
		WHERE kind = 'dossier' AND ($1 = '' OR book = $1) AND NOT EXISTS (SELECT FROM dossiers d WHERE d.code = l.name)
		GROUP BY name ORDER BY name`, r.scope.Agency)
	if err != nil {
		return err
	}
	var name string
	var day time.Time
	_, err = pgx.ForEachRow(rows, []any{&name, &day}, func() error {
		r.find(audit.Flaw{Kind: audit.KindDossier, Name: name, What: audit.Gone, Day: dayOf(day)})
		return nil
	})
	return err
}

// numbers names the dossiers whose number was drawn and that are not there:
// a start that is rolled back draws none, so there are no gaps. What was
// sealed is named by gone.
func (r *auditRun) numbers(ctx context.Context) error {
	return r.look(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT code FROM (
				SELECT s.agency || '-' || to_char(s.day, 'YYMMDD') || '-' || lpad(n::text, greatest(4, length(n::text)), '0') AS code
				FROM code_sequences s, generate_series(1, s.last) n) drawn
			WHERE NOT EXISTS (SELECT FROM dossiers d WHERE d.code = drawn.code)
			AND NOT EXISTS (SELECT FROM audit_leaves l WHERE l.kind = 'dossier' AND l.name = drawn.code) ORDER BY code`)
		if err != nil {
			return err
		}
		var code string
		_, err = pgx.ForEachRow(rows, []any{&code}, func() error {
			r.find(audit.Flaw{Kind: audit.KindDossier, Name: code, What: audit.Gone, Detail: "its number was drawn"})
			return nil
		})
		return err
	})
}
