package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
)

// shelf is one transaction that changes calendars. It holds the table against
// other writers, as [control] does; dossiers start meanwhile.
type shelf struct {
	pgx.Tx
	now time.Time
}

func (l *Ledger) shelve(ctx context.Context, do func(*shelf) error) error {
	return pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) error {
		s, err := openShelf(ctx, tx)
		if err != nil {
			return err
		}
		return do(s)
	})
}

func openShelf(ctx context.Context, tx pgx.Tx) (*shelf, error) {
	if _, err := tx.Exec(ctx, `LOCK TABLE calendars IN SHARE ROW EXCLUSIVE MODE`); err != nil {
		return nil, err
	}
	s := &shelf{Tx: tx}
	err := tx.QueryRow(ctx, `SELECT clock_timestamp()`).Scan(&s.now)
	s.now = s.now.Truncate(time.Microsecond).In(calendar.Zone())
	return s, err
}

// shelved is what is to be stored of a version besides its text.
type shelved struct {
	state   engine.VersionState
	authors []string
	comment string
	act     string
}

const shelveSQL = `
INSERT INTO calendars (code, version, spec, own, sha256, base, base_version, state, authors, comment, uploaded_at, published_at, act)
VALUES ($1, $2, $3, $4, $5, nullif($6, ''), nullif($7, 0), $8, $9, $10, $11, $12, nullif($13, ''))
ON CONFLICT (code, version) DO UPDATE SET spec = excluded.spec, own = excluded.own, sha256 = excluded.sha256, base = excluded.base,
	base_version = excluded.base_version, state = excluded.state, authors = excluded.authors, approver = NULL, comment = excluded.comment,
	uploaded_at = excluded.uploaded_at`

func (s *shelf) put(ctx context.Context, r resolved, as shelved) error {
	spec, err := json.Marshal(r.spec)
	if err != nil {
		return err
	}
	own, err := json.Marshal(r.own)
	if err != nil {
		return err
	}
	var published *time.Time
	if as.state == engine.VersionPublished {
		published = &s.now
	}
	_, err = s.Exec(ctx, shelveSQL, r.spec.Code, r.spec.Version, string(spec), string(own), sum(spec), r.spec.Base, r.spec.BaseVersion,
		as.state, as.authors, as.comment, s.now, published, as.act)
	return err
}

// calendarTrail names the trail of a calendar apart from that of a procedure
// with the same code.
func calendarTrail(code string) string { return "calendar/" + code }

// enter puts a step on the trail of a version and returns the version after it.
func (s *shelf) enter(ctx context.Context, code string, version int, action engine.VersionAction, by engine.Actor, comment string) (engine.CalendarRecord, error) {
	v, err := oneCalendar(ctx, s, code, version)
	if err != nil {
		return engine.CalendarRecord{}, err
	}
	e := engine.VersionEvent{At: s.now, ActorKind: by.Kind, Actor: by.ID, Action: action, State: v.State, SHA256: v.SHA256, Comment: comment}
	var last engine.Digest
	err = s.QueryRow(ctx, `SELECT seq, digest FROM calendar_events WHERE code = $1 AND version = $2 ORDER BY seq DESC LIMIT 1`, code, version).Scan(&e.Seq, &last)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return engine.CalendarRecord{}, err
	}
	e.Seq++
	body, link, err := engine.SealVersionEvent(last, calendarTrail(code), version, e)
	if err != nil {
		return engine.CalendarRecord{}, err
	}
	_, err = s.Exec(ctx, `
		INSERT INTO calendar_events (code, version, seq, at, actor, action, sha256, comment, body, digest)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		code, version, e.Seq, e.At, e.Actor, e.Action, e.SHA256, e.Comment, string(body), link)
	return v.CalendarRecord, err
}

// CalendarTrail lists what was done to a version of a calendar, oldest first.
// A trail that was altered is CodeInternal: it is not shown as if it were one.
// Errors: CodeNotFound, CodeInternal, CodeUnavailable.
func (l *Ledger) CalendarTrail(ctx context.Context, code string, version int) ([]engine.StoredVersionEvent, error) {
	v, err := oneCalendar(ctx, l.pool, code, version)
	if err == nil && v == nil {
		return nil, notFound("no version %d of calendar %s", version, code)
	}
	if err != nil {
		return nil, coded(err, "read the trail of calendar %s version %d", code, version)
	}
	rows, err := l.pool.Query(ctx, `
		SELECT seq, actor, action, body::text, digest FROM calendar_events WHERE code = $1 AND version = $2 ORDER BY seq`, code, version)
	if err != nil {
		return nil, coded(err, "read the trail of calendar %s version %d", code, version)
	}
	list, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (e storedStep, err error) {
		return e, r.Scan(&e.seq, &e.actor, &e.action, &e.body, &e.digest)
	})
	if err != nil {
		return nil, coded(err, "read the trail of calendar %s version %d", code, version)
	}
	return relink(calendarTrail(code), version, list)
}

// joined are the authors of a text that was written upon another.
func joined(known *calendarVersion, author string) []string {
	if known == nil {
		return []string{author}
	}
	if slices.Contains(known.Authors, author) {
		return known.Authors
	}
	return append(slices.Clone(known.Authors), author)
}
