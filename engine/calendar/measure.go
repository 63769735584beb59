package calendar

import (
	"math"
	"time"
)

// Measure is how much of unit u passes between from and to, in the base of u (see [Duration.Amount]),
// and 0 when to is not after from.
//
//   - s, m, h: milliseconds by the clock. wm, wh: milliseconds of working time.
//   - wd: the working days after the day of from, up to and including the day of to.
//   - d, mo: the civil days after the day of from, up to and including the day of to.
//
// The first day is never counted (Civil Code art. 147). A moment of 24:00 at which the agency closes
// belongs to the day it closes. For working units Measure(from, Add(from, d)) is d.Amount(), except for
// a 0wd given out of office days or after closing, which ends with the next working day and measures 1.
func (c *Calendar) Measure(from, to time.Time, u Unit) int64 {
	start, end := moment(from), moment(to)
	if end <= start {
		return 0
	}
	switch u {
	case Second, Minute, Hour:
		return int64(end - start)
	case WorkingMinute, WorkingHour:
		return c.worked(end) - c.worked(start)
	case Day, Month:
		return max(c.dueDay(end)-start.day(), 0)
	case WorkingDay:
		return max(c.count.before(c.dueDay(end)+1)-c.count.before(start.day()+1), 0)
	default:
		return 0
	}
}

// WorkingTime is the working time between from and to, 0 when to is not after from. It is exact to the
// millisecond and at most the 292 years a [time.Duration] can hold.
func (c *Calendar) WorkingTime(from, to time.Time) time.Duration {
	worked := c.Measure(from, to, WorkingHour)
	if worked > math.MaxInt64/int64(time.Millisecond) {
		return math.MaxInt64
	}
	return time.Duration(worked) * time.Millisecond
}
