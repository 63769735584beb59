package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

const (
	// openGaugesSQL counts as the lists do, but that soon is a day by the clock.
	openGaugesSQL = `
SELECT agency, status, count(*),
	count(*) FILTER (WHERE NOT ` + overdueSQL + ` AND due_running AND due_at < now() + interval '24 hours'),
	count(*) FILTER (WHERE ` + overdueSQL + `)
FROM dossiers d WHERE closed_at IS NULL GROUP BY agency, status ORDER BY agency, status`

	// gaugesSQL looks at no more rungs than the newest ten thousand. A subscriber
	// has its dead deliveries under an index; those delivered are not read.
	gaugesSQL = `
WITH late AS (
	SELECT greatest(extract(epoch FROM created_at - moment), 0)::float8 AS seconds
	FROM (SELECT created_at, moment, fact FROM notifications ORDER BY id DESC LIMIT 10000) newest
	WHERE fact = '' AND created_at > now() - interval '1 hour'
), told AS (
	SELECT count(*) AS rungs, percentile_disc(ARRAY[0.5, 0.95, 1]) WITHIN GROUP (ORDER BY seconds) AS at FROM late
), box AS (
	SELECT count(*) AS errands, coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS age FROM outbox
)
SELECT box.errands, box.age,
	(SELECT count(*) FROM dossiers WHERE next_at < now() - interval '2 minutes' AND closed_at IS NULL),
	(SELECT count(*) FROM deliveries WHERE state = 'pending'),
	(SELECT coalesce(sum(n), 0)::bigint FROM webhooks w
		CROSS JOIN LATERAL (SELECT count(*) AS n FROM deliveries d WHERE d.webhook_id = w.id AND d.state = 'dead') dead),
	told.rungs, coalesce(told.at[1], 0), coalesce(told.at[2], 0), coalesce(told.at[3], 0)
FROM box, told`
)

// Gauges reads what metrics show of the ledger, of all agencies, in one round
// trip. ctx bounds how long that may take. Errors: CodeUnavailable, CodeInternal.
func (l *Ledger) Gauges(ctx context.Context) (engine.Gauges, error) {
	var g engine.Gauges
	b := &pgx.Batch{}
	b.Queue(openGaugesSQL).Query(func(rows pgx.Rows) (err error) {
		g.Open, err = pgx.CollectRows(rows, pgx.RowToStructByPos[engine.OpenGauge])
		return err
	})
	b.Queue(gaugesSQL).QueryRow(func(row pgx.Row) error {
		return row.Scan(&g.Outbox, &g.OutboxAge, &g.Overslept, &g.Waiting, &g.Dead, &g.Rungs, &g.LateHalf, &g.LateMost, &g.LateMaximum)
	})
	return g, coded(l.pool.SendBatch(ctx, b).Close(), "read gauges")
}
