package postgres

import (
	"context"
	"fmt"

	"motcua/engine"
	"motcua/engine/calendar"
)

// PublishCalendar publishes an approved version, and with it a successor of
// every published calendar that adds to it. In the same transaction it puts
// the act on record that computes the open due moments anew, with the dossiers
// it concerns; it moves none of them yet, see [Ledger.RunAct]. The key is the
// id of the act: the same key is the same publication. Errors: CodeNotFound,
// those of [engine.DecideCalendar], CodeIdempotencyConflict, CodeUnavailable.
func (l *Ledger) PublishCalendar(ctx context.Context, a engine.Actor, code string, version int, comment, key string) (engine.CalendarRecord, error) {
	if key == "" {
		key = random(16)
	}
	var out engine.CalendarRecord
	err := l.shelve(ctx, func(s *shelf) (err error) {
		out, err = s.publish(ctx, engine.VersionCommand{Code: code, Version: version, Action: engine.ActionPublish, Actor: a, Comment: comment}, key)
		return err
	})
	return out, coded(err, "publish calendar %s version %d", code, version)
}

func (s *shelf) publish(ctx context.Context, cmd engine.VersionCommand, key string) (engine.CalendarRecord, error) {
	v, state, err := s.decide(ctx, cmd)
	if v != nil && v.State == engine.VersionPublished && v.Act == key {
		return v.CalendarRecord, nil
	}
	if err != nil {
		return engine.CalendarRecord{}, err
	}
	if err := s.current(ctx, *v); err != nil {
		return engine.CalendarRecord{}, err
	}
	next, err := successors(ctx, s, v.Spec)
	if err != nil {
		return engine.CalendarRecord{}, err
	}
	if err := s.listReprojection(ctx, key, v.Spec, next, cmd); err != nil {
		return engine.CalendarRecord{}, err
	}
	if _, err := s.Exec(ctx, `UPDATE calendars SET state = $3, published_at = $4, comment = $5, act = $6 WHERE code = $1 AND version = $2`,
		v.Spec.Code, v.Spec.Version, state, s.now, cmd.Comment, key); err != nil {
		return engine.CalendarRecord{}, err
	}
	out, err := s.enter(ctx, cmd.Code, cmd.Version, cmd.Action, cmd.Actor, cmd.Comment)
	if err != nil {
		return out, err
	}
	return out, s.follow(ctx, v.Spec, next, key)
}

// current refuses a version that was completed with another text of its base
// than is published.
func (s *shelf) current(ctx context.Context, v calendarVersion) error {
	if v.Spec.Base == "" {
		return nil
	}
	base, err := baseOf(ctx, s, v.Spec)
	if err != nil {
		return err
	}
	if err := flat(ctx, s, v.Spec, base.Spec); err != nil {
		return err
	}
	if r, err := complete(v.own, base.Spec); err != nil || !sameText(r.spec, v.Spec) {
		return engine.Errorf(engine.CodeNeedsUnmet, "it was completed with another text of calendar %s: upload it again", v.Spec.Base)
	}
	return nil
}

// successors are the next versions of the calendars that add to one: the same
// of their own, with what the base says now. They are computed here alone, so
// that a preview shows what a publication does.
func successors(ctx context.Context, db queryer, base calendar.Spec) ([]resolved, error) {
	followers, err := followersOf(ctx, db, base.Code)
	if err != nil {
		return nil, err
	}
	out := make([]resolved, len(followers))
	for i, f := range followers {
		// A number that somebody is preparing a version under is taken.
		if err := db.QueryRow(ctx, `SELECT max(version) + 1 FROM calendars WHERE code = $1`, f.own.Code).Scan(&f.own.Version); err != nil {
			return nil, err
		}
		if out[i], err = complete(f.own, base); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// follow publishes successors, as the program itself: what is new in them was
// approved with their base.
func (s *shelf) follow(ctx context.Context, base calendar.Spec, next []resolved, act string) error {
	comment := fmt.Sprintf("follows %s version %d", base.Code, base.Version)
	for _, r := range next {
		as := shelved{state: engine.VersionPublished, authors: []string{engine.Itself.ID}, comment: comment, act: act}
		if err := s.put(ctx, r, as); err != nil {
			return err
		}
		if _, err := s.enter(ctx, r.spec.Code, r.spec.Version, engine.ActionPublish, engine.Itself, comment); err != nil {
			return err
		}
	}
	return nil
}

// PutCalendar publishes a version of a calendar, as the program itself does
// when it is set up: nobody approves it. The same again changes nothing;
// another content under the same code and version is refused, because dossiers
// are pinned to it. Where dossiers go by an older version it leaves an act,
// which [Ledger.ResumeActs] carries out. Errors: CodeInvalid, CodeNeedsUnmet
// for a calendar whose base is not published, CodeUnavailable.
func (l *Ledger) PutCalendar(ctx context.Context, spec calendar.Spec) error {
	err := l.shelve(ctx, func(s *shelf) error { return s.seed(ctx, spec) })
	return coded(err, "store calendar %s", spec.Code)
}

func (s *shelf) seed(ctx context.Context, spec calendar.Spec) error {
	r, err := resolve(ctx, s, spec)
	if err != nil {
		return err
	}
	known, err := oneCalendar(ctx, s, spec.Code, spec.Version)
	if err != nil || known != nil {
		return sameCalendar(known, r, err)
	}
	published, err := standing(ctx, s, spec)
	if err != nil {
		return err
	}
	if spec.Version < published.Published {
		return engine.Errorf(engine.CodeInvalid, "calendar %s version %d is not stored and version %d is published by now", spec.Code, spec.Version, published.Published)
	}
	next, err := successors(ctx, s, r.spec)
	if err != nil {
		return err
	}
	as := shelved{state: engine.VersionPublished, authors: []string{engine.Itself.ID}}
	if published.Published > 0 {
		as.act = sum([]byte(calendarTrail(subject(r.spec))))[:32]
		if err := s.listReprojection(ctx, as.act, r.spec, next, engine.VersionCommand{Actor: engine.Itself}); err != nil {
			return err
		}
	}
	if err := s.put(ctx, r, as); err != nil {
		return err
	}
	if _, err := s.enter(ctx, spec.Code, spec.Version, engine.ActionPublish, engine.Itself, ""); err != nil {
		return err
	}
	return s.follow(ctx, r.spec, next, as.act)
}

// sameCalendar refuses another content than is stored. Of a calendar with a
// base only what is its own counts: the base goes its own way.
func sameCalendar(known *calendarVersion, r resolved, err error) error {
	switch {
	case err != nil:
		return err
	case known.State != engine.VersionPublished:
		return engine.Errorf(engine.CodeInvalid, "calendar %s version %d is being prepared here (%s): give the new one a new version", r.own.Code, r.own.Version, known.State)
	}
	return sameOwn(known, r)
}

func sameOwn(known *calendarVersion, r resolved) error {
	if sameText(known.own, r.own) {
		return nil
	}
	return engine.Errorf(engine.CodeInvalid, "calendar %s version %d is stored with another content: give the new one a new version", r.own.Code, r.own.Version)
}
