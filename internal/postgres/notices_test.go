package postgres_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

// TestNotices follows the roles of a ladder through the tree of departments:
// appraisal belongs to expertise, and that to the office.
func TestNotices(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		roles   []string
		claim   bool
		without string // an officer who is not there
		told    []string
	}{
		"the holder": {roles: []string{"holder"}, claim: true, told: []string{"chi"}},
		"without a holder, all of the step's role":   {roles: []string{"holder"}, told: []string{"chi", "minh"}},
		"the head of the nearest parent":             {roles: []string{"head"}, told: []string{"dung"}},
		"the head of the next parent":                {roles: []string{"head"}, without: "dung", told: []string{"giang"}},
		"the leader, wherever":                       {roles: []string{"leader"}, told: []string{"giang"}},
		"another role in the department":             {roles: []string{"expert"}, told: []string{"chi", "minh"}},
		"another role elsewhere, of those who stay":  {roles: []string{"receptionist"}, told: []string{"an", "binh"}},
		"each officer once":                          {roles: []string{"holder", "expert", "head"}, claim: true, told: []string{"chi", "dung", "minh"}},
		"who stands above where nobody has the role": {roles: []string{"leader"}, without: "giang", told: []string{"dung"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, hasty(c.roles...))
			require.NoError(t, w.PutOrganisation(t.Context(), organisation("H02")))
			org := organisation(agency)
			org.Officers = append(org.Officers,
				engine.Officer{ID: "minh", Name: "Vũ Minh", Roles: []engine.RoleIn{{Department: "appraisal", Role: "expert"}}},
				engine.Officer{ID: "gone", Name: "Đã nghỉ", Roles: []engine.RoleIn{{Department: "one-stop", Role: "receptionist"}, {Department: "appraisal", Role: "expert"}}})
			require.NoError(t, w.PutOrganisation(t.Context(), org))
			org.Officers = slices.DeleteFunc(org.Officers, func(o engine.Officer) bool { return o.ID == "gone" || o.ID == c.without })
			require.NoError(t, w.PutOrganisation(t.Context(), org))

			code := w.start("k").Code
			w.accepted(code, "accept", "an")
			w.exec(`DELETE FROM notifications`) // those of the first step, if it took long enough
			o := w.accepted(code, "accept-handoff", "chi")
			if c.claim {
				o = w.accepted(code, "claim", "chi")
			}
			w.passed(o.NextAt)
			_, err := w.Tick(t.Context(), code)
			require.NoError(t, err)
			told := w.told()
			require.Equal(t, c.told, told)
			list, err := w.Notifications(t.Context(), told[0], 10)
			require.NoError(t, err)
			require.Len(t, list, 1)
			require.Equal(t, code, list[0].Dossier)
			require.Equal(t, "under-appraisal", list[0].State)
			require.Equal(t, "50% of step", list[0].Rung)
			require.Equal(t, "due-soon", list[0].Raise)
		})
	}
}

// told are the officers whom rungs have told, by id.
func (w world) told() (officers []string) {
	w.t.Helper()
	require.NoError(w.t, w.pool.QueryRow(w.t.Context(), `SELECT array_agg(officer ORDER BY officer) FROM notifications`).Scan(&officers))
	return officers
}

// TestNotificationsAreDelivered: what is for the next morning does not show
// in the evening, and one level of a rung tells an officer once.
func TestNotificationsAreDelivered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	w.start("k")
	tell := func(level int, deliver string) {
		w.exec(`
			INSERT INTO notifications (dossier_id, officer, clock, rung, level, rung_text, raise, state, moment, deliver_at)
			SELECT id, 'an', 'step-2', 0, $1, '50% of step', 'due-soon', 'received', now(), now() + $2::interval FROM dossiers
			ON CONFLICT DO NOTHING`, level, deliver)
	}
	tell(0, "-1 second")
	tell(0, "-1 second")
	tell(1, "-1 second")
	tell(2, "1 hour")
	list, err := w.Notifications(t.Context(), "an", 10)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, 3, w.count(`SELECT count(*) FROM notifications`))
}
