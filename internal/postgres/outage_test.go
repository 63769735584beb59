package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/internal/postgres/pgtest"
)

func (w world) carriedOut(act engine.ActRecord) engine.ActRecord {
	w.t.Helper()
	require.NoError(w.t, w.RunAct(w.t.Context(), act.ID))
	r := w.act(act.ID)
	require.Equal(w.t, engine.MigrationDone, r.State)
	return r
}

func (w world) stepDue(code string) time.Time {
	w.t.Helper()
	_, c := w.get(code)
	return c.StepDue()
}

func TestOutage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	giang := w.officer("giang")
	closed, open := w.start("closed").Code, w.start("open").Code
	w.accepted(closed, "refuse", "an")
	due := w.stepDue(open)
	_, c := w.get(open)
	step := due.Sub(c.StartedAt)
	o := engine.Outage{System: "VNeID", Reason: "mất kết nối VNeID", Basis: "Nghị định 301/2026 Điều 3.4"}

	_, _, err := w.DeclareOutage(t.Context(), w.officer("an"), "out", o)
	requireCode(t, engine.CodeWrongRole, err)
	declared, act, err := w.DeclareOutage(t.Context(), giang, "out", o)
	require.NoError(t, err)
	require.Equal(t, engine.ActCounts{Total: 1, Pending: 1}, act.Counts)
	again, same, err := w.DeclareOutage(t.Context(), giang, "out", o)
	require.NoError(t, err)
	require.Equal(t, declared, again)
	require.Equal(t, act, same)
	other := o
	other.System = "Cổng dịch vụ công"
	_, _, err = w.DeclareOutage(t.Context(), giang, "out", other)
	requireCode(t, engine.CodeIdempotencyConflict, err)

	require.Equal(t, engine.ActCounts{Total: 1, Changed: 1}, w.carriedOut(act).Counts)
	_, c = w.get(open)
	require.True(t, c.Halted())
	require.Zero(t, w.stepDue(open), "nothing is due while it lasts")
	meanwhile := w.start("meanwhile").Code
	_, c = w.get(meanwhile)
	require.True(t, c.Halted(), "what comes in meanwhile stands still at once")
	require.Zero(t, w.stepDue(meanwhile))
	w.passed(c.StartedAt.Add(300 * time.Millisecond))

	_, _, err = w.EndOutage(t.Context(), giang, "none", time.Time{}, "")
	requireCode(t, engine.CodeNotFound, err)
	_, _, err = w.EndOutage(t.Context(), w.officer("an"), "out", time.Time{}, "")
	requireCode(t, engine.CodeWrongRole, err)
	_, _, err = w.EndOutage(t.Context(), giang, "out", time.Now().Add(time.Hour), "")
	requireCode(t, engine.CodeInvalid, err)
	ended, act, err := w.EndOutage(t.Context(), giang, "out", time.Time{}, "đã khôi phục")
	require.NoError(t, err)
	require.Equal(t, "giang", ended.Ended)
	_, same, err = w.EndOutage(t.Context(), giang, "out", ended.Until, "")
	require.NoError(t, err)
	require.Equal(t, act, same, "it ends once")
	_, _, err = w.EndOutage(t.Context(), giang, "out", ended.Until.Add(-time.Millisecond), "")
	requireCode(t, engine.CodeEventNotPermitted, err)
	require.Equal(t, engine.ActCounts{Total: 2, Changed: 2}, w.carriedOut(act).Counts)
	require.Equal(t, due.Add(ended.Until.Sub(declared.From)), w.stepDue(open), "it went on with what was left")
	require.WithinDuration(t, ended.Until.Add(step), w.stepDue(meanwhile), time.Millisecond, "what came in meanwhile lost nothing")
	for _, code := range []string{closed, open, meanwhile} {
		require.NoError(t, w.Verify(t.Context(), code))
	}
	list, err := w.Outages(t.Context(), agency)
	require.NoError(t, err)
	require.Equal(t, []engine.Outage{ended}, list)
	after := w.start("after").Code
	require.Equal(t, 2, w.count(`SELECT count(*) FROM acts WHERE subject = 'out'`))
	facts := w.count(`SELECT count(*) FROM facts`)
	require.NoError(t, w.ResumeActs(t.Context()))
	require.Equal(t, facts, w.count(`SELECT count(*) FROM facts`))
	_, c = w.get(after)
	require.False(t, c.Halted())
}

func TestOutageThatIsOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	giang := w.officer("giang")
	code := w.start("a").Code
	_, c := w.get(code)
	due := w.stepDue(code)
	w.passed(c.StartedAt.Add(400 * time.Millisecond))
	o := engine.Outage{
		System: "VNeID", Reason: "mất kết nối VNeID", Procedure: procedure,
		From: c.StartedAt.Add(100 * time.Millisecond), Until: c.StartedAt.Add(350 * time.Millisecond),
	}
	declared, act, err := w.DeclareOutage(t.Context(), giang, "over", o)
	require.NoError(t, err)
	require.Equal(t, "giang", declared.Ended)
	require.Equal(t, engine.ActCounts{Total: 1, Changed: 1}, w.carriedOut(act).Counts)
	require.WithinDuration(t, due.Add(250*time.Millisecond), w.stepDue(code), time.Millisecond)
	_, same, err := w.EndOutage(t.Context(), giang, "over", time.Time{}, "")
	require.NoError(t, err)
	require.Equal(t, act.ID, same.ID, "one act is both")
	require.NoError(t, w.Verify(t.Context(), code))

	o.Procedure = "9.999999"
	_, act, err = w.DeclareOutage(t.Context(), giang, "elsewhere", o)
	require.NoError(t, err)
	require.Zero(t, w.carriedOut(act).Counts.Total)
	o.Agency = "H99"
	_, _, err = w.DeclareOutage(t.Context(), giang, "foreign", o)
	requireCode(t, engine.CodeForbidden, err)
}

// TestOutageEndsBeforeItWasCarriedOut: nothing may be left standing.
func TestOutageEndsBeforeItWasCarriedOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	giang := w.officer("giang")
	code := w.start("a").Code
	due := w.stepDue(code)
	declared, begin, err := w.DeclareOutage(t.Context(), giang, "short", engine.Outage{System: "VNeID", Reason: "mất kết nối"})
	require.NoError(t, err)
	w.passed(declared.From.Add(50 * time.Millisecond))
	ended, end, err := w.EndOutage(t.Context(), giang, "short", time.Time{}, "")
	require.NoError(t, err)
	w.carriedOut(end)
	require.Equal(t, engine.ActCounts{Total: 1, Unchanged: 1}, w.carriedOut(begin).Counts)
	_, c := w.get(code)
	require.False(t, c.Halted())
	require.Equal(t, due.Add(ended.Until.Sub(declared.From)), w.stepDue(code))
}

func TestDeparture(t *testing.T) {
	t.Parallel()
	const n = 200
	w := newWorld(t, birth())
	giang, an := w.officer("giang"), w.officer("an")
	codes := make([]string, n)
	for i := range codes {
		codes[i] = w.start(fmt.Sprint("held ", i)).Code
		require.Nil(t, w.fire(codes[i], engine.EventClaim, an).Refusal)
	}
	depart := func(a engine.Actor, key, officer, successor, reason string) error {
		_, err := w.Depart(t.Context(), a, key, officer, successor, reason)
		return err
	}
	requireCode(t, engine.CodeWrongRole, depart(an, "key", "an", "binh", "nghỉ việc"))
	requireCode(t, engine.CodeCommentRequired, depart(giang, "key", "an", "binh", " "))
	requireCode(t, engine.CodeInvalid, depart(giang, "key", "an", "an", "nghỉ việc"))
	requireCode(t, engine.CodeOfficerUnknown, depart(giang, "key", "nobody", "", "nghỉ việc"))
	requireCode(t, engine.CodeOfficerUnknown, depart(giang, "key", "an", "nobody", "nghỉ việc"))
	require.Equal(t, 1, w.count(`SELECT count(*) FROM officers WHERE id = 'an' AND active`), "all of it or nothing")

	act, err := w.Depart(t.Context(), giang, "key", "an", "binh", "nghỉ việc")
	require.NoError(t, err)
	require.Equal(t, engine.ActCounts{Total: n, Pending: n}, act.Counts)
	_, _, err = w.Officer(t.Context(), "an")
	requireCode(t, engine.CodeUnauthenticated, err)
	require.NoError(t, w.PutOrganisation(t.Context(), organisation(agency)))
	_, _, err = w.Officer(t.Context(), "an")
	requireCode(t, engine.CodeUnauthenticated, err) // the text of the organisation does not bring them back
	require.Equal(t, engine.ActCounts{Total: n, Changed: n}, w.carriedOut(act).Counts)
	require.Zero(t, w.count(`SELECT count(*) FROM dossiers WHERE holder = 'an'`), "none is left with them")
	require.Equal(t, n, w.count(`SELECT count(*) FROM dossiers WHERE holder = 'binh'`))
	again, err := w.Depart(t.Context(), giang, "key", "an", "binh", "nghỉ việc")
	require.NoError(t, err)
	require.Equal(t, engine.MigrationDone, again.State)
	requireCode(t, engine.CodeIdempotencyConflict, depart(giang, "key", "an", "", "nghỉ việc"))
	for _, code := range codes[:20] {
		require.NoError(t, w.Verify(t.Context(), code))
	}

	t.Run("what a successor may not have goes back to the department", func(t *testing.T) {
		w.exec(`UPDATE officers SET active = false WHERE id = 'chi'`) // the successor leaves too, meanwhile
		w.exec(`UPDATE agencies SET revision = revision + 1`)
		act, err := w.Depart(t.Context(), giang, "second", "binh", "", "nghỉ hưu")
		require.NoError(t, err)
		w.exec(`UPDATE acts SET body = '{"officer": "binh", "successor": "chi"}' WHERE id = 'second'`)
		require.Equal(t, engine.ActCounts{Total: n, Changed: n}, w.carriedOut(act).Counts)
		require.Equal(t, n, w.count(`SELECT count(*) FROM dossiers WHERE holder = ''`))
		require.Equal(t, engine.CodeOfficerUnknown, w.outcomes("second")[0].Code)
	})
}

// TestOutageEndsWhileADossierComesIn ends an outage while a start that began
// under it is not through.
func TestOutageEndsWhileADossierComesIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	giang := w.officer("giang")
	w.start("first of the day")
	_, act, err := w.DeclareOutage(t.Context(), giang, "out", engine.Outage{System: "VNeID", Reason: "mất kết nối VNeID"})
	require.NoError(t, err)
	w.carriedOut(act)

	tx, err := w.pool.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `SELECT FROM code_sequences FOR UPDATE`)
	require.NoError(t, err)
	patient := ledgerOn(pgtest.Open(t, w.url+"&lock_timeout=30s"))
	came := make(chan answer[engine.Started], 1)
	go func() {
		s, err := patient.Start(t.Context(), request("meanwhile"))
		came <- answer[engine.Started]{s, err}
	}()
	require.Eventually(t, func() bool {
		return w.count(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) == 1
	}, 10*time.Second, time.Millisecond)
	_, act, err = w.EndOutage(t.Context(), giang, "out", time.Time{}, "")
	require.NoError(t, err)
	w.carriedOut(act)
	require.NoError(t, tx.Commit(t.Context()))

	a := <-came
	require.NoError(t, a.err)
	_, c := w.get(a.value.Code)
	require.False(t, c.Halted(), "nobody would let it run again")
}
