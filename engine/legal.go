package engine

import (
	"slices"
	"strconv"

	"motcua/engine/calendar"
)

// startLegal sets the statutory and the committed clock going when the state
// is entered at which the law lets them start, the first time; where they start
// with the receipt, when its department accepts the handoff. It ends the clock
// of the intake.
func (d *decider) startLegal(to State, sent bool) {
	onReceipt := d.Limits.StartsOn == StartsOnReceipt
	if to.ID != d.Limits.Starts || !d.c.AcceptedAt.IsZero() || onReceipt && sent {
		return
	}
	d.stopKind(ClockIntake)
	k := Clock{Subject: to.ID, Department: to.Department}
	if onReceipt {
		k = k.because(ruleReceipt)
	}
	limits := d.LimitsOf(d.c.Variant)
	d.begin(ClockStatutory, k, limits.Statutory, limits.Cutoff)
	d.begin(ClockCommitted, k, limits.Committed, limits.Cutoff)
}

// startIntake sets the clock going within which a filing must be answered; it
// runs again when the applicant has completed the filing.
func (d *decider) startIntake(to State) {
	in := d.Limits.Intake
	if in == nil || to.ID != d.Initial().ID || !d.c.AcceptedAt.IsZero() || len(in.Channels) > 0 && !slices.Contains(in.Channels, d.c.Channel) {
		return
	}
	if _, runs := d.c.Clock(ClockIntake); !runs {
		d.startClock(ClockIntake, to, in.Within, nil)
	}
}

func (d *decider) startClock(kind ClockKind, s State, budget calendar.Duration, cutoff *Cutoff) {
	d.begin(kind, Clock{Subject: s.ID, Department: s.Department}, budget, cutoff)
}

// begin sets a clock going, unless it has no budget. The id is empty if none
// began.
func (d *decider) begin(kind ClockKind, k Clock, budget calendar.Duration, cutoff *Cutoff) (id string) {
	if budget.IsZero() {
		return ""
	}
	k = d.fresh(kind, k, budget, cutoff)
	d.record(Fact{Kind: FactClockStarted, Clock: &k})
	return k.ID
}

// fresh is a clock that starts now. While the dossier is halted it stands still
// from its first moment.
func (d *decider) fresh(kind ClockKind, k Clock, budget calendar.Duration, cutoff *Cutoff) Clock {
	k.ID, k.Kind, k.Budget = d.clockID(kind), kind, budget
	k = d.Rules.start(k, d.at, cutoff)
	if d.c.Halted() {
		k = d.Rules.suspend(k, d.at)
	}
	return k
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
			d.supersede(k, k.Budget, ruleRestart)
		case t.Resume == ResumeRenew:
			d.supersede(k, t.Limit, ruleRenew)
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

// resume lets a clock run on, unless the dossier is halted: then the end of the
// halt does.
func (d *decider) resume(k Clock, state string) {
	if d.c.Halted() {
		return
	}
	k = d.Rules.resume(k, d.at, Span{Reason: state})
	d.record(Fact{Kind: FactClockResumed, Clock: &k})
}

// supersede ends a clock in favour of a new one of the same kind; the old one
// stays readable. A new legal limit has no shorter promise beside it.
func (d *decider) supersede(k Clock, budget calendar.Duration, rule string) {
	d.end(k, VerdictSuperseded)
	if k.Kind == ClockCommitted && budget != k.Budget {
		return
	}
	s, _ := d.State(k.Subject)
	d.begin(k.Kind, Clock{Subject: s.ID, Department: s.Department}.because(rule), budget, d.Limits.Cutoff)
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

// stopClock ends a clock for good, and with it what waits to be acknowledged
// of its rungs.
func (d *decider) stopClock(k Clock) {
	d.end(k, "")
	for _, a := range d.c.Alarms {
		if alarm, ok := d.clockByID(a.Clock); ok && a.Of == k.ID {
			d.end(alarm, VerdictSuperseded)
		}
	}
}

// end stops a clock; an empty verdict is found from its due moment.
func (d *decider) end(k Clock, verdict Verdict) {
	k = d.Rules.stop(k, d.at)
	if verdict != "" {
		k.Verdict = verdict
	}
	d.record(Fact{Kind: FactClockStopped, Clock: &k})
	d.stopped = append(d.stopped, k)
}
