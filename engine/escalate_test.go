package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

func TestEscalate(t *testing.T) {
	t.Parallel()
	held := func(t *testing.T) *stage { // Minh holds it since Monday 9:30
		s := verified(t)
		s.rules.Org = staff(minh, hoa, dung, bay)
		s.fire(at(10, 9, 30), minh, engine.EventClaim)
		return s
	}
	escalated := func(s *stage) []engine.Escalation {
		var out []engine.Escalation
		for _, f := range s.facts {
			if f.Kind == engine.FactDossierEscalated {
				out = append(out, *f.Escalation)
			}
		}
		return out
	}
	t.Run("the holder asks the head, who must acknowledge", func(t *testing.T) {
		s := held(t)
		s.fire(at(10, 10, 0), minh, engine.EventEscalate)
		require.Equal(t, []engine.Escalation{{Level: 1, Moment: at(10, 10, 0), Told: []engine.Told{{Role: engine.RoleHead, Officers: []string{"dung"}}}}}, escalated(s))
		require.Equal(t, "escalated", s.c.Raised())
		require.Len(t, s.last.Notices, 1)
		require.Equal(t, []string{"dung"}, s.last.Notices[0].Officers)
		require.Equal(t, "lý do", factOf(t, s, engine.FactDossierEscalated).Comment)
		s.refused(engine.CodeEventNotPermitted, at(10, 10, 5), minh, engine.EventAcknowledge)
		s.fire(at(10, 10, 10), dung, engine.EventAcknowledge)
		require.Empty(t, s.c.Alarms)
		require.Empty(t, s.c.Raised(), "the answer ends it")
	})
	t.Run("unanswered it climbs, level by level, to the top", func(t *testing.T) {
		s := held(t)
		s.fire(at(10, 10, 0), minh, engine.EventEscalate)
		s.tick(at(10, 16, 0)) // four working hours later
		levels := escalated(s)
		require.Len(t, levels, 2)
		require.Equal(t, []engine.Told{{Role: engine.RoleLeader, Officers: []string{"bay"}}}, levels[1].Told)
		require.Equal(t, 2, s.c.Alarms[0].Level)
		s.tick(at(11, 15, 0))
		require.True(t, escalated(s)[2].Nobody)
		require.Empty(t, s.c.Alarms)
	})
	t.Run("a head passes it on to the leader, and takes over what waited", func(t *testing.T) {
		s := held(t)
		s.fire(at(10, 10, 0), minh, engine.EventEscalate)
		s.fire(at(10, 10, 30), dung, engine.EventEscalate)
		require.Len(t, s.c.Alarms, 1)
		require.Equal(t, []string{"dung", "bay"}, s.c.Alarms[0].Told)
		s.refused(engine.CodeEventNotPermitted, at(10, 11, 0), bay, engine.EventEscalate)
	})
	t.Run("stays through a halt and a step", func(t *testing.T) {
		s := held(t)
		s.fire(at(10, 10, 0), minh, engine.EventEscalate)
		s.ok(at(10, 10, 30), halting(at(14, 9, 0)))
		require.Equal(t, "escalated", s.c.Raised())
		s.ok(at(10, 11, 0), engine.Command{Event: engine.EventResume, Actor: dung})
		s.fire(at(10, 11, 10), minh, "submit")
		require.Len(t, s.c.Alarms, 1)
	})
	t.Run("who, and why", func(t *testing.T) {
		s := held(t)
		s.refused(engine.CodeWrongRole, at(10, 10, 0), hoa, engine.EventEscalate)
		require.Equal(t, engine.CodeCommentRequired, engine.CodeOf(s.decide(at(10, 10, 0), engine.Command{Event: engine.EventEscalate, Actor: minh})))
		elsewhere := minh
		elsewhere.Agency = "H00.102"
		s.refused(engine.CodeForbidden, at(10, 10, 0), elsewhere, engine.EventEscalate)
		s.rules.Org = staff(minh)
		s.refused(engine.CodeEventNotPermitted, at(10, 10, 0), minh, engine.EventEscalate)
	})
}

func TestReturnBySupervisor(t *testing.T) {
	t.Parallel()
	back := func(who engine.Actor, to string) engine.Command {
		return engine.Command{Event: engine.EventReturn, Actor: who, Comment: "thiếu căn cứ", Target: to}
	}
	signing := func(t *testing.T, edits ...func(*engine.Definition)) *stage {
		s := verified(t, edits...)
		s.fire(at(10, 10, 0), minh, "submit")
		return s
	}
	t.Run("by the way the definition draws it is none", func(t *testing.T) {
		s := signing(t)
		s.ok(at(10, 11, 0), back(bay, "under-verification"))
		require.Equal(t, "under-verification", s.c.State)
		require.Empty(t, ofKind(s.facts, engine.FactOverridden))
	})
	t.Run("anywhere else it is an override, and takes who may", func(t *testing.T) {
		s := signing(t)
		s.ok(at(10, 11, 0), back(bay, "received"))
		require.Equal(t, "received", s.c.State)
		f := factOf(t, s, engine.FactOverridden)
		require.Equal(t, engine.EventReturn, f.Event)
		require.Equal(t, "thiếu căn cứ", f.Comment)
	})
	t.Run("a head who may not override returns only where a way is drawn", func(t *testing.T) {
		s := verified(t)
		require.Equal(t, engine.CodeWrongRole, engine.CodeOf(s.decide(at(10, 11, 0), back(dung, "received"))))
		require.NotContains(t, permitted(s, dung), engine.EventReturn)
		require.Contains(t, permitted(s, bay), engine.EventReturn)
	})
	t.Run("with a second pair of eyes where the definition wants it", func(t *testing.T) {
		s := signing(t, func(d *engine.Definition) {
			d.Override = &engine.Override{By: []string{engine.RoleHead}, Approval: &engine.RoleIn{Department: "one-stop", Role: "reception-officer"}}
		})
		s.ok(at(10, 11, 0), back(bay, "received"))
		require.Equal(t, "under-signature", s.c.State)
		s.fire(at(10, 11, 30), lan, engine.EventEndorse)
		require.Equal(t, "received", s.c.State)
	})
	t.Run("what is refused", func(t *testing.T) {
		s := signing(t)
		for code, cmd := range map[engine.Code]engine.Command{
			engine.CodeWrongRole:         back(minh, "under-verification"),
			engine.CodeEventNotPermitted: back(bay, "result-ready"),
			engine.CodeInvalid:           back(bay, ""),
			engine.CodeCommentRequired:   {Event: engine.EventReturn, Actor: bay, Target: "received"},
		} {
			require.Equal(t, code, engine.CodeOf(s.decide(at(10, 11, 0), cmd)))
		}
		sent := started(t)
		sent.fire(at(10, 9, 0), lan, "accept")
		require.Equal(t, engine.CodeHandoffPending, engine.CodeOf(sent.decide(at(10, 11, 0), back(bay, "received"))))
	})
}

func TestWithdrawBySupervisor(t *testing.T) {
	t.Parallel()
	t.Run("where the step has no event for it, on record as what it is", func(t *testing.T) {
		s := verified(t)
		s.refused(engine.CodeWrongRole, at(10, 10, 0), minh, engine.EventWithdraw)
		require.Contains(t, permitted(s, dung), engine.EventWithdraw)
		s.fire(at(10, 10, 0), dung, engine.EventWithdraw)
		require.True(t, s.c.Closed())
		require.Equal(t, "stopped", s.c.Outcome)
		require.Equal(t, engine.EventWithdraw, factOf(t, s, engine.FactOverridden).Event)
		require.Equal(t, "lý do", factOf(t, s, engine.FactOverridden).Comment)
	})
	t.Run("not past the event the step has", func(t *testing.T) {
		s := verified(t, func(d *engine.Definition) {
			d.States = append(d.States, engine.State{ID: "withdrawn", Name: d.Name, Final: true, Outcome: "withdrawn"})
			for i := range d.States {
				if d.States[i].ID == "under-verification" {
					d.States[i].On = append(d.States[i].On, engine.Transition{Event: "withdraw", To: "withdrawn", Name: d.Name, By: engine.ByApplicant})
				}
			}
		})
		s.refused(engine.CodeEventNotPermitted, at(10, 10, 0), dung, engine.EventWithdraw)
		require.NotContains(t, permitted(s, dung), engine.EventWithdraw)
	})
}

func TestExtendBySupervisor(t *testing.T) {
	t.Parallel()
	extendable := func(d *engine.Definition) { d.Extension = &engine.Extension{Max: dur("2wd")} }
	extend := func(by string) engine.Command {
		return engine.Command{Event: engine.EventExtend, Actor: dung, Comment: "hồ sơ phức tạp", Extend: dur(by)}
	}
	t.Run("within the bounds of the definition, and no override", func(t *testing.T) {
		s := verified(t, extendable)
		before := due(s, engine.ClockStatutory)
		s.ok(at(10, 10, 0), extend("1wd"))
		require.NotEqual(t, before, due(s, engine.ClockStatutory))
		require.Equal(t, "apology", factOf(t, s, engine.FactFormIssued).Form)
		require.Empty(t, ofKind(s.facts, engine.FactOverridden))
		require.Equal(t, engine.CodeExtensionRefused, engine.CodeOf(s.decide(at(10, 10, 0), extend("1wd"))), "once, as the law has it")
	})
	t.Run("past them an override is another verb", func(t *testing.T) {
		s := verified(t, extendable)
		for by, code := range map[string]engine.Code{"3wd": engine.CodeExtensionRefused, "2d": engine.CodeInvalid} {
			require.Equal(t, code, engine.CodeOf(s.decide(at(10, 10, 0), extend(by))), by)
		}
		require.Equal(t, engine.CodeExtensionRefused, engine.CodeOf(s.decide(at(14, 9, 0), extend("1wd"))), "too late")
		require.Equal(t, engine.CodeExtensionRefused, engine.CodeOf(verified(t).decide(at(10, 10, 0), extend("1wd"))), "none is allowed")
		s.refused(engine.CodeWrongRole, at(10, 10, 0), minh, engine.EventExtend)
		s.refused(engine.CodeInvalid, at(10, 10, 0), dung, engine.EventExtend)
		require.Contains(t, permitted(s, dung), engine.EventExtend)
	})
}

func ofKind(facts []engine.Fact, kind engine.FactKind) []engine.Fact {
	var out []engine.Fact
	for _, f := range facts {
		if f.Kind == kind {
			out = append(out, f)
		}
	}
	return out
}

func permitted(s *stage, a engine.Actor) []string {
	var out []string
	for _, p := range s.rules.Permitted(s.c, a) {
		out = append(out, p.Event)
	}
	return out
}
