package engine

import (
	"time"

	"motcua/engine/calendar"
)

// Stretch is one interval of the life of a clock and what it was: counted or
// not, and by which rule or day off.
type Stretch struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Kind   string    `json:"kind"` // a calendar.DayKind, or one of the stretch kinds
	Counts bool      `json:"counts"`
	Name   string    `json:"name,omitempty"`
	Basis  string    `json:"basis,omitempty"`
	// Rule says why time that runs does not count: one of the stretch rules.
	Rule string `json:"rule,omitempty"`
}

// The kinds of stretch that are none of the calendar's.
const (
	StretchSuspended = "suspended"        // the clock stood still
	StretchNotYet    = "not-yet-counting" // started, but a cut-off put the counting off
	StretchOverdue   = "overdue"          // after the due moment
)

// The rules by which a stretch of a running clock does not count.
const (
	RuleFirstDay = "first-day"      // the day of the start (Civil Code art. 147)
	RuleLastDay  = "last-day-moved" // after the limit, up to the next working day (art. 148.5)
	RuleUsedUp   = "used-up"        // nothing was left when it ran on; due at the next closing
)

// Explanation says how the due moment of a clock came about.
type Explanation struct {
	Kind     ClockKind         `json:"kind"`
	Budget   calendar.Duration `json:"budget"`
	Consumed int64             `json:"consumed"` // base amount, up to the last suspension
	Due      time.Time         `json:"due,omitzero"`
	// AsOf is the moment it was given at.
	AsOf      time.Time `json:"as_of"`
	StoppedAt time.Time `json:"stopped_at,omitzero"`
	Verdict   Verdict   `json:"verdict,omitempty"`
	// Judgement is there once the clock has stopped against a due moment.
	Judgement   *Judgement `json:"judgement,omitempty"`
	Overdue     bool       `json:"overdue,omitempty"`
	Provisional bool       `json:"provisional,omitempty"`
	Rules       []Text     `json:"rules"`
	Timeline    []Stretch  `json:"timeline"`
}

// Explain lists every rule and every stretch that make up a clock's due
// moment: until the due moment for a running clock, until now for one that
// stands still or is late, and until its end for one that has stopped.
func (r Rules) Explain(k Clock, now time.Time) Explanation {
	e := Explanation{
		Kind: k.Kind, Budget: k.Budget, Consumed: k.Consumed, Due: k.Due, AsOf: now, StoppedAt: k.StoppedAt,
		Verdict: k.Verdict, Overdue: k.Overdue(now), Provisional: k.Provisional,
	}
	if j, ok := k.Judge(); ok {
		e.Judgement = &j
	}
	e.Rules = r.rules(k, now)
	e.Timeline = r.timeline(k, now)
	return e
}

// timeline collects the stretches of a clock's life in order, without gaps.
func (r Rules) timeline(k Clock, now time.Time) []Stretch {
	l := life{cal: r.calOf(k), k: k, at: k.StartedAt}
	l.past = l.before()
	for i, s := range k.Spans {
		if s.Suspended {
			l.add(Stretch{To: s.To, Kind: StretchSuspended, Name: s.Reason, Basis: s.Basis})
			continue
		}
		due := time.Time{}
		if i == len(k.Spans)-1 {
			due = k.Due
		}
		l.run(s.From, s.To, due)
	}
	switch {
	case k.Running():
		l.run(k.RunningSince, later(k.Due, now), k.Due)
	case k.Open():
		l.add(Stretch{To: now, Kind: StretchSuspended})
	default: // nothing is left to tell, unless it ended while it stood still
		l.add(Stretch{To: k.StoppedAt, Kind: StretchSuspended})
	}
	return l.list
}

// life is the life of a clock, as far as it has been told.
type life struct {
	cal  *calendar.Calendar
	k    Clock
	at   time.Time // what lies before has been told
	used int64     // of the budget, up to there
	past int64     // of the budget, before the last stretch that ran
	list []Stretch
}

// add tells what was up to a moment; nothing if that lies in the past.
func (l *life) add(s Stretch) {
	if !s.To.After(l.at) {
		return
	}
	s.From, l.at = l.at, s.To
	l.list = append(l.list, s)
}

// run tells a running stretch: the days and hours of the calendar, and from
// its due moment on that it was late. What lies before it has not counted yet.
func (l *life) run(from, to, due time.Time) {
	l.add(Stretch{To: earlier(from, to), Kind: StretchNotYet, Name: ruleOf(l.k.Rule, ruleCutoff, ruleBeforeClose)})
	left := max(l.k.Budget.Amount()-l.used, 0)
	measured := l.cal.Measure(from, to, l.k.Budget.Unit)
	if rest := max(l.past-l.used, 0); due.IsZero() && measured > rest {
		left = rest // it was late, and has been extended since
	}
	if due.IsZero() {
		due = l.cal.AddAmount(from, left, l.k.Budget.Unit)
	}
	l.used += min(measured, left)
	if left == 0 && l.k.Budget.Value > 0 && l.k.Budget.Unit.Daily() {
		l.days(earlier(due, to), false, RuleUsedUp)
	}
	first, last := l.counted(from, due, left)
	l.days(earlier(first, to), false, RuleFirstDay)
	l.days(earlier(last, to), true, "")
	l.days(earlier(due, to), false, RuleLastDay)
	l.add(Stretch{To: to, Kind: StretchOverdue})
}

// before is what was used before the last stretch that ran: an open clock has
// it booked; one that has stopped had left what lay before its due moment.
func (l *life) before() int64 {
	n := len(l.k.Spans)
	if l.k.Open() || n == 0 || l.k.Spans[n-1].From.Equal(l.k.Spans[n-1].To) {
		return l.k.Consumed
	}
	if last := l.k.Spans[n-1]; !last.Suspended && !l.k.Due.IsZero() && l.k.Budget.Unit.Working() {
		return max(l.k.Budget.Amount()-l.cal.Measure(last.From, l.k.Due, l.k.Budget.Unit), 0)
	}
	return l.k.Budget.Amount()
}

// counted bounds what counts of a running stretch: for limits in days from the
// midnight after the first day on; for civil days until the last one is over,
// though the limit ends on a later working day.
func (l *life) counted(from, due time.Time, left int64) (first, last time.Time) {
	unit := l.k.Budget.Unit
	switch {
	case !unit.Daily() || l.k.Budget.Value == 0:
		return from, due
	case unit == calendar.WorkingDay:
		return calendar.DateOf(from).AddDays(1).Midnight(), due
	}
	first = calendar.DateOf(from).AddDays(1).Midnight()
	return first, earlier(calendar.DateOf(from).AddDays(int(left)+1).Midnight(), due)
}

// days tells the calendar's intervals up to a moment, which count or do not.
func (l *life) days(to time.Time, count bool, rule string) {
	for _, i := range l.cal.Intervals(l.at, to) {
		s := Stretch{To: i.To, Kind: string(i.Kind), Name: i.Name, Basis: i.Basis}
		s.Counts = count && (i.Working || !l.k.Budget.Unit.Working())
		if !count {
			s.Rule = rule
		}
		l.add(s)
	}
}
