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
	// codes are the dossiers it is on; they are needed once, to be listed.
	codes []string
	more  bool // there are others yet
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
			if err := d.bounded(); err != nil {
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
	if err := d.bounded(); err != nil {
		return engine.ActPage{}, err
	}
	page, err := l.previewAct(ctx, d, cursor, pageSize(limit))
	return page, coded(err, "preview an act on many dossiers")
}

// bulk checks what can be checked without a dossier, and finds those it is on.
// The filter of somebody who heads departments is on what stands there.
func (l *Ledger) bulk(ctx context.Context, a engine.Actor, id string, b engine.Bulk) (bulkDeed, error) {
	b.Dossiers = slices.Compact(slices.Sorted(slices.Values(b.Dossiers)))
	if b.Filter != nil {
		f := *b.Filter
		f.Reach, f.Sort, f.Cursor, f.Limit = engine.BulkReach(a), "", "", 0
		b.Filter = &f
	}
	d := bulkDeed{Bulk: b, act: act{id: id, kind: engine.ActBulk, agency: a.Agency, subject: b.Event, body: b, reason: b.Reason, actor: a}, l: l}
	if err := engine.CheckBulk(a, b); err != nil {
		return d, err
	}
	if err := d.choose(ctx); err != nil {
		return d, err
	}
	if b.Filter != nil && b.Filter.Query != "" { // which may be somebody's name
		f := *b.Filter
		f.Query = engine.QueryUnrecorded
		b.Filter, d.whole = &f, b
		d.body = b
	}
	return d, nil
}

// choose finds the dossiers the act is on: those named, those that pass the
// filter now, or those another act was refused.
func (d *bulkDeed) choose(ctx context.Context) (err error) {
	switch {
	case d.Filter != nil:
		d.codes, d.more, err = d.l.Codes(ctx, *d.Filter, engine.MaxBulk)
		return err
	case d.Retry == "":
		d.codes = d.Dossiers
		return nil
	}
	if _, err := d.l.bulkAct(ctx, d.agency, d.Retry); err != nil {
		return err
	}
	rows, err := d.l.pool.Query(ctx, `SELECT dossier FROM act_results WHERE act_id = $1 AND result = 'refused' ORDER BY dossier`, d.Retry)
	if err == nil {
		d.codes, err = pgx.CollectRows(rows, pgx.RowTo[string])
	}
	return coded(err, "list what act %s was refused", d.Retry)
}

// bulkAct finds an act on many dossiers of an agency.
func (l *Ledger) bulkAct(ctx context.Context, agency, id string) (storedAct, error) {
	s, _, err := findAct(ctx, l.pool, id)
	if err == nil && (s.kind != engine.ActBulk || s.agency != agency) {
		err = notFound("no act %s on many dossiers", id)
	}
	return s, coded(err, "read act %s", id)
}

// RetryBulk is the act that tries again what another one was refused: the same
// verb in the name of whoever asks now. Errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) RetryBulk(ctx context.Context, a engine.Actor, id, reason string) (engine.Bulk, error) {
	s, err := l.bulkAct(ctx, a.Agency, id)
	if err != nil {
		return engine.Bulk{}, err
	}
	b, err := readAsked[engine.Bulk](s)
	b.Dossiers, b.Filter, b.Retry = nil, nil, id
	if strings.TrimSpace(reason) != "" {
		b.Reason = reason
	}
	return b, coded(err, "read act %s", id)
}

func (d bulkDeed) concerned() (string, []any) {
	return `SELECT asked.code, d.id IS NOT NULL AS known
		FROM unnest($1::text[]) AS asked (code) LEFT JOIN dossiers d ON d.code = asked.code AND d.agency = $2`, []any{d.codes, d.agency}
}

// bounded refuses an act on no dossier at all, or on more than one act may be on.
func (d bulkDeed) bounded() error {
	switch {
	case d.more:
		return engine.TooMany(len(d.codes)+1, d.path())
	case len(d.codes) == 0:
		return &engine.Error{Code: engine.CodeInvalid, Path: d.path(), Message: "no dossier passes: there is nothing to act on"}
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
