package calendar

import (
	"fmt"
	"slices"
	"time"
)

// Calendar is a checked and indexed [Spec]. It never changes and is safe for concurrent use. Every
// question costs O(log n) in the number of exceptions, however long the time asked about; only
// [Calendar.Intervals] costs as much as it returns.
type Calendar struct {
	spec Spec

	week  [7]hours // from Monday on
	days  []int64  // the exceptional days, ascending
	own   []hours  // the hours of those days
	count counter  // working days
	time  counter  // working milliseconds

	periods []Period    // the unannounced ones, ascending, with the rest of time
	units   []*Calendar // in the order of spec.Units
}

// New checks spec and indexes it. Its error wraps [Problems], which name every place at fault. A spec whose
// base was not taken over yet is an error: see [Resolve].
func New(spec Spec) (*Calendar, error) {
	if err := spec.Check(); err != nil {
		return nil, err
	}
	if spec.Unresolved() {
		return nil, spec.fail(Problems{{Place: "base", Text: fmt.Sprintf("%s was not taken over yet (base_version is 0): resolve the calendar first", spec.Base)}})
	}
	c := index(spec.Normal())
	for _, d := range c.spec.Units {
		c.units = append(c.units, index(c.spec.unit(d)))
	}
	return c, nil
}

// index is the calendar of a spec without faults, in normal form, but for its units.
func index(spec Spec) *Calendar {
	c := &Calendar{spec: spec, periods: unannounced(spec)}
	for i := range c.week {
		c.week[i] = weekdayHours(c.spec.Week, weekday(i))
	}
	for _, e := range c.spec.Exceptions {
		c.days = append(c.days, e.Date.day())
		c.own = append(c.own, exceptionHours(c.spec.Week, e))
	}
	c.count = newCounter(c.week, c.days, c.own, func(h hours) int64 {
		if h.works() {
			return 1
		}
		return 0
	})
	c.time = newCounter(c.week, c.days, c.own, func(h hours) int64 { return h.total })
	return c
}

// Spec is the calendar as data, its exceptions in order of date. Changing it does not change c.
func (c *Calendar) Spec() Spec { return c.spec.Normal() }

// Code is the code of the calendar.
func (c *Calendar) Code() string { return c.spec.Code }

// Version is the version of the calendar, from 1 on.
func (c *Calendar) Version() int { return c.spec.Version }

// IsWorkingDay reports whether the agency opens at all on d.
func (c *Calendar) IsWorkingDay(d Date) bool { return !d.IsZero() && c.on(d.day()).works() }

// Opening is the moment the first shift of d begins, and false when d is not a working day.
func (c *Calendar) Opening(d Date) (time.Time, bool) {
	if !c.IsWorkingDay(d) {
		return time.Time{}, false
	}
	return c.opening(d.day()).time(), true
}

// Closing is the moment the last shift of d ends, and false when d is not a working day.
func (c *Calendar) Closing(d Date) (time.Time, bool) {
	if !c.IsWorkingDay(d) {
		return time.Time{}, false
	}
	return c.closing(d.day()).time(), true
}

// NextWorkingDay is the opening moment of the first working day after the civil day of t. A rule such as
// "received after 15:00, counted from the next working day" is this, then [Calendar.Add].
func (c *Calendar) NextWorkingDay(t time.Time) time.Time {
	return c.opening(c.workingFrom(moment(t).day() + 1)).time()
}

// NextOpen is t itself when the agency is open then, else the moment it opens next. The moment a shift ends
// is not open. It is the last moment of all when no shift begins before it.
func (c *Calendar) NextOpen(t time.Time) time.Time {
	m := moment(t)
	if next, ok := c.on(m.day()).nextOpen(m.offset()); ok {
		return (m - milli(m.offset()-next)).time()
	}
	return c.opening(c.workingFrom(m.day() + 1)).time()
}

// on is the hours of a day.
func (c *Calendar) on(day int64) hours {
	if i, found := slices.BinarySearch(c.days, day); found {
		return c.own[i]
	}
	return c.week[day%7]
}

// workingFrom is the first working day that is day or comes after it; lastDay+1 when there is none.
func (c *Calendar) workingFrom(day int64) int64 {
	return c.count.find(c.count.before(min(day, lastDay+1)) + 1)
}

func (c *Calendar) opening(day int64) milli {
	if day > lastDay {
		return lastMilli
	}
	return milli(day*dayMilli + c.on(day).opening())
}

func (c *Calendar) closing(day int64) milli {
	if day > lastDay {
		return lastMilli
	}
	return min(milli(day*dayMilli+c.on(day).closing()), lastMilli)
}

// dueDay is the day on which something due at m is due: that of m, except that 24:00 belongs to the day
// it closes when the agency works until then.
func (c *Calendar) dueDay(m milli) int64 {
	day := m.day()
	if m.offset() == 0 && day > 0 {
		if h := c.on(day - 1); h.works() && h.closing() == dayMilli {
			return day - 1
		}
	}
	return day
}

// weekday is the day of the week i days after Monday.
func weekday(i int) time.Weekday { return time.Weekday((i + 1) % 7) }

func weekdayHours(w Week, day time.Weekday) hours {
	if shifts := w.On(day); len(shifts) > 0 {
		return newHours(Working, shifts)
	}
	return newHours(WeeklyRest, nil)
}

func exceptionHours(w Week, e Exception) hours {
	h := newHours(e.Kind, nil)
	if e.Kind.Works() {
		h = newHours(e.Kind, exceptionShifts(w, e))
	}
	h.name, h.basis = e.Name, e.Basis
	return h
}

// exceptionShifts is the shifts of a day that is worked by exception: its own, else those of its weekday
// (not for a make-up day, which repays an ordinary day), else those of Friday, else those of the first
// weekday that is worked.
func exceptionShifts(w Week, e Exception) []Shift {
	if len(e.Shifts) > 0 {
		return e.Shifts
	}
	if shifts := w.On(e.Date.Weekday()); e.Kind == Working && len(shifts) > 0 {
		return shifts
	}
	if len(w.Friday) > 0 {
		return w.Friday
	}
	for i := range 7 {
		if shifts := w.On(weekday(i)); len(shifts) > 0 {
			return shifts
		}
	}
	return nil
}
