package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
)

// calendarTrail writes the trail of a version as "actor action state comment".
func (w world) calendarTrail(code string, version int) []string {
	w.t.Helper()
	list, err := w.CalendarTrail(w.t.Context(), code, version)
	require.NoError(w.t, err)
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = fmt.Sprintf("%s %s %s %s", e.Actor, e.Action, e.State, e.Comment)
	}
	return out
}

func TestLifeOfACalendar(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unhurried())
	next := swapped(2)
	upload := func(a engine.Actor, spec calendar.Spec) error {
		_, err := w.UploadCalendar(t.Context(), a, spec, false)
		return err
	}
	publish := func(a engine.Actor, key string) error {
		_, err := w.PublishCalendar(t.Context(), a, next.Code, 2, "hoán đổi", key)
		return err
	}
	step := func(a engine.Actor, action engine.VersionAction) error {
		_, err := w.controlCalendar(a, action, next)
		return err
	}
	requireCode(t, engine.CodeWrongRole, upload(approver, next))
	requireCode(t, engine.CodeNeedsUnmet, upload(author, swapped(3)))
	requireCode(t, engine.CodeEventNotPermitted, upload(author, swapped(1)))
	requireCode(t, engine.CodeInvalid, upload(author, calendar.Spec{Code: "x", Version: 1}))
	require.NoError(t, upload(author, next))
	require.NoError(t, upload(author, next), "the same again")
	require.NoError(t, upload(coauthor, next), "whoever sends it too is an author")
	requireCode(t, engine.CodeSameOfficer, step(coauthor, engine.ActionApprove))
	requireCode(t, engine.CodeEventNotPermitted, publish(approver, "early"))
	_, c := w.get(w.start("before").Code)
	require.Equal(t, 1, c.Calendar.Version, "what is not published is not in effect")
	require.NoError(t, step(another, engine.ActionReject))
	requireCode(t, engine.CodeEventNotPermitted, step(another, engine.ActionApprove))
	require.NoError(t, upload(author, next))
	require.NoError(t, step(another, engine.ActionApprove))
	requireCode(t, engine.CodeWrongRole, publish(author, "key"))
	require.NoError(t, publish(approver, "key"))
	require.NoError(t, publish(approver, "key"), "the same again")
	requireCode(t, engine.CodeEventNotPermitted, publish(approver, "another key"))
	requireCode(t, engine.CodeEventNotPermitted, upload(author, next))
	require.Equal(t, []string{
		"tam upload checked ", "khanh upload checked ", "sau reject draft theo công văn", "tam upload checked ",
		"sau approve approved theo công văn", "yen publish published hoán đổi",
	}, w.calendarTrail(next.Code, 2))

	list, err := w.CalendarRecords(t.Context(), next.Code)
	require.NoError(t, err)
	require.Len(t, list, 2)
	require.Equal(t, []string{"motcua"}, list[0].Authors)
	require.Equal(t, []string{"tam", "khanh"}, list[1].Authors)
	require.Equal(t, "sau", list[1].Approver)
	require.Equal(t, "key", list[1].Act)
	require.WithinDuration(t, time.Now(), list[1].PublishedAt, time.Minute)
	current, err := w.Calendars(t.Context())
	require.NoError(t, err)
	require.Equal(t, list[1:], current)
	_, c = w.get(w.start("after").Code)
	require.Equal(t, 2, c.Calendar.Version)

	_, err = w.CalendarRecords(t.Context(), "none")
	requireCode(t, engine.CodeNotFound, err)
	_, err = w.PreviewCalendar(t.Context(), approver, "none", 1, "", 10)
	requireCode(t, engine.CodeNotFound, err)
	_, err = w.PreviewCalendar(t.Context(), w.officer("an"), next.Code, 2, "", 10)
	requireCode(t, engine.CodeWrongRole, err)
	_, err = w.PublishCalendar(t.Context(), approver, "none", 1, "", "key")
	requireCode(t, engine.CodeNotFound, err)
}

// TestTheDatabaseKeepsCalendars tries by SQL what no officer may do.
func TestTheDatabaseKeepsCalendars(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unhurried())
	w.decided(swapped(2))
	_, err := w.PublishCalendar(t.Context(), approver, "around-the-clock", 2, "", "act")
	require.NoError(t, err)
	w.decided(swapped(3))
	update := func(version int, set string) string {
		return fmt.Sprintf(`UPDATE calendars SET %s WHERE version = %d`, set, version)
	}
	refused := []string{
		`DELETE FROM calendars WHERE version = 3`, `TRUNCATE calendars CASCADE`,
		`UPDATE calendar_events SET actor = 'x'`, `DELETE FROM calendar_events`, `TRUNCATE calendar_events`,
		update(3, `code = 'x'`), update(3, `version = 9`), update(3, `authors = '{sau}'`), update(3, `approver = 'sau'`),
		update(3, `state = 'published', published_at = now(), spec = '{}'`), update(3, `state = 'checked', approver = NULL, authors = '{yen}'`),
		update(3, `state = 'published', published_at = now(), approver = 'sau'`),
		`INSERT INTO calendars (code, version, spec, own, sha256, state, authors, approver, published_at) VALUES ('x', 1, '', '', '', 'published', '{tam}', 'yen', now())`,
		`INSERT INTO calendars (code, version, spec, own, sha256, state, authors, approver) VALUES ('x', 1, '', '', '', 'approved', '{tam}', 'yen')`,
		`INSERT INTO calendars (code, version, spec, own, sha256, state, authors, approver) VALUES ('x', 1, '', '', '', 'checked', '{tam}', 'yen')`,
	}
	for _, version := range []int{1, 2} { // published by the program, by an officer
		for _, set := range []string{
			`spec = ''`, `own = ''`, `sha256 = 'x'`, `authors = authors || '{x}'`, `approver = 'x'`, `published_at = now()`,
			`state = 'draft', approver = NULL, published_at = NULL`, `act = NULL`, `comment = 'x'`, `sha256 = sha256`,
		} {
			refused = append(refused, update(version, set))
		}
	}
	for _, sql := range refused {
		_, err := w.pool.Exec(t.Context(), sql)
		require.Error(t, err, sql)
		require.Regexp(t, `SQLSTATE (42501|23514)`, err.Error(), sql)
	}
	r, err := w.UploadCalendar(t.Context(), coauthor, swapped(3), false)
	require.NoError(t, err, "it is unharmed")
	require.Equal(t, engine.VersionChecked, r.State)
	w.exec(`ALTER TABLE calendar_events DISABLE TRIGGER USER`)
	w.exec(`UPDATE calendar_events SET actor = 'x' WHERE version = 2 AND seq = 1`)
	_, err = w.CalendarTrail(t.Context(), "around-the-clock", 2)
	requireCode(t, engine.CodeInternal, err)
}

// commune is a calendar of its own hours that adds to the one of the world.
func commune() calendar.Spec {
	spec := aroundTheClock()
	spec.Code, spec.Base, spec.KnownUntil = "commune", "around-the-clock", calendar.Date{}
	spec.Exceptions = []calendar.Exception{{Date: today().AddDays(30), Kind: calendar.PublicHoliday, Name: "ngày truyền thống"}}
	return spec
}

func TestCalendarFollowsItsBase(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unhurried())
	require.NoError(t, w.PutCalendar(t.Context(), commune()))
	require.NoError(t, w.PutCalendar(t.Context(), commune()), "the same again")
	org := organisation("H99")
	org.Agency.Calendar = "commune"
	require.NoError(t, w.PutOrganisation(t.Context(), org))
	r := request("there")
	r.Agency, r.Actor.Agency = "H99", "H99"
	there, err := w.Start(t.Context(), r)
	require.NoError(t, err)
	here := w.start("here")

	next := swapped(2)
	w.decided(next)
	own := commune()
	own.Version = 2
	own.Exceptions[0].Name = "ngày hội"
	w.decided(own) // overtaken
	foreseen, counts := w.foresee(next)
	require.Equal(t, engine.ActCounts{Total: 2, Changed: 2, Moved: 2}, counts, "those of the calendar that follows too")
	_, err = w.PublishCalendar(t.Context(), approver, next.Code, 2, "hoán đổi", "act")
	require.NoError(t, err)
	require.NoError(t, w.RunAct(t.Context(), "act"))
	page, err := w.ActResults(t.Context(), "", "act", "", 10)
	require.NoError(t, err)
	require.Equal(t, foreseen, page.Outcomes)

	list, err := w.CalendarRecords(t.Context(), "commune")
	require.NoError(t, err)
	require.Len(t, list, 3)
	follows := list[2]
	require.Equal(t, []any{engine.VersionPublished, 3, 2, "act"}, []any{follows.State, follows.Spec.Version, follows.Spec.BaseVersion, follows.Act})
	require.Len(t, follows.Spec.Exceptions, 2, "its own day and the new one")
	require.Equal(t, "ngày truyền thống", follows.Spec.Exceptions[1].Name)
	require.Equal(t, []string{"motcua publish published follows around-the-clock version 2"}, w.calendarTrail("commune", 3))
	for code, version := range map[string]int{there.Code: 3, here.Code: 2} {
		require.Equal(t, version, w.count(`SELECT calendar_version FROM dossiers WHERE code = $1`, code))
		require.NoError(t, w.Verify(t.Context(), code))
	}
	_, err = w.PublishCalendar(t.Context(), approver, "commune", 2, "", "overtaken")
	requireCode(t, engine.CodeNeedsUnmet, err)

	t.Run("the shipped text of before is the same still", func(t *testing.T) {
		shipped := follows.Spec // completed with the base of now
		shipped.Version = 1
		require.NoError(t, w.PutCalendar(t.Context(), shipped))
		shipped.Version, shipped.Name = 3, "khác"
		requireCode(t, engine.CodeInvalid, w.PutCalendar(t.Context(), shipped))
	})
	t.Run("a base has no base", func(t *testing.T) {
		deep := commune()
		deep.Code, deep.Base = "deep", "commune"
		_, err := w.UploadCalendar(t.Context(), author, deep, false)
		requireCode(t, engine.CodeInvalid, err)
		back := swapped(3)
		back.Base = "commune"
		_, err = w.UploadCalendar(t.Context(), author, back, false)
		requireCode(t, engine.CodeInvalid, err)
		lost := commune()
		lost.Code, lost.Base = "lost", "nowhere"
		_, err = w.UploadCalendar(t.Context(), author, lost, false)
		requireCode(t, engine.CodeNeedsUnmet, err)
	})
	t.Run("one that comes complete is taken apart", func(t *testing.T) {
		complete := list[0].Spec
		complete.Code = "copy"
		require.NoError(t, w.PutCalendar(t.Context(), complete))
		copied, err := w.CalendarRecords(t.Context(), "copy")
		require.NoError(t, err)
		require.Equal(t, 2, copied[0].Spec.BaseVersion, "and completed with what is published")
		require.Len(t, copied[0].Spec.Exceptions, 2)
	})
}

// TestImportedCalendars takes a base and what adds to it to where neither is.
func TestImportedCalendars(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unhurried())
	base, adds := swapped(1), commune()
	base.Code, adds.Base = "region", "region"
	in := engine.CatalogueImport{Actor: author, Calendars: []calendar.Spec{adds, base}}
	for range 2 { // the same again changes nothing
		_, err := w.Import(t.Context(), in)
		require.NoError(t, err)
	}
	require.Equal(t, []string{"tam import checked "}, w.calendarTrail("commune", 1))
	for _, spec := range []calendar.Spec{adds, base} {
		_, err := w.controlCalendar(approver, engine.ActionApprove, spec)
		require.NoError(t, err)
	}
	publish := func(code string) error {
		_, err := w.PublishCalendar(t.Context(), approver, code, 1, "", "publish "+code)
		return err
	}
	requireCode(t, engine.CodeNeedsUnmet, publish("commune"))
	require.NoError(t, publish("region"))
	require.NoError(t, publish("commune"))
	_, calendars, err := w.Catalogue(t.Context())
	require.NoError(t, err)
	require.Len(t, calendars, 3)
	require.Contains(t, string(calendars[1].Text), `"base":"region","week"`, "as it was written")
	require.NoError(t, w.ResumeActs(t.Context()))
	require.Zero(t, w.count(`SELECT count(*) FROM acts WHERE finished_at IS NULL`), "nothing to compute anew is soon done")

	base.Version = 2
	_, err = w.UploadCalendar(t.Context(), author, base, true)
	require.NoError(t, err)
	_, err = w.controlCalendar(approver, engine.ActionApprove, base)
	requireCode(t, engine.CodeEventNotPermitted, err)
	requireCode(t, engine.CodeInvalid, w.PutCalendar(t.Context(), base))
}
