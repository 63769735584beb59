package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// CreateWebhook puts a subscription of the actor's agency on record and makes
// its first secret. The key is its id: a repetition finds the same one, without
// the secret, which is shown once. Errors: those of [engine.CheckWebhook],
// CodeIdempotencyConflict, CodeUnavailable.
func (l *Ledger) CreateWebhook(ctx context.Context, a engine.Actor, key string, w engine.Webhook) (engine.IssuedWebhook, error) {
	if err := engine.CheckWebhook(w, l.webhooks.PlainLoopback); err != nil {
		return engine.IssuedWebhook{}, err
	}
	raw, shown := newSecret()
	err := pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			INSERT INTO webhooks (id, agency, url, description, types, procedures, departments, status_only, created_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING`,
			key, a.Agency, w.URL, w.Description, some(w.Types), some(w.Procedures), some(w.Departments), w.StatusOnly, a.ID)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			shown = ""
			return nil
		}
		return l.addSecret(ctx, tx, key, raw)
	})
	if err != nil {
		return engine.IssuedWebhook{}, coded(err, "create webhook")
	}
	made, err := l.Webhook(ctx, a.Agency, key)
	if err == nil && shown == "" && made.URL != w.URL {
		err = engine.Errorf(engine.CodeIdempotencyConflict, "the key was used for another request")
	}
	return engine.IssuedWebhook{Webhook: made, Secret: shown}, err
}

// some is a list as a column that may not be null.
func some(list []string) []string {
	return append([]string{}, list...)
}

const webhooksSQL = `
SELECT w.id, w.agency, w.url, w.description, w.types, w.procedures, w.departments, w.status_only, w.enabled,
	coalesce(w.disabled_reason, ''), w.disabled_at, w.failing_since, w.created_at, w.created_by,
	(SELECT count(*) FROM deliveries d WHERE d.webhook_id = w.id AND d.state = 'pending'),
	(SELECT count(*) FROM deliveries d WHERE d.webhook_id = w.id AND d.state = 'dead'),
	(SELECT coalesce(jsonb_agg(jsonb_build_object('created_at', s.created_at, 'until', nullif(s.until_at, 'infinity')) ORDER BY s.id DESC), '[]')
		FROM webhook_secrets s WHERE s.webhook_id = w.id AND s.until_at > now())
FROM webhooks w WHERE w.agency = $1 AND ($2 = '' OR w.id = $2) ORDER BY w.created_at, w.id`

// Webhooks lists the subscriptions of an agency, oldest first. Errors:
// CodeUnavailable.
func (l *Ledger) Webhooks(ctx context.Context, agency string) ([]engine.Webhook, error) {
	list, err := l.findWebhooks(ctx, agency, "")
	return list, coded(err, "list webhooks of %s", agency)
}

// Webhook finds one. Errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) Webhook(ctx context.Context, agency, id string) (engine.Webhook, error) {
	list, err := l.findWebhooks(ctx, agency, id)
	switch {
	case err != nil:
		return engine.Webhook{}, coded(err, "read webhook %s", id)
	case len(list) == 0 || id == "":
		return engine.Webhook{}, notFound("no webhook %s", id)
	}
	return list[0], nil
}

func (l *Ledger) findWebhooks(ctx context.Context, agency, id string) ([]engine.Webhook, error) {
	rows, err := l.pool.Query(ctx, webhooksSQL, agency, id)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (w engine.Webhook, err error) {
		var disabled, failing *time.Time
		err = row.Scan(&w.ID, &w.Agency, &w.URL, &w.Description, &w.Types, &w.Procedures, &w.Departments, &w.StatusOnly, &w.Enabled,
			&w.DisabledReason, &disabled, &failing, &w.CreatedAt, &w.CreatedBy, &w.Pending, &w.Dead, &w.Secrets)
		w.DisabledAt, w.FailingSince, w.CreatedAt = orZero(disabled), orZero(failing), stored(w.CreatedAt)
		return w, err
	})
}

// ChangeWebhook replaces what a subscription asks for, and enables or disables
// it. One that is enabled again begins without failures. Errors: CodeNotFound,
// those of [engine.CheckWebhook], CodeUnavailable.
func (l *Ledger) ChangeWebhook(ctx context.Context, a engine.Actor, w engine.Webhook) (engine.Webhook, error) {
	if err := engine.CheckWebhook(w, l.webhooks.PlainLoopback); err != nil {
		return engine.Webhook{}, err
	}
	tag, err := l.pool.Exec(ctx, `
		UPDATE webhooks SET url = $3, description = $4, types = $5, procedures = $6, departments = $7, status_only = $8, enabled = $9,
			disabled_reason = CASE WHEN $9 THEN NULL WHEN enabled THEN 'disabled by ' || $10 ELSE disabled_reason END,
			disabled_at = CASE WHEN $9 THEN NULL WHEN enabled THEN now() ELSE disabled_at END,
			failures = CASE WHEN enabled THEN failures ELSE 0 END,
			failing_since = CASE WHEN enabled THEN failing_since END,
			retry_at = CASE WHEN enabled THEN retry_at ELSE '-infinity' END
		WHERE id = $1 AND agency = $2`,
		w.ID, a.Agency, w.URL, w.Description, some(w.Types), some(w.Procedures), some(w.Departments), w.StatusOnly, w.Enabled, a.ID)
	if err != nil {
		return engine.Webhook{}, coded(err, "change webhook %s", w.ID)
	}
	if tag.RowsAffected() == 0 {
		return engine.Webhook{}, notFound("no webhook %s", w.ID)
	}
	return l.Webhook(ctx, a.Agency, w.ID)
}

// DeleteWebhook ends a subscription, and forgets what was on its way. Errors:
// CodeNotFound, CodeUnavailable.
func (l *Ledger) DeleteWebhook(ctx context.Context, agency, id string) error {
	tag, err := l.pool.Exec(ctx, `DELETE FROM webhooks WHERE id = $1 AND agency = $2`, id, agency)
	if err == nil && tag.RowsAffected() == 0 {
		return notFound("no webhook %s", id)
	}
	return coded(err, "delete webhook %s", id)
}

// RotateWebhook makes a new secret. The one before stays valid for the overlap,
// and deliveries carry signatures by both; one that was being replaced already
// ends at once. The one before need not be legible: that is the way out where
// its key is lost. Errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) RotateWebhook(ctx context.Context, agency, id string, overlap time.Duration) (engine.IssuedWebhook, error) {
	raw, shown := newSecret()
	err := pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `SELECT FROM webhooks WHERE id = $1 AND agency = $2 FOR NO KEY UPDATE`, id, agency)
		if err == nil && tag.RowsAffected() == 0 {
			return notFound("no webhook %s", id)
		}
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM webhook_secrets WHERE webhook_id = $1 AND until_at < 'infinity'`, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE webhook_secrets SET until_at = now() + $2::interval WHERE webhook_id = $1`, id, overlap); err != nil {
			return err
		}
		_, err = l.sealSecrets(ctx, tx, `SELECT webhook_id, id, secret, key_id FROM webhook_secrets WHERE webhook_id = $1 AND key_id IS NULL FOR UPDATE`, id)
		if err != nil {
			return err
		}
		return l.addSecret(ctx, tx, id, raw)
	})
	if err != nil {
		return engine.IssuedWebhook{}, coded(err, "rotate the secret of webhook %s", id)
	}
	w, err := l.Webhook(ctx, agency, id)
	return engine.IssuedWebhook{Webhook: w, Secret: shown}, err
}
