package postgres_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
	"motcua/internal/postgres"
)

// watched is birth with what supervisors watch for beside deadlines: a
// consultation, and a rung that asks to be acknowledged.
func watched() engine.Definition {
	def := birth()
	def.Consultations = []engine.Consultation{{
		ID: "opinion", Name: def.Name, Within: calendar.Duration{Value: 3600, Unit: calendar.Second}, Silence: "agree",
		Ask: []engine.RoleIn{{Department: "expertise", Role: "head"}},
	}}
	def.States[1].On = append(def.States[1].On, engine.Transition{Event: "ask", Name: def.Name, Start: []string{"opinion"}})
	def.Ladder[1].AcknowledgeWithin = calendar.Duration{Value: 60, Unit: calendar.Second}
	return def
}

// on lists one list of the agency at a moment, and holds the count and the
// board against it.
func (w world) on(list engine.List, at time.Time) []string {
	w.t.Helper()
	f := engine.Filter{List: list, At: at}
	listed := codes(w.list(f))
	f.Reach = everything(agency)
	n, err := w.Count(w.t.Context(), f)
	require.NoError(w.t, err)
	require.Equal(w.t, len(listed), n.Count, list)
	f.List = ""
	board, err := w.Board(w.t.Context(), f)
	require.NoError(w.t, err)
	require.Equal(w.t, n.Count, board.Total.Lists[list], list)
	return listed
}

func TestLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t, watched())
	start := func() string { return w.start(fmt.Sprint(ids.Add(1))).Code }
	now := func() time.Time { return time.Now() }

	t.Run("overdue and due soon, by the clock alone", func(t *testing.T) {
		code := start()
		defer w.accepted(code, "refuse", "an")
		_, c := w.get(code)
		due := c.StepDue()
		require.Equal(t, []string{code}, w.on(engine.ListDueSoon, now()), "ten minutes are within the working day")
		require.Empty(t, w.on(engine.ListOverdue, now()))
		require.Equal(t, []string{code}, w.on(engine.ListDueSoon, due), "due is not overdue yet")
		require.Empty(t, w.on(engine.ListDueSoon, due.Add(time.Microsecond)))
		require.Equal(t, []string{code}, w.on(engine.ListOverdue, due.Add(time.Microsecond)))
		f := engine.Filter{List: engine.ListDueSoon, Soon: calendar.Duration{Value: 9, Unit: calendar.Minute}}
		require.Empty(t, w.list(f).Records)
		f.Soon.Value = 11
		require.Len(t, w.list(f).Records, 1)
		late := w.list(engine.Filter{List: engine.ListOverdue, At: due.Add(time.Hour)}).Records
		require.True(t, late[0].StepOverdue, "a record is judged at the moment of its list")
	})
	t.Run("stuck: nothing moved, whatever rungs and comments say", func(t *testing.T) {
		code := start()
		defer w.accepted(code, "refuse", "an")
		w.accepted(code, engine.EventComment, "an")
		_, c := w.get(code)
		day := calendar.DateOf(c.ActedAt)
		require.Empty(t, w.on(engine.ListStuck, day.AddDays(4).Midnight().Add(-time.Second)), "the third whole working day is not over")
		require.Equal(t, []string{code}, w.on(engine.ListStuck, day.AddDays(4).Midnight()))
		f := engine.Filter{List: engine.ListStuck, Idle: calendar.Duration{Value: 1, Unit: calendar.Hour}, At: c.ActedAt.Add(time.Hour + time.Second)}
		require.Equal(t, []string{code}, codes(w.list(f)))
		f.At = c.ActedAt.Add(time.Hour - time.Second)
		require.Empty(t, w.list(f).Records)
		w.accepted(code, engine.EventClaim, "an")
		_, c = w.get(code)
		f.At = c.ActedAt.Add(time.Hour - time.Second)
		require.Empty(t, w.list(f).Records, "to take a dossier moves it")
	})
	t.Run("handoffs not accepted, and what was returned", func(t *testing.T) {
		code := start()
		w.accepted(code, "accept", "an")
		require.Equal(t, []string{code}, w.on(engine.ListUnaccepted, now()))
		require.Empty(t, w.on(engine.ListReturned, now()))
		w.accepted(code, engine.EventReturnHandoff, "chi")
		require.Empty(t, w.on(engine.ListUnaccepted, now()))
		require.Equal(t, []string{code}, w.on(engine.ListReturned, now()))
		w.accepted(code, "accept", "an")
		w.accepted(code, engine.EventRecallHandoff, "an")
		require.Empty(t, w.on(engine.ListReturned, now()), "who takes it back gets nothing back")
		w.accepted(code, "accept", "an")
		w.accepted(code, engine.EventAcceptHandoff, "chi")
		require.Empty(t, w.on(engine.ListUnaccepted, now()))
		w.accepted(code, "send-back", "chi")
		require.Equal(t, []string{code}, w.on(engine.ListReturned, now()))
		w.accepted(code, "refuse", "an")
		require.Empty(t, w.on(engine.ListReturned, now()))
	})
	t.Run("waiting for the applicant", func(t *testing.T) {
		code := start()
		w.accepted(code, "request-supplement", "an")
		require.Equal(t, []string{code}, w.on(engine.ListWaiting, now()))
		require.Empty(t, w.on(engine.ListStuck, now().AddDate(1, 0, 0)), "it cannot move")
		w.accepted(code, "supplement", "an")
		require.Empty(t, w.on(engine.ListWaiting, now()))
		require.Empty(t, w.on(engine.ListReturned, now()), "it goes on with the supplement")
		w.accepted(code, "refuse", "an")
	})
	t.Run("opinions not given", func(t *testing.T) {
		code := start()
		w.accepted(code, "accept", "an")
		w.accepted(code, engine.EventAcceptHandoff, "chi")
		require.Empty(t, w.on(engine.ListUnanswered, now()))
		w.accepted(code, "ask", "chi")
		require.Equal(t, []string{code}, w.on(engine.ListUnanswered, now()))
		cmd := engine.Command{
			ID: fmt.Sprint("c", ids.Add(1)), Dossier: code, Event: engine.EventAnswer, Actor: w.officer("dung"),
			Answer: &engine.Answer{Consultation: "opinion", Department: "expertise", Says: engine.AnswerAgree},
		}
		_, err := w.Submit(t.Context(), cmd)
		require.NoError(t, err)
		o, err := w.Fire(t.Context(), code, cmd.ID)
		require.NoError(t, err)
		require.Nil(t, o.Refusal)
		require.Empty(t, w.on(engine.ListUnanswered, now()))
		w.accepted(code, "submit", "chi")
		w.accepted(code, "hand-over", "an")
	})
}

// TestUnacknowledged: of a rung that asks to be seen, until somebody has, or
// the step is over; also when there is nobody above left to tell.
func TestUnacknowledged(t *testing.T) {
	t.Parallel()
	def := watched()
	def.States[0].Within = calendar.Duration{Value: 1, Unit: calendar.Second}
	def.Ladder = []engine.Rung{{At: 100, Of: engine.OfStep, Notify: []string{"head"}, AcknowledgeWithin: calendar.Duration{Value: 1, Unit: calendar.Second}}}
	w := newWorld(t, def)
	seen, unheard := w.start("seen").Code, w.start("unheard").Code
	_, c := w.get(seen)
	require.Empty(t, w.on(engine.ListUnacknowledged, time.Now()))
	w.passed(c.StepDue())
	_, err := w.Tick(t.Context(), seen)
	require.NoError(t, err)
	require.Equal(t, []string{seen}, w.on(engine.ListUnacknowledged, time.Now()))
	_, c = w.get(seen)
	cmd := engine.Command{ID: "seen", Dossier: seen, Event: engine.EventAcknowledge, Target: c.Alarms[0].Clock, Actor: w.officer("giang")}
	_, err = w.Submit(t.Context(), cmd)
	require.NoError(t, err)
	o, err := w.Fire(t.Context(), seen, cmd.ID)
	require.NoError(t, err)
	require.Nil(t, o.Refusal)
	require.Empty(t, w.on(engine.ListUnacknowledged, time.Now()))

	require.Eventually(t, func() bool { // it climbs to where nobody is left
		_, err := w.Tick(t.Context(), unheard)
		require.NoError(t, err)
		_, c = w.get(unheard)
		return !c.UnheardAt.IsZero()
	}, 15*time.Second, 50*time.Millisecond)
	require.Empty(t, c.Alarms)
	require.Equal(t, []string{unheard}, w.on(engine.ListUnacknowledged, time.Now()))
	w.accepted(unheard, "accept", "an")
	require.Empty(t, w.on(engine.ListUnacknowledged, time.Now()))
	require.NoError(t, w.Verify(t.Context(), unheard))
}

// TestBackfill: what the migration makes of dossiers that were there is what
// the program writes.
func TestBackfill(t *testing.T) {
	t.Parallel()
	w := newWorld(t, watched())
	walk := [][]string{
		{}, {"request-supplement/an"}, {"request-supplement/an", "supplement/an"}, {"refuse/an"}, {"accept/an"}, {"accept/an", "return-handoff/chi"},
		{"accept/an", "recall-handoff/an"}, {"accept/an", "accept-handoff/chi", "ask/chi"}, {"accept/an", "accept-handoff/chi", "send-back/chi", "claim/binh", "comment/an"},
		{"accept/an", "accept-handoff/chi", "ask/chi", "submit/chi"},
	}
	for i, events := range walk {
		code := w.start(fmt.Sprint(i)).Code
		for _, event := range events {
			name, officer, _ := strings.Cut(event, "/")
			w.accepted(code, name, officer)
		}
	}
	const columns = `SELECT coalesce(string_agg(concat_ws('|', code, acted_at, returned_at, waiting, last_department, alarmed_at, asked_at), E'\n' ORDER BY code), '') FROM dossiers`
	var written, filled string
	require.NoError(t, w.pool.QueryRow(t.Context(), columns).Scan(&written))
	require.NoError(t, postgres.MigrateDown(t.Context(), w.url, 18))
	require.NoError(t, postgres.Migrate(t.Context(), w.url))
	require.NoError(t, w.pool.QueryRow(t.Context(), columns).Scan(&filled))
	require.Equal(t, written, filled)
}

func TestDepartmentsBelow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	received, appraised, closed := w.start("1").Code, w.start("2").Code, w.start("3").Code
	w.accepted(appraised, "accept", "an")
	w.accepted(closed, "refuse", "an")
	for department, want := range map[string][]string{
		"office": {appraised, received, closed}, "expertise": {appraised}, "appraisal": {appraised}, "one-stop": {received, closed}, "none": {},
	} {
		require.Equal(t, want, codes(w.list(engine.Filter{Department: department})), department)
	}
	board, err := w.Board(t.Context(), engine.Filter{Reach: everything(agency)})
	require.NoError(t, err)
	open := map[string]int{}
	for _, d := range board.Departments {
		open[d.Department] = d.Open
	}
	require.Equal(t, map[string]int{"appraisal": 1, "expertise": 1, "one-stop": 1, "office": 2}, open)
	require.Equal(t, procedure, board.Procedures[0].Procedure)
	require.Equal(t, 2, board.Total.Open)
}

func TestAgeing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	code := w.start("1").Code
	_, c := w.get(code)
	due := calendar.DateOf(c.StepDue())
	for days, want := range map[int]engine.Ageing{
		0: {}, 1: {From1: 1}, 2: {From1: 1}, 3: {From3: 1}, 6: {From3: 1}, 7: {From7: 1}, 400: {From7: 1},
	} {
		board, err := w.Board(t.Context(), engine.Filter{Reach: everything(agency), At: due.AddDays(days).Midnight().Add(time.Minute)})
		require.NoError(t, err)
		require.Equal(t, want, board.Total.Ageing, days)
		require.Equal(t, board.Total.Lists[engine.ListOverdue], board.Total.Ageing.Sum())
	}
	w.exec(`UPDATE dossiers SET due_breached = true, due_running = false, rank = $1`, int64(4_000_000_000_000_000_000))
	board, err := w.Board(t.Context(), engine.Filter{Reach: everything(agency)})
	require.NoError(t, err)
	require.Equal(t, engine.Ageing{Standing: 1}, board.Total.Ageing)
	require.Equal(t, 1, board.Total.Lists[engine.ListOverdue])
}

func TestWorkload(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	for i := range 3 {
		code := w.start(fmt.Sprint(i)).Code
		w.accepted(code, "claim", "an")
		if i == 0 {
			w.accepted(code, "accept", "an")
		}
	}
	of := func(f engine.Filter) map[string]engine.Workload {
		list, err := w.Workload(t.Context(), f)
		require.NoError(t, err)
		out := map[string]engine.Workload{}
		for _, l := range list {
			out[l.Officer] = l
		}
		return out
	}
	all := of(engine.Filter{Reach: everything(agency), At: time.Now().Add(time.Hour)})
	require.Equal(t, engine.Workload{Officer: "an", Name: "Nguyễn Thị An", Held: 2, Overdue: 2, Done: 1}, all["an"])
	require.Equal(t, engine.Workload{Officer: "binh", Name: "Trần Văn Bình"}, all["binh"], "those with nothing too")
	require.Len(t, all, 6)
	below := of(engine.Filter{Reach: everything(agency), Department: "expertise"})
	require.Len(t, below, 2, "chi and dung work there")
	reach := engine.ReachOf(w.officer("chi"), engine.ScopeDepartment)
	require.Len(t, of(engine.Filter{Reach: reach}), 1, "nobody sees the desks of another department")
	require.Len(t, of(engine.Filter{Reach: reach, Department: "one-stop"}), 0)
	require.Len(t, of(engine.Filter{Reach: reach, Holder: "an"}), 0)
}

func TestSearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth()) // Đăng ký khai sinh, Birth registration
	code := w.start("1").Code
	for query, found := range map[string]bool{
		"đăng ký khai sinh": true, "dang ky khai sinh": true, "DANG KY": true, "khai sinh": true, "khai-sinh": true, "sinh khai": true,
		"đăng ký khai tử": false, "birth reg": true, procedure: true, code: true, code[:8]: true, "h01.1-": true, "%": false, "_": false, "'": false,
		"dăng ky khái sính": true, "   ": true,
	} {
		require.Equal(t, found, len(w.list(engine.Filter{Query: query}).Records) == 1, query)
	}
}
