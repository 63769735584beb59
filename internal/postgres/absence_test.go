package postgres_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
	"motcua/internal/postgres"
)

// day is some days from today, by the database's clock.
func (w world) day(days int) calendar.Date {
	w.t.Helper()
	var now time.Time
	require.NoError(w.t, w.pool.QueryRow(w.t.Context(), `SELECT now()`).Scan(&now))
	return calendar.DateOf(now).AddDays(days)
}

// off is an absence from today on.
func (w world) off(officer, substitute string, days int) engine.Absence {
	return engine.Absence{Officer: officer, Substitute: substitute, From: w.day(0), To: w.day(days), Basis: "Quyết định 7/QĐ-UBND"}
}

func (w world) absences() []engine.Absence {
	w.t.Helper()
	list, err := w.Absences(w.t.Context(), agency)
	require.NoError(w.t, err)
	return list
}

func TestAbsence(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	chi, dung := w.officer("chi"), w.officer("dung")
	require.Empty(t, chi.StandsIn)
	require.Equal(t, []string{"appraisal", "expertise"}, dung.Oversees, "the head of a department oversees it and those below")
	require.Equal(t, []string{"appraisal", "office", "one-stop", "expertise"}, w.officer("giang").Oversees, "a leader oversees all")

	t.Run("is entered by the officer, and changed under the same first day", func(t *testing.T) {
		require.NoError(t, w.PutAbsence(t.Context(), chi, w.off("chi", "an", 2)))
		require.NoError(t, w.PutAbsence(t.Context(), chi, w.off("chi", "dung", 3)))
		require.Equal(t, []engine.Absence{w.off("chi", "dung", 3)}, w.absences())
		other, err := w.Absences(t.Context(), "H02")
		require.NoError(t, err)
		require.Empty(t, other)
	})
	t.Run("gives the roles to the substitute at once", func(t *testing.T) {
		require.Equal(t, []engine.StandIn{{RoleIn: engine.RoleIn{Department: "appraisal", Role: "expert"}, For: "chi"}}, w.officer("dung").StandsIn)
	})
	t.Run("is refused where the engine says so", func(t *testing.T) {
		requireCode(t, engine.CodeForbidden, w.PutAbsence(t.Context(), chi, w.off("an", "", 1)))
		requireCode(t, engine.CodeOfficerUnknown, w.PutAbsence(t.Context(), chi, w.off("chi", "nobody", 1)))
		requireCode(t, engine.CodeInvalid, w.PutAbsence(t.Context(), w.officer("dung"), w.off("dung", "chi", 1))) // a circle
		requireCode(t, engine.CodeForbidden, w.EndAbsence(t.Context(), w.officer("an"), "chi", w.day(0)))
		requireCode(t, engine.CodeNotFound, w.EndAbsence(t.Context(), chi, "chi", w.day(1)))
	})
	t.Run("is ended by the supervisor", func(t *testing.T) {
		require.NoError(t, w.EndAbsence(t.Context(), dung, "chi", w.day(0)))
		require.Empty(t, w.absences())
		require.Empty(t, w.officer("dung").StandsIn)
		requireCode(t, engine.CodeNotFound, w.EndAbsence(t.Context(), dung, "chi", w.day(0)))
		require.Equal(t, 1, w.count(`SELECT count(*) FROM absences WHERE ended_by = 'dung' AND entered_by = 'chi'`), "it stays on record")
	})
	t.Run("that began before ends with yesterday", func(t *testing.T) {
		began := w.off("chi", "dung", 5)
		began.From = w.day(-3)
		require.NoError(t, w.PutAbsence(t.Context(), chi, began))
		require.NoError(t, w.EndAbsence(t.Context(), chi, "chi", began.From))
		require.Empty(t, w.absences())
		require.Equal(t, 1, w.count(`SELECT count(*) FROM absences WHERE from_day = $1::date AND to_day = $2::date`, began.From.String(), w.day(-1).String()))
		require.NoError(t, w.EndAbsence(t.Context(), chi, "chi", began.From), "what is over stays as it is")
	})
}

func TestAbsencesOfTheOrganisationsText(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	org := organisation(agency)
	org.Absences = []engine.Absence{w.off("chi", "dung", 3), w.off("an", "binh", 3)}
	require.NoError(t, w.PutOrganisation(t.Context(), org))
	require.Len(t, w.absences(), 2)

	require.NoError(t, w.EndAbsence(t.Context(), w.officer("chi"), "chi", w.day(0)))
	require.NoError(t, w.PutAbsence(t.Context(), w.officer("an"), w.off("an", "chi", 9)))
	require.NoError(t, w.PutOrganisation(t.Context(), org))
	require.Equal(t, []engine.Absence{w.off("an", "chi", 9)}, w.absences(), "what people entered and ended stays")

	org.Absences = []engine.Absence{w.off("nobody", "", 1)}
	requireCode(t, engine.CodeInvalid, w.PutOrganisation(t.Context(), org))
	org.Absences = []engine.Absence{w.off("chi", "chi", 1)}
	requireCode(t, engine.CodeInvalid, w.PutOrganisation(t.Context(), org))
}

// TestDirectoryIsOfTheMoment: what a ledger keeps of an organisation is gone
// with the next change of it, whoever makes it.
func TestDirectoryIsOfTheMoment(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	elsewhere := ledgerOn(w.pool)
	_, c := w.get(w.start("k").Code)
	org := func(l *postgres.Ledger) *engine.Directory {
		r, err := l.Rules(t.Context(), c)
		require.NoError(t, err)
		return r.Org
	}
	first := org(elsewhere)
	require.Same(t, first, org(elsewhere), "kept while nothing changes")
	at := engine.Place{Department: "one-stop", Role: "receptionist", Holder: "an"}
	require.Equal(t, []string{"an"}, org(elsewhere).Find(engine.RoleHolder, at, w.day(0)).Officers)

	require.NoError(t, w.PutAbsence(t.Context(), w.officer("an"), w.off("an", "huong", 1)))
	require.Equal(t, []string{"huong"}, org(elsewhere).Find(engine.RoleHolder, at, w.day(0)).Officers)
	require.NoError(t, w.EndAbsence(t.Context(), w.officer("an"), "an", w.day(0)))
	require.Equal(t, []string{"an"}, org(elsewhere).Find(engine.RoleHolder, at, w.day(0)).Officers)

	changed := organisation(agency)
	changed.Agency.Partners = []engine.Partner{{As: "police", Agency: "H02"}}
	slices.Reverse(changed.Officers)
	changed.Officers = changed.Officers[:len(changed.Officers)-1] // without an
	require.NoError(t, w.PutOrganisation(t.Context(), changed))
	_, known := org(elsewhere).Officer("an")
	require.False(t, known)
	code, known := org(elsewhere).Partner("police")
	require.True(t, known)
	require.Equal(t, "H02", code)
	require.Equal(t, []string{"giang", "dung"}, append(org(elsewhere).Find("head", engine.Place{Department: "office"}, w.day(0)).Officers,
		org(elsewhere).Find("head", engine.Place{Department: "appraisal"}, w.day(0)).Officers...))
	list, err := w.Officers(t.Context())
	require.NoError(t, err)
	require.Equal(t, changed.Agency.Partners, list[0].Agency.Partners)
}

// TestAnAbsenceIsHonouredByTheNextRung: it is entered while the clock of the
// step runs, by another process than the one that decides.
func TestAnAbsenceIsHonouredByTheNextRung(t *testing.T) {
	t.Parallel()
	w := newWorld(t, hasty("holder"))
	code := w.start("k").Code
	w.accepted(code, "accept", "an")
	w.accepted(code, "accept-handoff", "chi")
	o := w.accepted(code, "claim", "chi")
	w.exec(`DELETE FROM notifications`)
	require.NoError(t, ledgerOn(w.pool).PutAbsence(t.Context(), w.officer("chi"), w.off("chi", "huong", 1)))
	w.passed(o.NextAt)
	_, err := w.Tick(t.Context(), code)
	require.NoError(t, err)
	require.Equal(t, []string{"huong"}, w.told())
	list, err := w.Notifications(t.Context(), "huong", 10)
	require.NoError(t, err)
	require.Len(t, list, 1)
}
