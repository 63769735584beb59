package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
)

var yen = officer("yen", engine.DepartmentQuality, engine.RoleProcedureApprover)

// successor is the procedure of the stage as version 2.
func (s *stage) successor(edits ...func(*engine.Definition)) engine.Rules {
	s.t.Helper()
	def := s.rules.Definition
	def.States = append([]engine.State{}, def.States...)
	def.Ladder = append([]engine.Rung{}, def.Ladder...)
	def.Version = s.rules.Version + 1
	loose(&def)
	for _, edit := range edits {
		edit(&def)
	}
	m, findings := engine.Compile(def, "digest of the successor")
	require.NoError(s.t, findings.Err())
	return engine.Rules{Machine: m, Cal: s.rules.Cal}
}

// loose lets the steps take longer than the limit.
func loose(def *engine.Definition) { def.Limits.WorkingDay = dur("100wh") }

func state(def *engine.Definition, id string) *engine.State {
	for i := range def.States {
		if def.States[i].ID == id {
			return &def.States[i]
		}
	}
	panic(id)
}

// renames a state and everything that names it.
func renames(from, to string) func(*engine.Definition) {
	return func(def *engine.Definition) {
		state(def, from).ID = to
		for i := range def.States {
			on := append([]engine.Transition{}, def.States[i].On...)
			for j := range on {
				if on[j].To == from {
					on[j].To = to
				}
			}
			def.States[i].On = on
			var separate []string
			for _, id := range def.States[i].NotSameOfficerAs {
				if id == from {
					id = to
				}
				separate = append(separate, id)
			}
			def.States[i].NotSameOfficerAs = separate
		}
		if def.Limits.Starts == from {
			def.Limits.Starts = to
		}
	}
}

func within(id, limit string) func(*engine.Definition) {
	return func(def *engine.Definition) { state(def, id).Within = dur(limit) }
}

func statutory(limit string) func(*engine.Definition) {
	return func(def *engine.Definition) { def.Limits.Statutory = dur(limit) }
}

type ask func(*engine.Migration)

func maps(from, to string) ask {
	return func(m *engine.Migration) { m.States = append(m.States, engine.StateMapping{From: from, To: to}) }
}

func allowOverdue(m *engine.Migration) { m.AllowOverdue = true }

// migrate moves the dossier; the stage then plays under the new version.
func (s *stage) migrate(now time.Time, to engine.Rules, asks ...ask) error {
	s.t.Helper()
	m := engine.Migration{Code: to.Code, From: s.rules.Version, To: to.Version, Reason: "Nghị định 309/2026"}
	for _, ask := range asks {
		ask(&m)
	}
	before := s.c
	d, err := engine.Migrate(s.rules, to, s.c, m, engine.Command{ID: "migration", Dossier: s.c.Dossier, Actor: yen}, now)
	require.Equal(s.t, before, s.c, "a case is never changed in place")
	if err != nil {
		require.Empty(s.t, d.Facts)
		return err
	}
	s.c, s.last, s.facts = d.Case, d, append(s.facts, d.Facts...)
	require.Equal(s.t, engine.Fold(s.facts), s.c, "the case is the fold of its facts")
	s.rules = to
	return nil
}

func (s *stage) migrated(now time.Time, to engine.Rules, asks ...ask) {
	s.t.Helper()
	require.NoError(s.t, s.migrate(now, to, asks...))
	require.Equal(s.t, to.Ref(), s.c.Procedure)
}

func (s *stage) stays(now time.Time, says string, to engine.Rules, asks ...ask) {
	s.t.Helper()
	err := s.migrate(now, to, asks...)
	require.Equal(s.t, engine.CodeMigrationRefused, engine.CodeOf(err), "%v", err)
	require.ErrorContains(s.t, err, says)
}

func (s *stage) kinds() []engine.FactKind {
	var out []engine.FactKind
	for _, f := range s.last.Facts {
		out = append(out, f.Kind)
	}
	return out
}

func TestMigrateWhenNothingDiffers(t *testing.T) {
	t.Parallel()
	s := verified(t)
	s.fire(at(10, 9, 30), minh, engine.EventClaim)
	before := s.c
	s.migrated(at(10, 10, 0), s.successor())
	require.Equal(t, []engine.FactKind{engine.FactDossierMigrated}, s.kinds())
	require.Equal(t, before.Clocks, s.c.Clocks, "the clocks go on as they are")
	require.Equal(t, "minh", s.c.Holder)

	f := s.last.Facts[0]
	require.Equal(t, "yen", f.Actor)
	require.Equal(t, "Nghị định 309/2026", f.Comment)
	require.Equal(t, 1, f.Migrated.From.Version)
	require.Equal(t, engine.ProcedureRef{Code: "9.000002", Version: 2, SHA256: "digest of the successor"}, f.Migrated.To)

}

func TestMigrateToWhereItStands(t *testing.T) {
	t.Parallel()
	s := verified(t)
	old, to := s.rules, s.successor()
	s.migrated(at(10, 10, 0), to)
	c := s.c
	s.rules = old
	require.NoError(t, s.migrate(at(10, 11, 0), to))
	require.Empty(t, s.last.Facts, "nothing happens twice")
	require.Equal(t, c, s.c)
}

func TestMigrateCarriesTheStep(t *testing.T) {
	t.Parallel()
	s := verified(t) // 16wh from Monday 09:00, due Wednesday 09:00
	old := s.clock(engine.ClockStep)
	s.migrated(at(10, 10, 0), s.successor(within("under-verification", "8wh")))
	k := s.clock(engine.ClockStep)
	require.Equal(t, at(11, 9, 0), k.Due, "eight hours from where the step began")
	require.Equal(t, old.ID, k.Succeeds)
	require.NotEqual(t, old.ID, k.ID)
	require.Equal(t, engine.VerdictSuperseded, s.last.Stopped[0].Verdict)
	require.Equal(t, at(10, 9, 0), k.StartedAt)
}

func TestMigrateCarriesTheLegalLimit(t *testing.T) {
	t.Parallel()
	t.Run("running", func(t *testing.T) {
		s := verified(t) // 3wd from Monday
		s.migrated(at(11, 10, 0), s.successor(statutory("5wd")))
		require.Equal(t, at(17, 17, 30), s.clock(engine.ClockStatutory).Due)
	})
	t.Run("suspended, with what was consumed", func(t *testing.T) {
		s := verified(t)
		s.fire(at(11, 10, 0), minh, "request-supplement") // one day used
		used := s.clock(engine.ClockStatutory).Consumed
		s.migrated(at(11, 11, 0), s.successor(statutory("5wd")))
		k := s.clock(engine.ClockStatutory)
		require.Equal(t, used, k.Consumed)
		require.False(t, k.Running())
		s.fire(at(13, 8, 0), portal, "supplement")
		require.Equal(t, at(19, 17, 30), s.clock(engine.ClockStatutory).Due, "four days are left, the first is not counted")
	})
	t.Run("extended", func(t *testing.T) {
		s := verified(t, extensible)
		s.fire(at(11, 8, 0), minh, "extend")
		require.Equal(t, dur("5wd"), s.clock(engine.ClockStatutory).Budget)
		s.migrated(at(11, 9, 0), s.successor(statutory("4wd")))
		require.Equal(t, dur("6wd"), s.clock(engine.ClockStatutory).Budget, "the extension was granted")
	})
	t.Run("given by an event", func(t *testing.T) {
		s := verified(t, func(def *engine.Definition) {
			again := &state(def, "awaiting-supplement").On[1]
			again.Resume, again.Limit = engine.ResumeRenew, dur("2wd")
		})
		s.fire(at(10, 10, 0), minh, "request-supplement")
		s.fire(at(10, 11, 0), portal, "supplement-anew")
		s.migrated(at(10, 12, 0), s.successor(statutory("9wd")))
		require.Equal(t, dur("2wd"), s.clock(engine.ClockStatutory).Budget)
	})
	t.Run("a promise that is taken back", func(t *testing.T) {
		s := verified(t, loose, func(def *engine.Definition) { def.Limits.Committed = dur("2wd") })
		s.tick(at(11, 17, 30)) // one working day before the promised Wednesday: said
		require.Contains(t, s.rungs(), "1wd before dossier 11 17:30")
		s.migrated(at(11, 18, 0), s.successor(func(def *engine.Definition) { def.Limits.Committed = calendar.Duration{} }))
		_, promised := s.c.Clock(engine.ClockCommitted)
		require.False(t, promised)
		k, _ := s.c.Appointment()
		require.Equal(t, at(13, 17, 30), k.Due)
		s.tick(at(12, 17, 30))
		require.Contains(t, s.rungs(), "1wd before dossier 12 17:30", "the other day is another warning")
	})
	t.Run("what was said of a promise is said of the day that is left", func(t *testing.T) {
		s := verified(t, loose, func(def *engine.Definition) { def.Limits.Committed = dur("2wd") })
		s.tick(at(12, 17, 30)) // the promised day is over, the one by law a working day off
		said := len(s.rungs())
		require.Contains(t, s.rungs(), "1wd before dossier 11 17:30 late")
		s.migrated(at(12, 17, 30), s.successor(func(def *engine.Definition) { def.Limits.Committed = calendar.Duration{} }))
		require.Len(t, s.rungs(), said, "a working day before the day: nobody is told twice")
		s.tick(at(13, 17, 30))
		require.Equal(t, "100% of dossier 13 17:30", s.rungs()[len(s.rungs())-1])
	})
	t.Run("a promise that is new", func(t *testing.T) {
		s := verified(t)
		s.migrated(at(10, 10, 0), s.successor(func(def *engine.Definition) { def.Limits.Committed = dur("1wd") }))
		_, promised := s.c.Clock(engine.ClockCommitted)
		require.False(t, promised)
	})
}

func extensible(def *engine.Definition) {
	def.Extension = &engine.Extension{Max: dur("2wd")}
	on := &state(def, "under-verification").On
	*on = append(*on, engine.Transition{Event: "extend", Name: def.Name, Extend: dur("2wd")})
}

func TestMigrateRungs(t *testing.T) {
	t.Parallel()
	swapped := func(def *engine.Definition) { def.Ladder[0], def.Ladder[1] = def.Ladder[1], def.Ladder[0] }
	t.Run("fired ones are known by what they say, not by their place", func(t *testing.T) {
		s := verified(t)
		s.tick(at(11, 18, 0)) // 75% was at 15:00
		before := s.rungs()
		s.migrated(at(11, 18, 0), s.successor(swapped))
		require.Equal(t, before, s.rungs(), "nobody is warned twice")
		require.Equal(t, []int{1}, s.clock(engine.ClockStep).Fired)
		require.Equal(t, "due-soon", s.clock(engine.ClockStep).Raised)
		s.tick(at(12, 9, 0))
		require.Equal(t, append(before, "100% of step 12 09:00"), s.rungs())
	})
	t.Run("one that only the new ladder has and is past fires at once", func(t *testing.T) {
		s := verified(t)
		s.migrated(at(10, 17, 30), s.successor(func(def *engine.Definition) {
			def.Ladder = append(def.Ladder, engine.Rung{At: 10, Of: engine.OfStep, Notify: []string{engine.RoleHolder}})
		}))
		require.Equal(t, []string{"10% of step 10 17:30"}, s.rungs())
		require.Equal(t, at(10, 17, 30), s.last.Facts[len(s.last.Facts)-1].At, "the record does not run backwards")
		require.Len(t, s.last.Notices, 1)
		s.tick(at(10, 17, 31))
		require.Empty(t, s.last.Facts)
	})
	t.Run("one that the new limit makes due fires at once", func(t *testing.T) {
		s := verified(t)
		s.migrated(at(10, 17, 0), s.successor(within("under-verification", "8wh"))) // 6 of 8 hours: 75%
		require.Equal(t, []string{"75% of step 10 17:00"}, s.rungs())
		s.tick(at(11, 9, 0))
		require.Equal(t, []string{"75% of step 10 17:00", "100% of step 11 09:00"}, s.rungs())
	})
	t.Run("one that the new limit moves ahead is still to come", func(t *testing.T) {
		s := verified(t)
		s.tick(at(12, 9, 0))
		require.Contains(t, s.rungs(), "100% of step 12 09:00")
		said := len(s.rungs())
		s.migrated(at(12, 9, 0), s.successor(within("under-verification", "32wh")))
		require.Len(t, s.rungs(), said)
		require.Empty(t, s.clock(engine.ClockStep).Raised)
		s.tick(at(14, 9, 0))
		require.Contains(t, s.rungs(), "100% of step 14 09:00")
	})
	t.Run("of a clock that stands still", func(t *testing.T) {
		s := verified(t, loose, statutory("1wd"))
		s.tick(at(10, 9, 30)) // one day before Tuesday evening is past
		said := s.rungs()
		s.fire(at(11, 8, 0), minh, "request-supplement")
		s.migrated(at(11, 9, 0), s.successor(func(def *engine.Definition) {
			def.Ladder = append([]engine.Rung{{At: 50, Of: engine.OfSuspension, Notify: []string{engine.RoleHead}}}, def.Ladder...)
		}))
		s.fire(at(11, 10, 0), portal, "supplement")
		for _, rung := range said {
			n := 0
			for _, r := range s.rungs() {
				if r == rung {
					n++
				}
			}
			require.Equal(t, 1, n, "%s in %v", rung, s.rungs())
		}
	})
}

func TestMigrateKeepsABreach(t *testing.T) {
	t.Parallel()
	s := verified(t)
	s.tick(at(14, 8, 0)) // Friday: the three days are over
	s.migrated(at(14, 8, 0), s.successor(statutory("30wd")))
	k := s.clock(engine.ClockStatutory)
	require.True(t, k.Breached, "a longer limit does not undo a breach")
	require.True(t, k.Overdue(at(14, 8, 0)))
}

func TestMigrateIntoLateness(t *testing.T) {
	t.Parallel()
	s := verified(t)
	short := s.successor(within("under-verification", "1wh"))
	s.stays(at(10, 11, 0), "would be overdue", short)
	s.migrated(at(10, 11, 0), short, allowOverdue)
	require.Equal(t, []string{"75% of step 10 11:00", "100% of step 10 11:00"}, s.rungs())

	s = verified(t)
	s.tick(at(13, 9, 0)) // the step is overdue as it is
	s.migrated(at(13, 9, 0), s.successor(within("under-verification", "8wh")))

	s = verified(t)
	s.fire(at(12, 10, 0), minh, "request-supplement") // two of three days used
	s.stays(at(12, 11, 0), "would be overdue", s.successor(statutory("1wd")))
}

func TestMigrateStates(t *testing.T) {
	t.Parallel()
	checked := renames("under-verification", "being-checked")
	t.Run("one without a counterpart", func(t *testing.T) {
		s := verified(t)
		s.stays(at(10, 10, 0), `no state "under-verification"`, s.successor(checked))
	})
	t.Run("one that is mapped", func(t *testing.T) {
		s := verified(t)
		s.fire(at(10, 9, 30), minh, engine.EventClaim)
		s.migrated(at(10, 10, 0), s.successor(checked), maps("under-verification", "being-checked"))
		require.Equal(t, "being-checked", s.c.State)
		require.Equal(t, "minh", s.c.Holder)
		require.Equal(t, "being-checked", s.clock(engine.ClockStep).Subject)
		require.Equal(t, []engine.Entry{{State: "received", Times: 1}, {State: "being-checked", Times: 1}}, s.c.Entries)
		s.fire(at(10, 11, 0), minh, "submit")
	})
	t.Run("duties stay separate under other names", func(t *testing.T) {
		s := started(t)
		s.fire(at(10, 9, 0), lan, "accept")
		s.fire(at(10, 9, 0), both, engine.EventAcceptHandoff)
		s.fire(at(10, 9, 5), both, "submit")
		s.migrated(at(10, 9, 6), s.successor(checked), maps("under-verification", "being-checked"))
		s.refused(engine.CodeSameOfficer, at(10, 9, 7), both, "sign")
		s.fire(at(10, 9, 8), chair, "sign")
	})
	t.Run("another department", func(t *testing.T) {
		s := verified(t)
		s.fire(at(10, 9, 30), minh, engine.EventClaim)
		s.migrated(at(10, 10, 0), s.successor(func(def *engine.Definition) {
			state(def, "under-verification").Department, state(def, "under-verification").Role = "leadership", "signer"
		}))
		require.Equal(t, "leadership", s.c.Department)
		require.Equal(t, "signer", s.c.Role)
		require.Empty(t, s.c.Holder, "whoever held it may not act there")
	})
	t.Run("a step that must not be its holder's any more", func(t *testing.T) {
		twice := engine.Actor{Kind: engine.ActorOfficer, ID: "twice", Agency: agency, Roles: append(append([]engine.RoleIn{}, lan.Roles...), minh.Roles...)}
		s := started(t)
		s.fire(at(10, 9, 0), twice, "accept")
		s.fire(at(10, 9, 0), twice, engine.EventAcceptHandoff)
		s.fire(at(10, 9, 5), twice, engine.EventClaim)
		s.migrated(at(10, 10, 0), s.successor(renames("received", "at-reception"), func(def *engine.Definition) {
			state(def, "under-verification").NotSameOfficerAs = []string{"at-reception"}
		}), maps("received", "at-reception"))
		require.Empty(t, s.c.Holder)
		s.fire(at(10, 10, 5), minh, engine.EventClaim)
	})
	t.Run("those that decide something", func(t *testing.T) {
		s := verified(t)
		s.stays(at(10, 10, 0), "is final", s.successor(), maps("under-verification", "refused"))
		s.stays(at(10, 10, 0), "result is decided", s.successor(), maps("under-verification", "result-ready"))
		s.stays(at(10, 10, 0), "stands still", s.successor(), maps("under-verification", "awaiting-supplement"))
	})
}

func TestMigrateHandoff(t *testing.T) {
	t.Parallel()
	sent := func(t *testing.T) *stage {
		s := started(t)
		s.fire(at(10, 9, 0), lan, "accept")
		return s
	}
	t.Run("a pending one is kept", func(t *testing.T) {
		s := sent(t)
		s.migrated(at(10, 9, 10), s.successor(renames("received", "at-reception"), func(def *engine.Definition) {
			state(def, "under-verification").Handoff = &engine.HandoffRule{AcceptWithin: dur("60wm"), MayReturn: true}
		}), maps("received", "at-reception"))
		require.Equal(t, "at-reception", s.c.Handoff.FromState)
		require.Equal(t, at(10, 10, 0), s.clock(engine.ClockHandoff).Due)
		_, step := s.c.Clock(engine.ClockStep)
		require.False(t, step)
		s.fire(at(10, 9, 20), minh, engine.EventReturnHandoff)
		require.Equal(t, "at-reception", s.c.State)
	})
	t.Run("one to another department stays", func(t *testing.T) {
		s := sent(t)
		s.stays(at(10, 9, 10), "handoff to department civil-status is pending", s.successor(func(def *engine.Definition) {
			state(def, "under-verification").Department, state(def, "under-verification").Role = "leadership", "signer"
		}))
	})
	t.Run("one that could not be returned any more stays", func(t *testing.T) {
		s := sent(t)
		s.stays(at(10, 9, 10), `may be returned to state "received"`, s.successor(renames("received", "at-reception")))
	})
}

func TestMigrateLetsTimeActFirst(t *testing.T) {
	t.Parallel()
	s := verified(t)
	s.migrated(at(12, 10, 0), s.successor())
	last := len(s.kinds()) - 1
	require.Equal(t, engine.FactDossierMigrated, s.kinds()[last])
	for _, kind := range s.kinds()[:last] {
		require.Equal(t, engine.FactRungFired, kind)
	}
	require.Contains(t, s.rungs(), "100% of step 12 09:00 late")
}

func TestMigrateSuspension(t *testing.T) {
	t.Parallel()
	s := verified(t)
	s.fire(at(10, 10, 0), minh, "request-supplement") // 7wd: Wednesday 19
	require.Equal(t, at(19, 17, 30), s.clock(engine.ClockSuspension).Due)
	longer := s.successor(func(def *engine.Definition) {
		def.Suspension = &engine.Suspension{Max: dur("10wd"), OnExpiry: "lapse", Total: dur("20wd")}
	})
	s.migrated(at(11, 10, 0), longer)
	require.Equal(t, at(24, 17, 30), s.clock(engine.ClockSuspension).Due)
	require.True(t, s.clock(engine.ClockStandstill).Running(), "what only the new version has starts now")
	shorter := s.successor(func(def *engine.Definition) {
		def.Version = 3
		def.Suspension = &engine.Suspension{Max: dur("1wd"), OnExpiry: "lapse"}
	})
	s.stays(at(14, 10, 0), "would be overdue", shorter)
	s.migrated(at(14, 10, 0), shorter, allowOverdue)
	require.Equal(t, "stopped", s.c.State, "it lapses there and then")
	require.True(t, s.c.Closed())
	require.Equal(t, at(14, 10, 0), s.c.ClosedAt)
}

func TestMigrateStepThatOnlyOneVersionTimes(t *testing.T) {
	t.Parallel()
	untimed := func(def *engine.Definition) {
		state(def, "under-verification").Within, state(def, "under-verification").ZeroTime = calendar.Duration{}, true
	}
	s := verified(t, untimed)
	_, timed := s.c.Clock(engine.ClockStep)
	require.False(t, timed)
	s.migrated(at(10, 10, 0), s.successor(within("under-verification", "8wh"), func(def *engine.Definition) { state(def, "under-verification").ZeroTime = false }))
	require.Equal(t, at(11, 10, 0), s.clock(engine.ClockStep).Due, "from the migration on")
	s.migrated(at(10, 11, 0), s.successor(untimed))
	_, timed = s.c.Clock(engine.ClockStep)
	require.False(t, timed)
}
