package calendar_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine/calendar"
)

var office = []calendar.Shift{
	{From: calendar.Clock(7, 30), To: calendar.Clock(11, 30)},
	{From: calendar.Clock(13, 30), To: calendar.Clock(17, 30)},
}

// plain is a calendar of office hours, Monday to Friday, without exceptions.
func plain() calendar.Spec {
	return calendar.Spec{Code: "plain", Version: 1, Week: calendar.MondayToFriday(office...)}
}

func aroundTheClock() calendar.Spec {
	always := []calendar.Shift{{From: 0, To: calendar.EndOfDay}}
	week := calendar.MondayToFriday(always...)
	week.Saturday, week.Sunday = always, always
	return calendar.Spec{Code: "around-the-clock", Version: 1, Week: week}
}

func TestAdd(t *testing.T) {
	t.Parallel()
	// 2026-03-02 is a Monday.
	tests := []struct {
		name, from, limit, due string
	}{
		{"0wd ends the same day", "2026-03-02 09:00", "0wd", "2026-03-02 17:30"},
		{"0wd at the closing moment is over at once", "2026-03-02 17:30", "0wd", "2026-03-02 17:30"},
		{"0wd after closing ends the next working day", "2026-03-06 17:30:00.001", "0wd", "2026-03-09 17:30"},
		{"0wd on a Sunday ends on Monday", "2026-03-08 10:00", "0wd", "2026-03-09 17:30"},
		{"1wd after closing is the next working day", "2026-03-06 20:00", "1wd", "2026-03-09 17:30"},
		{"1wd from a Saturday", "2026-03-07 20:00", "1wd", "2026-03-09 17:30"},
		{"0d is the same day", "2026-03-02 09:00", "0d", "2026-03-02 17:30"},
		{"1d from a Friday rolls over the weekend", "2026-03-06 09:00", "1d", "2026-03-09 17:30"},
		{"1mo is thirty days", "2026-03-02 09:00", "1mo", "2026-04-01 17:30"},
		{"wh stays on the end of a day", "2026-03-02 15:30", "2wh", "2026-03-02 17:30"},
		{"wh stays on the end of a shift", "2026-03-02 07:30", "4wh", "2026-03-02 11:30"},
		{"wm after the end of a day", "2026-03-06 17:30", "1wm", "2026-03-09 07:31"},
		{"wm before opening", "2026-03-02 05:00", "30wm", "2026-03-02 08:00"},
		{"0wh is the moment itself", "2026-03-07 05:00", "0wh", "2026-03-07 05:00"},
		{"wh over lunch keeps milliseconds", "2026-03-02 10:30:15.250", "2wh", "2026-03-02 14:30:15.250"},
		{"hours by the clock do not care", "2026-03-06 17:00", "48h", "2026-03-08 17:00"},
		{"minutes by the clock", "2026-03-06 17:00", "90m", "2026-03-06 18:30"},
		{"seconds by the clock", "2026-03-06 17:00", "45s", "2026-03-06 17:00:45"},
	}
	c := calendarOf(t, plain())
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, at(t, test.due), c.Add(at(t, test.from), duration(t, test.limit)))
		})
	}
}

func TestSub(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, to, limit, want string }{
		{"1wd before a due date", "2026-03-04 17:30", "1wd", "2026-03-03 17:30"},
		{"1wd before Monday", "2026-03-09 17:30", "1wd", "2026-03-06 17:30"},
		{"1wd before a Sunday leaves all of Friday", "2026-03-08 12:00", "1wd", "2026-03-05 17:30"},
		{"0wd is never after the due date", "2026-03-04 10:00", "0wd", "2026-03-04 10:00"},
		{"0wd before a Sunday", "2026-03-08 12:00", "0wd", "2026-03-06 17:30"},
		{"working hours backwards over the night", "2026-03-04 08:30", "2wh", "2026-03-03 16:30"},
		{"stays on the beginning of a shift", "2026-03-04 09:30", "2wh", "2026-03-04 07:30"},
		{"civil days plainly", "2026-03-09 17:30", "2d", "2026-03-07 17:30"},
		{"hours plainly", "2026-03-09 02:30", "4h", "2026-03-08 22:30"},
	}
	c := calendarOf(t, plain())
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, at(t, test.want), c.Sub(at(t, test.to), duration(t, test.limit)))
		})
	}
}

func TestMeasureDays(t *testing.T) {
	t.Parallel()
	c := calendarOf(t, plain())
	friday, monday := at(t, "2026-03-06 09:00"), at(t, "2026-03-09 08:00")
	require.Equal(t, int64(1), c.Measure(friday, monday, calendar.WorkingDay))
	require.Equal(t, int64(3), c.Measure(friday, monday, calendar.Day))
	require.Equal(t, int64(3), c.Measure(friday, monday, calendar.Month))
	require.Equal(t, int64(71*3_600_000), c.Measure(friday, monday, calendar.Minute))
	require.Equal(t, (7 * time.Hour).Milliseconds(), c.Measure(friday, monday, calendar.WorkingHour))
	require.Zero(t, c.Measure(monday, friday, calendar.WorkingDay))
	require.Zero(t, c.Measure(friday, monday, "fortnight"))
}

func TestAroundTheClock(t *testing.T) {
	t.Parallel()
	c := calendarOf(t, aroundTheClock())
	from := at(t, "2026-03-06 09:00")
	require.Equal(t, at(t, "2026-03-07 00:00"), c.Add(from, duration(t, "0wd")))
	require.Equal(t, at(t, "2026-03-09 00:00"), c.Add(from, duration(t, "2wd")))
	require.Equal(t, at(t, "2026-03-09 00:00"), c.Add(from, duration(t, "2d")))
	require.Equal(t, at(t, "2026-03-08 09:00"), c.Add(from, duration(t, "48wh")))
	require.Equal(t, at(t, "2026-03-08 00:00"), c.Sub(at(t, "2026-03-09 00:00"), duration(t, "1wd")))
	require.Equal(t, int64(2), c.Measure(from, at(t, "2026-03-09 00:00"), calendar.WorkingDay))
	require.Equal(t, int64(2), c.Measure(from, at(t, "2026-03-09 00:00"), calendar.Day), "24:00 belongs to the day it closes")
	require.Len(t, c.Intervals(from, at(t, "2026-03-09 00:00")), 3)

	spec := aroundTheClock()
	spec.KnownUntil = date(t, "2026-03-08")
	require.False(t, calendarOf(t, spec).Provisional(at(t, "2026-03-09 00:00")))
	require.True(t, calendarOf(t, spec).Provisional(at(t, "2026-03-09 00:00:00.001")))
}

func TestTouchingShifts(t *testing.T) {
	t.Parallel()
	spec := plain()
	spec.Week.Saturday = []calendar.Shift{{From: 420, To: 660}, {From: 660, To: 900}} // 07:00–11:00–15:00
	c := calendarOf(t, spec)
	require.Equal(t, at(t, "2026-03-07 11:00"), c.Add(at(t, "2026-03-07 07:00"), duration(t, "4wh")))
	require.Equal(t, at(t, "2026-03-07 12:00"), c.Add(at(t, "2026-03-07 07:00"), duration(t, "5wh")))
	opening, ok := c.Opening(date(t, "2026-03-07"))
	require.True(t, ok)
	require.Equal(t, at(t, "2026-03-07 07:00"), opening)
}

func TestMakeUpDayHours(t *testing.T) {
	t.Parallel()
	spec := plain()
	spec.Week.Friday = office[:1]
	spec.Week.Sunday = office[1:]
	morning := calendar.Shift{From: calendar.Clock(8, 0), To: calendar.Clock(10, 0)}
	spec.Exceptions = []calendar.Exception{
		{Date: date(t, "2026-03-07"), Kind: calendar.MakeUpWorking},
		{Date: date(t, "2026-03-08"), Kind: calendar.Working},
		{Date: date(t, "2026-03-14"), Kind: calendar.MakeUpWorking, Shifts: []calendar.Shift{morning}},
	}
	closes := func(day string) time.Time {
		closing, ok := calendarOf(t, spec).Closing(date(t, day))
		require.True(t, ok, day)
		return closing
	}
	require.Equal(t, at(t, "2026-03-07 11:30"), closes("2026-03-07"), "the hours of Friday")
	require.Equal(t, at(t, "2026-03-08 17:30"), closes("2026-03-08"), "the hours of the weekday")
	require.Equal(t, at(t, "2026-03-14 10:00"), closes("2026-03-14"), "its own hours")
	spec.Week.Friday = nil
	require.Equal(t, at(t, "2026-03-07 17:30"), closes("2026-03-07"), "the hours of Monday")
	_, ok := calendarOf(t, spec).Opening(date(t, "2026-03-06"))
	require.False(t, ok)
	_, ok = calendarOf(t, spec).Closing(calendar.Date{})
	require.False(t, ok)
}

func TestProvisional(t *testing.T) {
	t.Parallel()
	spec := plain()
	require.True(t, calendarOf(t, spec).Provisional(at(t, "2026-03-06 09:00")), "nothing is announced")
	spec.KnownUntil = date(t, "2026-12-31")
	c := calendarOf(t, spec)
	require.False(t, c.Provisional(at(t, "2026-12-31 23:59")))
	require.True(t, c.Provisional(at(t, "2027-01-01 00:00")))
	require.Equal(t, at(t, "2027-01-04 17:30"), c.Add(at(t, "2026-12-31 09:00"), duration(t, "2wd")), "by the weekly pattern")
}

func TestFarMoments(t *testing.T) {
	t.Parallel()
	moments := []time.Time{
		{}, time.Unix(math.MinInt64, 0), time.Unix(math.MaxInt64, 0), time.Unix(1<<60, 0), time.UnixMilli(math.MinInt64),
		calendar.NewDate(1, 1, 1).Midnight(), calendar.NewDate(9999, 12, 31).Midnight().Add(24*time.Hour - 1),
	}
	all := calendarOf(t, aroundTheClock()).WorkingTime(moments[0], moments[3])
	require.Equal(t, time.Duration(math.MaxInt64), all, "more than a time.Duration holds")
	for _, spec := range []calendar.Spec{plain(), aroundTheClock()} {
		c := calendarOf(t, spec)
		for _, from := range moments {
			for _, u := range units {
				for _, n := range []int64{math.MinInt64, 0, 1, math.MaxInt64} {
					within(t, c.AddAmount(from, n, u))
					within(t, c.Add(from, calendar.Duration{Value: n, Unit: u}))
					within(t, c.Sub(from, calendar.Duration{Value: n, Unit: u}))
				}
			}
			within(t, c.NextWorkingDay(from))
			within(t, c.AddWorkingTime(from, math.MaxInt64))
			for _, to := range moments {
				require.GreaterOrEqual(t, c.WorkingTime(from, to), time.Duration(0))
				require.LessOrEqual(t, len(c.Intervals(from, to)), calendar.MaxIntervals)
			}
		}
	}
}

func within(t *testing.T, moment time.Time) {
	t.Helper()
	require.False(t, moment.Year() < 1 || moment.Year() > 9999, "%v", moment)
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	day := date(t, "2026-01-02")
	tests := []struct {
		place string
		text  string
		spoil func(*calendar.Spec)
	}{
		{"code", "lower-case", func(s *calendar.Spec) { s.Code = "Việt Nam" }},
		{"version", "1 or more", func(s *calendar.Spec) { s.Version = 0 }},
		{"week", "no shift at all", func(s *calendar.Spec) { s.Week = calendar.Week{} }},
		{"week.monday[1]", "begins before", func(s *calendar.Spec) { s.Week.Monday = []calendar.Shift{{From: 60, To: 120}, {From: 119, To: 180}} }},
		{"week.sunday[0]", "within", func(s *calendar.Spec) { s.Week.Sunday = []calendar.Shift{{From: 60, To: 1441}} }},
		{"week.sunday[0]", "end after it begins", func(s *calendar.Spec) { s.Week.Sunday = []calendar.Shift{{From: 60, To: 60}} }},
		{"week.sunday", "more than", func(s *calendar.Spec) { s.Week.Sunday = make([]calendar.Shift, 13) }},
		{"name", "longer than 500 bytes", func(s *calendar.Spec) { s.Name = strings.Repeat("x", 501) }},
		{"exceptions", "more than", func(s *calendar.Spec) { s.Exceptions = make([]calendar.Exception, calendar.MaxExceptions+1) }},
		{"exceptions[0].date", "missing", func(s *calendar.Spec) { s.Exceptions = []calendar.Exception{{Kind: calendar.Working}} }},
		{"exceptions[1].date", "already exceptions[0]", func(s *calendar.Spec) {
			s.Exceptions = []calendar.Exception{{Date: day, Kind: calendar.SwappedOff}, {Date: day, Kind: calendar.SwappedOff}}
		}},
		{"exceptions[0].kind", "unknown kind \"closed\"", func(s *calendar.Spec) {
			s.Exceptions = []calendar.Exception{{Date: day, Kind: calendar.Closed}}
		}},
		{"exceptions[0].shifts", "cannot have shifts", func(s *calendar.Spec) {
			s.Exceptions = []calendar.Exception{{Date: day, Kind: calendar.SwappedOff, Shifts: office}}
		}},
		{"exceptions[0].shifts[1]", "begins before", func(s *calendar.Spec) {
			s.Exceptions = []calendar.Exception{{Date: day, Kind: calendar.Working, Shifts: []calendar.Shift{office[1], office[0]}}}
		}},
		{"base", "its own base", func(s *calendar.Spec) { s.Base, s.BaseVersion = "plain", 1 }},
		{"base", "lower-case", func(s *calendar.Spec) { s.Base, s.BaseVersion = "Việt Nam", 1 }},
		{"base_version", "of no base", func(s *calendar.Spec) { s.BaseVersion = 1 }},
		{"base_version", "left out", func(s *calendar.Spec) { s.Base, s.BaseVersion = "vn", -1 }},
		{"units", "more than", func(s *calendar.Spec) { s.Units = make([]calendar.Department, calendar.MaxUnits+1) }},
		{"units[0].department", "lower-case", func(s *calendar.Spec) { s.Units = []calendar.Department{{Week: s.Week}} }},
		{"units[1].department", "already units[0]", func(s *calendar.Spec) {
			s.Units = []calendar.Department{{Department: "tax", Week: s.Week}, {Department: "tax", Week: s.Week}}
		}},
		{"units[0].name", "longer than", func(s *calendar.Spec) {
			s.Units = []calendar.Department{{Department: "tax", Name: strings.Repeat("x", 501), Week: s.Week}}
		}},
		{"units[0].week", "no shift at all", func(s *calendar.Spec) { s.Units = []calendar.Department{{Department: "tax"}} }},
		{"units[0].week.friday[0]", "end after it begins", func(s *calendar.Spec) {
			s.Units = []calendar.Department{{Department: "tax", Week: calendar.Week{Friday: []calendar.Shift{{From: 9, To: 8}}}}}
		}},
		{"unannounced", "more than", func(s *calendar.Spec) { s.Unannounced = make([]calendar.Period, calendar.MaxUnannounced+1) }},
		{"unannounced[0].name", "is missing", func(s *calendar.Spec) { period(s, day, day, "") }},
		{"unannounced[0].basis", "longer than", func(s *calendar.Spec) {
			period(s, day, day, "Tết")
			s.Unannounced[0].Basis = strings.Repeat("x", 501)
		}},
		{"unannounced[0].from", "is missing", func(s *calendar.Spec) { period(s, calendar.Date{}, day, "Tết") }},
		{"unannounced[0].to", "is missing", func(s *calendar.Spec) { period(s, day, calendar.Date{}, "Tết") }},
		{"unannounced[0].to", "comes before", func(s *calendar.Spec) { period(s, day, day.AddDays(-1), "Tết") }},
		{"unannounced[0].to", "after known_until", func(s *calendar.Spec) {
			period(s, day, day, "Tết")
			s.KnownUntil = day.AddDays(-1)
		}},
		{"unannounced[0].from", "lies in unannounced[1]", func(s *calendar.Spec) {
			period(s, day, day.AddDays(2), "Tết")
			period(s, day.AddDays(-1), day, "Tết")
		}},
		{"unannounced[0].to", "after known_until", func(s *calendar.Spec) {
			period(s, day, day, "Tết")
			s.KnownUntil, s.Base, s.BaseVersion = calendar.Date{}, "vn", 1 // only before it is resolved may the day be open
		}},
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("%s %s", test.place, test.text), func(t *testing.T) {
			t.Parallel()
			spec := plain()
			test.spoil(&spec)
			_, err := calendar.New(spec)
			var problems calendar.Problems
			require.ErrorAs(t, err, &problems)
			require.Len(t, problems, 1)
			require.Equal(t, test.place, problems[0].Place)
			require.Contains(t, problems[0].Text, test.text)
		})
	}
}

// period adds an unannounced period, and says that the days are known until a year later.
func period(s *calendar.Spec, from, to calendar.Date, name string) {
	s.KnownUntil = from.AddDays(365)
	s.Unannounced = append(s.Unannounced, calendar.Period{From: from, To: to, Name: name})
}

func TestSpecIsStableAndItsOwn(t *testing.T) {
	t.Parallel()
	spec := plain()
	spec.Week.Sunday = []calendar.Shift{}
	spec.Exceptions = []calendar.Exception{
		{Date: date(t, "2026-01-10"), Kind: calendar.MakeUpWorking, Name: "Làm bù", Shifts: office[:1:1]},
		{Date: date(t, "2026-01-02"), Kind: calendar.SwappedOff, EffectiveFrom: date(t, "2025-12-25"), Shifts: []calendar.Shift{}},
	}
	spec.Units = []calendar.Department{{Department: "tax", Week: saturdays()}, {Department: "archive", Week: saturdays()}}
	c := calendarOf(t, spec)
	first, err := json.Marshal(c.Spec())
	require.NoError(t, err)
	var read calendar.Spec
	require.NoError(t, json.Unmarshal(first, &read))
	require.Equal(t, c.Spec(), read)
	second, err := json.Marshal(calendarOf(t, read).Spec())
	require.NoError(t, err)
	require.Equal(t, string(first), string(second))
	require.Contains(t, string(first), `"exceptions":[{"date":"2026-01-02","kind":"swapped-off","effective_from":"2025-12-25"}`)
	require.NotContains(t, string(first), "known_until")
	require.NotContains(t, string(first), "unannounced")
	require.NotContains(t, string(first), "base")
	require.Contains(t, string(first), `"units":[{"department":"archive","week":{"monday"`)

	copied := c.Spec()
	copied.Week.Monday[0].To, copied.Exceptions[0].Kind, copied.Exceptions[1].Shifts[0].To = 1, "x", 1
	copied.Units[0].Week.Saturday[0].To = 1
	require.Equal(t, read, c.Spec())
}
