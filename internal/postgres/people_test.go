package postgres_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
	"motcua/internal/postgres"
)

func (w world) key(k postgres.Key) postgres.Key {
	w.t.Helper()
	k.ID, k.Secret = postgres.NewKey()
	k.Agency = agency
	require.NoError(w.t, w.PutKey(w.t.Context(), k))
	return k
}

func TestByKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	system := w.key(postgres.Key{Kind: engine.ActorSystem, Name: "portal"})
	require.Len(t, strings.Split(system.Text(), "_"), 3, "id and secret hold no underscore")

	a, err := w.ByKey(t.Context(), system.ID, system.Secret)
	require.NoError(t, err)
	require.Equal(t, engine.Actor{Kind: engine.ActorSystem, ID: "portal", Agency: agency}, a)
	officer := w.key(postgres.Key{Kind: engine.ActorOfficer, Officer: "an", Name: "laptop"})
	a, err = w.ByKey(t.Context(), officer.ID, officer.Secret)
	require.NoError(t, err)
	require.Equal(t, engine.Actor{
		Kind: engine.ActorOfficer, ID: "an", Agency: agency, Roles: []engine.RoleIn{{Department: "one-stop", Role: "receptionist"}},
	}, a)

	expired := w.key(postgres.Key{Kind: engine.ActorSystem, Name: "old", ExpiresAt: time.Now().Add(-time.Minute)})
	revoked := w.key(postgres.Key{Kind: engine.ActorSystem, Name: "lost"})
	require.NoError(t, w.RevokeKey(t.Context(), revoked.ID))
	requireCode(t, engine.CodeNotFound, w.RevokeKey(t.Context(), "none"))
	for _, k := range []postgres.Key{
		expired, revoked, {ID: system.ID, Secret: officer.Secret}, {ID: "none", Secret: system.Secret}, {ID: system.ID}, {},
	} {
		_, err = w.ByKey(t.Context(), k.ID, k.Secret)
		requireCode(t, engine.CodeUnauthenticated, err)
	}
	require.Zero(t, w.count(`SELECT count(*) FROM api_keys k WHERE k::text LIKE '%' || $1 || '%'`, system.Secret))
}

func TestKeyUseIsNotedOnceAMinute(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	k := w.key(postgres.Key{Kind: engine.ActorSystem, Name: "portal"})
	used := func() (at time.Time) {
		_, err := w.ByKey(t.Context(), k.ID, k.Secret)
		require.NoError(t, err)
		require.NoError(t, w.pool.QueryRow(t.Context(), `SELECT last_used_at FROM api_keys`).Scan(&at))
		return at
	}
	first := used()
	require.Equal(t, first, used())
	w.exec(`UPDATE api_keys SET last_used_at = now() - interval '2 minutes'`)
	require.WithinDuration(t, first, used(), time.Minute)
}

func TestOrganisation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	list, err := w.Officers(t.Context())
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, "Ủy ban nhân dân xã Đồng Tâm", list[0].Agency.Name.VI)
	require.Len(t, list[0].Departments, 4)
	require.Len(t, list[0].Officers, 6)

	org := organisation(agency)
	org.Officers = org.Officers[1:]
	require.NoError(t, w.PutOrganisation(t.Context(), org))
	_, _, err = w.Officer(t.Context(), "an")
	requireCode(t, engine.CodeUnauthenticated, err)

	stolen := organisation("H02")
	stolen.Officers[0].ID = "binh"
	requireCode(t, engine.CodeInvalid, w.PutOrganisation(t.Context(), stolen))
	astray := organisation(agency)
	astray.Departments[0].Parent = "none"
	requireCode(t, engine.CodeInvalid, w.PutOrganisation(t.Context(), astray))
	astray = organisation(agency)
	astray.Officers[0].Roles[0].Department = "none"
	requireCode(t, engine.CodeInvalid, w.PutOrganisation(t.Context(), astray))
}

// TestAnOfficerDroppedFromTheTextLeavesNothingOrphaned: what they hold goes
// back to the department by one recorded act; what others hold stays.
func TestAnOfficerDroppedFromTheTextLeavesNothingOrphaned(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	var codes []string
	for i, officer := range []string{"an", "an", "binh"} {
		codes = append(codes, w.start(strconv.Itoa(i)).Code)
		w.accepted(codes[i], "claim", officer)
	}
	org := organisation(agency)
	require.NoError(t, w.PutOrganisation(t.Context(), org))
	require.Zero(t, w.count(`SELECT count(*) FROM acts`), "nobody has left")
	org.Officers = org.Officers[1:]
	require.NoError(t, w.PutOrganisation(t.Context(), org))
	require.NoError(t, w.PutOrganisation(t.Context(), org))
	require.Equal(t, 1, w.count(`SELECT count(*) FROM acts WHERE kind = 'reassign' AND subject = 'an'`))
	require.Equal(t, 2, w.count(`SELECT count(*) FROM act_results`))

	require.NoError(t, w.ResumeActs(t.Context()))
	for i, holder := range []string{"", "", "binh"} {
		_, c := w.get(codes[i])
		require.Equal(t, holder, c.Holder)
	}
	require.Equal(t, 1, w.count(`SELECT count(*) FROM acts WHERE finished_at IS NOT NULL`))
	w.accepted(codes[0], "claim", "binh")
}

func TestPutVersion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	w.publish(birth()) // the same again
	other := birth()
	other.Name.VI = "Khác"
	m, body := textOf(t, other)
	requireCode(t, engine.CodeInvalid, w.PutVersion(t.Context(), m, body))
	requireCode(t, engine.CodeInvalid, w.PutVersion(t.Context(), m, append(body, ' ')))

	successor := birth()
	successor.Version, successor.Effective.From = 2, calendar.NewDate(2030, time.January, 1)
	w.publish(successor)
	v, err := w.Version(t.Context(), procedure, 1)
	require.NoError(t, err)
	require.Equal(t, "2030-01-01", v.Effective.To.String(), "a successor ends what was open")
	_, text := textOf(t, birth())
	require.Equal(t, text, v.Text)

	overlapping := birth()
	overlapping.Version, overlapping.Effective.From = 3, calendar.NewDate(2029, time.January, 1)
	m, body = textOf(t, overlapping)
	requireCode(t, engine.CodeInvalid, w.PutVersion(t.Context(), m, body))

	list, err := w.Versions(t.Context())
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, "Đăng ký khai sinh", list[1].Name.VI)
	_, err = w.Version(t.Context(), procedure, 9)
	requireCode(t, engine.CodeNotFound, err)
}

func TestPutCalendar(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	spec := aroundTheClock()
	require.NoError(t, w.PutCalendar(t.Context(), spec))
	spec.Name = "khác"
	requireCode(t, engine.CodeInvalid, w.PutCalendar(t.Context(), spec))
	spec.Version = 2
	require.NoError(t, w.PutCalendar(t.Context(), spec))
	_, c := w.get(w.start("k").Code)
	require.Equal(t, 2, c.Calendar.Version, "new dossiers take the latest")
	requireCode(t, engine.CodeInvalid, w.PutCalendar(t.Context(), calendar.Spec{}))
}
