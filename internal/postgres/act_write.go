package postgres

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

var errTorn = errors.New("the stored case does not match its row")

// decideOne decides one dossier of an act. One whose record is broken is noted
// as such: it does not keep the others waiting.
func (l *Ledger) decideOne(ctx context.Context, a act, d deed, dossier string) error {
	err := l.decideLocked(ctx, a, d, dossier)
	if errors.Is(err, errTorn) {
		b := &pgx.Batch{}
		if err = queueResult(b, a.id, unreadable(dossier)); err == nil {
			err = l.pool.SendBatch(ctx, b).Close()
		}
	}
	return coded(err, "decide %s", dossier)
}

// decideLocked decides and writes under the lock that everybody who changes
// the dossier takes, and notes the result in the same transaction.
func (l *Ledger) decideLocked(ctx context.Context, a act, d deed, dossier string) error {
	w, err := l.begin(ctx)
	if err != nil {
		return err
	}
	defer w.end()
	h, err := w.lock(ctx, dossier, "")
	var said *engine.Error
	if errors.As(err, &said) && said.Code == engine.CodeInternal {
		return errors.Join(errTorn, err)
	}
	if err != nil {
		return err
	}
	var pending bool
	c := concerned{kase: h.kase, now: h.now, revision: h.revision}
	// The result is locked too: an act that is cancelled or cut short meanwhile
	// waits for this dossier, or this dossier is not decided any more.
	err = w.QueryRow(ctx, `
		SELECT r.result = 'pending', d.fields FROM act_results r JOIN dossiers d ON d.code = r.dossier
		WHERE r.act_id = $1 AND r.dossier = $2 FOR NO KEY UPDATE OF r`, a.id, dossier).Scan(&pending, &c.fields)
	if err != nil || !pending { // somebody else was quicker
		return err
	}
	v, err := d.decide(ctx, w, c)
	if err != nil {
		return err
	}
	return writeAct(ctx, w, a, h, v)
}

// stirSQL wakes the workflow of a dossier that is about to be changed, if it
// has to look at another moment than its timer is set for, or to do something
// now. An act that leaves the moments of a thousand dossiers as they are, as a
// reassignment does, must not make an officer's event wait behind as many
// wake-ups.
const stirSQL = `
INSERT INTO outbox (kind, dossier, next_at)
SELECT 'wake', code, $2 FROM dossiers WHERE id = $1 AND ($3 OR next_at IS DISTINCT FROM $2::timestamptz)`

// writeAct records what became of a dossier and ends the transaction. Its
// workflow is woken where the next moment is another one, where it ends, or has
// linked dossiers to open.
func writeAct(ctx context.Context, w *work, a act, h held, v verdict) error {
	b := &pgx.Batch{}
	changed := len(v.Facts) > 0
	if changed {
		o := v.Outcome(engine.Command{ID: a.id})
		b.Queue(stirSQL, h.id, moment(o.NextAt), o.Closed || len(o.Opens) > 0)
		if err := queueChange(b, h, v.Decision); err != nil {
			return err
		}
		if c := v.Case; c.Procedure != h.kase.Procedure || c.Calendar != h.kase.Calendar {
			b.Queue(`UPDATE dossiers SET procedure_version = $2, procedure_sha256 = $3, calendar_version = $4 WHERE id = $1`,
				h.id, c.Procedure.Version, c.Procedure.SHA256, c.Calendar.Version)
		}
	}
	if err := queueResult(b, a.id, v.outcome); err != nil {
		return err
	}
	return w.commit(ctx, b, changed)
}

const resultSQL = `
UPDATE act_results SET result = $3, state = $4, code = $5, message = $6, moves = $7, decided_at = clock_timestamp()
WHERE act_id = $1 AND dossier = $2 AND result = 'pending'`

func queueResult(b *pgx.Batch, id string, o engine.ActOutcome) error {
	moves, err := json.Marshal(append([]engine.Move{}, o.Moves...))
	if err != nil {
		return err
	}
	b.Queue(resultSQL, id, o.Dossier, o.Result, o.State, o.Code, o.Message, string(moves))
	return nil
}
