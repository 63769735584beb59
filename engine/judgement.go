package engine

import (
	"slices"
	"time"

	"motcua/engine/calendar"
)

// Standing is how a finished clock stands against its due moment.
type Standing string

// The standings of a finished clock.
const (
	StandingEarly  Standing = "early"   // trước hạn
	StandingOnTime Standing = "on-time" // đúng hạn
	StandingLate   Standing = "late"    // quá hạn
)

// Text is the word that reports print.
func (s Standing) Text() Text {
	switch s {
	case StandingEarly:
		return Text{VI: "trước hạn", EN: "early"}
	case StandingOnTime:
		return Text{VI: "đúng hạn", EN: "on time"}
	case StandingLate:
		return Text{VI: "quá hạn", EN: "late"}
	}
	return Text{VI: string(s), EN: string(s)}
}

// ReportRule is which of the two comparisons a report goes by.
type ReportRule string

// The report rules. The software that prints form 06a compares a finished
// dossier by the day; no legal text says so, which is why a report names the
// rule it used. That a dossier which was withdrawn or sent back counts as on
// time is another rule of reports and not of the clock.
const (
	ReportByMinute ReportRule = "minute"
	ReportByDay    ReportRule = "day"
)

// Text says the rule, for the foot of a report.
func (r ReportRule) Text() Text {
	if r == ReportByMinute {
		return Text{VI: "So sánh đến từng phút với thời điểm đến hạn", EN: "compared with the due moment to the minute"}
	}
	return Text{VI: "So sánh theo ngày hoàn thành với ngày đến hạn", EN: "compared by the day of completion with the due day"}
}

// Judgement is the verdict on a finished clock, to the minute and by the day.
type Judgement struct {
	Minute Standing `json:"minute"`
	Day    Standing `json:"day"`
}

// By is the standing by one of the two rules.
func (j Judgement) By(r ReportRule) Standing {
	if r == ReportByMinute {
		return j.Minute
	}
	return j.Day
}

// Judge compares the moment a clock stopped with its due moment: both
// truncated to the minute, and the civil days of both in Viet Nam. A breach
// that was booked before, at a suspension or by the clock this one succeeds,
// stays late in both. A clock that runs, was superseded, or never had to end
// because it stood still, has no judgement.
func (k Clock) Judge() (Judgement, bool) {
	switch {
	case k.Open() || k.Verdict == VerdictSuperseded:
		return Judgement{}, false
	case k.breachedBefore():
		return Judgement{Minute: StandingLate, Day: StandingLate}, true
	case k.Due.IsZero():
		return Judgement{}, false
	}
	j := Judgement{
		Minute: standing(k.StoppedAt.Truncate(time.Minute).Compare(k.Due.Truncate(time.Minute))),
		Day:    standing(calendar.DateOf(k.StoppedAt).Compare(k.dueDay())),
	}
	if j.Minute != StandingLate && j.Day == StandingLate { // finished at 24:00 of the due day
		j.Day = StandingOnTime
	}
	return j, true
}

func standing(compared int) Standing {
	switch {
	case compared < 0:
		return StandingEarly
	case compared == 0:
		return StandingOnTime
	}
	return StandingLate
}

// dueDay is the day the clock is due on. An office that closes at 24:00 closes
// on the day before.
func (k Clock) dueDay() calendar.Date {
	if k.Budget.Unit.Daily() || k.Budget.Unit.Working() {
		return calendar.DateOf(k.Due.Add(-time.Millisecond))
	}
	return calendar.DateOf(k.Due)
}

// breachedBefore says whether the breach was booked before the clock stopped:
// it had none to book then, or it had been resumed with nothing left.
func (k Clock) breachedBefore() bool {
	switch {
	case !k.Breached:
		return false
	case !k.StoppedAt.After(k.Due) || k.Due.IsZero():
		return true
	}
	i := slices.IndexFunc(k.Spans, func(s Span) bool { return s.Suspended })
	return i >= 0 && k.resumedWithNothing()
}

// resumedWithNothing says whether the last suspension ended on the day, or for
// limits in hours at the moment, on which the clock was due: nothing was left.
func (k Clock) resumedWithNothing() bool {
	var resumed time.Time
	for _, s := range k.Spans {
		if s.Suspended {
			resumed = s.To
		}
	}
	if k.Budget.Unit.Daily() {
		return k.dueDay() == calendar.DateOf(resumed)
	}
	return !k.Due.After(resumed)
}
