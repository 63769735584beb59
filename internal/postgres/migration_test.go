package postgres_test

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
	"motcua/internal/postgres/pgtest"
)

func seconds(n int64) calendar.Duration { return calendar.Duration{Value: n, Unit: calendar.Second} }

func stateOf(def *engine.Definition, id string) *engine.State {
	for i := range def.States {
		if def.States[i].ID == id {
			return &def.States[i]
		}
	}
	panic(id)
}

// inspected is birth with two more steps, and a reception that is late after a
// second.
func inspected() engine.Definition {
	def := birth()
	for _, step := range [][2]string{{"inspect", "under-inspection"}, {"audit", "under-audit"}} {
		def.States[0].On = append(def.States[0].On, engine.Transition{Event: step[0], To: step[1], Name: def.Name})
		def.States = append(def.States, engine.State{
			ID: step[1], Name: def.Name, Department: "one-stop", Role: "receptionist", Within: seconds(600),
			On: []engine.Transition{{Event: "accept", To: "under-appraisal", Name: def.Name}},
		})
	}
	def.States[0].Within = seconds(1)
	return def
}

// reformed is its successor: without the inspection, the audit under another
// name, hardly any time for the appraisal, more for everything else.
func reformed() engine.Definition {
	def := inspected()
	def.Version, def.Effective.From = 2, today()
	def.States[0].On = append(def.States[0].On[:3:3], engine.Transition{Event: "audit", To: "being-audited", Name: def.Name})
	stateOf(&def, "under-audit").ID = "being-audited"
	for i, s := range def.States {
		if s.ID == "under-inspection" {
			def.States = append(def.States[:i:i], def.States[i+1:]...)
			break
		}
	}
	def.Limits.Statutory, def.Limits.Committed = seconds(12000), seconds(8000)
	def.Suspension = &engine.Suspension{Max: seconds(7200), OnExpiry: "close"}
	stateOf(&def, "received").Within = seconds(600)
	stateOf(&def, "under-appraisal").Within = seconds(1)
	return def
}

func reform(dossiers ...string) engine.Migration {
	return engine.Migration{
		Code: procedure, From: 1, To: 2, Reason: "309/2026/NĐ-CP", Dossiers: dossiers,
		States: []engine.StateMapping{{From: "under-audit", To: "being-audited"}},
	}
}

// ways lead a new dossier to where a migration finds it, with what becomes of it.
var ways = []struct {
	events [][2]string
	result string
}{
	{nil, engine.MigrationMigrated},                                                                                  // late
	{[][2]string{{"accept", "an"}}, engine.MigrationMigrated},                                                        // a handoff is pending
	{[][2]string{{"accept", "an"}, {engine.EventAcceptHandoff, "chi"}}, engine.MigrationRefused},                     // overdue by the new limit
	{[][2]string{{"request-supplement", "an"}}, engine.MigrationMigrated},                                            // suspended
	{[][2]string{{"refuse", "an"}}, ""},                                                                              // closed
	{[][2]string{{"accept", "an"}, {engine.EventAcceptHandoff, "chi"}, {"submit", "chi"}}, engine.MigrationMigrated}, // decided
	{[][2]string{{engine.EventClaim, "an"}}, engine.MigrationMigrated},                                               // held
	{[][2]string{{"request-supplement", "an"}, {"supplement", "an"}}, engine.MigrationMigrated},                      // went on
	{[][2]string{{"inspect", "an"}}, engine.MigrationRefused},                                                        // has no counterpart
	{[][2]string{{"audit", "an"}, {engine.EventClaim, "an"}, {engine.EventComment, "an"}}, engine.MigrationMigrated}, // has another name
}

// crowd starts n dossiers and spreads them over the ways.
func (w world) crowd(n int) []string {
	w.t.Helper()
	officers := map[string]engine.Actor{"an": w.officer("an"), "chi": w.officer("chi")}
	codes := make([]string, n)
	var starting sync.WaitGroup
	for worker := range 8 {
		starting.Go(func() {
			for i := worker; i < n; i += 8 {
				codes[i] = w.start("crowd " + strconv.Itoa(i)).Code
				for _, e := range ways[i%len(ways)].events {
					o := w.fire(codes[i], e[0], officers[e[1]])
					if o.Refusal != nil {
						w.t.Errorf("%s: %v", e[0], o.Refusal)
					}
				}
			}
		})
	}
	starting.Wait()
	require.False(w.t, w.t.Failed())
	return codes
}

func (w world) preview(m engine.Migration) ([]engine.MigrationOutcome, engine.MigrationCounts) {
	w.t.Helper()
	var all []engine.MigrationOutcome
	var counts engine.MigrationCounts
	for cursor, first := "", true; first || cursor != ""; first = false {
		page, err := w.PreviewMigration(w.t.Context(), approver, m, cursor, 150)
		require.NoError(w.t, err)
		require.Equal(w.t, first, page.Counts != nil)
		if first {
			counts = *page.Counts
		}
		all, cursor = append(all, page.Outcomes...), page.Next
	}
	return all, counts
}

func (w world) results(id string) []engine.MigrationOutcome {
	w.t.Helper()
	var all []engine.MigrationOutcome
	for cursor, first := "", true; first || cursor != ""; first = false {
		page, err := w.MigrationResults(w.t.Context(), agency, procedure, id, cursor, 150)
		require.NoError(w.t, err)
		all, cursor = append(all, page.Outcomes...), page.Next
	}
	return all
}

func (w world) apply(id string, m engine.Migration) engine.MigrationRecord {
	w.t.Helper()
	_, err := w.StartMigration(w.t.Context(), id, approver, m)
	require.NoError(w.t, err)
	require.NoError(w.t, w.RunMigration(w.t.Context(), agency, procedure, id))
	r, err := w.Migration(w.t.Context(), agency, procedure, id)
	require.NoError(w.t, err)
	return r
}

func TestMigrationOfAThousand(t *testing.T) {
	t.Parallel()
	const n = 1000
	w := newWorld(t, inspected())
	codes := w.crowd(n)
	running := n * 9 / 10
	w.passed(time.Now().Add(1100 * time.Millisecond)) // whoever is to be late by now is

	before := w.count(`SELECT count(*) FROM facts`)
	w.publish(reformed())
	require.Equal(t, n, w.count(`SELECT count(*) FROM dossiers WHERE procedure_version = 1`), "publishing moves nobody")
	require.Equal(t, before, w.count(`SELECT count(*) FROM facts`))

	impact, err := w.Impact(t.Context(), agency, procedure)
	require.NoError(t, err)
	require.Equal(t, 2, impact.InEffect)
	require.Equal(t, []int{running, 0}, []int{impact.Versions[0].Dossiers, impact.Versions[1].Dossiers})

	foreseen, counts := w.preview(reform())
	require.Equal(t, before, w.count(`SELECT count(*) FROM facts`), "a preview changes nothing")
	require.Equal(t, engine.MigrationCounts{Total: running, Migrated: n * 7 / 10, Refused: n * 2 / 10}, counts)

	w.exec(`CREATE TABLE slept AS SELECT code, next_at, closed_at FROM dossiers`)
	r := w.apply("m1", reform())
	require.Equal(t, engine.MigrationDone, r.State)
	require.Equal(t, counts, r.Counts)
	require.Equal(t, foreseen, w.results("m1"), "what was foreseen came true, word by word")

	w.requireWoken()
	facts := w.count(`SELECT count(*) FROM facts`)
	require.Equal(t, r, w.apply("m1", reform()), "the same again is the same")
	require.Equal(t, facts, w.count(`SELECT count(*) FROM facts`), "and moves nothing twice")

	results := map[string]string{}
	for _, o := range foreseen {
		results[o.Dossier] = o.Result
	}
	for i, code := range codes {
		way := ways[i%len(ways)]
		require.Equal(t, way.result, results[code], "%v", way.events)
		require.NoError(t, w.Verify(t.Context(), code))
		record, c := w.get(code)
		version := 1
		if way.result == engine.MigrationMigrated {
			version = 2
		}
		require.Equal(t, version, record.Version)
		require.Equal(t, version, c.Procedure.Version)
	}
	impact, err = w.Impact(t.Context(), agency, procedure)
	require.NoError(t, err)
	require.Equal(t, []int{n * 2 / 10, n * 7 / 10}, []int{impact.Versions[0].Dossiers, impact.Versions[1].Dossiers})
	_, counts = w.preview(reform())
	require.Equal(t, n*2/10, counts.Total, "those that stayed are still concerned")
}

// TestMigrationRaces lets officers work while their dossiers are moved, by two
// processes at once.
func TestMigrationRaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t, inspected())
	codes := w.crowd(60)
	w.publish(reformed())
	_, err := w.StartMigration(t.Context(), "race", approver, reform())
	require.NoError(t, err)
	an := w.officer("an")
	commands := make([]string, len(codes))
	for i, code := range codes {
		event := engine.EventComment
		if i%len(ways) == 0 {
			event = "refuse" // which closes it, before or after
		}
		commands[i] = w.submit(code, event, an)
	}
	fired := parallel(len(codes)+2, func(i int) answer[engine.Outcome] {
		if i >= len(codes) {
			return answer[engine.Outcome]{err: w.RunMigration(t.Context(), agency, procedure, "race")}
		}
		o, err := w.Fire(t.Context(), codes[i], commands[i])
		return answer[engine.Outcome]{o, err}
	})
	r, err := w.Migration(t.Context(), agency, procedure, "race")
	require.NoError(t, err)
	require.Equal(t, engine.MigrationDone, r.State)
	require.Zero(t, r.Counts.Pending)
	for i, code := range codes {
		require.NoError(t, fired[i].err)
		stored, err := w.Facts(t.Context(), agency, code)
		require.NoError(t, err)
		moves, remarks := 0, 0
		for _, f := range stored {
			switch {
			case f.Kind == engine.FactDossierMigrated:
				moves++
			case f.Command == commands[i]:
				remarks++
			}
		}
		switch i % len(ways) {
		case 0, 2: // a matter of moments: closed before, overdue by then
			require.LessOrEqual(t, moves, 1)
		case 4, 8:
			require.Zero(t, moves)
		default:
			require.Equal(t, 1, moves)
		}
		if fired[i].value.Refusal == nil {
			require.NotZero(t, remarks, "what an officer did is not lost")
		}
		require.NoError(t, w.Verify(t.Context(), code))
	}
	for _, runs := range fired[len(codes):] {
		require.NoError(t, runs.err)
	}
}

func TestMigrationResumes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, inspected())
	first, second := w.start("a").Code, w.start("b").Code
	w.publish(reformed())
	_, err := w.StartMigration(t.Context(), "cut off", approver, reform())
	require.NoError(t, err)

	gone, cut := context.WithCancel(t.Context())
	cut()
	requireCode(t, engine.CodeUnavailable, w.RunMigration(gone, agency, procedure, "cut off"))

	tx, err := w.pool.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `SELECT FROM dossiers WHERE code = $1 FOR UPDATE`, first)
	require.NoError(t, err)
	requireCode(t, engine.CodeUnavailable, w.RunMigration(t.Context(), agency, procedure, "cut off"))
	r, err := w.Migration(t.Context(), agency, procedure, "cut off")
	require.NoError(t, err)
	require.Equal(t, engine.MigrationRunning, r.State)
	require.Equal(t, engine.MigrationCounts{Total: 2, Pending: 1, Migrated: 1}, r.Counts)
	record, _ := w.get(second)
	require.Equal(t, 2, record.Version, "the other one did not wait")
	require.NoError(t, tx.Rollback(t.Context()))

	require.NoError(t, w.RunMigration(t.Context(), agency, procedure, "cut off"))
	r, err = w.Migration(t.Context(), agency, procedure, "cut off")
	require.NoError(t, err)
	require.Equal(t, engine.MigrationDone, r.State)
	require.Equal(t, engine.MigrationCounts{Total: 2, Migrated: 2}, r.Counts)
	require.False(t, r.FinishedAt.IsZero())
}

// TestMigrationDecidesOnce lets a second process come to another decision
// while the first waits for the dossier.
func TestMigrationDecidesOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, inspected())
	code := w.start("a").Code
	w.publish(reformed())
	_, err := w.StartMigration(t.Context(), "twice", approver, reform())
	require.NoError(t, err)
	tx, err := w.pool.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `SELECT FROM dossiers WHERE code = $1 FOR UPDATE`, code)
	require.NoError(t, err)
	patient := ledgerOn(pgtest.Open(t, w.url+"&lock_timeout=30s"))
	ran := make(chan error, 1)
	go func() { ran <- patient.RunMigration(t.Context(), agency, procedure, "twice") }()
	require.Eventually(t, func() bool {
		return w.count(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) == 1
	}, 10*time.Second, time.Millisecond)
	_, err = tx.Exec(t.Context(), `UPDATE act_results SET result = 'refused', decided_at = now() WHERE dossier = $1`, code)
	require.NoError(t, err)
	require.NoError(t, tx.Commit(t.Context()))
	require.NoError(t, <-ran)
	record, _ := w.get(code)
	require.Equal(t, 1, record.Version, "what was refused stays refused")
}

func TestMigrationOfNamedDossiers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, inspected())
	require.NoError(t, w.PutOrganisation(t.Context(), organisation("H99")))
	moved, closed, left := w.start("moved").Code, w.start("closed").Code, w.start("left").Code
	w.accepted(closed, "refuse", "an")
	elsewhere := request("elsewhere")
	elsewhere.Agency, elsewhere.Actor.Agency = "H99", "H99"
	other, err := w.Start(t.Context(), elsewhere)
	require.NoError(t, err)
	w.publish(reformed())

	m := reform(moved, closed, other.Code, "H01.1-000000-0000")
	foreseen, _ := w.preview(m)
	w.apply("named", m)
	require.Equal(t, foreseen, w.results("named"))
	said := map[string]string{}
	for _, o := range foreseen {
		said[o.Dossier] = fmt.Sprintf("%s %s", o.Result, o.Code)
	}
	require.Equal(t, map[string]string{
		moved: "migrated ", closed: "unchanged dossier-closed", other.Code: "refused not-found", "H01.1-000000-0000": "refused not-found",
	}, said, "whether another agency has a dossier is nobody's business")
	require.Equal(t, 1, w.count(`SELECT procedure_version FROM dossiers WHERE code = $1`, other.Code))
	record, _ := w.get(left)
	require.Equal(t, 1, record.Version)

	w.apply("again", m)
	require.Equal(t, engine.MigrationUnchanged, w.results("again")[2].Result, "it is there already")
	w.apply("all", reform())
	require.Equal(t, 1, w.count(`SELECT procedure_version FROM dossiers WHERE code = $1`, other.Code), "all are all of one's own agency")
	_, err = w.Migration(t.Context(), "H99", procedure, "all")
	requireCode(t, engine.CodeNotFound, err)
}

func TestMigrationTellsOfRungsByTheirOwnLadder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, inspected())
	code := w.start("late").Code
	_, c := w.get(code)
	k, _ := c.Clock(engine.ClockStep)
	w.passed(k.Due)
	next := reformed()
	stateOf(&next, "received").Within = seconds(1)
	next.Ladder = []engine.Rung{
		{At: 1, Of: engine.OfStep, Notify: []string{"receptionist"}, Raise: "due-soon"},
		next.Ladder[1], next.Ladder[0], next.Ladder[2],
	}
	w.publish(next)
	w.apply("m", reform())
	require.NoError(t, w.Verify(t.Context(), code))
	rows, err := w.pool.Query(t.Context(), `SELECT DISTINCT rung_text FROM notifications ORDER BY 1`)
	require.NoError(t, err)
	defer rows.Close()
	var texts []string
	for rows.Next() {
		var said string
		require.NoError(t, rows.Scan(&said))
		texts = append(texts, said)
	}
	require.Equal(t, []string{"1% of step", "100% of step", "50% of step"}, texts)
	require.Equal(t, 1, w.count(`SELECT count(*) FROM notifications WHERE officer = 'an' AND rung_text = '50% of step'`), "nobody is told twice")
}

func TestMigrationRecordsWhatNewConditionsRestOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, inspected())
	r := request("fields")
	r.Fields["in_hospital"], r.Fields["child.order"] = true, 2
	s, err := w.Start(t.Context(), r)
	require.NoError(t, err)
	next := reformed()
	next.States[0].On[0].When = `in_hospital && child.order > 1`
	next.States[0].On = append(next.States[0].On, engine.Transition{Event: "accept", To: "refused", Name: next.Name})
	w.publish(next)
	_, c := w.get(s.Code)
	require.Empty(t, c.Fields)
	w.apply("m", reform())
	_, c = w.get(s.Code)
	require.Equal(t, map[string]string{"in_hospital": "true", "child.order": "2"}, c.Fields)
	require.NoError(t, w.Verify(t.Context(), s.Code))
	require.Equal(t, "under-appraisal", w.accepted(s.Code, "accept", "an").State)
}

func TestMigrationsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	w := newWorld(t, inspected())
	w.start("a")
	early := reformed()
	early.Effective.From = today().AddDays(5)
	w.publish(early)
	start := func(id string, a engine.Actor, m engine.Migration) error {
		_, err := w.StartMigration(t.Context(), id, a, m)
		return err
	}
	_, counts := w.preview(reform())
	require.Equal(t, 1, counts.Migrated, "what is not in effect yet can be previewed")
	requireCode(t, engine.CodeNeedsUnmet, start("early", approver, reform()))
	requireCode(t, engine.CodeWrongRole, start("m", author, reform()))
	m := reform()
	m.To = 3
	requireCode(t, engine.CodeNotFound, start("m", approver, m))
	m = reform()
	m.Reason = ""
	requireCode(t, engine.CodeCommentRequired, start("m", approver, m))
	m = reform()
	m.States[0].To = "under-audit"
	requireCode(t, engine.CodeInvalid, start("m", approver, m))
	foreign := reformed()
	foreign.Version, foreign.Effective.From = 3, today().AddDays(9)
	stateOf(&foreign, "received").Department = "no-such"
	w.publish(foreign)
	m = reform()
	m.To = 3
	requireCode(t, engine.CodeAgencyNotBound, start("m", approver, m))
	require.Zero(t, w.count(`SELECT count(*) FROM acts`))
	_, err := w.Impact(t.Context(), agency, "9.999999")
	requireCode(t, engine.CodeNotFound, err)
}

func TestMigrationUnderTheSameKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, inspected())
	w.start("a")
	w.publish(reformed())
	w.apply("key", reform())
	m := reform()
	m.Reason = "khác"
	_, err := w.StartMigration(t.Context(), "key", approver, m)
	requireCode(t, engine.CodeIdempotencyConflict, err)
}

func TestMigrationPassesOverABrokenRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t, inspected())
	broken, whole := w.start("broken").Code, w.start("whole").Code
	w.publish(reformed())
	w.exec(`UPDATE dossiers SET seq = seq + 1 WHERE code = $1`, broken)
	foreseen, _ := w.preview(reform())
	r := w.apply("m", reform())
	require.Equal(t, engine.MigrationDone, r.State)
	require.Equal(t, foreseen, w.results("m"))
	require.Equal(t, engine.CodeInternal, foreseen[0].Code)
	record, _ := w.get(whole)
	require.Equal(t, 2, record.Version)
}
