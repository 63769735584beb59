package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// changed is what the feed says of one dossier: which of its facts are new.
type changed struct {
	agency   string
	dossier  int64
	code     string
	from, to int64
}

// feedSQL reads on from a position, nothing that is younger than a transaction
// still under way: rows commit in another order than they are numbered. The
// order names the column, not the text beside it, in which 99 comes after 100.
const feedSQL = `
SELECT c.xact::text, c.id, c.agency, c.dossier_id, c.dossier, c.from_seq, c.to_seq FROM changes c
WHERE (c.xact, c.id) > ($1::xid8, $2) AND c.xact < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY c.xact, c.id LIMIT $3`

// earlierSQL finds changes of the dossiers that are older by the record though
// younger in the feed: a transaction may have got its number before it waited
// for the dossier. They are committed, or the later ones could not be.
const earlierSQL = `
SELECT c.dossier_id, min(c.from_seq) FROM changes c
JOIN unnest($3::bigint[], $4::bigint[]) AS t (dossier_id, to_seq) ON t.dossier_id = c.dossier_id AND c.to_seq < t.to_seq
WHERE (c.xact, c.id) > ($1::xid8, $2) GROUP BY c.dossier_id`

// Announce makes deliveries of the next changes in the feed, up to limit of
// them, and says how many it read. One process at a time does; any other finds
// nothing to do. What was made and how far the feed was read commit together.
// A dossier whose record cannot be read is passed over, and the error says so
// after the rest is done. Errors: CodeUnavailable, CodeInternal.
func (l *Ledger) Announce(ctx context.Context, limit int) (int, error) {
	read, skipped := 0, error(nil)
	err := pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) error {
		var mine bool
		if err := tx.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock(hashtext('motcua announce'))`).Scan(&mine); err != nil || !mine {
			return err
		}
		list, n, err := readFeed(ctx, tx, limit)
		if err != nil || n == 0 {
			return err
		}
		read = n
		skipped, err = l.announce(ctx, tx, list)
		return err
	})
	if err == nil {
		err = skipped
	}
	return read, coded(err, "announce changes")
}

// readFeed takes the next changes, by dossier, and moves the position.
func readFeed(ctx context.Context, tx pgx.Tx, limit int) ([]changed, int, error) {
	var xact string
	var id int64
	if err := tx.QueryRow(ctx, `SELECT xact::text, id FROM webhook_position`).Scan(&xact, &id); err != nil {
		return nil, 0, err
	}
	rows, err := tx.Query(ctx, feedSQL, xact, id, limit)
	if err != nil {
		return nil, 0, err
	}
	var list []changed
	n := 0
	var c changed
	_, err = pgx.ForEachRow(rows, []any{&xact, &id, &c.agency, &c.dossier, &c.code, &c.from, &c.to}, func() error {
		n++
		if i := slices.IndexFunc(list, func(o changed) bool { return o.dossier == c.dossier }); i >= 0 {
			list[i].from, list[i].to = min(list[i].from, c.from), max(list[i].to, c.to)
			return nil
		}
		list = append(list, c)
		return nil
	})
	if err != nil || n == 0 {
		return nil, 0, err
	}
	if err := reachBack(ctx, tx, list, xact, id); err != nil {
		return nil, 0, err
	}
	_, err = tx.Exec(ctx, `UPDATE webhook_position SET xact = $1::xid8, id = $2`, xact, id)
	return list, n, err
}

// reachBack lets each dossier begin at what is older than its newest fact.
func reachBack(ctx context.Context, tx pgx.Tx, list []changed, xact string, id int64) error {
	dossiers, ends := make([]int64, len(list)), make([]int64, len(list))
	for i, c := range list {
		dossiers[i], ends[i] = c.dossier, c.to
	}
	rows, err := tx.Query(ctx, earlierSQL, xact, id, dossiers, ends)
	if err != nil {
		return err
	}
	var dossier, from int64
	_, err = pgx.ForEachRow(rows, []any{&dossier, &from}, func() error {
		i := slices.Index(dossiers, dossier)
		list[i].from = min(list[i].from, from)
		return nil
	})
	return err
}

// announce makes the deliveries of what subscribers ask for. The lock keeps
// deliveries from ending meanwhile, so that what waits for one is let go.
func (l *Ledger) announce(ctx context.Context, tx pgx.Tx, list []changed) (skipped, err error) {
	subscribers, err := subscribers(ctx, tx, list)
	if err != nil || len(subscribers) == 0 {
		return nil, err
	}
	for _, c := range list {
		var mine []engine.Webhook
		for _, w := range subscribers {
			if w.Agency == c.agency {
				mine = append(mine, w)
			}
		}
		if len(mine) == 0 {
			continue
		}
		told, err := l.announcements(ctx, tx, c)
		if engine.CodeOf(err) == engine.CodeInternal {
			skipped = errors.Join(skipped, err)
			continue
		}
		if err != nil {
			return skipped, err
		}
		if err := l.queueDeliveries(ctx, tx, c, mine, told); err != nil {
			return skipped, err
		}
	}
	return skipped, nil
}

func subscribers(ctx context.Context, tx pgx.Tx, list []changed) ([]engine.Webhook, error) {
	var agencies []string
	for _, c := range list {
		if !slices.Contains(agencies, c.agency) {
			agencies = append(agencies, c.agency)
		}
	}
	rows, err := tx.Query(ctx, `
		SELECT id, agency, types, procedures, departments, status_only FROM webhooks
		WHERE agency = ANY ($1) ORDER BY id FOR NO KEY UPDATE`, agencies)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (w engine.Webhook, err error) {
		return w, row.Scan(&w.ID, &w.Agency, &w.Types, &w.Procedures, &w.Departments, &w.StatusOnly)
	})
}

// announcements are what there is to tell of a dossier's new facts.
func (l *Ledger) announcements(ctx context.Context, tx pgx.Tx, c changed) ([]engine.Announcement, error) {
	rows, err := tx.Query(ctx, `SELECT body FROM facts WHERE dossier_id = $1 AND seq <= $2 ORDER BY seq`, c.dossier, c.to)
	if err != nil {
		return nil, err
	}
	facts, err := pgx.CollectRows(rows, pgx.RowTo[engine.Fact])
	if err != nil {
		return nil, err
	}
	return engine.Announcements(facts, c.from, func(ref engine.ProcedureRef) (*engine.Machine, error) { return l.machine(ctx, tx, ref) })
}

// deliveriesSQL leaves what was announced before as it is.
const deliveriesSQL = `
INSERT INTO deliveries (webhook_id, dossier_id, seq, part, message, announcement, give_up_at)
SELECT t.webhook_id, $1, t.seq, t.part, t.message, t.announcement::json, now() + $7::interval
FROM unnest($2::text[], $3::bigint[], $4::smallint[], $5::text[], $6::text[]) AS t (webhook_id, seq, part, message, announcement)
ON CONFLICT (webhook_id, message) DO NOTHING`

func (l *Ledger) queueDeliveries(ctx context.Context, tx pgx.Tx, c changed, subscribers []engine.Webhook, told []engine.Announcement) error {
	var hooks, messages, bodies []string
	var seqs []int64
	var parts []int16
	for _, a := range told {
		body, err := json.Marshal(a)
		if err != nil {
			return err
		}
		for _, w := range subscribers {
			if w.Wants(a) {
				hooks, messages, bodies = append(hooks, w.ID), append(messages, a.ID), append(bodies, string(body))
				seqs, parts = append(seqs, a.Seq), append(parts, int16(a.Part)) //nolint:gosec // one of three
			}
		}
	}
	if len(hooks) == 0 {
		return nil
	}
	b := &pgx.Batch{}
	b.Queue(deliveriesSQL, c.dossier, hooks, seqs, parts, messages, bodies, l.webhooks.GiveUp)
	queueRelease(b, hooks, c.dossier)
	return tx.SendBatch(ctx, b).Close()
}

// releaseSQL lets the first that is pending of a dossier go, for each of some
// subscriptions.
const releaseSQL = `
UPDATE deliveries d SET available_at = now()
FROM (SELECT DISTINCT unnest($1::text[]) AS webhook_id) AS w
CROSS JOIN LATERAL (
	SELECT id FROM deliveries p WHERE p.webhook_id = w.webhook_id AND p.dossier_id = $2 AND p.state = 'pending' ORDER BY p.seq, p.part LIMIT 1
) AS head
WHERE d.id = head.id AND d.available_at = 'infinity'`

func queueRelease(b *pgx.Batch, webhooks []string, dossier int64) {
	b.Queue(releaseSQL, webhooks, dossier)
}
