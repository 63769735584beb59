package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"motcua/engine"
)

// under lets a stage be at an agency, whose officers act as they are there.
func (s *stage) under(o engine.Organisation) *stage {
	d := engine.NewDirectory(o)
	s.rules.Machine, s.rules.Org = d.Read(s.rules.Machine), d
	return s
}

// now is an officer as the agency has them now.
func (s *stage) now(a engine.Actor) engine.Actor {
	s.t.Helper()
	found, ok := s.rules.Org.Actor(a.ID, friday)
	require.True(s.t, ok, a.ID)
	return found
}

func (s *stage) reorganise(now time.Time) engine.Decision {
	s.t.Helper()
	d, err := engine.Reorganise(s.rules, s.c, engine.Command{ID: "act", Dossier: s.c.Dossier, Actor: officer("quan", "leadership", engine.RoleAdministrator), Comment: "NQ 12"}, now)
	require.NoError(s.t, err)
	s.c, s.last, s.facts = d.Case, d, append(s.facts, d.Facts...)
	if len(s.facts) > 0 {
		require.Equal(s.t, engine.Fold(s.facts), s.c)
	}
	return d
}

func kinds(facts []engine.Fact) []engine.FactKind {
	out := make([]engine.FactKind, len(facts))
	for i, f := range facts {
		out[i] = f.Kind
	}
	return out
}

func TestReorganise(t *testing.T) {
	t.Parallel()
	t.Run("a dossier stands in the new department, on record, with its holder and its clocks", func(t *testing.T) {
		s := verified(t)
		s.fire(at(10, 9, 30), minh, engine.EventClaim)
		clocks := s.c.Clocks
		s.under(reorganised(t, ward(), merging(called("justice"), "civil-status", "archive")))
		d := s.reorganise(at(10, 10, 0))
		require.Equal(t, []engine.FactKind{engine.FactDepartmentChanged}, kinds(d.Facts))
		f := d.Facts[0]
		require.Equal(t, []string{"civil-status", "justice", "NQ 12", "quan"}, []string{f.From, f.To, f.Comment, f.Actor})
		require.Equal(t, "justice", s.c.Department)
		require.Equal(t, "minh", s.c.Holder)
		require.Equal(t, clocks, s.c.Clocks, "no due moment moves")
		require.Empty(t, s.reorganise(at(10, 10, 1)).Facts, "again it changes nothing")
		s.fire(at(10, 10, 30), s.now(minh), "submit")
		s.fire(at(10, 11, 0), s.now(chair), "return")
		require.Equal(t, "justice", s.c.Department, "the definition's own word means the new department")
		shares := engine.Attribute(s.facts, at(10, 11, 0))
		require.Equal(t, "justice", shares[len(shares)-2].Department)
	})
	t.Run("whoever is quicker than the act finds it moved", func(t *testing.T) {
		s := verified(t).under(reorganised(t, ward(), merging(called("justice"), "civil-status", "archive")))
		require.Contains(t, events(s.rules.Permitted(s.c, s.now(minh))), "submit")
		s.fire(at(10, 10, 0), s.now(minh), engine.EventClaim)
		require.Equal(t, []engine.FactKind{engine.FactDepartmentChanged, engine.FactDossierClaimed}, kinds(s.last.Facts))
		require.Equal(t, engine.ActorClock, s.last.Facts[0].ActorKind)
		require.Empty(t, s.reorganise(at(10, 11, 0)).Facts)
	})
	t.Run("what is handed over within one department has arrived", func(t *testing.T) {
		s := started(t)
		s.fire(at(10, 9, 0), lan, "accept")
		require.NotNil(t, s.c.Handoff)
		s.under(reorganised(t, ward(), merging(called("centre"), "one-stop", "civil-status")))
		s.reorganise(at(10, 9, 10))
		require.Nil(t, s.c.Handoff)
		require.Equal(t, "centre", s.c.Department)
		require.Equal(t, "under-verification", s.clock(engine.ClockStep).Subject)
		require.Equal(t, at(10, 9, 10), s.clock(engine.ClockStep).StartedAt)
		s.fire(at(10, 9, 20), s.now(minh), "submit")
	})
	t.Run("a handoff that waits goes on waiting, under the new names", func(t *testing.T) {
		s := started(t)
		s.fire(at(10, 9, 0), lan, "accept")
		s.under(reorganised(t, ward(), engine.DepartmentChange{Rename: "one-stop", As: called("front")}, merging(called("justice"), "civil-status", "archive")))
		s.reorganise(at(10, 9, 10))
		require.Equal(t, "front", s.c.Handoff.FromDepartment)
		s.refused(engine.CodeWrongRole, at(10, 9, 11), s.now(lan), engine.EventAcceptHandoff)
		s.ok(at(10, 9, 12), engine.Command{Event: engine.EventReturnHandoff, Actor: s.now(minh), Comment: "thiếu"})
		require.Equal(t, "front", s.c.Department)
	})
	t.Run("a rung that fires before the act tells those of the new department", func(t *testing.T) {
		s := verified(t).under(reorganised(t, ward(), merging(called("justice"), "civil-status", "archive")))
		s.tick(at(12, 9, 0)) // the step of two days from Monday 09:00
		f := factOf(t, s, engine.FactRungFired)
		require.Equal(t, []string{"minh", "hoa", "both"}, f.Rung.Told[0].Officers)
		require.Equal(t, "civil-status", s.c.Department, "time itself moves nothing")
	})
	t.Run("a split gives back what its holder has no role for", func(t *testing.T) {
		s := verified(t)
		s.fire(at(10, 9, 30), minh, engine.EventClaim)
		s.under(reorganised(t, ward(), splitting("civil-status",
			engine.DepartmentPart{Code: "births", Procedures: []string{"9.000002"}, Officers: []string{"hoa"}},
			engine.DepartmentPart{Code: "rest", Officers: []string{"minh"}})))
		s.reorganise(at(10, 10, 0))
		require.Equal(t, "births", s.c.Department)
		require.Empty(t, s.c.Holder)
		require.Equal(t, []engine.FactKind{engine.FactDepartmentChanged, engine.FactDossierReleased}, kinds(s.last.Facts))
		s.refused(engine.CodeWrongRole, at(10, 10, 1), s.now(minh), "submit")
		s.fire(at(10, 10, 2), s.now(hoa), "submit")
	})
	t.Run("a new dossier starts by the old words", func(t *testing.T) {
		s := newStage(t).under(reorganised(t, ward(), merging(called("centre"), "one-stop", "civil-status")))
		s.ok(at(10, 8, 0), s.opening(nil))
		require.Equal(t, "centre", s.c.Department)
		s.fire(at(10, 9, 0), s.now(lan), "accept")
		require.Nil(t, s.c.Handoff, "nothing is handed over within one department")
		s.fire(at(10, 9, 1), s.now(minh), "submit")
	})
	t.Run("what concerns nothing dissolved stays", func(t *testing.T) {
		s := verified(t).under(reorganised(t, ward(), engine.DepartmentChange{Rename: "police", As: called("order")}))
		require.Empty(t, s.reorganise(at(10, 10, 0)).Facts)
	})
	t.Run("closed, foreign and unknown dossiers are refused", func(t *testing.T) {
		s := started(t).under(ward())
		_, err := engine.Reorganise(s.rules, engine.Case{}, engine.Command{}, at(10, 9, 0))
		require.Equal(t, engine.CodeNotFound, engine.CodeOf(err))
		_, err = engine.Reorganise(s.rules, s.c, engine.Command{Actor: engine.Actor{Kind: engine.ActorOfficer, ID: "x", Agency: "H00.102"}}, at(10, 9, 0))
		require.Equal(t, engine.CodeForbidden, engine.CodeOf(err))
		s.fire(at(10, 9, 0), lan, "refuse")
		_, err = engine.Reorganise(s.rules, s.c, engine.Command{Actor: bay}, at(10, 9, 1))
		require.Equal(t, engine.CodeDossierClosed, engine.CodeOf(err))
	})
}

func TestReorganiseConsultation(t *testing.T) {
	t.Parallel()
	merged := merging(called("safety"), "police", "construction")
	asked := func(t *testing.T, edits ...func(*engine.Definition)) *stage {
		s := verified(t, append([]func(*engine.Definition){consulting("agree", "")}, edits...)...)
		s.fire(at(10, 10, 0), minh, "consult")
		return s
	}
	lead := func(who string) func(*engine.Definition) {
		return func(d *engine.Definition) { d.Consultations[0].Lead = who }
	}
	t.Run("two that are one now are asked once", func(t *testing.T) {
		s := asked(t)
		s.under(reorganised(t, ward(), merged))
		s.reorganise(at(10, 11, 0))
		require.Equal(t, "safety", s.round().Opinions[0].Department)
		require.True(t, s.round().Opinions[1].Withdrawn)
		require.Len(t, s.c.Clocks, 3, "the law's, the step's and one request's")
		s.ok(at(10, 14, 0), s.answer(s.now(police), "agree"))
		require.Equal(t, engine.ResultAgreed, s.round().Result)
	})
	t.Run("what one of them has answered is the answer", func(t *testing.T) {
		s := asked(t)
		s.ok(at(10, 10, 30), s.answer(builder, "agree"))
		s.under(reorganised(t, ward(), merged))
		s.reorganise(at(10, 11, 0))
		require.Equal(t, engine.ResultAgreed, s.round().Result, "nobody else is asked")
	})
	t.Run("the lead's request stands, whoever leads", func(t *testing.T) {
		s := asked(t, lead("construction"))
		s.under(reorganised(t, ward(), merged))
		s.reorganise(at(10, 11, 0))
		require.True(t, s.round().Opinions[0].Withdrawn)
		s.ok(at(10, 14, 0), s.answer(s.now(builder), "refuse"))
		require.Equal(t, engine.ResultRefused, s.round().Result)
	})
	t.Run("a lead that has answered before others leads still", func(t *testing.T) {
		s := asked(t, lead("police"))
		s.ok(at(10, 10, 30), s.answer(police, "refuse"))
		s.under(reorganised(t, ward(), engine.DepartmentChange{Rename: "police", As: called("order")}))
		s.reorganise(at(10, 11, 0))
		require.Empty(t, s.reorganise(at(10, 11, 1)).Facts, "it settles")
		s.ok(at(10, 14, 0), s.answer(builder, "agree"))
		require.Equal(t, engine.ResultRefused, s.round().Result)
	})
	t.Run("a round asked afterwards asks once", func(t *testing.T) {
		s := verified(t, consulting("agree", "")).under(reorganised(t, ward(), merged))
		s.fire(at(10, 10, 0), s.now(minh), "consult")
		require.Len(t, s.round().Opinions, 1)
	})
}

// TestReorganiseProperty drives dossiers at random, reorganises the agency at
// random and drives them on: nobody who could act before is left without a
// dossier to act on, and the record folds to the case.
func TestReorganiseProperty(t *testing.T) {
	t.Parallel()
	changes := []engine.DepartmentChange{
		merging(called("m-1"), "civil-status", "archive"), merging(called("m-2"), "one-stop", "civil-status"), merging(called("m-3"), "police", "construction"),
		merging(&engine.DepartmentWish{Code: "leadership"}, "leadership", "one-stop"),
		{Rename: "leadership", As: called("r-1")}, {Rename: "one-stop", As: called("r-2")},
		splitting("civil-status", engine.DepartmentPart{Code: "s-1", Roles: []string{engine.RoleHead}}, engine.DepartmentPart{Code: "s-2"}),
		splitting("civil-status", engine.DepartmentPart{Code: "s-3", Procedures: []string{"9.000002"}}, engine.DepartmentPart{Code: "s-4"}),
	}
	todo := []string{
		"accept", "submit", "request-supplement", "supplement", "sign", "return", "consult", "conclude", "hand-over",
		engine.EventAcceptHandoff, engine.EventReturnHandoff, engine.EventClaim, engine.EventRelease, engine.EventTick,
	}
	moved := 0
	rapid.Check(t, func(r *rapid.T) {
		s := newStage(t, loose, consulting("agree", "")).under(ward())
		s.ok(at(10, 8, 0), s.opening(nil))
		now := at(10, 8, 0)
		drive := func() {
			for range rapid.IntRange(0, 10).Draw(r, "steps") {
				now = now.Add(time.Duration(rapid.IntRange(0, 10*60).Draw(r, "minutes")) * time.Minute)
				who := rapid.SampledFrom([]engine.Actor{lan, minh, chair, portal}).Draw(r, "who")
				if who.Kind == engine.ActorOfficer {
					who = s.now(who)
				}
				_ = s.decide(now, engine.Command{Event: rapid.SampledFrom(todo).Draw(r, "event"), Actor: who, Comment: "lý do"})
			}
		}
		drive()
		if s.c.Closed() {
			return
		}
		before, org := s.c, reorganised(t, ward(), rapid.SampledFrom(changes).Draw(r, "change"))
		s.under(org)
		if len(s.reorganise(now).Facts) > 0 {
			moved++
		}
		require.Equal(r, before.State, s.c.State, "it moves between departments, not between states")
		require.Equal(r, before.Outcome, s.c.Outcome)
		if before.Holder != "" {
			require.Equal(r, before.Holder, s.c.Holder)
		}
		for _, d := range org.Departments {
			require.False(r, d.Dissolved && d.Code == s.c.Department, "it stands in no dissolved department")
		}
		require.Empty(r, s.reorganise(now).Facts, "it settles at once")
		workable(r, s)
		drive()
	})
	require.Greater(t, moved, 10, "some must move for the rest to mean anything")
}

// workable holds that somebody may go on with an open dossier.
func workable(r *rapid.T, s *stage) {
	if s.c.Department == "" {
		return
	}
	for _, a := range []engine.Actor{lan, minh, hoa, chair} {
		if len(s.rules.Permitted(s.c, s.now(a))) > 0 {
			return
		}
	}
	require.Fail(r, "nobody may go on", "in state %s of department %s", s.c.State, s.c.Department)
}
