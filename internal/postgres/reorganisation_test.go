package postgres_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

// administered is the world's agency with somebody who may change it.
func administeredBy(id string) engine.Organisation {
	o := organisation(agency)
	o.Officers = append(o.Officers, engine.Officer{ID: id, Name: "Lý Quân", Roles: []engine.RoleIn{{Department: "office", Role: engine.RoleAdministrator}}})
	return o
}

// centre merges the two departments that every dossier of the world goes
// through.
func centre() engine.Reorganisation {
	return engine.Reorganisation{Reason: "Nghị quyết 12/NQ-HĐND", Changes: []engine.DepartmentChange{{
		Merge: []string{"one-stop", "appraisal"}, Into: &engine.DepartmentWish{Code: "centre", Name: engine.Text{VI: "Trung tâm"}, Parent: "office"},
	}}}
}

func (w world) foreseen(a engine.Actor, r engine.Reorganisation) (engine.OrganisationChanges, []engine.ActOutcome, engine.ActCounts) {
	w.t.Helper()
	var all []engine.ActOutcome
	var counts engine.ActCounts
	var changes engine.OrganisationChanges
	for cursor, first := "", true; first || cursor != ""; first = false {
		c, page, err := w.PreviewReorganisation(w.t.Context(), a, r, cursor, 100)
		require.NoError(w.t, err)
		if changes = c; first {
			counts = *page.Counts
		}
		all, cursor = append(all, page.Outcomes...), page.Next
	}
	return changes, all, counts
}

// TestReorganisation merges two departments with 240 dossiers at every stage
// between them, cut off in the middle, while officers go on working.
func TestReorganisation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unhurried())
	require.NoError(t, w.PutOrganisation(t.Context(), administeredBy("quan")))
	codes := w.populate(240)
	quan, chi := w.officer("quan"), w.officer("chi")
	waiting := w.start("one on its way")
	w.accepted(waiting.Code, "accept", "an") // handed over, not accepted yet
	codes = append(codes, waiting.Code)

	changes, foreseen, counts := w.foreseen(quan, centre())
	require.GreaterOrEqual(t, counts.Changed, 190)
	require.Zero(t, counts.Refused)
	require.Len(t, changes.Successions, 2)
	for _, code := range codes {
		_, c := w.get(code)
		require.NotEqual(t, "centre", c.Department, "a preview changes nothing")
	}
	requireNoAct(t, w)

	_, _, err := w.Reorganise(t.Context(), w.officer("giang"), "no", centre())
	requireCode(t, engine.CodeWrongRole, err)
	done, act, err := w.Reorganise(t.Context(), quan, "merge-1", centre())
	require.NoError(t, err)
	require.Equal(t, changes, done)
	require.Equal(t, counts.Total, act.Counts.Pending)

	// An officer who is quicker than the act works in the new department at once.
	quick := codes[1] // under appraisal
	o := w.fire(quick, engine.EventClaim, w.officer("chi"))
	require.Nil(t, o.Refusal, "%+v", o.Refusal)
	_, c := w.get(quick)
	require.Equal(t, "centre", c.Department)
	require.Equal(t, []engine.RoleIn{{Department: "centre", Role: "expert"}}, w.officer("chi").Roles)
	require.NotContains(t, w.officer("chi").Roles, chi.Roles[0])

	w.cutOff("merge-1")
	half := w.act("merge-1")
	require.NotZero(t, half.Counts.Pending, "it was cut off")
	require.Equal(t, engine.MigrationRunning, half.State)
	require.NoError(t, ledgerOn(w.pool).ResumeActs(t.Context()), "another process takes it up")
	ended := w.act("merge-1")
	require.Equal(t, engine.MigrationDone, ended.State)
	require.Zero(t, ended.Counts.Pending)

	// Preview equals what was done, but for the one that somebody moved before.
	results := w.outcomes("merge-1")
	drop := func(list []engine.ActOutcome) []engine.ActOutcome {
		return slices.DeleteFunc(slices.Clone(list), func(o engine.ActOutcome) bool { return o.Dossier == quick })
	}
	require.Equal(t, drop(foreseen), drop(results))

	for _, code := range codes {
		r, c := w.get(code)
		if c.Closed() {
			continue
		}
		require.NotContains(t, []string{"one-stop", "appraisal"}, c.Department, code)
		require.Equal(t, c.Department, r.Department, code)
		require.NoError(t, w.Verify(t.Context(), code), "the chain of %s", code)
	}
	require.Zero(t, w.count(`SELECT count(*) FROM clocks WHERE stopped_at IS NULL AND kind IN ('step', 'handoff') AND department IN ('one-stop', 'appraisal')`))
	require.Zero(t, w.count(`SELECT count(*) FROM handoffs WHERE answer IS NULL`), "what was handed over within one department has arrived")
	require.Zero(t, w.count(`SELECT count(*) FROM (SELECT dossier_id FROM facts WHERE kind = 'department-changed' GROUP BY dossier_id HAVING count(*) > 1) twice`))

	// Officers go on, by the words of the definition as it was published.
	w.accepted(waiting.Code, "submit", "chi")
	w.accepted(waiting.Code, "hand-over", "an")
	fresh := w.start("after it")
	w.accepted(fresh.Code, "accept", "binh")
	w.accepted(fresh.Code, "submit", "chi")
	require.NoError(t, w.Verify(t.Context(), fresh.Code))

	again, same, err := w.Reorganise(t.Context(), quan, "merge-1", centre())
	require.NoError(t, err)
	require.Equal(t, ended, same)
	require.True(t, again.None())
	other := centre()
	other.Reason = "khác"
	_, _, err = w.Reorganise(t.Context(), quan, "merge-1", other)
	requireCode(t, engine.CodeIdempotencyConflict, err)
	_, _, err = w.Reorganise(t.Context(), quan, "merge-2", centre())
	requireCode(t, engine.CodeInvalid, err)
}

// cutOff runs an act and stops it once it has decided some dossiers.
func (w world) cutOff(id string) {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.RunAct(ctx, id) }()
	require.Eventually(w.t, func() bool {
		return w.count(`SELECT count(*) FROM act_results WHERE act_id = $1 AND result <> 'pending'`, id) >= 20
	}, time.Minute, time.Millisecond)
	cancel()
	require.Error(w.t, <-ended)
}

func requireNoAct(t *testing.T, w world) {
	t.Helper()
	require.Zero(t, w.count(`SELECT count(*) FROM acts WHERE kind = 'reorganisation'`))
}

// TestReorganisationIsKept: the text of an organisation cannot undo it.
func TestReorganisationIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	require.NoError(t, w.PutOrganisation(t.Context(), administeredBy("quan")))
	quan := w.officer("quan")
	_, _, err := w.Reorganise(t.Context(), quan, "merge", centre())
	require.NoError(t, err)
	require.NoError(t, w.RunAct(t.Context(), "merge"))

	_, err = w.ImportOrganisation(t.Context(), quan, administeredBy("quan"), false)
	requireCode(t, engine.CodeInvalid, err)
	org, err := w.Organisation(t.Context(), agency)
	require.NoError(t, err)
	require.Len(t, org.Successions, 2)
	changes, err := w.ImportOrganisation(t.Context(), quan, org, false)
	require.NoError(t, err)
	require.True(t, changes.None(), "%+v", changes)
	org.Successions[0].To = "office"
	_, err = w.ImportOrganisation(t.Context(), quan, org, false)
	requireCode(t, engine.CodeInvalid, err)

	// A dossier that was moved there while it was dissolved is found.
	s := w.start("late")
	w.exec(`UPDATE dossiers SET department = 'one-stop', snapshot = jsonb_set(snapshot, '{department}', '"one-stop"') WHERE code = $1`, s.Code)
	require.NoError(t, w.ResumeActs(t.Context()))
	_, c := w.get(s.Code)
	require.Equal(t, "centre", c.Department)

	by, err := w.EnteredBy(t.Context(), agency)
	require.NoError(t, err)
	require.Equal(t, "quan", by)
}

func TestImportOrganisation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	require.NoError(t, w.PutOrganisation(t.Context(), administeredBy("quan")))
	quan := w.officer("quan")
	s := w.start("held")
	w.accepted(s.Code, engine.EventClaim, "an")

	next := administeredBy("quan")
	next.Officers = slices.DeleteFunc(next.Officers, func(o engine.Officer) bool { return o.ID == "an" })
	next.Officers = append(next.Officers, engine.Officer{ID: "moi", Name: "Người Mới", Roles: []engine.RoleIn{{Department: "one-stop", Role: "receptionist"}}})
	next.Departments = append(next.Departments, engine.Department{Code: "archive", Name: engine.Text{VI: "Lưu trữ"}, Parent: "office"})
	seen, err := w.ImportOrganisation(t.Context(), quan, next, true)
	require.NoError(t, err)
	require.Len(t, seen.Departments, 1)
	require.Equal(t, []string{"moi", "an"}, []string{seen.Officers[0].ID, seen.Officers[1].ID})
	require.Equal(t, 1, seen.Officers[1].Dossiers)
	w.officer("an")
	require.Zero(t, w.count(`SELECT count(*) FROM acts`))

	done, err := w.ImportOrganisation(t.Context(), quan, next, false)
	require.NoError(t, err)
	require.Equal(t, seen, done, "what was previewed is what happened")
	require.NoError(t, w.ResumeActs(t.Context()))
	_, c := w.get(s.Code)
	require.Empty(t, c.Holder)
	require.Equal(t, 1, w.count(`SELECT count(*) FROM acts WHERE kind = 'organisation' AND actor = 'quan' AND finished_at IS NOT NULL`))
	again, err := w.ImportOrganisation(t.Context(), quan, next, false)
	require.NoError(t, err)
	require.True(t, again.None(), "%+v", again)

	for _, id := range []string{"giang", "binh"} {
		_, err = w.ImportOrganisation(t.Context(), w.officer(id), next, true)
		requireCode(t, engine.CodeWrongRole, err)
	}
	_, err = w.ImportOrganisation(t.Context(), quan, organisation("H02"), true)
	requireCode(t, engine.CodeInvalid, err)
	_, err = w.ImportOrganisation(t.Context(), quan, organisation(agency), false)
	requireCode(t, engine.CodeInvalid, err) // nobody could change it any more
}

func (w world) asked(k engine.KeyRequest) (engine.KeyRecord, string) {
	w.t.Helper()
	r, text, err := w.IssueKey(w.t.Context(), w.officer("quan"), k)
	require.NoError(w.t, err)
	return r, text
}

func (w world) bearer(text string) (engine.Actor, error) {
	id, secret, _ := strings.Cut(strings.TrimPrefix(text, "mc_"), "_")
	return w.ByKey(w.t.Context(), id, secret)
}

func TestKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	require.NoError(t, w.PutOrganisation(t.Context(), administeredBy("quan")))
	require.NoError(t, w.PutOrganisation(t.Context(), organisation("H02")))
	quan := w.officer("quan")
	k, text := w.asked(engine.KeyRequest{Kind: engine.ActorSystem, Name: "portal", Verbs: []engine.Verb{engine.VerbStartDossier}, Life: time.Hour})
	a, err := w.bearer(text)
	require.NoError(t, err)
	require.Equal(t, engine.Actor{Kind: engine.ActorSystem, ID: "portal", Agency: agency, Verbs: []engine.Verb{engine.VerbStartDossier}}, a)
	require.Equal(t, engine.ScopeNone, engine.May(a, engine.VerbListDossiers), "the key is for starting alone")
	require.Equal(t, "quan", k.IssuedBy)
	require.WithinDuration(t, time.Now().Add(time.Hour), k.ExpiresAt, time.Minute)

	list, _, err := w.Keys(t.Context(), agency, false, "", 10)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.False(t, list[0].LastUsedAt.IsZero(), "its last use is shown")

	t.Run("exchanged, both work until the overlap ends", func(t *testing.T) {
		n, other, err := w.RotateKey(t.Context(), quan, k.ID, 30*time.Minute, 0)
		require.NoError(t, err)
		require.Equal(t, k.ID, n.Replaces)
		require.Equal(t, k.Verbs, n.Verbs)
		for _, key := range []string{text, other} {
			_, err := w.bearer(key)
			require.NoError(t, err)
		}
		_, _, err = w.RotateKey(t.Context(), quan, k.ID, time.Minute, 0)
		requireCode(t, engine.CodeNeedsUnmet, err)
		w.exec(`UPDATE api_keys SET expires_at = clock_timestamp() WHERE id = $1`, k.ID) // the overlap is over
		_, err = w.bearer(text)
		requireCode(t, engine.CodeUnauthenticated, err)
		_, err = w.bearer(other)
		require.NoError(t, err)

		last, third, err := w.RotateKey(t.Context(), quan, n.ID, 0, 0)
		require.NoError(t, err)
		_, err = w.bearer(other)
		requireCode(t, engine.CodeUnauthenticated, err)
		r, err := w.WithdrawKey(t.Context(), quan, last.ID)
		require.NoError(t, err)
		require.Equal(t, []string{engine.KeyRevoked, "quan"}, []string{r.State, r.RevokedBy})
		_, err = w.bearer(third)
		requireCode(t, engine.CodeUnauthenticated, err)
	})
	t.Run("an overlap does not prolong a key", func(t *testing.T) {
		short, _ := w.asked(engine.KeyRequest{Kind: engine.ActorSystem, Name: "short", Life: time.Minute})
		_, _, err := w.RotateKey(t.Context(), quan, short.ID, time.Hour, 0)
		require.NoError(t, err)
		old, err := w.Key(t.Context(), agency, short.ID)
		require.NoError(t, err)
		require.Equal(t, short.ExpiresAt, old.ExpiresAt)
	})
	t.Run("nobody issues more than the bearer may", func(t *testing.T) {
		for name, c := range map[string]struct {
			code engine.Code
			k    engine.KeyRequest
		}{
			"a system that manages keys":         {engine.CodeForbidden, engine.KeyRequest{Kind: engine.ActorSystem, Name: "x", Verbs: []engine.Verb{engine.VerbManageKeys}}},
			"a receptionist who reads the audit": {engine.CodeForbidden, engine.KeyRequest{Kind: engine.ActorOfficer, Officer: "an", Name: "x", Verbs: []engine.Verb{engine.VerbReadAudit}}},
			"an officer of another agency":       {engine.CodeOfficerUnknown, engine.KeyRequest{Kind: engine.ActorOfficer, Officer: "an@H02", Name: "x"}},
			"no such verb":                       {engine.CodeInvalid, engine.KeyRequest{Kind: engine.ActorSystem, Name: "x", Verbs: []engine.Verb{"fly"}}},
			"the program's own name":             {engine.CodeInvalid, engine.KeyRequest{Kind: engine.ActorSystem, Name: "motcua"}},
			"longer than a key may live":         {engine.CodeInvalid, engine.KeyRequest{Kind: engine.ActorSystem, Name: "x", Life: 4 * engine.KeyLife}},
			"a clock":                            {engine.CodeInvalid, engine.KeyRequest{Kind: engine.ActorClock, Name: "x"}},
		} {
			_, _, err := w.IssueKey(t.Context(), quan, c.k)
			require.Equal(t, c.code, engine.CodeOf(err), "%s: %v", name, err)
		}
		_, _, err := w.IssueKey(t.Context(), w.officer("giang"), engine.KeyRequest{Kind: engine.ActorSystem, Name: "x"})
		requireCode(t, engine.CodeWrongRole, err)
	})
	t.Run("a key of an officer is for what it says only", func(t *testing.T) {
		_, key := w.asked(engine.KeyRequest{Kind: engine.ActorOfficer, Officer: "an", Name: "script", Verbs: []engine.Verb{engine.VerbListDossiers}})
		a, err := w.bearer(key)
		require.NoError(t, err)
		require.Equal(t, engine.ScopeNone, engine.May(a, engine.VerbFire))
		require.Equal(t, engine.ScopeDepartment, engine.May(a, engine.VerbListDossiers))
	})
	t.Run("of other agencies nothing is seen", func(t *testing.T) {
		stranger := engine.Actor{Kind: engine.ActorOfficer, ID: "x", Agency: "H02", Roles: []engine.RoleIn{{Department: "office", Role: engine.RoleAdministrator}}}
		_, err := w.WithdrawKey(t.Context(), stranger, k.ID)
		requireCode(t, engine.CodeNotFound, err)
		_, _, err = w.RotateKey(t.Context(), stranger, k.ID, 0, 0)
		requireCode(t, engine.CodeNotFound, err)
		_, _, err = w.IssueKey(t.Context(), stranger, engine.KeyRequest{ID: k.ID, Kind: engine.ActorSystem, Name: "portal"})
		requireCode(t, engine.CodeIdempotencyConflict, err)
	})
	t.Run("a repetition shows no secret, and another request is a conflict", func(t *testing.T) {
		first, secret := w.asked(engine.KeyRequest{ID: "abc", Kind: engine.ActorSystem, Name: "twice"})
		require.NotEmpty(t, secret)
		again, none := w.asked(engine.KeyRequest{ID: "abc", Kind: engine.ActorSystem, Name: "twice"})
		require.Empty(t, none)
		require.Equal(t, first.ID, again.ID)
		_, _, err := w.IssueKey(t.Context(), quan, engine.KeyRequest{ID: "abc", Kind: engine.ActorSystem, Name: "other"})
		requireCode(t, engine.CodeIdempotencyConflict, err)
	})
	require.Zero(t, w.count(`SELECT count(*) FROM api_keys k WHERE k::text LIKE '%' || $1 || '%'`, text[len(text)-20:]))
}
