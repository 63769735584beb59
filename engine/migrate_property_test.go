package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"motcua/engine"
)

// versionsAhead are changes of the kind that legislators think of.
var versionsAhead = []func(*engine.Definition){
	func(*engine.Definition) {},
	statutory("2wd"), statutory("5wd"), statutory("30wd"), statutory("24wh"),
	within("under-verification", "1wh"), within("under-verification", "40wh"), within("under-signature", "4wh"), within("received", "1wd"),
	renames("under-verification", "being-checked"), renames("received", "at-reception"),
	func(def *engine.Definition) { def.Ladder[0], def.Ladder[2] = def.Ladder[2], def.Ladder[0] },
	func(def *engine.Definition) { def.Ladder = def.Ladder[1:] },
	func(def *engine.Definition) {
		def.Ladder = append(def.Ladder, engine.Rung{At: 5, Of: engine.OfStep, Notify: []string{engine.RoleHead}, Raise: "due-soon"})
	},
	func(def *engine.Definition) {
		def.Suspension = &engine.Suspension{Max: dur("2wd"), Total: dur("9wd"), OnExpiry: "lapse"}
	},
	func(def *engine.Definition) {
		s := state(def, "under-signature")
		s.Department, s.Role = "civil-status", "civil-status-officer"
	},
	func(def *engine.Definition) { def.Limits.Committed = dur("2wd") },
}

// TestMigrationProperty drives dossiers at random, migrates them at random, and
// drives them on.
func TestMigrationProperty(t *testing.T) {
	t.Parallel()
	events := []string{
		"accept", "submit", "request-supplement", "supplement", "supplement-anew", "recheck", "sign", "return",
		engine.EventAcceptHandoff, engine.EventReturnHandoff, engine.EventClaim, engine.EventTick, engine.EventTick,
	}
	moved := 0
	rapid.Check(t, func(r *rapid.T) {
		s := started(t, loose)
		now := at(10, 8, 0)
		drive := func() {
			for range rapid.IntRange(0, 8).Draw(r, "steps") {
				now = now.Add(time.Duration(rapid.IntRange(0, 20*60).Draw(r, "minutes")) * time.Minute)
				who := rapid.SampledFrom([]engine.Actor{lan, minh, chair, portal}).Draw(r, "who")
				_ = s.decide(now, engine.Command{Event: rapid.SampledFrom(events).Draw(r, "event"), Actor: who, Comment: "lý do"})
			}
		}
		drive()
		var asks []ask
		if rapid.Bool().Draw(r, "allow overdue") {
			asks = append(asks, allowOverdue)
		}
		edits := []func(*engine.Definition){
			rapid.SampledFrom(versionsAhead).Draw(r, "edit"),
		}
		to := s.successor(edits...)
		for _, m := range [][2]string{{"under-verification", "being-checked"}, {"received", "at-reception"}} {
			if _, has := to.State(m[1]); has && rapid.Bool().Draw(r, "mapped") {
				asks = append(asks, maps(m[0], m[1]))
			}
		}
		before, said := s.c, len(s.facts)
		if err := s.migrate(now, to, asks...); err != nil {
			require.Contains(r, []engine.Code{engine.CodeMigrationRefused, engine.CodeDossierClosed}, engine.CodeOf(err), "%v", err)
			require.Equal(r, before, s.c)
			return
		}
		moved++
		unbroken(r, s, before, said)
		drive()
	})
	require.Greater(t, moved, 10, "some must pass for the rest to mean anything")
}

// unbroken holds what a migration may never do.
func unbroken(r *rapid.T, s *stage, before engine.Case, said int) {
	facts := s.facts[said:]
	for i, f := range s.facts[1:] {
		require.False(r, f.RecordedAt.IsZero() && f.At.Before(s.facts[i].At), "fact %d lies before the one before it", f.Seq)
	}
	closing := s.c.Closed()
	for _, k := range s.c.Clocks {
		old, had := before.Clock(k.Kind)
		if !had {
			continue
		}
		require.Equal(r, old.Budget.Unit, k.Budget.Unit)
		require.Equal(r, old.StartedAt, k.StartedAt, "what was consumed stays consumed")
		require.Equal(r, old.RunningSince, k.RunningSince)
		require.True(r, k.Breached || !old.Breached)
	}
	states := map[string]int{}
	for _, f := range facts {
		states[string(f.Kind)]++
	}
	require.Equal(r, 1, states[string(engine.FactDossierMigrated)])
	if !closing {
		require.Zero(r, states[string(engine.FactStateEntered)], "a migration is no step")
	}
	warnedOnce(r, s.facts)
	require.True(r, s.last.Next.IsZero() || s.last.Next.After(facts[len(facts)-1].At), "nothing is left undone")
}

// warnedOnce: what fires with a migration was not said of the clock before.
func warnedOnce(r *rapid.T, facts []engine.Fact) {
	said, succeeds, moved := map[string][]string{}, map[string]string{}, false
	for _, f := range facts {
		switch f.Kind {
		case engine.FactDossierMigrated:
			moved = true
		case engine.FactClockStarted:
			succeeds[f.Clock.ID] = f.Clock.Succeeds
		case engine.FactRungFired:
			if moved {
				require.NotContains(r, said[succeeds[f.Rung.Clock]], f.Rung.Rung)
				require.NotContains(r, said[f.Rung.Clock], f.Rung.Rung)
			}
			said[f.Rung.Clock] = append(said[f.Rung.Clock], f.Rung.Rung)
		default:
		}
	}
}
