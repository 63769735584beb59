package engine_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
)

func TestRecallHandoff(t *testing.T) {
	t.Parallel()
	s := started(t)
	s.fire(at(10, 9, 0), lan, "accept")
	s.refused(engine.CodeWrongRole, at(10, 9, 5), minh, engine.EventRecallHandoff)
	require.Equal(t, engine.CodeCommentRequired, engine.CodeOf(s.decide(at(10, 9, 5), engine.Command{Event: engine.EventRecallHandoff, Actor: lan})))
	s.fire(at(10, 9, 10), lan, engine.EventRecallHandoff)
	require.Equal(t, "received", s.c.State)
	require.Nil(t, s.c.Handoff)
	require.Equal(t, "10 11:10", due(s, engine.ClockStep), "the step begins anew")
	s.refused(engine.CodeEventNotPermitted, at(10, 9, 15), lan, engine.EventRecallHandoff)
	s.fire(at(10, 9, 20), lan, "accept")
	s.fire(at(10, 9, 30), minh, engine.EventAcceptHandoff)
	s.refused(engine.CodeEventNotPermitted, at(10, 9, 35), lan, engine.EventRecallHandoff)
}

func TestStepGoesOnWithTheRest(t *testing.T) {
	t.Parallel()
	t.Run("after a returned handoff", func(t *testing.T) {
		s := started(t, func(d *engine.Definition) { d.States[verifying].Handoff.StepClock = engine.StepRemaining })
		s.fire(at(10, 9, 0), lan, "accept") // one of two hours used
		s.fire(at(10, 9, 10), minh, engine.EventReturnHandoff)
		require.Equal(t, "10 10:10", due(s, engine.ClockStep))
	})
	t.Run("after an event that leads back", func(t *testing.T) {
		s := verified(t, func(d *engine.Definition) { d.States[signing].On[1].StepClock = engine.StepRemaining })
		s.fire(at(10, 11, 0), minh, "submit") // two of sixteen used
		s.fire(at(11, 7, 30), chair, "return")
		s.fire(at(11, 7, 30), hoa, engine.EventAcceptHandoff)
		require.Equal(t, "12 15:30", due(s, engine.ClockStep), "fourteen are left")
	})
	t.Run("or with nothing, when all is used up", func(t *testing.T) {
		s := verified(t, func(d *engine.Definition) { d.States[signing].On[1].StepClock = engine.StepRemaining })
		s.fire(at(13, 8, 0), minh, "submit")
		s.fire(at(13, 9, 0), chair, "return")
		s.fire(at(13, 9, 0), hoa, engine.EventAcceptHandoff)
		require.True(t, s.clock(engine.ClockStep).Overdue(at(13, 9, 1)))
	})
}

func TestTransferCutoff(t *testing.T) {
	t.Parallel()
	s := started(t, func(d *engine.Definition) {
		d.States[verifying].Handoff.Cutoff = &engine.Cutoff{At: calendar.Clock(15, 0), CountsFrom: "next-working-day"}
	})
	s.fire(at(10, 15, 30), lan, "accept")
	require.Equal(t, "11 08:00", due(s, engine.ClockHandoff), "counted from the opening of the next working day")
	require.Equal(t, "cutoff-15:00", s.clock(engine.ClockHandoff).Rule)
}

func TestLastHour(t *testing.T) {
	t.Parallel()
	late := func(d *engine.Definition) {
		d.Limits.Cutoff = &engine.Cutoff{BeforeClose: dur("1h"), CountsFrom: "next-working-day"}
	}
	s := started(t, late)
	s.fire(at(10, 16, 30), lan, "accept")
	require.Equal(t, "13 17:30", due(s, engine.ClockStatutory), "not yet the last hour")
	s = started(t, late)
	s.fire(at(10, 16, 31), lan, "accept")
	require.Equal(t, "14 17:30", due(s, engine.ClockStatutory))
	require.Equal(t, "before-close-1h", s.clock(engine.ClockStatutory).Rule)
}

func TestReceiptStartsTheClock(t *testing.T) {
	t.Parallel()
	s := started(t, func(d *engine.Definition) { d.Limits.StartsOn, d.Limits.Cutoff = engine.StartsOnReceipt, nil })
	s.fire(at(10, 9, 0), lan, "accept")
	require.True(t, s.c.AcceptedAt.IsZero(), "the competent agency has not got it yet")
	s.fire(at(11, 9, 0), minh, engine.EventAcceptHandoff)
	require.Equal(t, at(11, 9, 0), s.c.AcceptedAt)
	require.Equal(t, "14 17:30", due(s, engine.ClockStatutory))
	require.Equal(t, "receipt", s.clock(engine.ClockStatutory).Rule)
}

func TestIntake(t *testing.T) {
	t.Parallel()
	online := func(d *engine.Definition) {
		d.Limits.Intake = &engine.Intake{Within: dur("8wh"), Channels: []string{"online"}}
		d.States[received].On = append(d.States[received].On, transition("ask", "awaiting-supplement", nil))
		d.Ladder = []engine.Rung{{Since: dur("2wh"), Of: engine.OfIntake, Raise: "due-soon"}, {At: 100, Of: engine.OfIntake, Raise: "overdue"}}
		d.States[supplementing].On[0].To = "received"
	}
	t.Run("ends with the acceptance", func(t *testing.T) {
		s := started(t, online)
		require.Equal(t, "11 08:00", due(s, engine.ClockIntake), "the last half hour on the next day")
	})
	t.Run("alerts after two working hours", func(t *testing.T) {
		s := started(t, online)
		s.tick(at(10, 10, 0))
		require.Equal(t, []string{"2wh into intake 10 10:00"}, s.rungs())
		s.fire(at(10, 10, 30), lan, "accept")
		_, runs := s.c.Clock(engine.ClockIntake)
		require.False(t, runs)
		require.True(t, slices.ContainsFunc(s.last.Stopped, func(k engine.Clock) bool { return k.Kind == engine.ClockIntake && k.Verdict == engine.VerdictMet }))
	})
	t.Run("runs anew once the filing is complete", func(t *testing.T) {
		s := started(t, online)
		s.fire(at(10, 9, 0), lan, "ask")
		_, runs := s.c.Clock(engine.ClockIntake)
		require.False(t, runs, "the agency has answered")
		s.fire(at(12, 9, 0), portal, "supplement")
		require.Equal(t, "13 09:00", due(s, engine.ClockIntake))
	})
	t.Run("only for the channels it is for", func(t *testing.T) {
		s := newStage(t, online)
		cmd := s.opening(nil)
		cmd.Start.Channel = "direct"
		s.ok(at(10, 8, 0), cmd)
		_, runs := s.c.Clock(engine.ClockIntake)
		require.False(t, runs)
	})
}

func TestApologyInTime(t *testing.T) {
	t.Parallel()
	noticed := func(d *engine.Definition) {
		d.Extension = &engine.Extension{Max: dur("2wd"), Notice: dur("1wd")}
		d.States[verifying].On = append(d.States[verifying].On, transition("extend", "", func(t *engine.Transition) { t.Extend, t.Print = dur("2wd"), "apology" }))
	}
	s := verified(t, noticed) // due on Thursday 13 at 17:30
	s.refused(engine.CodeExtensionRefused, at(12, 17, 31), minh, "extend")
	s = verified(t, noticed)
	s.fire(at(12, 17, 30), minh, "extend")
	require.Equal(t, "17 17:30", due(s, engine.ClockStatutory))
}
