package calendar_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"motcua/engine/calendar"
)

// TestChangesOfASwap is the decision of 25/12/2025: Friday 2/1/2026 off, repaid on Saturday 10/1.
func TestChangesOfASwap(t *testing.T) {
	t.Parallel()
	after := national(t)
	before := without(t, after, "2026-01-02", "2026-01-10")
	basis := "CV 12729/VPCP-KGVX 25/12/2025"
	off := calendar.Change{
		Date: date(t, "2026-01-02"), Before: calendar.Working, After: calendar.SwappedOff,
		Name: "Nghỉ hoán đổi dịp Tết Dương lịch", Basis: basis,
	}
	on := calendar.Change{
		Date: date(t, "2026-01-10"), Before: calendar.WeeklyRest, After: calendar.MakeUpWorking,
		Name: "Làm bù cho thứ Sáu 2/1", Basis: basis,
	}
	from, to := at(t, "2025-12-25 09:00"), at(t, "2028-12-31 17:30")
	require.Equal(t, []calendar.Change{off, on}, calendar.Changes(before, after, from, to))
	require.Equal(t, []calendar.Change{off}, calendar.Changes(before, after, from, at(t, "2026-01-09 23:59")))
	require.Equal(t, []calendar.Change{on}, calendar.Changes(before, after, at(t, "2026-01-10 23:59"), to))
	require.Empty(t, calendar.Changes(before, after, at(t, "2026-01-03 00:00"), at(t, "2026-01-09 17:30")))
	require.Empty(t, calendar.Changes(after, after, from, to))
	require.Empty(t, calendar.Changes(before, after, to, from), "backwards")

	off.Before, off.After, on.Before, on.After = off.After, off.Before, on.After, on.Before
	require.Equal(t, []calendar.Change{off, on}, calendar.Changes(after, before, from, to), "a decision withdrawn keeps its name")
}

func TestChangesOfHours(t *testing.T) {
	t.Parallel()
	spec := plain()
	spec.Exceptions = []calendar.Exception{{Date: date(t, "2026-03-07"), Kind: calendar.MakeUpWorking, Name: "Làm bù"}}
	before := calendarOf(t, spec)
	spec.Exceptions[0].Shifts = office[:1]
	want := calendar.Change{Date: date(t, "2026-03-07"), Before: calendar.MakeUpWorking, After: calendar.MakeUpWorking, Name: "Làm bù"}
	require.Equal(t, []calendar.Change{want}, calendar.Changes(before, calendarOf(t, spec), at(t, "2026-03-01 00:00"), at(t, "2026-04-01 00:00")))

	spec.Exceptions = append(spec.Exceptions[:0:0], calendar.Exception{Date: date(t, "2026-03-07"), Kind: calendar.MakeUpWorking, Basis: "CV 1"})
	require.Empty(t, calendar.Changes(before, calendarOf(t, spec), at(t, "2026-03-01 00:00"), at(t, "2026-04-01 00:00")),
		"another name or basis moves nothing")
}

func TestChangesOfTheWeek(t *testing.T) {
	t.Parallel()
	spec := plain()
	spec.Exceptions = []calendar.Exception{
		{Date: date(t, "2026-03-07"), Kind: calendar.PublicHoliday, Name: "Lễ"}, // a Saturday
		{Date: date(t, "2026-03-14"), Kind: calendar.MakeUpWorking, Name: "Làm bù", Shifts: office},
	}
	before := calendarOf(t, spec)
	spec.Week = saturdays()
	spec.Week.Monday = office[:1]
	spec.Exceptions = spec.Exceptions[:1]
	got := calendar.Changes(before, calendarOf(t, spec), at(t, "2026-03-03 09:00"), at(t, "2926-03-01 09:00"))
	require.Equal(t, []calendar.Change{
		{Date: date(t, "2026-03-09"), Before: calendar.Working, After: calendar.Working, Weekly: true},
		{Date: date(t, "2026-03-14"), Before: calendar.MakeUpWorking, After: calendar.Working, Name: "Làm bù"},
		{Date: date(t, "2026-03-21"), Before: calendar.WeeklyRest, After: calendar.Working, Weekly: true},
	}, got, "nine centuries, each weekday once, on its first day that is no exception")
}

func TestChangesAreBounded(t *testing.T) {
	t.Parallel()
	spec := plain()
	for i := range calendar.MaxExceptions {
		spec.Exceptions = append(spec.Exceptions, calendar.Exception{Date: date(t, "2026-03-01").AddDays(i), Kind: calendar.PublicHoliday})
	}
	got := calendar.Changes(calendarOf(t, plain()), calendarOf(t, spec), time.Time{}, at(t, "9999-12-31 00:00"))
	require.Len(t, got, calendar.MaxChanges)
	require.Equal(t, calendar.PublicHoliday, got[calendar.MaxChanges-2].After)
	last := got[calendar.MaxChanges-1]
	require.Equal(t, calendar.Change{Date: date(t, "2026-03-01").AddDays(calendar.MaxChanges - 1), Before: calendar.Truncated, After: calendar.Truncated}, last)
}

func TestChangesAgreeWithEveryDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before, o := drawCalendar(t)
		spec := o.spec
		if rapid.Bool().Draw(t, "another calendar") {
			spec = drawSpec(t)
		} else {
			spec.Exceptions = rapid.Permutation(spec.Exceptions).Draw(t, "order")
			spec.Exceptions = spec.Exceptions[:rapid.IntRange(0, len(spec.Exceptions)).Draw(t, "kept")]
		}
		after, err := calendar.New(spec)
		require.NoError(t, err)
		a, b := drawMoment(t, o), drawMoment(t, o)
		from, to := earliest(a, b), latest(a, b)
		listed := map[calendar.Date]calendar.Change{}
		weekly := map[time.Weekday]calendar.Date{}
		for _, change := range calendar.Changes(before, after, from, to) {
			require.NotContains(t, listed, change.Date)
			listed[change.Date] = change
			if change.Weekly {
				weekly[change.Date.Weekday()] = change.Date
			}
		}
		differs := false
		for day := calendar.DateOf(from); !day.After(calendar.DateOf(to)); day = day.AddDays(1) {
			change, ok := listed[day]
			first, later := weekly[day.Weekday()]
			exception := o.exceptional(day) || oracle{spec}.exceptional(day)
			want := o.kind(day) != (oracle{spec}).kind(day) || !sameShifts(o.shifts(day), oracle{spec}.shifts(day))
			differs = differs || want
			require.Equal(t, want, ok || !exception && later && day.After(first), "%s", day)
			require.True(t, !ok || change.Before == o.kind(day) && change.After == (oracle{spec}).kind(day), "%s", day)
		}
		require.Equal(t, differs, len(listed) > 0, "empty if, and only if, equal")
	})
}
