package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// triesShown is how many attempts of a delivery are listed.
const triesShown = 5

const deliveryListSQL = `
SELECT d.id, d.message, d.announcement ->> 'type', d.announcement ->> 'dossier', d.seq, d.state, d.attempts, d.created_at,
	CASE WHEN d.state = 'pending' THEN nullif(d.available_at, 'infinity') END, d.give_up_at, d.ended_at,
	(SELECT coalesce(jsonb_agg(jsonb_build_object('number', t.number, 'at', t.at, 'status', t.status, 'latency_ms', t.latency_ms,
		'failure', t.failure, 'excerpt', t.excerpt) ORDER BY t.at DESC), '[]')
		FROM (SELECT * FROM delivery_attempts a WHERE a.delivery_id = d.id ORDER BY a.at DESC LIMIT $5) t)
FROM deliveries d
WHERE d.webhook_id = $1 AND ($2 = '' OR d.state = $2) AND ($3 = 0 OR d.id < $3) ORDER BY d.id DESC LIMIT $4`

// Deliveries lists deliveries of a subscription, the newest first, with the
// last attempts of each. Errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) Deliveries(ctx context.Context, agency, webhook string, f engine.DeliveryFilter) ([]engine.DeliveryRecord, error) {
	if _, err := l.Webhook(ctx, agency, webhook); err != nil {
		return nil, err
	}
	rows, err := l.pool.Query(ctx, deliveryListSQL, webhook, f.State, f.Before, f.Limit, triesShown)
	if err != nil {
		return nil, coded(err, "list deliveries of webhook %s", webhook)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d engine.DeliveryRecord, err error) {
		var next, ended *time.Time
		err = row.Scan(&d.ID, &d.Message, &d.Type, &d.Dossier, &d.Seq, &d.State, &d.Attempts, &d.Created, &next, &d.GiveUpAt, &ended, &d.Tries)
		d.Created, d.GiveUpAt, d.NextAt, d.EndedAt = stored(d.Created), stored(d.GiveUpAt), orZero(next), orZero(ended)
		return d, err
	})
	return list, coded(err, "list deliveries of webhook %s", webhook)
}

// maxReplay is how many deliveries one replay takes; more take more replays.
const maxReplay = 10_000

const replaySQL = `
WITH again AS (
	UPDATE deliveries SET state = 'pending', available_at = 'infinity', replayed = attempts, ended_at = NULL, give_up_at = now() + $7::interval
	WHERE id IN (
		SELECT id FROM deliveries
		WHERE webhook_id = $1 AND state = $2 AND (cardinality($3::bigint[]) = 0 OR id = ANY ($3))
			AND ($4::timestamptz IS NULL OR created_at >= $4) AND ($5::timestamptz IS NULL OR created_at < $5)
		ORDER BY id LIMIT $6
	) RETURNING dossier_id
)
SELECT count(*), coalesce(array_agg(DISTINCT dossier_id), '{}') FROM again`

// Replay sends deliveries of a subscription again, under the ids they had: dead
// ones or, where that is asked for, those that were delivered. What is chosen of
// a dossier goes out in order. It says how many. Errors: CodeNotFound,
// CodeUnavailable.
func (l *Ledger) Replay(ctx context.Context, agency, webhook string, r engine.Replay) (int, error) {
	if _, err := l.Webhook(ctx, agency, webhook); err != nil {
		return 0, err
	}
	if r.State == "" {
		r.State = engine.DeliveryDead
	}
	n := 0
	err := pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT FROM webhooks WHERE id = $1 FOR NO KEY UPDATE`, webhook); err != nil {
			return err
		}
		var dossiers []int64
		err := tx.QueryRow(ctx, replaySQL, webhook, r.State, append([]int64{}, r.IDs...), moment(r.From), moment(r.To), maxReplay, l.webhooks.GiveUp).Scan(&n, &dossiers)
		if err != nil {
			return err
		}
		b := &pgx.Batch{}
		for _, dossier := range dossiers {
			queueRelease(b, []string{webhook}, dossier)
		}
		return tx.SendBatch(ctx, b).Close()
	})
	return n, coded(err, "replay deliveries of webhook %s", webhook)
}
