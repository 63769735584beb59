package calendar_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"motcua/engine/calendar"
)

func TestIntervalsExplainADueDate(t *testing.T) {
	t.Parallel()
	c := national(t)
	basis := "CV 9859/VPCP-KGVX 2025, TB 9441/TB-BNV, CV 6620/UBND-VX Lai Châu"
	want := []struct {
		from, to    string
		kind        calendar.DayKind
		name, basis string
	}{
		{"2026-08-28 14:30", "2026-08-28 17:30", calendar.Working, "", ""},
		{"2026-08-28 17:30", "2026-08-29 00:00", calendar.Closed, "", ""},
		{"2026-08-29 00:00", "2026-08-31 00:00", calendar.WeeklyRest, "", ""},
		{"2026-08-31 00:00", "2026-09-01 00:00", calendar.SwappedOff, "Nghỉ hoán đổi dịp Quốc khánh", basis},
		{"2026-09-01 00:00", "2026-09-03 00:00", calendar.PublicHoliday, "Quốc khánh", basis},
		{"2026-09-03 00:00", "2026-09-03 07:30", calendar.Closed, "", ""},
		{"2026-09-03 07:30", "2026-09-03 11:30", calendar.Working, "", ""},
		{"2026-09-03 11:30", "2026-09-03 13:30", calendar.Closed, "", ""},
		{"2026-09-03 13:30", "2026-09-03 17:30", calendar.Working, "", ""},
		{"2026-09-03 17:30", "2026-09-04 07:30", calendar.Closed, "", ""},
		{"2026-09-04 07:30", "2026-09-04 09:00", calendar.Working, "", ""},
	}
	got := c.Intervals(at(t, "2026-08-28 14:30"), at(t, "2026-09-04 09:00"))
	require.Len(t, got, len(want))
	for i, w := range want {
		require.Equal(t, calendar.Interval{
			From: at(t, w.from), To: at(t, w.to), Kind: w.kind, Working: w.kind.Works(), Name: w.name, Basis: w.basis,
		}, got[i])
	}
}

func TestIntervalsOfAMakeUpDayNameIt(t *testing.T) {
	t.Parallel()
	got := national(t).Intervals(at(t, "2026-08-22 08:00"), at(t, "2026-08-22 09:00"))
	require.Len(t, got, 1)
	require.True(t, got[0].Working)
	require.Equal(t, calendar.MakeUpWorking, got[0].Kind)
	require.Equal(t, "Làm bù cho thứ Hai 31/8", got[0].Name)
}

func TestIntervalsKeepReasonsApart(t *testing.T) {
	t.Parallel()
	spec := plain()
	for i, reason := range [][2]string{{"Tết", "A"}, {"Tết", "A"}, {"Tết", "B"}, {"Quốc khánh", "B"}} {
		spec.Exceptions = append(spec.Exceptions, calendar.Exception{
			Date: date(t, "2026-03-02").AddDays(i), Kind: calendar.PublicHoliday, Name: reason[0], Basis: reason[1],
		})
	}
	got := calendarOf(t, spec).Intervals(at(t, "2026-03-02 00:00"), at(t, "2026-03-06 00:00"))
	require.Len(t, got, 3)
	require.Equal(t, at(t, "2026-03-04 00:00"), got[0].To)
	require.Equal(t, "B", got[1].Basis)
	require.Equal(t, "Quốc khánh", got[2].Name)
}

func TestIntervalsAreBounded(t *testing.T) {
	t.Parallel()
	from, to := at(t, "2026-01-01 00:00"), at(t, "2926-01-01 00:00")
	for _, spec := range []calendar.Spec{plain(), aroundTheClock()} {
		got := calendarOf(t, spec).Intervals(from, to)
		require.Len(t, got, calendar.MaxIntervals)
		last := got[len(got)-1]
		require.Equal(t, calendar.Truncated, last.Kind)
		require.Equal(t, to, last.To)
		require.Equal(t, got[len(got)-2].To, last.From)
	}
	require.Empty(t, calendarOf(t, plain()).Intervals(to, from))
}

func TestIntervalsCoverAndAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, o := drawCalendar(t)
		a, b := drawMoment(t, o), drawMoment(t, o)
		from, to := earliest(a, b), latest(a, b)
		var sum time.Duration
		next := from
		for _, i := range c.Intervals(from, to) {
			require.Equal(t, next, i.From, "no gap")
			require.True(t, i.From.Before(i.To))
			require.Equal(t, i.Kind.Works(), i.Working)
			if i.Working {
				sum += i.To.Sub(i.From)
			}
			next = i.To
		}
		require.Equal(t, to, next)
		require.Equal(t, c.WorkingTime(from, to), sum)
	})
}
