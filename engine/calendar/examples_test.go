package calendar_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/engine/calendar"
)

func national(t testing.TB) *calendar.Calendar {
	t.Helper()
	c, err := definitions.NationalCalendar()
	require.NoError(t, err)
	return c
}

// without is the calendar before some of its exceptions were decided.
func without(t testing.TB, c *calendar.Calendar, days ...string) *calendar.Calendar {
	t.Helper()
	spec := c.Spec()
	before := len(spec.Exceptions)
	spec.Exceptions = slices.DeleteFunc(spec.Exceptions, func(e calendar.Exception) bool {
		return slices.Contains(days, e.Date.String())
	})
	require.Len(t, spec.Exceptions, before-len(days), "days to leave out")
	return calendarOf(t, spec)
}

func calendarOf(t testing.TB, spec calendar.Spec) *calendar.Calendar {
	t.Helper()
	c, err := calendar.New(spec)
	require.NoError(t, err)
	return c
}

// at reads "2026-08-27 14:30" in Viet Nam; a longer text has seconds and milliseconds.
func at(t testing.TB, text string) time.Time {
	t.Helper()
	layout := "2006-01-02 15:04:05.000"[:len(text)]
	moment, err := time.ParseInLocation(layout, text, calendar.Zone())
	require.NoError(t, err)
	return moment
}

func duration(t testing.TB, text string) calendar.Duration {
	t.Helper()
	d, err := calendar.ParseDuration(text)
	require.NoError(t, err)
	return d
}

func TestAddWorkedExamples(t *testing.T) {
	t.Parallel()
	c := national(t)
	commune := c.Spec()
	commune.Week = calendar.MondayToFriday(
		calendar.Shift{From: calendar.Clock(7, 0), To: calendar.Clock(11, 30)},
		calendar.Shift{From: calendar.Clock(13, 30), To: calendar.Clock(17, 0)},
	)
	tests := []struct {
		name     string
		calendar *calendar.Calendar
		from     string
		limit    string
		due      string
	}{
		{"1 across the days off of 2/9", c, "2026-08-27 14:30", "3wd", "2026-09-04 17:30"},
		{"2 a make-up Saturday counts", c, "2026-08-20 10:00", "3wd", "2026-08-24 17:30"},
		{"2 without the make-up Saturday", without(t, c, "2026-08-22"), "2026-08-20 10:00", "3wd", "2026-08-25 17:30"},
		{"3 across 24/11", c, "2026-11-23 09:00", "1wd", "2026-11-25 17:30"},
		{"4 civil days that end on a holiday", c, "2026-08-17 09:00", "15d", "2026-09-03 17:30"},
		{"5 before the swap of 2/1", without(t, c, "2026-01-02", "2026-01-10"), "2025-12-30 09:00", "3wd", "2026-01-05 17:30"},
		{"5 after the swap of 2/1", c, "2025-12-30 09:00", "3wd", "2026-01-06 17:30"},
		{"6 across Tết", c, "2026-02-10 09:00", "10wd", "2026-03-03 17:30"},
		{"7 a make-up day in, holidays out", c, "2026-08-14 09:00", "17wd", "2026-09-10 17:30"},
		{"8 ends on a make-up Saturday", c, "2024-04-26 09:00", "3wd", "2024-05-04 17:30"},
		{"9 working hours over the night", calendarOf(t, commune), "2026-03-10 16:30", "2wh", "2026-03-11 08:30"},
		{"10 what is left after a pause", c, "2026-03-02 09:00", "12wd", "2026-03-18 17:30"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			due := test.calendar.Add(at(t, test.from), duration(t, test.limit))
			require.Equal(t, at(t, test.due), due)
		})
	}
}

func TestNextWorkingDayAfterFifteenHours(t *testing.T) {
	t.Parallel()
	c := national(t)
	start := c.NextWorkingDay(at(t, "2026-08-27 15:30")) // worked example 1 under the 15:00 rule
	require.Equal(t, at(t, "2026-08-28 07:30"), start)
	require.Equal(t, at(t, "2026-09-07 17:30"), c.Add(start, duration(t, "3wd")))
}

func TestWorkingDaysOfTheYear(t *testing.T) {
	t.Parallel()
	c := national(t)
	for year, want := range map[int]int64{2025: 250, 2026: 249} {
		lastDayBefore := calendar.NewDate(year-1, time.December, 31).Midnight()
		lastDay := calendar.NewDate(year, time.December, 31).Midnight()
		require.Equal(t, want, c.Measure(lastDayBefore, lastDay, calendar.WorkingDay), "%d", year)
		require.Equal(t, time.Duration(want)*8*time.Hour,
			c.WorkingTime(lastDayBefore.AddDate(0, 0, 1), lastDay.AddDate(0, 0, 1)), "%d", year)
	}
}

func TestNationalDaysOff(t *testing.T) {
	t.Parallel()
	c := national(t)
	off := [][2]string{ // first and last day of each announced stretch
		{"2024-01-01", "2024-01-01"}, {"2024-02-08", "2024-02-14"}, {"2024-04-18", "2024-04-18"},
		{"2024-04-27", "2024-05-01"}, {"2024-08-31", "2024-09-03"},
		{"2025-01-01", "2025-01-01"}, {"2025-01-25", "2025-02-02"}, {"2025-04-07", "2025-04-07"},
		{"2025-04-30", "2025-05-04"}, {"2025-08-30", "2025-09-02"},
		{"2026-01-01", "2026-01-04"}, {"2026-02-14", "2026-02-22"}, {"2026-04-25", "2026-04-27"},
		{"2026-04-30", "2026-05-03"}, {"2026-08-29", "2026-09-02"}, {"2026-11-24", "2026-11-24"},
	}
	listed := map[calendar.Date]bool{}
	for _, stretch := range off {
		first, last := date(t, stretch[0]), date(t, stretch[1])
		require.True(t, c.IsWorkingDay(first.AddDays(-1)) || first.AddDays(-1).Weekday() == time.Sunday, "before %s", first)
		for day := first; !day.After(last); day = day.AddDays(1) {
			require.False(t, c.IsWorkingDay(day), "%s", day)
			listed[day] = true
		}
	}
	made := map[string]bool{"2024-05-04": true, "2025-04-26": true, "2026-01-10": true, "2026-08-22": true}
	for day := date(t, "2024-01-01"); day.Before(date(t, "2027-01-01")); day = day.AddDays(1) {
		weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
		require.Equal(t, made[day.String()] || !weekend && !listed[day], c.IsWorkingDay(day), "%s", day)
	}
	for _, e := range c.Spec().Exceptions {
		require.NotEmpty(t, e.Name, "%s", e.Date)
		require.NotEmpty(t, e.Basis, "%s", e.Date)
	}
}

// TestNationalDaysOffByLaw is what the law fixes of the years that are not announced yet.
func TestNationalDaysOffByLaw(t *testing.T) {
	t.Parallel()
	c := national(t)
	off := []string{
		"2027-01-01 Friday", "2027-02-06 Saturday", "2027-04-16 Friday", "2027-04-30 Friday", "2027-05-01 Saturday",
		"2027-05-03 Monday", "2027-09-02 Thursday", "2027-11-24 Wednesday",
		"2028-01-01 Saturday", "2028-01-03 Monday", "2028-01-26 Wednesday", "2028-04-04 Tuesday", "2028-04-30 Sunday",
		"2028-05-01 Monday", "2028-05-02 Tuesday", "2028-09-02 Saturday", "2028-09-04 Monday", "2028-11-24 Friday",
	}
	var listed []string
	for _, e := range c.Spec().Exceptions {
		if e.Date.After(date(t, "2026-12-31")) {
			listed = append(listed, e.Date.String()+" "+e.Date.Weekday().String())
			require.False(t, c.IsWorkingDay(e.Date))
		}
	}
	require.Equal(t, off, listed)
	for _, p := range c.Spec().Unannounced {
		require.Equal(t, time.Saturday, p.From.Weekday())
		require.Equal(t, time.Saturday, p.To.Weekday())
		require.NotEmpty(t, p.Basis)
	}
}

func date(t testing.TB, text string) calendar.Date {
	t.Helper()
	d, err := calendar.ParseDate(text)
	require.NoError(t, err)
	return d
}
