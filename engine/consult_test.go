package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

var (
	police  = officer("police", "police", "captain")
	builder = officer("builder", "construction", "head")
)

// consulting lets verification ask two departments, two working days each.
func consulting(silence, join string) func(*engine.Definition) {
	return func(d *engine.Definition) {
		c := engine.Consultation{
			ID: "opinions", Name: engine.Text{VI: "Lấy ý kiến"}, Within: dur("2wd"), Silence: silence,
			Ask: []engine.RoleIn{{Department: "police", Role: "captain"}, {Department: "construction", Role: "head"}},
		}
		if join != "" {
			if err := c.Join.UnmarshalText([]byte(join)); err != nil {
				panic(err)
			}
		}
		d.Consultations = []engine.Consultation{c}
		d.States[verifying].On = append(d.States[verifying].On,
			transition("consult", "", func(t *engine.Transition) { t.Start = []string{"opinions"} }),
			transition("conclude", "under-signature", func(t *engine.Transition) { t.Needs = []string{engine.NeedConsultations} }),
			transition("give-up", "refused", func(t *engine.Transition) { t.When = `opinions["opinions"] == "refused"` }))
	}
}

func (s *stage) answer(who engine.Actor, says string) engine.Command {
	return engine.Command{Event: engine.EventAnswer, Actor: who, Comment: "vì", Answer: &engine.Answer{Consultation: "opinions", Department: who.Roles[0].Department, Says: says}}
}

func (s *stage) round() engine.Consulted { return s.c.Consulted[len(s.c.Consulted)-1] }

func TestConsultation(t *testing.T) {
	t.Parallel()
	asked := func(t *testing.T, silence, join string) *stage {
		s := verified(t, consulting(silence, join))
		s.fire(at(10, 10, 0), minh, "consult")
		return s
	}
	t.Run("everybody is asked at once, each on a clock", func(t *testing.T) {
		s := asked(t, "agree", "")
		require.Len(t, s.round().Opinions, 2)
		for _, o := range s.round().Opinions {
			require.NotEmpty(t, o.Clock)
		}
		require.Equal(t, "12 17:30", due(s, engine.ClockConsultation))
		s.refused(engine.CodeNeedsUnmet, at(10, 11, 0), minh, "conclude")
		s.refused(engine.CodeEventNotPermitted, at(10, 11, 0), minh, "consult")
		require.Equal(t, []string{"answer"}, events(s.rules.Permitted(s.c, police)))
	})
	t.Run("concluded when all agree", func(t *testing.T) {
		s := asked(t, "agree", "")
		s.ok(at(10, 14, 0), s.answer(police, "agree"))
		s.ok(at(10, 15, 0), s.answer(builder, "agree"))
		require.Equal(t, engine.ResultAgreed, s.round().Result)
		s.fire(at(10, 16, 0), minh, "conclude")
		require.Equal(t, "under-signature", s.c.State)
	})
	t.Run("one refusal is enough to refuse", func(t *testing.T) {
		s := asked(t, "agree", "")
		s.refused(engine.CodeNeedsUnmet, at(10, 11, 0), minh, "give-up")
		s.ok(at(10, 14, 0), s.answer(police, "refuse"))
		s.ok(at(10, 15, 0), s.answer(builder, "agree"))
		require.Equal(t, engine.ResultRefused, s.round().Result)
		s.fire(at(10, 16, 0), minh, "give-up")
	})
	t.Run("silence is consent where it is declared", func(t *testing.T) {
		s := asked(t, "agree", "")
		s.ok(at(10, 14, 0), s.answer(police, "agree"))
		s.tick(at(12, 17, 30))
		require.Equal(t, engine.ResultAgreed, s.round().Result)
		require.True(t, s.round().Opinions[1].Silent)
		s.ok(at(13, 8, 0), s.answer(builder, "refuse"))
		require.Equal(t, "refuse", s.round().Opinions[1].Late, "on record")
		require.Equal(t, engine.ResultAgreed, s.round().Result, "not counted")
	})
	t.Run("silence means nothing where it escalates", func(t *testing.T) {
		s := asked(t, "escalate", "")
		s.ok(at(10, 14, 0), s.answer(police, "agree"))
		s.tick(at(14, 8, 0))
		require.Empty(t, s.round().Result)
		s.ok(at(14, 9, 0), s.answer(builder, "agree"))
		require.Equal(t, engine.ResultAgreed, s.round().Result, "a late answer counts: nothing spoke in its place")
	})
	t.Run("its rungs tell those who were asked", func(t *testing.T) {
		s := verified(t, consulting("agree", ""), func(d *engine.Definition) {
			d.Ladder = []engine.Rung{{Before: dur("1wd"), Of: engine.OfConsultation, Notify: []string{engine.RoleHolder, engine.RoleHead}}}
		})
		s.rules.Org = staff(minh, police, builder)
		s.fire(at(10, 10, 0), minh, "consult")
		s.ok(at(10, 11, 0), s.answer(police, "agree"))
		s.tick(at(11, 17, 30))
		require.Len(t, s.last.Notices, 1)
		require.Equal(t, []string{builder.ID}, s.last.Notices[0].Officers)
	})
	t.Run("any one is enough", func(t *testing.T) {
		s := asked(t, "agree", "any")
		s.ok(at(10, 14, 0), s.answer(builder, "agree"))
		require.Equal(t, engine.ResultAgreed, s.round().Result)
		_, running := s.c.Clock(engine.ClockConsultation)
		require.False(t, running, "who had not spoken need not any more")
	})
	t.Run("who may not answer", func(t *testing.T) {
		s := asked(t, "agree", "")
		cmd := s.answer(police, "agree")
		cmd.Actor = builder
		require.Equal(t, engine.CodeWrongRole, engine.CodeOf(s.decide(at(10, 11, 0), cmd)))
		s.ok(at(10, 11, 0), s.answer(police, "agree"))
		require.Equal(t, engine.CodeEventNotPermitted, engine.CodeOf(s.decide(at(10, 12, 0), s.answer(police, "refuse"))), "an answer stands")
		require.Equal(t, engine.CodeInvalid, engine.CodeOf(s.decide(at(10, 12, 0), s.answer(builder, "perhaps"))))
		silent := s.answer(builder, "refuse")
		silent.Comment = ""
		require.Equal(t, engine.CodeCommentRequired, engine.CodeOf(s.decide(at(10, 12, 0), silent)))
	})
	t.Run("a decided dossier asks nobody any more", func(t *testing.T) {
		s := asked(t, "agree", "")
		s.fire(at(10, 14, 0), minh, "submit")
		s.fire(at(10, 15, 0), chair, "sign")
		require.Equal(t, engine.ResultWithdrawn, s.round().Result)
		require.Zero(t, s.rules.Next(s.c))
	})
}

func TestAConclusionMovesTheDossier(t *testing.T) {
	t.Parallel()
	s := verified(t, consulting("agree", ""), func(d *engine.Definition) {
		d.States = append(d.States, engine.State{
			ID: "under-consultation", Name: engine.Text{VI: "Chờ ý kiến"}, Department: "civil-status", Role: "civil-status-officer", Clock: "suspended", WaitsFor: "agency",
			On: []engine.Transition{
				transition("refuse", "refused", func(t *engine.Transition) { t.By, t.When = engine.ByConsultation, `opinions["opinions"] == "refused"` }),
				transition("conclude", "under-signature", func(t *engine.Transition) { t.By = engine.ByConsultation }),
			},
		})
		d.States[verifying].On = append(d.States[verifying].On, transition("ask", "under-consultation", func(t *engine.Transition) { t.Start = []string{"opinions"} }))
	})
	s.fire(at(10, 10, 0), minh, "ask")
	require.False(t, s.clock(engine.ClockStatutory).Running(), "the time of asking is not counted (regime R4)")
	s.refused(engine.CodeWrongRole, at(10, 11, 0), minh, "conclude")
	s.ok(at(10, 14, 0), s.answer(police, "agree"))
	s.tick(at(12, 18, 0))
	require.Equal(t, "under-signature", s.c.State, "silence concluded it, at its own moment")
	require.Equal(t, at(12, 17, 30).UTC(), s.c.EnteredAt.UTC())
	require.True(t, s.clock(engine.ClockStatutory).Running())
}

func TestACouncilVotes(t *testing.T) {
	t.Parallel()
	council := func(quorum string) func(*engine.Definition) {
		return func(d *engine.Definition) {
			d.States[signing].Actors = []engine.RoleIn{{Department: "council", Role: "member"}, {Department: "police", Role: "captain"}}
			for i := range d.States[signing].On {
				if err := d.States[signing].On[i].Quorum.UnmarshalText([]byte(quorum)); err != nil {
					panic(err)
				}
			}
		}
	}
	one, two := officer("one", "council", "member"), officer("two", "council", "member")
	sitting := func(t *testing.T, quorum string) *stage {
		s := verified(t, council(quorum))
		s.fire(at(10, 14, 0), minh, "submit")
		return s
	}
	t.Run("so many officers", func(t *testing.T) {
		s := sitting(t, "2")
		s.fire(at(10, 15, 0), one, "sign")
		require.Equal(t, "under-signature", s.c.State)
		s.refused(engine.CodeEventNotPermitted, at(10, 15, 5), one, "sign")
		s.refused(engine.CodeEventNotPermitted, at(10, 15, 5), one, "return")
		s.refused(engine.CodeWrongRole, at(10, 15, 5), hoa, "sign")
		s.fire(at(10, 16, 0), two, "sign")
		require.Equal(t, "result-ready", s.c.State)
		require.Empty(t, s.c.Signatures)
	})
	t.Run("each of the actors", func(t *testing.T) {
		s := sitting(t, "all")
		s.fire(at(10, 15, 0), one, "sign")
		s.fire(at(10, 15, 1), two, "sign")
		s.fire(at(10, 15, 2), police, "sign")
		require.Equal(t, "under-signature", s.c.State, "nobody signed as signer")
		s.fire(at(10, 15, 3), chair, "sign")
		require.Equal(t, "result-ready", s.c.State)
	})
	t.Run("votes for different events are counted apart", func(t *testing.T) {
		s := sitting(t, "2")
		s.fire(at(10, 15, 0), one, "sign")
		s.fire(at(10, 15, 0), two, "return")
		require.Equal(t, "under-signature", s.c.State)
		s.fire(at(10, 15, 0), chair, "return")
		require.Equal(t, "under-verification", s.c.State)
	})
}

func TestLeadOfAConsultation(t *testing.T) {
	t.Parallel()
	led := func(t *testing.T) *stage {
		s := verified(t, consulting("agree", ""), func(d *engine.Definition) { d.Consultations[0].Lead = "construction" })
		s.fire(at(10, 10, 0), minh, "consult")
		return s
	}
	t.Run("its answer is the result", func(t *testing.T) {
		s := led(t)
		s.ok(at(10, 11, 0), s.answer(police, "refuse"))
		require.Empty(t, s.round().Result)
		s.ok(at(10, 12, 0), s.answer(builder, "agree"))
		require.Equal(t, engine.ResultAgreed, s.round().Result, "the lead has weighed the refusal")
	})
	t.Run("without it nothing is concluded, however many have spoken", func(t *testing.T) {
		s := verified(t, consulting("agree", "any"), func(d *engine.Definition) { d.Consultations[0].Lead = "construction" })
		s.fire(at(10, 10, 0), minh, "consult")
		s.ok(at(10, 11, 0), s.answer(police, "agree"))
		require.Empty(t, s.round().Result)
		s.ok(at(10, 12, 0), s.answer(builder, "refuse"))
		require.Equal(t, engine.ResultRefused, s.round().Result)
	})
}

func TestWithdrawnRequest(t *testing.T) {
	t.Parallel()
	withdraw := func(who engine.Actor, department string) engine.Command {
		return engine.Command{Event: engine.EventWithdrawRequest, Actor: who, Comment: "không cần nữa", Answer: &engine.Answer{Consultation: "opinions", Department: department}}
	}
	asked := func(t *testing.T) *stage {
		s := verified(t, consulting("agree", ""))
		s.fire(at(10, 10, 0), minh, "consult")
		return s
	}
	t.Run("of one department: the others decide", func(t *testing.T) {
		s := asked(t)
		s.ok(at(10, 11, 0), withdraw(minh, "police"))
		require.Equal(t, engine.CodeEventNotPermitted, engine.CodeOf(s.decide(at(10, 11, 30), s.answer(police, "refuse"))))
		s.ok(at(10, 12, 0), s.answer(builder, "agree"))
		require.Equal(t, engine.ResultAgreed, s.round().Result)
		s.fire(at(10, 13, 0), minh, "conclude")
	})
	t.Run("of all: nothing is asked any more", func(t *testing.T) {
		s := asked(t)
		s.ok(at(10, 11, 0), withdraw(minh, ""))
		require.Equal(t, engine.ResultWithdrawn, s.round().Result)
		require.Equal(t, "không cần nữa", factOf(t, s, engine.FactConsultationConcluded).Comment)
		_, waits := s.c.Clock(engine.ClockConsultation)
		require.False(t, waits)
		require.Equal(t, engine.CodeEventNotPermitted, engine.CodeOf(s.decide(at(10, 12, 0), withdraw(minh, ""))))
	})
	t.Run("one after the other is all", func(t *testing.T) {
		s := asked(t)
		s.ok(at(10, 11, 0), withdraw(minh, "police"))
		s.ok(at(10, 12, 0), withdraw(minh, "construction"))
		require.Equal(t, engine.ResultWithdrawn, s.round().Result)
	})
	t.Run("by who asked, with a reason", func(t *testing.T) {
		s := asked(t)
		require.Equal(t, engine.CodeWrongRole, engine.CodeOf(s.decide(at(10, 11, 0), withdraw(police, "police"))))
		cmd := withdraw(minh, "police")
		cmd.Comment = ""
		require.Equal(t, engine.CodeCommentRequired, engine.CodeOf(s.decide(at(10, 11, 0), cmd)))
	})
}
