package engine

import (
	"time"

	"motcua/engine/calendar"
)

// longWorking is from where on working time is told in days.
const longWorking = 16 * time.Hour

// LateText says by how much working time something is late, and nothing where
// it is not.
func LateText(cal *calendar.Calendar, due, now time.Time) Text {
	if due.IsZero() || !now.After(due) {
		return Text{}
	}
	var by Text
	worked, days := cal.WorkingTime(due, now), cal.Measure(due, now, calendar.WorkingDay)
	switch {
	case worked >= longWorking && days > 0:
		by = CountText(days, calendar.WorkingDay)
	case worked >= time.Hour:
		by = CountText(int64(worked/time.Hour), calendar.WorkingHour)
	case worked >= time.Minute:
		by = CountText(int64(worked/time.Minute), calendar.WorkingMinute)
	default:
		return Text{VI: "vừa quá hạn", EN: "just late"}
	}
	return Text{VI: "quá hạn " + by.VI, EN: "late by " + by.EN}
}
