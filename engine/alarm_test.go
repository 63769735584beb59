package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
)

// rung replaces the ladder of the procedure by one rung.
func rung(g engine.Rung) func(*engine.Definition) {
	return func(d *engine.Definition) { d.Ladder = []engine.Rung{g} }
}

func TestAcknowledgement(t *testing.T) {
	t.Parallel()
	seen := rung(engine.Rung{At: 100, Of: engine.OfStep, Notify: []string{engine.RoleHolder}, Raise: "overdue", AcknowledgeWithin: dur("2wh")})
	late := func(t *testing.T) *stage { // the step passes on Wednesday at 9:00
		s := verified(t, seen)
		s.rules.Org = staff(minh, hoa, dung, bay)
		s.fire(at(10, 9, 30), minh, engine.EventClaim)
		s.tick(at(12, 9, 0))
		require.Equal(t, []engine.Told{{Role: engine.RoleHolder, Officers: []string{"minh"}}}, factOf(t, s, engine.FactRungFired).Rung.Told)
		return s
	}
	t.Run("ends the alarm", func(t *testing.T) {
		s := late(t)
		s.refused(engine.CodeEventNotPermitted, at(12, 10, 0), hoa, engine.EventAcknowledge)
		s.fire(at(12, 10, 0), minh, engine.EventAcknowledge)
		require.Empty(t, s.c.Alarms)
		s.tick(at(14, 9, 0))
		require.Len(t, s.last.Notices, 0)
	})
	t.Run("without it the rung climbs, level by level, to the top", func(t *testing.T) {
		s := late(t)
		s.tick(at(12, 14, 59)) // two working hours later, and not yet four
		require.Equal(t, []engine.Told{{Role: engine.RoleHead, Officers: []string{"dung"}}}, factOf(t, s, engine.FactRungClimbed).Rung.Told)
		require.Equal(t, at(12, 11, 0), factOf(t, s, engine.FactRungClimbed).At)
		s.tick(at(12, 15, 30))
		require.Equal(t, []engine.Told{{Role: engine.RoleLeader, Officers: []string{"bay"}}}, factOf(t, s, engine.FactRungClimbed).Rung.Told)
		require.Equal(t, []string{"minh", "dung", "bay"}, s.c.Alarms[0].Told)
		s.tick(at(13, 17, 0))
		require.True(t, factOf(t, s, engine.FactRungClimbed).Rung.Nobody, "above the leader there is nobody")
		require.Empty(t, s.c.Alarms)
	})
	t.Run("after downtime it climbs in order, marked late, each level once", func(t *testing.T) {
		s := late(t)
		s.tick(at(14, 17, 0))
		var climbed []string
		for _, f := range s.facts {
			if f.Kind == engine.FactRungClimbed {
				require.True(t, f.Rung.Late)
				climbed = append(climbed, f.At.In(calendar.Zone()).Format("02 15:04"))
			}
		}
		require.Equal(t, []string{"12 11:00", "12 15:00", "12 17:00"}, climbed)
	})
	t.Run("goes on waiting under another version, by its place in the new ladder", func(t *testing.T) {
		s := late(t)
		org := s.rules.Org
		to := s.successor(func(d *engine.Definition) {
			d.Ladder = append([]engine.Rung{{At: 50, Of: engine.OfStep, Raise: "due-soon"}}, d.Ladder...)
		})
		to.Org = org
		s.migrated(at(12, 9, 30), to)
		require.Len(t, s.c.Alarms, 1)
		require.Equal(t, 1, s.c.Alarms[0].Rung)
		s.tick(at(12, 11, 0))
		require.Equal(t, "100% of step", factOf(t, s, engine.FactRungClimbed).Rung.Rung)
	})
	t.Run("is void where another version has no such rung", func(t *testing.T) {
		s := late(t)
		s.migrated(at(12, 9, 30), s.successor(func(d *engine.Definition) {
			d.Ladder = []engine.Rung{{At: 50, Of: engine.OfStep, Raise: "due-soon"}}
		}))
		require.Empty(t, s.c.Alarms)
		_, waits := s.c.Clock(engine.ClockAlarm)
		require.False(t, waits)
	})
	t.Run("needs none once the step is over", func(t *testing.T) {
		s := late(t)
		s.fire(at(12, 10, 0), minh, "submit")
		require.Empty(t, s.c.Alarms)
		_, waits := s.c.Clock(engine.ClockAlarm)
		require.False(t, waits)
	})
}

func TestRungsThatAct(t *testing.T) {
	t.Parallel()
	t.Run("reassign to who holds a role", func(t *testing.T) {
		s := verified(t, rung(engine.Rung{At: 100, Of: engine.OfStep, Reassign: engine.RoleHead}))
		s.rules.Org = staff(minh, hoa, dung, bay)
		s.fire(at(10, 9, 30), minh, engine.EventClaim)
		s.tick(at(12, 9, 0))
		require.Equal(t, "dung", s.c.Holder)
		require.True(t, s.c.Delegated, "the head does not hold the step's role")
		s.fire(at(12, 10, 0), dung, "submit")
	})
	t.Run("open a dossier of corrective action", func(t *testing.T) {
		s := verified(t, rung(engine.Rung{At: 100, Of: engine.OfStep, Open: "QT.KPH"}))
		s.tick(at(12, 9, 0))
		require.Len(t, s.c.Linked, 1)
		require.Equal(t, "QT.KPH", s.c.Linked[0].Procedure)
		require.Equal(t, []string{s.c.Linked[0].ID}, s.last.Outcome(engine.Command{}).Opens)
	})
	t.Run("which is opened even though its cause has ended meanwhile", func(t *testing.T) {
		s := verified(t, rung(engine.Rung{At: 100, Of: engine.OfStep, Open: "QT.KPH"}))
		s.tick(at(12, 9, 0))
		s.ok(at(12, 9, 1), engine.Command{Event: engine.EventOverride, Actor: bay, Comment: "x", Overrides: &engine.Overrides{To: "refused"}})
		require.True(t, s.c.Closed())
		require.Len(t, s.last.Outcome(engine.Command{}).Opens, 1)
		s.ok(at(12, 9, 2), engine.Command{Event: engine.EventLinkOpened, Actor: engine.LinkSystem(agency), Linked: &engine.Linked{ID: s.c.Linked[0].ID, Dossier: "H00.101-260812-0002"}})
		require.Empty(t, s.last.Outcome(engine.Command{}).Opens)
		s.refused(engine.CodeDossierClosed, at(12, 10, 0), minh, "submit")
	})
	t.Run("decide the case by the statutory expiry", func(t *testing.T) {
		s := verified(t, rung(engine.Rung{At: 100, Of: engine.OfStatutory, Fire: "consent", Basis: "Điều 5: quá hạn coi như đồng ý"}), func(d *engine.Definition) {
			d.States[verifying].On = append(d.States[verifying].On, transition("consent", "result-ready", func(t *engine.Transition) { t.By = engine.ByClock }))
		})
		s.tick(at(13, 17, 30))
		require.Equal(t, "result-ready", s.c.State)
		f := factOf(t, s, engine.FactStateEntered)
		require.Equal(t, []string{"clock", "Điều 5: quá hạn coi như đồng ý"}, []string{f.Actor, f.Basis})
	})
	t.Run("since the beginning of a clock", func(t *testing.T) {
		s := started(t, rung(engine.Rung{Since: dur("30wm"), Of: engine.OfStep, Raise: "due-soon"}))
		s.tick(at(10, 9, 0))
		require.Equal(t, []string{"30wm into step 10 08:30 late"}, s.rungs())
	})
	t.Run("nobody found is itself on record", func(t *testing.T) {
		s := verified(t, rung(engine.Rung{At: 100, Of: engine.OfStep, Notify: []string{engine.RoleHead}}))
		s.rules.Org = staff(minh)
		s.tick(at(12, 9, 0))
		require.True(t, factOf(t, s, engine.FactRungFired).Rung.Nobody)
		require.Equal(t, "escalated", s.c.Raised(), "nobody found is a rung of its own")
		s = verified(t, rung(engine.Rung{At: 100, Of: engine.OfStep, Notify: []string{engine.RoleHead}}))
		s.rules.Org = staff(minh, bay)
		s.tick(at(12, 9, 0))
		require.Equal(t, []engine.Told{{Role: engine.RoleHead, Officers: []string{"bay"}, Climbed: true}}, factOf(t, s, engine.FactRungFired).Rung.Told)
	})
	t.Run("people are told in office hours, the law is not", func(t *testing.T) {
		s := verified(t, rung(engine.Rung{At: 100, Of: engine.OfStep, Notify: []string{engine.RoleHolder}}), func(d *engine.Definition) {
			d.States[verifying].Within = dur("10h")
		})
		s.rules.Org = staff(minh)
		s.tick(at(10, 19, 0))
		require.Equal(t, at(10, 19, 0), s.last.Notices[0].Moment)
		require.Equal(t, at(11, 7, 30), s.last.Notices[0].Deliver)
	})
}
