package calendar_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"motcua/engine/calendar"
)

// saturdays is a week that goes on until Saturday noon.
func saturdays() calendar.Week {
	week := calendar.MondayToFriday(office...)
	week.Saturday = []calendar.Shift{{From: calendar.Clock(8, 0), To: calendar.Clock(11, 0)}}
	return week
}

func TestUnit(t *testing.T) {
	t.Parallel()
	spec := plain()
	spec.Exceptions = []calendar.Exception{
		{Date: date(t, "2026-03-07"), Kind: calendar.PublicHoliday, Name: "Lễ"},
		{Date: date(t, "2026-03-21"), Kind: calendar.MakeUpWorking},
		{Date: date(t, "2026-03-28"), Kind: calendar.MakeUpWorking, Shifts: office[:1]},
	}
	spec.Units = []calendar.Department{
		{Department: "one-stop", Name: "Một cửa", Week: saturdays()},
		{Department: "archive", Week: calendar.Week{Friday: []calendar.Shift{{From: calendar.Clock(9, 0), To: calendar.Clock(10, 0)}}}},
	}
	c := calendarOf(t, spec)
	desk, archive := c.Unit("one-stop"), c.Unit("archive")

	require.Same(t, c, c.Unit("civil-status"), "all others keep the hours of the agency")
	require.Same(t, c, c.Unit(""))
	require.Same(t, desk, c.Unit("one-stop"), "built once")
	require.Same(t, desk, desk.Unit("archive"), "a unit has no units")
	require.Equal(t, "plain", desk.Code())
	require.Equal(t, 1, desk.Version())
	require.Equal(t, "Một cửa", desk.Spec().Name)

	from := at(t, "2026-03-12 09:00")
	require.Equal(t, at(t, "2026-03-16 17:30"), c.Add(from, duration(t, "2wd")))
	require.Equal(t, at(t, "2026-03-14 11:00"), desk.Add(from, duration(t, "2wd")), "Saturday counts")
	require.Equal(t, at(t, "2026-03-20 10:00"), archive.Add(from, duration(t, "2wd")))
	require.False(t, desk.IsWorkingDay(date(t, "2026-03-07")), "the same days off")

	closes := func(c *calendar.Calendar, day string) time.Time {
		closing, ok := c.Closing(date(t, day))
		require.True(t, ok)
		return closing
	}
	require.Equal(t, at(t, "2026-03-21 17:30"), closes(desk, "2026-03-21"), "made up by its own Friday")
	require.Equal(t, at(t, "2026-03-21 10:00"), closes(archive, "2026-03-21"))
	require.Equal(t, at(t, "2026-03-28 11:30"), closes(archive, "2026-03-28"), "the hours the exception names")
}

func TestNextOpen(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, from, want string }{
		{"open now", "2026-03-02 09:00", "2026-03-02 09:00"},
		{"at the opening", "2026-03-02 07:30", "2026-03-02 07:30"},
		{"before the opening", "2026-03-02 05:00", "2026-03-02 07:30"},
		{"at the end of the morning", "2026-03-02 11:30", "2026-03-02 13:30"},
		{"the last millisecond", "2026-03-02 17:29:59.999", "2026-03-02 17:29:59.999"},
		{"at closing", "2026-03-02 17:30", "2026-03-03 07:30"},
		{"on a weekend", "2026-03-07 10:00", "2026-03-09 07:30"},
	}
	c := calendarOf(t, plain())
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, at(t, test.want), c.NextOpen(at(t, test.from)))
		})
	}
	midnight := at(t, "2026-03-02 00:00")
	require.Equal(t, midnight, calendarOf(t, aroundTheClock()).NextOpen(midnight))
	within(t, c.NextOpen(calendar.NewDate(9999, 12, 31).Midnight().Add(24*time.Hour-1)))
}

func TestNextOpenAgreesWithOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, o := drawCalendar(t)
		from := drawMoment(t, o)
		next := c.NextOpen(from)
		require.Equal(t, o.nextOpen(from), next)
		require.Equal(t, next, c.NextOpen(next))
		require.Zero(t, c.WorkingTime(from, next))
		require.Equal(t, time.Millisecond, c.WorkingTime(next, next.Add(time.Millisecond)))
	})
}

// TestUnitIsACalendarWithItsWeek also carries the properties of Add and Measure over to units.
func TestUnitIsACalendarWithItsWeek(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		spec := drawSpec(t)
		c, err := calendar.New(spec)
		require.NoError(t, err)
		for _, u := range spec.Units {
			alone := spec
			alone.Week, alone.Units = u.Week, nil
			want, err := calendar.New(alone)
			require.NoError(t, err)
			got, o := c.Unit(u.Department), oracle{alone}
			from, d := drawMoment(t, o), drawDuration(t, units)
			due := got.Add(from, d)
			require.Equal(t, o.add(from, d), due)
			require.Equal(t, want.Add(from, d), due)
			if d.Unit.Working() && d.Value > 0 {
				require.Equal(t, d.Amount(), got.Measure(from, due, d.Unit))
			}
			require.Equal(t, want.Unannounced(from, due), got.Unannounced(from, due))
			require.Equal(t, want.Sub(due, d), got.Sub(due, d))
		}
	})
}
