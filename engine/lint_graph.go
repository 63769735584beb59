package engine

import "fmt"

// graph checks that every state can be reached, and that from every state the
// dossier can be closed, whatever a consultation's silence means.
func (l *linter) graph() {
	reached := l.forward()
	closes := l.backward()
	for i, s := range l.States {
		path := fmt.Sprintf("/states/%d", i)
		if !reached[i] {
			l.errorf(path, "unreachable", "no event leads to state %q", "không sự kiện nào dẫn đến bước %q", s.ID)
		}
		if !closes[i] {
			l.errorf(path, "no-end", "from state %q no final state can be reached", "từ bước %q không thể đi đến bước kết thúc nào", s.ID)
		}
		l.waitsForEver(path, s)
	}
}

// waitsForEver warns of a state that only the conclusion of a consultation or
// of linked dossiers leaves, when silence concludes none or nothing bounds
// those.
func (l *linter) waitsForEver(path string, s State) {
	waits := map[string]bool{} // looked up only
	for _, t := range s.On {
		if t.By != ByConsultation && t.By != ByLinks && !t.Stays() {
			return
		}
		waits[t.By] = true
	}
	for _, k := range l.Links {
		if waits[ByLinks] && k.Within.IsZero() {
			l.warnf(path, "waits-for-ever", "state %q ends only when linked dossier %q is concluded, which has no limit", "bước %q chỉ kết thúc khi hồ sơ liên thông %q kết thúc, mà hồ sơ đó không có thời hạn", s.ID, k.ID)
		}
	}
	for _, c := range l.Consultations {
		if waits[ByConsultation] && c.Silence == SilenceEscalate {
			l.warnf(path, "waits-for-ever", "state %q ends only when consultation %q is concluded, whose silence concludes nothing", "bước %q chỉ kết thúc khi lấy xong ý kiến %q, mà im lặng thì không được coi là trả lời", s.ID, c.ID)
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
				if j, ok := l.index[t.To]; ok && reached[i] && !reached[j] {
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
				if j, ok := l.index[t.To]; ok && closes[j] && !closes[i] {
					closes[i], again = true, true
				}
			}
		}
	}
	return closes
}
