package engine

// event is a transition the definition declares.
func (d *decider) event() error {
	t, to, err := d.Step(d.c.State, d.cmd.Event)
	if err != nil {
		return err
	}
	if d.c.Handoff != nil {
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
	d.transit(t, to)
	return nil
}

func (d *decider) conditions(t Transition, to State) error {
	if t.Comment == "required" && d.cmd.Comment == "" {
		return refused(d.c, CodeCommentRequired, "event %q needs a comment", t.Event)
	}
	if err := d.checkComponents(); err != nil {
		return err
	}
	for _, need := range t.Needs {
		if missing := d.missing(); need == "components-complete" && len(missing) > 0 {
			return refused(d.c, CodeNeedsUnmet, "components missing: %s", join(missing))
		}
	}
	if s := d.Suspension; to.Suspended() && s != nil && s.MaxTimes > 0 && d.c.Suspensions >= s.MaxTimes {
		return refused(d.c, CodeSuspensionExhausted, "dossier was suspended %d times, as often as the procedure allows", d.c.Suspensions)
	}
	return nil
}

// transit leaves the present state for another.
func (d *decider) transit(t Transition, to State) {
	from, _ := d.State(d.c.State)
	d.stopKind(ClockStep)
	d.stopKind(ClockSuspension)
	if from.Suspended() && !to.Suspended() {
		d.resumeLegal(from.ID, t.Resume == "restart")
	}
	if t.Print != "" {
		d.record(Fact{Kind: FactFormIssued, Form: t.Print, Event: t.Event})
	}
	d.enter(from.ID, to, t.Event, d.cmd.Comment)
}

// enter stands the dossier in a state and sets the clocks that go with it.
func (d *decider) enter(from string, to State, event, comment string) {
	sender, sentFrom := d.c.Department, d.c.State
	d.record(Fact{
		Kind: FactStateEntered, Event: event, From: from, To: to.ID,
		Department: to.Department, Role: to.Role, Comment: comment, Suspended: to.Suspended(),
	})
	d.startLegal(to)
	if to.Suspended() {
		d.suspendLegal()
		d.startClock(ClockSuspension, to, d.suspensionMax(), nil)
	}
	if to.Outcome != "" {
		d.stopKind(ClockStatutory)
		d.stopKind(ClockCommitted)
	}
	switch {
	case to.Final:
		d.record(Fact{Kind: FactDossierClosed, Outcome: to.Outcome})
	case to.Handoff != nil && sender != "" && sender != to.Department:
		d.send(sentFrom, sender, to)
	default:
		d.startClock(ClockStep, to, to.Within, nil)
	}
}
