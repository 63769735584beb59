package calendar

import "time"

// Add is the moment d after from, in Viet Nam's time.
//
//   - s, m, h: plainly, from the moment (Civil Code art. 147).
//   - wm, wh: working time from the moment; landing exactly on the end of a shift stays there.
//   - wd: the closing moment of the d-th working day after the day of from, which is not counted
//     (art. 147). 0wd is the closing moment of that day itself, or of the next working day when it is
//     not a working day or has closed.
//   - d, mo: the closing moment of the last day, the day of from not counted; a last day that is not a
//     working day moves to the next working day (art. 148.5). A month is thirty days (art. 146).
//
// Without a known unit it is from itself.
func (c *Calendar) Add(from time.Time, d Duration) time.Time {
	return c.AddAmount(from, d.Amount(), d.Unit)
}

// AddAmount is [Calendar.Add] for n in the base of u (see [Duration.Amount]), so that what is left of a
// limit can be granted: milliseconds for s, m, h, wm and wh, days for d, mo and wd. A negative n is 0.
func (c *Calendar) AddAmount(from time.Time, n int64, u Unit) time.Time {
	m := moment(from)
	n = max(n, 0)
	switch u {
	case Second, Minute, Hour:
		return (m + min(milli(n), lastMilli)).time()
	case WorkingMinute, WorkingHour:
		return c.forward(m, n).time()
	case Day, Month:
		return c.closingFrom(m.day()+min(n, lastDay+1), m).time()
	case WorkingDay:
		if n == 0 {
			return c.closingFrom(m.day(), m).time()
		}
		counted := c.count.before(m.day() + 1)
		return c.closing(c.count.find(counted + min(n, lastDay+1))).time()
	default:
		return m.time()
	}
}

// AddWorkingTime is the moment at which w of working time has passed since from. A negative w is 0.
func (c *Calendar) AddWorkingTime(from time.Time, w time.Duration) time.Time {
	return c.forward(moment(from), max(w.Milliseconds(), 0)).time()
}

// Sub is the moment d before to, never after to; it is used for warnings such as "1wd before the due date".
//
//   - wd: the closing moment of the working day n working days before the day of to.
//   - wm, wh: working time backwards; landing exactly on the beginning of a shift stays there.
//   - s, m, h, d, mo: plainly, a day being twenty-four hours and a month thirty days.
//
// For working units Measure(Sub(to, d), to) is d.Amount(); only where the agency works until 24:00 it is a
// day less for wd, because the moment a day closes there is already a moment of the next, uncounted day.
func (c *Calendar) Sub(to time.Time, d Duration) time.Time {
	m := moment(to)
	n := d.Amount()
	switch {
	case d.Unit == WorkingMinute || d.Unit == WorkingHour:
		return c.backward(m, n).time()
	case d.Unit == WorkingDay:
		k := c.count.before(c.dueDay(m)+1) - n
		if k < 1 {
			return milli(0).time()
		}
		return min(c.closing(c.count.find(k)), m).time()
	case d.Unit.Daily():
		return (m - milli(min(n, lastDay+1)*dayMilli)).time()
	default:
		return (m - min(milli(n), lastMilli)).time()
	}
}

// closingFrom is the first closing moment on day or later that is not before m.
func (c *Calendar) closingFrom(day int64, m milli) milli {
	day = c.workingFrom(day)
	if c.closing(day) < m {
		day = c.workingFrom(day + 1)
	}
	return c.closing(day)
}

// forward is the first moment at which n milliseconds have been worked since m.
func (c *Calendar) forward(m milli, n int64) milli {
	if n == 0 {
		return m
	}
	return c.reached(c.worked(m) + min(n, int64(lastMilli)))
}

// backward is the last moment from which n milliseconds are worked until m.
func (c *Calendar) backward(m milli, n int64) milli {
	if n == 0 {
		return m
	}
	target := c.worked(m) - n
	if target < 0 {
		return 0
	}
	return c.reached(target+1) - 1
}

// worked is the working time that has passed at m since the beginning of counting.
func (c *Calendar) worked(m milli) int64 {
	day := m.day()
	return c.time.before(day) + c.on(day).worked(m.offset())
}

// reached is the first moment at which worked is w, for w from 1 on.
func (c *Calendar) reached(w int64) milli {
	day := c.time.find(w)
	if day > lastDay {
		return lastMilli
	}
	return min(milli(day*dayMilli+c.on(day).reached(w-c.time.before(day))), lastMilli)
}
