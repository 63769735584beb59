package digit

import (
	"fmt"
	"slices"
)

// faults says in the words of the original what is wrong with it. Lint says
// it again, of the draft, with its place.
func (m *maker) faults(order []state) {
	reached := m.reached(order)
	var names []string
	for i, s := range order {
		place := fmt.Sprintf("/states/%d", i)
		if slices.Contains(names, s.Name) {
			m.remark(place, "the original declares the state %q twice", s.Name)
		}
		names = append(names, s.Name)
		if s.Terminal && len(s.Actions) > 0 {
			m.remark(place, "isTerminateState: true, and it has actions all the same")
		}
		if !reached[s.Name] {
			m.remark(place, "no way from the start leads to %q", s.Name)
		}
		var actions []string
		for j, a := range s.Actions {
			if slices.Contains(actions, a.Name) {
				m.remark(fmt.Sprintf("%s/on/%d", place, j), "the original has the action %q twice in this state", a.Name)
			}
			actions = append(actions, a.Name)
		}
	}
	if !slices.ContainsFunc(order, func(s state) bool { return s.Terminal }) {
		m.remark("/states", "no state of the original is terminal")
	}
}

// reached are the states that actions lead to from the first one.
func (m *maker) reached(order []state) map[string]bool {
	reached := map[string]bool{} // looked up only
	if len(order) == 0 {
		return reached
	}
	next := []string{order[0].Name}
	for len(next) > 0 {
		name := next[0]
		next = next[1:]
		if reached[name] {
			continue
		}
		reached[name] = true
		for _, s := range order {
			if s.Name != name {
				continue
			}
			for _, a := range s.Actions {
				if a.Next != "" {
					next = append(next, a.Next)
				}
			}
		}
	}
	return reached
}
