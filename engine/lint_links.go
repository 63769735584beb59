package engine

import (
	"fmt"
	"slices"
)

// links checks linked dossiers: what they are, what they take over, and that
// each is used.
func (l *linter) links() {
	for i, k := range l.Links {
		path := fmt.Sprintf("/links/%d", i)
		l.linked(path, k)
		l.hands(path+"/fields", fieldNoun, k.Fields, func(id string) bool { _, ok := l.guards.fields[id]; return ok })
		l.hands(path+"/components", componentNoun, k.Components, l.knowsComponent)
		if !l.anyTransition(func(t Transition) bool { return slices.Contains(t.Link, k.ID) }) {
			l.warnf(path, "unused", "no event opens linked dossier %q", "không sự kiện nào mở hồ sơ liên thông %q", k.ID)
		}
	}
}

func (l *linter) linked(path string, k LinkRule) {
	l.otherProcedure(path+"/procedure", k.Procedure)
	if k.Partner != "" && !kebab.MatchString(k.Partner) {
		l.kebab(path+"/partner", partnerNoun, k.Partner)
	}
	if k.Cancel != "" && !kebab.MatchString(k.Cancel) {
		l.kebab(path+"/cancel", eventNoun, k.Cancel)
	}
	if !k.Within.IsZero() {
		l.takesTime(path+"/within", k.Within)
	}
	if !k.AcknowledgeWithin.IsZero() {
		l.takesTime(path+"/acknowledge_within", k.AcknowledgeWithin)
	}
	if k.Cutoff != nil {
		l.cutoff(path+"/cutoff", *k.Cutoff)
	}
}

// otherProcedure checks the code of a procedure that is to be opened: a
// procedure that opened itself would never come to an end.
func (l *linter) otherProcedure(path, id string) {
	l.code(path, id)
	if id == l.Code {
		l.errorf(path, "opens-itself", "procedure %q would open dossiers of itself", "thủ tục %q lại mở hồ sơ của chính nó", id)
	}
}

// hands checks what a linked dossier takes over: things this one has, each
// under a name of its own there.
func (l *linter) hands(path string, n noun, handed []Handed, known func(string) bool) {
	for i, h := range handed {
		here := fmt.Sprintf("%s/%d", path, i)
		if !known(h.ID) {
			l.unknown(here+"/id", n, h.ID)
		}
		switch {
		case h.As == "":
		case n.dotted && !dotted.MatchString(h.As):
			l.dotted(here+"/as", n, h.As)
		case !n.dotted && !kebab.MatchString(h.As):
			l.kebab(here+"/as", n, h.As)
		}
		if slices.ContainsFunc(handed[:i], func(o Handed) bool { return o.There() == h.There() }) {
			l.errorf(here, "handed-twice", "%[1]s %[3]q is handed on twice", "%[2]s %[3]q được chuyển hai lần", n.key, n.vi, h.There())
		}
	}
}

func (l *linter) knowsComponent(id string) bool {
	return slices.ContainsFunc(l.Components, func(c Component) bool { return c.ID == id })
}

// approves checks that an event that must be endorsed is one officer's word
// and nothing more: it waits in the dossier's record, where no values of
// fields belong.
func (l *linter) approves(path string, t Transition) {
	if t.Approval == nil {
		return
	}
	l.role(path+"/approval", *t.Approval)
	switch {
	case t.By != "" && t.By != ByOfficer:
		l.errorf(path+"/approval", "approval", "event %q is not fired by an officer, so nobody proposes it", "sự kiện %q không do cán bộ thực hiện nên không có ai đề xuất", t.Event)
	case !t.Quorum.IsZero():
		l.errorf(path+"/approval", "approval", "event %q has a quorum, so it cannot wait to be endorsed as well", "sự kiện %q đã có biểu quyết (quorum) nên không thể chờ phê duyệt nữa", t.Event)
	case len(t.Fields) > 0:
		l.errorf(path+"/approval", "approval", "event %q brings fields, whose values may not wait on record until it is endorsed: let another event bring them",
			"sự kiện %q mang theo trường thông tin, không được ghi giá trị vào nhật ký để chờ phê duyệt: hãy nhập bằng sự kiện khác", t.Event)
	}
}

// goesOn warns of a step_clock that changes nothing: the step entered has no
// limit, or cannot have been entered before.
func (l *linter) goesOn(path string, s State, t Transition) {
	if t.StepClock == "" {
		return
	}
	to, ok := l.State(t.To)
	switch {
	case t.Stays():
		l.warnf(path, "step-clock", "event %q enters no step", "sự kiện %q không chuyển sang bước nào", t.Event)
	case ok && !l.limited(to):
		l.warnf(path, "step-clock", "event %q leads to step %q, which has no limit", "sự kiện %q dẫn đến bước %q không có thời hạn", t.Event, to.ID)
	case ok && !l.leadsTo(to, s.ID):
		l.warnf(path, "step-clock", "event %q leads to step %q, which cannot have been entered before", "sự kiện %q dẫn đến bước %q mà hồ sơ chưa thể đi qua trước đó", t.Event, to.ID)
	}
}

// limited says whether a step has a limit in any variant.
func (m *Machine) limited(s State) bool {
	return slices.ContainsFunc(m.variantIDs(), func(v string) bool { return !m.WithinOf(v, s).IsZero() })
}

// leadsTo says whether a dossier in a state can come to another, or stands in
// it. It is asked once for every event that says step_clock, so what was found
// is kept.
func (l *linter) leadsTo(from State, to string) bool {
	reached, known := l.reached[from.ID]
	if !known {
		reached = make([]bool, len(l.States))
		for _, s := range l.onward(from, func(State) bool { return true }) {
			reached[l.index[s.ID]] = true
		}
		l.reached[from.ID] = reached
	}
	return reached[l.index[to]]
}

// onward lists a state and those that can be reached from it through states
// that go on.
func (m *Machine) onward(from State, goesOn func(State) bool) []State {
	found, seen := []State{from}, make([]bool, len(m.States))
	seen[m.index[from.ID]] = true
	for i := 0; i < len(found); i++ {
		if !goesOn(found[i]) {
			continue
		}
		for _, t := range found[i].On {
			if j, ok := m.index[t.To]; ok && !seen[j] {
				seen[j] = true
				found = append(found, m.States[j])
			}
		}
	}
	return found
}
