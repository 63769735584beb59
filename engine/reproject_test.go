package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"motcua/engine"
	"motcua/engine/calendar"
)

// swapped is the office calendar with another day off, in its second version.
func swapped(t testing.TB, day int) engine.Rules {
	t.Helper()
	spec := office(t).Spec()
	spec.Version = 2
	spec.Exceptions = append(spec.Exceptions, calendar.Exception{
		Date: calendar.NewDate(2026, time.August, day), Kind: calendar.SwappedOff, Name: "Nghỉ hoán đổi", Basis: "CV 1/VPCP",
	})
	c, err := calendar.New(spec)
	require.NoError(t, err)
	return engine.Rules{Cal: c}
}

func (s *stage) reproject(now time.Time, to engine.Rules) []engine.Move {
	s.t.Helper()
	to.Machine, to.Org = s.rules.Machine, s.rules.Org
	d, moves, err := engine.Reproject(s.rules, to, s.c, engine.Command{ID: "act", Dossier: s.c.Dossier, Actor: dung, Comment: "CV 1"}, now)
	require.NoError(s.t, err)
	s.c, s.last, s.facts, s.rules = d.Case, d, append(s.facts, d.Facts...), to
	require.Equal(s.t, engine.Fold(s.facts), s.c)
	return moves
}

func TestReproject(t *testing.T) {
	t.Parallel()
	t.Run("moves what the new day off moves, and says why", func(t *testing.T) {
		s := verified(t)
		moves := s.reproject(at(10, 10, 0), swapped(t, 12))
		require.Len(t, moves, 2)
		require.Equal(t, engine.Move{
			Kind: engine.ClockStatutory, Subject: "under-verification", Old: at(13, 17, 30), New: at(14, 17, 30),
			Rule: engine.Text{VI: "12/08/2026 Nghỉ hoán đổi (CV 1/VPCP)", EN: "12/08/2026 Nghỉ hoán đổi (CV 1/VPCP)"},
		}, moves[0])
		require.Equal(t, "13 09:00", due(s, engine.ClockStep))
		require.Equal(t, engine.CalendarRef{Code: "office", Version: 2}, s.c.Calendar)
		require.Equal(t, engine.VerdictSuperseded, s.last.Stopped[0].Verdict)
		require.Equal(t, "calendar-office-2", s.clock(engine.ClockStep).Rule)
		require.NotEmpty(t, s.clock(engine.ClockStep).Succeeds)
		require.Empty(t, s.reproject(at(10, 11, 0), s.rules), "again it changes nothing")
		require.Empty(t, s.last.Facts)
	})
	t.Run("pins a dossier that nothing moves", func(t *testing.T) {
		s := verified(t)
		require.Empty(t, s.reproject(at(10, 10, 0), swapped(t, 28)))
		require.Len(t, s.last.Facts, 1)
	})
	t.Run("goes on by the new calendar after a suspension", func(t *testing.T) {
		s := verified(t)
		s.fire(at(10, 10, 0), minh, "request-supplement")
		s.reproject(at(10, 11, 0), swapped(t, 13))
		s.fire(at(11, 9, 0), portal, "supplement")
		require.Equal(t, "17 17:30", due(s, engine.ClockStatutory), "the days after the eleventh: 12, 14 and 17; the 13th is off")
	})
	t.Run("moves a beginning that a cut-off had put off", func(t *testing.T) {
		s := started(t)
		s.fire(at(10, 15, 30), lan, "accept")
		s.fire(at(10, 15, 30), minh, engine.EventAcceptHandoff)
		require.Equal(t, "14 17:30", due(s, engine.ClockStatutory))
		s.reproject(at(10, 16, 0), swapped(t, 11))
		require.Equal(t, at(12, 7, 30), s.clock(engine.ClockStatutory).CountsFrom)
		require.Equal(t, "17 17:30", due(s, engine.ClockStatutory))
	})
	t.Run("a rung that fired speaks again only for a moment ahead", func(t *testing.T) {
		s := verified(t)
		s.tick(at(11, 17, 0)) // 75 % of sixteen hours: twelve, on Tuesday at 15:00
		require.Equal(t, []string{"75% of step 11 15:00 late"}, s.rungs())
		s.reproject(at(11, 17, 0), swapped(t, 28))
		s.reproject(at(11, 17, 0), func() engine.Rules { // and Tuesday itself, decided late
			r := swapped(t, 11)
			spec := r.Cal.Spec()
			spec.Version = 3
			c, err := calendar.New(spec)
			require.NoError(t, err)
			return engine.Rules{Cal: c}
		}())
		require.Equal(t, "13 09:00", due(s, engine.ClockStep))
		require.Empty(t, s.c.Raised())
		s.tick(at(12, 15, 0))
		require.Equal(t, "75% of step 12 15:00", s.rungs()[len(s.rungs())-1])
	})
	t.Run("what an earlier day makes due happens at once", func(t *testing.T) {
		s := verified(t)
		s.rules = engine.Rules{Machine: s.rules.Machine, Cal: office(t)}
		s.reproject(at(10, 10, 0), swapped(t, 11))
		require.Equal(t, "13 09:00", due(s, engine.ClockStep))
		spec := office(t).Spec()
		spec.Version = 3
		c, err := calendar.New(spec)
		require.NoError(t, err)
		s.reproject(at(12, 9, 30), engine.Rules{Cal: c}) // Tuesday is worked after all
		require.Equal(t, "12 09:00", due(s, engine.ClockStep))
		require.Equal(t, "overdue", s.c.Raised())
		require.Equal(t, at(12, 9, 30), factOf(t, s, engine.FactRungFired).At, "the record does not run backwards")
	})
	t.Run("not a closed dossier, not another calendar", func(t *testing.T) {
		s := started(t)
		other := swapped(t, 12)
		spec := other.Cal.Spec()
		spec.Code = "elsewhere"
		c, err := calendar.New(spec)
		require.NoError(t, err)
		_, _, err = engine.Reproject(s.rules, engine.Rules{Machine: s.rules.Machine, Cal: c}, s.c, engine.Command{}, at(10, 9, 0))
		require.Equal(t, engine.CodeInvalid, engine.CodeOf(err))
		s.fire(at(10, 9, 0), lan, "refuse")
		_, _, err = engine.Reproject(s.rules, other, s.c, engine.Command{}, at(10, 9, 0))
		require.Equal(t, engine.CodeDossierClosed, engine.CodeOf(err))
	})
}

// TestReprojectIsAsIfAlways: a dossier whose calendar changes while its clocks
// run is due when it would have been, had the calendar always been the new one.
func TestReprojectIsAsIfAlways(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		day, when := rapid.IntRange(11, 20).Draw(r, "day off"), rapid.IntRange(0, 600).Draw(r, "minutes")
		moved, always := verified(t), verified(t)
		to := swapped(t, day)
		moved.reproject(at(10, 9, when), to)
		always.rules.Cal = to.Cal
		fresh := started(t)
		fresh.rules.Cal = to.Cal
		fresh.fire(at(10, 9, 0), lan, "accept")
		fresh.fire(at(10, 9, 0), minh, engine.EventAcceptHandoff)
		for _, kind := range []engine.ClockKind{engine.ClockStatutory, engine.ClockStep} {
			require.Equal(r, due(fresh, kind), due(moved, kind))
		}
	})
}
