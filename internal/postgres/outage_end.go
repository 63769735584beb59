package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// EndOutage says when an outage was over, now if that is not said, and puts the
// act on record that lets the clocks run again; see [Ledger.RunAct]. Dossiers
// that did not know of it are given the time they lost. An outage ends once: at
// the same moment again changes nothing. Errors: those of [engine.MayDeclare]
// and [engine.CheckOutage], CodeNotFound, CodeEventNotPermitted for one that
// has ended at another moment, CodeUnavailable.
func (l *Ledger) EndOutage(ctx context.Context, a engine.Actor, id string, until time.Time, comment string) (engine.Outage, engine.ActRecord, error) {
	if err := engine.MayDeclare(a); err != nil {
		return engine.Outage{}, engine.ActRecord{}, err
	}
	var o engine.Outage
	var ending string
	err := pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) (err error) {
		o, ending, err = end(ctx, tx, a, id, stored(until), comment)
		return err
	})
	if err != nil {
		return engine.Outage{}, engine.ActRecord{}, coded(err, "end outage %s", id)
	}
	r, err := l.Act(ctx, a.Agency, ending)
	return o, r, err
}

// end writes the end of an outage and returns the id of the act that carries
// it out.
func end(ctx context.Context, tx pgx.Tx, a engine.Actor, id string, until time.Time, comment string) (engine.Outage, string, error) {
	now, err := alone(ctx, tx, id)
	if err != nil {
		return engine.Outage{}, "", err
	}
	// A dossier that is being started under the outage is waited for: it must be
	// among those whose clocks run again.
	if _, err := tx.Exec(ctx, `SELECT FROM outages WHERE id = $1 FOR UPDATE`, id); err != nil {
		return engine.Outage{}, "", err
	}
	o, err := oneOutage(ctx, tx, a.Agency, id)
	if err != nil {
		return o, "", err
	}
	ending := sum([]byte("end\x00" + id))[:32]
	if !o.Until.IsZero() {
		return ended(ctx, tx, o, until)
	}
	if o.Until = until; until.IsZero() {
		o.Until = now
	}
	if err := engine.CheckOutage(o, now); err != nil {
		return o, "", err
	}
	if err := cutShort(ctx, tx, id); err != nil {
		return o, "", err
	}
	if comment == "" {
		comment = o.Reason
	}
	order := orderOf(o)
	request := act{id: ending, kind: engine.ActOutageEnd, agency: o.Agency, subject: o.ID, body: order, reason: comment, actor: a}
	if err := listAct(ctx, tx, request, outageDeed{outageOrder: order, act: request}); err != nil {
		return o, "", err
	}
	o.Ended = a.ID
	_, err = tx.Exec(ctx, `UPDATE outages SET until_at = $2, ended_by = $3, end_act = $4 WHERE id = $1`, id, o.Until, o.Ended, ending)
	return o, ending, err
}

// ended answers for an outage that has ended: with the act that ended it.
func ended(ctx context.Context, tx pgx.Tx, o engine.Outage, until time.Time) (engine.Outage, string, error) {
	if !until.IsZero() && !until.Equal(o.Until) {
		return o, "", engine.Errorf(engine.CodeEventNotPermitted, "the outage has ended already, on %s", o.Until.Format(time.RFC3339))
	}
	var by string
	err := tx.QueryRow(ctx, `SELECT coalesce(end_act, id) FROM outages WHERE id = $1`, o.ID).Scan(&by)
	return o, by, err
}

// cutShort ends the act that declared an outage: clocks that it has not stopped
// yet are given the time they lost by the act that ends the outage. One that it
// is stopping at this moment is waited for there, by the dossier's lock.
func cutShort(ctx context.Context, tx pgx.Tx, id string) error {
	if _, err := tx.Exec(ctx, `UPDATE acts SET finished_at = clock_timestamp() WHERE id = $1 AND finished_at IS NULL`, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		UPDATE act_results SET result = 'unchanged', message = 'the outage was over before', decided_at = clock_timestamp()
		WHERE act_id = $1 AND result = 'pending'`, id)
	return err
}
