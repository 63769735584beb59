package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

func TestResumeRenewsTheLimit(t *testing.T) {
	t.Parallel()
	s := verified(t, func(d *engine.Definition) {
		d.Limits.Committed = dur("24wh")
		d.States[supplementing].On[0].Resume, d.States[supplementing].On[0].Limit = engine.ResumeRenew, dur("18wd")
	})
	s.fire(at(10, 10, 0), minh, "request-supplement")
	s.fire(at(12, 10, 0), portal, "supplement")
	require.Equal(t, dur("18wd"), s.clock(engine.ClockStatutory).Budget)
	_, promised := s.c.Clock(engine.ClockCommitted)
	require.False(t, promised, "the old promise is void")
	appointment, _ := s.c.Appointment()
	require.Equal(t, engine.ClockStatutory, appointment.Kind)
}

func TestExtension(t *testing.T) {
	t.Parallel()
	extensible := func(d *engine.Definition) {
		d.Extension = &engine.Extension{Max: dur("2wd")}
		d.States[verifying].On = append(d.States[verifying].On, transition("extend", "", func(t *engine.Transition) { t.Extend, t.Print = dur("2wd"), "apology" }))
	}
	t.Run("the old limit stays readable, the ladder is not climbed twice", func(t *testing.T) {
		s := verified(t, extensible)
		s.tick(at(12, 17, 30)) // one day before
		require.Contains(t, s.rungs(), "1wd before dossier 12 17:30")
		s.fire(at(13, 9, 0), minh, "extend")
		require.Equal(t, dur("5wd"), s.clock(engine.ClockStatutory).Budget)
		require.Equal(t, "17 17:30", due(s, engine.ClockStatutory))
		require.Equal(t, engine.VerdictSuperseded, s.last.Stopped[0].Verdict)
		s.tick(at(17, 8, 0))
		require.Contains(t, s.rungs(), "1wd before dossier 14 17:30 late", "the rung belongs to the new due date again")
	})
	t.Run("once", func(t *testing.T) {
		s := verified(t, extensible)
		s.fire(at(10, 10, 0), minh, "extend")
		s.refused(engine.CodeExtensionRefused, at(10, 11, 0), minh, "extend")
	})
	t.Run("no more than the bound in all", func(t *testing.T) {
		s := verified(t, extensible, func(d *engine.Definition) { d.Extension.Max, d.Extension.MaxTimes = dur("3wd"), 5 })
		s.fire(at(10, 10, 0), minh, "extend")
		s.refused(engine.CodeExtensionRefused, at(10, 11, 0), minh, "extend")
	})
	t.Run("not once the limit has passed", func(t *testing.T) {
		s := verified(t, extensible)
		s.refused(engine.CodeExtensionRefused, at(14, 8, 0), minh, "extend")
	})
}

func TestAStateExpires(t *testing.T) {
	t.Parallel()
	posting := func(d *engine.Definition) {
		d.States = append(d.States, engine.State{
			ID: "posted", Name: engine.Text{VI: "Niêm yết"}, Department: "civil-status", Role: "civil-status-officer", WaitsFor: "public", ZeroTime: true,
			Expires: &engine.Expiry{After: dur("30d"), Event: "end-posting", Basis: "Luật Đất đai"}, MaxTimes: 1,
			On: []engine.Transition{
				transition("end-posting", "under-signature", func(t *engine.Transition) { t.By = engine.ByClock }),
				transition("object", "under-verification", nil),
			},
		})
		d.States[verifying].On = append(d.States[verifying].On, transition("post", "posted", nil))
		d.Ladder = append(d.Ladder, engine.Rung{Before: dur("5d"), Of: engine.OfWait, Notify: []string{engine.RoleHolder}})
	}
	t.Run("by time alone, at its own moment, on its legal basis", func(t *testing.T) {
		s := verified(t, posting)
		s.fire(at(10, 10, 0), minh, "post")
		s.tick(at(41, 8, 0))
		require.Equal(t, "under-signature", s.c.State)
		var entered engine.Fact
		for _, f := range s.facts {
			if f.Kind == engine.FactStateEntered && f.To == "under-signature" {
				entered = f
			}
		}
		require.Equal(t, "Luật Đất đai", entered.Basis)
		require.Equal(t, engine.ActorClock, entered.ActorKind)
		require.Contains(t, s.rungs(), "5d before wait 04 17:30 late")
	})
	t.Run("not when it was left, and not entered again", func(t *testing.T) {
		s := verified(t, posting)
		s.fire(at(10, 10, 0), minh, "post")
		s.fire(at(11, 10, 0), minh, "object")
		_, waiting := s.c.Clock(engine.ClockWait)
		require.False(t, waiting)
		s.refused(engine.CodeEventNotPermitted, at(11, 11, 0), minh, "post")
	})
}

func TestAllSuspensionsTogetherAreBounded(t *testing.T) {
	t.Parallel()
	s := verified(t, func(d *engine.Definition) {
		d.Suspension.Max, d.Suspension.Total, d.Suspension.MaxTimes = dur("20d"), dur("25d"), 0
	})
	s.fire(at(10, 10, 0), minh, "request-supplement")
	s.fire(at(25, 10, 0), portal, "supplement") // 15 days used
	require.False(t, s.clock(engine.ClockStandstill).Running())
	s.fire(at(26, 10, 0), minh, "request-supplement") // ten are left, though one alone may take twenty
	require.Equal(t, "07 17:30", due(s, engine.ClockStandstill), "5 September is a Saturday")
	s.tick(at(41, 8, 0))
	require.Equal(t, "stopped", s.c.State)
}

func TestOnlyTheApplicantsWaitIsCounted(t *testing.T) {
	t.Parallel()
	s := verified(t, func(d *engine.Definition) {
		d.States = append(d.States, engine.State{
			ID: "awaiting-tax", Name: engine.Text{VI: "Chờ nghĩa vụ tài chính"}, Department: "civil-status", Role: "civil-status-officer", Clock: "suspended", WaitsFor: "finance",
			On: []engine.Transition{transition("confirm-payment", "under-signature", func(t *engine.Transition) { t.By = engine.BySystem })},
		})
		d.States[verifying].On = append(d.States[verifying].On, transition("notify-tax", "awaiting-tax", nil))
	})
	s.fire(at(10, 10, 0), minh, "notify-tax")
	require.Zero(t, s.c.Suspensions)
	_, bounded := s.c.Clock(engine.ClockSuspension)
	require.False(t, bounded, "the law sets no bound on the tax office")
	require.Equal(t, engine.StatusSuspended, s.c.Status())
	s.fire(at(41, 10, 0), portal, "confirm-payment")
	require.Equal(t, "under-signature", s.c.State)
}
