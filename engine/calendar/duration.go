package calendar

import (
	"fmt"
	"math"
	"strconv"
)

// Unit is the unit of a [Duration]. Units are never converted into each other silently: three working
// days are not twenty-four working hours, although tables of steps are often drawn up as if they were.
type Unit string

// The units, by the clock and the civil calendar first, then in working time of an agency.
const (
	Second Unit = "s"
	Minute Unit = "m"
	Hour   Unit = "h"
	Day    Unit = "d"  // civil days, "ngày"
	Month  Unit = "mo" // thirty civil days each (Civil Code art. 146), "tháng"

	WorkingMinute Unit = "wm"
	WorkingHour   Unit = "wh" // "giờ làm việc"
	WorkingDay    Unit = "wd" // "ngày làm việc"
)

// MaxDurationValue is the largest number [ParseDuration] accepts before the unit.
const MaxDurationValue = 1_000_000

const unitList = "s, m, h, d, mo (by the clock and the civil calendar) and wm, wh, wd (working time)"

// Known reports whether u is one of the eight units of this package.
func (u Unit) Known() bool {
	_, ok := unitBase[u]
	return ok
}

// Working reports whether u is counted in the working time of an agency: wm, wh and wd.
func (u Unit) Working() bool {
	return u == WorkingMinute || u == WorkingHour || u == WorkingDay
}

// Daily reports whether u is counted in whole days of which the first is not counted
// (Civil Code art. 147): d, mo and wd.
func (u Unit) Daily() bool {
	return u == Day || u == Month || u == WorkingDay
}

// unitBase is the amount of one unit: milliseconds for clock and working time, days for daily units.
var unitBase = map[Unit]int64{
	Second:        1000,
	Minute:        minuteMilli,
	Hour:          hourMilli,
	Day:           1,
	Month:         30,
	WorkingMinute: minuteMilli,
	WorkingHour:   hourMilli,
	WorkingDay:    1,
}

// Duration is a non-negative whole number of one unit, such as "3wd", "30wm" or "15d". "0wd" means by
// the end of the same working day. The zero Duration has no unit and means that none was given.
type Duration struct {
	Value int64
	Unit  Unit
}

// ParseDuration reads a whole number of at most [MaxDurationValue] directly followed by a unit.
func ParseDuration(s string) (Duration, error) {
	digits := 0
	for digits < len(s) && s[digits] >= '0' && s[digits] <= '9' {
		digits++
	}
	if digits == 0 {
		return Duration{}, fmt.Errorf("duration %s: must start with a whole number, as in 3wd", quote(s))
	}
	d := Duration{Unit: Unit(s[digits:])}
	if d.Unit == "" {
		return Duration{}, fmt.Errorf("duration %s: the unit is missing; units are %s", quote(s), unitList)
	}
	if !d.Unit.Known() {
		return Duration{}, fmt.Errorf("duration %s: unknown unit %s; units are %s", quote(s), quote(s[digits:]), unitList)
	}
	value, err := strconv.ParseInt(s[:digits], 10, 64)
	if err != nil || value > MaxDurationValue {
		return Duration{}, fmt.Errorf("duration %s: the number is larger than %d", quote(s), MaxDurationValue)
	}
	d.Value = value
	return d, nil
}

// String is the text ParseDuration reads, and "" for the zero Duration.
func (d Duration) String() string {
	if d.IsZero() {
		return ""
	}
	return strconv.FormatInt(d.Value, 10) + string(d.Unit)
}

// IsZero reports whether no duration was given, that is, whether the unit is missing. "0wd" is not zero.
func (d Duration) IsZero() bool { return d.Unit == "" }

// Amount is the duration in the base of its unit: milliseconds for s, m, h, wm and wh; days for d and
// wd, and thirty days for each mo (Civil Code art. 146). It saturates instead of overflowing, and is 0 for
// a negative value or an unknown unit.
func (d Duration) Amount() int64 {
	base := unitBase[d.Unit]
	if d.Value <= 0 || base == 0 {
		return 0
	}
	if d.Value > math.MaxInt64/base {
		return math.MaxInt64
	}
	return d.Value * base
}

// MarshalText writes what [Duration.String] shows; a negative value or an unknown unit is an error.
func (d Duration) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return []byte{}, nil
	}
	if d.Value < 0 || d.Value > MaxDurationValue || !d.Unit.Known() {
		return nil, fmt.Errorf("duration %s: not a number from 0 to %d of a known unit", quote(d.String()), MaxDurationValue)
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads what MarshalText wrote; empty text is the zero Duration.
func (d *Duration) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Duration{}
		return nil
	}
	parsed, err := ParseDuration(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// quote quotes text for an error message and keeps the message short whatever the text is.
func quote(s string) string {
	const most = 40
	if len(s) > most {
		return strconv.Quote(s[:most]) + "…"
	}
	return strconv.Quote(s)
}
