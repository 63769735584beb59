package engine

import (
	"slices"
	"strconv"

	"motcua/engine/calendar"
)

// fire does what a rung declares: it tells people, and asks for what else is
// said. What it fires comes last, for it may lead the dossier on.
func (d *decider) fire(due moment) {
	g := d.Ladder[due.rung]
	f := RungFiring{
		Clock: due.clock.ID, Index: due.rung, Rung: g.String(), Moment: due.at,
		Late: d.now.Sub(due.at) > lateAfter, Notify: g.Notify, Raise: g.Raise, Event: g.Fire, Open: g.Open,
	}
	at := d.place(due.clock)
	if f.Told, f.Nobody = d.find(g.Notify, at); f.Nobody { // which whoever looks at the board must see
		f.Raise = raiseHighest
	}
	d.record(Fact{Kind: FactRungFired, Rung: &f})
	d.notify(f, 0, at)
	d.await(g, f, at)
	if g.Reassign != "" {
		d.handTo(g, at)
	}
	if g.Open != "" {
		d.openDossier(g)
	}
	if g.Fire != "" {
		d.force(g)
	}
}

// place is where somebody is looked for: where the dossier stands or, for a
// consultation, who was asked.
func (d *decider) place(k Clock) Place {
	if o, ok := d.c.OpinionOn(k.ID); ok {
		return d.placed(RoleIn{o.Department, o.Role}, "")
	}
	return d.placed(RoleIn{d.c.Department, d.c.Role}, d.c.Holder)
}

// placed is a place in today's departments: a rung may fire before a
// reorganisation has reached the dossier.
func (d *decider) placed(r RoleIn, holder string) Place {
	if d.Org != nil {
		r = d.Org.Present(d.Code, r)
	}
	return Place{Department: r.Department, Role: r.Role, Holder: holder}
}

// find looks for whom the roles of a rung mean now. Nobody at all, in no role
// and no level above, is itself on record.
func (d *decider) find(roles []string, at Place) (told []Told, nobody bool) {
	if d.Org == nil {
		return nil, false
	}
	nobody = len(roles) > 0
	for _, role := range roles {
		found := d.Org.Find(role, at, calendar.DateOf(d.now))
		told = append(told, found)
		nobody = nobody && len(found.Officers) == 0
	}
	return told, nobody
}

// notify asks that the officers found be told: at once or, out of office
// hours, when the office opens. The law's clocks know no office hours; people do.
func (d *decider) notify(f RungFiring, level int, at Place) {
	n := Notice{
		Clock: f.Clock, Rung: f.Index, Text: f.Rung, Level: level, Moment: f.Moment, Raise: f.Raise, Subject: d.c.State,
		Deliver: d.Cal.Unit(at.Department).NextOpen(d.now),
	}
	for _, t := range f.Told {
		n.Officers = union(n.Officers, t.Officers)
	}
	d.notices = append(d.notices, n)
}

// await starts the clock within which somebody must acknowledge the rung.
func (d *decider) await(g Rung, f RungFiring, at Place) {
	if g.AcknowledgeWithin.IsZero() || d.Org == nil {
		return
	}
	a := Alarm{Of: f.Clock, Rung: f.Index}
	for _, t := range f.Told {
		a.Told = union(a.Told, t.Officers)
	}
	d.sound(a, g, at)
}

// sound starts the clock of an alarm. Its subject is the clock and the rung it
// is of.
func (d *decider) sound(a Alarm, g Rung, at Place) {
	k := Clock{Subject: a.Of + "/" + strconv.Itoa(a.Rung), Department: at.Department}
	k = d.fresh(ClockAlarm, k, g.AcknowledgeWithin, nil)
	a.Clock = k.ID
	d.record(Fact{Kind: FactClockStarted, Clock: &k, Alarm: &a})
}

// climb tells the next level above of a rung that nobody acknowledged. Above
// the leader there is nobody, which is on record too.
func (d *decider) climb(due moment) {
	i := slices.IndexFunc(d.c.Alarms, func(a Alarm) bool { return a.Clock == due.clock.ID })
	if i < 0 || d.Org == nil {
		d.end(due.clock, VerdictViolated)
		return
	}
	a := d.c.Alarms[i] // which the end of its clock takes out of the case
	d.end(due.clock, VerdictViolated)
	if a.Raised() {
		d.raise(a, d.over(a, ""), due.at)
		return
	}
	g := d.Ladder[a.Rung]
	at := d.place(Clock{ID: a.Of})
	next := d.Org.Above(at, a.Told, calendar.DateOf(d.now))
	f := RungFiring{
		Clock: a.Of, Index: a.Rung, Rung: g.String(), Moment: due.at, Late: d.now.Sub(due.at) > lateAfter,
		Raise: g.Raise, Told: []Told{next}, Nobody: len(next.Officers) == 0,
	}
	if f.Nobody {
		f.Told = nil
	}
	a.Level, a.Told = a.Level+1, union(a.Told, next.Officers)
	d.record(Fact{Kind: FactRungClimbed, Rung: &f})
	if f.Nobody {
		return
	}
	d.notify(f, a.Level, at)
	d.sound(a, g, at)
}

// acknowledge says that a rung was seen: by one who was told of it or who
// supervises. Without a target it is all of them that are the actor's.
func (d *decider) acknowledge() error {
	seen := false
	for _, a := range d.c.Alarms {
		if d.cmd.Target != "" && d.cmd.Target != a.Clock || !mayAcknowledge(a, d.c, d.cmd.Actor) {
			continue
		}
		seen = true
		d.record(Fact{Kind: FactRungAcknowledged, Alarm: &a, Comment: d.cmd.Comment})
		if k, ok := d.clockByID(a.Clock); ok {
			d.end(k, "")
		}
	}
	if !seen {
		return refused(d.c, CodeEventNotPermitted, "nothing waits for you to acknowledge it")
	}
	return nil
}

// handTo gives the dossier to the first who holds a role and has it not yet.
func (d *decider) handTo(g Rung, at Place) {
	if d.Org == nil || d.c.Handoff != nil {
		return
	}
	for _, id := range d.Org.Find(g.Reassign, at, calendar.DateOf(d.now)).Officers {
		if id != d.c.Holder {
			d.entrust(id, "") // the rung before it says why
			return
		}
	}
}

// force fires an event that a rung declares, where the state answers to it.
func (d *decider) force(g Rung) {
	t, to, err := d.Step(d.c, g.Fire)
	if err != nil || d.mayEnter(to) != nil && !t.Stays() {
		return
	}
	d.happen(t, to, g.Basis)
}
