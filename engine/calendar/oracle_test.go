package calendar_test

import (
	"slices"
	"time"

	"motcua/engine/calendar"
)

// oracle answers slowly and obviously, by walking day by day: what the calendar is compared with.
type oracle struct {
	spec calendar.Spec
}

// shifts is the hours of a day as pairs of moments.
func (o oracle) shifts(day calendar.Date) [][2]time.Time {
	shifts := o.spec.Week.On(day.Weekday())
	for _, e := range o.spec.Exceptions {
		if e.Date == day {
			shifts = o.exception(e)
		}
	}
	var moments [][2]time.Time
	for _, s := range shifts {
		from := day.Midnight().Add(time.Duration(s.From) * time.Minute)
		moments = append(moments, [2]time.Time{from, day.Midnight().Add(time.Duration(s.To) * time.Minute)})
	}
	return moments
}

func (o oracle) exception(e calendar.Exception) []calendar.Shift {
	if e.Kind != calendar.Working && e.Kind != calendar.MakeUpWorking {
		return nil
	}
	if len(e.Shifts) > 0 {
		return e.Shifts
	}
	w := o.spec.Week
	candidates := [][]calendar.Shift{w.Friday, w.Monday, w.Tuesday, w.Wednesday, w.Thursday, w.Saturday, w.Sunday}
	if e.Kind == calendar.Working {
		candidates = append([][]calendar.Shift{w.On(e.Date.Weekday())}, candidates...)
	}
	for _, shifts := range candidates {
		if len(shifts) > 0 {
			return shifts
		}
	}
	return nil
}

func (o oracle) exceptional(day calendar.Date) bool {
	return slices.ContainsFunc(o.spec.Exceptions, func(e calendar.Exception) bool { return e.Date == day })
}

func (o oracle) kind(day calendar.Date) calendar.DayKind {
	for _, e := range o.spec.Exceptions {
		if e.Date == day {
			return e.Kind
		}
	}
	if len(o.shifts(day)) == 0 {
		return calendar.WeeklyRest
	}
	return calendar.Working
}

// unannounced is the first day of the period a day lies in.
func (o oracle) unannounced(day calendar.Date) (calendar.Date, bool) {
	for _, p := range o.spec.Unannounced {
		if !day.Before(p.From) && !day.After(p.To) {
			return p.From, true
		}
	}
	if o.spec.KnownUntil.IsZero() {
		return calendar.NewDate(1, 1, 1), true
	}
	return o.spec.KnownUntil.AddDays(1), day.After(o.spec.KnownUntil)
}

// nextOpen is the first moment from from on at which a shift runs.
func (o oracle) nextOpen(from time.Time) time.Time {
	for day := calendar.DateOf(from); ; day = day.AddDays(1) {
		for _, s := range o.shifts(day) {
			if from.Before(s[1]) {
				return latest(s[0], from)
			}
		}
	}
}

func sameShifts(a, b [][2]time.Time) bool {
	return slices.EqualFunc(a, b, func(x, y [2]time.Time) bool { return x[0].Equal(y[0]) && x[1].Equal(y[1]) })
}

func (o oracle) closing(day calendar.Date) (time.Time, bool) {
	shifts := o.shifts(day)
	if len(shifts) == 0 {
		return time.Time{}, false
	}
	return shifts[len(shifts)-1][1], true
}

// addWorkingTime eats w shift by shift.
func (o oracle) addWorkingTime(from time.Time, w time.Duration) time.Time {
	if w == 0 {
		return from
	}
	for day := calendar.DateOf(from); ; day = day.AddDays(1) {
		for _, s := range o.shifts(day) {
			start := latest(s[0], from)
			if !start.Before(s[1]) {
				continue
			}
			if length := s[1].Sub(start); length < w {
				w -= length
				continue
			}
			return start.Add(w)
		}
	}
}

func (o oracle) workingTime(from, to time.Time) time.Duration {
	var sum time.Duration
	for day := calendar.DateOf(from); day.Midnight().Before(to); day = day.AddDays(1) {
		for _, s := range o.shifts(day) {
			sum += max(earliest(s[1], to).Sub(latest(s[0], from)), 0)
		}
	}
	return sum
}

// addWorkingDays counts closing moments.
func (o oracle) addWorkingDays(from time.Time, n int64) time.Time {
	day := calendar.DateOf(from)
	if n == 0 {
		return o.firstClosing(day, from)
	}
	for {
		day = day.AddDays(1)
		closing, works := o.closing(day)
		if works {
			n--
		}
		if n == 0 {
			return closing
		}
	}
}

func (o oracle) addDays(from time.Time, n int64) time.Time {
	return o.firstClosing(calendar.DateOf(from).AddDays(int(n)), from)
}

func (o oracle) firstClosing(day calendar.Date, from time.Time) time.Time {
	for {
		if closing, works := o.closing(day); works && !closing.Before(from) {
			return closing
		}
		day = day.AddDays(1)
	}
}

func (o oracle) workingDays(from, to time.Time) int64 {
	last := calendar.DateOf(to)
	if closing, works := o.closing(last.AddDays(-1)); works && closing.Equal(to) {
		last = last.AddDays(-1) // 24:00 of a day that is worked until then
	}
	var count int64
	for day := calendar.DateOf(from).AddDays(1); !day.After(last); day = day.AddDays(1) {
		if _, works := o.closing(day); works {
			count++
		}
	}
	return count
}

func (o oracle) add(from time.Time, d calendar.Duration) time.Time {
	switch d.Unit {
	case calendar.WorkingDay:
		return o.addWorkingDays(from, d.Value)
	case calendar.Day:
		return o.addDays(from, d.Value)
	case calendar.Month:
		return o.addDays(from, 30*d.Value)
	case calendar.WorkingHour:
		return o.addWorkingTime(from, time.Duration(d.Value)*time.Hour)
	case calendar.WorkingMinute:
		return o.addWorkingTime(from, time.Duration(d.Value)*time.Minute)
	case calendar.Hour:
		return from.Add(time.Duration(d.Value) * time.Hour)
	case calendar.Minute:
		return from.Add(time.Duration(d.Value) * time.Minute)
	default:
		return from.Add(time.Duration(d.Value) * time.Second)
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earliest(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
