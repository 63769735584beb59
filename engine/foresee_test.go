package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"motcua/engine"
)

func TestForesee(t *testing.T) {
	t.Parallel()
	foresee := func(s *stage, now time.Time, cmd engine.Command) engine.Preview {
		p, _, err := engine.Foresee(s.rules, s.c, cmd, now)
		require.NoError(s.t, err)
		return p
	}
	t.Run("due moments old and new, by which rule, and the rungs to come", func(t *testing.T) {
		s := verified(t)
		s.rules.Org = staff(minh, hoa, dung, bay)
		p := foresee(s, at(10, 10, 0), engine.Command{Event: engine.EventOverride, Actor: bay, Comment: "hẹn lại", Overrides: &engine.Overrides{Extend: dur("2wd")}})
		require.Nil(t, p.Refusal)
		require.True(t, p.Override)
		require.Len(t, p.Moves, 1)
		m := p.Moves[0]
		require.Equal(t, engine.ClockStatutory, m.Kind)
		require.Equal(t, []time.Time{at(13, 17, 30), at(17, 17, 30)}, []time.Time{m.Old, m.New})
		require.Contains(t, m.Rule.VI, "vượt quy trình")
		require.Equal(t, "75% of step", p.Rungs[0].Rung)
		require.Equal(t, []engine.ToldPeople{{Role: engine.RoleHolder, Officers: []engine.Person{{ID: "minh"}, {ID: "hoa"}}}}, p.Rungs[0].Tells)
		require.Equal(t, "under-verification", p.To)
	})
	t.Run("who is told at once", func(t *testing.T) {
		s := verified(t)
		s.rules.Org = staff(minh, dung, bay)
		p := foresee(s, at(10, 10, 0), engine.Command{Event: engine.EventEscalate, Actor: dung, Comment: "cần chỉ đạo"})
		require.Equal(t, []engine.ToldPeople{{Role: engine.RoleLeader, Officers: []engine.Person{{ID: "bay"}}}}, p.Told)
		require.False(t, p.Override)
	})
	t.Run("the refusal, and where it stands", func(t *testing.T) {
		s := verified(t)
		p := foresee(s, at(10, 10, 0), engine.Command{Event: engine.EventReassign, Actor: hoa, Comment: "x", Officer: "hoa"})
		require.Equal(t, engine.CodeWrongRole, p.Refusal.Code)
		require.Empty(t, p.Facts)
		require.Equal(t, "under-verification", p.To)
		require.NotEmpty(t, p.Rungs)
	})
	t.Run("what stands still, ends and begins", func(t *testing.T) {
		s := verified(t)
		p := foresee(s, at(10, 10, 0), halting(at(14, 9, 0)))
		require.Len(t, p.Moves, 2)
		for _, m := range p.Moves {
			require.True(t, m.New.IsZero())
		}
		p = foresee(s, at(10, 10, 0), engine.Command{Event: "submit", Actor: minh})
		require.Len(t, p.Moves, 2, "one step ends and the next begins")
	})
}

// verbs are the supervisors' commands with whatever goes with them.
func verbs() *rapid.Generator[engine.Command] {
	return rapid.Custom(func(t *rapid.T) engine.Command {
		cmd := engine.Command{
			Event:   rapid.SampledFrom(engine.BulkEvents()).Draw(t, "event"),
			Actor:   rapid.SampledFrom([]engine.Actor{minh, hoa, dung, bay, lan, portal}).Draw(t, "actor"),
			Comment: rapid.SampledFrom([]string{"lý do", "lý do", ""}).Draw(t, "comment"),
		}
		switch cmd.Event {
		case engine.EventReassign:
			cmd.Officer = rapid.SampledFrom([]string{"", "minh", "hoa", "lan", "nobody"}).Draw(t, "officer")
		case engine.EventSuspend:
			cmd.Halt = &engine.HaltOrder{Basis: "Điều 12", Until: at(rapid.IntRange(9, 30).Draw(t, "until"), 9, 0)}
		case engine.EventOverride:
			cmd.Overrides = &engine.Overrides{To: rapid.SampledFrom([]string{"", "received", "under-signature", "result-ready"}).Draw(t, "to")}
			if rapid.Bool().Draw(t, "extends") {
				cmd.Overrides.Extend = dur("1wd")
			}
		case engine.EventExtend:
			cmd.Extend = dur(rapid.SampledFrom([]string{"1wd", "3wd"}).Draw(t, "by"))
		case engine.EventReturn:
			cmd.Target = rapid.SampledFrom([]string{"received", "under-verification"}).Draw(t, "step")
		}
		return cmd
	})
}

// TestForeseenIsWhatHappens: whatever verb is given, the preview of it is what
// comes of it, the case it looked at stays as it was, and what comes of it is
// the fold of the facts.
func TestForeseenIsWhatHappens(t *testing.T) {
	t.Parallel()
	play := func(t *testing.T, rt *rapid.T) {
		s := verified(t, func(d *engine.Definition) { d.Extension = &engine.Extension{MaxTimes: 3} })
		s.rules.Org = staff(minh, hoa, lan, dung, bay)
		now := at(10, 10, 0)
		for _, cmd := range rapid.SliceOfN(verbs(), 1, 6).Draw(rt, "verbs") {
			now = now.Add(time.Duration(rapid.IntRange(1, 600).Draw(rt, "minutes")) * time.Minute)
			cmd.ID, cmd.Dossier = "command", s.c.Dossier
			before, c := engine.Fold(s.facts), s.c
			p, foreseen, err := engine.Foresee(s.rules, c, cmd, now)
			require.NoError(t, err)
			require.Equal(t, before, c, "a preview changes nothing")
			d, err := engine.Decide(s.rules, s.c, cmd, now)
			if p.Refusal != nil {
				require.Equal(t, p.Refusal.Code, engine.CodeOf(err))
				continue
			}
			require.NoError(t, err)
			require.Equal(t, foreseen, d)
			require.Equal(t, p.To, d.Case.State)
			require.Len(t, p.Facts, len(d.Facts))
			s.c, s.facts = d.Case, append(s.facts, d.Facts...)
			require.Equal(t, engine.Fold(s.facts), s.c, "the case is the fold of its facts")
			toldTruly(t, p, before, d)
		}
	}
	rapid.Check(t, func(rt *rapid.T) { play(t, rt) })
}

// toldTruly holds the moves of a preview against the clocks before and after.
func toldTruly(t *testing.T, p engine.Preview, before engine.Case, d engine.Decision) {
	t.Helper()
	for _, m := range p.Moves {
		require.NotEqual(t, m.Old, m.New)
		require.NotEmpty(t, m.Rule.VI)
	}
	for _, kind := range []engine.ClockKind{engine.ClockStatutory, engine.ClockStep} {
		old, _ := before.Clock(kind)
		next, open := d.Case.Clock(kind)
		if open && old.ID == next.ID && old.Due.Equal(next.Due) {
			for _, m := range p.Moves {
				require.NotEqual(t, kind, m.Kind, "what did not move is not told")
			}
		}
	}
}
