package engine

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"github.com/looplab/fsm"

	"motcua/engine/calendar"
)

// Machine is a compiled definition. It is immutable and safe to share.
type Machine struct {
	Definition
	SHA256 string

	guards guards
	events []fsm.EventDesc
	index  map[string]int // state id to its place in States; never ranged over

	// written is the machine as its definition says it, where this one reads
	// departments that were dissolved as their successors.
	written *Machine
}

// Rules is everything a decision rests on: the machine of the version and the
// calendar of the version a dossier is pinned to.
type Rules struct {
	*Machine
	Cal *calendar.Calendar
	// Org is who works at the dossier's agency now. Without it no rung finds
	// whom it tells, and nothing can be reassigned.
	Org *Directory
}

func newMachine(def Definition, sha256 string) *Machine {
	m := &Machine{Definition: def, SHA256: sha256, guards: newGuards(def), index: make(map[string]int, len(def.States))}
	for i, s := range def.States {
		m.index[s.ID] = i
		for j, t := range s.On {
			to := t.To
			if t.Stays() {
				to = s.ID
			}
			m.events = append(m.events, fsm.EventDesc{Name: branch(t.Event, j), Src: []string{s.ID}, Dst: to})
		}
	}
	return m
}

// branch names one of the transitions that answer to an event: the library
// takes one meaning per event and state and silently keeps the last.
func branch(event string, place int) string { return event + "/" + strconv.Itoa(place) }

// Ref is the reference a dossier keeps to this machine.
func (m *Machine) Ref() ProcedureRef {
	return ProcedureRef{Code: m.Code, Version: m.Version, SHA256: m.SHA256}
}

// Initial is the state a dossier starts in: the first of the definition.
func (m *Machine) Initial() State { return m.States[0] }

// State finds a state by id.
func (m *Machine) State(id string) (State, bool) {
	i, ok := m.index[id]
	if !ok {
		return State{}, false
	}
	return m.States[i], true
}

// EventName is what an event is called that led from a state to another: by
// the definition or, if it is reserved, everywhere. Either state may be empty,
// and any transition of the event will do then. It is empty where the
// definition gives no name.
func (m *Machine) EventName(event, from, to string) Text {
	if name := ReservedName(event); name.VI != "" {
		return name
	}
	states := m.States
	if s, ok := m.State(from); ok {
		states = append([]State{s}, states...)
	}
	for _, exactly := range []bool{true, false} {
		for _, s := range states {
			for _, t := range s.On {
				if t.Event == event && t.Name.VI != "" && (!exactly || t.To == to) {
					return t.Name
				}
			}
		}
	}
	return Text{}
}

// Actors lists every role in a department that the procedure asks something
// of, in the order of the text: those of its steps, those of its
// consultations, those who endorse. Each is listed once.
func (m *Machine) Actors() []RoleIn {
	var out []RoleIn
	for _, s := range m.States {
		if s.Department != "" {
			out = union(out, s.actors())
		}
	}
	for _, c := range m.Consultations {
		out = union(out, c.Ask)
	}
	for _, s := range m.States {
		for _, t := range s.On {
			if t.Approval != nil {
				out = union(out, []RoleIn{*t.Approval})
			}
		}
	}
	if m.Override != nil && m.Override.Approval != nil {
		out = union(out, []RoleIn{*m.Override.Approval})
	}
	return out
}

// Knows says whether any state of the machine answers to the event.
func (m *Machine) Knows(event string) bool {
	return slices.ContainsFunc(m.States, func(s State) bool { return s.answers(event) })
}

func (s State) answers(event string) bool {
	return slices.ContainsFunc(s.On, func(t Transition) bool { return t.Event == event })
}

// Step finds the transition for an event of a case. The conditions choose
// among those that answer to the event, the library decides whether it may
// happen and where it leads; the definition's own slice says what goes with
// it. Errors: CodeEventUnknown, CodeEventNotPermitted, CodeNeedsUnmet.
func (m *Machine) Step(c Case, event string) (Transition, State, error) {
	from, _ := m.State(c.State)
	i := slices.IndexFunc(from.On, func(t Transition) bool { return t.Event == event && m.Holds(t.When, c) })
	// A machine is built for one question and thrown away (some 20 µs): the
	// library keeps state between calls and is wedged for ever by a cancelled
	// context (looplab/fsm issue 115), hence the background one. It has no
	// callbacks: they are not transactions, and a misspelt one is ignored.
	f := fsm.NewFSM(c.State, m.events, nil)
	err := f.Event(context.Background(), branch(event, i))
	var stays fsm.NoTransitionError // a transition to the same state is one all the same
	if err != nil && !errors.As(err, &stays) {
		return Transition{}, State{}, m.refuse(from, event)
	}
	to, _ := m.State(f.Current())
	return from.On[i], to, nil
}

func (m *Machine) refuse(from State, event string) *Error {
	if !m.Knows(event) {
		return Errorf(CodeEventUnknown, "procedure %s version %d has no event %q", m.Code, m.Version, event)
	}
	refusal := Errorf(CodeEventNotPermitted, "event %q is not permitted in state %q", event, from.ID)
	if from.answers(event) {
		refusal = Errorf(CodeNeedsUnmet, "the condition of event %q does not hold in state %q", event, from.ID)
	}
	refusal.State = from.ID
	return refusal
}
