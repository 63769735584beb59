package engine

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine/calendar"
)

// FuzzClock reads bytes as a calendar, a limit, and what is done to its clock
// at moments one after the other, and holds what must always be true.
func FuzzClock(f *testing.F) {
	f.Add([]byte{0, 2, 3, 10, 0, 40, 1, 90, 2, 12, 1, 60, 3, 200})
	f.Add([]byte{1, 5, 8, 0, 3, 9, 1, 2, 250, 255, 1, 1, 1, 1, 2, 2})
	f.Add([]byte{2, 7, 20, 130, 44, 1, 255, 1, 0, 0, 200, 2, 1, 3, 3})
	f.Fuzz(func(t *testing.T, data []byte) {
		in := &script{data: data}
		r := in.rules(t)
		at := propertyBegin.Midnight().Add(in.length())
		k := r.start(Clock{ID: "k", Kind: ClockStatutory, Budget: in.budget()}, at, in.cutoff())
		for range 24 {
			if len(in.data) == 0 {
				break
			}
			before := k
			at = at.Add(in.length())
			k = in.act(r, k, at)
			sound(t, r, before, k)
		}
		covers(t, r, k, at)
		sound(t, r, k, r.stop(k, at))
		covers(t, r, r.stop(k, at), at)
	})
}

// script reads what to do from bytes; when they are used up it reads noughts.
type script struct{ data []byte }

func (s *script) next() byte {
	if len(s.data) == 0 {
		return 0
	}
	b := s.data[0]
	s.data = s.data[1:]
	return b
}

func (s *script) rules(t *testing.T) Rules {
	spec := calendar.Spec{Code: "fuzz", Version: 1, Week: propertyWeeks[int(s.next())%len(propertyWeeks)]}
	kinds := []calendar.DayKind{calendar.PublicHoliday, calendar.SwappedOff, calendar.MakeUpWorking}
	seen := map[byte]bool{}
	for range int(s.next()) % 16 {
		if day := s.next(); !seen[day] {
			seen[day] = true
			spec.Exceptions = append(spec.Exceptions, calendar.Exception{Date: propertyBegin.AddDays(int(day)), Kind: kinds[int(day)%len(kinds)]})
		}
	}
	c, err := calendar.New(spec)
	require.NoError(t, err)
	return Rules{Cal: c}
}

func (s *script) budget() calendar.Duration {
	units := []calendar.Unit{calendar.WorkingDay, calendar.WorkingHour, calendar.WorkingMinute, calendar.Day, calendar.Hour, calendar.Minute}
	unit := units[int(s.next())%len(units)]
	return calendar.Duration{Value: int64(s.next()) % 64, Unit: unit}
}

func (s *script) cutoff() *Cutoff {
	switch b := s.next(); {
	case b < 100:
		return nil
	case b < 200:
		return &Cutoff{BeforeClose: calendar.Duration{Value: int64(b) % 4, Unit: calendar.Hour}}
	default:
		return &Cutoff{At: calendar.Clock(int(b)%24, 0)}
	}
}

// length is some time: minutes, hours or days.
func (s *script) length() time.Duration {
	b := s.next()
	unit := []time.Duration{time.Minute, time.Hour, 24 * time.Hour, 7 * time.Second}[b%4]
	return time.Duration(b/4) * unit
}

// act suspends a clock that runs, lets another run on, or extends it.
func (s *script) act(r Rules, k Clock, at time.Time) Clock {
	switch {
	case s.next()%4 == 3:
		k.Budget.Value += int64(s.next()) % 8
		if k.Running() {
			k = r.due(k)
		}
		return k
	case k.Running():
		return r.suspend(k, at)
	}
	return r.resume(k, at, Span{Reason: "awaiting-supplement"})
}

// sound is what no act may break.
func sound(t *testing.T, r Rules, before, after Clock) {
	require.LessOrEqual(t, after.Consumed, after.Budget.Amount())
	require.GreaterOrEqual(t, after.Consumed, before.Consumed, "what was used stays used")
	require.True(t, after.Breached || !before.Breached, "a breach is permanent")
	require.Equal(t, after.Open() && !after.Running(), after.Open() && after.Due.IsZero(), "due only while it runs")
	if after.Running() {
		require.False(t, after.Due.Before(after.RunningSince))
		require.False(t, after.RunningSince.Before(after.CountsFrom))
		require.Equal(t, after.Due, r.due(after).Due)
	}
	if before.Running() && after.Running() {
		require.False(t, after.Due.Before(before.Due), "an extension never shortens")
	}
	end := after.StartedAt
	for _, s := range after.Spans {
		require.True(t, !s.From.Before(end) && !s.To.Before(s.From), "%v after %s", s, end)
		end = s.To
	}
	if j, ok := after.Judge(); ok {
		require.True(t, after.Verdict != VerdictMet || j.Minute != StandingLate && j.Day != StandingLate, "met, and %v", j)
		require.True(t, j.Minute != StandingEarly || j.Day != StandingLate)
	}
}
