package postgres

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// secretBytes is how much chance is in a secret: Standard Webhooks asks for 24
// to 64 bytes.
const secretBytes = 32

// newSecret makes a secret, as it is used and as it is shown.
func newSecret() (raw []byte, shown string) {
	raw = make([]byte, secretBytes)
	_, _ = rand.Read(raw) // never fails: crypto/rand ends the program instead
	return raw, engine.SecretPrefix + base64.StdEncoding.EncodeToString(raw)
}

// secretPlace is what the secrets of a subscription are sealed for.
func secretPlace(webhook string) string { return "webhook-secret/" + webhook }

// addSecret stores a secret of a subscription, sealed: without a key ring none
// is made.
func (l *Ledger) addSecret(ctx context.Context, tx pgx.Tx, webhook string, raw []byte) error {
	sealed, err := l.keys.Seal(raw, secretPlace(webhook))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO webhook_secrets (webhook_id, secret, key_id) VALUES ($1, $2, $3)`, webhook, sealed, l.keys.KeyOf(sealed))
	return err
}

// openSecret reads a secret as stored. One without a key is from before they
// were sealed.
func (l *Ledger) openSecret(webhook string, stored []byte, key *string) ([]byte, error) {
	if key == nil {
		return stored, nil
	}
	raw, err := l.keys.Open(stored, secretPlace(webhook))
	if err != nil {
		return nil, fmt.Errorf("secret of webhook %s: %w", webhook, err)
	}
	return raw, nil
}

// openSecrets opens those that a delivery is signed with. All or none: a
// subscriber may know but the newest.
func (l *Ledger) openSecrets(d *engine.Delivery, keys []*string) error {
	for i := range d.Secrets {
		raw, err := l.openSecret(d.Webhook, d.Secrets[i], keys[i])
		if err != nil {
			d.Secrets = nil
			return err
		}
		d.Secrets[i] = raw
	}
	return nil
}

// unsealable names the first key that subscriptions wait for: what is due to
// them stays until somebody brings it. Nothing, where none is missing.
func (l *Ledger) unsealable(ctx context.Context) error {
	var webhook, key string
	err := l.pool.QueryRow(ctx, `
		SELECT webhook_id, key_id FROM webhook_secrets WHERE until_at > now() AND key_id <> ALL ($1) ORDER BY webhook_id LIMIT 1`,
		some(l.keys.IDs())).Scan(&webhook, &key)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return engine.Errorf(engine.CodeUnavailable, "key %q is needed and is not in the key ring: nothing is sent to webhook %s", key, webhook)
}

// SealSecrets seals the secrets of subscriptions under the active key: those of
// another key, and those from before they were sealed. It works in small
// transactions, can be cut off and called again, and says how many it sealed.
// Errors: CodeUnavailable, also where a key that is needed is missing: it names
// it.
func (l *Ledger) SealSecrets(ctx context.Context) (int, error) {
	done := 0
	for {
		n := 0
		err := pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) (err error) {
			n, err = l.sealSecrets(ctx, tx, `
				SELECT webhook_id, id, secret, key_id FROM webhook_secrets WHERE key_id IS DISTINCT FROM $1 AND until_at > now()
				ORDER BY webhook_id, id LIMIT $2 FOR UPDATE`, l.keys.Active(), rewrapped)
			return err
		})
		if done += n; err != nil || n == 0 {
			return done, coded(err, "seal the secrets of webhooks")
		}
	}
}

// sealSecrets seals what a query finds, which locks it.
func (l *Ledger) sealSecrets(ctx context.Context, tx pgx.Tx, query string, args ...any) (int, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	b := &pgx.Batch{}
	var webhook string
	var id int64
	var secret []byte
	var key *string
	_, err = pgx.ForEachRow(rows, []any{&webhook, &id, &secret, &key}, func() error {
		raw, err := l.openSecret(webhook, secret, key)
		if err != nil {
			return err
		}
		sealed, err := l.keys.Seal(raw, secretPlace(webhook))
		b.Queue(`UPDATE webhook_secrets SET secret = $3, key_id = $4 WHERE webhook_id = $1 AND id = $2`, webhook, id, sealed, l.keys.KeyOf(sealed))
		return err
	})
	if err != nil || b.Len() == 0 {
		return 0, err
	}
	return b.Len(), tx.SendBatch(ctx, b).Close()
}
