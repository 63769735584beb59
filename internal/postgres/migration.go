package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
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
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	roles, err := json.Marshal(a.Roles)
	if err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `
		INSERT INTO migrations (id, agency, procedure_code, from_version, to_version, body, digest, reason, actor, roles, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING`,
		id, a.Agency, m.Code, m.From, m.To, string(body), sum(body), m.Reason, a.ID, string(roles), now)
	if err != nil {
		return err
	}
	if tag.RowsAffected() == 0 {
		return sameMigration(ctx, tx, id, a.Agency, sum(body))
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO migration_results (migration_id, dossier, result, code, message, decided_at)
		SELECT $5, code, CASE WHEN known THEN 'pending' ELSE $6 END, CASE WHEN known THEN '' ELSE $7 END, CASE WHEN known THEN '' ELSE $8 END,
			CASE WHEN NOT known THEN $9::timestamptz END
		FROM (`+concernedSQL+`) AS concerned`, append(p.concernedArgs(), id, unknown("").Result, unknown("").Code, unknown("").Message, now)...)
	return err
}

func sameMigration(ctx context.Context, tx pgx.Tx, id, agency, digest string) error {
	var known string
	err := tx.QueryRow(ctx, `SELECT digest FROM migrations WHERE id = $1 AND agency = $2`, id, agency).Scan(&known)
	if err == nil && known != digest || errors.Is(err, pgx.ErrNoRows) {
		return engine.Errorf(engine.CodeIdempotencyConflict, "the key was used for another request")
	}
	return err
}

// Migration finds one with its progress. Errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) Migration(ctx context.Context, agency, code, id string) (engine.MigrationRecord, error) {
	r, _, err := l.storedMigration(ctx, agency, code, id)
	return r, coded(err, "read migration %s", id)
}

func (l *Ledger) storedMigration(ctx context.Context, agency, code, id string) (engine.MigrationRecord, engine.Actor, error) {
	r := engine.MigrationRecord{ID: id, Agency: agency, State: engine.MigrationRunning}
	a := engine.Actor{Kind: engine.ActorOfficer, Agency: agency}
	var finished *time.Time
	err := l.pool.QueryRow(ctx, `
		SELECT body, actor, roles, created_at, finished_at FROM migrations WHERE id = $1 AND agency = $2 AND procedure_code = $3`,
		id, agency, code).Scan(&r.Migration, &a.ID, &a.Roles, &r.CreatedAt, &finished)
	if errors.Is(err, pgx.ErrNoRows) {
		return r, a, notFound("no migration %s of procedure %s", id, code)
	}
	if err != nil {
		return r, a, err
	}
	r.Actor, r.CreatedAt, r.FinishedAt = a.ID, r.CreatedAt.In(calendar.Zone()), orZero(finished)
	if finished != nil {
		r.State = engine.MigrationDone
	}
	return r, a, l.countMigration(ctx, &r)
}

func (l *Ledger) countMigration(ctx context.Context, r *engine.MigrationRecord) error {
	rows, err := l.pool.Query(ctx, `SELECT result, count(*) FROM migration_results WHERE migration_id = $1 GROUP BY result`, r.ID)
	if err != nil {
		return err
	}
	var result string
	var n int
	_, err = pgx.ForEachRow(rows, []any{&result, &n}, func() error {
		r.Counts.Add(result, n)
		return nil
	})
	return err
}

// MigrationResults lists what a migration did with each dossier, in the order
// of their codes, behind a cursor. Errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) MigrationResults(ctx context.Context, agency, code, id, cursor string, limit int) (engine.MigrationPage, error) {
	r, err := l.Migration(ctx, agency, code, id)
	if err != nil {
		return engine.MigrationPage{}, err
	}
	limit = pageSize(limit)
	rows, err := l.pool.Query(ctx, `
		SELECT dossier, result, state, code, message FROM migration_results
		WHERE migration_id = $1 AND dossier > $2 COLLATE "C" ORDER BY dossier LIMIT $3`, id, cursor, limit+1)
	if err != nil {
		return engine.MigrationPage{}, coded(err, "list results of migration %s", id)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (o engine.MigrationOutcome, err error) {
		return o, row.Scan(&o.Dossier, &o.Result, &o.State, &o.Code, &o.Message)
	})
	page := engine.MigrationPage{Outcomes: append([]engine.MigrationOutcome{}, list...)}
	if len(list) > limit {
		page.Outcomes, page.Next = page.Outcomes[:limit], list[limit-1].Dossier
	}
	if cursor == "" {
		page.Counts = &r.Counts
	}
	return page, coded(err, "list results of migration %s", id)
}
