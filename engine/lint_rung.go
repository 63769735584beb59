package engine

import (
	"slices"
	"strings"

	"motcua/engine/calendar"
)

// rungActs checks what a rung does beside telling.
func (l *linter) rungActs(path string, g Rung) {
	if !g.AcknowledgeWithin.IsZero() {
		l.takesTime(path+"/acknowledge_within", g.AcknowledgeWithin)
		if len(g.Notify) == 0 {
			l.errorf(path+"/acknowledge_within", "rung-acknowledge", "the rung waits to be acknowledged, and notifies nobody who could", "mốc cảnh báo chờ xác nhận nhưng không thông báo cho ai")
		}
	}
	switch g.Reassign {
	case "":
	case RoleHolder:
		l.errorf(path+"/reassign", "rung-reassign", "the holder has the dossier already: reassign names another role", "người đang xử lý đã giữ hồ sơ: reassign phải nêu vai trò khác")
	default:
		l.tells(path+"/reassign", g.Reassign)
	}
	if g.Open != "" {
		l.otherProcedure(path+"/open", g.Open)
	}
	if g.Fire != "" {
		l.rungFires(path, g)
	}
}

// rungFires checks the event a rung fires: one that time may fire, that the
// states answer to in which its clock runs, and that decides nothing but where
// the law says so.
func (l *linter) rungFires(path string, g Rung) {
	firing := l.answersTo(g.Fire)
	switch {
	case slices.Contains(ReservedEvents(), g.Fire):
		l.errorf(path+"/fire", "reserved-event", "event %q belongs to every procedure, so no rung fires it", "sự kiện %q là của hệ thống, mốc cảnh báo không được kích hoạt", g.Fire)
		return
	case len(firing) == 0:
		l.errorf(path+"/fire", "rung-fire", "no state answers to event %q", "không bước nào có sự kiện %q", g.Fire)
		return
	case slices.ContainsFunc(firing, func(t Transition) bool { return t.By == ByConsultation || t.By == ByLinks }):
		l.errorf(path+"/fire", "rung-fire", "event %q happens by a conclusion, so no rung fires it", "sự kiện %q chỉ xảy ra khi có kết luận, mốc cảnh báo không được kích hoạt", g.Fire)
		return
	case slices.ContainsFunc(firing, Transition.wantsOfficers):
		l.errorf(path+"/fire", "rung-fire", "event %q needs what only officers give (approval, quorum, fields or needs), so no rung fires it",
			"sự kiện %q cần cán bộ thực hiện (approval, quorum, fields hoặc needs), mốc cảnh báo không được kích hoạt", g.Fire)
		return
	}
	l.rungDecides(path, g, firing)
	if deaf := l.deafTo(g); len(deaf) > 0 {
		l.warnf(path+"/fire", "rung-unanswered", "event %q is not answered, whatever the conditions, in %s: the rung fires nothing there",
			"sự kiện %q không được áp dụng trong mọi điều kiện ở %s: mốc cảnh báo không kích hoạt gì ở đó", g.Fire, strings.Join(deaf, ", "))
	}
}

// wantsOfficers says whether an event needs what time cannot give.
func (t Transition) wantsOfficers() bool {
	return t.Approval != nil || !t.Quorum.IsZero() || len(t.Fields) > 0 || len(t.Needs) > 0
}

// answersTo lists the transitions of an event, of all states.
func (m *Machine) answersTo(event string) []Transition {
	var out []Transition
	for _, s := range m.States {
		for _, t := range s.On {
			if t.Event == event {
				out = append(out, t)
			}
		}
	}
	return out
}

// rungDecides checks a rung that decides the case: only a limit of the law
// that has passed may, and the rule is named.
func (l *linter) rungDecides(path string, g Rung, firing []Transition) {
	if !slices.ContainsFunc(firing, func(t Transition) bool { to, _ := l.State(t.To); return to.Outcome != "" }) {
		return
	}
	legal := slices.Contains([]string{OfStatutory, OfSuspension, OfWait}, g.Of) && (g.At == 100 || !g.After.IsZero())
	switch {
	case !legal:
		l.errorf(path+"/fire", "rung-decides", "event %q decides the case, which only a statutory expiry may: at 100%% or after, of statutory, suspension or wait",
			"sự kiện %q kết luận hồ sơ, chỉ được khi hết thời hạn theo quy định: at: 100%% hoặc after, of: statutory, suspension hoặc wait", g.Fire)
	case g.Basis == "":
		l.errorf(path+"/fire", "rung-decides", "event %q decides the case by time alone: basis must name the rule", "sự kiện %q kết luận hồ sơ chỉ do hết thời gian: basis phải nêu căn cứ", g.Fire)
	}
}

// deafTo lists the states in which the clock of a rung can run that do not
// answer to the event it fires, whatever the conditions.
func (l *linter) deafTo(g Rung) []string {
	var out []string
	for _, s := range l.runsIn(g.Of) {
		if !s.Final && !slices.ContainsFunc(s.On, func(t Transition) bool { return t.Event == g.Fire && !t.When.Expression() && t.When != Never }) {
			out = append(out, s.ID)
		}
	}
	return out
}

// runsIn lists the states in which a clock of a kind can run.
func (l *linter) runsIn(of string) []State {
	switch of {
	case OfDossier, OfStatutory:
		start, ok := l.State(l.Limits.Starts)
		return statesWhere(l.onward(start, undecided), func(s State) bool { return ok && undecided(s) && !s.Suspended() })
	case OfIntake:
		waiting := func(s State) bool { return undecided(s) && !s.Suspended() && s.ID != l.Limits.Starts }
		return statesWhere(l.onward(l.Initial(), waiting), waiting)
	case OfStage:
		return statesWhere(l.States, func(s State) bool { return !s.Suspended() && l.staged(s) })
	case OfHandoff:
		return statesWhere(l.States, func(s State) bool { return s.Handoff != nil && !s.Handoff.AcceptWithin.IsZero() })
	case OfSuspension, OfWait:
		return statesWhere(l.States, func(s State) bool { _, ok := l.expiry(s); return ok && s.Suspended() == (of == OfSuspension) })
	case OfConsultation:
		return statesWhere(l.States, func(s State) bool { return l.consulting[s.ID] && undecided(s) })
	case OfLink, OfReceipt:
		return statesWhere(l.States, func(s State) bool { return l.linking[s.ID] && undecided(s) })
	}
	return statesWhere(l.States, l.limited)
}

// staged says whether the stage of a state has a limit in any variant.
func (m *Machine) staged(s State) bool {
	return slices.ContainsFunc(m.variantIDs(), func(v string) bool { return !m.stageWithin(v, s.Stage).IsZero() })
}

func undecided(s State) bool { return s.Outcome == "" }

func statesWhere(states []State, is func(State) bool) []State {
	return slices.DeleteFunc(slices.Clone(states), func(s State) bool { return !is(s) })
}

// fires says whether a rung fires the event.
func (l *linter) fires(event string) bool {
	return slices.ContainsFunc(l.Ladder, func(g Rung) bool { return g.Fire == event })
}

// rungSince warns of a rung that counts from the start of its clock beyond
// every limit the clock can have: it would come when the limit has passed,
// which after says.
func (l *linter) rungSince(path string, g Rung) {
	if g.Since.IsZero() {
		return
	}
	limits := l.limitsOf(g.Of)
	for _, limit := range limits {
		if since, most := l.spanOf(g.Since), l.spanOf(limit); !since.same(most) || since.n <= most.n {
			return
		}
	}
	if len(limits) > 0 {
		l.warnf(path+"/since", "rung-past-due", "%s since the %s clock began is after it is due, in every case: say after", "%s kể từ khi đồng hồ %s bắt đầu luôn là sau khi hết hạn: hãy dùng after", g.Since, g.Of)
	}
}

// limitsOf lists the limits a clock of a kind can have.
func (l *linter) limitsOf(of string) []calendar.Duration {
	var out []calendar.Duration
	add := func(d calendar.Duration) {
		if !d.IsZero() {
			out = append(out, d)
		}
	}
	if of == OfIntake && l.Limits.Intake != nil {
		add(l.Limits.Intake.Within)
	}
	for _, k := range l.Links {
		add(map[string]calendar.Duration{OfLink: k.Within, OfReceipt: k.AcknowledgeWithin}[of])
	}
	for _, v := range l.variantIDs() {
		l.limitsIn(v, of, add)
	}
	return out
}

func (l *linter) limitsIn(variant, of string, add func(calendar.Duration)) {
	switch of {
	case OfDossier:
		add(l.appointed(variant))
	case OfStatutory:
		add(l.LimitsOf(variant).Statutory)
	case OfStage:
		for _, s := range l.Stages {
			add(l.stageWithin(variant, s.ID))
		}
	case OfConsultation:
		for _, c := range l.Consultations {
			add(l.consultWithin(variant, c))
		}
	}
	for _, s := range l.States {
		switch e, expires := l.expiry(s); {
		case of == OfStep:
			add(l.WithinOf(variant, s))
		case of == OfHandoff && s.Handoff != nil:
			add(s.Handoff.AcceptWithin)
		case expires && (of == OfSuspension && s.Suspended() || of == OfWait && !s.Suspended()):
			add(e.After)
		}
	}
}
