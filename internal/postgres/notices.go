package postgres

import (
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// mailing wraps a statement that inserts notifications: those whose officers
// have an address are to be mailed, too. One statement, so that telling costs
// no further round trip, and an officer without an address no row. A minute
// passes before a mail goes out, so that what falls due together goes together.
func mailing(insert string) string {
	return `WITH told AS (` + insert + ` RETURNING id, officer, deliver_at)
INSERT INTO notification_deliveries (notification_id, channel, agency, officer, next_at)
SELECT t.id, o.notify_by, o.agency, o.id, t.deliver_at + interval '1 minute'
FROM told t JOIN officers o ON o.id = t.officer WHERE o.notify_by = 'email' AND o.email <> ''`
}

var noticesSQL = mailing(`
INSERT INTO notifications (dossier_id, officer, clock, rung, level, rung_text, raise, state, moment, created_at, deliver_at)
SELECT $1, n.officer, n.clock, n.rung, n.level, n.rung_text, n.raise, n.state, n.moment, $2, n.deliver_at
FROM unnest($3::text[], $4::text[], $5::int[], $6::int[], $7::text[], $8::text[], $9::text[], $10::timestamptz[], $11::timestamptz[])
	AS n (officer, clock, rung, level, rung_text, raise, state, moment, deliver_at)
ON CONFLICT DO NOTHING`)

// queueNotices tells officers of the rungs that fired: those the engine found.
func queueNotices(b *pgx.Batch, id int64, d engine.Decision, now time.Time) {
	var officers, clocks, words, raises, states []string
	var rungs, levels []int32
	var moments, deliveries []time.Time
	for _, n := range d.Notices {
		for _, officer := range n.Officers {
			officers, clocks = append(officers, officer), append(clocks, n.Clock)
			rungs, levels = append(rungs, int32(n.Rung)), append(levels, int32(n.Level)) //nolint:gosec // a ladder has 50 rungs, an agency 500 levels at most
			words, raises, states = append(words, n.Text), append(raises, n.Raise), append(states, n.Subject)
			moments, deliveries = append(moments, n.Moment), append(deliveries, n.Deliver)
		}
	}
	if len(officers) > 0 {
		b.Queue(noticesSQL, id, now, officers, clocks, rungs, levels, words, raises, states, moments, deliveries)
	}
}
