package engine

import (
	"cmp"
	"fmt"
	"slices"
)

// transitions checks the events of a state.
func (l *linter) transitions(path string, s State) {
	for i, t := range s.On {
		here := fmt.Sprintf("%s/on/%d", path, i)
		l.event(here, s, i)
		l.target(here, t)
		l.causes(here, s, t)
		l.carries(here, t)
		l.resumes(here, s, t)
		l.votes(here, s, t)
		l.approves(here, t)
		l.goesOn(here+"/step_clock", s, t)
	}
}

// event checks the name of an event and that its meanings can be told apart.
func (l *linter) event(path string, s State, i int) {
	t := s.On[i]
	switch {
	case !kebab.MatchString(t.Event):
		l.kebab(path+"/event", eventNoun, t.Event)
	case slices.Contains(ReservedEvents(), t.Event):
		l.errorf(path+"/event", "reserved-event", "event %q belongs to every procedure and cannot be declared", "sự kiện %q là của hệ thống, không được khai báo", t.Event)
	case slices.ContainsFunc(s.On[:i], func(before Transition) bool { return before.Event == t.Event && !before.When.Expression() }):
		l.errorf(path+"/event", "duplicate-event", "state %q answers to event %q before, and always: only the last may be without condition",
			"bước %q đã có sự kiện %q không kèm điều kiện ở trên: chỉ lần cuối được bỏ điều kiện", s.ID, t.Event)
	}
	if t.When == Never {
		l.errorf(path+"/when", "never", "the condition of event %q never holds", "điều kiện của sự kiện %q không bao giờ đúng", t.Event)
	}
}

// target checks where an event leads.
func (l *linter) target(path string, t Transition) {
	if t.Stays() {
		if len(t.Start) == 0 && len(t.Link) == 0 && t.Extend.IsZero() && len(t.Fields) == 0 {
			l.errorf(path, "no-target", "event %q leads nowhere and does nothing: it needs to, start, link, extend or fields", "sự kiện %q không dẫn đến đâu và không làm gì: cần to, start, link, extend hoặc fields", t.Event)
		}
		return
	}
	if _, ok := l.State(t.To); !ok {
		l.errorf(path+"/to", "unknown-state", "event %q leads to state %q, which is not declared", "sự kiện %q dẫn đến bước %q chưa được khai báo", t.Event, t.To)
	}
}

// causes checks that somebody or something can fire the event.
func (l *linter) causes(path string, s State, t Transition) {
	switch t.By {
	case ByClock:
		if e, ok := l.expiry(s); (!ok || e.Event != t.Event) && !l.fires(t.Event) {
			l.errorf(path+"/by", "clock-never", "time alone never fires event %q in state %q: only the event of its expiry, suspension.on_expiry, or what a rung fires, does",
				"thời gian không bao giờ tự kích hoạt sự kiện %q ở bước %q: chỉ sự kiện trong expires, suspension.on_expiry hoặc fire của mốc cảnh báo mới được", t.Event, s.ID)
		}
	case ByConsultation:
		if t.Stays() || !l.consulting[s.ID] {
			l.errorf(path+"/by", "consultation-never", "no consultation can have been started when the dossier stands in state %q, or event %q leads nowhere",
				"khi hồ sơ ở bước %q chưa thể có việc lấy ý kiến nào, hoặc sự kiện %q không dẫn đến đâu", s.ID, t.Event)
		}
	case ByLinks:
		if t.Stays() || !l.linking[s.ID] {
			l.errorf(path+"/by", "links-never", "no linked dossier can have been started when the dossier stands in state %q, or event %q leads nowhere",
				"khi hồ sơ ở bước %q chưa thể có hồ sơ liên thông nào, hoặc sự kiện %q không dẫn đến đâu", s.ID, t.Event)
		}
	}
	for i, need := range t.Needs {
		if need == NeedConsultations && !l.consulting[s.ID] {
			l.errorf(fmt.Sprintf("%s/needs/%d", path, i), "consultation-never", "no consultation can have been started when the dossier stands in state %q, so event %q waits for nothing",
				"khi hồ sơ ở bước %q chưa thể có việc lấy ý kiến nào nên sự kiện %q không phải chờ gì", s.ID, t.Event)
		}
	}
}

// startsBefore marks the states in which something may have been started, a
// consultation or a linked dossier: those an event enters that starts one, or
// in which one starts, and all that follow.
func (m *Machine) startsBefore(starts func(Transition) bool) map[string]bool {
	marked := make(map[string]bool, len(m.States)) // looked up only
	var todo []State
	mark := func(id string) {
		if s, ok := m.State(id); ok && !marked[id] {
			marked[id] = true
			todo = append(todo, s)
		}
	}
	for _, s := range m.States {
		for _, t := range s.On {
			if starts(t) {
				mark(cmp.Or(t.To, s.ID))
			}
		}
	}
	for len(todo) > 0 {
		s := todo[0]
		todo = todo[1:]
		for _, t := range s.On {
			mark(t.To)
		}
	}
	return marked
}

// carries checks what comes with an event: fields, consultations, linked
// dossiers.
func (l *linter) carries(path string, t Transition) {
	for i, id := range t.Fields {
		if _, ok := l.guards.fields[id]; !ok {
			l.unknown(fmt.Sprintf("%s/fields/%d", path, i), fieldNoun, id)
		}
	}
	for i, id := range t.Start {
		if !l.knowsConsultation(id) {
			l.unknown(fmt.Sprintf("%s/start/%d", path, i), consultationNoun, id)
		}
	}
	for i, id := range t.Link {
		if !slices.ContainsFunc(l.Links, func(k LinkRule) bool { return k.ID == id }) {
			l.unknown(fmt.Sprintf("%s/link/%d", path, i), linkNoun, id)
		}
	}
}

// resumes checks how the legal clock goes on.
func (l *linter) resumes(path string, s State, t Transition) {
	to, ok := l.State(t.To)
	if t.Resume != "" && (!s.Suspended() || t.Stays() || ok && to.Suspended()) {
		l.errorf(path+"/resume", "resume-unsuspended", "event %q does not leave a suspension", "sự kiện %q không kết thúc việc tạm dừng", t.Event)
	}
	if (t.Resume == ResumeRenew) != !t.Limit.IsZero() {
		l.errorf(path+"/resume", "renew", "event %q: resume: renew gives a limit, and nothing else does", "sự kiện %q: resume: renew phải kèm limit, và chỉ khi đó mới có limit", t.Event)
	}
}

// votes checks a quorum against who can vote.
func (l *linter) votes(path string, s State, t Transition) {
	switch {
	case t.Quorum.IsZero():
	case t.By != "" && t.By != ByOfficer:
		l.errorf(path+"/quorum", "quorum", "event %q is not fired by officers, so they have no vote", "sự kiện %q không do cán bộ thực hiện nên không có biểu quyết", t.Event)
	case t.Quorum.All() && len(s.Actors) == 0:
		l.errorf(path+"/quorum", "quorum", "event %q needs all actors, and state %q has one only: give it actors or a number", "sự kiện %q cần tất cả các bên nhưng bước %q chỉ có một: hãy khai báo actors hoặc ghi số", t.Event, s.ID)
	}
}

// variantIDs lists the cases a dossier can be, that of no variant first.
func (m *Machine) variantIDs() []string {
	return append([]string{""}, ids(m.Variants, func(v Variant) string { return v.ID })...)
}
