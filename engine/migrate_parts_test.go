package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
)

func answering(within string) func(*engine.Definition) {
	return func(def *engine.Definition) {
		def.Consultations = append([]engine.Consultation{}, def.Consultations...)
		def.Consultations[0].Within = dur(within)
	}
}

func TestMigrateConsultation(t *testing.T) {
	t.Parallel()
	asked := func(t *testing.T) *stage {
		s := verified(t, loose, consulting(engine.SilenceAgree, ""))
		s.fire(at(10, 10, 0), minh, "consult") // two working days: Wednesday
		return s
	}
	t.Run("an open one goes on by the new limit", func(t *testing.T) {
		s := asked(t)
		s.migrated(at(10, 11, 0), s.successor(statutory("10wd"), answering("4wd")))
		for _, o := range s.round().Opinions {
			k := s.clockByID(o.Clock)
			require.Equal(t, at(14, 17, 30), k.Due, "of %s", o.Department)
			require.NotEmpty(t, k.Succeeds)
		}
		s.ok(at(11, 9, 0), s.answer(police, engine.AnswerAgree))
		require.Len(t, s.consultations(), 1, "the clock of who answered has ended")
		s.tick(at(14, 17, 30))
		require.Equal(t, engine.ResultAgreed, s.round().Result, "silence speaks at the new moment")
	})
	t.Run("one whose silence would speak at once", func(t *testing.T) {
		s := asked(t)
		short := s.successor(answering("1wd"))
		s.stays(at(12, 9, 0), "would be overdue", short)
		s.migrated(at(12, 9, 0), short, allowOverdue)
		require.Equal(t, engine.ResultAgreed, s.round().Result)
		require.Empty(t, s.consultations())
	})
	t.Run("one the new version does not know", func(t *testing.T) {
		s := asked(t)
		s.stays(at(10, 11, 0), `consultation "opinions" is open`, s.successor(func(def *engine.Definition) {
			def.Consultations = nil
			on := &state(def, "under-verification").On
			*on = append([]engine.Transition{}, (*on)[:len(*on)-3]...)
		}))
	})
}

func (s *stage) consultations() []engine.Clock {
	var out []engine.Clock
	for _, k := range s.c.Clocks {
		if k.Kind == engine.ClockConsultation {
			out = append(out, k)
		}
	}
	return out
}

func (s *stage) clockByID(id string) engine.Clock {
	s.t.Helper()
	for _, k := range s.c.Clocks {
		if k.ID == id {
			return k
		}
	}
	require.Fail(s.t, "no such clock", "%s in %v", id, s.c.Clocks)
	return engine.Clock{}
}

func TestMigrateSignatures(t *testing.T) {
	t.Parallel()
	voted := func(quorum string) func(*engine.Definition) {
		return func(def *engine.Definition) {
			s := state(def, "under-verification")
			s.On = append([]engine.Transition{}, s.On...)
			s.On[0].Quorum = engine.Quorum{}
			if quorum != "" {
				require.NoError(t, s.On[0].Quorum.UnmarshalText([]byte(quorum)))
			}
		}
	}
	s := verified(t, loose, voted("2"))
	s.fire(at(10, 10, 0), minh, "submit")
	require.Len(t, s.c.Signatures, 1)
	s.stays(at(10, 11, 0), `signed for event "submit"`, s.successor(voted("")))
	s.migrated(at(10, 11, 0), s.successor())
	s.fire(at(10, 11, 5), hoa, "submit")
	require.Equal(t, "under-signature", s.c.State, "the voice given before counts")
}

func TestMigrateStageAndCell(t *testing.T) {
	t.Parallel()
	parted := func(stage, within string) func(*engine.Definition) {
		return func(def *engine.Definition) {
			def.Stages = []engine.Stage{{ID: stage, Name: def.Name, Within: dur(within)}}
			for i := range def.States {
				if s := &def.States[i]; !s.Final && !s.Suspended() && s.Outcome == "" {
					s.Stage = stage
				}
			}
		}
	}
	t.Run("a stage by another name", func(t *testing.T) {
		s := verified(t, loose, parted("commune", "2wd"))
		require.Equal(t, at(12, 17, 30), s.clock(engine.ClockStage).Due)
		s.migrated(at(11, 9, 0), s.successor(parted("ward", "3wd")))
		k := s.clock(engine.ClockStage)
		require.Equal(t, "ward", k.Subject)
		require.Equal(t, at(13, 17, 30), k.Due)
		require.Equal(t, at(10, 8, 0), k.StartedAt)
	})
	t.Run("a stage that is new, in a suspension", func(t *testing.T) {
		s := verified(t, loose)
		s.fire(at(10, 10, 0), minh, "request-supplement")
		s.migrated(at(10, 11, 0), s.successor(func(def *engine.Definition) {
			parted("ward", "3wd")(def)
			state(def, "awaiting-supplement").Stage = "ward"
		}))
		require.False(t, s.clock(engine.ClockStage).Running(), "it stands still with the legal clock")
		s.fire(at(11, 10, 0), portal, "supplement")
		require.Equal(t, at(14, 17, 30), s.clock(engine.ClockStage).Due, "the whole sub-total, from then on")
	})
	t.Run("steps that share a cell from now on", func(t *testing.T) {
		s := verified(t, loose)
		s.migrated(at(10, 10, 0), s.successor(func(def *engine.Definition) {
			def.Cells = []engine.Cell{{ID: "work", Name: def.Name, Within: dur("24wh")}}
			for _, id := range []string{"under-verification", "under-signature"} {
				state(def, id).Within, state(def, id).Cell = calendar.Duration{}, "work"
			}
		}))
		k := s.clock(engine.ClockStep)
		require.Equal(t, "work", k.Subject)
		require.Equal(t, at(10, 9, 0), k.StartedAt, "what the step used counts")
		s.fire(at(10, 11, 0), minh, "submit")
		require.Equal(t, k, s.clock(engine.ClockStep), "the next step goes on with the same cell")
	})
}
