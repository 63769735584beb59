package engine

import "fmt"

// graph checks that every state can be reached, and that from every state the
// dossier can be closed.
func (l *linter) graph() {
	reached := l.forward()
	closes := l.backward()
	for i, s := range l.States {
		path := fmt.Sprintf("/states/%d", i)
		if !reached[i] {
			l.errorf(path, "unreachable", "no event leads to state %q", s.ID)
		}
		if !closes[i] {
			l.errorf(path, "no-end", "from state %q no final state can be reached", s.ID)
		}
	}
}

// forward marks what can be reached from the initial state.
func (l *linter) forward() []bool {
	reached := make([]bool, len(l.States))
	reached[0] = true
	for again := true; again; {
		again = false
		for i, s := range l.States {
			for _, t := range s.On {
				if j := l.index[t.To]; reached[i] && !reached[j] {
					reached[j], again = true, true
				}
			}
		}
	}
	return reached
}

// backward marks from where a final state can be reached.
func (l *linter) backward() []bool {
	closes := make([]bool, len(l.States))
	for i, s := range l.States {
		closes[i] = s.Final
	}
	for again := true; again; {
		again = false
		for i, s := range l.States {
			for _, t := range s.On {
				if j := l.index[t.To]; closes[j] && !closes[i] {
					closes[i], again = true, true
				}
			}
		}
	}
	return closes
}
