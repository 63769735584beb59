package postgres_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"motcua/engine"
)

// TestStoredCaseIsTheFoldOfItsFacts drives dossiers by random commands of
// random officers, with rungs falling due in between.
func TestStoredCaseIsTheFoldOfItsFacts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hasty("holder", "head"))
	officers := make([]engine.Actor, 0, 6)
	for _, id := range []string{"an", "binh", "chi", "dung", "giang"} {
		officers = append(officers, w.officer(id))
	}
	events := []string{
		"accept", "request-supplement", "supplement", "submit", "send-back", "refuse", "hand-over", "close", "no-such",
		engine.EventAcceptHandoff, engine.EventReturnHandoff, engine.EventClaim, engine.EventRelease, engine.EventComment, engine.EventTick,
	}
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		code := w.start(fmt.Sprint(n)).Code
		for range rapid.IntRange(1, 12).Draw(r, "steps") {
			event := rapid.SampledFrom(events).Draw(r, "event")
			if event == engine.EventTick {
				_, err := w.Tick(t.Context(), code)
				require.NoError(r, err)
				continue
			}
			o := w.fire(code, event, rapid.SampledFrom(append(officers, portal)).Draw(r, "actor"))
			_, c := w.get(code)
			require.Equal(r, o.Seq, c.Seq)
			require.Equal(r, o.State, c.State)
		}
		stored, err := w.Facts(t.Context(), agency, code)
		require.NoError(r, err)
		facts := make([]engine.Fact, len(stored))
		for i, f := range stored {
			facts[i] = f.Fact
		}
		_, c := w.get(code)
		require.JSONEq(r, text(t, engine.Fold(facts)), text(t, c))
		require.NoError(r, w.Verify(t.Context(), code))
		rows, err := w.Clocks(t.Context(), agency, code)
		require.NoError(r, err)
		var open []engine.Clock
		for _, k := range rows {
			if k.Open() {
				open = append(open, k)
			}
		}
		require.ElementsMatch(r, texts(t, c.Clocks), texts(t, open), "the table of clocks says the same")
		require.Equal(r, c.Handoff != nil, w.count(`SELECT count(*) FROM handoffs h JOIN dossiers d ON d.id = h.dossier_id WHERE code = $1 AND answer IS NULL`, code) == 1)
	})
}

func texts(t *testing.T, clocks []engine.Clock) []string {
	t.Helper()
	out := make([]string, len(clocks))
	for i, k := range clocks {
		out[i] = text(t, k)
	}
	return out
}
