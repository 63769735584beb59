package engine

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

// mayAct: the officers of the role and department the dossier stands with; of
// those only the holder, once one has claimed it. Being overdue never blocks.
func mayAct(c Case, a Actor) error {
	if a.Kind != ActorOfficer || a.Agency != c.Agency || !a.Has(c.Department, c.Role) {
		return refused(c, CodeWrongRole, "state %q needs role %s in department %s", c.State, c.Role, c.Department)
	}
	if c.Holder != "" && c.Holder != a.ID {
		return refused(c, CodeNotHolder, "dossier is held by another officer")
	}
	return nil
}

// mayFire decides who may cause a declared transition.
func mayFire(s State, t Transition, c Case, a Actor) error {
	switch {
	case t.By == ByClock:
		return refused(c, CodeWrongRole, "event %q is fired by time alone", t.Event)
	case t.By == ByApplicant && a.Kind == ActorSystem && a.Agency == c.Agency:
		return nil
	}
	return mayHold(s, c, a)
}

// mayHold: who may act, unless the step must not be theirs: duties are
// separate, and who may not act may not hold.
func mayHold(s State, c Case, a Actor) error {
	if err := mayAct(c, a); err != nil {
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
		if mayFire(s, t, c, a) == nil {
			out = append(out, Permitted{Event: t.Event, Name: t.Name, To: t.To, Comment: t.Comment == "required", Print: t.Print})
		}
	}
	if mayHold(s, c, a) == nil {
		out = append(out, holding(c))
	}
	return out
}

func holding(c Case) Permitted {
	if c.Holder != "" {
		return Permitted{Event: EventRelease, Name: Text{VI: "Trả về hàng chờ", EN: "Release"}}
	}
	return Permitted{Event: EventClaim, Name: Text{VI: "Nhận xử lý", EN: "Claim"}}
}

func (m *Machine) permittedInHandoff(c Case, a Actor) []Permitted {
	if mayAct(c, a) != nil {
		return nil
	}
	out := []Permitted{{Event: EventAcceptHandoff, Name: Text{VI: "Nhận bàn giao", EN: "Accept handoff"}}}
	if c.Handoff.MayReturn {
		out = append(out, Permitted{Event: EventReturnHandoff, Name: Text{VI: "Trả lại bàn giao", EN: "Return handoff"}, To: c.Handoff.FromState, Comment: true})
	}
	return out
}
