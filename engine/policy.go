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

// Permitted is one thing an actor may do now.
type Permitted struct {
	Event   string `json:"event"`
	Name    Text   `json:"name"`
	To      string `json:"to,omitempty"`
	Comment bool   `json:"comment_required,omitempty"`
	Print   string `json:"print,omitempty"`
	// Fields are the inputs that come with the event.
	Fields []string `json:"fields,omitempty"`
	// Consultation and Department say whose opinion is asked, for [EventAnswer].
	Consultation string `json:"consultation,omitempty"`
	Department   string `json:"department,omitempty"`
}

// Permitted lists what the actor may do with the case, in the order of the
// definition. It asks the same rules that [Decide] enforces.
func (m *Machine) Permitted(c Case, a Actor) []Permitted {
	if c.Closed() || !c.Started() {
		return nil
	}
	if c.Handoff != nil {
		return m.permittedInHandoff(c, a)
	}
	var out []Permitted
	s, _ := m.State(c.State)
	for _, t := range s.On {
		if m.Holds(t.When, c) && mayFire(s, t, c, a) == nil && !slices.ContainsFunc(out, func(p Permitted) bool { return p.Event == t.Event }) {
			out = append(out, Permitted{Event: t.Event, Name: t.Name, To: t.To, Comment: t.Comment == "required", Print: t.Print, Fields: t.Fields})
		}
	}
	if mayHold(s, c, a) == nil {
		out = append(out, holding(c))
	}
	return append(out, asked(c, a)...)
}

// asked lists the opinions the actor may give.
func asked(c Case, a Actor) []Permitted {
	var out []Permitted
	for _, round := range c.Consulted {
		for _, o := range round.Opinions {
			if round.Result == "" && o.Officer == "" && a.Kind == ActorOfficer && a.Agency == c.Agency && a.Has(o.Department, o.Role) {
				out = append(out, Permitted{Event: EventAnswer, Name: ReservedName(EventAnswer), Consultation: round.Consultation, Department: o.Department})
			}
		}
	}
	return out
}

func holding(c Case) Permitted {
	if c.Holder != "" {
		return Permitted{Event: EventRelease, Name: ReservedName(EventRelease)}
	}
	return Permitted{Event: EventClaim, Name: ReservedName(EventClaim)}
}

func (m *Machine) permittedInHandoff(c Case, a Actor) []Permitted {
	if mayReceive(c, a) != nil {
		return asked(c, a)
	}
	out := []Permitted{{Event: EventAcceptHandoff, Name: ReservedName(EventAcceptHandoff)}}
	if c.Handoff.MayReturn {
		out = append(out, Permitted{Event: EventReturnHandoff, Name: ReservedName(EventReturnHandoff), To: c.Handoff.FromState, Comment: true})
	}
	return out
}
