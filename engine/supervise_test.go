package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

// Those who stand above the steps: Dung heads civil status, Bay leads the
// agency, Tam approves its procedures.
var (
	dung = supervisor("dung", engine.RoleIn{Department: "civil-status", Role: "head"}, "civil-status")
	bay  = supervisor("bay", engine.RoleIn{Department: "leadership", Role: "leader"}, "leadership", "civil-status", "one-stop")
)

func supervisor(id string, role engine.RoleIn, departments ...string) engine.Actor {
	return engine.Actor{Kind: engine.ActorOfficer, ID: id, Agency: agency, Roles: []engine.RoleIn{role}, Oversees: departments}
}

func halting(until time.Time) engine.Command {
	return engine.Command{Event: engine.EventSuspend, Actor: dung, Comment: "chờ tòa án giải quyết", Halt: &engine.HaltOrder{Basis: "Điều 12", Until: until}}
}

func outage(from, until time.Time) engine.Command {
	return engine.Command{Event: engine.EventSuspend, Actor: bay, Comment: "VNeID không truy cập được", Halt: &engine.HaltOrder{Outage: "out-1", From: from, Until: until}}
}

func outageEnds(from, until time.Time) engine.Command {
	return engine.Command{Event: engine.EventResume, Actor: bay, Halt: &engine.HaltOrder{Outage: "out-1", From: from, Until: until}}
}

func TestSuspendBySupervisor(t *testing.T) {
	t.Parallel()
	t.Run("every clock stands still and goes on with what is left", func(t *testing.T) {
		s := verified(t) // two working days of verification, three of law, from Monday 9:00
		s.ok(at(10, 11, 0), halting(at(14, 9, 0)))
		require.True(t, s.c.Halted())
		for _, k := range s.c.Clocks {
			require.False(t, k.Running(), "%s", k.Kind)
		}
		require.Equal(t, engine.StatusSuspended, s.c.Status())
		s.ok(at(12, 9, 0), engine.Command{Event: engine.EventResume, Actor: dung})
		require.Equal(t, "13 17:00", due(s, engine.ClockStep), "two of sixteen hours were used")
		require.Equal(t, "17 17:30", due(s, engine.ClockStatutory), "no counted day was used before the suspension")
	})
	t.Run("it ends by itself", func(t *testing.T) {
		s := verified(t)
		s.ok(at(10, 11, 0), halting(at(11, 9, 0)))
		require.Equal(t, at(11, 9, 0), s.last.Next)
		s.tick(at(20, 9, 0))
		require.False(t, s.c.Halted())
		require.Equal(t, "14 17:30", due(s, engine.ClockStatutory))
		require.Equal(t, at(11, 9, 0), factOf(t, s, engine.FactDossierResumed).At, "at its own moment")
	})
	t.Run("what starts meanwhile waits for its end", func(t *testing.T) {
		s := verified(t)
		s.ok(at(10, 11, 0), halting(at(14, 9, 0)))
		s.fire(at(11, 9, 0), minh, "submit")
		require.False(t, s.clock(engine.ClockStep).Running())
		s.ok(at(12, 9, 0), engine.Command{Event: engine.EventResume, Actor: bay})
		require.Equal(t, "13 09:00", due(s, engine.ClockStep), "the whole limit of the signature")
	})
	t.Run("a state that suspends goes on doing so", func(t *testing.T) {
		s := verified(t)
		s.ok(at(10, 11, 0), halting(at(14, 9, 0)))
		s.fire(at(10, 12, 0), minh, "request-supplement")
		s.ok(at(12, 9, 0), engine.Command{Event: engine.EventResume, Actor: bay})
		require.False(t, s.clock(engine.ClockStatutory).Running())
		require.True(t, s.clock(engine.ClockSuspension).Running())
		s.fire(at(13, 9, 0), portal, "supplement")
		require.True(t, s.clock(engine.ClockStatutory).Running())
	})
	t.Run("who, why, on what rule and until when", func(t *testing.T) {
		s := verified(t)
		for _, c := range []struct {
			code engine.Code
			edit func(*engine.Command)
		}{
			{engine.CodeWrongRole, func(c *engine.Command) { c.Actor = minh }},
			{engine.CodeCommentRequired, func(c *engine.Command) { c.Comment = " " }},
			{engine.CodeInvalid, func(c *engine.Command) { c.Halt.Basis = "" }},
			{engine.CodeInvalid, func(c *engine.Command) { c.Halt.Until = time.Time{} }},
			{engine.CodeInvalid, func(c *engine.Command) { c.Halt.Until = at(10, 10, 0) }},
			{engine.CodeInvalid, func(c *engine.Command) { c.Halt = nil }},
			{engine.CodeForbidden, func(c *engine.Command) { c.Actor.Agency = "H00.102" }},
		} {
			cmd := halting(at(14, 9, 0))
			c.edit(&cmd)
			require.Equal(t, c.code, engine.CodeOf(s.decide(at(10, 11, 0), cmd)))
		}
		s.ok(at(10, 11, 0), halting(at(14, 9, 0)))
		require.Equal(t, engine.CodeSuspended, engine.CodeOf(s.decide(at(10, 12, 0), halting(at(14, 9, 0)))))
		s.ok(at(10, 12, 0), engine.Command{Event: engine.EventResume, Actor: dung})
		s.refused(engine.CodeSuspended, at(10, 13, 0), dung, engine.EventResume)
	})
}

func TestOutage(t *testing.T) {
	t.Parallel()
	t.Run("declared afterwards, from when it began", func(t *testing.T) {
		s := verified(t)
		s.ok(at(12, 9, 0), outage(at(10, 11, 0), time.Time{}))
		s.ok(at(13, 9, 0), outageEnds(at(10, 11, 0), time.Time{}))
		require.Equal(t, "14 17:00", due(s, engine.ClockStep), "time goes on from the moment the system is back")
		spans := s.clock(engine.ClockStep).Spans
		require.Equal(t, at(10, 11, 0), spans[len(spans)-1].From)
		require.Equal(t, "VNeID không truy cập được", spans[len(spans)-1].Reason)
	})
	t.Run("a breach within it was none", func(t *testing.T) {
		s := verified(t)
		s.tick(at(13, 8, 0)) // the step passed at 9:00 on Wednesday
		require.Equal(t, "escalated", s.c.Raised())
		s.ok(at(13, 8, 30), outage(at(10, 11, 0), at(12, 11, 0)))
		require.False(t, s.c.Halted())
		require.False(t, s.clock(engine.ClockStep).Overdue(at(13, 8, 30)))
		require.Empty(t, s.c.Raised())
	})
	t.Run("a dossier that came in meanwhile loses nothing", func(t *testing.T) {
		s := verified(t)
		s.ok(at(11, 9, 0), outageEnds(at(7, 9, 0), at(10, 15, 0)))
		require.Equal(t, "12 15:00", due(s, engine.ClockStep), "sixteen hours from 15:00 on, when the system was back")
	})
	t.Run("over before the dossier came in", func(t *testing.T) {
		s := verified(t)
		s.ok(at(11, 9, 0), outageEnds(at(7, 9, 0), at(7, 15, 0)))
		require.Empty(t, s.last.Facts)
		s.ok(at(11, 9, 0), outage(at(7, 9, 0), at(7, 15, 0)))
		require.Empty(t, s.last.Facts)
	})
	t.Run("beside a supervisor's suspension both must end", func(t *testing.T) {
		s := verified(t)
		s.ok(at(10, 11, 0), halting(at(12, 9, 0)))
		s.ok(at(10, 12, 0), outage(time.Time{}, time.Time{}))
		s.tick(at(12, 10, 0))
		require.True(t, s.c.Halted())
		s.ok(at(12, 11, 0), outageEnds(at(10, 12, 0), time.Time{}))
		require.True(t, s.clock(engine.ClockStep).Running())
		spans := s.clock(engine.ClockStep).Spans
		require.Equal(t, "chờ tòa án giải quyết (Điều 12); VNeID không truy cập được", spans[len(spans)-1].Reason, "each reason is told")
	})
	t.Run("only by who may declare one", func(t *testing.T) {
		s := verified(t)
		cmd := outage(at(10, 9, 0), time.Time{})
		cmd.Actor = dung
		require.Equal(t, engine.CodeWrongRole, engine.CodeOf(s.decide(at(11, 9, 0), cmd)))
	})
}

func TestOverride(t *testing.T) {
	t.Parallel()
	jump := func(to string) engine.Command {
		return engine.Command{Event: engine.EventOverride, Actor: bay, Comment: "kết luận thanh tra", Overrides: &engine.Overrides{To: to}}
	}
	t.Run("past the machine, on record as what it is", func(t *testing.T) {
		s := verified(t)
		s.ok(at(10, 10, 0), jump("result-ready"))
		require.Equal(t, "result-ready", s.c.State)
		f := factOf(t, s, engine.FactOverridden)
		require.Equal(t, []string{"under-verification", "result-ready", "kết luận thanh tra"}, []string{f.From, f.To, f.Comment})
	})
	t.Run("out of a handoff, which is taken back", func(t *testing.T) {
		s := started(t)
		s.fire(at(10, 9, 0), lan, "accept")
		s.ok(at(10, 10, 0), jump("refused"))
		require.Nil(t, s.c.Handoff)
		require.True(t, s.c.Closed())
		require.Empty(t, s.c.Clocks)
	})
	t.Run("a limit that has passed, and stays breached", func(t *testing.T) {
		s := verified(t)
		s.refused(engine.CodeWrongRole, at(14, 8, 0), dung, engine.EventOverride)
		s.ok(at(14, 8, 0), engine.Command{Event: engine.EventOverride, Actor: bay, Comment: "hẹn lại", Overrides: &engine.Overrides{Extend: dur("2wd")}})
		require.Equal(t, "17 17:30", due(s, engine.ClockStatutory))
		k := s.clock(engine.ClockStatutory)
		require.True(t, k.Breached)
		require.NotEmpty(t, k.Succeeds)
		require.Equal(t, "override", k.Rule)
	})
	t.Run("with a second pair of eyes where the definition wants it", func(t *testing.T) {
		s := verified(t, func(d *engine.Definition) {
			d.Override = &engine.Override{By: []string{engine.RoleHead}, Approval: &engine.RoleIn{Department: "leadership", Role: "leader"}, Basis: "Quy chế"}
		})
		cmd := jump("result-ready")
		require.Equal(t, engine.CodeWrongRole, engine.CodeOf(s.decide(at(10, 10, 0), engine.Command{Event: engine.EventOverride, Actor: minh, Comment: "x", Overrides: cmd.Overrides})))
		cmd.Actor = dung
		s.ok(at(10, 10, 0), cmd)
		require.Equal(t, "under-verification", s.c.State)
		s.refused(engine.CodeWrongRole, at(10, 10, 30), dung, engine.EventEndorse)
		s.fire(at(10, 11, 0), bay, engine.EventEndorse)
		require.Equal(t, "result-ready", s.c.State)
		require.Equal(t, "Quy chế", factOf(t, s, engine.FactOverridden).Basis)
	})
	t.Run("what is no override", func(t *testing.T) {
		s := verified(t)
		for _, o := range []*engine.Overrides{nil, {}, {To: "nowhere"}, {To: "under-verification"}, {Extend: dur("2d")}} {
			require.Error(t, s.decide(at(10, 10, 0), engine.Command{Event: engine.EventOverride, Actor: bay, Comment: "x", Overrides: o}))
		}
	})
}

func TestEndorsement(t *testing.T) {
	t.Parallel()
	approved := func(d *engine.Definition) {
		d.States[verifying].On[1].Approval = &engine.RoleIn{Department: "civil-status", Role: "head"}
	}
	t.Run("a supplement is asked for once the head agrees", func(t *testing.T) {
		s := verified(t, approved)
		s.fire(at(10, 10, 0), minh, "request-supplement")
		require.Equal(t, "under-verification", s.c.State)
		s.refused(engine.CodeEventNotPermitted, at(10, 10, 1), minh, "request-supplement")
		s.fire(at(10, 11, 0), dung, engine.EventEndorse)
		require.Equal(t, "awaiting-supplement", s.c.State)
		require.Empty(t, s.c.Proposals)
		entered := factOf(t, s, engine.FactStateEntered)
		require.Equal(t, []string{"dung", "lý do"}, []string{entered.Actor, entered.Comment}, "the approver, with the words it was proposed with")
		require.True(t, s.c.HasActed("under-verification", "minh"), "who proposed it has acted")
	})
	t.Run("turned down", func(t *testing.T) {
		s := verified(t, approved)
		s.fire(at(10, 10, 0), minh, "request-supplement")
		s.fire(at(10, 11, 0), dung, engine.EventTurnDown)
		require.Empty(t, s.c.Proposals)
		require.Equal(t, "under-verification", s.c.State)
	})
	t.Run("void once the dossier has moved on", func(t *testing.T) {
		s := verified(t, approved)
		s.fire(at(10, 10, 0), minh, "request-supplement")
		s.fire(at(10, 10, 30), minh, "submit")
		s.refused(engine.CodeEventNotPermitted, at(10, 11, 0), dung, engine.EventEndorse)
	})
	t.Run("never by who proposed it", func(t *testing.T) {
		s := verified(t, func(d *engine.Definition) {
			d.States[verifying].On[1].Approval = &engine.RoleIn{Department: "civil-status", Role: "civil-status-officer"}
		})
		s.fire(at(10, 10, 0), minh, "request-supplement")
		s.refused(engine.CodeSameOfficer, at(10, 11, 0), minh, engine.EventEndorse)
		s.fire(at(10, 11, 0), hoa, engine.EventEndorse)
		require.Equal(t, "awaiting-supplement", s.c.State)
	})
}

func TestReassign(t *testing.T) {
	t.Parallel()
	give := func(who engine.Actor, to string) engine.Command {
		return engine.Command{Event: engine.EventReassign, Actor: who, Officer: to, Comment: "nghỉ phép"}
	}
	staffed := func(t *testing.T) *stage {
		s := verified(t)
		s.rules.Org = staff(lan, minh, hoa, chair, both, dung, bay)
		s.fire(at(10, 9, 30), minh, engine.EventClaim)
		return s
	}
	t.Run("the holder to a colleague", func(t *testing.T) {
		s := staffed(t)
		s.ok(at(10, 10, 0), give(minh, "hoa"))
		require.Equal(t, "hoa", s.c.Holder)
		require.False(t, s.c.Delegated)
		s.refused(engine.CodeNotHolder, at(10, 11, 0), minh, "submit")
		s.fire(at(10, 11, 0), hoa, "submit")
	})
	t.Run("a supervisor to anybody, who then acts in this step only", func(t *testing.T) {
		s := staffed(t)
		require.Equal(t, engine.CodeWrongRole, engine.CodeOf(s.decide(at(10, 10, 0), give(minh, "lan"))), "not by the holder")
		s.ok(at(10, 10, 0), give(dung, "lan"))
		require.True(t, s.c.Delegated)
		s.fire(at(10, 11, 0), lan, "submit")
		require.False(t, s.c.Delegated)
		s.refused(engine.CodeWrongRole, at(10, 12, 0), lan, "sign")
	})
	t.Run("back to the pool", func(t *testing.T) {
		s := staffed(t)
		s.ok(at(10, 10, 0), give(dung, ""))
		require.Empty(t, s.c.Holder)
		s.fire(at(10, 11, 0), hoa, engine.EventClaim)
	})
	t.Run("nobody unknown, nobody separate, nobody else's", func(t *testing.T) {
		s := staffed(t)
		require.Equal(t, engine.CodeOfficerUnknown, engine.CodeOf(s.decide(at(10, 10, 0), give(dung, "ghost"))))
		require.Equal(t, engine.CodeWrongRole, engine.CodeOf(s.decide(at(10, 10, 0), give(hoa, "hoa"))))
		require.Equal(t, engine.CodeEventNotPermitted, engine.CodeOf(s.decide(at(10, 10, 0), give(dung, "minh"))))
		s.fire(at(10, 11, 0), minh, "submit")
		require.Equal(t, engine.CodeSameOfficer, engine.CodeOf(s.decide(at(10, 12, 0), give(bay, "minh"))))
	})
	t.Run("who has left holds nothing any more", func(t *testing.T) {
		s := staffed(t)
		s.rules.Org = staff(lan, hoa, chair, dung, bay)
		s.fire(at(10, 11, 0), hoa, "submit")
		require.Equal(t, "under-signature", s.c.State)
		require.Equal(t, "minh", factOf(t, s, engine.FactDossierReleased).Officer)
	})
}

func TestStandingIn(t *testing.T) {
	t.Parallel()
	s := verified(t)
	deputy := engine.Actor{Kind: engine.ActorOfficer, ID: "deputy", Agency: agency, StandsIn: []engine.StandIn{
		{RoleIn: engine.RoleIn{Department: "civil-status", Role: "civil-status-officer"}, For: "minh"},
	}}
	s.fire(at(10, 10, 0), deputy, "submit")
	f := factOf(t, s, engine.FactStateEntered)
	require.Equal(t, []string{"deputy", "minh"}, []string{f.Actor, f.OnBehalf})
}

// factOf is the last fact of a kind.
func factOf(t *testing.T, s *stage, kind engine.FactKind) engine.Fact {
	t.Helper()
	for i := len(s.facts) - 1; i >= 0; i-- {
		if s.facts[i].Kind == kind {
			return s.facts[i]
		}
	}
	require.Fail(t, "no such fact", "%s", kind)
	return engine.Fact{}
}
