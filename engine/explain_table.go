package engine

import (
	"time"

	"motcua/engine/calendar"
)

// row is one line of the printed table: one stretch, or several that count or
// do not count for the same reason.
type row struct {
	Stretch
	unit   calendar.Unit
	worked time.Duration // what counted
	days   int64         // on how many days
	rest   int64         // ordinary days of rest among them
	day    calendar.Date // the last that counted
}

// rows condenses the timeline: the hours of a day to the day, and days of
// ordinary work with the weekends between them to one row. For limits that do
// not go by working time, days of any kind are alike.
func (e Explanation) rows() []row {
	var out []row
	for _, s := range e.pieces() {
		r := newRow(s, e.Budget.Unit)
		if n := len(out); n > 0 && out[n-1].takes(r) {
			out[n-1].join(r)
			continue
		}
		out = append(out, r)
	}
	return out
}

// pieces are the stretches cut at midnight where they may be condensed. Nights
// and midday breaks beside working hours go without saying.
func (e Explanation) pieces() []Stretch {
	var out []Stretch
	for _, s := range e.Timeline {
		switch {
		case s.Kind == string(calendar.Closed) && !s.Counts && s.Rule == "" && e.Budget.Unit.Working():
		case s.Kind == string(calendar.WeeklyRest) || s.Counts:
			out = append(out, byDay(s)...)
		default:
			out = append(out, s)
		}
	}
	return out
}

func byDay(s Stretch) []Stretch {
	var out []Stretch
	for s.From.Before(s.To) {
		part := s
		part.To = earlier(s.To, calendar.DateOf(s.From).AddDays(1).Midnight())
		out = append(out, part)
		s.From = part.To
	}
	return out
}

func newRow(s Stretch, unit calendar.Unit) row {
	r := row{Stretch: s, unit: unit}
	switch {
	case s.Counts:
		r.worked, r.days, r.day = s.To.Sub(s.From), 1, calendar.DateOf(s.From)
	case r.ordinaryRest():
		r.rest = 1
	}
	return r
}

// ordinaryRest says whether it is a weekend like any other.
func (r row) ordinaryRest() bool {
	return r.Kind == string(calendar.WeeklyRest) && r.Name == "" && r.Rule == "" && r.unit.Working()
}

// takes says whether another piece goes into the same row.
func (r row) takes(next row) bool {
	switch {
	case r.Rule != "" || next.Rule != "":
		return r.Rule == next.Rule
	case r.Kind == StretchSuspended || next.Kind == StretchSuspended || r.Kind == StretchOverdue || next.Kind == StretchOverdue:
		return false
	case !r.unit.Working():
		return r.Counts == next.Counts && r.Kind != StretchNotYet
	case r.ordinary() && next.ordinaryRest(), r.ordinaryRest() && next.ordinary():
		return true
	}
	return r.Kind == next.Kind && r.Name == next.Name && r.Basis == next.Basis && r.Counts == next.Counts && r.alike(next)
}

// ordinary says whether it is ordinary working time or rest.
func (r row) ordinary() bool {
	return r.Kind == string(calendar.Working) && r.Counts && r.Name == "" || r.ordinaryRest()
}

// alike keeps the days of a limit in hours apart, which are few and of which
// each hour matters, until there are whole days of them.
func (r row) alike(next row) bool {
	if r.unit.Daily() || !r.Counts || r.day == next.day {
		return true
	}
	return r.worked >= time.Duration(r.days)*wholeDay && next.worked > 0
}

// wholeDay is from when on the hours of a day are taken for all of them.
const wholeDay = 7 * time.Hour

func (r *row) join(next row) {
	r.To = next.To
	if r.ordinaryRest() && next.Counts {
		r.Kind, r.Counts = next.Kind, true
	}
	r.worked += next.worked
	r.rest += next.rest
	if next.Counts && next.day != r.day {
		r.days++
		r.day = next.day
	}
}

// span is from when to when; whole days go without the time of day.
func (r row) span() Text {
	from, to := r.From.In(calendar.Zone()), r.To.In(calendar.Zone())
	if midnight(from) && midnight(to) {
		return datesText(calendar.DateOf(from), calendar.DateOf(to).AddDays(-1))
	}
	out, end, clock := MomentText(from), MomentText(to), clockOf(to)
	last := calendar.DateOf(to)
	if midnight(to) { // of the day that ends then
		last, clock = last.AddDays(-1), calendar.EndOfDay.String()
		day := dateText(last)
		end = Text{VI: day.VI + " " + clock, EN: day.EN + " " + clock}
	}
	if calendar.DateOf(from) == last {
		end = Text{VI: clock, EN: clock}
	}
	return Text{VI: out.VI + " – " + end.VI, EN: out.EN + " – " + end.EN}
}

func midnight(m time.Time) bool { return m.Equal(calendar.DateOf(m).Midnight()) }

func (r row) counted() Text {
	if r.Counts {
		return Text{VI: "tính", EN: "yes"}
	}
	return Text{VI: "không", EN: "no"}
}

// why is what the stretch was, and how much it counted.
func (r row) why() Text {
	switch {
	case r.Rule != "":
		return StretchText(r.Rule)
	case !r.Counts:
		what := StretchText(r.Kind)
		switch r.Kind { // why it stood still, or began later, is among the rules
		case StretchSuspended, StretchOverdue:
			length := lengthText(r.To.Sub(r.From))
			return Text{VI: what.VI + " " + length.VI, EN: what.EN + " " + length.EN}
		case StretchNotYet:
			return what
		}
		name := nameText(r.Name, r.Basis)
		return Text{VI: what.VI + name.VI, EN: what.EN + name.EN}
	}
	out := amountText(r.worked.Milliseconds(), r.unit)
	if r.unit.Daily() {
		out = amountText(r.days, r.unit)
	}
	if r.Kind == string(calendar.MakeUpWorking) {
		what, name := StretchText(r.Kind), nameText(r.Name, r.Basis)
		out = Text{VI: out.VI + ", " + what.VI + name.VI, EN: out.EN + ", " + what.EN + name.EN}
	}
	if r.rest > 0 {
		rest := countText(r.rest, Text{VI: "ngày nghỉ hằng tuần không tính", EN: "days of weekly rest not counted"})
		out = Text{VI: out.VI + "; " + rest.VI, EN: out.EN + "; " + rest.EN}
	}
	return out
}
