package engine

import (
	"slices"
	"strings"

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

// send hands the dossier to another department; its step begins when the
// department accepts it. What comes out of a suspension cannot be sent back
// into it.
func (d *decider) send(fromState, sender string, to State) {
	from, _ := d.State(fromState)
	d.record(Fact{Kind: FactHandoffSent, From: sender, To: to.Department, Handoff: &Handoff{
		FromState: fromState, FromDepartment: sender, SentAt: d.at, MayReturn: to.Handoff.MayReturn && !from.Suspended(),
	}})
	d.startClock(ClockHandoff, to, to.Handoff.AcceptWithin, nil)
}

// answerHandoff accepts or returns what another department sent.
func (d *decider) answerHandoff() error {
	h := d.c.Handoff
	if h == nil {
		return refused(d.c, CodeEventNotPermitted, "no handoff is pending in state %q", d.c.State)
	}
	if err := mayAct(d.c, d.cmd.Actor); err != nil {
		return err
	}
	here, _ := d.State(d.c.State)
	if d.cmd.Event == EventAcceptHandoff {
		d.stopKind(ClockHandoff)
		d.record(Fact{Kind: FactHandoffAccepted, From: h.FromDepartment, To: d.c.Department, Comment: d.cmd.Comment})
		d.startClock(ClockStep, here, here.Within, nil)
		return nil
	}
	if !h.MayReturn {
		return refused(d.c, CodeEventNotPermitted, "this handoff may not be returned")
	}
	if d.cmd.Comment == "" {
		return refused(d.c, CodeCommentRequired, "returning a handoff needs a comment")
	}
	d.stopKind(ClockHandoff)
	d.record(Fact{Kind: FactHandoffReturned, From: d.c.Department, To: h.FromDepartment, Comment: d.cmd.Comment})
	back, _ := d.State(h.FromState)
	d.takeBack(back)
	return nil
}

// takeBack stands a returned dossier where it came from; the department that
// gets its own dossier back has nothing to accept.
func (d *decider) takeBack(to State) {
	d.record(Fact{Kind: FactStateEntered, Event: EventReturnHandoff, To: to.ID, Department: to.Department, Role: to.Role, Comment: d.cmd.Comment})
	d.startClock(ClockStep, to, to.Within, nil)
}

// hold is what an officer does with a dossier without moving it.
func (d *decider) hold() error {
	a := d.cmd.Actor
	if d.cmd.Event == EventComment {
		return d.comment()
	}
	if err := mayAct(d.c, a); err != nil {
		return err
	}
	held := d.c.Holder != ""
	switch {
	case d.cmd.Event == EventClaim && held, d.cmd.Event == EventRelease && !held:
		return refused(d.c, CodeEventNotPermitted, "event %q is not permitted in state %q", d.cmd.Event, d.c.State)
	case d.cmd.Event == EventClaim:
		d.record(Fact{Kind: FactDossierClaimed, Officer: a.ID, Department: d.c.Department})
	default:
		d.record(Fact{Kind: FactDossierReleased, Officer: a.ID, Department: d.c.Department})
	}
	return nil
}

func (d *decider) comment() error {
	switch {
	case d.cmd.Actor.Agency != d.c.Agency:
		return refused(d.c, CodeForbidden, "only the dossier's own agency may comment")
	case d.cmd.Comment == "":
		return refused(d.c, CodeCommentRequired, "a comment needs words")
	}
	d.record(Fact{Kind: FactCommented, Comment: d.cmd.Comment})
	return nil
}

// receive records the papers handed in with the command.
func (d *decider) receive() {
	if fresh := union(d.c.Components, d.cmd.Components); len(fresh) > len(d.c.Components) {
		d.record(Fact{Kind: FactComponentsReceived, Components: fresh[len(d.c.Components):]})
	}
}

func (d *decider) checkComponents() error {
	for _, id := range d.cmd.Components {
		if !slices.ContainsFunc(d.Components, func(c Component) bool { return c.ID == id }) {
			return Errorf(CodeInvalid, "procedure %s has no component %q", d.Code, id)
		}
	}
	return nil
}

// missing lists the required papers not yet handed in, this command's included.
func (d *decider) missing() []string {
	have := union(d.c.Components, d.cmd.Components)
	var out []string
	for _, c := range d.Components {
		if c.Required && !slices.Contains(have, c.ID) {
			out = append(out, c.ID)
		}
	}
	return out
}

func join(ids []string) string { return strings.Join(ids, ", ") }
