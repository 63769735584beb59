package engine

import (
	"fmt"
	"slices"

	"motcua/engine/calendar"
)

// suspensions checks that a stopped clock is bounded and has a way out.
func (l *linter) suspensions() {
	for i, s := range l.States {
		if !s.Suspended() {
			continue
		}
		path := fmt.Sprintf("/states/%d", i)
		if l.Suspension == nil {
			l.warnf(path+"/clock", "unbounded-suspension", "state %q suspends the clock without a bound: declare suspension", s.ID)
			continue
		}
		j := slices.IndexFunc(s.On, func(t Transition) bool { return t.Event == l.Suspension.OnExpiry })
		if j < 0 {
			l.errorf(path+"/on", "no-expiry", "state %q does not answer to %q, the event of an expired suspension", s.ID, l.Suspension.OnExpiry)
			continue
		}
		if to, ok := l.State(s.On[j].To); ok && to.Suspended() {
			l.errorf(fmt.Sprintf("%s/on/%d/to", path, j), "expiry-suspended", "an expired suspension must leave the suspension, not enter %q", to.ID)
		}
	}
	if l.Suspension == nil {
		return
	}
	if l.Suspension.Max.Amount() <= 0 {
		l.errorf("/suspension/max", "no-time", "a suspension must be allowed some time")
	}
	if !slices.ContainsFunc(l.States, State.Suspended) {
		l.warnf("/suspension", "suspension-unused", "no state suspends the clock")
	}
}

// cutoff checks the moments of the day and of the step table.
func (l *linter) cutoff() {
	if c := l.Limits.Cutoff; c != nil && (c.At <= 0 || c.At >= calendar.EndOfDay) {
		l.errorf("/limits/cutoff/at", "cutoff", "a cut-off needs a time of day after 00:00 and before 24:00")
	}
	switch d := l.Limits.WorkingDay; {
	case d.IsZero():
	case d.Unit != calendar.WorkingHour && d.Unit != calendar.WorkingMinute, d.Amount() <= 0:
		l.errorf("/limits/working_day", "working-day", "a working day is a number of working hours or minutes, such as 8wh, not %s", d)
	}
}

// ladder checks that every rung says one moment, and one that can come.
func (l *linter) ladder() {
	for i, g := range l.Ladder {
		path := fmt.Sprintf("/ladder/%d", i)
		said := 0
		for _, zero := range []bool{g.At.IsZero(), g.Before.IsZero(), g.After.IsZero()} {
			if !zero {
				said++
			}
		}
		if said != 1 {
			l.errorf(path, "rung-moment", "a rung needs exactly one of at, before and after")
		}
		if !l.hasClock(g.Of) {
			l.errorf(path+"/of", "rung-never", "the rung can never fire: the procedure has no %s clock", g.Of)
		}
		if len(g.Notify) == 0 && g.Raise == "" {
			l.errorf(path, "rung-idle", "the rung neither notifies nor raises")
		}
		for j, role := range g.Notify {
			if !l.knowsRole(role) {
				l.errorf(fmt.Sprintf("%s/notify/%d", path, j), "unknown-role", "role %q is neither %s, %s, %s nor the role of a state", role, RoleHolder, RoleHead, RoleLeader)
			}
		}
		l.rungAhead(path, g)
	}
}

func (l *linter) knowsRole(role string) bool {
	return slices.Contains([]string{RoleHolder, RoleHead, RoleLeader}, role) ||
		slices.ContainsFunc(l.States, func(s State) bool { return s.Role == role })
}

// rungAhead warns of a rung that falls so far before the due moment that it
// fires the moment the clock of the dossier starts.
func (l *linter) rungAhead(path string, g Rung) {
	limit := l.Limits.Statutory
	if g.Of == OfDossier && !l.Limits.Committed.IsZero() {
		limit = l.Limits.Committed
	}
	if g.Before.IsZero() || limit.IsZero() || g.Of != OfDossier && g.Of != OfStatutory {
		return
	}
	ahead, okA := l.hours(g.Before)
	budget, okB := l.hours(limit)
	if okA && okB && ahead >= budget {
		l.warnf(path+"/before", "rung-at-start", "%s before a limit of %s is the moment the clock starts", g.Before, limit)
	}
}

func (l *linter) hasClock(of string) bool {
	switch of {
	case OfDossier:
		return !l.Limits.Statutory.IsZero() || !l.Limits.Committed.IsZero()
	case OfStatutory:
		return !l.Limits.Statutory.IsZero()
	case OfSuspension:
		return l.Suspension != nil && slices.ContainsFunc(l.States, State.Suspended)
	case OfHandoff:
		return slices.ContainsFunc(l.States, func(s State) bool { return s.Handoff != nil && !s.Handoff.AcceptWithin.IsZero() })
	default:
		return slices.ContainsFunc(l.States, func(s State) bool { return !s.Within.IsZero() })
	}
}

// sums checks the limits: a statutory limit has a legal basis, the clock has a
// start, and the steps of the normal path add up to no more than the limit.
// In every provincial step table read they add up to it exactly.
func (l *linter) sums() {
	limits := l.Limits
	if !limits.Statutory.IsZero() && len(l.LegalBasis) == 0 {
		l.errorf("/limits/statutory", "no-legal-basis", "a statutory limit needs a legal basis")
	}
	if limits.Statutory.IsZero() && limits.Committed.IsZero() {
		return
	}
	if s, ok := l.State(limits.Starts); !ok || s.Final || s.Suspended() {
		l.errorf("/limits/starts", "clock-start", "limits.starts must name a state in which the clock can run, not %q", limits.Starts)
		return
	}
	statutory, okS := l.hours(limits.Statutory)
	committed, okC := l.hours(limits.Committed)
	if okS && okC && committed > statutory {
		l.errorf("/limits/committed", "committed-over-statutory", "the committed limit %s is longer than the statutory limit %s", limits.Committed, limits.Statutory)
	}
	limit, name, ok := statutory, limits.Statutory, okS
	if okC {
		limit, name, ok = committed, limits.Committed, true
	}
	if ok {
		l.sum(limit, name)
	}
}

func (l *linter) sum(limit int64, name calendar.Duration) {
	sum, comparable := l.longest(limitsStart(l.Machine))
	switch {
	case !comparable:
		l.warnf("/limits", "sum-unknown", "step limits and the limit %s are in units that cannot be compared", name)
	case sum > limit:
		l.errorf("/limits", "sum-over-limit", "the steps of the normal path take %s, more than the limit %s (%s)", wh(sum), name, wh(limit))
	case sum < limit:
		l.warnf("/limits", "sum-under-limit", "the steps of the normal path take %s, less than the limit %s (%s)", wh(sum), name, wh(limit))
	}
}

func limitsStart(m *Machine) int { return m.index[m.Limits.Starts] }

func wh(milliseconds int64) string {
	const hour = 3_600_000
	if milliseconds%hour == 0 {
		return fmt.Sprintf("%d working hours", milliseconds/hour)
	}
	return fmt.Sprintf("%.2f working hours", float64(milliseconds)/hour)
}

// longest sums the limits of the longest path of transitions that lead forward
// in the order of declaration, from a state until the legal clock stops: the
// normal path. Loops back are not normal.
func (l *linter) longest(from int) (int64, bool) {
	memo := make([]int64, len(l.States))
	comparable := true
	for i := len(l.States) - 1; i >= from; i-- {
		s := l.States[i]
		if s.Outcome != "" {
			continue
		}
		own, ok := l.hours(s.Within)
		comparable = comparable && (ok || s.Within.IsZero())
		var rest int64
		for _, t := range s.On {
			if j := l.index[t.To]; j > i {
				rest = max(rest, memo[j])
			}
		}
		memo[i] = own + rest
	}
	return memo[from], comparable
}

// hours converts a limit in working units to milliseconds of working time, by
// the working day the definition declares; only to compare sums, never to
// compute a due date. "0wd", the same working day, is at most one such day.
func (l *linter) hours(d calendar.Duration) (int64, bool) {
	switch d.Unit {
	case calendar.WorkingHour, calendar.WorkingMinute:
		return d.Amount(), true
	case calendar.WorkingDay:
		return max(d.Value, 1) * l.Limits.WorkingDay.Amount(), !l.Limits.WorkingDay.IsZero()
	default:
		return 0, false
	}
}
