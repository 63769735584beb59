package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
)

func board(id string, roles ...string) engine.Actor {
	a := engine.Actor{Kind: engine.ActorOfficer, ID: id, Agency: agency}
	for _, r := range roles {
		a.Roles = append(a.Roles, engine.RoleIn{Department: engine.DepartmentQuality, Role: r})
	}
	return a
}

var (
	author   = board("tam", engine.RoleProcedureAuthor)
	coauthor = board("khanh", engine.RoleProcedureAuthor, engine.RoleProcedureApprover)
	approver = board("yen", engine.RoleProcedureApprover)
	another  = board("sau", engine.RoleProcedureApprover)
)

func today() calendar.Date { return calendar.DateOf(time.Now()) }

// draftOf is birth as a version that takes effect in so many days.
func draftOf(version, days int) engine.Definition {
	def := birth()
	def.Version, def.Effective.From = version, today().AddDays(days)
	def.Cause = &engine.LegalBasis{Ref: "309/2026/NĐ-CP"}
	return def
}

func (w world) upload(a engine.Actor, def engine.Definition) (engine.Uploaded, error) {
	w.t.Helper()
	_, body := textOf(w.t, def)
	return w.Upload(w.t.Context(), engine.Upload{Actor: a, Definition: def, Text: body})
}

func (w world) control(a engine.Actor, action engine.VersionAction, version int) (engine.VersionRecord, error) {
	return w.Control(w.t.Context(), engine.VersionCommand{
		Code: procedure, Version: version, Action: action, Actor: a, Comment: "theo biên bản họp", To: today().AddDays(1),
	})
}

// checked, approved and published bring a version there.
func (w world) checked(def engine.Definition) {
	w.t.Helper()
	_, err := w.upload(author, def)
	require.NoError(w.t, err)
}

func (w world) approved(def engine.Definition) {
	w.t.Helper()
	w.checked(def)
	_, err := w.control(approver, engine.ActionApprove, def.Version)
	require.NoError(w.t, err)
}

func (w world) published(def engine.Definition) {
	w.t.Helper()
	w.approved(def)
	_, err := w.control(approver, engine.ActionPublish, def.Version)
	require.NoError(w.t, err)
}

func (w world) state(version int) engine.VersionState {
	w.t.Helper()
	v, err := w.VersionRecord(w.t.Context(), procedure, version)
	require.NoError(w.t, err)
	return v.State
}

// trail writes the trail of a version as "actor action state".
func (w world) trail(version int) []string {
	w.t.Helper()
	list, err := w.Trail(w.t.Context(), procedure, version)
	require.NoError(w.t, err)
	out := make([]string, len(list))
	for i, e := range list {
		out[i] = fmt.Sprintf("%s %s %s", e.Actor, e.Action, e.State)
	}
	return out
}

func TestLifeOfAVersion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	next := draftOf(2, 1)
	up, err := w.upload(author, next)
	require.NoError(t, err)
	require.True(t, up.Created)
	require.Equal(t, engine.VersionChecked, up.State)
	_, body := textOf(t, next)
	require.Equal(t, body, up.Text, "byte by byte")

	v, err := w.control(approver, engine.ActionApprove, 2)
	require.NoError(t, err)
	require.Equal(t, "yen", v.Approver)
	v, err = w.control(approver, engine.ActionPublish, 2)
	require.NoError(t, err)
	require.Equal(t, engine.VersionPublished, v.State)
	require.WithinDuration(t, time.Now(), v.PublishedAt, time.Minute)
	before, err := w.VersionRecord(t.Context(), procedure, 1)
	require.NoError(t, err)
	require.Equal(t, today().AddDays(1), before.Effective.To, "a successor ends what was open")

	_, err = w.Control(t.Context(), engine.VersionCommand{
		Code: procedure, Version: 2, Action: engine.ActionRetire, Actor: approver, Comment: "bãi bỏ theo 1/QĐ-UBND", To: today().AddDays(40),
	})
	require.NoError(t, err)
	v, err = w.VersionRecord(t.Context(), procedure, 2)
	require.NoError(t, err)
	require.Equal(t, engine.VersionRetired, v.State)
	require.Equal(t, today().AddDays(40), v.Effective.To)

	require.Equal(t, []string{"motcua publish published", "yen succeed published"}, w.trail(1))
	require.Equal(t, []string{"tam upload checked", "yen approve approved", "yen publish published", "yen retire retired"}, w.trail(2))
	list, err := w.Trail(t.Context(), procedure, 2)
	require.NoError(t, err)
	require.Equal(t, "bãi bỏ theo 1/QĐ-UBND", list[3].Comment)
	require.Equal(t, today().AddDays(40), list[3].Effective.To)
	require.Equal(t, up.SHA256, list[3].SHA256)
}

func TestUploads(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	wrong := engine.Findings{{Path: "/states/0", Line: 3, Code: "unknown-state", Message: "no such state", Severity: engine.SeverityError}}

	t.Run("a text with errors is stored as a draft only, and cannot be approved", func(t *testing.T) {
		u := engine.Upload{Actor: author, Definition: engine.Definition{Code: procedure, Version: 7}, Text: []byte("code: x"), Findings: wrong}
		_, err := w.Upload(t.Context(), u)
		var findings engine.Findings
		require.ErrorAs(t, err, &findings)
		require.Equal(t, wrong, findings)
		_, err = w.VersionRecord(t.Context(), procedure, 7)
		requireCode(t, engine.CodeNotFound, err)

		u.Draft = true
		up, err := w.Upload(t.Context(), u)
		require.NoError(t, err)
		require.Equal(t, engine.VersionDraft, up.State)
		require.Equal(t, wrong, up.Findings)
		_, err = w.Version(t.Context(), procedure, 7)
		requireCode(t, engine.CodeNeedsUnmet, err)
		_, err = w.control(approver, engine.ActionApprove, 7)
		requireCode(t, engine.CodeEventNotPermitted, err)
	})
	t.Run("a new text takes the approval away and its author becomes one", func(t *testing.T) {
		w.approved(draftOf(2, 1))
		other := draftOf(2, 2)
		up, err := w.upload(coauthor, other)
		require.NoError(t, err)
		require.False(t, up.Created)
		require.Equal(t, engine.VersionChecked, up.State)
		require.Equal(t, []string{"tam", "khanh"}, up.Authors)
		require.Empty(t, up.Approver)
		require.Equal(t, today().AddDays(2), up.Effective.From)
		_, err = w.control(coauthor, engine.ActionApprove, 2)
		requireCode(t, engine.CodeSameOfficer, err)
		_, err = w.control(coauthor, engine.ActionReject, 2)
		require.NoError(t, err)
		require.Equal(t, engine.VersionDraft, w.state(2))
		require.Equal(t, []string{"tam upload checked", "yen approve approved", "khanh upload checked", "khanh reject draft"}, w.trail(2))
	})
	t.Run("the same text again changes nothing", func(t *testing.T) {
		w.approved(draftOf(3, 1))
		_, err := w.upload(author, draftOf(3, 1))
		require.NoError(t, err)
		require.Equal(t, engine.VersionApproved, w.state(3), "a repetition does not take the approval away")
		require.Len(t, w.trail(3), 2)
		_, err = w.upload(coauthor, draftOf(3, 1))
		require.NoError(t, err)
		require.Equal(t, engine.VersionChecked, w.state(3), "another author does")
	})
	t.Run("nothing replaces a published text", func(t *testing.T) {
		_, err := w.upload(author, draftOf(1, 1))
		requireCode(t, engine.CodeEventNotPermitted, err)
		m, body := textOf(t, draftOf(3, 1))
		requireCode(t, engine.CodeInvalid, w.PutVersion(t.Context(), m, body))
	})
	t.Run("an upload that names no version is refused", func(t *testing.T) {
		_, err := w.Upload(t.Context(), engine.Upload{Actor: author, Definition: engine.Definition{Code: procedure}, Text: []byte("x"), Draft: true})
		requireCode(t, engine.CodeInvalid, err)
	})
	t.Run("an unknown version", func(t *testing.T) {
		_, err := w.control(approver, engine.ActionApprove, 99)
		requireCode(t, engine.CodeNotFound, err)
		_, err = w.control(author, engine.ActionApprove, 99)
		requireCode(t, engine.CodeWrongRole, err)
		_, err = w.Trail(t.Context(), procedure, 99)
		requireCode(t, engine.CodeNotFound, err)
	})
}

func TestPublishRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	uncaused := draftOf(2, 1)
	uncaused.Cause = nil
	w.approved(uncaused)
	w.approved(draftOf(3, -1))
	_, body := textOf(t, draftOf(4, 1))
	_, err := w.Upload(t.Context(), engine.Upload{Actor: author, Definition: draftOf(4, 1), Text: body,
		Findings: engine.Findings{{Code: "sum-under-limit", Message: "less", Severity: engine.SeverityWarning}}})
	require.NoError(t, err)
	_, err = w.control(approver, engine.ActionApprove, 4)
	require.NoError(t, err)
	w.checked(draftOf(5, 1))
	for version, want := range map[int]struct {
		code engine.Code
		says string
	}{
		2: {engine.CodeNeedsUnmet, "names no cause"},
		3: {engine.CodeNeedsUnmet, "is past"},
		4: {engine.CodeNeedsUnmet, "sum-under-limit"},
		5: {engine.CodeEventNotPermitted, "is checked"},
		1: {engine.CodeEventNotPermitted, "is published"},
	} {
		_, err := w.control(approver, engine.ActionPublish, version)
		requireCode(t, want.code, err)
		require.ErrorContains(t, err, want.says)
	}
	require.Len(t, w.trail(1), 1, "what is refused leaves no trace")
	w.published(draftOf(6, 3))
	w.approved(draftOf(7, 3))
	_, err = w.control(approver, engine.ActionPublish, 7)
	requireCode(t, engine.CodeNeedsUnmet, err)
	require.ErrorContains(t, err, "version 6 is in effect in the same time")
}

func TestOnlyPublishedVersionsAreStarted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	w.approved(draftOf(2, 0))
	r, _ := w.get(w.start("before").Code)
	require.Equal(t, 1, r.Version)
	_, err := w.control(approver, engine.ActionPublish, 2)
	require.NoError(t, err)
	r, _ = w.get(w.start("after").Code)
	require.Equal(t, 2, r.Version)
	_, err = w.control(approver, engine.ActionRetire, 2)
	require.NoError(t, err)
	r, _ = w.get(w.start("on its last day").Code)
	require.Equal(t, 2, r.Version, "a retired version is in effect until its last day")

	list, err := w.VersionRecords(t.Context(), procedure, "")
	require.NoError(t, err)
	require.Len(t, list, 2)
	w.checked(draftOf(3, 9))
	for state, want := range map[engine.VersionState]int{"": 2, engine.VersionChecked: 1, engine.VersionRetired: 1, engine.VersionDraft: 0} {
		list, err = w.VersionRecords(t.Context(), "", state)
		require.NoError(t, err)
		require.Len(t, list, want, state)
	}
	_, err = w.VersionRecords(t.Context(), "none", "")
	requireCode(t, engine.CodeNotFound, err)
	public, err := w.Versions(t.Context())
	require.NoError(t, err)
	require.Len(t, public, 2)
}

func TestTwoApprovalsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	w.checked(draftOf(2, 1))
	answers := parallel(8, func(i int) error {
		_, err := w.control([]engine.Actor{approver, another}[i%2], engine.ActionApprove, 2)
		return err
	})
	requireOneWins(t, answers, engine.CodeEventNotPermitted)
	require.Len(t, w.trail(2), 2)
}

func TestPublishRacesPublish(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	for version := 2; version < 8; version++ {
		w.approved(draftOf(version, 1))
	}
	answers := parallel(6, func(i int) error {
		_, err := w.control(approver, engine.ActionPublish, 2+i)
		return err
	})
	requireOneWins(t, answers, engine.CodeNeedsUnmet)
	require.Equal(t, 1, w.count(`SELECT count(*) FROM procedure_versions WHERE state = 'published' AND version > 1`))
	require.Len(t, w.trail(1), 2, "the open range was ended once")
}

func requireOneWins(t *testing.T, answers []error, lost engine.Code) {
	t.Helper()
	won := 0
	for _, err := range answers {
		if err == nil {
			won++
			continue
		}
		requireCode(t, lost, err)
	}
	require.Equal(t, 1, won)
}

// TestRunningDossiersStay publishes a version while a thousand dossiers run on
// the one before.
func TestRunningDossiersStay(t *testing.T) {
	t.Parallel()
	const running = 1000
	w := newWorld(t, birth())
	w.approved(draftOf(2, 0))
	started := parallel(running/10, func(i int) error {
		for n := range 10 {
			if _, err := w.Start(t.Context(), request(fmt.Sprint("k", i, "-", n))); err != nil {
				return err
			}
		}
		return nil
	})
	for _, err := range started {
		require.NoError(t, err)
	}
	sha := func(version int) string {
		v, err := w.VersionRecord(t.Context(), procedure, version)
		require.NoError(t, err)
		return v.SHA256
	}
	_, err := w.control(approver, engine.ActionPublish, 2)
	require.NoError(t, err)
	require.Equal(t, running, w.count(`SELECT count(*) FROM dossiers WHERE procedure_version = 1 AND procedure_sha256 = $1`, sha(1)))
	r, c := w.get(w.start("new").Code)
	require.Equal(t, 2, r.Version)
	require.Equal(t, sha(2), c.Procedure.SHA256)
	require.Equal(t, running+1, w.count(`SELECT count(*) FROM dossiers`))

	var old string
	require.NoError(t, w.pool.QueryRow(t.Context(), `SELECT code FROM dossiers WHERE procedure_version = 1 LIMIT 1`).Scan(&old))
	w.accepted(old, "accept", "an")
	r, _ = w.get(old)
	require.Equal(t, 1, r.Version, "a running dossier goes on under its own version")
	require.NoError(t, w.Verify(t.Context(), old))
}

// TestTheDatabaseKeepsTheLifecycle tries by SQL what no officer may do.
func TestTheDatabaseKeepsTheLifecycle(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	w.approved(draftOf(2, 1))
	w.published(draftOf(3, 2))
	w.approved(draftOf(4, 50))
	w.published(draftOf(5, 60))
	_, err := w.Control(t.Context(), engine.VersionCommand{
		Code: procedure, Version: 5, Action: engine.ActionRetire, Actor: approver, Comment: "bãi bỏ", To: today().AddDays(90),
	})
	require.NoError(t, err)
	w.checked(draftOf(6, 100))

	update := func(version int, set string) string {
		return fmt.Sprintf(`UPDATE procedure_versions SET %s WHERE version = %d`, set, version)
	}
	refused := []string{
		`DELETE FROM procedure_versions WHERE version = 6`, `TRUNCATE procedure_versions CASCADE`,
		`UPDATE procedure_events SET actor = 'x'`, `DELETE FROM procedure_events`, `TRUNCATE procedure_events`,
		update(2, `version = 22`), update(6, `version = 66`), update(6, `code = 'x'`),
		update(6, `authors = '{sau}'`), update(6, `state = 'approved'`), update(6, `state = 'approved', approver = 'tam'`),
		update(6, `state = 'published', published_at = now()`), update(6, `approver = 'yen'`),
		update(2, `state = 'published'`), update(2, `approver = 'sau'`), update(2, `approver = 'sau', state = 'published', published_at = now()`),
		update(2, `text = 'x', state = 'published', published_at = now()`),
		update(3, `state = 'draft', approver = NULL, published_at = NULL`),
		update(3, `effective = daterange('2020-01-01', '2021-01-01')`), update(3, `effective = daterange(lower(effective), NULL)`),
		update(3, `effective = 'empty'`), update(3, `state = 'retired', effective = daterange(lower(effective), NULL)`),
		update(3, `state = 'retired', effective = daterange(lower(effective), upper(effective) + 1)`),
		update(5, `effective = daterange(lower(effective), upper(effective) - 1)`), update(5, `state = 'published'`),
		`INSERT INTO procedure_versions SELECT (v).* FROM (SELECT v FROM procedure_versions v WHERE version = 2) AS x (v)`,
		`INSERT INTO procedure_versions (code, version, text, sha256, name, level, field, calendar, effective, state, authors, approver, published_at)
			SELECT code, 9, text, sha256, name, level, field, calendar, daterange('2050-01-01', NULL), 'published', '{tam}', 'yen', now() FROM procedure_versions WHERE version = 3`,
		`INSERT INTO procedure_versions (code, version, text, sha256, name, level, field, calendar, effective, state, authors, approver)
			SELECT code, 9, text, sha256, name, level, field, calendar, daterange('2050-01-01', NULL), 'approved', '{tam}', 'yen' FROM procedure_versions WHERE version = 3`,
	}
	for _, version := range []int{1, 3, 5} { // published by the program, published, retired
		for _, set := range []string{
			`text = 'x'`, `sha256 = 'x'`, `code = 'x'`, `version = 77`, `name = '{}'`, `authors = authors || '{x}'`, `approver = 'x'`,
			`findings = '[1]'`, `published_at = now()`, `calendar = 'x'`, `effective = NULL`, `sha256 = sha256`,
		} {
			refused = append(refused, update(version, set))
		}
	}
	for _, sql := range refused {
		_, err := w.pool.Exec(t.Context(), sql)
		require.Error(t, err, sql)
		require.Regexp(t, `SQLSTATE (42501|23514)`, err.Error(), sql)
	}
	require.Equal(t, engine.VersionApproved, w.state(2))
}

// TestTheDatabaseKnowsTheEngineEdges moves a version by SQL from every state to
// every state: the trigger must allow what the engine does, and nothing else.
func TestTheDatabaseKnowsTheEngineEdges(t *testing.T) {
	t.Parallel()
	reach := map[engine.VersionState]func(world){
		engine.VersionDraft: func(w world) {
			w.checked(draftOf(2, 1))
			_, err := w.control(approver, engine.ActionReject, 2)
			require.NoError(w.t, err)
		},
		engine.VersionChecked:   func(w world) { w.checked(draftOf(2, 1)) },
		engine.VersionApproved:  func(w world) { w.approved(draftOf(2, 1)) },
		engine.VersionPublished: func(w world) { w.published(draftOf(2, 1)) },
		engine.VersionRetired: func(w world) {
			w.published(draftOf(2, 0))
			_, err := w.control(approver, engine.ActionRetire, 2)
			require.NoError(w.t, err)
		},
	}
	with := map[engine.VersionState]string{
		engine.VersionDraft:     `approver = NULL, published_at = NULL`,
		engine.VersionChecked:   `approver = NULL, published_at = NULL`,
		engine.VersionApproved:  `approver = 'yen', published_at = NULL`,
		engine.VersionPublished: `published_at = coalesce(published_at, now()), effective = CASE WHEN state = 'published' THEN daterange(lower(effective), lower(effective) + 9) ELSE effective END`,
		engine.VersionRetired:   `published_at = coalesce(published_at, now()), effective = daterange(lower(effective), lower(effective) + 1)`,
	}
	for _, from := range engine.VersionStates() {
		t.Run(string(from), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, birth())
			w.exec(`UPDATE procedure_versions SET effective = daterange(lower(effective), $1::date)`, today().String()) // makes room
			reach[from](w)
			require.Equal(t, from, w.state(2))
			for _, to := range engine.VersionStates() {
				tx, err := w.pool.Begin(t.Context())
				require.NoError(t, err)
				_, err = tx.Exec(t.Context(), `UPDATE procedure_versions SET state = $1, `+with[to]+` WHERE version = 2`, to)
				require.NoError(t, tx.Rollback(t.Context()))
				require.Equal(t, from.MayBecome(to), err == nil, "to %s: %v", to, err)
			}
		})
	}
}

func TestTrailIsChained(t *testing.T) {
	t.Parallel()
	for name, tamper := range map[string]string{
		"an altered body":   `UPDATE procedure_events SET body = replace(body::text, 'tam', 'sau')::json WHERE seq = 1 AND version = 2`,
		"an altered column": `UPDATE procedure_events SET actor = 'sau' WHERE seq = 2 AND version = 2`,
		"a removed entry":   `DELETE FROM procedure_events WHERE seq = 2 AND version = 2`,
		"a moved entry":     `UPDATE procedure_events SET seq = 9 WHERE seq = 3 AND version = 2`,
		"an altered digest": `UPDATE procedure_events SET digest = md5(digest) WHERE seq = 2 AND version = 2`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, birth())
			w.published(draftOf(2, 1))
			w.exec(`ALTER TABLE procedure_events DISABLE TRIGGER USER`)
			w.exec(tamper)
			_, err := w.Trail(t.Context(), procedure, 2)
			requireCode(t, engine.CodeInternal, err)
			require.ErrorContains(t, err, "was altered at entry")
		})
	}
}
