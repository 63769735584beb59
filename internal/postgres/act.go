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

// deed is what one act does with each of the dossiers it concerns. Preview and
// apply decide by it, so that they cannot differ.
type deed interface {
	// concerned is a query for the codes of the dossiers the act concerns, and
	// whether there is such a dossier: columns code and known.
	concerned() (sql string, args []any)
	// decide is the whole act for one dossier, but for the writing. A refusal is
	// an outcome; an error is what makes it worth another try.
	decide(ctx context.Context, db queryer, c concerned) (verdict, error)
}

// verdict is what an act decides of one dossier, and by which rules it runs then.
type verdict struct {
	engine.Decision
	rules   engine.Rules
	outcome engine.ActOutcome
}

// verdictOf words what the engine answered. An error that is none of the
// engine's words is returned as it is.
func verdictOf(r engine.Rules, c concerned, d engine.Decision, moves []engine.Move, err error) (verdict, error) {
	out, err := engine.ActOutcomeOf(c.kase, d, zoned(moves), err)
	return verdict{Decision: d, rules: r, outcome: out}, err
}

// concerned is a dossier as an act meets it.
type concerned struct {
	kase   engine.Case
	fields map[string]any // as stored; only what conditions rest on goes further
	now    time.Time
	// revision is that of the agency's organisation; 0: not read.
	revision int64
}

// command is what an act commands a dossier; its id is that of the act.
func (c concerned) command(id, event, comment string, a engine.Actor) engine.Command {
	return engine.Command{ID: id, Dossier: c.kase.Dossier, Event: event, Comment: comment, Actor: a}
}

// unreadable is the outcome for a dossier whose row contradicts its record: it
// stays, and somebody must look.
func unreadable(dossier string) engine.ActOutcome {
	return engine.ActOutcome{
		Dossier: dossier, Result: engine.ResultRejected, Code: engine.CodeInternal, Message: "the stored case does not match its row",
	}
}

// unknown is the outcome for a code that is no dossier of the procedure in the agency.
func unknown(dossier string) engine.ActOutcome {
	return engine.ActOutcome{
		Dossier: dossier, Result: engine.ResultRejected, Code: engine.CodeNotFound, Message: "no dossier of the procedure has this code",
	}
}

// act is a recorded act as it is stored.
type act struct {
	id      string
	kind    engine.ActKind
	agency  string // empty: of all agencies
	subject string
	body    any // what was asked
	whole   any // what the digest is of, where the body leaves something out
	reason  string
	actor   engine.Actor
}

// listAct puts an act on record and lists the dossiers it concerns; it changes
// none of them yet. The same request again is the same act.
func listAct(ctx context.Context, tx pgx.Tx, a act, d deed) error {
	body, err := json.Marshal(a.body)
	if err != nil {
		return err
	}
	authority, err := json.Marshal(a.actor)
	if err != nil {
		return err
	}
	digest := sum(body)
	if a.whole != nil {
		whole, err := json.Marshal(a.whole)
		if err != nil {
			return err
		}
		digest = sum(whole)
	}
	tag, err := tx.Exec(ctx, `
		INSERT INTO acts (id, kind, agency, subject, body, digest, reason, actor, authority, created_at)
		VALUES ($1, $2, nullif($3, ''), $4, $5, $6, $7, $8, $9, clock_timestamp()) ON CONFLICT (id) DO NOTHING`,
		a.id, a.kind, a.agency, a.subject, string(body), digest, a.reason, a.actor.ID, string(authority))
	if err != nil {
		return err
	}
	if tag.RowsAffected() == 0 {
		return sameAct(ctx, tx, a, digest)
	}
	return listConcerned(ctx, tx, a.id, d)
}

// sameAct refuses another request under the id of an act.
func sameAct(ctx context.Context, db queryer, a act, digest string) error {
	var known string
	err := db.QueryRow(ctx, `SELECT digest FROM acts WHERE id = $1 AND kind = $2 AND coalesce(agency, '') = $3`, a.id, a.kind, a.agency).Scan(&known)
	if err == nil && known != digest || errors.Is(err, pgx.ErrNoRows) {
		return engine.Errorf(engine.CodeIdempotencyConflict, "the key was used for another request")
	}
	return err
}

// listConcerned lists the dossiers an act concerns that it has not listed yet.
func listConcerned(ctx context.Context, tx pgx.Tx, id string, d deed) error {
	sql, args := d.concerned()
	n := len(args)
	none := unknown("")
	_, err := tx.Exec(ctx, `
		INSERT INTO act_results (act_id, dossier, result, code, message, decided_at)
		SELECT `+placeholders(n+1, 1)+`, code, CASE WHEN known THEN 'pending' ELSE `+placeholders(n+2, 1)+` END,
			CASE WHEN known THEN '' ELSE `+placeholders(n+3, 1)+` END, CASE WHEN known THEN '' ELSE `+placeholders(n+4, 1)+` END,
			CASE WHEN NOT known THEN clock_timestamp() END
		FROM (`+sql+`) AS concerned ON CONFLICT DO NOTHING`, append(args, id, none.Result, none.Code, none.Message)...)
	return err
}

// storedAct is an act read back: what was asked is text still.
type storedAct struct {
	act
	asked    []byte
	finished *time.Time
}

const actColumns = `id, kind, coalesce(agency, ''), subject, body, reason, authority, created_at, finished_at, coalesce(cancelled_by, '')`

func scanAct(row pgx.CollectableRow) (s storedAct, r engine.ActRecord, err error) {
	var cancelled string
	err = row.Scan(&s.id, &s.kind, &s.agency, &s.subject, &s.asked, &s.reason, &s.actor, &r.CreatedAt, &s.finished, &cancelled)
	r = engine.ActRecord{
		ID: s.id, Kind: s.kind, Agency: s.agency, Subject: s.subject, Reason: s.reason, Actor: s.actor.ID,
		CreatedAt: r.CreatedAt.In(calendar.Zone()), FinishedAt: orZero(s.finished), State: engine.MigrationRunning,
		Cancelled: cancelled,
	}
	switch {
	case cancelled != "":
		r.State = engine.ActCancelled
	case s.finished != nil:
		r.State = engine.MigrationDone
	}
	if err == nil && s.kind == engine.ActBulk {
		r.Bulk, err = bulkRecord(s)
	}
	return s, r, err
}

func findAct(ctx context.Context, db queryer, id string) (storedAct, engine.ActRecord, error) {
	rows, err := db.Query(ctx, `SELECT `+actColumns+` FROM acts WHERE id = $1`, id)
	if err != nil {
		return storedAct{}, engine.ActRecord{}, err
	}
	var s storedAct
	r, err := pgx.CollectExactlyOneRow(rows, func(row pgx.CollectableRow) (r engine.ActRecord, err error) {
		s, r, err = scanAct(row)
		return r, err
	})
	if errors.Is(err, pgx.ErrNoRows) {
		err = notFound("no act %s", id)
	}
	return s, r, err
}

// deed makes ready what an act does.
func (l *Ledger) deed(ctx context.Context, s storedAct) (deed, error) {
	switch s.kind {
	case engine.ActMigration:
		return readDeed(s, func(m engine.Migration) (deed, error) { return l.plan(ctx, l.pool, s.actor, s.id, m) })
	case engine.ActCalendar:
		return readDeed(s, func(to []engine.CalendarRef) (deed, error) { return l.reprojection(ctx, s, to) })
	case engine.ActOutage, engine.ActOutageEnd:
		return readDeed(s, func(o outageOrder) (deed, error) { return outageDeed{outageOrder: o, act: s.act, l: l}, nil })
	case engine.ActBulk:
		return readDeed(s, func(b engine.Bulk) (deed, error) { return bulkDeed{Bulk: b, act: s.act, l: l}, nil })
	case engine.ActReorganisation:
		return readDeed(s, func(o reorganisation) (deed, error) {
			return reorganisationDeed{reorganisation: o, act: s.act, l: l}, nil
		})
	case engine.ActReassign:
		return readDeed(s, func(d departure) (deed, error) { return departureDeed{departure: d, act: s.act, l: l}, nil })
	}
	return nil, engine.Errorf(engine.CodeInternal, "act %s is of no kind known here: %s", s.id, s.kind)
}

func readDeed[T any](s storedAct, make func(T) (deed, error)) (deed, error) {
	asked, err := readAsked[T](s)
	if err != nil {
		return nil, err
	}
	return make(asked)
}

func bulkRecord(s storedAct) (*engine.BulkRecord, error) {
	b, err := readAsked[engine.Bulk](s)
	if err != nil {
		return nil, err
	}
	return b.Record(s.actor)
}

// readAsked reads what was asked of an act.
func readAsked[T any](s storedAct) (asked T, err error) {
	err = json.Unmarshal(s.asked, &asked)
	return asked, err
}
