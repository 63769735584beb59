package calendar

import (
	"fmt"
	"time"
)

// Date is a civil day in Viet Nam, from 0001-01-01 to 9999-12-31. It is comparable with ==; the zero
// Date means that no day was given.
type Date struct {
	// ordinal is 1 for 0001-01-01, so that the zero Date is not a day.
	ordinal int64
}

// NewDate makes a Date; a month or a day out of its range is carried over, as [time.Date] does.
func NewDate(year int, month time.Month, day int) Date {
	return dateOfDay(moment(time.Date(year, month, day, 0, 0, 0, 0, zone)).day())
}

// DateOf is the civil day of t in Viet Nam.
func DateOf(t time.Time) Date { return dateOfDay(moment(t).day()) }

// ParseDate reads a day written YYYY-MM-DD.
func ParseDate(s string) (Date, error) {
	t, err := time.ParseInLocation(time.DateOnly, s, zone)
	if err != nil || t.Year() < 1 {
		return Date{}, fmt.Errorf("date %s: must be an existing day written YYYY-MM-DD, from year 0001 on", quote(s))
	}
	return DateOf(t), nil
}

// IsZero reports whether no day was given.
func (d Date) IsZero() bool { return d.ordinal == 0 }

// String is the day as YYYY-MM-DD, and "" for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.Midnight().Format(time.DateOnly)
}

// Midnight is the moment the day begins, 00:00 in Viet Nam.
func (d Date) Midnight() time.Time { return milli(d.day() * dayMilli).time() }

// Weekday is the day of the week of d.
func (d Date) Weekday() time.Weekday { return d.Midnight().Weekday() }

// AddDays is the day n civil days after d (before it when n is negative), within the years 1 to 9999.
func (d Date) AddDays(n int) Date {
	return dateOfDay(min(max(d.day()+min(max(int64(n), -lastDay), lastDay), 0), lastDay))
}

// DaysSince is the number of civil days from o to d, negative when d comes first.
func (d Date) DaysSince(o Date) int64 { return d.ordinal - o.ordinal }

// Before reports whether d comes before o.
func (d Date) Before(o Date) bool { return d.ordinal < o.ordinal }

// After reports whether d comes after o.
func (d Date) After(o Date) bool { return d.ordinal > o.ordinal }

// Compare is -1, 0 or +1 as d comes before, is or comes after o.
func (d Date) Compare(o Date) int {
	switch {
	case d.ordinal < o.ordinal:
		return -1
	case d.ordinal > o.ordinal:
		return +1
	default:
		return 0
	}
}

// MarshalText writes YYYY-MM-DD, and nothing for the zero Date.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText wrote; empty text is the zero Date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// day is the number of days since 0001-01-01, which was a Monday; the zero Date counts as that day.
func (d Date) day() int64 { return max(d.ordinal-1, 0) }

func dateOfDay(day int64) Date { return Date{ordinal: day + 1} }
