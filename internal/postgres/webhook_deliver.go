package postgres

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"motcua/engine"
)

// claimDeliveriesSQL takes what is due, from each subscription a few, so that one that
// is slow does not hold the others up. Rows that another worker is taking are
// skipped. Only the first pending one of a dossier is ever due. Nothing is due
// to a subscription whose secrets cannot all be opened here.
const claimDeliveriesSQL = `
WITH due AS MATERIALIZED (
	SELECT d.id, w.url FROM webhooks w
	CROSS JOIN LATERAL (
		SELECT id FROM deliveries
		WHERE webhook_id = w.id AND state = 'pending' AND available_at <= now()
		ORDER BY available_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
	) AS d
	WHERE w.enabled AND w.retry_at <= now() AND w.id <> ALL ($4)
		AND NOT EXISTS (SELECT FROM webhook_secrets s WHERE s.webhook_id = w.id AND s.until_at > now() AND s.key_id <> ALL ($5))
	LIMIT $1
)
UPDATE deliveries d SET available_at = now() + $3::interval, attempts = d.attempts + 1
FROM due WHERE d.id = due.id
RETURNING d.id, d.webhook_id, due.url, d.announcement, d.attempts, d.attempts - d.replayed,
	ARRAY(SELECT s.secret FROM webhook_secrets s WHERE s.webhook_id = d.webhook_id AND s.until_at > now() ORDER BY s.id DESC),
	ARRAY(SELECT s.key_id FROM webhook_secrets s WHERE s.webhook_id = d.webhook_id AND s.until_at > now() ORDER BY s.id DESC)`

// ClaimDeliveries takes up to limit deliveries for the time of a lease, from no
// subscription more than each, and none of those that are busy. What a worker
// holds that dies comes back by itself. A secret that was altered is an error,
// beside the others' deliveries. Errors: CodeUnavailable, CodeInternal.
func (l *Ledger) ClaimDeliveries(ctx context.Context, limit, each int, lease time.Duration, busy []string) ([]engine.Delivery, error) {
	rows, err := l.pool.Query(ctx, claimDeliveriesSQL, limit, each, lease, some(busy), some(l.keys.IDs()))
	if err != nil {
		return nil, coded(err, "claim deliveries")
	}
	var altered error
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d engine.Delivery, err error) {
		var keys []*string
		if err = row.Scan(&d.ID, &d.Webhook, &d.URL, &d.Announcement, &d.Attempts, &d.Tries, &d.Secrets, &keys); err == nil {
			altered = cmp.Or(altered, l.openSecrets(&d, keys))
		}
		return d, err
	})
	list = slices.DeleteFunc(list, func(d engine.Delivery) bool { return d.Secrets == nil })
	return list, coded(cmp.Or(err, altered), "claim deliveries")
}

// Attempted puts on record what became of sending a delivery. Delivered or dead,
// it lets the next of the dossier go; otherwise it is due again later. A
// subscriber that is away is left alone as a whole, for longer each time and a
// minute at most, and one that nothing has reached for too long is disabled. Errors: CodeUnavailable.
func (l *Ledger) Attempted(ctx context.Context, d engine.Delivery, a engine.Attempt) error {
	err := pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) error {
		// The subscription's row makes ends of deliveries and new ones wait for
		// each other; see announce.
		tag, err := tx.Exec(ctx, `SELECT FROM webhooks WHERE id = $1 FOR NO KEY UPDATE`, d.Webhook)
		if err != nil || tag.RowsAffected() == 0 { // deleted meanwhile, and the delivery with it
			return err
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO delivery_attempts (delivery_id, number, at, status, latency_ms, failure, excerpt)
			SELECT id, $2, $3, $4, $5, $6, left($7, 256) FROM deliveries WHERE id = $1 ON CONFLICT DO NOTHING`,
			d.ID, a.Number, a.At, a.Status, a.Latency.Milliseconds(), a.Failure, a.Excerpt)
		if err != nil {
			return err
		}
		if a.Delivered() {
			return delivered(ctx, tx, d)
		}
		return l.failed(ctx, tx, d, a)
	})
	return coded(err, "record an attempt of delivery %d", d.ID)
}

// delivered ends a delivery. A subscriber that was away is there again: what
// waited for its next attempt need not wait any longer.
func delivered(ctx context.Context, tx pgx.Tx, d engine.Delivery) error {
	var dossier int64
	err := tx.QueryRow(ctx, `
		UPDATE deliveries SET state = 'delivered', ended_at = now() WHERE id = $1 AND state <> 'delivered' RETURNING dossier_id`, d.ID).Scan(&dossier)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // by another worker, while this one was slow
	}
	if err != nil {
		return err
	}
	var was bool
	err = tx.QueryRow(ctx, `
		UPDATE webhooks w SET failures = 0, failing_since = NULL, retry_at = '-infinity'
		FROM (SELECT id, failures > 0 AS was FROM webhooks WHERE id = $1) AS before WHERE w.id = before.id RETURNING before.was`, d.Webhook).Scan(&was)
	if err != nil {
		return err
	}
	b := &pgx.Batch{}
	queueRelease(b, []string{d.Webhook}, dossier)
	if was {
		// Not what is being sent now: its lease would end, and it would go twice.
		b.Queue(`
			UPDATE deliveries d SET available_at = now()
			WHERE webhook_id = $1 AND state = 'pending' AND available_at > now() AND available_at < 'infinity'
				AND EXISTS (SELECT FROM delivery_attempts a WHERE a.delivery_id = d.id AND a.number = d.attempts)`, d.Webhook)
	}
	return tx.SendBatch(ctx, b).Close()
}

func (l *Ledger) failed(ctx context.Context, tx pgx.Tx, d engine.Delivery, a engine.Attempt) error {
	var dossier int64
	var dead bool
	err := tx.QueryRow(ctx, `
		UPDATE deliveries SET
			state = CASE WHEN give_up_at <= now() THEN 'dead' ELSE state END,
			ended_at = CASE WHEN give_up_at <= now() THEN now() END,
			available_at = least(now() + $2::interval, greatest(give_up_at, now()))
		WHERE id = $1 AND state = 'pending' AND attempts = $3 RETURNING dossier_id, state = 'dead'`, d.ID, a.RetryIn, d.Attempts).Scan(&dossier, &dead)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	b := &pgx.Batch{}
	if dead {
		queueRelease(b, []string{d.Webhook}, dossier)
	}
	queueFailure(b, d.Webhook, a, l.webhooks.DisableAfter)
	return tx.SendBatch(ctx, b).Close()
}

// queueFailure notes on the subscription that something failed.
func queueFailure(b *pgx.Batch, webhook string, a engine.Attempt, disableAfter time.Duration) {
	if a.Away() {
		b.Queue(`
			UPDATE webhooks SET failures = failures + 1,
				retry_at = now() + greatest($2::interval, (0.5 + random() / 2) * least(interval '1 second' * 2 ^ least(failures, 6), interval '1 minute'))
			WHERE id = $1`, webhook, a.Asked)
	}
	b.Queue(`UPDATE webhooks SET failing_since = coalesce(failing_since, now()) WHERE id = $1`, webhook)
	b.Queue(`
		UPDATE webhooks SET enabled = false, disabled_at = now(), disabled_reason = CASE
			WHEN $3 THEN 'the subscriber answered 410: it wants no more'
			ELSE format('nothing succeeded since %s; the last failure: %s', to_char(failing_since AT TIME ZONE interval '7 hours', 'YYYY-MM-DD HH24:MI'), $4::text) END
		WHERE id = $1 AND enabled AND ($3 OR failing_since <= now() - $2::interval)`, webhook, disableAfter, a.Gone(), a.Why())
}

// TidyDeliveries declares dead what is over its time, also of subscriptions
// that are disabled, lets go what waited for it, and forgets what is over for
// long and secrets that are. It says how many died. Errors: CodeUnavailable,
// also where nothing can be sent to a subscription because a key is missing.
func (l *Ledger) TidyDeliveries(ctx context.Context, lease time.Duration) (int, error) {
	died := 0
	b := &pgx.Batch{}
	// What is being sent is left to whoever sends it.
	b.Queue(`
		UPDATE deliveries SET state = 'dead', ended_at = now() WHERE id IN (
			SELECT id FROM deliveries WHERE state = 'pending' AND give_up_at < now() - $1::interval LIMIT 1000 FOR UPDATE SKIP LOCKED
		)`, lease).Exec(func(tag pgconn.CommandTag) error { died = int(tag.RowsAffected()); return nil })
	b.Queue(`
		UPDATE deliveries d SET available_at = now() WHERE state = 'pending' AND available_at = 'infinity' AND NOT EXISTS (
			SELECT FROM deliveries p WHERE p.webhook_id = d.webhook_id AND p.dossier_id = d.dossier_id AND p.state = 'pending' AND (p.seq, p.part) < (d.seq, d.part)
		)`)
	b.Queue(`DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries WHERE state <> 'pending' AND ended_at < now() - $1::interval LIMIT 1000)`, l.webhooks.Keep)
	b.Queue(`DELETE FROM webhook_secrets WHERE until_at < now() - interval '1 day'`)
	err := l.pool.SendBatch(ctx, b).Close()
	if err == nil {
		err = l.unsealable(ctx)
	}
	return died, coded(err, "tidy deliveries")
}
