package postgres_test

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
	"motcua/internal/postgres"
	"motcua/internal/postgres/pgtest"
)

// unhurried is birth with limits of days, which days off move.
func unhurried() engine.Definition {
	def := birth()
	def.Limits.Statutory = calendar.Duration{Value: 5, Unit: calendar.WorkingDay}
	def.Limits.Committed = calendar.Duration{Value: 3, Unit: calendar.WorkingDay}
	stateOf(&def, "received").Within = calendar.Duration{Value: 3, Unit: calendar.WorkingDay}
	stateOf(&def, "under-appraisal").Within = calendar.Duration{Value: 24, Unit: calendar.WorkingHour}
	return def
}

// swapped is the calendar of the world with the day after tomorrow off, as it
// was decided on 25/12/2025 for 2/1/2026.
func swapped(version int) calendar.Spec {
	spec := aroundTheClock()
	spec.Version = version
	spec.Exceptions = []calendar.Exception{{
		Date: today().AddDays(2), Kind: calendar.SwappedOff, Name: "nghỉ hoán đổi", Basis: "CV 12345/VPCP",
	}}
	return spec
}

// standings lead a new dossier to where a new calendar finds it, with what it
// moves there.
var standings = []struct {
	events [][2]string
	moved  []engine.ClockKind
	closed bool
}{
	{nil, []engine.ClockKind{engine.ClockStatutory, engine.ClockCommitted, engine.ClockStep}, false},
	{[][2]string{{"accept", "an"}, {engine.EventAcceptHandoff, "chi"}}, []engine.ClockKind{engine.ClockStatutory, engine.ClockCommitted, engine.ClockStep}, false},
	{[][2]string{{"request-supplement", "an"}}, nil, false}, // what stands still is due at no moment
	{[][2]string{{engine.EventClaim, "an"}}, []engine.ClockKind{engine.ClockStatutory, engine.ClockCommitted, engine.ClockStep}, false},
	{[][2]string{{"refuse", "an"}}, nil, true},
}

// populate starts n dossiers and spreads them over the standings.
func (w world) populate(n int) []string {
	w.t.Helper()
	officers := map[string]engine.Actor{"an": w.officer("an"), "chi": w.officer("chi")}
	codes := make([]string, n)
	var starting sync.WaitGroup
	for worker := range 8 {
		starting.Go(func() {
			for i := worker; i < n; i += 8 {
				s, err := w.Start(w.t.Context(), request("one of many "+strconv.Itoa(i)))
				if err != nil {
					w.t.Errorf("start: %v", err)
					return
				}
				codes[i] = s.Code
				for _, e := range standings[i%len(standings)].events {
					o, err := w.Fire(w.t.Context(), s.Code, w.submit(s.Code, e[0], officers[e[1]]))
					if err != nil || o.Refusal != nil {
						w.t.Errorf("%s: %v %v", e[0], err, o.Refusal)
					}
				}
			}
		})
	}
	starting.Wait()
	require.False(w.t, w.t.Failed())
	return codes
}

// decided brings a calendar to where it may be published.
func (w world) decided(spec calendar.Spec) {
	w.t.Helper()
	_, err := w.UploadCalendar(w.t.Context(), author, spec, false)
	require.NoError(w.t, err)
	_, err = w.controlCalendar(approver, engine.ActionApprove, spec)
	require.NoError(w.t, err)
}

func (w world) controlCalendar(a engine.Actor, action engine.VersionAction, spec calendar.Spec) (engine.CalendarRecord, error) {
	return w.ControlCalendar(w.t.Context(), engine.VersionCommand{
		Code: spec.Code, Version: spec.Version, Action: action, Actor: a, Comment: "theo công văn",
	})
}

func (w world) foresee(spec calendar.Spec) ([]engine.ActOutcome, engine.ActCounts) {
	w.t.Helper()
	var all []engine.ActOutcome
	var counts engine.ActCounts
	for cursor, first := "", true; first || cursor != ""; first = false {
		page, err := w.PreviewCalendar(w.t.Context(), approver, spec.Code, spec.Version, cursor, 500)
		require.NoError(w.t, err)
		require.Equal(w.t, first, page.Counts != nil)
		if first {
			counts = *page.Counts
		}
		all, cursor = append(all, page.Outcomes...), page.Next
	}
	return all, counts
}

func (w world) outcomes(id string) []engine.ActOutcome {
	w.t.Helper()
	var all []engine.ActOutcome
	for cursor, first := "", true; first || cursor != ""; first = false {
		page, err := w.ActResults(w.t.Context(), agency, id, cursor, 500)
		require.NoError(w.t, err)
		all, cursor = append(all, page.Outcomes...), page.Next
	}
	return all
}

func (w world) act(id string) engine.ActRecord {
	w.t.Helper()
	r, err := w.Act(w.t.Context(), agency, id)
	require.NoError(w.t, err)
	return r
}

// newYear is the calendar of State offices around New Year 2026: before the
// swap of 2 January for 10 January was decided, and after (CV 12729/VPCP-KGVX
// of 25 December 2025).
func newYear(version int) calendar.Spec {
	spec := calendar.Spec{
		Code: "new-year", Version: version, KnownUntil: calendar.NewDate(2026, time.December, 31),
		Week: calendar.MondayToFriday(
			calendar.Shift{From: calendar.Clock(7, 30), To: calendar.Clock(11, 30)}, calendar.Shift{From: calendar.Clock(13, 30), To: calendar.Clock(17, 30)}),
		Exceptions: []calendar.Exception{{Date: calendar.NewDate(2026, time.January, 1), Kind: calendar.PublicHoliday, Name: "Tết Dương lịch"}},
	}
	if version > 1 {
		const basis = "CV 12729/VPCP-KGVX 25/12/2025"
		spec.Exceptions = append(spec.Exceptions,
			calendar.Exception{Date: calendar.NewDate(2026, time.January, 2), Kind: calendar.SwappedOff, Name: "nghỉ hoán đổi", Basis: basis},
			calendar.Exception{Date: calendar.NewDate(2026, time.January, 10), Kind: calendar.MakeUpWorking, Name: "làm bù", Basis: basis})
	}
	return spec
}

// TestCalendarOfTwoThousand publishes the swap of New Year 2026 while two
// thousand dossiers accepted on 30 December 2025 are open and their officers
// are at work: what was due on 5 January is due on the 6th.
func TestCalendarOfTwoThousand(t *testing.T) {
	t.Parallel()
	const n = 2500 // of which a fifth is closed
	const open = n * 4 / 5
	w := travelled(t, time.Date(2025, time.December, 30, 9, 0, 0, 0, calendar.Zone()))
	require.NoError(t, w.PutCalendar(t.Context(), newYear(1)))
	org := organisation(agency)
	org.Agency.Calendar = "new-year"
	require.NoError(t, w.PutOrganisation(t.Context(), org))
	w.publish(unhurried())
	codes := w.populate(n)
	next := newYear(2)
	w.decided(next)
	before := w.count(`SELECT count(*) FROM facts`)
	foreseen, counts := w.foresee(next)
	require.Equal(t, engine.ActCounts{Total: open, Changed: open, Moved: n * 3 / 5}, counts)
	require.Equal(t, before, w.count(`SELECT count(*) FROM facts`), "a preview changes nothing")

	_, err := w.PublishCalendar(t.Context(), approver, next.Code, 2, "hoán đổi ngày làm việc", "swap")
	require.NoError(t, err)
	require.Equal(t, before, w.count(`SELECT count(*) FROM facts`), "nor does publishing, before the act is carried out")
	require.Equal(t, engine.ActCounts{Total: open, Pending: open}, w.act("swap").Counts)
	w.exec(`CREATE TABLE slept AS SELECT code, next_at, closed_at FROM dossiers`)

	ran := make(chan error, 1)
	go func() { ran <- w.RunAct(t.Context(), "swap") }()
	an := w.officer("an")
	at := make([]answer[engine.Outcome], 0, 100)
	for i := 0; i < n; i += n / 100 { // standing at i%5 == 0: nobody has touched them
		o, err := w.Fire(t.Context(), codes[i], w.submit(codes[i], engine.EventComment, an))
		at = append(at, answer[engine.Outcome]{o, err})
	}
	for _, a := range at {
		require.NoError(t, a.err)
		require.Nil(t, a.value.Refusal)
	}
	require.NoError(t, <-ran)
	r := w.act("swap")
	require.Equal(t, engine.MigrationDone, r.State)
	require.Equal(t, counts, r.Counts)
	require.Equal(t, foreseen, w.outcomes("swap"), "what was foreseen came true, word by word")
	require.Equal(t, open, w.count(`SELECT count(*) FROM dossiers WHERE calendar_version = 2`))
	require.NotZero(t, w.requireWoken())

	facts := w.count(`SELECT count(*) FROM facts`)
	require.NoError(t, w.RunAct(t.Context(), "swap"))
	require.NoError(t, w.ResumeActs(t.Context()))
	again, err := w.PublishCalendar(t.Context(), approver, next.Code, 2, "hoán đổi ngày làm việc", "swap")
	require.NoError(t, err)
	require.Equal(t, "swap", again.Act)
	require.Equal(t, facts, w.count(`SELECT count(*) FROM facts`), "the same again changes nothing")
	_, counts = w.foresee(next)
	require.Zero(t, counts.Total)

	for i, code := range codes {
		if i%25 < len(standings) { // some of each
			w.requireSwapped(code, standings[i%len(standings)].moved, foreseen)
		}
		require.NoError(t, w.Verify(t.Context(), code))
	}
}

// requireSwapped holds a dossier against what the act said it moved.
func (w world) requireSwapped(code string, moved []engine.ClockKind, foreseen []engine.ActOutcome) {
	w.t.Helper()
	_, c := w.get(code)
	if c.Closed() {
		require.Equal(w.t, 1, c.Calendar.Version)
		return
	}
	require.Equal(w.t, 2, c.Calendar.Version)
	var kinds []engine.ClockKind
	for _, o := range foreseen {
		if o.Dossier != code {
			continue
		}
		for _, m := range o.Moves {
			k, ok := c.Clock(m.Kind)
			require.True(w.t, ok)
			require.True(w.t, k.Due.Equal(m.New))
			require.Equal(w.t, 24*time.Hour, m.New.Sub(m.Old))
			if m.Kind == engine.ClockCommitted { // three working days
				require.Equal(w.t, []int{5, 6}, []int{m.Old.In(calendar.Zone()).Day(), m.New.In(calendar.Zone()).Day()})
			}
			require.Equal(w.t, "02/01/2026 nghỉ hoán đổi (CV 12729/VPCP-KGVX 25/12/2025)", m.Rule.VI)
			kinds = append(kinds, m.Kind)
		}
	}
	require.ElementsMatch(w.t, moved, kinds)
}

// TestActIsTakenUp lets a process die in the middle of an act.
func TestActIsTakenUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unhurried())
	w.populate(60)
	w.decided(swapped(2))
	_, err := w.PublishCalendar(t.Context(), approver, "around-the-clock", 2, "", "cut off")
	require.NoError(t, err)

	dying := ledgerOn(pgtest.Open(t, w.url))
	life, die := context.WithCancel(t.Context())
	ran := make(chan error, 1)
	go func() { ran <- dying.RunAct(life, "cut off") }()
	require.Eventually(t, func() bool {
		return w.count(`SELECT count(*) FROM act_results WHERE result = 'changed'`) > 3
	}, 20*time.Second, time.Millisecond)
	die()
	requireCode(t, engine.CodeUnavailable, <-ran)
	require.Eventually(t, func() bool { // the server has ended what the process left in the air
		return w.count(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()`) == 0
	}, 20*time.Second, time.Millisecond)
	r := w.act("cut off")
	require.Equal(t, engine.MigrationRunning, r.State)
	require.NotZero(t, r.Counts.Pending)
	require.Equal(t, r.Counts.Changed, w.count(`SELECT count(*) FROM dossiers WHERE calendar_version = 2`), "a result stands with what it tells of")

	tx, err := w.pool.Begin(t.Context()) // another process works on it
	require.NoError(t, err)
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
	_, err = tx.Exec(t.Context(), `SELECT pg_advisory_xact_lock(hashtextextended('motcua act cut off', 0))`)
	require.NoError(t, err)
	require.NoError(t, w.ResumeActs(t.Context()))
	require.Equal(t, r, w.act("cut off"), "it is left alone")
	require.NoError(t, tx.Rollback(t.Context()))

	require.NoError(t, w.ResumeActs(t.Context()))
	r = w.act("cut off")
	require.Equal(t, engine.MigrationDone, r.State)
	require.Equal(t, engine.ActCounts{Total: 48, Changed: 48, Moved: 36}, r.Counts)
}

// TestWhatAPublicationLeftOut is about a start that had read the version
// before and commits after the act has ended.
func TestWhatAPublicationLeftOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unhurried())
	code := w.start("a").Code
	w.decided(swapped(2))
	_, err := w.PublishCalendar(t.Context(), approver, "around-the-clock", 2, "", "act")
	require.NoError(t, err)
	w.exec(`DELETE FROM act_results`) // as if it had not been there to be listed
	w.exec(`UPDATE acts SET finished_at = now()`)
	require.NoError(t, w.ResumeActs(t.Context()))
	_, c := w.get(code)
	require.Equal(t, 2, c.Calendar.Version)
	require.Equal(t, engine.ActCounts{Total: 1, Changed: 1, Moved: 1}, w.act("act").Counts)
}

func TestActsAreScoped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unhurried())
	require.NoError(t, w.PutOrganisation(t.Context(), organisation("H99")))
	w.start("here")
	elsewhere := request("elsewhere")
	elsewhere.Agency, elsewhere.Actor.Agency = "H99", "H99"
	_, err := w.Start(t.Context(), elsewhere)
	require.NoError(t, err)
	require.NoError(t, w.PutCalendar(t.Context(), swapped(2)))
	require.NoError(t, w.ResumeActs(t.Context()))

	list, err := w.Acts(t.Context(), "H99", engine.ActCalendar, 10)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, "around-the-clock@2", list[0].Subject)
	require.Equal(t, "motcua", list[0].Actor)
	require.Equal(t, 1, list[0].Counts.Changed, "of one's own agency")
	page, err := w.ActResults(t.Context(), "H99", list[0].ID, "", 10)
	require.NoError(t, err)
	require.Len(t, page.Outcomes, 1)
	r, err := w.Act(t.Context(), "", list[0].ID)
	require.NoError(t, err)
	require.Equal(t, 2, r.Counts.Changed, "of all")

	giang := w.officer("giang")
	_, act, err := w.DeclareOutage(t.Context(), giang, "out", engine.Outage{System: "VNeID", Reason: "mất kết nối"})
	require.NoError(t, err)
	require.Equal(t, 1, act.Counts.Total)
	_, err = w.Act(t.Context(), "H99", "out")
	requireCode(t, engine.CodeNotFound, err)
	_, err = w.ActResults(t.Context(), "H99", "out", "", 10)
	requireCode(t, engine.CodeNotFound, err)
	list, err = w.Acts(t.Context(), "H99", "", 10)
	require.NoError(t, err)
	require.Len(t, list, 1)
	list, err = w.Acts(t.Context(), agency, "", 10)
	require.NoError(t, err)
	require.Equal(t, engine.ActOutage, list[0].Kind, "the newest first")
	require.Len(t, list, 2)
}

// TestMigrationsBecomeActs takes the schema back and forth around what is on
// record.
func TestMigrationsBecomeActs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, inspected())
	w.start("late")
	w.accepted(w.start("inspected").Code, "inspect", "an")
	w.publish(reformed())
	r := w.apply("m", reform())
	results := w.results("m")
	require.NoError(t, w.PutCalendar(t.Context(), swapped(2)))
	require.NoError(t, postgres.MigrateDown(t.Context(), w.url, 8))
	require.Equal(t, 1, w.count(`SELECT count(*) FROM migrations WHERE from_version = 1 AND to_version = 2 AND roles::text LIKE '%procedure-approver%'`))
	require.Equal(t, 1, w.count(`SELECT count(*) FROM migration_results WHERE result = 'migrated'`))
	require.Equal(t, 1, w.count(`SELECT count(*) FROM migration_results WHERE result = 'refused'`))
	require.NoError(t, postgres.Migrate(t.Context(), w.url))
	w.Ledger = ledgerOn(pgtest.Open(t, w.url))
	after, err := w.Migration(t.Context(), agency, procedure, "m")
	require.NoError(t, err)
	require.Equal(t, r, after)
	require.Equal(t, results, w.results("m"))
	require.Equal(t, 2, w.count(`SELECT count(*) FROM calendars WHERE state = 'published' AND authors = '{motcua}'`))
}
