package engine

// send hands the dossier to another department; its step begins when the
// department accepts it. What comes out of a suspension cannot be sent back
// into it.
func (d *decider) send(fromState, sender string, to State, stepClock string) {
	from, _ := d.State(fromState)
	d.record(Fact{Kind: FactHandoffSent, From: sender, To: to.Department, Handoff: &Handoff{
		FromState: fromState, FromDepartment: sender, SentAt: d.at, MayReturn: to.Handoff.MayReturn && !from.Suspended(),
		InTransit: to.Handoff.InTransit, Slip: d.cmd.Slip, StepClock: stepClock,
	}})
	d.startClock(ClockHandoff, to, to.Handoff.AcceptWithin, to.Handoff.Cutoff)
}

// answerHandoff accepts or returns what another department sent.
func (d *decider) answerHandoff() error {
	if d.c.Handoff == nil {
		return refused(d.c, CodeEventNotPermitted, "no handoff is pending in state %q", d.c.State)
	}
	if err := mayReceive(d.c, d.cmd.Actor); err != nil {
		return err
	}
	if d.cmd.Event == EventReturnHandoff {
		return d.returnHandoff(*d.c.Handoff)
	}
	d.acceptHandoff(d.cmd.Comment)
	return nil
}

// acceptHandoff lets the step begin that was sent.
func (d *decider) acceptHandoff(comment string) {
	d.stopKind(ClockHandoff)
	goesOn := d.c.Handoff.StepClock
	d.record(Fact{Kind: FactHandoffAccepted, From: d.c.Handoff.FromDepartment, To: d.c.Department, Comment: comment})
	here, _ := d.State(d.c.State)
	d.startLegal(here, false)
	d.startStep(here, goesOn)
	d.advance()
}

func (d *decider) returnHandoff(h Handoff) error {
	switch {
	case !h.MayReturn:
		return refused(d.c, CodeEventNotPermitted, "this handoff may not be returned")
	case d.cmd.Comment == "":
		return refused(d.c, CodeCommentRequired, "returning a handoff needs a comment")
	}
	d.takeBack(h, FactHandoffReturned)
	return nil
}

// recallHandoff takes back what the other department has not accepted yet.
func (d *decider) recallHandoff() error {
	h := d.c.Handoff
	if h == nil {
		return refused(d.c, CodeEventNotPermitted, "no handoff is pending in state %q", d.c.State)
	}
	from, _ := d.State(h.FromState)
	switch err := mayRecall(from, d.c, d.cmd.Actor); {
	case err != nil:
		return err
	case from.Suspended():
		return refused(d.c, CodeEventNotPermitted, "this handoff came out of a suspension and cannot be recalled")
	case d.cmd.Comment == "":
		return refused(d.c, CodeCommentRequired, "recalling a handoff needs a comment")
	}
	d.takeBack(*h, FactHandoffRecalled)
	return nil
}

// takeBack stands a returned or recalled dossier where it came from; the
// department that gets its own dossier back has nothing to accept. Its step
// goes on as the rule of the handoff says.
func (d *decider) takeBack(h Handoff, how FactKind) {
	goesOn := ""
	if here, _ := d.State(d.c.State); here.Handoff != nil {
		goesOn = here.Handoff.StepClock
	}
	d.stopKind(ClockHandoff)
	d.stopKind(ClockWait)
	d.record(Fact{Kind: how, From: d.c.Department, To: h.FromDepartment, Comment: d.cmd.Comment})
	to, _ := d.State(h.FromState)
	d.record(Fact{Kind: FactStateEntered, Event: d.cmd.Event, To: to.ID, Department: to.Department, Role: to.Role, Comment: d.cmd.Comment})
	if k, ok := d.c.Clock(ClockStep); ok && k.Subject != to.Cell {
		d.stopClock(k)
	}
	d.startStage(to)
	d.startExpiry(to)
	d.startStep(to, goesOn)
}
