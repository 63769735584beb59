package engine

import (
	"fmt"
	"slices"
)

// states checks each state by itself.
func (l *linter) states() {
	for i, s := range l.States {
		path := fmt.Sprintf("/states/%d", i)
		l.ends(path, s)
		if l.needsOfficer(s) && (s.Department == "" || s.Role == "") {
			l.errorf(path, "nobody", "state %q needs a department and a role: its events are fired by officers", "bước %q cần có đơn vị và vai trò: sự kiện của bước do cán bộ thực hiện", s.ID)
		}
		if i == 0 && (s.Final || s.Suspended()) {
			l.errorf(path, "initial", "a dossier starts in the first state, so %q may neither be final nor suspend the clock",
				"hồ sơ bắt đầu ở bước đầu tiên nên %q không thể là bước kết thúc hoặc tạm dừng thời hạn", s.ID)
		}
		l.suspends(path, s)
		l.timed(path, s)
		if h := s.Handoff; h != nil && h.Cutoff != nil {
			l.cutoff(path+"/handoff/cutoff", *h.Cutoff)
		}
		l.role(path, RoleIn{Department: s.Department, Role: s.Role})
		for j, r := range s.Actors {
			l.role(fmt.Sprintf("%s/actors/%d", path, j), r)
		}
		l.transitions(path, s)
		l.references(path, s)
	}
}

// ends checks how a dossier ends in a state, or goes on from it.
func (l *linter) ends(path string, s State) {
	switch {
	case s.Final && len(s.On) > 0:
		l.errorf(path+"/on", "final-with-events", "final state %q answers to events", "bước kết thúc %q không được có sự kiện", s.ID)
	case s.Final && s.Expires != nil:
		l.errorf(path+"/expires", "final-with-expiry", "final state %q cannot expire", "bước kết thúc %q không thể hết hạn", s.ID)
	case s.Final && s.Outcome == "":
		l.errorf(path, "final-without-outcome", "final state %q has no outcome", "bước kết thúc %q chưa có kết quả (outcome)", s.ID)
	case !s.Final && len(s.On) == 0:
		l.errorf(path, "dead-end", "state %q answers to no event and is not final", "bước %q không có sự kiện nào và không phải bước kết thúc", s.ID)
	}
}

// suspends checks what a state that stops the clock cannot have.
func (l *linter) suspends(path string, s State) {
	if !s.Suspended() {
		return
	}
	if !s.Within.IsZero() || s.Cell != "" {
		l.errorf(path+"/within", "suspended-with-limit", "state %q suspends the clock, so its limit can never pass; bound it by suspension.max or expires",
			"bước %q tạm dừng thời hạn nên hạn của bước không bao giờ đến; hãy dùng suspension.max hoặc expires", s.ID)
	}
	if s.Handoff != nil {
		l.errorf(path+"/handoff", "suspended-with-handoff", "state %q suspends the clock, so nobody has to accept it", "bước %q tạm dừng thời hạn nên không có bên nhận bàn giao", s.ID)
	}
}

// timed checks that a state says its time in one way, by parts that exist.
func (l *linter) timed(path string, s State) {
	if !s.Within.IsZero() && s.Cell != "" {
		l.errorf(path+"/cell", "two-limits", "state %q has a limit of its own and shares one", "bước %q vừa có hạn riêng vừa dùng chung ô thời gian", s.ID)
	}
	if s.ZeroTime && (!s.Within.IsZero() || s.Cell != "" || s.Suspended()) {
		l.errorf(path+"/zero_time", "zero-time", "state %q takes no counted time, and a limit all the same", "bước %q được khai là không tính thời gian nhưng vẫn có thời hạn hoặc tạm dừng", s.ID)
	}
	if s.Cell != "" && !l.knowsCell(s.Cell) {
		l.unknown(path+"/cell", cellNoun, s.Cell)
	}
	if s.Stage != "" && !l.knowsStage(s.Stage) {
		l.unknown(path+"/stage", stageNoun, s.Stage)
	}
	if s.Expires != nil && s.Handoff != nil {
		l.errorf(path+"/handoff", "expiry-with-handoff", "state %q ends by time alone, so nobody has to accept it", "bước %q tự kết thúc theo thời gian nên không có bên nhận bàn giao", s.ID)
	}
	if e := s.Expires; e != nil && !s.Final {
		l.takesTime(path+"/expires/after", e.After)
		l.answersExpiry(path, s, path+"/expires/event", *e)
	}
}

// answersExpiry checks that a state answers, without condition, to the event
// that time fires, and is left by it.
func (l *linter) answersExpiry(path string, s State, at string, e Expiry) {
	j := slices.IndexFunc(s.On, func(t Transition) bool { return t.Event == e.Event && !t.When.Expression() && t.When != Never })
	switch {
	case j < 0:
		l.errorf(at, "no-expiry", "state %q does not answer to %q, the event of its expiry, whatever the conditions", "bước %q không có sự kiện %q (khi hết hạn) áp dụng trong mọi điều kiện", s.ID, e.Event)
	case s.On[j].Stays() || s.On[j].To == s.ID:
		l.errorf(fmt.Sprintf("%s/on/%d", path, j), "expiry-stays", "an expiry must leave state %q", "khi hết hạn phải rời khỏi bước %q", s.ID)
	}
}

func (l *linter) needsOfficer(s State) bool {
	return slices.ContainsFunc(s.On, func(t Transition) bool { return t.By == "" || t.By == ByOfficer })
}

func (l *linter) references(path string, s State) {
	for i, other := range s.NotSameOfficerAs {
		if _, ok := l.State(other); !ok {
			l.unknown(fmt.Sprintf("%s/not_same_officer_as/%d", path, i), stateNoun, other)
		}
	}
}
