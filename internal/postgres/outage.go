package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
)

// Outages lists the declared outages of an agency, newest first. Errors:
// CodeUnavailable.
func (l *Ledger) Outages(ctx context.Context, agency string) ([]engine.Outage, error) {
	list, err := outages(ctx, l.pool, `WHERE agency = $1 ORDER BY from_at DESC, id`, agency)
	return list, coded(err, "list outages of %s", agency)
}

func outages(ctx context.Context, db queryer, where string, args ...any) ([]engine.Outage, error) {
	rows, err := db.Query(ctx, `
		SELECT id, agency, coalesce(procedure, ''), system, reason, basis, from_at, until_at, declared_by, coalesce(ended_by, '')
		FROM outages `+where, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (o engine.Outage, err error) {
		var until *time.Time
		err = row.Scan(&o.ID, &o.Agency, &o.Procedure, &o.System, &o.Reason, &o.Basis, &o.From, &until, &o.Declared, &o.Ended)
		o.From, o.Until = o.From.In(calendar.Zone()), orZero(until)
		return o, err
	})
}

// oneOutage finds an outage of an agency.
func oneOutage(ctx context.Context, db queryer, agency, id string) (engine.Outage, error) {
	list, err := outages(ctx, db, `WHERE id = $1 AND agency = $2`, id, agency)
	if err == nil && len(list) == 0 {
		return engine.Outage{}, notFound("no outage %s", id)
	}
	if err != nil {
		return engine.Outage{}, err
	}
	return list[0], nil
}

// DeclareOutage puts an outage of the actor's agency on record, and the act
// that stops the clocks of its open dossiers, or of those of one procedure; it
// stops none yet, see [Ledger.RunAct]. Of an outage that is over already the
// act also lets them run again. The key is the id of both: the same key is the
// same outage. Errors: those of [engine.MayDeclare] and [engine.CheckOutage],
// CodeForbidden, CodeIdempotencyConflict, CodeUnavailable.
func (l *Ledger) DeclareOutage(ctx context.Context, a engine.Actor, key string, o engine.Outage) (engine.Outage, engine.ActRecord, error) {
	if err := engine.MayDeclare(a); err != nil {
		return engine.Outage{}, engine.ActRecord{}, err
	}
	if o.Agency != "" && o.Agency != a.Agency {
		return engine.Outage{}, engine.ActRecord{}, engine.Errorf(engine.CodeForbidden, "an outage is declared by the agency concerned")
	}
	if key == "" {
		key = random(16)
	}
	o.ID, o.Agency, o.Declared, o.Ended = key, a.Agency, a.ID, ""
	err := pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) (err error) {
		o, err = declare(ctx, tx, a, o)
		return err
	})
	if err != nil {
		return engine.Outage{}, engine.ActRecord{}, coded(err, "declare outage %s", key)
	}
	r, err := l.Act(ctx, a.Agency, key)
	return o, r, err
}

// declare writes the outage, or finds the one that was declared before.
func declare(ctx context.Context, tx pgx.Tx, a engine.Actor, o engine.Outage) (engine.Outage, error) {
	now, err := alone(ctx, tx, o.ID)
	if err != nil {
		return o, err
	}
	known, err := oneOutage(ctx, tx, o.Agency, o.ID)
	if err == nil {
		return known, sameOutage(known, o)
	}
	if engine.CodeOf(err) != engine.CodeNotFound {
		return o, err
	}
	o.From, o.Until = stored(o.From), stored(o.Until)
	if o.From.IsZero() {
		o.From = now
	}
	if err := engine.CheckOutage(o, now); err != nil {
		return o, err
	}
	order := orderOf(o)
	request := act{id: o.ID, kind: engine.ActOutage, agency: o.Agency, subject: o.ID, body: order, reason: o.Reason, actor: a}
	if err := listAct(ctx, tx, request, outageDeed{outageOrder: order, act: request}); err != nil {
		return o, err
	}
	if !o.Until.IsZero() {
		o.Ended = a.ID
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO outages (id, agency, procedure, system, reason, basis, from_at, until_at, declared_by, ended_by)
		VALUES ($1, $2, nullif($3, ''), $4, $5, $6, $7, $8, $9, nullif($10, ''))`,
		o.ID, o.Agency, o.Procedure, o.System, o.Reason, o.Basis, o.From, moment(o.Until), o.Declared, o.Ended)
	return o, err
}

// alone lets one transaction at a time work under a key, and reads the clock.
func alone(ctx context.Context, tx pgx.Tx, key string) (time.Time, error) {
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('motcua key ' || $1, 0))`, key); err != nil {
		return time.Time{}, err
	}
	var now time.Time
	err := tx.QueryRow(ctx, `SELECT clock_timestamp()`).Scan(&now)
	return stored(now), err
}

// stored is a moment as the database and the engine keep it.
func stored(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.Truncate(time.Millisecond).In(calendar.Zone())
}

// sameOutage refuses another outage under the same key. One that was declared
// as of now began when it was declared first, and may have ended since.
func sameOutage(known, o engine.Outage) error {
	same := known.Procedure == o.Procedure && known.System == o.System && known.Reason == o.Reason && known.Basis == o.Basis &&
		(o.From.IsZero() || known.From.Equal(stored(o.From))) && (o.Until.IsZero() || known.Until.Equal(stored(o.Until)))
	if !same {
		return engine.Errorf(engine.CodeIdempotencyConflict, "the key was used for another request")
	}
	return nil
}
