package engine

import (
	"time"

	"motcua/engine/calendar"
)

// calOf is the calendar a clock counts by: for what one department has to do,
// that of its own office hours; for everything else the agency's.
func (r Rules) calOf(k Clock) *calendar.Calendar {
	switch k.Kind {
	case ClockStep, ClockHandoff, ClockConsultation, ClockAlarm:
		return r.Cal.Unit(k.Department)
	}
	return r.Cal
}

// start sets a new clock going at the moment at. A cut-off moves the start of
// counting, not the moment the clock belongs to.
func (r Rules) start(k Clock, at time.Time, cutoff *Cutoff) Clock {
	k.StartedAt, k.CountsFrom = at, at
	if cal := r.calOf(k); cutoff != nil && cutoff.past(cal, at) {
		k.CountsFrom = cal.NextWorkingDay(at)
		k = k.because(cutoff.rule())
	}
	k.RunningSince = k.CountsFrom
	return r.due(k)
}

// past says whether at lies on a working day, later than the rule allows.
func (c Cutoff) past(cal *calendar.Calendar, at time.Time) bool {
	day := calendar.DateOf(at)
	closing, open := cal.Closing(day)
	if !open {
		return false
	}
	if c.BeforeClose.IsZero() {
		return at.Sub(day.Midnight()) > time.Duration(c.At)*time.Minute
	}
	return at.After(cal.Sub(closing, c.BeforeClose))
}

func (c Cutoff) rule() string {
	if c.BeforeClose.IsZero() {
		return ruleCutoff + c.At.String()
	}
	return ruleBeforeClose + c.BeforeClose.String()
}

// because names one more rule that moved the clock.
func (k Clock) because(rule string) Clock {
	if k.Rule != "" {
		rule = k.Rule + "," + rule
	}
	k.Rule = rule
	return k
}

// due derives the due moment from what is left of the budget.
func (r Rules) due(k Clock) Clock {
	cal := r.calOf(k)
	k.CalendarVersion = cal.Version()
	k.Due = cal.AddAmount(k.RunningSince, k.Budget.Amount()-k.Consumed, k.Budget.Unit)
	k.Provisional = len(cal.Unannounced(k.RunningSince, k.Due)) > 0
	return k
}

// suspend consumes what was used and lets the clock stand still.
func (r Rules) suspend(k Clock, at time.Time) Clock {
	k = r.consume(k, at)
	k.Due = time.Time{}
	return k
}

// consume ends the running stretch at a moment and books it. A stretch that
// a cut-off put into the future has not begun, so nothing is used of it.
func (r Rules) consume(k Clock, at time.Time) Clock {
	if !k.Running() {
		return k
	}
	from := earlier(k.RunningSince, at)
	k.Breached = k.Breached || at.After(k.Due)
	k.Consumed = min(k.Consumed+r.calOf(k).Measure(k.RunningSince, at, k.Budget.Unit), k.Budget.Amount())
	k.Spans = append(k.Spans[:len(k.Spans):len(k.Spans)], Span{From: from, To: at})
	k.RunningSince = time.Time{}
	return k
}

// resume lets the clock run on with what is left, and records how long it
// stood still and why.
func (r Rules) resume(k Clock, at time.Time, why Span) Clock {
	why.From, why.To, why.Suspended = r.standstill(k), at, true
	k.Spans = append(k.Spans[:len(k.Spans):len(k.Spans)], why)
	k.RunningSince = later(at, k.CountsFrom)
	return r.due(k)
}

func (r Rules) standstill(k Clock) time.Time {
	if n := len(k.Spans); n > 0 {
		return k.Spans[n-1].To
	}
	return k.StartedAt
}

// stop ends the clock with a verdict to the minute: violated when the due
// moment had ever passed. A stopped clock keeps its due moment on record.
func (r Rules) stop(k Clock, at time.Time) Clock {
	due := k.Due
	k = r.consume(k, at)
	k.Due, k.StoppedAt, k.Verdict = due, at, VerdictMet
	if k.Breached {
		k.Verdict = VerdictViolated
	}
	return k
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
