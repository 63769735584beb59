package engine

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"motcua/engine/calendar"
)

// Reproject computes the due moments of a dossier anew with another version of
// its calendar. First time acts up to now under the old one, as in [Decide];
// then every running clock whose due moment differs is superseded by one that
// ends where the new calendar says; what that makes due at once happens now. A
// dossier that goes by the target version already gets an empty decision. The
// moves say which due moments changed, and by which days.
//
// A clock that stands still has no due moment: it goes on by the new calendar.
// What it used before stays used as it was counted then.
//
// Errors: CodeInvalid where the two calendars have different codes or the
// dossier goes by neither, CodeNotFound, CodeDossierClosed.
func Reproject(from, to Rules, c Case, cmd Command, now time.Time) (Decision, []Move, error) {
	now = now.Truncate(time.Millisecond)
	cmd.Event = EventReproject
	if err := mayReproject(from, to, c); err != nil {
		return Decision{}, nil, err
	}
	if c.Calendar == calendarRef(to.Cal) {
		return Decision{Case: c, Next: to.Next(c)}, nil, nil
	}
	d := &decider{Rules: from, c: c, cmd: cmd, at: now, now: now, actor: cmd.Actor}
	d.catchUp()
	if d.c.Closed() { // time closed it just now; the next tick will
		return Decision{}, nil, refused(d.c, CodeDossierClosed, "dossier is closed")
	}
	p := &projector{decider: d, before: from.Cal}
	p.move(to)
	return d.decision(), p.moves, nil
}

func mayReproject(from, to Rules, c Case) error {
	known := []CalendarRef{calendarRef(from.Cal), calendarRef(to.Cal)}
	switch {
	case !c.Started():
		return Errorf(CodeNotFound, "no such dossier")
	case c.Closed():
		return refused(c, CodeDossierClosed, "dossier is closed")
	case known[0].Code != known[1].Code || !slices.Contains(known, c.Calendar):
		return refused(c, CodeInvalid, "the dossier goes by calendar %s version %d", c.Calendar.Code, c.Calendar.Version)
	}
	return nil
}

func calendarRef(c *calendar.Calendar) CalendarRef {
	return CalendarRef{Code: c.Code(), Version: c.Version()}
}

// projector is a decider whose calendar changes on the way.
type projector struct {
	*decider
	before *calendar.Calendar
	moves  []Move
}

func (p *projector) move(to Rules) {
	change := CalendarChange{From: calendarRef(p.before), To: calendarRef(to.Cal)}
	p.record(Fact{Kind: FactCalendarChanged, Event: EventReproject, Comment: p.cmd.Comment, Calendar: &change})
	p.Rules = to
	for _, k := range p.c.Clocks {
		if k.Running() {
			p.project(k)
		}
	}
	p.overtake()
}

// project supersedes a clock that the new calendar moves. A rung that fired is
// not repeated unless its moment has moved ahead; one whose moment has come
// by the new calendar fires at once.
func (p *projector) project(k Clock) {
	next := p.recount(k)
	next = p.due(next)
	if next.Due.Equal(k.Due) && next.Provisional == k.Provisional {
		return
	}
	next.Fired = slices.DeleteFunc(slices.Clone(k.Fired), func(i int) bool { return p.rungAt(p.Ladder[i], next).After(p.at) })
	next.Raised = p.raisedBy(next, p.at)
	cal := p.calOf(next)
	next = next.because(ruleCalendar + cal.Code() + "-" + strconv.Itoa(cal.Version()))
	if !next.Due.Equal(k.Due) {
		before := Rules{Machine: p.Machine, Cal: p.before}.calOf(k)
		p.moves = append(p.moves, Move{
			Kind: k.Kind, Subject: k.Subject, Old: k.Due, New: next.Due, Provisional: next.Provisional,
			Rule: becauseOf(calendar.Changes(before, cal, k.RunningSince, later(k.Due, next.Due))),
		})
	}
	p.succeed(k, next)
}

// recount moves the beginning of a clock that a cut-off had put off to the
// next working day: that day may be another one now.
func (p *projector) recount(k Clock) Clock {
	if k.CountsFrom.After(k.StartedAt) && k.RunningSince.Equal(k.CountsFrom) {
		k.CountsFrom = p.calOf(k).NextWorkingDay(k.StartedAt)
		k.RunningSince = k.CountsFrom
	}
	return k
}

// named is how many days the rule of a move names.
const named = 3

// becauseOf words the days on which two calendars differ.
func becauseOf(changes []calendar.Change) Text {
	if len(changes) == 0 {
		return Text{VI: "thay đổi thời gian làm việc", EN: "a change of office hours"}
	}
	var days []string
	for _, c := range changes[:min(len(changes), named)] {
		day := c.Date.Midnight().Format("02/01/2006")
		if c.Name != "" {
			day += " " + c.Name
		}
		if c.Basis != "" {
			day += " (" + c.Basis + ")"
		}
		days = append(days, day)
	}
	text := strings.Join(days, "; ")
	if more := len(changes) - named; more > 0 {
		return Text{VI: fmt.Sprintf("%s; và %d ngày khác", text, more), EN: fmt.Sprintf("%s; and %d other days", text, more)}
	}
	return Text{VI: text, EN: text}
}
