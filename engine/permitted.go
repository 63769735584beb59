package engine

import "slices"

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
	// Target says which proposal or alarm, for [EventEndorse], [EventTurnDown]
	// and [EventAcknowledge].
	Target string `json:"target,omitempty"`
	// States are those the dossier may go to, for [EventReturn].
	States []string `json:"states,omitempty"`
}

// Permitted lists what the actor may do with the case, in the order of the
// definition, and behind it what supervisors may. It asks the same rules that
// [Decide] enforces.
func (m *Machine) Permitted(c Case, a Actor) []Permitted {
	if c.Closed() || !c.Started() {
		return nil
	}
	var out []Permitted
	if c.Handoff != nil {
		out = m.permittedInHandoff(c, a)
	} else {
		out = m.permittedInState(c, a)
	}
	out = append(out, asked(c, a)...)
	return append(out, m.supervising(c, a)...)
}

func (m *Machine) permittedInState(c Case, a Actor) []Permitted {
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
	return append(out, withdrawable(s, c, a)...)
}

// withdrawable lists the consultations whose request the actor may take back.
func withdrawable(s State, c Case, a Actor) []Permitted {
	if mayAct(s, c, a) != nil && !a.Supervises(c.Department) {
		return nil
	}
	var out []Permitted
	for _, round := range c.Consulted {
		if round.Result == "" {
			out = append(out, Permitted{Event: EventWithdrawRequest, Name: ReservedName(EventWithdrawRequest), Consultation: round.Consultation, Comment: true})
		}
	}
	return out
}

// supervising lists what stands above the steps.
func (m *Machine) supervising(c Case, a Actor) []Permitted {
	if a.Agency != c.Agency {
		return nil
	}
	var out []Permitted
	may := func(event, target string, comment bool) {
		out = append(out, Permitted{Event: event, Name: ReservedName(event), Target: target, Comment: comment})
	}
	for _, p := range c.Proposals {
		if mayEndorse(p, c, a) == nil {
			may(EventEndorse, p.ID, false)
			may(EventTurnDown, p.ID, true)
		}
	}
	for _, alarm := range c.Alarms {
		if mayAcknowledge(alarm, c, a) {
			may(EventAcknowledge, alarm.Clock, false)
		}
	}
	supervises := a.Supervises(c.Department)
	if c.Handoff == nil && (supervises || a.Kind == ActorOfficer && c.Holder == a.ID) {
		may(EventReassign, "", true)
	}
	if own := slices.ContainsFunc(c.Halts, func(h Halt) bool { return h.own() }); supervises && own {
		may(EventResume, "", false)
	} else if supervises {
		may(EventSuspend, "", true)
	}
	if m.mayOverride(c, a) == nil {
		may(EventOverride, "", true)
	}
	return append(out, m.verbs(c, a)...)
}

// verbs lists the verbs of supervisors that rest on the definition, and the
// one by which the holder asks upward.
func (m *Machine) verbs(c Case, a Actor) []Permitted {
	var out []Permitted
	may := func(event string, states ...string) {
		out = append(out, Permitted{Event: event, Name: ReservedName(event), Comment: true, States: states})
	}
	if mayEscalate(c, a) && !a.leads() {
		may(EventEscalate)
	}
	if states := m.returnable(c, a); len(states) > 0 {
		may(EventReturn, states...)
	}
	if !a.Supervises(c.Department) {
		return out
	}
	if m.Extension != nil && slices.ContainsFunc(c.Clocks, func(k Clock) bool { return k.Kind == ClockStatutory || k.Kind == ClockCommitted }) {
		may(EventExtend)
	}
	if _, ok := m.withdrawal(c); ok {
		may(EventWithdraw)
	}
	return out
}

// asked lists the opinions the actor may give.
func asked(c Case, a Actor) []Permitted {
	var out []Permitted
	for _, round := range c.Consulted {
		for _, o := range round.Opinions {
			if round.Result == "" && o.Officer == "" && !o.Withdrawn && a.Kind == ActorOfficer && a.Agency == c.Agency && a.Has(o.Department, o.Role) {
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
	var out []Permitted
	if from, _ := m.State(c.Handoff.FromState); !from.Suspended() && mayRecall(from, c, a) == nil {
		out = append(out, Permitted{Event: EventRecallHandoff, Name: ReservedName(EventRecallHandoff), To: from.ID, Comment: true})
	}
	if mayReceive(c, a) != nil {
		return out
	}
	out = append(out, Permitted{Event: EventAcceptHandoff, Name: ReservedName(EventAcceptHandoff)})
	if c.Handoff.MayReturn {
		out = append(out, Permitted{Event: EventReturnHandoff, Name: ReservedName(EventReturnHandoff), To: c.Handoff.FromState, Comment: true})
	}
	return out
}
