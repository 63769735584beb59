package engine

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"motcua/engine/calendar"
)

var propertyBegin = calendar.NewDate(2026, time.June, 1)

// propertyWeeks are weeks to draw from. None closes at 24:00: that moment is
// both the end of a counted day and the beginning of one that is not.
var propertyWeeks = []calendar.Week{
	calendar.MondayToFriday(
		calendar.Shift{From: calendar.Clock(7, 30), To: calendar.Clock(11, 30)}, calendar.Shift{From: calendar.Clock(13, 30), To: calendar.Clock(17, 30)}),
	{
		Tuesday:  []calendar.Shift{{From: calendar.Clock(0, 0), To: calendar.Clock(23, 59)}},
		Saturday: []calendar.Shift{{From: calendar.Clock(7, 0), To: calendar.Clock(11, 0)}},
	},
	{Sunday: []calendar.Shift{{From: calendar.Clock(22, 0), To: calendar.Clock(22, 1)}}},
}

// drawRules draws a calendar with exceptions in four months.
func drawRules(t *rapid.T) Rules {
	spec := calendar.Spec{Code: "random", Version: 1, Week: rapid.SampledFrom(propertyWeeks).Draw(t, "week")}
	kinds := []calendar.DayKind{calendar.PublicHoliday, calendar.SwappedOff, calendar.Compensatory, calendar.WeeklyRest, calendar.MakeUpWorking}
	for _, day := range rapid.SliceOfNDistinct(rapid.IntRange(0, 120), 0, 30, rapid.ID).Draw(t, "days") {
		spec.Exceptions = append(spec.Exceptions, calendar.Exception{Date: propertyBegin.AddDays(day), Kind: rapid.SampledFrom(kinds).Draw(t, "kind")})
	}
	c, err := calendar.New(spec)
	require.NoError(t, err)
	return Rules{Cal: c}
}

// drawAfter draws a moment some time after another, with a liking for round hours.
func drawAfter(t *rapid.T, from time.Time, days int) time.Time {
	if rapid.Bool().Draw(t, "round") {
		return from.Truncate(time.Hour).Add(time.Duration(rapid.IntRange(1, days*24).Draw(t, "hours")) * time.Hour)
	}
	return from.Add(time.Duration(rapid.IntRange(0, days*86_400_000).Draw(t, "ms")) * time.Millisecond)
}

func drawBudget(t *rapid.T) calendar.Duration {
	units := []calendar.Unit{calendar.Minute, calendar.Hour, calendar.Day, calendar.Month, calendar.WorkingMinute, calendar.WorkingHour, calendar.WorkingDay, calendar.WorkingDay}
	unit := rapid.SampledFrom(units).Draw(t, "unit")
	most := int64(30)
	if unit == calendar.Month {
		most = 2
	}
	return calendar.Duration{Value: rapid.Int64Range(0, most).Draw(t, "value"), Unit: unit}
}

// drawClock draws a clock that has started.
func drawClock(t *rapid.T, r Rules) Clock {
	return r.start(Clock{ID: "k", Kind: ClockStatutory, Budget: drawBudget(t)}, drawAfter(t, propertyBegin.Midnight(), 60), nil)
}

// within draws a moment while a clock runs, up to its due moment.
func within(t *rapid.T, k Clock) time.Time {
	span := k.Due.Sub(k.RunningSince).Milliseconds()
	return k.RunningSince.Add(time.Duration(rapid.Int64Range(0, span).Draw(t, "within")) * time.Millisecond)
}

func TestASuspensionInTwoPartsIsOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawRules(t)
		k := drawClock(t, r)
		from := drawAfter(t, k.StartedAt, 60)
		middle := drawAfter(t, from, 20)
		to := drawAfter(t, middle, 20)
		whole := r.resume(r.suspend(k, from), to, Span{})
		parts := r.resume(r.suspend(r.resume(r.suspend(k, from), middle, Span{}), middle), to, Span{})
		require.Equal(t, whole.Due, parts.Due)
		require.Equal(t, whole.Consumed, parts.Consumed)
		require.Equal(t, whole.Breached, parts.Breached)
	})
}

func TestASuspensionOfNoTimeChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawRules(t)
		k := drawClock(t, r)
		for range rapid.IntRange(1, 4).Draw(t, "times") {
			at := within(t, k)
			next := r.resume(r.suspend(k, at), at, Span{})
			require.Equal(t, k.Due, next.Due, "suspended and resumed %s", at)
			require.False(t, next.Breached)
			k = next
		}
	})
}

func TestDueIsMonotone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawRules(t)
		k := drawClock(t, r)
		more := k
		more.Budget.Value += rapid.Int64Range(0, 10).Draw(t, "more")
		require.False(t, r.due(more).Due.Before(k.Due), "in the budget")
		since := drawAfter(t, k.StartedAt, 10)
		require.False(t, r.start(Clock{Budget: k.Budget}, since, nil).Due.Before(k.Due), "in the start")
	})
}

func TestTheBudgetIsWhatIsMeasured(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawRules(t)
		k := drawClock(t, r)
		if !k.Budget.Unit.Working() || k.Budget.Value == 0 {
			return // civil days may end later than measured, on a working day
		}
		require.Equal(t, k.Budget.Amount(), r.Cal.Measure(k.RunningSince, k.Due, k.Budget.Unit))
		at := within(t, k)
		used := r.suspend(k, at)
		again := r.resume(used, drawAfter(t, at, 30), Span{})
		if left := used.Budget.Amount() - used.Consumed; left > 0 {
			require.Equal(t, left, r.Cal.Measure(again.RunningSince, again.Due, k.Budget.Unit), "what was left is what is granted")
		}
	})
}

func TestBeforeCountingBeganNothingIsConsumed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawRules(t)
		cutoff := &Cutoff{At: calendar.TimeOfDay(rapid.IntRange(0, 1439).Draw(t, "cutoff"))}
		k := r.start(Clock{Budget: drawBudget(t)}, drawAfter(t, propertyBegin.Midnight(), 60), cutoff)
		wait := k.CountsFrom.Sub(k.StartedAt).Milliseconds()
		from := k.StartedAt.Add(time.Duration(rapid.Int64Range(0, wait).Draw(t, "from")) * time.Millisecond)
		to := from.Add(time.Duration(rapid.Int64Range(0, k.CountsFrom.Sub(from).Milliseconds()).Draw(t, "to")) * time.Millisecond)
		halted := r.suspend(k, from)
		require.Zero(t, halted.Consumed)
		again := r.resume(halted, to, Span{})
		require.Equal(t, k.Due, again.Due)
		require.Equal(t, k.CountsFrom, again.RunningSince)
	})
}

func TestExplanationCoversTheLifeOfTheClock(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawRules(t)
		cutoff := &Cutoff{At: calendar.TimeOfDay(rapid.IntRange(0, 1439).Draw(t, "cutoff"))}
		k := r.start(Clock{Budget: drawBudget(t)}, drawAfter(t, propertyBegin.Midnight(), 60), cutoff)
		at := k.StartedAt
		for range rapid.IntRange(0, 5).Draw(t, "times") {
			at = drawAfter(t, at, 20)
			if k.Running() {
				k = r.suspend(k, at)
			} else {
				k = r.resume(k, at, Span{Reason: "awaiting-supplement"})
			}
		}
		covers(t, r, k, at)
		stopped := r.stop(k, drawAfter(t, at, 20))
		covers(t, r, stopped, stopped.StoppedAt)
	})
}

// covers says that the timeline has no gap and no overlap, and that the days
// counted are those consumed and still to come.
func covers(t require.TestingT, r Rules, k Clock, now time.Time) {
	e := r.Explain(k, now)
	end := k.StartedAt
	days := map[calendar.Date]bool{}
	for _, s := range e.Timeline {
		require.True(t, s.From.Equal(end) && s.To.After(s.From), "%v after %s", s, end)
		end = s.To
		if s.Counts {
			days[calendar.DateOf(s.From)] = true
		}
	}
	want := now
	if k.Running() {
		want = later(k.Due, now)
	}
	require.True(t, end.Equal(want) || len(e.Timeline) == 0 && want.Equal(end), "ends %s, not %s", end, want)
	if k.Budget.Unit == calendar.WorkingDay && k.Budget.Value > 0 {
		require.LessOrEqual(t, int64(len(days)), k.Budget.Amount(), "no more days count than the limit has")
		if k.Running() && len(k.Spans) == 0 {
			require.Len(t, days, int(k.Budget.Amount()))
		}
	}
	require.NotEmpty(t, e.Text("vi"))
	require.NotEmpty(t, e.Text("en"))
}
