package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

func TestMigrateRefusals(t *testing.T) {
	t.Parallel()
	t.Run("units differ", func(t *testing.T) {
		s := verified(t)
		s.stays(at(10, 10, 0), "units differ", s.successor(statutory("24wh")))
		s.stays(at(10, 10, 0), "units differ", s.successor(within("under-verification", "2wd")))
		s.fire(at(10, 11, 0), minh, "request-supplement")
		s.stays(at(10, 12, 0), "units differ", s.successor(func(def *engine.Definition) {
			def.Suspension = &engine.Suspension{Max: dur("30d"), OnExpiry: "lapse"}
		}))
	})
	t.Run("a limit that is gone, or that the dossier has passed", func(t *testing.T) {
		s := verified(t)
		s.stays(at(10, 10, 0), "has none", s.successor(func(def *engine.Definition) { def.Limits, def.Ladder = engine.Limits{}, nil }))
		s = started(t)
		s.stays(at(10, 8, 5), "has entered before", s.successor(func(def *engine.Definition) { def.Limits.Starts = "received" }))
	})
	t.Run("another calendar", func(t *testing.T) {
		s := verified(t)
		s.stays(at(10, 10, 0), "by calendar", s.successor(func(def *engine.Definition) { def.Calendar = "vn-holidays" }))
	})
	t.Run("a variant that is gone", func(t *testing.T) {
		online := func(def *engine.Definition) {
			def.Variants = []engine.Variant{{ID: "online", Name: def.Name, When: `channel == "online"`, Statutory: dur("2wd")}}
		}
		without := func(def *engine.Definition) { def.Variants = nil }
		s := verified(t, loose, online)
		s.stays(at(10, 10, 0), `variant "online"`, s.successor(without))
		s = started(t, loose, online)
		s.migrated(at(10, 8, 5), s.successor(without))
		require.Empty(t, s.c.Variant, "settled anew while no limit runs")
		s = verified(t, loose, online)
		s.migrated(at(10, 10, 0), s.successor(func(def *engine.Definition) {
			def.Variants = []engine.Variant{{ID: "online", Name: def.Name, When: `channel == "post"`, Statutory: dur("4wd")}}
		}))
		require.Equal(t, "online", s.c.Variant, "kept while the new version knows it")
		require.Equal(t, dur("4wd"), s.clock(engine.ClockStatutory).Budget)
	})
	t.Run("who asks, and what for", func(t *testing.T) {
		s := verified(t)
		to := s.successor()
		m := engine.Migration{Code: to.Code, From: 1, To: 2, Reason: "lý do"}
		for name, wrong := range map[string]struct {
			code engine.Code
			edit func(*engine.Migration, *engine.Actor)
		}{
			"not an approver":   {engine.CodeWrongRole, func(_ *engine.Migration, a *engine.Actor) { *a = minh }},
			"a backend system":  {engine.CodeWrongRole, func(_ *engine.Migration, a *engine.Actor) { *a = portal }},
			"another agency":    {engine.CodeForbidden, func(_ *engine.Migration, a *engine.Actor) { a.Agency = "H00.102" }},
			"no reason":         {engine.CodeCommentRequired, func(m *engine.Migration, _ *engine.Actor) { m.Reason = " " }},
			"another procedure": {engine.CodeInvalid, func(m *engine.Migration, _ *engine.Actor) { m.Code = "9.000003" }},
			"other versions":    {engine.CodeInvalid, func(m *engine.Migration, _ *engine.Actor) { m.To = 3 }},
			"from an unknown state": {engine.CodeInvalid, func(m *engine.Migration, _ *engine.Actor) {
				m.States = []engine.StateMapping{{From: "x", To: "received"}}
			}},
			"to an unknown state": {engine.CodeInvalid, func(m *engine.Migration, _ *engine.Actor) {
				m.States = []engine.StateMapping{{From: "received", To: "x"}}
			}},
			"mapped twice": {engine.CodeInvalid, func(m *engine.Migration, _ *engine.Actor) {
				m.States = []engine.StateMapping{{From: "received", To: "received"}, {From: "received", To: "under-signature"}}
			}},
		} {
			t.Run(name, func(t *testing.T) {
				m, a := m, yen
				wrong.edit(&m, &a)
				_, err := engine.Migrate(s.rules, to, s.c, m, engine.Command{Actor: a}, at(10, 10, 0))
				require.Equal(t, wrong.code, engine.CodeOf(err), "%v", err)
			})
		}
	})
	t.Run("a closed dossier, also one that time has just closed", func(t *testing.T) {
		s := started(t)
		s.fire(at(10, 8, 5), lan, "refuse")
		require.Equal(t, engine.CodeDossierClosed, engine.CodeOf(s.migrate(at(10, 9, 0), s.successor())))
		s = verified(t)
		s.fire(at(10, 10, 0), minh, "request-supplement")
		require.Equal(t, engine.CodeDossierClosed, engine.CodeOf(s.migrate(at(30, 9, 0), s.successor())))
		require.False(t, s.c.Closed(), "nothing is recorded with a refusal")
	})
	t.Run("a third version", func(t *testing.T) {
		s := verified(t)
		v2 := s.successor()
		s.rules = v2
		s.stays(at(10, 10, 0), "runs under version 1", s.successor())
	})
}
