package calendar_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"motcua/engine/calendar"
)

var begin = calendar.NewDate(2025, time.December, 1) // random moments and exceptions lie in the months from here

func drawShifts(t *rapid.T, label string, most int) []calendar.Shift {
	if most > 0 && rapid.IntRange(0, 5).Draw(t, label+" all day") == 0 {
		return []calendar.Shift{{From: 0, To: calendar.EndOfDay}}
	}
	borders := rapid.SliceOfNDistinct(rapid.IntRange(0, 1440), 0, 2*most, rapid.ID).Draw(t, label)
	slices.Sort(borders)
	var shifts []calendar.Shift
	for i := 0; i+1 < len(borders); i += 2 {
		shifts = append(shifts, calendar.Shift{From: calendar.TimeOfDay(borders[i]), To: calendar.TimeOfDay(borders[i+1])})
	}
	return shifts
}

func drawSpec(t *rapid.T) calendar.Spec {
	spec := calendar.Spec{Code: "random", Version: 1, Week: drawWeek(t)}
	kinds := []calendar.DayKind{
		calendar.Working, calendar.WeeklyRest, calendar.PublicHoliday,
		calendar.Compensatory, calendar.SwappedOff, calendar.MakeUpWorking,
	}
	for _, day := range rapid.SliceOfNDistinct(rapid.IntRange(-10, 120), 0, 40, rapid.ID).Draw(t, "days") {
		e := calendar.Exception{Date: begin.AddDays(day), Kind: rapid.SampledFrom(kinds).Draw(t, "kind")}
		e.Name = rapid.SampledFrom([]string{"", "Tết"}).Draw(t, "name")
		if e.Kind.Works() {
			e.Shifts = drawShifts(t, "own", 2)
		}
		spec.Exceptions = append(spec.Exceptions, e)
	}
	for _, department := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"one-stop", "archive", "tax"}), 0, 2, rapid.ID).Draw(t, "units") {
		spec.Units = append(spec.Units, calendar.Department{Department: department, Week: drawWeek(t)})
	}
	if rapid.Bool().Draw(t, "known") {
		spec.KnownUntil = begin.AddDays(rapid.IntRange(100, 140).Draw(t, "known until"))
		spec.Unannounced = drawPeriods(t)
	}
	return spec
}

func drawWeek(t *rapid.T) calendar.Week {
	if rapid.IntRange(0, 3).Draw(t, "office") == 0 {
		return calendar.MondayToFriday(office...)
	}
	var week calendar.Week
	for _, day := range []*[]calendar.Shift{
		&week.Monday, &week.Tuesday, &week.Wednesday, &week.Thursday, &week.Friday, &week.Saturday, &week.Sunday,
	} {
		*day = drawShifts(t, "weekday", 3)
	}
	if len(week.Wednesday) == 0 {
		week.Wednesday = office
	}
	return week
}

// drawPeriods draws stretches of which none shares a day with another, in any order.
func drawPeriods(t *rapid.T) []calendar.Period {
	borders := rapid.SliceOfNDistinct(rapid.IntRange(-15, 100), 0, 8, rapid.ID).Draw(t, "borders")
	slices.Sort(borders)
	var periods []calendar.Period
	for i := 0; i+1 < len(borders); i += 2 {
		periods = append(periods, calendar.Period{From: begin.AddDays(borders[i]), To: begin.AddDays(borders[i+1]), Name: "Tết"})
	}
	return rapid.Permutation(periods).Draw(t, "order of periods")
}

func drawCalendar(t *rapid.T) (*calendar.Calendar, oracle) {
	spec := drawSpec(t)
	c, err := calendar.New(spec)
	require.NoError(t, err)
	return c, oracle{spec}
}

// drawMoment prefers borders: midnights, openings and closings.
func drawMoment(t *rapid.T, o oracle) time.Time {
	day := begin.AddDays(rapid.IntRange(-15, 130).Draw(t, "day"))
	shifts := o.shifts(day)
	near := rapid.Custom(func(t *rapid.T) time.Duration {
		return time.Duration(rapid.IntRange(-1, 1).Draw(t, "ms")) * time.Millisecond
	})
	switch how := rapid.IntRange(0, 3).Draw(t, "how"); {
	case how == 0:
		return day.Midnight().Add(near.Draw(t, "near"))
	case how == 1 && len(shifts) > 0:
		s := rapid.SampledFrom(shifts).Draw(t, "shift")
		return s[rapid.IntRange(0, 1).Draw(t, "border")].Add(near.Draw(t, "near"))
	default:
		return day.Midnight().Add(time.Duration(rapid.IntRange(0, 86_399_999).Draw(t, "offset")) * time.Millisecond)
	}
}

func drawDuration(t *rapid.T, from []calendar.Unit) calendar.Duration {
	u := rapid.SampledFrom(from).Draw(t, "unit")
	most := map[calendar.Unit]int64{"wm": 9000, "wh": 150, "mo": 4, "s": 1_000_000, "m": 100_000, "h": 3000}[u]
	if most == 0 {
		most = 60
	}
	return calendar.Duration{Value: rapid.Int64Range(0, most).Draw(t, "value"), Unit: u}
}

var workingUnits = []calendar.Unit{calendar.WorkingMinute, calendar.WorkingHour, calendar.WorkingDay}

func TestMeasureIsWhatWasAdded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, o := drawCalendar(t)
		from, d := drawMoment(t, o), drawDuration(t, workingUnits)
		due := c.Add(from, d)
		require.False(t, due.Before(from))
		want := d.Amount()
		if d.Unit == calendar.WorkingDay && want == 0 && !due.Equal(sameDayClosing(o, from)) {
			want = 1 // the documented exception: the office has closed, or does not open
		}
		require.Equal(t, want, c.Measure(from, due, d.Unit))
	})
}

func sameDayClosing(o oracle, from time.Time) time.Time {
	closing, _ := o.closing(calendar.DateOf(from))
	return closing
}

func TestAddIsMonotone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, o := drawCalendar(t)
		a, b, d := drawMoment(t, o), drawMoment(t, o), drawDuration(t, units)
		require.False(t, c.Add(latest(a, b), d).Before(c.Add(earliest(a, b), d)), "in from")
		more := d
		more.Value += rapid.Int64Range(0, 5).Draw(t, "more")
		require.False(t, c.Add(a, more).Before(c.Add(a, d)), "in the duration")
	})
}

func TestWorkingTimeIsAdditive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, o := drawCalendar(t)
		moments := []time.Time{drawMoment(t, o), drawMoment(t, o), drawMoment(t, o)}
		slices.SortFunc(moments, time.Time.Compare)
		first, second := c.WorkingTime(moments[0], moments[1]), c.WorkingTime(moments[1], moments[2])
		require.Equal(t, c.WorkingTime(moments[0], moments[2]), first+second)
		require.Zero(t, c.WorkingTime(moments[1], moments[0]))
		require.Equal(t, first, c.WorkingTime(moments[0], c.AddWorkingTime(moments[0], first)))
	})
}

func TestSubTakesBackWhatAddGave(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, o := drawCalendar(t)
		to, d := drawMoment(t, o), drawDuration(t, workingUnits)
		from := c.Sub(to, d)
		require.False(t, from.After(to))
		left := c.Measure(from, to, d.Unit)
		if closing, works := o.closing(calendar.DateOf(from).AddDays(-1)); d.Unit == calendar.WorkingDay && works && closing.Equal(from) {
			require.LessOrEqual(t, left, d.Amount()) // closes at 24:00
			return
		}
		require.Equal(t, d.Amount(), left)
		if d.Unit != calendar.WorkingDay {
			require.False(t, c.Add(from, d).After(to))
			require.Equal(t, from, c.Sub(c.Add(from, d), d), "the last moment from which d is left")
		}
	})
}

func TestCalendarAgreesWithOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, o := drawCalendar(t)
		a, b, d := drawMoment(t, o), drawMoment(t, o), drawDuration(t, units)
		require.Equal(t, o.add(a, d), c.Add(a, d), "%s after %s", d, a)
		require.Equal(t, c.Add(a, d), c.AddAmount(a, d.Amount(), d.Unit))
		a, b = earliest(a, b), latest(a, b)
		require.Equal(t, o.workingTime(a, b), c.WorkingTime(a, b))
		if a.Before(b) {
			require.Equal(t, o.workingDays(a, b), c.Measure(a, b, calendar.WorkingDay))
		}
		day := calendar.DateOf(a)
		wantClosing, works := o.closing(day)
		closing, ok := c.Closing(day)
		require.Equal(t, wantClosing, closing)
		require.Equal(t, works, ok)
		require.Equal(t, works, c.IsWorkingDay(day))
		for day = day.AddDays(1); len(o.shifts(day)) == 0; {
			day = day.AddDays(1)
		}
		require.Equal(t, o.shifts(day)[0][0], c.NextWorkingDay(a))
	})
}
