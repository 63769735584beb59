package engine

import "slices"

// mayStart: a backend system of the agency, or an officer who holds the role
// of the first step there.
func (m *Machine) mayStart(a Actor, agency string) error {
	if a.Kind == ActorSystem && a.Agency == agency {
		return nil
	}
	first := m.Initial()
	if a.Kind == ActorOfficer && a.Agency == agency && a.Has(first.Department, first.Role) {
		return nil
	}
	return Errorf(CodeForbidden, "starting dossiers at %s needs role %s in department %s there", agency, first.Role, first.Department)
}

// mayReceive: the officers of the role and department the dossier stands with.
func mayReceive(c Case, a Actor) error {
	if a.Kind != ActorOfficer || a.Agency != c.Agency || !a.Has(c.Department, c.Role) {
		return refused(c, CodeWrongRole, "state %q needs role %s in department %s", c.State, c.Role, c.Department)
	}
	return mayTouch(c, a)
}

// mayTouch: once an officer has claimed the dossier, only that one.
func mayTouch(c Case, a Actor) error {
	if c.Holder != "" && c.Holder != a.ID {
		return refused(c, CodeNotHolder, "dossier is held by another officer")
	}
	return nil
}

// mayAct: the officers of the step's roles. Being overdue never blocks.
func mayAct(s State, c Case, a Actor) error {
	if c.Delegated && a.Kind == ActorOfficer && a.Agency == c.Agency && a.ID == c.Holder {
		return nil
	}
	if a.Kind == ActorOfficer && a.Agency == c.Agency && slices.ContainsFunc(s.Actors, func(r RoleIn) bool { return a.Has(r.Department, r.Role) }) {
		return nil
	}
	if a.Kind != ActorOfficer || a.Agency != c.Agency || !a.Has(c.Department, c.Role) {
		return refused(c, CodeWrongRole, "state %q needs role %s in department %s", c.State, c.Role, c.Department)
	}
	return nil
}

// mayFire decides who may cause a declared transition.
func mayFire(s State, t Transition, c Case, a Actor) error {
	switch {
	case t.By == ByClock:
		return refused(c, CodeWrongRole, "event %q is fired by time alone", t.Event)
	case t.By == ByConsultation:
		return refused(c, CodeWrongRole, "event %q is fired by the conclusion of a consultation alone", t.Event)
	case t.By == ByLinks:
		return refused(c, CodeWrongRole, "event %q is fired by the conclusion of linked dossiers alone", t.Event)
	case (t.By == ByApplicant || t.By == BySystem) && a.Kind == ActorSystem && a.Agency == c.Agency:
		return nil
	case !t.Quorum.IsZero(): // several act, so none of them holds it
		return mayVote(s, c, a)
	}
	return mayHold(s, c, a)
}

// mayHold: who may sign, unless another officer has claimed the dossier. Who
// may not act may not hold.
func mayHold(s State, c Case, a Actor) error {
	if err := mayAct(s, c, a); err != nil {
		return err
	}
	if err := mayTouch(c, a); err != nil {
		return err
	}
	return maySign(s, c, a)
}

// mayVote: who may sign, once: for one event or for another.
func mayVote(s State, c Case, a Actor) error {
	if err := maySign(s, c, a); err != nil {
		return err
	}
	if slices.ContainsFunc(c.Signatures, func(g Signature) bool { return g.Officer == a.ID }) {
		return refused(c, CodeEventNotPermitted, "you have given your voice in state %q", s.ID)
	}
	return nil
}

// maySign: who may act, unless the step must not be theirs: duties are
// separate.
func maySign(s State, c Case, a Actor) error {
	if err := mayAct(s, c, a); err != nil {
		return err
	}
	return separate(s, c, a)
}

// separate: who took another step may not take this one, where the definition
// says so.
func separate(s State, c Case, a Actor) error {
	for _, other := range s.NotSameOfficerAs {
		if c.HasActed(other, a.ID) {
			return refused(c, CodeSameOfficer, "the officer of state %q may not act in state %q", other, s.ID)
		}
	}
	return nil
}

func refused(c Case, code Code, format string, args ...any) *Error {
	e := Errorf(code, format, args...)
	e.State = c.State
	return e
}

// mayRecall: the officers of the step that sent the dossier, or a supervisor.
func mayRecall(from State, c Case, a Actor) error {
	if a.Kind == ActorOfficer && a.Agency == c.Agency &&
		(slices.ContainsFunc(from.actors(), func(r RoleIn) bool { return a.Has(r.Department, r.Role) }) || a.Supervises(from.Department)) {
		return nil
	}
	return refused(c, CodeWrongRole, "recalling needs role %s in department %s, which sent the dossier", from.Role, from.Department)
}

// mayEndorse: who holds the role that approves, and did not propose it.
func mayEndorse(p Proposal, c Case, a Actor) error {
	switch {
	case a.Kind != ActorOfficer || a.Agency != c.Agency || !a.Has(p.Approval.Department, p.Approval.Role):
		return refused(c, CodeWrongRole, "endorsing event %q needs role %s in department %s", p.Event, p.Approval.Role, p.Approval.Department)
	case a.ID == p.Officer:
		return refused(c, CodeSameOfficer, "who proposed event %q may not endorse it", p.Event)
	}
	return nil
}

// mayAcknowledge: one who was told, or a supervisor; what somebody escalated,
// those it was escalated to, or a leader.
func mayAcknowledge(alarm Alarm, c Case, a Actor) bool {
	if alarm.Raised() && !a.leads() {
		return a.Kind == ActorOfficer && a.Agency == c.Agency && slices.Contains(alarm.Told, a.ID)
	}
	return a.Kind == ActorOfficer && a.Agency == c.Agency && (slices.Contains(alarm.Told, a.ID) || a.Supervises(c.Department))
}
