package engine

import (
	"fmt"
	"slices"

	"motcua/engine/calendar"
)

// suspensions checks that a stopped clock is bounded and has a way out.
func (l *linter) suspensions() {
	for i, s := range l.States {
		if !s.AwaitsApplicant() || s.Expires != nil {
			continue
		}
		path := fmt.Sprintf("/states/%d", i)
		if l.Suspension == nil {
			l.warnf(path+"/clock", "unbounded-suspension", "state %q suspends the clock without a bound: declare suspension or expires", "bước %q tạm dừng thời hạn không giới hạn: hãy khai báo suspension hoặc expires", s.ID)
			continue
		}
		e, _ := l.expiry(s)
		l.answersExpiry(path, s, path+"/on", e)
		l.leavesSuspension(path, s)
	}
	if l.Suspension == nil {
		return
	}
	l.takesTime("/suspension/max", l.Suspension.Max)
	if !l.anyState(State.AwaitsApplicant) {
		l.warnf("/suspension", "suspension-unused", "no state suspends the clock for the applicant", "không bước nào tạm dừng thời hạn để chờ người nộp hồ sơ")
	}
}

func (l *linter) leavesSuspension(path string, s State) {
	for j, t := range s.On {
		if to, ok := l.State(t.To); ok && t.Event == l.Suspension.OnExpiry && to.Suspended() && to.ID != s.ID {
			l.errorf(fmt.Sprintf("%s/on/%d/to", path, j), "expiry-suspended", "an expired suspension must leave the suspension, not enter %q", "hết thời gian tạm dừng phải thoát khỏi tạm dừng, không thể vào %q", to.ID)
		}
	}
}

// cutoff checks the moments of the day and of the step table.
func (l *linter) cutoff() {
	if c := l.Limits.Cutoff; c != nil && (c.At <= 0 || c.At >= calendar.EndOfDay) {
		l.errorf("/limits/cutoff/at", "cutoff", "a cut-off needs a time of day after 00:00 and before 24:00", "giờ chốt phải sau 00:00 và trước 24:00")
	}
	switch d := l.Limits.WorkingDay; {
	case d.IsZero():
	case d.Unit != calendar.WorkingHour && d.Unit != calendar.WorkingMinute, d.Amount() <= 0:
		l.errorf("/limits/working_day", "working-day", "a working day is a number of working hours or minutes, such as 8wh, not %s", "một ngày làm việc tính bằng giờ hoặc phút làm việc, ví dụ 8wh, không phải %s", d)
	}
}

// ladder checks that every rung says one moment, and one that can come.
func (l *linter) ladder() {
	for i, g := range l.Ladder {
		path := fmt.Sprintf("/ladder/%d", i)
		if g.moments() != 1 {
			l.errorf(path, "rung-moment", "a rung needs exactly one of at, before and after", "mỗi mốc cảnh báo cần đúng một trong at, before, after")
		}
		if !l.hasClock(g.Of) {
			l.errorf(path+"/of", "rung-never", "the rung can never fire: the procedure has no %s clock", "mốc cảnh báo không bao giờ đến: thủ tục không có đồng hồ %s", g.Of)
		}
		if len(g.Notify) == 0 && g.Raise == "" {
			l.errorf(path, "rung-idle", "the rung neither notifies nor raises", "mốc cảnh báo không thông báo cho ai và không nâng mức")
		}
		for j, role := range g.Notify {
			if !l.knowsRole(role) {
				l.errorf(fmt.Sprintf("%s/notify/%d", path, j), "unknown-role", "role %q is neither %s, %s, %s nor the role of a state",
					"vai trò %q không phải %s, %s, %s và cũng không phải vai trò của bước nào", role, RoleHolder, RoleHead, RoleLeader)
			}
		}
		l.rungAhead(path, g)
	}
}

// moments counts in how many ways a rung says its moment.
func (g Rung) moments() int {
	said := 0
	for _, unsaid := range []bool{g.At.IsZero(), g.Before.IsZero(), g.After.IsZero()} {
		if !unsaid {
			said++
		}
	}
	return said
}

func (l *linter) knowsRole(role string) bool {
	if slices.Contains([]string{RoleHolder, RoleHead, RoleLeader}, role) {
		return true
	}
	named := func(r RoleIn) bool { return r.Role == role }
	return l.anyState(func(s State) bool { return s.Role == role || slices.ContainsFunc(s.Actors, named) }) ||
		slices.ContainsFunc(l.Consultations, func(c Consultation) bool { return slices.ContainsFunc(c.Ask, named) })
}

// rungAhead warns of a rung that falls so far before the due moment that it
// fires the moment the clock of the dossier starts.
func (l *linter) rungAhead(path string, g Rung) {
	if g.Before.IsZero() || g.Of != OfDossier && g.Of != OfStatutory {
		return
	}
	for _, v := range l.variantIDs() {
		limits := l.LimitsOf(v)
		limit := limits.Statutory
		if g.Of == OfDossier && !limits.Committed.IsZero() {
			limit = limits.Committed
		}
		if ahead, budget := l.spanOf(g.Before), l.spanOf(limit); ahead.same(budget) && ahead.n >= budget.n {
			l.warnf(path+"/before", "rung-at-start", "%s before a limit of %s is the moment the clock starts", "trước hạn %s trong khi thời hạn chỉ %s: cảnh báo phát ngay khi bắt đầu tính thời hạn", g.Before, limit)
			return
		}
	}
}

func (l *linter) hasClock(of string) bool {
	switch of {
	case OfDossier, OfStatutory:
		return slices.ContainsFunc(l.variantIDs(), func(v string) bool {
			limits := l.LimitsOf(v)
			return !limits.Statutory.IsZero() || of == OfDossier && !limits.Committed.IsZero()
		})
	case OfSuspension, OfWait:
		return l.anyState(func(s State) bool {
			_, ok := l.expiry(s)
			return ok && s.Suspended() == (of == OfSuspension)
		})
	case OfHandoff:
		return l.anyState(func(s State) bool { return s.Handoff != nil && !s.Handoff.AcceptWithin.IsZero() })
	case OfStage:
		return slices.ContainsFunc(l.Stages, func(s Stage) bool { return !s.Within.IsZero() })
	case OfConsultation:
		return len(l.Consultations) > 0
	}
	return l.anyState(func(s State) bool {
		return slices.ContainsFunc(l.variantIDs(), func(v string) bool { return !l.WithinOf(v, s).IsZero() })
	})
}
