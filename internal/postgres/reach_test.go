package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

func TestWithin(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	code := w.start("1").Code
	within := func(r engine.Reach) bool {
		t.Helper()
		r.Agency = agency
		ok, err := w.Within(t.Context(), r, code)
		require.NoError(t, err)
		return ok
	}
	appraisal := engine.Reach{Officer: "chi", Departments: []string{"appraisal"}}

	require.True(t, within(engine.Reach{Officer: "an", Departments: []string{"one-stop"}}), "it stands there")
	require.False(t, within(appraisal), "it has not come there yet")
	require.False(t, within(engine.Reach{Officer: "huong", Departments: []string{"office"}}))
	require.False(t, within(engine.Reach{Officer: "huong"}), "nowhere and nothing done")
	require.True(t, within(engine.Reach{Everything: true}))

	w.accepted(code, "accept", "an")
	require.True(t, within(appraisal), "it was sent there")
	require.True(t, within(engine.Reach{Officer: "binh", Departments: []string{"one-stop"}}), "it has passed through")
	require.True(t, within(engine.Reach{Officer: "an"}), "whoever acted on it")
	require.False(t, within(engine.Reach{Officer: "binh"}))

	elsewhere, err := w.Within(t.Context(), engine.Reach{Agency: "H99", Everything: true}, code)
	require.NoError(t, err)
	require.False(t, elsewhere, "another agency's")
}

// TestChanges holds the feed against the facts: each is in exactly one row, in order.
func TestChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	code := w.start("1").Code
	w.accepted(code, "accept", "an")
	require.NotNil(t, w.fire(code, "submit", w.officer("an")).Refusal, "which is no change")
	w.accepted(code, "accept-handoff", "chi")
	require.Equal(t, 3, w.count(`SELECT count(*) FROM changes WHERE dossier = $1 AND agency = $2`, code, agency))
	require.Zero(t, w.count(`
		SELECT count(*) FROM facts f
		WHERE (SELECT count(*) FROM changes c WHERE c.dossier_id = f.dossier_id AND f.seq BETWEEN c.from_seq AND c.to_seq) <> 1`))
}
