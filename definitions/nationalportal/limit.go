package nationalportal

import (
	"regexp"
	"strconv"
	"strings"

	"motcua/engine/calendar"
)

// units are the words of a limit; a year, a quarter and a week are units the
// language does not have.
var units = map[string]calendar.Unit{
	"ngày làm việc": calendar.WorkingDay,
	"ngày":          calendar.Day,
	"giờ làm việc":  calendar.WorkingHour,
	"giờ":           calendar.Hour,
	"phút":          calendar.Minute,
	"tháng":         calendar.Month,
}

// quantity is "05 (năm) ngày làm việc": a number, perhaps said again in words,
// perhaps a unit.
var quantity = regexp.MustCompile(`^(\d+)([.,]\d+)?\s*(?:\([^()]*\)\s*)?(` + unitText + `)?$`)

// limitOf reads the limit of a row. The kind says why there is none, or what is
// doubtful about the one there is.
func limitOf(m method) (calendar.Duration, Kind) {
	text := strings.ToLower(strings.Join(strings.Fields(m.time), " "))
	switch {
	case m.glued:
		return calendar.Duration{}, LimitWithoutUnit
	case m.time == noInformation || text == "" || text == "không" || text == "không quy định":
		return calendar.Duration{}, LimitMissing
	}
	q := quantity.FindStringSubmatch(text)
	if q == nil {
		return calendar.Duration{}, LimitInWords
	}
	value, err := strconv.ParseInt(q[1], 10, 64)
	unit, known := units[q[3]]
	switch {
	case q[3] == "":
		return calendar.Duration{}, LimitWithoutUnit
	case !known:
		return calendar.Duration{}, LimitInWords
	case strings.Trim(q[2], ".,0") != "":
		return calendar.Duration{}, LimitFraction
	case q[2] != "" && len(q[2]) != 2: // "1.000 ngày" and "1,00 ngày" look alike
		return calendar.Duration{}, LimitFraction
	case err != nil || value < 1 || value > longest(unit):
		return calendar.Duration{}, LimitOutOfRange
	}
	limit := calendar.Duration{Value: value, Unit: unit}
	switch {
	case unit == calendar.Hour || unit == calendar.Minute:
		return limit, LimitHours
	case otherUnit(limit, m.description):
		return limit, LimitTextDiffers
	}
	return limit, ""
}

// longest is the largest number of a unit that is still a limit; beyond some
// years it is an error of whoever typed it, and the step table, which is in the
// next smaller unit, must not overflow.
func longest(unit calendar.Unit) int64 {
	const years = 20
	switch unit {
	case calendar.Month:
		return years * 12
	case calendar.Day, calendar.WorkingDay:
		return years * 366
	default:
		return 20_000 // hours and minutes
	}
}

var otherWords = map[calendar.Unit]*regexp.Regexp{
	calendar.Day:        regexp.MustCompile(`(?i)(?:^|\D)0*(\d+)\s*(?:\([^()]*\)\s*)?ngày làm việc`),
	calendar.WorkingDay: regexp.MustCompile(`(?i)(?:^|\D)0*(\d+)\s*(?:\([^()]*\)\s*)?ngày(?:\s*(?:[,.;)]|kể từ|tính từ|$))`),
}

// otherUnit says whether a description gives a limit's number in the other
// unit of days and never in its own.
func otherUnit(limit calendar.Duration, description string) bool {
	number := strconv.FormatInt(limit.Value, 10)
	says := func(words *regexp.Regexp) bool {
		if words == nil {
			return false
		}
		for _, m := range words.FindAllStringSubmatch(description, -1) {
			if m[1] == number {
				return true
			}
		}
		return false
	}
	own := map[calendar.Unit]calendar.Unit{calendar.Day: calendar.WorkingDay, calendar.WorkingDay: calendar.Day}[limit.Unit]
	return says(otherWords[limit.Unit]) && !says(otherWords[own])
}
