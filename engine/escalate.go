package engine

import (
	"slices"
	"time"

	"motcua/engine/calendar"
)

// Escalation is what somebody, not time, told those above a dossier: the
// holder who asks upward, or a supervisor who passes it on. It climbs like a
// rung that nobody acknowledged.
type Escalation struct {
	// Level counts the levels it has reached; 1 is the first.
	Level  int       `json:"level"`
	Moment time.Time `json:"moment"`
	Late   bool      `json:"late,omitempty"`
	// Told is who was told; empty where nobody was left above.
	Told   []Told `json:"told,omitempty"`
	Nobody bool   `json:"nobody,omitempty"`
}

const (
	// NoRung stands for the rung of an [Alarm] or a [Notice] that somebody
	// raised by [EventEscalate].
	NoRung = -1
	// NoticeEscalated is the text of such a notice.
	NoticeEscalated = "escalated"
)

// escalationWithin is half a working day to say that one has seen it: no
// definition says how long, for no rung of a ladder is behind it.
var escalationWithin = calendar.Duration{Value: 4, Unit: calendar.WorkingHour}

// Raised says whether somebody raised the alarm rather than a rung.
func (a Alarm) Raised() bool { return a.Rung == NoRung }

// escalate raises the dossier to the next level above whoever asks, now. It
// takes over from an escalation that waits already.
func (d *decider) escalate() error {
	a := d.cmd.Actor
	switch {
	case a.Agency != d.c.Agency:
		return refused(d.c, CodeForbidden, "only the dossier's own agency may escalate it")
	case !mayEscalate(d.c, a):
		return refused(d.c, CodeWrongRole, "escalating takes its holder or a supervisor of department %s", d.c.Department)
	case d.cmd.Comment == "":
		return refused(d.c, CodeCommentRequired, "an escalation needs a reason")
	}
	alarm := Alarm{Rung: NoRung}
	before := slices.IndexFunc(d.c.Alarms, Alarm.Raised)
	if before >= 0 {
		alarm = d.c.Alarms[before]
	}
	next := d.over(alarm, a.ID)
	if len(next.Officers) == 0 {
		return refused(d.c, CodeEventNotPermitted, "nobody is left above to be told")
	}
	if k, open := d.clockByID(alarm.Clock); before >= 0 && open {
		d.end(k, VerdictSuperseded)
	}
	d.raise(alarm, next, d.now)
	return nil
}

// over is the next level that has not been told of an escalation.
func (d *decider) over(alarm Alarm, by string) Told {
	if d.Org == nil {
		return Told{}
	}
	return d.Org.Over(d.place(Clock{}), by, alarm.Told, calendar.DateOf(d.now))
}

// raise tells a level and waits for it to acknowledge.
func (d *decider) raise(alarm Alarm, next Told, due time.Time) {
	alarm.Level++
	e := Escalation{Level: alarm.Level, Moment: due, Late: d.now.Sub(due) > lateAfter, Told: []Told{next}}
	if e.Nobody = len(next.Officers) == 0; e.Nobody {
		e.Told = nil
	}
	d.record(Fact{Kind: FactDossierEscalated, Event: EventEscalate, Department: d.c.Department, Comment: d.remarkOf(EventEscalate), Escalation: &e})
	if e.Nobody {
		return
	}
	k := d.fresh(ClockAlarm, Clock{Subject: d.c.State, Department: d.c.Department, Raised: raiseHighest}, escalationWithin, nil)
	alarm.Clock, alarm.Told = k.ID, union(alarm.Told, next.Officers)
	d.record(Fact{Kind: FactClockStarted, Clock: &k, Alarm: &alarm})
	d.notices = append(d.notices, Notice{
		Clock: k.ID, Rung: NoRung, Text: NoticeEscalated, Level: alarm.Level, Moment: due, Raise: raiseHighest, Subject: d.c.State,
		Officers: next.Officers, Deliver: d.Cal.Unit(d.c.Department).NextOpen(d.now),
	})
}

// mayEscalate: who holds the dossier and asks upward, or who supervises it.
func mayEscalate(c Case, a Actor) bool {
	return a.Kind == ActorOfficer && a.Agency == c.Agency && (c.Holder == a.ID || a.Supervises(c.Department))
}

// Over is the level above an officer that has somebody who was not told yet:
// of the heads over a department and the leaders, the first over the highest
// level the officer is of. No role means that none is left.
func (d *Directory) Over(at Place, officer string, told []string, day calendar.Date) Told {
	levels := d.levels(at.Department)
	for i := len(levels) - 1; i >= 0; i-- {
		if slices.Contains(d.at(levels[i], day), officer) {
			levels = levels[i+1:]
			break
		}
	}
	for _, l := range levels {
		found := slices.DeleteFunc(d.at(l, day), func(id string) bool { return id == officer || slices.Contains(told, id) })
		if len(found) > 0 {
			return Told{Role: l.Role, Officers: found}
		}
	}
	return Told{}
}
