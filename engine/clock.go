package engine

import (
	"time"

	"motcua/engine/calendar"
)

// start sets a new clock going at the moment at. A cut-off moves the start of
// counting, not the moment the clock belongs to.
func (r Rules) start(k Clock, at time.Time, cutoff *Cutoff) Clock {
	k.StartedAt, k.CountsFrom = at, at
	if cutoff != nil && r.past(at, cutoff.At) {
		k.CountsFrom = r.Cal.NextWorkingDay(at)
		k.Rule = "cutoff-" + cutoff.At.String()
	}
	k.RunningSince = k.CountsFrom
	return r.due(k)
}

// past says whether at lies on a working day, after the time of day.
func (r Rules) past(at time.Time, limit calendar.TimeOfDay) bool {
	day := calendar.DateOf(at)
	return r.Cal.IsWorkingDay(day) && at.Sub(day.Midnight()) > time.Duration(limit)*time.Minute
}

// due derives the due moment from what is left of the budget.
func (r Rules) due(k Clock) Clock {
	k.Due = r.Cal.AddAmount(k.RunningSince, k.Budget.Amount()-k.Consumed, k.Budget.Unit)
	k.Provisional = r.Cal.Provisional(k.Due)
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
	k.Consumed = min(k.Consumed+r.Cal.Measure(k.RunningSince, at, k.Budget.Unit), k.Budget.Amount())
	k.Spans = append(k.Spans[:len(k.Spans):len(k.Spans)], Span{From: from, To: at})
	k.RunningSince = time.Time{}
	return k
}

// resume lets the clock run on with what is left, and records how long it
// stood still and in which state.
func (r Rules) resume(k Clock, at time.Time, reason string) Clock {
	k.Spans = append(k.Spans[:len(k.Spans):len(k.Spans)], Span{From: r.standstill(k), To: at, Suspended: true, Reason: reason})
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
