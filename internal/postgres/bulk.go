package postgres

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// bulkDeed is one verb of a supervisor on many dossiers.
type bulkDeed struct {
	engine.Bulk
	act
	l *Ledger
}

// StartBulk puts an act on many dossiers on record and lists those it is on: a
// filter is frozen now, and no dossier that comes later joins. It changes none
// of them yet, see [Ledger.RunAct]. The key is the id of the act: the same key
// is the same act. Errors: those of [engine.CheckBulk], CodeInvalid where it
// would be on none or on too many, CodeNotFound for the act that is to be tried
// again, CodeIdempotencyConflict, CodeUnavailable.
func (l *Ledger) StartBulk(ctx context.Context, a engine.Actor, key string, b engine.Bulk) (engine.ActRecord, error) {
	d, err := l.bulk(ctx, a, key, b)
	if err != nil {
		return engine.ActRecord{}, err
	}
	err = pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) error {
		var known bool
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM acts WHERE id = $1)`, key).Scan(&known); err != nil {
			return err
		}
		if !known { // what was asked before is answered, whatever passes the filter by now
			if err := d.bounded(ctx, tx); err != nil {
				return err
			}
		}
		return listAct(ctx, tx, d.act, d)
	})
	if err != nil {
		return engine.ActRecord{}, coded(err, "begin act %s", key)
	}
	return l.Act(ctx, a.Agency, key)
}

// PreviewBulk says what an act on many dossiers would do now with each, and
// changes nothing. The cursor is the last dossier of the page before. Errors:
// those of [Ledger.StartBulk].
func (l *Ledger) PreviewBulk(ctx context.Context, a engine.Actor, b engine.Bulk, cursor string, limit int) (engine.ActPage, error) {
	d, err := l.bulk(ctx, a, "preview", b)
	if err != nil {
		return engine.ActPage{}, err
	}
	if err := d.bounded(ctx, l.pool); err != nil {
		return engine.ActPage{}, coded(err, "preview an act on many dossiers")
	}
	page, err := l.previewAct(ctx, d, cursor, pageSize(limit))
	return page, coded(err, "preview an act on many dossiers")
}

// bulk checks what can be checked without a dossier. The filter of somebody who
// heads departments is on what stands there.
func (l *Ledger) bulk(ctx context.Context, a engine.Actor, id string, b engine.Bulk) (bulkDeed, error) {
	if b.Filter != nil {
		f := *b.Filter
		f.Agency, f.Cursor, f.Limit = a.Agency, "", 0
		b.Filter = &f
		if _, _, err := selection(f); err != nil {
			return bulkDeed{}, err
		}
	}
	b.Dossiers = slices.Compact(slices.Sorted(slices.Values(b.Dossiers)))
	d := bulkDeed{Bulk: b, act: act{id: id, kind: engine.ActBulk, agency: a.Agency, subject: b.Event, body: b, reason: b.Reason, actor: a}, l: l}
	if err := engine.CheckBulk(a, b); err != nil || b.Retry == "" {
		return d, err
	}
	s, _, err := findAct(ctx, l.pool, b.Retry)
	if err == nil && (s.kind != engine.ActBulk || s.agency != a.Agency) {
		err = notFound("no act %s on many dossiers", b.Retry)
	}
	return d, coded(err, "read act %s", b.Retry)
}

// RetryBulk is the act that tries again what another one was refused: the same
// verb in the name of whoever asks now. Errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) RetryBulk(ctx context.Context, a engine.Actor, id, reason string) (engine.Bulk, error) {
	s, _, err := findAct(ctx, l.pool, id)
	if err == nil && (s.kind != engine.ActBulk || s.agency != a.Agency) {
		err = notFound("no act %s on many dossiers", id)
	}
	if err != nil {
		return engine.Bulk{}, coded(err, "read act %s", id)
	}
	b, err := readAsked[engine.Bulk](s)
	b.Dossiers, b.Filter, b.Retry = nil, nil, id
	if strings.TrimSpace(reason) != "" {
		b.Reason = reason
	}
	return b, coded(err, "read act %s", id)
}

// concerned is what was named, what passes the filter now, or what another act
// was refused.
func (d bulkDeed) concerned() (string, []any) {
	switch {
	case d.Filter != nil:
		where, args, _ := selection(*d.Filter) // which was checked
		if !d.actor.Leads() {
			args = append(args, d.actor.Oversees)
			where += ` AND d.department = ANY ($` + placeholder(len(args)) + `::text[])`
		}
		return `SELECT d.code, true AS known FROM dossiers d` + where, args
	case d.Retry != "":
		return `SELECT dossier AS code, EXISTS (SELECT FROM dossiers d WHERE d.code = r.dossier AND d.agency = $2) AS known
			FROM act_results r WHERE act_id = $1 AND result = 'refused'`, []any{d.Retry, d.agency}
	}
	return `SELECT asked.code, d.id IS NOT NULL AS known
		FROM unnest($1::text[]) AS asked (code) LEFT JOIN dossiers d ON d.code = asked.code AND d.agency = $2`, []any{d.Dossiers, d.agency}
}

// bounded refuses an act on no dossier at all, or on more than one act may be on.
func (d bulkDeed) bounded(ctx context.Context, db queryer) error {
	sql, args := d.concerned()
	var n int
	err := db.QueryRow(ctx, `SELECT count(*) FROM (SELECT FROM (`+sql+`) AS concerned LIMIT `+placeholder(engine.MaxBulk+1)+`) AS counted`, args...).Scan(&n)
	switch path := d.path(); {
	case err != nil:
		return err
	case n == 0:
		return &engine.Error{Code: engine.CodeInvalid, Path: path, Message: "no dossier passes: there is nothing to act on"}
	case n > engine.MaxBulk:
		return engine.TooMany(n, path)
	}
	return nil
}

func (d bulkDeed) path() string {
	if d.Filter != nil {
		return "/filter"
	}
	return "/dossiers"
}

// decide gives the verb to one dossier. The engine asks of each whether the
// actor may.
func (d bulkDeed) decide(ctx context.Context, db queryer, c concerned) (verdict, error) {
	rules, err := d.l.rules(ctx, db, c.kase, c.revision)
	if err != nil {
		return verdict{}, err
	}
	decision, err := engine.Decide(rules, c.kase, d.Command(d.id, c.kase.Dossier, d.actor), c.now)
	v, err := verdictOf(rules, c, decision, engine.Moves(c.kase, decision), err)
	if slices.ContainsFunc(decision.Facts, func(f engine.Fact) bool { return f.Kind == engine.FactEventProposed }) {
		v.outcome.Message = "it waits to be endorsed"
	}
	return v, err
}

// CancelAct ends an act on many dossiers before it is through: those it has not
// come to stay as they are, and what is done stays done. One that is over
// already is as it was. Errors: CodeNotFound, CodeWrongRole, CodeInvalid for an
// act of another kind, CodeUnavailable.
func (l *Ledger) CancelAct(ctx context.Context, a engine.Actor, id string) (engine.ActRecord, error) {
	s, _, err := findAct(ctx, l.pool, id)
	if err == nil && !s.concerns(a.Agency) {
		err = notFound("no act %s", id)
	}
	switch {
	case err != nil:
		return engine.ActRecord{}, coded(err, "read act %s", id)
	case s.kind != engine.ActBulk:
		return engine.ActRecord{}, &engine.Error{Code: engine.CodeInvalid, Message: "an act of kind " + string(s.kind) + " is seen through: ending it half way would leave dossiers under two rules"}
	case a.ID != s.actor.ID && !a.Leads():
		return engine.ActRecord{}, engine.Errorf(engine.CodeWrongRole, "an act is cancelled by %s, who asked for it, or by a leader", s.actor.ID)
	}
	err = pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) error { return cancel(ctx, tx, a, id) })
	if err != nil {
		return engine.ActRecord{}, coded(err, "cancel act %s", id)
	}
	return l.Act(ctx, a.Agency, id)
}

// cancel waits for the dossiers that are being decided at this moment, whose
// results are locked: they are done.
func cancel(ctx context.Context, tx pgx.Tx, a engine.Actor, id string) error {
	tag, err := tx.Exec(ctx, `UPDATE acts SET finished_at = clock_timestamp(), cancelled_by = $2 WHERE id = $1 AND finished_at IS NULL`, id, a.ID)
	if err != nil || tag.RowsAffected() == 0 {
		return err
	}
	_, err = tx.Exec(ctx, `
		UPDATE act_results SET result = 'cancelled', message = 'the act was cancelled before', decided_at = clock_timestamp()
		WHERE act_id = $1 AND result = 'pending'`, id)
	return err
}
