package digit

import (
	"fmt"
	"slices"
	"strings"

	"motcua/engine"
)

// department is the one of all steps.
const department = "office"

// order is the states with the one dossiers start in first, where the language
// has it; the others keep their order.
func (m *maker) order() []state {
	i := slices.IndexFunc(m.States, func(s state) bool { return s.Start && s.Name == "" })
	if i < 0 {
		i = slices.IndexFunc(m.States, func(s state) bool { return s.Start })
	}
	if i <= 0 {
		return m.States
	}
	return slices.Concat(m.States[i:i+1], m.States[:i], m.States[i+1:])
}

// state makes one step, with its events.
func (m *maker) state(place string, s state) engine.State {
	out := engine.State{ID: m.stateID(s.Name), Name: m.name(place+"/name", s.Name, "(start)"), Final: s.Terminal}
	m.notes(place, s)
	if s.Terminal {
		out.Outcome = outcome(s.Name)
		m.remark(place+"/outcome", "not in the original: read from the name")
	}
	out.Within = m.within(place+"/within", s)
	if officers := m.officers(s); len(officers) > 0 {
		out.Department = department
		if slices.ContainsFunc(s.Actions, func(a action) bool { return len(a.Roles) == 0 }) {
			m.remark(place+"/role", "an action of this state has no roles: the original lets nobody perform it")
		} else {
			out.Role, officers = officers[0].Role, officers[1:]
		}
		out.Actors = officers
	}
	for i, a := range s.Actions {
		out.On = append(out.On, m.event(fmt.Sprintf("%s/on/%d", place, i), s, a))
	}
	return out
}

// stateID is the id of a state, which has no name before the first action.
func (m *maker) stateID(name string) string {
	if name == "" {
		return m.states.id(name, "start")
	}
	return m.states.id(name, "state")
}

// notes keeps what the language says otherwise or not at all.
func (m *maker) notes(place string, s state) {
	if s.Status != "" && s.Status != s.Name {
		m.remark(place, "applicationStatus: %q", s.Status)
	}
	if s.Papers {
		m.remark(place, "docUploadRequired: true (the language: components, and needs on an event)")
	}
	if s.Editable {
		m.remark(place, "isStateUpdatable: true (the language: fields on an event)")
	}
	switch first := m.order()[0]; {
	case s.Start && s.Name != first.Name:
		m.remark(place, "isStartState: true; here dossiers start in %s", m.stateID(first.Name))
	case !first.Start && s.Name == first.Name:
		m.remark(place, "no state of the original is a start state: dossiers start in the first one")
	}
}

// officers are the roles of all actions of a state, but for applicants and
// systems, each once.
func (m *maker) officers(s state) []engine.RoleIn {
	var roles []engine.RoleIn
	for _, a := range s.Actions {
		for _, original := range a.Roles {
			if kindOf(original) != engine.ByOfficer {
				continue
			}
			r := engine.RoleIn{Department: department, Role: m.roles.id(original, "role")}
			if !slices.Contains(roles, r) {
				roles = append(roles, r)
			}
		}
	}
	return roles
}

// kindOf says who stands behind a role of DIGIT.
func kindOf(role string) string {
	switch role {
	case "CITIZEN":
		return engine.ByApplicant
	case "SYSTEM", "SYSTEM_PAYMENT", "AUTO_ESCALATE":
		return engine.BySystem
	}
	return engine.ByOfficer
}

// outcome reads from the name of a terminal state what was decided.
func outcome(name string) string {
	for _, word := range []struct{ stem, outcome string }{
		{"reject", "refused"}, {"dismiss", "refused"}, {"refus", "refused"}, {"denied", "refused"},
		{"withdr", "withdrawn"},
		{"cancel", "stopped"}, {"abat", "stopped"}, {"abandon", "stopped"}, {"expire", "stopped"}, {"delete", "stopped"},
	} {
		if strings.Contains(strings.ToLower(name), word.stem) {
			return word.outcome
		}
	}
	return "resolved"
}
