package engine

import "slices"

// event is a transition the definition declares.
func (d *decider) event() error {
	t, to, err := d.Step(d.foreseen(), d.cmd.Event)
	if err != nil {
		return err
	}
	if d.c.Handoff != nil && !t.fromOutside(d.cmd.Actor) {
		return refused(d.c, CodeHandoffPending, "department %s has not accepted the handoff yet", d.c.Department)
	}
	from, _ := d.State(d.c.State)
	if err := mayFire(from, t, d.c, d.cmd.Actor); err != nil {
		return err
	}
	if err := d.conditions(t, to); err != nil {
		return err
	}
	d.receive()
	switch {
	case t.Approval != nil:
		return d.propose(Proposal{Event: t.Event, Approval: *t.Approval})
	case d.sign(from, t):
		d.happen(t, to, t.Basis)
	}
	return nil
}

// fromOutside says whether the event comes from the applicant or from another
// system, for whom it makes no difference who has the dossier on the desk: a
// withdrawal takes what was not accepted yet along.
func (t Transition) fromOutside(a Actor) bool {
	return a.Kind == ActorSystem && (t.By == ByApplicant || t.By == BySystem)
}

func (d *decider) conditions(t Transition, to State) error {
	if t.Comment == "required" && d.cmd.Comment == "" {
		return refused(d.c, CodeCommentRequired, "event %q needs a comment", t.Event)
	}
	if err := d.checkComponents(); err != nil {
		return err
	}
	if err := d.checkFields(d.asked(t.Fields, false), false); err != nil {
		return err
	}
	if err := d.needs(t); err != nil {
		return err
	}
	if err := d.mayExtend(t); err != nil || t.Stays() {
		return err
	}
	return d.mayEnter(to)
}

func (d *decider) needs(t Transition) error {
	if slices.Contains(t.Needs, NeedComponents) {
		if missing := d.missing(); len(missing) > 0 {
			return refused(d.c, CodeNeedsUnmet, "components missing: %s", join(missing))
		}
	}
	if slices.Contains(t.Needs, NeedConsultations) && d.c.consulting() {
		return refused(d.c, CodeNeedsUnmet, "a consultation is not concluded")
	}
	for _, id := range t.Start {
		if slices.ContainsFunc(d.c.Consulted, func(r Consulted) bool { return r.Consultation == id && r.Result == "" }) {
			return refused(d.c, CodeEventNotPermitted, "consultation %q is not concluded yet", id)
		}
	}
	for _, id := range t.Link {
		if slices.ContainsFunc(d.c.Linked, func(l Linked) bool { return l.Link == id && l.Outcome == "" }) {
			return refused(d.c, CodeEventNotPermitted, "linked dossier %q is not concluded yet", id)
		}
	}
	return nil
}

// mayEnter holds the entering of a state against how often it may be entered.
func (d *decider) mayEnter(to State) error {
	if s := d.Suspension; to.AwaitsApplicant() && s != nil && s.MaxTimes > 0 && d.c.Suspensions >= s.MaxTimes {
		return refused(d.c, CodeSuspensionExhausted, "dossier was suspended %d times, as often as the procedure allows", d.c.Suspensions)
	}
	if n := d.c.entered(to.ID); to.MaxTimes > 0 && n >= to.MaxTimes {
		if to.Suspended() {
			return refused(d.c, CodeSuspensionExhausted, "state %q was entered %d times, as often as the procedure allows", to.ID, n)
		}
		return refused(d.c, CodeEventNotPermitted, "state %q was entered %d times, as often as the procedure allows", to.ID, n)
	}
	return nil
}

// happen does what a transition declares; basis is the rule it rests on.
func (d *decider) happen(t Transition, to State, basis string) {
	if t.Stays() {
		d.record(Fact{Kind: FactEventFired, Event: t.Event, To: d.c.State, Comment: d.cmd.Comment, Basis: basis})
		d.print(t)
		d.extend(t)
		d.consult(t.Start)
		d.link(t.Link)
		return
	}
	from, _ := d.State(d.c.State)
	d.leave(from, to)
	if from.Suspended() && !to.Suspended() {
		d.resumeLegal(from.ID, t)
	}
	d.print(t)
	d.extend(t)
	d.enter(to, entry{from: from.ID, event: t.Event, basis: basis, stepClock: t.StepClock})
	d.consult(t.Start)
	d.link(t.Link)
	d.advance()
}

func (d *decider) print(t Transition) {
	if t.Print != "" {
		d.record(Fact{Kind: FactFormIssued, Form: t.Print, Event: t.Event})
	}
}

// entry is how a state comes to be entered.
type entry struct {
	from      string // the state left; empty: none
	event     string
	basis     string // the rule it rests on
	stepClock string // how the step goes on if it was entered before
}

// enter stands the dossier in a state and sets the clocks that go with it.
func (d *decider) enter(to State, e entry) {
	sender, sentFrom := d.c.Department, d.c.State
	d.record(Fact{
		Kind: FactStateEntered, Event: e.event, From: e.from, To: to.ID, Department: to.Department, Role: to.Role,
		Comment: d.remarkOf(e.event), Basis: e.basis, Suspended: to.AwaitsApplicant(),
	})
	sends := to.Handoff != nil && sender != "" && sender != to.Department
	d.startLegal(to, sends)
	d.startIntake(to)
	d.startStage(to)
	if to.Suspended() {
		d.stopKind(ClockIntake)
		d.suspendLegal()
	}
	d.startExpiry(to)
	if to.Outcome != "" {
		d.decided(to)
	}
	switch {
	case to.Final:
		d.close(to)
	case sends:
		d.send(sentFrom, sender, to, e.stepClock)
	default:
		d.startStep(to, e.stepClock)
	}
}

// close ends the dossier, and with it what still runs.
func (d *decider) close(to State) {
	for _, k := range d.c.Clocks {
		if k.Kind == ClockAlarm {
			d.end(k, VerdictSuperseded)
		}
	}
	d.cancelLinks()
	d.record(Fact{Kind: FactDossierClosed, Outcome: to.Outcome})
}

// remarkOf is the comment of the command, for the event that it commands: what
// happens by itself, and the start, which has said it before, have none.
func (d *decider) remarkOf(event string) string {
	if event != d.cmd.Event || event == EventStart {
		return ""
	}
	return d.cmd.Comment
}

// decided ends what the result makes pointless: the legal limits are met or
// not, and nobody need be asked any more.
func (d *decider) decided(to State) {
	for _, kind := range []ClockKind{ClockIntake, ClockStatutory, ClockCommitted, ClockStage, ClockStandstill} {
		d.stopKind(kind)
	}
	d.withdrawOpinions()
	d.tellConcluded(to.Outcome)
}

// startStep sets the clock of a step going, or lets that of its cell go on. It
// has the whole limit or, where that is said, what the last visit left of it.
func (d *decider) startStep(s State, goesOn string) {
	if k, ok := d.c.Clock(ClockStep); ok && s.Cell != "" && k.Subject == s.Cell {
		return
	}
	within := d.WithinOf(d.c.Variant, s)
	k := Clock{Subject: s.ID, Department: s.Department}
	if s.Cell != "" {
		k.Subject = s.Cell
	}
	if goesOn == StepRemaining {
		k.Consumed = min(d.c.used(k.Subject), within.Amount())
	}
	d.begin(ClockStep, k, within, nil)
}

// used is what the last visit of a step used of its clock.
func (c Case) used(subject string) int64 {
	for _, s := range c.Steps {
		if s.Subject == subject {
			return s.Consumed
		}
	}
	return 0
}

// startStage sets the sub-total of the state's stage going when the dossier
// enters the stage; the one of the stage before ends.
func (d *decider) startStage(to State) {
	if to.Stage == "" || to.Outcome != "" {
		return
	}
	if k, ok := d.c.Clock(ClockStage); ok {
		if k.Subject == to.Stage {
			return
		}
		d.stopClock(k)
	}
	stage := to
	stage.ID = to.Stage
	d.startClock(ClockStage, stage, d.stageWithin(d.c.Variant, to.Stage), nil)
}
