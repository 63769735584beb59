package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"motcua/engine"
	"motcua/engine/calendar"
)

func TestDecideStart(t *testing.T) {
	t.Parallel()
	s := started(t)
	require.Equal(t, "received", s.c.State)
	require.Equal(t, at(10, 10, 0), s.clock(engine.ClockStep).Due.In(at(10, 0, 0).Location()))
	require.True(t, s.c.AcceptedAt.IsZero(), "the legal clock starts at acceptance, not at filing")
	s.refused(engine.CodeEventNotPermitted, at(10, 8, 1), portal, engine.EventStart)

	other := engine.Actor{Kind: engine.ActorSystem, ID: "portal", Agency: "H00.102"}
	empty := newStage(t)
	err := empty.decide(at(10, 8, 0), engine.Command{Event: engine.EventStart, Actor: other, Start: &engine.Start{Agency: agency}})
	require.Equal(t, engine.CodeForbidden, engine.CodeOf(err))
	err = empty.decide(at(10, 8, 0), engine.Command{Event: engine.EventStart, Actor: portal, Components: []string{"bogus"}, Start: &engine.Start{Agency: agency}})
	require.Equal(t, engine.CodeInvalid, engine.CodeOf(err))
	empty.refused(engine.CodeNotFound, at(10, 8, 0), lan, "accept")
}

func TestDecideRefuses(t *testing.T) {
	t.Parallel()
	t.Run("an event the procedure does not know", func(t *testing.T) {
		started(t).refused(engine.CodeEventUnknown, at(10, 8, 1), lan, "acept")
	})
	t.Run("an event the state does not know, naming the state", func(t *testing.T) {
		s := started(t)
		err := s.decide(at(10, 8, 1), engine.Command{Event: "sign", Actor: chair})
		require.Equal(t, engine.CodeEventNotPermitted, engine.CodeOf(err))
		var refusal *engine.Error
		require.ErrorAs(t, err, &refusal)
		require.Equal(t, "received", refusal.State)
	})
	t.Run("the wrong role, another agency, a system", func(t *testing.T) {
		s := started(t)
		s.refused(engine.CodeWrongRole, at(10, 8, 1), minh, "accept")
		stranger := lan
		stranger.Agency = "H00.102"
		s.refused(engine.CodeWrongRole, at(10, 8, 1), stranger, "accept")
		s.refused(engine.CodeWrongRole, at(10, 8, 1), portal, "accept")
	})
	t.Run("what only time may fire", func(t *testing.T) {
		s := verified(t)
		s.fire(at(10, 10, 0), minh, "request-supplement")
		s.refused(engine.CodeWrongRole, at(10, 11, 0), portal, "lapse")
	})
	t.Run("a reason left out", func(t *testing.T) {
		s := verified(t)
		err := s.decide(at(10, 10, 0), engine.Command{Event: "request-supplement", Actor: minh})
		require.Equal(t, engine.CodeCommentRequired, engine.CodeOf(err))
	})
	t.Run("a dossier that is not complete, until it is", func(t *testing.T) {
		s := newStage(t)
		s.ok(at(10, 8, 0), engine.Command{Event: engine.EventStart, Actor: lan, Start: &engine.Start{Agency: agency}})
		s.refused(engine.CodeNeedsUnmet, at(10, 8, 1), lan, "accept")
		s.ok(at(10, 8, 2), engine.Command{Event: "accept", Actor: lan, Components: []string{"declaration"}})
		require.Equal(t, []string{"declaration"}, s.c.Components)
	})
	t.Run("the officer of the step before, where duties are separate", func(t *testing.T) {
		s := started(t)
		s.fire(at(10, 9, 0), lan, "accept")
		s.fire(at(10, 9, 0), both, engine.EventAcceptHandoff)
		s.fire(at(10, 9, 5), both, "submit")
		s.refused(engine.CodeSameOfficer, at(10, 9, 6), both, "sign")
		s.refused(engine.CodeSameOfficer, at(10, 9, 6), both, engine.EventClaim)
		require.Empty(t, s.rules.Permitted(s.c, both))
		s.fire(at(10, 9, 7), chair, "sign")
	})
	t.Run("another officer than the holder", func(t *testing.T) {
		s := verified(t)
		s.fire(at(10, 9, 10), minh, engine.EventClaim)
		s.refused(engine.CodeNotHolder, at(10, 9, 11), hoa, "submit")
		s.refused(engine.CodeEventNotPermitted, at(10, 9, 11), minh, engine.EventClaim)
		s.fire(at(10, 9, 12), minh, engine.EventRelease)
		s.fire(at(10, 9, 13), hoa, "submit")
	})
	t.Run("a third suspension", func(t *testing.T) {
		s := verified(t)
		for i := range 2 {
			s.fire(at(10, 10, i), minh, "request-supplement")
			s.fire(at(10, 11, i), portal, "supplement")
		}
		s.refused(engine.CodeSuspensionExhausted, at(10, 11, 20), minh, "request-supplement")
	})
	t.Run("everything once closed", func(t *testing.T) {
		s := started(t)
		s.fire(at(10, 8, 5), lan, "refuse")
		require.True(t, s.c.Closed())
		require.True(t, s.last.Next.IsZero())
		s.refused(engine.CodeDossierClosed, at(10, 8, 6), lan, "accept")
	})
}

func TestDecideHandoff(t *testing.T) {
	t.Parallel()
	s := started(t)
	s.fire(at(10, 9, 0), lan, "accept")
	require.NotNil(t, s.c.Handoff)
	_, stepRuns := s.c.Clock(engine.ClockStep)
	require.False(t, stepRuns, "the step begins when the department accepts")
	s.refused(engine.CodeHandoffPending, at(10, 9, 1), minh, "submit")
	s.refused(engine.CodeWrongRole, at(10, 9, 1), lan, engine.EventAcceptHandoff)

	s.tick(at(10, 9, 31))
	require.Equal(t, []string{"100% of handoff 10 09:30"}, s.rungs())

	s.fire(at(10, 9, 40), minh, engine.EventReturnHandoff)
	require.Equal(t, "received", s.c.State)
	require.Equal(t, "one-stop", s.c.Department)
	require.Nil(t, s.c.Handoff)
	s.fire(at(10, 9, 50), lan, "accept")
	s.fire(at(10, 10, 0), minh, engine.EventAcceptHandoff)
	require.Equal(t, "under-verification", s.c.State)
	require.Equal(t, at(10, 9, 0).Unix(), s.c.AcceptedAt.Unix(), "the legal clock started with the first acceptance")

	s.fire(at(10, 10, 5), minh, "submit") // leadership has no handoff rule: no acceptance
	require.Nil(t, s.c.Handoff)
	s.fire(at(10, 10, 6), chair, "return")
	require.NotNil(t, s.c.Handoff, "a return to another department is a handoff as well")
}

func TestDecideSelfTransition(t *testing.T) {
	t.Parallel()
	s := verified(t)
	before := s.clock(engine.ClockStep)
	s.fire(at(10, 14, 0), minh, "recheck")
	require.Equal(t, "under-verification", s.c.State)
	require.Nil(t, s.c.Handoff)
	require.NotEqual(t, before.ID, s.clock(engine.ClockStep).ID, "the step begins anew")
}

func TestPermitted(t *testing.T) {
	t.Parallel()
	events := func(s *stage, a engine.Actor) []string {
		var out []string
		for _, p := range s.rules.Permitted(s.c, a) {
			out = append(out, p.Event)
		}
		return out
	}
	s := started(t)
	require.Equal(t, []string{"accept", "refuse", "claim"}, events(s, lan))
	require.Empty(t, events(s, minh))
	s.fire(at(10, 9, 0), lan, "accept")
	require.Equal(t, []string{"accept-handoff", "return-handoff"}, events(s, minh))
	require.Equal(t, []string{engine.EventRecallHandoff}, events(s, lan))
	s.fire(at(10, 9, 0), minh, engine.EventAcceptHandoff)
	s.fire(at(10, 9, 5), minh, "request-supplement")
	require.Equal(t, []string{"supplement", "supplement-anew"}, events(s, portal))
}

// TestFold proves that the record is enough: whatever is played, the case is
// the fold of its facts, sequences have no gap, and no moment runs backwards.
func TestFold(t *testing.T) {
	t.Parallel()
	actors := []engine.Actor{lan, minh, hoa, chair, both, portal, dung, bay, police, builder, engine.LinkSystem(agency)}
	events := []string{
		"accept", "refuse", "submit", "request-supplement", "recheck", "supplement", "supplement-anew", "sign", "return", "hand-over",
		engine.EventTick, engine.EventAcceptHandoff, engine.EventReturnHandoff, engine.EventClaim, engine.EventRelease, engine.EventComment,
		engine.EventRecallHandoff, engine.EventReassign, engine.EventSuspend, engine.EventResume, engine.EventOverride, engine.EventEndorse,
		engine.EventTurnDown, engine.EventAcknowledge, engine.EventWithdrawRequest, engine.EventAnswer, "consult", "send", engine.EventLinkOpened,
		engine.EventLinkAcknowledged, engine.EventLinkConcluded,
	}
	rapid.Check(t, func(r *rapid.T) {
		s := started(t, consulting("agree", "any"), chained("withdraw"), func(d *engine.Definition) {
			d.States[verifying].On[1].Approval = &engine.RoleIn{Department: "civil-status", Role: "head"}
			d.Ladder[1].AcknowledgeWithin, d.Ladder[2].Reassign = dur("2wh"), engine.RoleHead
		})
		s.rules.Org = staff(actors[:10]...)
		now := at(10, 8, 0)
		for range rapid.IntRange(1, 40).Draw(r, "commands") {
			now = now.Add(rapid.Custom(wait).Draw(r, "wait"))
			cmd := engine.Command{Event: rapid.SampledFrom(events).Draw(r, "event"), Actor: rapid.SampledFrom(actors).Draw(r, "actor"), Comment: "x"}
			furnish(r, s, &cmd, now)
			if rapid.IntRange(0, 9).Draw(r, "calendar") == 0 && !s.c.Closed() {
				s.reproject(now, again(t, s, rapid.IntRange(10, 28).Draw(r, "day off")))
			}
			before := s.c
			if err := s.decide(now, cmd); err != nil {
				require.Equal(r, before, s.c)
				require.NotEqual(r, engine.CodeInternal, engine.CodeOf(err))
			}
			clocksRunAsTheyShould(r, s)
			if next := s.rules.Next(s.c); !next.IsZero() && s.last.Case.Seq == s.c.Seq && cmd.Event == engine.EventTick {
				require.True(r, next.After(now), "what is past was done")
			}
		}
		require.Equal(r, s.c, engine.Fold(s.facts))
		fired := map[string]bool{}
		for i, f := range s.facts {
			require.Equal(r, int64(i+1), f.Seq)
			require.False(r, i > 0 && f.RecordedAt.IsZero() && s.facts[i-1].RecordedAt.IsZero() && f.At.Before(s.facts[i-1].At), "the record runs backwards")
			if f.Kind == engine.FactRungFired {
				key := f.Rung.Clock + "#" + f.Rung.Rung
				require.False(r, fired[key], "rung %s fired twice", key)
				fired[key] = true
			}
		}
	})
}

// clocksRunAsTheyShould: none while the dossier is halted; else the legal ones
// unless the state suspends them, and every other.
func clocksRunAsTheyShould(r *rapid.T, s *stage) {
	here, _ := s.rules.State(s.c.State)
	for _, k := range s.c.Clocks {
		runs := !s.c.Halted()
		switch k.Kind {
		case engine.ClockStatutory, engine.ClockCommitted:
			runs = runs && !here.Suspended()
		}
		require.Equal(r, runs, k.Running(), "%s clock in state %s, halted %v", k.Kind, here.ID, s.c.Halted())
		require.Equal(r, runs, !k.Due.IsZero())
	}
	if s.c.Closed() {
		require.Empty(r, s.c.Clocks)
		require.Empty(r, s.c.Alarms)
	}
}

// furnish gives a command what its event takes.
func furnish(r *rapid.T, s *stage, cmd *engine.Command, now time.Time) {
	pick := func(what string, from ...string) string { return rapid.SampledFrom(from).Draw(r, what) }
	switch cmd.Event {
	case engine.EventReassign:
		cmd.Officer = pick("officer", "", "lan", "minh", "hoa", "chair", "ghost")
	case engine.EventSuspend, engine.EventResume:
		cmd.Halt = &engine.HaltOrder{Outage: pick("outage", "", "out-1", "out-2"), Basis: "Điều 1", Until: now.Add(rapid.Custom(wait).Draw(r, "until"))}
		if cmd.Halt.Outage != "" {
			cmd.Halt.From = now.Add(-rapid.Custom(wait).Draw(r, "from"))
		}
	case engine.EventOverride:
		cmd.Overrides = &engine.Overrides{To: pick("to", "", "received", "awaiting-supplement", "under-signature", "result-ready"), Extend: dur("1wd")}
	case engine.EventAnswer, engine.EventWithdrawRequest:
		cmd.Answer = &engine.Answer{Consultation: "opinions", Department: pick("department", "police", "construction"), Says: pick("says", "agree", "refuse")}
	case engine.EventLinkOpened, engine.EventLinkAcknowledged, engine.EventLinkConcluded:
		cmd.Linked = &engine.Linked{Dossier: "H00.102-260810-0001", Outcome: pick("outcome", "resolved", "refused")}
		if len(s.c.Linked) > 0 {
			cmd.Linked.ID = s.c.Linked[0].ID
		}
	}
}

// again is the next version of the calendar, with one more day off.
func again(t testing.TB, s *stage, day int) engine.Rules {
	t.Helper()
	spec := office(t).Spec()
	spec.Version = s.rules.Cal.Version() + 1
	spec.Exceptions = append(spec.Exceptions, calendar.Exception{Date: calendar.NewDate(2026, time.August, day), Kind: calendar.PublicHoliday})
	c, err := calendar.New(spec)
	require.NoError(t, err)
	return engine.Rules{Cal: c}
}
