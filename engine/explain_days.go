package engine

import (
	"time"

	"motcua/engine/calendar"
)

// counting is the stretch that leads to the due moment: the running one, or
// the last that ran before the clock stopped.
func (k Clock) counting() (from, due time.Time, ok bool) {
	switch n := len(k.Spans); {
	case k.Due.IsZero():
		return from, due, false
	case k.Running():
		return k.RunningSince, k.Due, true
	case !k.Open() && n > 0 && !k.Spans[n-1].Suspended:
		return k.Spans[n-1].From, k.Due, true
	}
	return from, due, false
}

// daysOff names the days that are not like their weekday and so moved the due
// moment of a limit in working time: off where one works, or the reverse.
func (t *teller) daysOff() {
	from, due, ok := t.k.counting()
	if !ok || !t.k.Budget.Unit.Working() {
		return
	}
	for _, run := range exceptional(t.cal.Spec(), from, due, t.k.Budget.Unit) {
		what := StretchText(string(run.Kind))
		if run.Kind.Works() {
			t.say("Tính thêm %s: %s%s", "%s counts: %s%s", run.days(), what, nameText(run.Name, run.Basis))
			continue
		}
		t.say("Không tính %s: %s%s", "%s does not count: %s%s", run.days(), what, nameText(run.Name, run.Basis))
	}
}

// daysRun is one day, or several in succession, that an exception made
// something else than their weekday is.
type daysRun struct {
	calendar.Exception
	last calendar.Date
}

func (d daysRun) days() Text { return datesText(d.Date, d.last) }

// exceptional lists those days from the first that could count to the due one.
func exceptional(spec calendar.Spec, from, due time.Time, unit calendar.Unit) []daysRun {
	first, last := calendar.DateOf(from), calendar.DateOf(due.Add(-time.Millisecond))
	if unit == calendar.WorkingDay {
		first = first.AddDays(1)
	}
	var out []daysRun
	for _, e := range spec.Exceptions { // in order of date
		ordinary := len(spec.Week.On(e.Date.Weekday())) > 0
		if e.Date.Before(first) || e.Date.After(last) || e.Kind.Works() == ordinary {
			continue
		}
		if n := len(out); n > 0 && out[n-1].goesOn(e) {
			out[n-1].last = e.Date
			continue
		}
		out = append(out, daysRun{Exception: e, last: e.Date})
	}
	return out
}

func (d daysRun) goesOn(e calendar.Exception) bool {
	return d.last.AddDays(1) == e.Date && d.Kind == e.Kind && d.Name == e.Name && d.Basis == e.Basis
}

// lastDay says that a limit in civil days would have ended on a day off.
func (t *teller) lastDay() {
	from, _, ok := t.k.counting()
	if unit := t.k.Budget.Unit; !ok || !unit.Daily() || unit.Working() {
		return
	}
	left := t.k.Budget.Amount() - t.usedBefore(from)
	raw, last := calendar.DateOf(from).AddDays(int(left)), t.k.dueDay()
	if t.cal.IsWorkingDay(raw) || !last.After(raw) {
		return
	}
	why := Text{}
	if i := t.cal.Intervals(raw.Midnight(), raw.AddDays(1).Midnight()); len(i) > 0 {
		why = StretchText(string(i[0].Kind))
		name := nameText(i[0].Name, i[0].Basis)
		why.VI, why.EN = why.VI+name.VI, why.EN+name.EN
	}
	t.say("Ngày cuối cùng %s là ngày nghỉ (%s) nên thời hạn kết thúc vào ngày làm việc tiếp theo, %s (Bộ luật Dân sự Điều 148.5)",
		"the last day, %s, is a day off (%s), so the limit ends with the next working day, %s (Civil Code art. 148.5)",
		datesText(raw, raw), why, datesText(last, last))
}

// usedBefore is what of the budget was used when the stretch that began at
// from did.
func (t *teller) usedBefore(from time.Time) int64 {
	if t.k.Running() {
		return t.k.Consumed
	}
	var used int64
	for _, s := range t.k.Spans {
		if !s.Suspended && s.From.Before(from) {
			used += t.cal.Measure(s.From, s.To, t.k.Budget.Unit)
		}
	}
	return min(used, t.k.Budget.Amount())
}

// provisional names what has not been announced between the start and the due
// moment, or else until when everything has.
func (t *teller) provisional() {
	if !t.k.Provisional {
		return
	}
	from := t.k.CountsFrom
	if began, _, ok := t.k.counting(); ok {
		from = began
	}
	periods := t.cal.Unannounced(from, t.k.Due)
	for _, p := range periods {
		if p.Name != calendar.Unsaid {
			t.say("Tạm tính: chưa công bố ngày nghỉ %s, %s%s", "provisional: the days off of %s are not announced yet, %s%s",
				p.Name, datesText(p.From, p.To), basisText(p.Basis))
		}
	}
	if n := len(periods); n == 0 || periods[n-1].Name == calendar.Unsaid {
		t.say("Tạm tính: lịch nghỉ chỉ được công bố đến %s", "provisional: days off are announced until %s only", t.cal.Spec().KnownUntil)
	}
}
