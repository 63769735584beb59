package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	const early, onTime, late = engine.StandingEarly, engine.StandingOnTime, engine.StandingLate
	due := at(13, 17, 30)
	clock := func(stopped time.Time) engine.Clock {
		k := engine.Clock{Kind: engine.ClockStatutory, Budget: dur("3wd"), StartedAt: at(10, 9, 0), Due: due, StoppedAt: stopped, Verdict: engine.VerdictMet}
		k.Spans = []engine.Span{{From: at(10, 9, 0), To: stopped}}
		if stopped.After(due) {
			k.Breached, k.Verdict = true, engine.VerdictViolated
		}
		return k
	}
	for name, c := range map[string]struct {
		stopped     time.Time
		minute, day engine.Standing
	}{
		"the day before":                 {at(12, 16, 0), early, early},
		"one minute before":              {at(13, 17, 29), early, onTime},
		"at the moment":                  {due, onTime, onTime},
		"seconds later, the same minute": {due.Add(20 * time.Second), onTime, onTime},
		"one minute later":               {at(13, 17, 31), late, onTime},
		"in the night after":             {at(13, 23, 59), late, onTime},
		"the next day":                   {at(14, 0, 0), late, late},
	} {
		t.Run(name, func(t *testing.T) {
			j, ok := clock(c.stopped).Judge()
			require.True(t, ok)
			require.Equal(t, engine.Judgement{Minute: c.minute, Day: c.day}, j)
			require.Equal(t, c.minute, j.By(engine.ReportByMinute))
			require.Equal(t, c.day, j.By(engine.ReportByDay))
		})
	}
	t.Run("a clock that runs, or was superseded, has none", func(t *testing.T) {
		_, ok := clock(time.Time{}).Judge()
		require.False(t, ok)
		k := clock(at(12, 9, 0))
		k.Verdict = engine.VerdictSuperseded
		_, ok = k.Judge()
		require.False(t, ok)
	})
	t.Run("one that ended while it stood still has none, unless it was breached before", func(t *testing.T) {
		k := clock(at(12, 9, 0))
		k.Due = time.Time{}
		_, ok := k.Judge()
		require.False(t, ok)
		k.Breached = true
		j, ok := k.Judge()
		require.True(t, ok)
		require.Equal(t, engine.Judgement{Minute: late, Day: late}, j)
	})
	t.Run("24:00 of the due day is that day", func(t *testing.T) {
		k := clock(at(14, 0, 0))
		k.Due, k.Breached, k.Verdict = at(14, 0, 0), false, engine.VerdictMet
		j, _ := k.Judge()
		require.Equal(t, engine.Judgement{Minute: onTime, Day: onTime}, j)
	})
}

func TestJudgeAfterASuspension(t *testing.T) {
	t.Parallel()
	finished := func(s *stage, when time.Time) engine.Clock {
		s.fire(when, minh, "submit")
		s.fire(when, chair, "sign")
		for _, k := range s.last.Stopped {
			if k.Kind == engine.ClockStatutory {
				return k
			}
		}
		t.Fatal("no statutory clock stopped")
		return engine.Clock{}
	}
	t.Run("booked at the suspension, the breach stays late in both", func(t *testing.T) {
		for _, minute := range []int{10, 29 + 60*9} { // before and after the office closes on the day it was resumed
			s := verified(t)
			s.fire(at(17, 9, 0), minh, "request-supplement") // due on the 13th
			s.fire(at(18, 8, 0), portal, "supplement")
			j, ok := finished(s, at(18, 8, 0).Add(time.Duration(minute)*time.Minute)).Judge()
			require.True(t, ok)
			require.Equal(t, engine.Judgement{Minute: engine.StandingLate, Day: engine.StandingLate}, j)
		}
	})
	t.Run("after closing on the due day it is late to the minute only", func(t *testing.T) {
		s := verified(t)
		s.fire(at(12, 9, 0), minh, "request-supplement") // two days used
		s.fire(at(20, 9, 0), portal, "supplement")       // due on the 21st
		j, ok := finished(s, at(21, 17, 45)).Judge()
		require.True(t, ok)
		require.Equal(t, engine.Judgement{Minute: engine.StandingLate, Day: engine.StandingOnTime}, j)
	})
}

func TestStandingsHaveWords(t *testing.T) {
	t.Parallel()
	require.Equal(t, engine.Text{VI: "trước hạn", EN: "early"}, engine.StandingEarly.Text())
	require.Equal(t, engine.Text{VI: "đúng hạn", EN: "on time"}, engine.StandingOnTime.Text())
	require.Equal(t, engine.Text{VI: "quá hạn", EN: "late"}, engine.StandingLate.Text())
	require.NotEqual(t, engine.ReportByDay.Text(), engine.ReportByMinute.Text())
	require.Contains(t, engine.ReportByDay.Text().EN, "by the day")
	require.Contains(t, engine.ReportByMinute.Text().VI, "từng phút")
}
