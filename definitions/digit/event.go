package digit

import (
	"slices"
	"strings"

	"motcua/engine"
)

// event makes one event of a step.
func (m *maker) event(place string, s state, a action) engine.Transition {
	t := engine.Transition{Event: m.events.id(a.Name, "event", engine.ReservedEvents()...), Name: m.name(place+"/name", a.Name, "(unnamed)"), By: m.by(place, s, a)}
	if own := kebab(a.Name, '-'); slices.Contains(engine.ReservedEvents(), own) {
		m.remark(place, "original: %q; every procedure has an event %s of its own, so this one has another name", a.Name, own)
	}
	if a.Next == "" {
		m.remark(place, "the original leads nowhere: nextState is not given")
		return t
	}
	t.To = m.stateID(a.Next)
	if !slices.ContainsFunc(m.States, func(s state) bool { return s.Name == a.Next }) {
		m.remark(place, "the original leads to %q, which is no state of it%s", a.Next, m.statusHint(a.Next))
	}
	return t
}

// statusHint finds the states whose status has the name an action gives for a
// state.
func (m *maker) statusHint(next string) string {
	var names []string
	for _, s := range m.States {
		if s.Status == next {
			names = append(names, s.Name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "; it is the applicationStatus of " + strings.Join(names, ", ")
}

// by says who fires the event. The language lets officers, the applicant or a
// system fire it, the original any mixture.
func (m *maker) by(place string, s state, a action) string {
	kinds := map[string]bool{}
	for _, role := range a.Roles {
		kinds[kindOf(role)] = true
	}
	switch {
	case len(a.Roles) == 0:
		m.remark(place, "original roles: none")
		return ""
	case kinds[engine.ByOfficer]:
		if kinds[engine.ByApplicant] || kinds[engine.BySystem] {
			m.rolesOf(place, a, " (the language: officers, or the applicant or a system, and not both)")
		} else if !m.wholeStep(s, a) {
			m.rolesOf(place, a, "")
		}
		return ""
	case kinds[engine.ByApplicant]:
		if kinds[engine.BySystem] {
			m.rolesOf(place, a, "")
		}
		return engine.ByApplicant
	}
	m.rolesOf(place, a, "")
	return engine.BySystem
}

func (m *maker) rolesOf(place string, a action, why string) {
	m.remark(place, "original roles: %s%s", strings.Join(a.Roles, ", "), why)
}

// wholeStep says whether every officer of the step may perform the action.
func (m *maker) wholeStep(s state, a action) bool {
	for _, r := range m.officers(s) {
		if !slices.Contains(m.officers(state{Actions: []action{a}}), r) {
			return false
		}
	}
	return true
}
