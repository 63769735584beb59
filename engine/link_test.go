package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

// chained links the residence to the verification, and waits for it.
func chained(cancel string) func(*engine.Definition) {
	return func(d *engine.Definition) {
		name := engine.Text{VI: "Bước", EN: "Step"}
		d.Links = []engine.LinkRule{
			{ID: "residence", Name: name, Procedure: "1.004222", Partner: "police", Pauses: true, Within: dur("1wd"), AcknowledgeWithin: dur("2wh"), Cancel: cancel},
			{ID: "insurance", Name: name, Procedure: "1.002759", Partner: "social-insurance", Within: dur("1wd"), Cancel: cancel},
		}
		d.States[verifying].Within = dur("8wh")
		d.States[verifying].On = append(d.States[verifying].On, transition("send", "awaiting-parts", func(t *engine.Transition) { t.Link = []string{"residence", "insurance"} }))
		d.States = append(d.States, engine.State{
			ID: "awaiting-parts", Name: name, Department: "civil-status", Role: "civil-status-officer",
			On: []engine.Transition{
				transition("part-refused", "refused", func(t *engine.Transition) { t.By, t.When = engine.ByLinks, `links["residence"] == "refused"` }),
				transition("parts-done", "under-signature", func(t *engine.Transition) { t.By = engine.ByLinks }),
				transition("give-up", "stopped", nil),
			},
		})
	}
}

func told(event string, part engine.Linked) engine.Command {
	return engine.Command{Event: event, Actor: engine.LinkSystem(agency), Linked: &part}
}

func linked(t *testing.T, cancel string) *stage {
	s := verified(t, chained(cancel))
	s.fire(at(10, 10, 0), minh, "send")
	require.Len(t, s.c.Linked, 2)
	return s
}

func TestLinkedDossiers(t *testing.T) {
	t.Parallel()
	t.Run("asked for, opened, acknowledged, concluded", func(t *testing.T) {
		s := linked(t, "")
		residence, insurance := s.c.Linked[0], s.c.Linked[1]
		require.Equal(t, []string{residence.ID, insurance.ID}, s.last.Outcome(engine.Command{}).Opens)
		require.Equal(t, "10 14:00", due(s, engine.ClockReceipt), "two working hours")
		s.ok(at(10, 10, 1), told(engine.EventLinkOpened, engine.Linked{ID: residence.ID, Dossier: "H00.102-260810-0001"}))
		require.Equal(t, []string{insurance.ID}, s.last.Outcome(engine.Command{}).Opens)
		s.ok(at(10, 10, 2), told(engine.EventLinkOpened, engine.Linked{ID: residence.ID, Dossier: "another"}))
		require.Empty(t, s.last.Facts, "told twice")
		s.ok(at(10, 11, 0), told(engine.EventLinkAcknowledged, engine.Linked{ID: residence.ID}))
		_, waits := s.c.Clock(engine.ClockReceipt)
		require.False(t, waits)
		s.ok(at(11, 9, 0), told(engine.EventLinkConcluded, engine.Linked{ID: residence.ID, Outcome: "resolved"}))
		require.Equal(t, "awaiting-parts", s.c.State, "the other part runs")
		s.ok(at(11, 10, 0), told(engine.EventLinkConcluded, engine.Linked{ID: insurance.ID, Outcome: "resolved"}))
		require.Equal(t, "under-signature", s.c.State)
	})
	t.Run("a refused part ends the whole as declared", func(t *testing.T) {
		s := linked(t, "withdraw")
		s.ok(at(10, 10, 1), told(engine.EventLinkOpened, engine.Linked{ID: s.c.Linked[1].ID, Dossier: "H00.103-260810-0001"}))
		s.ok(at(10, 11, 0), told(engine.EventLinkConcluded, engine.Linked{ID: s.c.Linked[0].ID, Outcome: "refused"}))
		require.Equal(t, "refused", s.c.State)
		require.Len(t, s.last.Tells, 1)
		require.Equal(t, []string{"H00.103-260810-0001", "withdraw"}, []string{s.last.Tells[0].Dossier, s.last.Tells[0].Event})
		require.Empty(t, s.c.Clocks)
		require.Empty(t, s.last.Outcome(engine.Command{}).Opens)
	})
	t.Run("what cancels a part takes along what was not accepted there", func(t *testing.T) {
		s := started(t, func(d *engine.Definition) {
			d.States[verifying].On = append(d.States[verifying].On, transition("withdraw", "stopped", func(t *engine.Transition) { t.By = engine.ByApplicant }))
		})
		s.fire(at(10, 9, 0), lan, "accept")
		require.NotNil(t, s.c.Handoff)
		s.ok(at(10, 9, 10), engine.Command{Event: "withdraw", Actor: engine.LinkSystem(agency)})
		require.True(t, s.c.Closed())
		require.Equal(t, "one-stop", factOf(t, s, engine.FactHandoffRecalled).To)
	})
	t.Run("a part that nobody cancels goes on", func(t *testing.T) {
		s := linked(t, "")
		s.ok(at(10, 10, 1), told(engine.EventLinkOpened, engine.Linked{ID: s.c.Linked[1].ID, Dossier: "H00.103-260810-0001"}))
		s.fire(at(10, 11, 0), minh, "give-up")
		require.Empty(t, s.last.Tells)
		require.Equal(t, engine.OutcomeReleased, s.c.Linked[1].Outcome)
	})
	t.Run("the whole stands still with a part", func(t *testing.T) {
		s := linked(t, "")
		id := s.c.Linked[0].ID
		news := func(event string, seq int64, at time.Time) engine.Command {
			return told(event, engine.Linked{ID: id, Seq: seq, At: at})
		}
		s.ok(at(11, 9, 0), news(engine.EventLinkPaused, 20, at(11, 8, 0)))
		require.True(t, s.c.Halted())
		require.False(t, s.clock(engine.ClockStatutory).Running())
		s.refused(engine.CodeSuspended, at(11, 9, 30), bay, engine.EventResume)
		s.ok(at(13, 9, 0), news(engine.EventLinkResumed, 30, at(13, 8, 0)))
		require.Equal(t, "17 17:30", due(s, engine.ClockStatutory), "one of three days was used")
		s.ok(at(13, 9, 1), news(engine.EventLinkPaused, 20, at(11, 8, 0)))
		require.Empty(t, s.last.Facts, "told again")
		s.ok(at(13, 10, 0), news(engine.EventLinkResumed, 50, at(13, 9, 30)))
		s.ok(at(13, 10, 1), news(engine.EventLinkPaused, 40, at(13, 9, 20)))
		require.False(t, s.c.Halted(), "overtaken by the news that it goes on")
		s.ok(at(13, 11, 0), news(engine.EventLinkPaused, 60, at(13, 11, 0)))
		s.ok(at(14, 9, 0), told(engine.EventLinkConcluded, engine.Linked{ID: id, Outcome: "resolved"}))
		require.False(t, s.c.Halted(), "what has ended keeps nobody waiting")
	})
	t.Run("only the link itself tells", func(t *testing.T) {
		s := linked(t, "")
		cmd := told(engine.EventLinkConcluded, engine.Linked{ID: s.c.Linked[0].ID, Outcome: "resolved"})
		cmd.Actor = portal
		require.Equal(t, engine.CodeForbidden, engine.CodeOf(s.decide(at(10, 11, 0), cmd)))
		require.Equal(t, engine.CodeEventNotPermitted, engine.CodeOf(s.decide(at(10, 11, 0), told(engine.EventLinkOpened, engine.Linked{ID: "part-0"}))))
		s.refused(engine.CodeWrongRole, at(10, 11, 0), minh, "parts-done")
	})
}

func TestPartTellsItsWhole(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	cmd := s.opening(nil)
	cmd.Start.Parent = &engine.Parent{Dossier: "H00.101-260810-0009", Linked: "part-7"}
	s.ok(at(10, 8, 0), cmd)
	require.Empty(t, s.last.Tells)
	s.fire(at(10, 8, 30), lan, "accept")
	require.Equal(t, []engine.Tell{{
		Dossier: "H00.101-260810-0009", Event: engine.EventLinkAcknowledged, Key: "acknowledged", Linked: &engine.Linked{ID: "part-7", Dossier: "H00.101-260810-0001"},
	}}, s.last.Tells)
	s.fire(at(10, 9, 0), minh, engine.EventAcceptHandoff)
	require.Empty(t, s.last.Tells, "once")
	s.fire(at(10, 9, 30), minh, "request-supplement")
	require.Equal(t, engine.EventLinkPaused, s.last.Tells[0].Event)
	require.Equal(t, engine.Linked{ID: "part-7", Dossier: "H00.101-260810-0001", Seq: s.c.Seq, At: at(10, 9, 30)}, *s.last.Tells[0].Linked)
	s.fire(at(10, 9, 40), portal, "supplement-anew") // with a new limit
	require.Equal(t, engine.EventLinkResumed, s.last.Tells[0].Event)
	require.Equal(t, at(10, 9, 40), s.last.Tells[0].Linked.At)
	s.fire(at(10, 10, 0), minh, "submit")
	require.Empty(t, s.last.Tells)
	s.fire(at(10, 11, 0), chair, "sign")
	require.Equal(t, "concluded", s.last.Tells[0].Key)
	require.Equal(t, "resolved", s.last.Tells[0].Linked.Outcome)
}
