package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

// sent fires an event that hands a dossier over with a slip.
func (w world) sent(dossier, officer, slip string) {
	w.t.Helper()
	cmd := engine.Command{ID: "send-" + slip + "-" + dossier, Dossier: dossier, Event: "accept", Slip: slip, Actor: w.officer(officer)}
	_, err := w.Submit(w.t.Context(), cmd)
	require.NoError(w.t, err)
	o, err := w.Fire(w.t.Context(), dossier, cmd.ID)
	require.NoError(w.t, err)
	require.Nil(w.t, o.Refusal)
}

func TestSlip(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	first, second, alone := w.start("1").Code, w.start("2").Code, w.start("3").Code
	w.sent(second, "an", "s1")
	w.sent(first, "an", "s1")
	w.accepted(alone, "accept", "an")

	list, err := w.Slip(t.Context(), agency, "s1")
	require.NoError(t, err)
	require.Len(t, list, 2, "what was handed over by itself is on no slip")
	require.Equal(t, []string{first, second}, []string{list[0].Dossier, list[1].Dossier})
	require.Equal(t, "one-stop", list[0].FromDepartment)
	require.Empty(t, list[0].Answer)
	require.True(t, list[0].AnsweredAt.IsZero())

	w.accepted(first, "accept-handoff", "chi")
	w.accepted(second, "return-handoff", "chi")
	list, err = w.Slip(t.Context(), agency, "s1")
	require.NoError(t, err)
	require.Equal(t, []string{"accepted", "returned"}, []string{list[0].Answer, list[1].Answer})
	require.Equal(t, "chi", list[0].AnsweredBy)
	require.False(t, list[0].AnsweredAt.IsZero())

	_, err = w.Slip(t.Context(), agency, "s2")
	requireCode(t, engine.CodeNotFound, err)
	_, err = w.Slip(t.Context(), "H99", "s1")
	requireCode(t, engine.CodeNotFound, err)
}

func TestSlipRecalled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	code := w.start("1").Code
	w.sent(code, "an", "s1")
	w.accepted(code, "recall-handoff", "an")
	list, err := w.Slip(t.Context(), agency, "s1")
	require.NoError(t, err)
	require.Equal(t, "recalled", list[0].Answer)
	w.accepted(code, "accept", "an")
	require.Equal(t, 1, w.count(`SELECT count(*) FROM handoffs WHERE answer IS NULL`))
	require.NoError(t, w.Verify(t.Context(), code))
}
