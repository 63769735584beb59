package engine

import (
	"slices"
	"strconv"

	"motcua/engine/calendar"
)

// startLegal sets the statutory and the committed clock going when the state
// is entered at which the law lets them start, the first time.
func (d *decider) startLegal(to State) {
	if to.ID != d.Limits.Starts || !d.c.AcceptedAt.IsZero() {
		return
	}
	d.startClock(ClockStatutory, to, d.Limits.Statutory, d.Limits.Cutoff)
	d.startClock(ClockCommitted, to, d.Limits.Committed, d.Limits.Cutoff)
}

func (d *decider) startClock(kind ClockKind, s State, budget calendar.Duration, cutoff *Cutoff) {
	if budget.IsZero() {
		return
	}
	k := Clock{ID: d.clockID(kind), Kind: kind, Subject: s.ID, Department: s.Department, Budget: budget}
	k = d.Rules.start(k, d.at, cutoff)
	d.record(Fact{Kind: FactClockStarted, Clock: &k})
}

// clockID is unique within a dossier: the legal clocks by their kind and the
// facts before them, the others by the visit they belong to.
func (d *decider) clockID(kind ClockKind) string {
	return string(kind) + "-" + strconv.FormatInt(d.c.Seq+1, 10)
}

func (d *decider) suspendLegal() {
	for _, k := range d.legal() {
		if k.Running() {
			k = d.Rules.suspend(k, d.at)
			d.record(Fact{Kind: FactClockSuspended, Clock: &k})
		}
	}
}

// resumeLegal lets the legal clocks run on with what is left or, where the
// supplement regime says restart, replaces them by full ones.
func (d *decider) resumeLegal(reason string, restart bool) {
	for _, k := range d.legal() {
		if k.Running() {
			continue
		}
		if restart {
			d.supersede(k)
			continue
		}
		k = d.Rules.resume(k, d.at, reason)
		d.record(Fact{Kind: FactClockResumed, Clock: &k})
	}
}

// supersede ends a clock in favour of a new one of the same kind and budget;
// the old one stays readable.
func (d *decider) supersede(k Clock) {
	d.end(k, VerdictSuperseded)
	s, _ := d.State(k.Subject)
	d.startClock(k.Kind, s, k.Budget, d.Limits.Cutoff)
}

func (d *decider) legal() []Clock {
	return slices.DeleteFunc(slices.Clone(d.c.Clocks), func(k Clock) bool {
		return k.Kind != ClockStatutory && k.Kind != ClockCommitted
	})
}

func (d *decider) stopKind(kind ClockKind) {
	if k, ok := d.c.Clock(kind); ok {
		d.stopClock(k)
	}
}

func (d *decider) stopClock(k Clock) { d.end(k, "") }

// end stops a clock; an empty verdict is found from its due moment.
func (d *decider) end(k Clock, verdict Verdict) {
	k = d.Rules.stop(k, d.at)
	if verdict != "" {
		k.Verdict = verdict
	}
	d.record(Fact{Kind: FactClockStopped, Clock: &k})
	d.stopped = append(d.stopped, k)
}

func (d *decider) suspensionMax() calendar.Duration {
	if d.Suspension == nil {
		return calendar.Duration{}
	}
	return d.Suspension.Max
}
