package engine

import "slices"

// expiry is what time alone will do to a dossier that stays in the state: the
// state's own expiry, else the bound of a suspension.
func (m *Machine) expiry(s State) (Expiry, bool) {
	switch {
	case s.Expires != nil:
		return *s.Expires, true
	case s.AwaitsApplicant() && m.Suspension != nil:
		return Expiry{After: m.Suspension.Max, Event: m.Suspension.OnExpiry}, true
	}
	return Expiry{}, false
}

// startExpiry sets the clocks going that end the state by time alone.
func (d *decider) startExpiry(s State) {
	if e, ok := d.expiry(s); ok {
		kind := ClockWait
		if s.Suspended() {
			kind = ClockSuspension
		}
		d.startClock(kind, s, e.After, nil)
	}
	if s.AwaitsApplicant() && d.Suspension != nil && !d.Suspension.Total.IsZero() {
		d.standStill(s)
	}
}

// standStill lets the clock run that bounds all suspensions together: it runs
// while the legal clock does not.
func (d *decider) standStill(s State) {
	k, ok := d.c.Clock(ClockStandstill)
	switch {
	case !ok:
		d.startClock(ClockStandstill, s, d.Suspension.Total, nil)
	case !k.Running():
		d.resume(k, s.ID)
	}
}

// leave ends the clocks that belong to the state left.
func (d *decider) leave(from, to State) {
	if from.Cell == "" || from.Cell != to.Cell {
		d.stopKind(ClockStep)
	}
	d.stopKind(ClockSuspension)
	d.stopKind(ClockWait)
	if h := d.c.Handoff; h != nil { // a rung or an override moves what was not accepted yet
		d.stopKind(ClockHandoff)
		d.record(Fact{Kind: FactHandoffRecalled, From: d.c.Department, To: h.FromDepartment})
	}
	if k, ok := d.c.Clock(ClockStandstill); ok && k.Running() && !to.AwaitsApplicant() {
		k = d.Rules.suspend(k, d.at)
		d.record(Fact{Kind: FactClockSuspended, Clock: &k})
	}
}

// expire does what the expired state declared. A standstill that is used up
// ends the state as its own expiry would.
func (d *decider) expire(k Clock) {
	here, _ := d.State(d.c.State)
	e, _ := d.expiry(here)
	t, to, err := d.Step(d.c, e.Event)
	if err != nil || t.Stays() { // Compile made sure that the state answers to it, unconditionally, and is left
		d.stopClock(k)
		return
	}
	d.happen(t, to, e.Basis)
}

// expires says whether time alone ends something when the clock is due.
func (m *Machine) expires(k Clock) bool {
	switch k.Kind {
	case ClockSuspension, ClockWait, ClockStandstill, ClockAlarm:
		return true
	case ClockConsultation:
		c, ok := m.consultation(k.Subject)
		return ok && c.Silence != SilenceEscalate
	}
	return false
}

// entered counts how often the dossier entered a state.
func (c Case) entered(state string) int {
	i := slices.IndexFunc(c.Entries, func(e Entry) bool { return e.State == state })
	if i < 0 {
		return 0
	}
	return c.Entries[i].Times
}
