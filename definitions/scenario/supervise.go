package scenario

import (
	"slices"

	"motcua/engine"
	"motcua/engine/calendar"
)

// Halt is the suspension that the events suspend and resume are about: a
// supervisor's, or one that is part of a declared outage.
type Halt struct {
	Outage string `yaml:"outage"` // the id of the outage; empty: a supervisor's own
	Basis  string `yaml:"basis"`
	// From is when an outage began, Until when the suspension ends by itself.
	From  Moment `yaml:"from"`
	Until Moment `yaml:"until"`
}

// Overrides is what the event override does: another state, a longer limit, or
// both.
type Overrides struct {
	To     string            `yaml:"to"`
	Extend calendar.Duration `yaml:"extend"`
}

// order is what the halt is as the command has it; nil where none is said.
func (h *Halt) order() *engine.HaltOrder {
	if h == nil {
		return nil
	}
	return &engine.HaltOrder{Outage: h.Outage, Basis: h.Basis, From: h.From.Time, Until: h.Until.Time}
}

func (o *Overrides) order() *engine.Overrides {
	if o == nil {
		return nil
	}
	return &engine.Overrides{To: o.To, Extend: o.Extend}
}

// opinion is what an answer is about: the department that answers is that of
// whoever acts; a request that is withdrawn names whose, or is everybody's.
func (s Step) opinion() *engine.Answer {
	if s.Answer == nil {
		return nil
	}
	a := &engine.Answer{Consultation: s.Answer.Consultation, Department: s.By.Role.Department, Says: s.Answer.Says}
	if s.Fire == engine.EventWithdrawRequest {
		a.Department = s.Answer.Department
	}
	return a
}

// supervised refuses keys beside an event that does not look at them.
func (c *checker) supervised(path string, s Step) {
	for _, k := range []struct {
		key    string
		said   bool
		events []string
	}{
		{"officer", s.Officer != "", []string{engine.EventReassign}},
		{"halt", s.Halt != nil, []string{engine.EventSuspend, engine.EventResume}},
		{"overrides", s.Overrides != nil, []string{engine.EventOverride}},
		{"extend", !s.Extend.IsZero(), []string{engine.EventExtend}},
		{"target", s.Target != "", []string{engine.EventEndorse, engine.EventTurnDown, engine.EventAcknowledge, engine.EventReturn}},
	} {
		if k.said && !slices.Contains(k.events, s.Fire) {
			c.errorf(path+"/"+k.key, "misplaced-key", "the key %[1]s says nothing to the event %[2]s", "khóa %[1]s không có ý nghĩa với thao tác %[2]s", k.key, s.Fire)
		}
	}
}
