package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"motcua/engine"
)

func wait(r *rapid.T) time.Duration {
	return time.Duration(rapid.IntRange(0, 5*24*60).Draw(r, "minutes")) * time.Minute
}

func TestLegalClock(t *testing.T) {
	t.Parallel()
	t.Run("three working days from acceptance, the first day not counted", func(t *testing.T) {
		s := verified(t) // Monday 10 August
		require.Equal(t, at(13, 17, 30).Unix(), s.clock(engine.ClockStatutory).Due.Unix())
	})
	t.Run("accepted after 15:00 it counts from the next working day", func(t *testing.T) {
		s := started(t)
		s.fire(at(27, 15, 30), lan, "accept") // Thursday; 29/8–2/9 are off
		k := s.clock(engine.ClockStatutory)
		require.Equal(t, "cutoff-15:00", k.Rule)
		require.Equal(t, at(28, 7, 30).Unix(), k.CountsFrom.Unix())
		require.Equal(t, at(38, 17, 30).Unix(), k.Due.Unix(), "Monday 7 September")
	})
	t.Run("accepted at 14:30 it does not", func(t *testing.T) {
		s := started(t)
		s.fire(at(27, 14, 30), lan, "accept")
		require.Equal(t, at(35, 17, 30).Unix(), s.clock(engine.ClockStatutory).Due.Unix(), "Friday 4 September")
	})
	t.Run("a suspension costs what was used, however long it takes", func(t *testing.T) {
		s := verified(t)
		s.fire(at(12, 9, 0), minh, "request-supplement") // Wednesday: two days used
		k := s.clock(engine.ClockStatutory)
		require.False(t, k.Running())
		require.True(t, k.Due.IsZero(), "a suspended clock has no due moment")
		require.Equal(t, int64(2), k.Consumed)
		s.fire(at(20, 9, 0), portal, "supplement") // Thursday a week later
		k = s.clock(engine.ClockStatutory)
		require.Equal(t, at(21, 17, 30).Unix(), k.Due.Unix(), "one day is left")
		require.Equal(t, 2, len(k.Spans))
		require.True(t, k.Spans[1].Suspended)
	})
	t.Run("restart replaces the clock and leaves the old one readable", func(t *testing.T) {
		s := verified(t)
		s.fire(at(12, 9, 0), minh, "request-supplement")
		s.fire(at(20, 9, 0), portal, "supplement-anew")
		require.Equal(t, at(25, 17, 30).Unix(), s.clock(engine.ClockStatutory).Due.Unix(), "three full days")
		var superseded int
		for _, k := range s.last.Stopped {
			if k.Verdict == engine.VerdictSuperseded {
				superseded++
			}
		}
		require.Equal(t, 1, superseded)
	})
	t.Run("a cut-off survives a suspension before counting began", func(t *testing.T) {
		s := started(t)
		s.fire(at(27, 15, 30), lan, "accept")
		s.fire(at(27, 15, 31), minh, engine.EventAcceptHandoff)
		s.fire(at(27, 15, 40), minh, "request-supplement")
		s.fire(at(27, 15, 50), portal, "supplement")
		require.Equal(t, at(38, 17, 30).Unix(), s.clock(engine.ClockStatutory).Due.Unix())
	})
	t.Run("stops with the result, met or violated to the minute", func(t *testing.T) {
		for name, c := range map[string]struct {
			signed  time.Time
			verdict engine.Verdict
		}{
			"in time":    {at(13, 17, 30), engine.VerdictMet},
			"one minute": {at(13, 17, 31), engine.VerdictViolated},
		} {
			s := verified(t)
			s.fire(at(10, 10, 0), minh, "submit")
			s.fire(c.signed, chair, "sign")
			var verdict engine.Verdict
			for _, k := range s.last.Stopped {
				if k.Kind == engine.ClockStatutory {
					verdict = k.Verdict
				}
			}
			require.Equal(t, c.verdict, verdict, name)
		}
	})
	t.Run("a breach is permanent, though a suspension follows", func(t *testing.T) {
		s := verified(t)
		s.fire(at(17, 9, 0), minh, "request-supplement")
		k := s.clock(engine.ClockStatutory)
		require.True(t, k.Overdue(at(18, 9, 0)))
		s.fire(at(18, 9, 0), portal, "supplement")
		s.fire(at(18, 9, 5), minh, "submit")
		s.fire(at(18, 9, 10), chair, "sign")
		require.Equal(t, engine.VerdictViolated, s.last.Stopped[len(s.last.Stopped)-1].Verdict)
	})
	t.Run("a suspension that takes too long ends by itself", func(t *testing.T) {
		s := verified(t)
		s.fire(at(10, 10, 0), minh, "request-supplement")
		require.Equal(t, at(19, 17, 30).Unix(), s.last.Next.Unix(), "seven working days")
		s.tick(at(25, 8, 0))
		require.True(t, s.c.Closed())
		require.Equal(t, "stopped", s.c.Outcome)
		require.Equal(t, at(19, 17, 30).Unix(), s.c.ClosedAt.Unix(), "at its own moment")
	})
}

func TestLadder(t *testing.T) {
	t.Parallel()
	t.Run("rungs come at their share of working time, once each", func(t *testing.T) {
		s := started(t) // step: 2wh from 08:00
		require.Equal(t, at(10, 9, 30).Unix(), s.last.Next.Unix())
		s.tick(at(10, 9, 30))
		s.tick(at(10, 9, 31))
		s.tick(at(10, 10, 0))
		require.Equal(t, []string{"75% of step 10 09:30", "100% of step 10 10:00"}, s.rungs())
		require.Equal(t, "overdue", s.clock(engine.ClockStep).Raised)
		require.Equal(t, at(10, 15, 30).Add(30*time.Minute).Unix(), s.last.Next.Unix(), "four working hours later, lunch left out")
	})
	t.Run("after downtime every passed rung fires, in order, with its own moment", func(t *testing.T) {
		s := verified(t) // step: 16wh from Monday 09:00, dossier due Thursday 17:30
		s.tick(at(17, 8, 0))
		require.Equal(t, []string{
			"75% of step 11 15:00 late", "100% of step 12 09:00 late", "4wh after step 12 15:00 late",
			"1wd before dossier 12 17:30 late", "100% of dossier 13 17:30 late",
		}, s.rungs())
		for _, f := range s.facts[len(s.facts)-5:] {
			require.Equal(t, at(17, 8, 0).Unix(), f.RecordedAt.Unix())
		}
		fired := len(s.rungs())
		s.tick(at(18, 8, 0))
		require.Len(t, s.rungs(), fired)
	})
	t.Run("an event lets passed rungs fire first", func(t *testing.T) {
		s := started(t)
		s.fire(at(10, 11, 0), lan, "accept")
		require.Equal(t, []string{"75% of step 10 09:30 late", "100% of step 10 10:00 late"}, s.rungs())
	})
	t.Run("a suspended clock fires nothing", func(t *testing.T) {
		s := verified(t)
		s.fire(at(10, 10, 0), minh, "request-supplement")
		s.tick(at(18, 10, 0))
		require.Empty(t, s.rungs())
	})
}

func TestExplain(t *testing.T) {
	t.Parallel()
	s := started(t)
	s.fire(at(27, 15, 30), lan, "accept")
	e := s.rules.Explain(s.clock(engine.ClockStatutory), at(28, 8, 0))
	require.Equal(t, "not-yet-counting", e.Timeline[0].Kind)
	end := e.Timeline[0].From
	for _, stretch := range e.Timeline {
		require.Equal(t, end.Unix(), stretch.From.Unix(), "no gap before %v", stretch)
		end = stretch.To
	}
	require.Equal(t, e.Due.Unix(), end.Unix())
	require.Len(t, e.Rules, 5)
	require.Contains(t, e.Rules[2].EN, "cut-off")
	require.Contains(t, e.Rules[3].EN, "Mon 2026-08-31 does not count")
	require.Contains(t, e.Rules[4].EN, "Tue 2026-09-01 – Wed 2026-09-02 does not count")
}

func TestChain(t *testing.T) {
	t.Parallel()
	s := verified(t)
	var link engine.Digest
	var bodies [][]byte
	var links []engine.Digest
	for _, f := range s.facts {
		body, next, err := engine.Seal(link, s.c.Dossier, f)
		require.NoError(t, err)
		bodies, links, link = append(bodies, body), append(links, next), next
	}
	require.NotEqual(t, links[1], engine.Link(links[0], s.c.Dossier, append(bodies[1], ' ')), "altered")
	require.NotEqual(t, links[1], engine.Link("", s.c.Dossier, bodies[1]), "moved")
	require.NotEqual(t, links[1], engine.Link(links[0], "another", bodies[1]), "lent")
}
