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
	limits := d.LimitsOf(d.c.Variant)
	d.startClock(ClockStatutory, to, limits.Statutory, limits.Cutoff)
	d.startClock(ClockCommitted, to, limits.Committed, limits.Cutoff)
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
	for _, k := range append(d.legal(), d.kinds(ClockStage)...) {
		if k.Running() {
			k = d.Rules.suspend(k, d.at)
			d.record(Fact{Kind: FactClockSuspended, Clock: &k})
		}
	}
}

// resumeLegal lets the legal clocks go on after a suspension as the supplement
// regime of the transition says: with what is left, from the full limit, or
// with a new limit. The sub-total of a stage goes on with what is left.
func (d *decider) resumeLegal(reason string, t Transition) {
	for _, k := range d.legal() {
		switch {
		case k.Running():
		case t.Resume == ResumeRestart:
			d.supersede(k, k.Budget)
		case t.Resume == ResumeRenew:
			d.supersede(k, t.Limit)
		default:
			d.resume(k, reason)
		}
	}
	for _, k := range d.kinds(ClockStage) {
		if !k.Running() {
			d.resume(k, reason)
		}
	}
}

func (d *decider) resume(k Clock, reason string) {
	k = d.Rules.resume(k, d.at, reason)
	d.record(Fact{Kind: FactClockResumed, Clock: &k})
}

// supersede ends a clock in favour of a new one of the same kind; the old one
// stays readable. A new legal limit has no shorter promise beside it.
func (d *decider) supersede(k Clock, budget calendar.Duration) {
	d.end(k, VerdictSuperseded)
	if k.Kind == ClockCommitted && budget != k.Budget {
		return
	}
	s, _ := d.State(k.Subject)
	d.startClock(k.Kind, s, budget, d.Limits.Cutoff)
}

// legal are the open clocks of the whole dossier.
func (d *decider) legal() []Clock { return d.kinds(ClockStatutory, ClockCommitted) }

func (d *decider) kinds(kinds ...ClockKind) []Clock {
	return slices.DeleteFunc(slices.Clone(d.c.Clocks), func(k Clock) bool { return !slices.Contains(kinds, k.Kind) })
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
