package engine

import (
	"context"
	"errors"
	"slices"

	"github.com/looplab/fsm"

	"motcua/engine/calendar"
)

// Machine is a compiled definition. It is immutable and safe to share.
type Machine struct {
	Definition
	SHA256 string

	events []fsm.EventDesc
	index  map[string]int // state id to its place in States; never ranged over
}

// Rules is everything a decision rests on: the machine of the version and the
// calendar of the version a dossier is pinned to.
type Rules struct {
	*Machine
	Cal *calendar.Calendar
}

func newMachine(def Definition, sha256 string) *Machine {
	m := &Machine{Definition: def, SHA256: sha256, index: make(map[string]int, len(def.States))}
	for i, s := range def.States {
		m.index[s.ID] = i
		for _, t := range s.On {
			m.events = append(m.events, fsm.EventDesc{Name: t.Event, Src: []string{s.ID}, Dst: t.To})
		}
	}
	return m
}

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

// Knows says whether any state of the machine answers to the event.
func (m *Machine) Knows(event string) bool {
	return slices.ContainsFunc(m.events, func(e fsm.EventDesc) bool { return e.Name == event })
}

// Step finds the transition for an event in a state. The library decides
// whether the event may happen and where it leads; the definition's own slice
// says what goes with it. Errors: CodeEventUnknown, CodeEventNotPermitted.
func (m *Machine) Step(state, event string) (Transition, State, error) {
	// A machine is built for one question and thrown away (some 20 µs): the
	// library keeps state between calls and is wedged for ever by a cancelled
	// context (looplab/fsm issue 115), hence the background one. It has no
	// callbacks: they are not transactions, and a misspelt one is ignored.
	f := fsm.NewFSM(state, m.events, nil)
	err := f.Event(context.Background(), event)
	var stays fsm.NoTransitionError // a transition to the same state is one all the same
	if err != nil && !errors.As(err, &stays) {
		return Transition{}, State{}, m.refuse(state, event)
	}
	from, _ := m.State(state)
	to, _ := m.State(f.Current())
	i := slices.IndexFunc(from.On, func(t Transition) bool { return t.Event == event })
	return from.On[i], to, nil
}

func (m *Machine) refuse(state, event string) *Error {
	if !m.Knows(event) {
		return Errorf(CodeEventUnknown, "procedure %s version %d has no event %q", m.Code, m.Version, event)
	}
	refusal := Errorf(CodeEventNotPermitted, "event %q is not permitted in state %q", event, state)
	refusal.State = state
	return refusal
}
