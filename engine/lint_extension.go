package engine

import (
	"fmt"
	"slices"

	"motcua/engine/calendar"
)

// extensions checks that what may be extended is, within its bounds and in
// the unit of the limit: units are never converted.
func (l *linter) extensions() {
	if e := l.Extension; e != nil {
		if !e.Max.IsZero() {
			l.takesTime("/extension/max", e.Max)
		}
		if !e.Notice.IsZero() {
			l.notice(*e)
		}
		if !l.anyTransition(func(t Transition) bool { return !t.Extend.IsZero() }) {
			l.warnf("/extension", "unused", "no event extends the limit", "không sự kiện nào gia hạn")
		}
	}
	for i, s := range l.States {
		for j, t := range s.On {
			if !t.Extend.IsZero() {
				l.extends(fmt.Sprintf("/states/%d/on/%d/extend", i, j), t)
			}
		}
	}
}

func (l *linter) extends(path string, t Transition) {
	if l.Extension == nil {
		l.errorf(path, "extension", "event %q extends the limit, and nothing says how far: declare extension", "sự kiện %q gia hạn nhưng chưa có quy định gia hạn: hãy khai báo extension", t.Event)
		return
	}
	l.takesTime(path, t.Extend)
	if n := l.Extension.Notice; !n.IsZero() && t.Print == "" {
		l.errorf(path, "extension-slip", "event %q extends the limit and prints no form: the apology slip with the new date is due %s before the limit",
			"sự kiện %q gia hạn nhưng không in biểu mẫu: phiếu xin lỗi và hẹn lại phải có trước hạn %s", t.Event, n)
	}
	if most := l.Extension.Max; !most.IsZero() && (t.Extend.Unit != most.Unit || t.Extend.Amount() > most.Amount()) {
		l.errorf(path, "extension", "event %q extends by %s, and at most %s is allowed", "sự kiện %q gia hạn %s, trong khi chỉ được tối đa %s", t.Event, t.Extend, l.Extension.Max)
	}
	for _, v := range l.variantIDs() {
		limits := l.LimitsOf(v)
		for _, limit := range []calendar.Duration{limits.Statutory, limits.Committed} {
			if !limit.IsZero() && limit.Unit != t.Extend.Unit {
				l.errorf(path, "extension-unit", "event %q extends by %s a limit of %s: the units must be the same", "sự kiện %q gia hạn %s cho thời hạn %s: phải cùng đơn vị", t.Event, t.Extend, limit)
				return
			}
		}
	}
}

// notice checks how long before the due moment the apology must have been
// given: a moment that comes while the limit runs, and that the ladder says in
// time.
func (l *linter) notice(e Extension) {
	const path = "/extension/notice"
	l.takesTime(path, e.Notice)
	for _, v := range l.variantIDs() {
		if limit := l.appointed(v); !limit.IsZero() && l.spanOf(e.Notice).same(l.spanOf(limit)) && l.spanOf(e.Notice).n >= l.spanOf(limit).n {
			l.errorf(path, "extension-notice", "a notice of %s does not fit into a limit of %s: the limit could never be extended", "báo trước %s trong khi thời hạn chỉ %s: không bao giờ gia hạn được", e.Notice, limit)
			break
		}
	}
	if !slices.ContainsFunc(l.Ladder, func(g Rung) bool { return l.warnsBefore(g, e.Notice) }) {
		l.errorf(path, "extension-unwarned", "no rung says in time that the limit can be extended until %s before it only: the ladder needs a rung before the dossier or statutory clock that notifies at least as early",
			"không có mốc cảnh báo nào nhắc kịp rằng chỉ được gia hạn trước hạn %s: thang cảnh báo cần một mốc before của dossier hoặc statutory, có notify và không muộn hơn mức đó", e.Notice)
	}
}

// appointed is the limit the appointment rests on in a variant.
func (m *Machine) appointed(variant string) calendar.Duration {
	limits := m.LimitsOf(variant)
	if !limits.Committed.IsZero() {
		return limits.Committed
	}
	return limits.Statutory
}

// warnsBefore says whether a rung tells somebody at least so long before a
// legal limit. A working day is never shorter than a civil one.
func (l *linter) warnsBefore(g Rung, notice calendar.Duration) bool {
	if g.Of != OfDossier && g.Of != OfStatutory || g.Before.IsZero() || len(g.Notify) == 0 {
		return false
	}
	ahead, least := l.spanOf(g.Before), l.spanOf(notice)
	if ahead.kind == workingDays && least.kind == civilDays {
		least.kind = workingDays
	}
	return ahead.same(least) && ahead.n >= least.n
}
