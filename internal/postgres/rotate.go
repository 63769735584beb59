package postgres

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// rewrapped is how many data keys are sealed anew in one transaction: few
// enough that nobody who starts or erases a dossier waits for long.
const rewrapped = 200

// KeyUse says how much rests on one key of the ring.
type KeyUse struct {
	ID       string `json:"id"`
	Dossiers int64  `json:"dossiers"`
	Commands int64  `json:"commands"` // that wait to be decided
	Secrets  int64  `json:"webhook_secrets"`
}

// KeyUses counts, by key of the ring, what is sealed under it: a key that
// nothing rests on may be removed. Errors: CodeUnavailable.
func (l *Ledger) KeyUses(ctx context.Context) ([]KeyUse, error) {
	rows, err := l.pool.Query(ctx, `
		SELECT key_id, coalesce(d.n, 0), coalesce(s.n, 0)
		FROM (SELECT key_id, count(*) AS n FROM dossier_keys WHERE wrapped IS NOT NULL GROUP BY key_id) d
		FULL JOIN (SELECT key_id, count(*) AS n FROM webhook_secrets WHERE key_id IS NOT NULL AND until_at > now() GROUP BY key_id) s USING (key_id)
		ORDER BY key_id`)
	if err != nil {
		return nil, coded(err, "count keys")
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (u KeyUse, err error) { return u, row.Scan(&u.ID, &u.Dossiers, &u.Secrets) })
	if err != nil {
		return nil, coded(err, "count keys")
	}
	waiting, err := l.pool.Query(ctx, `SELECT sealed FROM commands WHERE sealed IS NOT NULL`)
	if err != nil {
		return nil, coded(err, "count keys")
	}
	var sealed []byte
	_, err = pgx.ForEachRow(waiting, []any{&sealed}, func() error {
		list = counted(list, l.keys.KeyOf(sealed))
		return nil
	})
	return list, coded(err, "count keys")
}

func counted(list []KeyUse, id string) []KeyUse {
	for i := range list {
		if list[i].ID == id {
			list[i].Commands++
			return list
		}
	}
	return append(list, KeyUse{ID: id, Commands: 1})
}

// Rewrap seals everything that rests on another key of the ring under the
// active one, and secrets of webhooks that are not sealed yet, in small
// transactions, and tells after each how many dossiers are done. Only what is
// sealed anew is written: no ciphertext of a dossier is touched, nobody has to
// stop. It can be cut off and called again, and finds nothing to do when all is
// done. Errors: CodeUnavailable, also where a key that is needed is missing: it
// names it.
func (l *Ledger) Rewrap(ctx context.Context, progress func(done int)) error {
	done := 0
	for {
		n, err := l.rewrapSome(ctx)
		if err != nil {
			return coded(err, "rewrap data keys")
		}
		if n == 0 {
			break
		}
		done += n
		progress(done)
	}
	if err := l.rewrapWaiting(ctx); err != nil {
		return coded(err, "rewrap commands")
	}
	_, err := l.SealSecrets(ctx)
	return err
}

func (l *Ledger) rewrapSome(ctx context.Context) (n int, err error) {
	err = pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `
			SELECT k.dossier_id, d.code, k.wrapped FROM dossier_keys k JOIN dossiers d ON d.id = k.dossier_id
			WHERE k.wrapped IS NOT NULL AND k.key_id <> $1 ORDER BY k.dossier_id LIMIT $2 FOR UPDATE OF k`, l.keys.Active(), rewrapped)
		if err != nil {
			return err
		}
		var ids []int64
		var keys [][]byte
		var id int64
		var code string
		var wrapped []byte
		_, err = pgx.ForEachRow(rows, []any{&id, &code, &wrapped}, func() error {
			key, err := l.keys.Open(wrapped, keyPlace(code))
			if err != nil {
				return err
			}
			again, err := l.keys.Seal(key, keyPlace(code))
			ids, keys = append(ids, id), append(keys, again)
			return err
		})
		if err != nil || len(ids) == 0 {
			return err
		}
		n = len(ids)
		_, err = tx.Exec(ctx, `
			UPDATE dossier_keys k SET key_id = $1, wrapped = new.wrapped FROM unnest($2::bigint[], $3::bytea[]) AS new (id, wrapped)
			WHERE k.dossier_id = new.id`, l.keys.Active(), ids, keys)
		return err
	})
	return n, err
}

// rewrapWaiting does the same with commands that wait to be decided: few, as a
// rule none.
func (l *Ledger) rewrapWaiting(ctx context.Context) error {
	rows, err := l.pool.Query(ctx, `
		SELECT c.dossier_id, d.code, c.id, c.sealed FROM commands c JOIN dossiers d ON d.id = c.dossier_id WHERE c.sealed IS NOT NULL`)
	if err != nil {
		return err
	}
	b := &pgx.Batch{}
	var id int64
	var code, command string
	var sealed []byte
	_, err = pgx.ForEachRow(rows, []any{&id, &code, &command, &sealed}, func() error {
		if l.keys.KeyOf(sealed) == l.keys.Active() {
			return nil
		}
		plain, err := l.keys.Open(sealed, commandPlace(code, command))
		if err != nil {
			return err
		}
		again, err := l.keys.Seal(plain, commandPlace(code, command))
		b.Queue(`UPDATE commands SET sealed = $3 WHERE dossier_id = $1 AND id = $2 AND sealed IS NOT NULL`, id, command, again)
		return err
	})
	if err != nil {
		return err
	}
	return l.pool.SendBatch(ctx, b).Close()
}

// SealOld brings in the dossiers from before there were keys: their applicants
// and personal fields are sealed, what they are found by is indexed, and
// comments of decided commands, which the facts hold, are taken out. Comments
// in facts that were sealed into the chain in the clear stay as they are: they
// cannot change. It works in small transactions, can be cut off and called
// again, and tells how many dossiers are done. Errors: CodeUnavailable.
func (l *Ledger) SealOld(ctx context.Context, progress func(done int)) error {
	last, done := int64(0), 0
	for {
		ids, codes, err := l.unsealed(ctx, last)
		if err != nil {
			return coded(err, "look for what is not sealed")
		}
		if len(ids) == 0 {
			return nil
		}
		for i, code := range codes {
			if err := l.sealOld(ctx, code); err != nil {
				return coded(err, "seal %s", code)
			}
			last = ids[i]
		}
		done += len(ids)
		progress(done)
	}
}

func (l *Ledger) unsealed(ctx context.Context, after int64) (ids []int64, codes []string, err error) {
	rows, err := l.pool.Query(ctx, `
		SELECT id, code FROM dossiers WHERE jsonb_typeof(applicant) = 'object' AND id > $1 ORDER BY id LIMIT $2`, after, rewrapped)
	if err != nil {
		return nil, nil, err
	}
	var id int64
	var code string
	_, err = pgx.ForEachRow(rows, []any{&id, &code}, func() error {
		ids, codes = append(ids, id), append(codes, code)
		return nil
	})
	return ids, codes, err
}

func (l *Ledger) sealOld(ctx context.Context, dossier string) error {
	w, err := l.begin(ctx)
	if err != nil {
		return err
	}
	defer w.end()
	h, err := w.lock(ctx, dossier, "")
	if err != nil {
		return err
	}
	var stored []byte
	var fields map[string]any
	if err := w.QueryRow(ctx, `SELECT applicant, fields FROM dossiers WHERE id = $1`, h.id).Scan(&stored, &fields); err != nil {
		return err
	}
	m, err := l.machine(ctx, w, h.kase.Procedure)
	if err != nil {
		return err
	}
	b := &pgx.Batch{}
	if err := l.queueOld(b, h, m, stored, fields); err != nil {
		return err
	}
	return w.commit(ctx, b, false)
}

func (l *Ledger) queueOld(b *pgx.Batch, h held, m *engine.Machine, stored []byte, fields map[string]any) error {
	var applicant engine.Applicant
	if strings.HasPrefix(string(stored), `"`) { // somebody was quicker
		return nil
	}
	if err := json.Unmarshal(stored, &applicant); err != nil {
		return err
	}
	s, err := l.filled(h.kase.Dossier, h.key)
	if err != nil {
		return err
	}
	if fields, err = s.openFields(fields); err != nil { // some may be sealed by an event since
		return err
	}
	if fields, err = s.sealFields(m, fields); err != nil {
		return err
	}
	sealed, err := s.sealApplicant(applicant)
	if err != nil {
		return err
	}
	queueKey(b, h.id, s, nil)
	b.Queue(termsSQL, h.id, l.applicantTerms(applicant))
	b.Queue(`UPDATE dossiers SET applicant = $2, fields = $3 WHERE id = $1`, h.id, sealed, fields)
	b.Queue(`
		UPDATE commands SET body = (body::jsonb - 'comment' - 'fields')::json
		WHERE dossier_id = $1 AND outcome IS NOT NULL AND (body::jsonb ? 'comment' OR body::jsonb ? 'fields')`, h.id)
	return nil
}
