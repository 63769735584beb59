package postgres

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

var updateSQL = `UPDATE dossiers SET (` + projected + `) = (` + placeholders(2, projectedColumns) + `) WHERE id = $1`

// write records a decision and ends the transaction, in one round trip.
func (l *Ledger) write(ctx context.Context, w *work, h held, d engine.Decision, o engine.Outcome, wake bool) error {
	b := &pgx.Batch{}
	changed := len(d.Facts) > 0
	if changed {
		if err := queueChange(b, h, d); err != nil {
			return err
		}
	}
	if h.command.ID != "" {
		answer, err := json.Marshal(o)
		if err != nil {
			return err
		}
		b.Queue(`UPDATE commands SET decided_at = $3, outcome = $4, sealed = NULL WHERE dossier_id = $1 AND id = $2`, h.id, h.command.ID, h.now, string(answer))
	}
	wake = wake && changed
	if wake {
		queueErrand(b, engine.ErrandWake, o)
	}
	return w.commit(ctx, b, wake || len(d.Tells) > 0)
}

// queueChange writes what a decision did to a dossier, all but the answer to
// its command.
func queueChange(b *pgx.Batch, h held, d engine.Decision) error {
	digest, err := queueFacts(b, h.id, h.digest, d)
	if err != nil {
		return err
	}
	b.Queue(updateSQL, append([]any{h.id}, projection(d, appointmentAfter(h.before, d), digest)...)...)
	if err := queueParts(b, h.id, d, h.now); err != nil {
		return err
	}
	queueKey(b, h.id, h.safe, nil)
	if len(h.fields) > 0 {
		b.Queue(`UPDATE dossiers SET fields = fields || $2 WHERE id = $1`, h.id, h.fields)
	}
	return nil
}

const factsSQL = `
INSERT INTO facts (dossier_id, command_id, seq, kind, at, recorded_at, actor_kind, actor, body, digest)
SELECT $1, $2, f.seq, f.kind, f.at, f.recorded_at, f.actor_kind, f.actor, f.body::json, f.digest
FROM unnest($3::bigint[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[], $8::text[], $9::text[], $10::text[])
	AS f (seq, kind, at, recorded_at, actor_kind, actor, body, digest)`

// queueFacts seals the facts of a decision, one to the next, and returns the last link.
func queueFacts(b *pgx.Batch, id int64, link engine.Digest, d engine.Decision) (engine.Digest, error) {
	n := len(d.Facts)
	seqs, kinds, ats, recorded := make([]int64, n), make([]string, n), make([]time.Time, n), make([]time.Time, n)
	actorKinds, actors, bodies, digests := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	for i, f := range d.Facts {
		body, next, err := engine.Seal(link, d.Case.Dossier, f)
		if err != nil {
			return "", err
		}
		link = next
		seqs[i], kinds[i], ats[i], recorded[i] = f.Seq, string(f.Kind), f.At, f.At
		if !f.RecordedAt.IsZero() {
			recorded[i] = f.RecordedAt
		}
		actorKinds[i], actors[i], bodies[i], digests[i] = string(f.ActorKind), f.Actor, string(body), string(link)
	}
	b.Queue(factsSQL, id, d.Facts[0].Command, seqs, kinds, ats, recorded, actorKinds, actors, bodies, digests)
	return link, nil
}

// queueParts writes what a decision did to clocks and handoffs, and whom it
// tells: officers, other dossiers, and those who read the feed of changes.
func queueParts(b *pgx.Batch, id int64, d engine.Decision, now time.Time) error {
	if err := queueClocks(b, id, d); err != nil {
		return err
	}
	for _, f := range d.Facts {
		queueHandoff(b, id, f)
	}
	queueNotices(b, id, d, now)
	queueNews(b, id, d)
	queueWatchers(b, id, d, now)
	return queueTells(b, d)
}

const clocksSQL = `
INSERT INTO clocks (dossier_id, id, seq, kind, subject, department, started_at, due_at, running, breached, stopped_at, verdict, body)
SELECT $1, k.id, k.seq, k.kind, k.subject, k.department, k.started_at, k.due_at, k.running, k.breached, k.stopped_at, k.verdict, k.body::json
FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::timestamptz[], $9::boolean[], $10::boolean[],
	$11::timestamptz[], $12::text[], $13::text[])
	AS k (id, seq, kind, subject, department, started_at, due_at, running, breached, stopped_at, verdict, body)
ON CONFLICT (dossier_id, id) DO UPDATE SET due_at = excluded.due_at, running = excluded.running, breached = excluded.breached,
	stopped_at = excluded.stopped_at, verdict = excluded.verdict, body = excluded.body`

// queueClocks writes the last shape of every clock the decision touched.
func queueClocks(b *pgx.Batch, id int64, d engine.Decision) error {
	var ids, kinds, subjects, departments, verdicts, bodies []string
	var seqs []int64
	var started []time.Time
	var due, stopped []*time.Time
	var running, breached []bool
	for _, t := range touched(d) {
		body, err := json.Marshal(t.Clock)
		if err != nil {
			return err
		}
		ids, seqs, kinds = append(ids, t.ID), append(seqs, t.seq), append(kinds, string(t.Kind))
		subjects, departments = append(subjects, t.Subject), append(departments, t.Department)
		started, due = append(started, t.StartedAt), append(due, moment(t.Due))
		running, breached = append(running, t.Open() && t.Running()), append(breached, t.Breached)
		stopped, verdicts, bodies = append(stopped, moment(t.StoppedAt)), append(verdicts, string(t.Verdict)), append(bodies, string(body))
	}
	if len(ids) > 0 {
		b.Queue(clocksSQL, id, ids, seqs, kinds, subjects, departments, started, due, running, breached, stopped, verdicts, bodies)
	}
	return nil
}

// touchedClock is a clock in its last shape, and the fact that started it if
// that was in the same decision.
type touchedClock struct {
	engine.Clock
	seq int64
}

func touched(d engine.Decision) []touchedClock {
	var out []touchedClock
	place := map[string]int{}
	touch := func(id string, seq int64) {
		if _, seen := place[id]; !seen {
			place[id] = len(out)
			out = append(out, touchedClock{seq: seq})
		}
	}
	for _, f := range d.Facts {
		switch {
		case f.Clock != nil:
			touch(f.Clock.ID, f.Seq)
		case f.Rung != nil:
			touch(f.Rung.Clock, f.Seq)
		}
	}
	for _, list := range [][]engine.Clock{d.Stopped, d.Case.Clocks} {
		for _, k := range list {
			if i, ok := place[k.ID]; ok {
				out[i].Clock = k
			}
		}
	}
	return out
}

func queueHandoff(b *pgx.Batch, id int64, f engine.Fact) {
	switch f.Kind {
	case engine.FactHandoffSent:
		b.Queue(`INSERT INTO handoffs (dossier_id, seq, from_department, to_department, from_state, sent_at, slip) VALUES ($1, $2, $3, $4, $5, $6, nullif($7, ''))`,
			id, f.Seq, f.From, f.To, f.Handoff.FromState, f.At, f.Handoff.Slip)
	case engine.FactHandoffAccepted, engine.FactHandoffReturned, engine.FactHandoffRecalled:
		b.Queue(`UPDATE handoffs SET answer = $2, answered_at = $3, answered_by = $4 WHERE dossier_id = $1 AND answer IS NULL`,
			id, strings.TrimPrefix(string(f.Kind), "handoff-"), f.At, f.Actor)
	case engine.FactDepartmentChanged:
		queueMoved(b, id, f)
	default:
	}
}

func queueErrand(b *pgx.Batch, kind string, o engine.Outcome) {
	b.Queue(`INSERT INTO outbox (kind, dossier, next_at) VALUES ($1, $2, $3)`, kind, o.Dossier, moment(o.NextAt))
}

// placeholders writes "$from, …" for n parameters.
func placeholders(from, n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = "$" + strconv.Itoa(from+i)
	}
	return strings.Join(list, ", ")
}
