package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// Erase destroys the data key of a closed dossier, so that its personal data
// cannot be read by anybody any more, wherever its ciphertext lies, backups
// excepted; it deletes what the dossier was found by, and puts a fact on record
// that says so. The chain of the facts holds as before: it is over ciphertext.
// A dossier is erased once; again is a repetition. Keep is how long a closed
// dossier is kept; negative: no rule. Errors: those of [engine.Erase],
// CodeUnavailable.
func (l *Ledger) Erase(ctx context.Context, e engine.Erasure, keep time.Duration) (engine.Erased, error) {
	out, err := l.erase(ctx, e, keep)
	return out, coded(err, "erase personal data of %s", e.Dossier)
}

func (l *Ledger) erase(ctx context.Context, e engine.Erasure, keep time.Duration) (engine.Erased, error) {
	w, err := l.begin(ctx)
	if err != nil {
		return engine.Erased{}, err
	}
	defer w.end()
	h, err := w.lock(ctx, e.Dossier, "")
	if err != nil {
		return engine.Erased{}, err
	}
	if h.kase.Agency != e.Actor.Agency {
		return engine.Erased{}, notFound("no dossier %s", e.Dossier)
	}
	if h.key.erased {
		return w.erasedBefore(ctx, h)
	}
	rules, err := l.rules(ctx, w, h.kase, h.revision)
	if err != nil {
		return engine.Erased{}, err
	}
	d, err := engine.Erase(rules, h.kase, e, keep, h.now)
	if err != nil {
		return engine.Erased{}, err
	}
	b := &pgx.Batch{}
	if err := queueChange(b, h, d); err != nil {
		return engine.Erased{}, err
	}
	queueErasure(b, h, e, personal(rules.Machine))
	return engine.Erased{Dossier: e.Dossier, Seq: d.Case.Seq, At: h.now}, w.commit(ctx, b, false)
}

// queueErasure destroys the key and what else says something about a person. A
// dossier from before there were keys has its values in the clear: they go
// with it, whether or not they are in envelopes.
func queueErasure(b *pgx.Batch, h held, e engine.Erasure, fields []string) {
	b.Queue(`
		INSERT INTO dossier_keys (dossier_id, key_id, wrapped, erased_at, erased_by, basis) VALUES ($1, '', NULL, $2, $3, $4)
		ON CONFLICT (dossier_id) DO UPDATE SET wrapped = NULL, erased_at = excluded.erased_at, erased_by = excluded.erased_by, basis = excluded.basis`,
		h.id, h.now, e.Actor.ID, e.Basis)
	b.Queue(`DELETE FROM dossier_terms WHERE dossier_id = $1`, h.id)
	b.Queue(`UPDATE dossiers SET applicant = to_jsonb('{mc1:erased}'::text), fields = fields - $2::text[] WHERE id = $1`, h.id, append([]string{}, fields...))
	b.Queue(`UPDATE commands SET sealed = NULL, body = (body::jsonb - 'comment' - 'fields')::json WHERE dossier_id = $1`, h.id)
}

// erasedBefore answers a repetition.
func (w *work) erasedBefore(ctx context.Context, h held) (engine.Erased, error) {
	out := engine.Erased{Dossier: h.kase.Dossier, Repeated: true}
	err := w.QueryRow(ctx, `SELECT seq, at FROM facts WHERE dossier_id = $1 AND kind = $2 ORDER BY seq LIMIT 1`, h.id, engine.FactPersonalErased).
		Scan(&out.Seq, &out.At)
	return out, err
}

// Erasable lists closed dossiers of an agency whose time of retention is over
// and whose personal data is still there, the longest closed first. Errors:
// CodeUnavailable.
func (l *Ledger) Erasable(ctx context.Context, agency string, keep time.Duration, limit int) ([]string, error) {
	rows, err := l.pool.Query(ctx, `
		SELECT d.code FROM dossiers d
		WHERE d.agency = $1 AND d.closed_at < now() - $2::interval
			AND NOT EXISTS (SELECT FROM dossier_keys k WHERE k.dossier_id = d.id AND k.erased_at IS NOT NULL)
		ORDER BY d.closed_at, d.id LIMIT $3`, agency, keep, pageSize(limit))
	if err != nil {
		return nil, coded(err, "list what may be erased")
	}
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return list, coded(err, "list what may be erased")
}
