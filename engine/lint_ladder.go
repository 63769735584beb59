package engine

import (
	"fmt"
	"slices"
)

// ladder checks that every rung says one moment, and one that can come.
func (l *linter) ladder() {
	for i, g := range l.Ladder {
		path := fmt.Sprintf("/ladder/%d", i)
		if g.moments() != 1 {
			l.errorf(path, "rung-moment", "a rung needs exactly one of at, since, before and after", "mỗi mốc cảnh báo cần đúng một trong at, since, before, after")
		}
		if !l.hasClock(g.Of) {
			l.errorf(path+"/of", "rung-never", "the rung can never fire: the procedure has no %s clock", "mốc cảnh báo không bao giờ đến: thủ tục không có đồng hồ %s", g.Of)
		}
		if len(g.Notify) == 0 && g.Raise == "" && g.Fire == "" && g.Open == "" && g.Reassign == "" {
			l.errorf(path, "rung-idle", "the rung neither notifies nor raises, and does nothing else", "mốc cảnh báo không thông báo cho ai, không nâng mức và không làm gì khác")
		}
		for j, role := range g.Notify {
			l.tells(fmt.Sprintf("%s/notify/%d", path, j), role)
		}
		l.rungAhead(path, g)
		l.rungSince(path, g)
		l.rungActs(path, g)
	}
}

// tells checks that a role of the ladder is one somebody can have.
func (l *linter) tells(path, role string) {
	if !l.knowsRole(role) {
		l.errorf(path, "unknown-role", "role %q is neither %s, %s, %s nor the role of a state",
			"vai trò %q không phải %s, %s, %s và cũng không phải vai trò của bước nào", role, RoleHolder, RoleHead, RoleLeader)
	}
}

// moments counts in how many ways a rung says its moment.
func (g Rung) moments() int {
	said := 0
	for _, unsaid := range []bool{g.At.IsZero(), g.Since.IsZero(), g.Before.IsZero(), g.After.IsZero()} {
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
		l.anyTransition(func(t Transition) bool { return t.Approval != nil && named(*t.Approval) }) ||
		slices.ContainsFunc(l.Consultations, func(c Consultation) bool { return slices.ContainsFunc(c.Ask, named) })
}

// rungAhead warns of a rung that falls so far before the due moment that it
// fires the moment the clock of the dossier starts.
func (l *linter) rungAhead(path string, g Rung) {
	if g.Before.IsZero() || g.Of != OfDossier && g.Of != OfStatutory {
		return
	}
	for _, v := range l.variantIDs() {
		limit := l.LimitsOf(v).Statutory
		if g.Of == OfDossier {
			limit = l.appointed(v)
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
	case OfIntake:
		return l.Limits.Intake != nil
	case OfLink:
		return slices.ContainsFunc(l.Links, func(k LinkRule) bool { return !k.Within.IsZero() })
	case OfReceipt:
		return slices.ContainsFunc(l.Links, func(k LinkRule) bool { return !k.AcknowledgeWithin.IsZero() })
	}
	return l.anyState(func(s State) bool {
		return slices.ContainsFunc(l.variantIDs(), func(v string) bool { return !l.WithinOf(v, s).IsZero() })
	})
}
