package engine

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
	if d.c.Handoff == nil {
		return refused(d.c, CodeEventNotPermitted, "no handoff is pending in state %q", d.c.State)
	}
	if err := mayReceive(d.c, d.cmd.Actor); err != nil {
		return err
	}
	if d.cmd.Event == EventReturnHandoff {
		return d.returnHandoff(*d.c.Handoff)
	}
	d.stopKind(ClockHandoff)
	d.record(Fact{Kind: FactHandoffAccepted, From: d.c.Handoff.FromDepartment, To: d.c.Department, Comment: d.cmd.Comment})
	here, _ := d.State(d.c.State)
	d.startStep(here)
	d.advance()
	return nil
}

func (d *decider) returnHandoff(h Handoff) error {
	switch {
	case !h.MayReturn:
		return refused(d.c, CodeEventNotPermitted, "this handoff may not be returned")
	case d.cmd.Comment == "":
		return refused(d.c, CodeCommentRequired, "returning a handoff needs a comment")
	}
	d.stopKind(ClockHandoff)
	d.stopKind(ClockWait)
	d.record(Fact{Kind: FactHandoffReturned, From: d.c.Department, To: h.FromDepartment, Comment: d.cmd.Comment})
	back, _ := d.State(h.FromState)
	d.takeBack(back)
	return nil
}

// takeBack stands a returned dossier where it came from; the department that
// gets its own dossier back has nothing to accept.
func (d *decider) takeBack(to State) {
	d.record(Fact{Kind: FactStateEntered, Event: EventReturnHandoff, To: to.ID, Department: to.Department, Role: to.Role, Comment: d.cmd.Comment})
	if k, ok := d.c.Clock(ClockStep); ok && k.Subject != to.Cell {
		d.stopClock(k)
	}
	d.startStage(to)
	d.startExpiry(to)
	d.startStep(to)
}
