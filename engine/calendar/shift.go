package calendar

import (
	"fmt"
	"time"
)

// TimeOfDay is a time on the clock in minutes since midnight, written "07:30"; "24:00" is the end of the day.
type TimeOfDay int

// EndOfDay is 24:00.
const EndOfDay TimeOfDay = 24 * 60

// Clock makes a TimeOfDay of an hour and a minute.
func Clock(hour, minute int) TimeOfDay { return TimeOfDay(hour*60 + minute) }

// ParseTimeOfDay reads a time written HH:MM, from 00:00 to 24:00.
func ParseTimeOfDay(s string) (TimeOfDay, error) {
	if s == "24:00" {
		return EndOfDay, nil
	}
	t, err := time.Parse("15:04", s)
	if err != nil || len(s) != len("15:04") {
		return 0, fmt.Errorf("time of day %s: must be written HH:MM, from 00:00 to 24:00", quote(s))
	}
	return Clock(t.Hour(), t.Minute()), nil
}

// String is the time as HH:MM.
func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", int(t)/60, int(t)%60) }

// MarshalText writes HH:MM; a time outside of the day is an error.
func (t TimeOfDay) MarshalText() ([]byte, error) {
	if t < 0 || t > EndOfDay {
		return nil, fmt.Errorf("time of day: %d minutes are not within 00:00 to 24:00", int(t))
	}
	return []byte(t.String()), nil
}

// UnmarshalText reads HH:MM.
func (t *TimeOfDay) UnmarshalText(text []byte) error {
	parsed, err := ParseTimeOfDay(string(text))
	if err != nil {
		return err
	}
	*t = parsed
	return nil
}

// Shift is one stretch of office hours within a day, from From up to To.
type Shift struct {
	From TimeOfDay `json:"from" yaml:"from"`
	To   TimeOfDay `json:"to" yaml:"to"`
}

// Week is the office hours of each day of an ordinary week; a day without shifts is a weekly rest day.
type Week struct {
	Monday    []Shift `json:"monday,omitempty" yaml:"monday,omitempty"`
	Tuesday   []Shift `json:"tuesday,omitempty" yaml:"tuesday,omitempty"`
	Wednesday []Shift `json:"wednesday,omitempty" yaml:"wednesday,omitempty"`
	Thursday  []Shift `json:"thursday,omitempty" yaml:"thursday,omitempty"`
	Friday    []Shift `json:"friday,omitempty" yaml:"friday,omitempty"`
	Saturday  []Shift `json:"saturday,omitempty" yaml:"saturday,omitempty"`
	Sunday    []Shift `json:"sunday,omitempty" yaml:"sunday,omitempty"`
}

// MondayToFriday is the usual week of a State office: the same shifts on five days, rest on two
// (Labour Code art. 111; 40 hours a week).
func MondayToFriday(shifts ...Shift) Week {
	return Week{Monday: shifts, Tuesday: shifts, Wednesday: shifts, Thursday: shifts, Friday: shifts}
}

// On is the shifts of a weekday.
func (w Week) On(day time.Weekday) []Shift { return *w.day(day) }

func (w *Week) day(day time.Weekday) *[]Shift {
	days := [...]*[]Shift{&w.Sunday, &w.Monday, &w.Tuesday, &w.Wednesday, &w.Thursday, &w.Friday, &w.Saturday}
	return days[((int(day)%7)+7)%7]
}
