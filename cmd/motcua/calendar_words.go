package main

import (
	"strings"
	"time"

	"motcua/engine"
	"motcua/engine/calendar"
)

// dayKind is a kind of day in words.
func dayKind(k calendar.DayKind, lang string) string {
	switch k {
	case calendar.Working:
		return inLanguage(lang, "ngày làm việc", "working day")
	case calendar.Truncated:
		return inLanguage(lang, "và các ngày sau đó, không liệt kê", "and later days, not listed")
	}
	return engine.StretchText(string(k)).In(lang)
}

func weekdayWord(day time.Weekday, lang string) string { return engine.WeekdayText(day).In(lang) }

// week is the days from Monday on.
func week() []time.Weekday {
	return []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}
}

// hoursText writes the shifts of a day: "07:30–11:30 13:30–17:30".
func hoursText(shifts []calendar.Shift) string {
	parts := make([]string, len(shifts))
	for i, s := range shifts {
		parts[i] = s.From.String() + "–" + s.To.String()
	}
	return strings.Join(parts, " ")
}
