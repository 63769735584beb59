package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
)

// Fire decides a submitted command, or returns the outcome it was decided with
// before. A refusal is an outcome: it is stored, and nothing else changes.
// Errors: CodeNotFound, CodeUnavailable, CodeInternal.
func (l *Ledger) Fire(ctx context.Context, dossier, command string) (engine.Outcome, error) {
	return l.decide(ctx, dossier, command, false)
}

// FireAway is Fire with a wake-up left for the dossier's workflow, when the
// command changed something: the way when Temporal is away.
func (l *Ledger) FireAway(ctx context.Context, dossier, command string) (engine.Outcome, error) {
	return l.decide(ctx, dossier, command, true)
}

func (l *Ledger) decide(ctx context.Context, dossier, command string, wake bool) (engine.Outcome, error) {
	if command == "" { // which would be a tick
		return engine.Outcome{}, notFound("a command has an id")
	}
	return l.change(ctx, dossier, command, wake)
}

// Tick lets time do what it has to do up to now. It is not recorded as a
// command, and when nothing was due it writes nothing.
func (l *Ledger) Tick(ctx context.Context, dossier string) (engine.Outcome, error) {
	return l.change(ctx, dossier, "", false)
}

// change locks the dossier, decides and writes, in two round trips. An empty
// command is a tick.
func (l *Ledger) change(ctx context.Context, dossier, command string, wake bool) (engine.Outcome, error) {
	w, err := l.begin(ctx)
	if err != nil {
		return engine.Outcome{}, coded(err, "fire %s on %s", command, dossier)
	}
	defer w.end()
	h, err := w.lock(ctx, dossier, command)
	if err != nil {
		return engine.Outcome{}, coded(err, "lock %s", dossier)
	}
	if h.decided != nil {
		h.decided.Repeated = true
		return *h.decided, nil
	}
	rules, err := l.rules(ctx, w, h.kase, h.revision)
	if err != nil {
		return engine.Outcome{}, err
	}
	if err := l.unseal(&h); err != nil {
		return engine.Outcome{}, coded(err, "open command %s on %s", command, dossier)
	}
	d, err := engine.Decide(rules, h.kase, h.command, h.now)
	o := d.Outcome(h.command)
	if err != nil {
		o, err = engine.Refused(rules, h.kase, h.command, err)
	}
	if err == nil && len(h.command.Fields) > 0 {
		h.fields, err = h.safe.sealFields(rules.Machine, h.command.Fields)
	}
	switch {
	case err != nil:
		return engine.Outcome{}, coded(err, "decide %s on %s", command, dossier)
	case len(d.Facts) == 0 && command == "": // a tick too early
		return o, nil
	}
	return o, coded(l.write(ctx, w, h, d, o, wake), "record %s on %s", command, dossier)
}

// held is a locked dossier and what is to be decided on it.
type held struct {
	id      int64
	kase    engine.Case
	digest  engine.Digest
	before  appointment // as last written
	now     time.Time
	command engine.Command
	decided *engine.Outcome // when the command had been decided before
	// revision is that of the agency's organisation.
	revision int64

	key    storedKey
	sealed []byte         // what is personal of the command
	safe   *safe          // when something is sealed for the record
	fields map[string]any // of the command, as stored
}

// lockSQL takes the row for one writer. NO KEY, because rows that refer to the
// dossier (commands being submitted) need not wait for a decision.
const lockSQL = `
SELECT id, snapshot, seq, digest, procedure_sha256, due_at, due_breached, due_provisional
FROM dossiers WHERE code = $1 FOR NO KEY UPDATE`

// commandSQL is a statement of its own, after the lock: it then sees what
// whoever held the lock before has committed, and its clock has passed that
// writer's. So it is here, too, that the revision of the agency is read.
const commandSQL = `
SELECT clock_timestamp(), c.body, c.outcome, coalesce(a.revision, 0), c.sealed, k.wrapped, k.erased_at IS NOT NULL
FROM (VALUES ($1::text, $2::text)) AS asked (dossier, command)
LEFT JOIN dossiers d ON d.code = asked.dossier
LEFT JOIN agencies a ON a.code = d.agency
LEFT JOIN commands c ON c.id = asked.command AND c.dossier_id = d.id
LEFT JOIN dossier_keys k ON k.dossier_id = d.id`

func (w *work) lock(ctx context.Context, dossier, command string) (held, error) {
	h := held{}
	var seq int64
	var sha string
	var body, outcome []byte
	b := opening()
	b.Queue(lockSQL, dossier).QueryRow(func(row pgx.Row) error {
		err := row.Scan(&h.id, &h.kase, &seq, &h.digest, &sha, &h.before.due, &h.before.breached, &h.before.provisional)
		if errors.Is(err, pgx.ErrNoRows) {
			return notFound("no dossier %s", dossier)
		}
		return err
	})
	b.Queue(commandSQL, dossier, command).QueryRow(func(row pgx.Row) error {
		return row.Scan(&h.now, &body, &outcome, &h.revision, &h.sealed, &h.key.wrapped, &h.key.erased)
	})
	err := w.send(ctx, b)
	if err != nil {
		return held{}, err
	}
	// Microseconds are what timestamptz keeps; the zone is the engine's, so
	// that a moment looks the same before and after it was stored.
	h.now = h.now.Truncate(time.Microsecond).In(calendar.Zone())
	if h.kase.Seq != seq || h.kase.Dossier != dossier || h.kase.Procedure.SHA256 != sha {
		return held{}, engine.Errorf(engine.CodeInternal, "the stored case of %s does not match its row", dossier)
	}
	if h.kase.Model != engine.CaseModel {
		if h.kase, err = refold(ctx, w, h.id); err != nil {
			return held{}, err
		}
	}
	return h, h.read(dossier, command, body, outcome)
}

// refold makes the case of a dossier that an earlier program has stored anew.
func refold(ctx context.Context, db queryer, id int64) (engine.Case, error) {
	rows, err := db.Query(ctx, `SELECT body FROM facts WHERE dossier_id = $1 ORDER BY seq`, id)
	if err != nil {
		return engine.Case{}, err
	}
	facts, err := pgx.CollectRows(rows, pgx.RowTo[engine.Fact])
	return engine.Fold(facts), err
}

// read takes over the command's row, or makes the tick.
func (h *held) read(dossier, command string, body, outcome []byte) error {
	switch {
	case command == "":
		h.command = engine.Tick(dossier)
		return nil
	case body == nil:
		return notFound("no command %s on dossier %s", command, dossier)
	case outcome != nil:
		h.decided = &engine.Outcome{}
		return json.Unmarshal(outcome, h.decided)
	}
	return json.Unmarshal(body, &h.command)
}
