package postgres

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
)

// UploadCalendar stores a version of a calendar, or takes the place of one
// that is not published, which costs it its approval. A calendar with a base
// is completed with the published version of that. The same text again by one
// of its authors changes nothing. Errors: those of
// [engine.DecideCalendarUpload], CodeInvalid, CodeUnavailable.
func (l *Ledger) UploadCalendar(ctx context.Context, a engine.Actor, spec calendar.Spec, draft bool) (engine.CalendarRecord, error) {
	var out engine.CalendarRecord
	err := l.shelve(ctx, func(s *shelf) (err error) {
		out, err = s.upload(ctx, a, spec, draft)
		return err
	})
	return out, coded(err, "upload calendar %s version %d", spec.Code, spec.Version)
}

func (s *shelf) upload(ctx context.Context, a engine.Actor, spec calendar.Spec, draft bool) (engine.CalendarRecord, error) {
	known, err := oneCalendar(ctx, s, spec.Code, spec.Version)
	if err != nil {
		return engine.CalendarRecord{}, err
	}
	published, err := standing(ctx, s, spec)
	if err != nil {
		return engine.CalendarRecord{}, err
	}
	state, err := engine.DecideCalendarUpload(recordOf(known), spec.Version, draft, a, published)
	if err != nil {
		return engine.CalendarRecord{}, err
	}
	r, err := resolve(ctx, s, spec)
	if err != nil {
		return engine.CalendarRecord{}, err
	}
	if known != nil && repeatsCalendar(*known, r, state, a) {
		return known.CalendarRecord, nil
	}
	if err := s.put(ctx, r, shelved{state: state, authors: joined(known, a.ID)}); err != nil {
		return engine.CalendarRecord{}, err
	}
	return s.enter(ctx, spec.Code, spec.Version, engine.ActionUpload, a, "")
}

// repeatsCalendar says whether an upload was made before and nothing happened
// since that it would undo.
func repeatsCalendar(known calendarVersion, r resolved, state engine.VersionState, a engine.Actor) bool {
	stands := known.State == state || known.State == engine.VersionApproved && state == engine.VersionChecked
	return stands && sameText(known.Spec, r.spec) && slices.Contains(known.Authors, a.ID)
}

func recordOf(v *calendarVersion) *engine.CalendarRecord {
	if v == nil {
		return nil
	}
	return &v.CalendarRecord
}

// ControlCalendar approves a version or sends it back; to publish one, see
// [Ledger.PublishCalendar]. Errors: CodeNotFound, those of
// [engine.DecideCalendar], CodeUnavailable.
func (l *Ledger) ControlCalendar(ctx context.Context, cmd engine.VersionCommand) (engine.CalendarRecord, error) {
	if cmd.Action == engine.ActionPublish {
		return engine.CalendarRecord{}, engine.Errorf(engine.CodeInvalid, "a calendar is published with the act that its publication begins")
	}
	var out engine.CalendarRecord
	err := l.shelve(ctx, func(s *shelf) error {
		v, state, err := s.decide(ctx, cmd)
		if err != nil {
			return err
		}
		approver := ""
		if cmd.Action == engine.ActionApprove {
			approver = cmd.Actor.ID
		}
		if _, err := s.Exec(ctx, `UPDATE calendars SET state = $3, approver = nullif($4, ''), comment = $5 WHERE code = $1 AND version = $2`,
			v.Spec.Code, v.Spec.Version, state, approver, cmd.Comment); err != nil {
			return err
		}
		out, err = s.enter(ctx, cmd.Code, cmd.Version, cmd.Action, cmd.Actor, cmd.Comment)
		return err
	})
	return out, coded(err, "%s calendar %s version %d", cmd.Action, cmd.Code, cmd.Version)
}

// decide finds a version and where a step leads it.
func (s *shelf) decide(ctx context.Context, cmd engine.VersionCommand) (*calendarVersion, engine.VersionState, error) {
	// Whoever may take no such step at all is told that, whatever there is.
	if err := engine.MayControl(cmd.Actor, cmd.Action); err != nil {
		return nil, "", err
	}
	v, err := oneCalendar(ctx, s, cmd.Code, cmd.Version)
	if err == nil && v == nil {
		err = notFound("no version %d of calendar %s", cmd.Version, cmd.Code)
	}
	if err != nil {
		return nil, "", err
	}
	published, err := standing(ctx, s, v.Spec)
	if err != nil {
		return nil, "", err
	}
	state, err := engine.DecideCalendar(v.CalendarRecord, cmd, published)
	return v, state, err
}

// importCalendars stores the calendars of a catalogue that this one lacks, to
// be approved and published here. Those that others add to come first.
func importCalendars(ctx context.Context, tx pgx.Tx, a engine.Actor, specs []calendar.Spec) error {
	if len(specs) == 0 {
		return nil
	}
	s, err := openShelf(ctx, tx)
	if err != nil {
		return err
	}
	specs = slices.Clone(specs)
	slices.SortStableFunc(specs, func(a, b calendar.Spec) int { return strings.Compare(a.Base, b.Base) })
	for _, spec := range specs {
		if err := s.importOne(ctx, a, spec); err != nil {
			return err
		}
	}
	return nil
}

func (s *shelf) importOne(ctx context.Context, a engine.Actor, spec calendar.Spec) error {
	r, err := resolve(ctx, s, spec)
	if err != nil {
		return err
	}
	known, err := oneCalendar(ctx, s, spec.Code, spec.Version)
	if err != nil {
		return err
	}
	if known != nil {
		return sameOwn(known, r)
	}
	if err := s.put(ctx, r, shelved{state: engine.VersionChecked, authors: []string{a.ID}}); err != nil {
		return err
	}
	_, err = s.enter(ctx, spec.Code, spec.Version, engine.ActionImport, a, "")
	return err
}
