package web

import (
	"time"

	"motcua/api/caller"
	"motcua/engine"
	"motcua/engine/calendar"
)

// when writes a moment as people in Viet Nam read it.
func when(t time.Time) string {
	if t.IsZero() {
		return "—"
	}
	return t.In(calendar.Zone()).Format("02/01/2006 15:04")
}

// machineTime writes a moment for the datetime attribute.
func machineTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func budget(l caller.Lang, d calendar.Duration) string {
	if d.Unit == calendar.WorkingDay && d.Value == 0 {
		return l.T("trong ngày làm việc", "the same working day")
	}
	return amount(l, d.Value, d.Unit)
}

func amount(l caller.Lang, n int64, unit calendar.Unit) string {
	return l.Text(engine.CountText(n, unit))
}

// span writes a length of time with its two largest units.
func span(l caller.Lang, d time.Duration) string {
	d = d.Abs()
	days, hours, minutes := int64(d/(24*time.Hour)), int64(d/time.Hour)%24, int64(d/time.Minute)%60
	switch {
	case days > 0:
		return amounts(l, days, calendar.Day, hours, calendar.Hour)
	case hours > 0:
		return amounts(l, hours, calendar.Hour, minutes, calendar.Minute)
	case minutes > 0:
		return amounts(l, minutes, calendar.Minute, 0, calendar.Second)
	default:
		return amounts(l, int64(d/time.Second), calendar.Second, 0, calendar.Second)
	}
}

func amounts(l caller.Lang, a int64, unit calendar.Unit, b int64, smaller calendar.Unit) string {
	if b == 0 {
		return amount(l, a, unit)
	}
	return amount(l, a, unit) + " " + amount(l, b, smaller)
}

// longWorking is from where on working time is told in days.
const longWorking = 16 * time.Hour

// workingSpan writes the working time between two moments: in working days
// when there are many, else to the minute. Where none lies between them, or no
// calendar is known, it writes plain time.
func workingSpan(l caller.Lang, cal *calendar.Calendar, from, to time.Time) string {
	if to.Before(from) {
		from, to = to, from
	}
	if cal == nil {
		return span(l, to.Sub(from))
	}
	worked := cal.WorkingTime(from, to)
	if days := cal.Measure(from, to, calendar.WorkingDay); worked >= longWorking && days > 0 {
		return budget(l, calendar.Duration{Value: days, Unit: calendar.WorkingDay})
	}
	if worked < time.Minute {
		return span(l, to.Sub(from))
	}
	return l.T(span(l, worked)+" làm việc", span(l, worked)+" of working time")
}

// standing is how something stands against its due moment: a class for the
// style sheet, a sign and words, so that colour never says it alone.
type standing struct{ Class, Sign, Text string }

// soon is from when on something counts as due soon ("sắp đến hạn").
const soon = 24 * time.Hour

func (s *Site) standing(l caller.Lang, due time.Time, overdue bool, cal *calendar.Calendar) standing {
	now := s.Now()
	switch {
	case due.IsZero() && !overdue:
		return standing{"none", "–", l.T("không có hạn", "no due date")}
	case due.IsZero():
		return standing{"overdue", "⚠", l.T("đã quá hạn", "was overdue")}
	case now.After(due):
		return standing{"overdue", "⚠", l.T("quá hạn ", "late by ") + workingSpan(l, cal, due, now)}
	case due.Sub(now) < time.Second:
		return standing{"soon", "◔", l.T("đến hạn lúc này", "due now")}
	case overdue:
		return standing{"overdue", "⚠", l.T("đã từng quá hạn, còn ", "was overdue, left: ") + workingSpan(l, cal, now, due)}
	case due.Sub(now) <= soon:
		return standing{"soon", "◔", l.T("sắp đến hạn, còn ", "due soon, left: ") + workingSpan(l, cal, now, due)}
	default:
		return standing{"intime", "✓", l.T("trong hạn, còn ", "in time, left: ") + workingSpan(l, cal, now, due)}
	}
}
