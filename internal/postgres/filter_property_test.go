package postgres_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"motcua/engine"
	"motcua/engine/calendar"
)

// populated is a world with dossiers in as many standings as random walks
// bring about, of two procedures.
func populated(t *testing.T, dossiers int) (world, []string) {
	t.Helper()
	w := newWorld(t, watched())
	other := watched()
	other.Code = "1.000002"
	w.publish(other)
	var all []string
	walk := rapid.Custom(func(r *rapid.T) []string {
		steps := [][]string{
			{}, {"claim/an"}, {"comment/an"}, {"refuse/an"}, {"request-supplement/an"}, {"request-supplement/an", "supplement/an"}, {"accept/an"},
			{"accept/an", "return-handoff/chi"}, {"accept/an", "accept-handoff/chi"}, {"accept/an", "accept-handoff/chi", "ask/chi"},
			{"accept/an", "accept-handoff/chi", "send-back/chi", "claim/binh"}, {"accept/an", "accept-handoff/chi", "claim/chi"},
			{"accept/an", "accept-handoff/chi", "submit/chi", "claim/an"}, {"accept/an", "accept-handoff/chi", "submit/chi", "hand-over/an"},
		}
		return rapid.SampledFrom(steps).Draw(r, "steps")
	})
	for i := range dossiers {
		asked := request(fmt.Sprint("populated", i))
		asked.Procedure = []string{procedure, "1.000002"}[i%2]
		asked.Channel = []string{"online", "direct", "postal"}[i%3]
		s, err := w.Start(t.Context(), asked)
		require.NoError(t, err)
		for _, step := range walk.Example(i) {
			event, officer, _ := cut(step)
			w.accepted(s.Code, event, officer)
		}
		all = append(all, s.Code)
	}
	return w, all
}

func cut(step string) (event, officer string, found bool) {
	i := slices.Index([]byte(step), '/')
	return step[:i], step[i+1:], true
}

// filters draws any filter that somebody with any reach could ask.
func filters(w world, from, to time.Time) *rapid.Generator[engine.Filter] {
	one := func(r *rapid.T, name string, values ...string) string {
		if rapid.IntRange(0, 6).Draw(r, name+"?") > 0 {
			return ""
		}
		return rapid.SampledFrom(values).Draw(r, name)
	}
	moment := func(r *rapid.T, name string) time.Time {
		if rapid.IntRange(0, 19).Draw(r, name+"?") > 0 {
			return time.Time{}
		}
		return from.Add(time.Duration(rapid.Int64Range(0, int64(to.Sub(from))).Draw(r, name))).Truncate(time.Microsecond)
	}
	period := func(r *rapid.T, name string) engine.Period {
		return engine.Period{From: moment(r, name+" from"), Before: moment(r, name+" before")}
	}
	reaches := []engine.Reach{
		everything(agency), everything(agency), everything(agency), everything("H02"), {Agency: agency}, {Agency: agency, Officer: "an"},
		engine.ReachOf(w.officer("an"), engine.ScopeDepartment), engine.ReachOf(w.officer("chi"), engine.ScopeDepartment),
		engine.ReachOf(w.officer("dung"), engine.ScopeSubtree),
	}
	return rapid.Custom(func(r *rapid.T) engine.Filter {
		f := engine.Filter{
			Reach: rapid.SampledFrom(reaches).Draw(r, "reach"),
			At:    from.Add(time.Duration(rapid.Int64Range(0, int64(to.Sub(from))).Draw(r, "at"))).Truncate(time.Microsecond),
			List:  rapid.SampledFrom(append(engine.Lists(), "", "", "", "")).Draw(r, "list"), Status: one(r, "status", "running", "suspended", "closed"),
			Department: one(r, "department", "office", "one-stop", "expertise", "appraisal", "none"),
			Holder:     one(r, "holder", "an", "binh", "chi", "-", "nobody"), Procedure: one(r, "procedure", procedure, "1.000002", "9"),
			Channel: one(r, "channel", "online", "direct"), State: one(r, "state", "received", "under-appraisal", "returned"),
			Due: period(r, "due"), Started: period(r, "started"), Entered: period(r, "entered"), Closed: period(r, "closed"),
			Sort: rapid.SampledFrom(engine.Orders()).Draw(r, "sort"), Limit: rapid.IntRange(1, 9).Draw(r, "limit"),
		}
		if by, _ := f.Sort.Descending(); !f.Open() && (by == engine.OrderEntered || by == engine.OrderActed) {
			f.Sort = "-" + engine.OrderStarted
		}
		if rapid.Bool().Draw(r, "idle?") {
			f.Idle = calendar.Duration{Value: rapid.Int64Range(0, 600).Draw(r, "idle"), Unit: calendar.Second}
			f.Soon = calendar.Duration{Value: rapid.Int64Range(0, 2000).Draw(r, "soon"), Unit: calendar.Second}
		}
		if overdue := one(r, "overdue", "yes", "no"); overdue != "" {
			f.Overdue = new(overdue == "yes")
		}
		return f
	})
}

// TestWhatIsListedIsWhatIsCounted: under any filter the pages list each dossier
// once, in order, exactly those that are counted and selected, and exactly
// those that the filter means by the engine's words; nothing beyond the reach.
func TestWhatIsListedIsWhatIsCounted(t *testing.T) {
	t.Parallel()
	w, all := populated(t, 60)
	cal, err := calendar.New(aroundTheClock())
	require.NoError(t, err)
	org := engine.NewDirectory(organisation(agency))
	cases, records := map[string]engine.Case{}, map[string]engine.Record{}
	for _, code := range all {
		records[code], cases[code] = w.get(code)
	}
	from := time.Now().Add(-time.Hour).In(calendar.Zone())
	any := filters(w, from, from.Add(5*time.Hour))
	checks, nonEmpty := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		f := any.Draw(r, "filter")
		var listed []string
		asked := f
		for {
			page, err := w.List(t.Context(), asked)
			require.NoError(r, err)
			listed = append(listed, codes(page)...)
			if asked.Cursor = page.Next; asked.Cursor == "" {
				break
			}
			asked.At = time.Time{} // the cursor knows it
		}
		var meant []string
		for _, code := range all {
			if f.Selects(cases[code], records[code], org, cal) {
				meant = append(meant, code)
			}
		}
		require.ElementsMatch(r, meant, listed)
		n, err := w.Count(t.Context(), f)
		require.NoError(r, err)
		require.Equal(r, len(listed), n.Count)
		selected, more, err := w.Codes(t.Context(), f, 100)
		require.NoError(r, err)
		require.False(r, more)
		require.ElementsMatch(r, listed, selected)
		checks++
		if len(listed) > 0 {
			nonEmpty++
		}
		list := f.List
		f.List, f.Sort = "", ""
		board, err := w.Board(t.Context(), f)
		require.NoError(r, err)
		require.Equal(r, board.Total.Lists[engine.ListOverdue], board.Total.Ageing.Sum())
		if list != "" {
			require.Equal(r, n.Count, board.Total.Lists[list])
		}
		held := 0
		desks, err := w.Workload(t.Context(), f)
		require.NoError(r, err)
		for _, d := range desks {
			held += d.Held
		}
		require.LessOrEqual(r, held, board.Total.Open)
	})
	require.Greater(t, nonEmpty, checks/20, "of the filters enough select something")
}

// TestNoParameterWidensTheReach: an officer of one department is shown nothing
// of another, whatever is asked for.
func TestNoParameterWidensTheReach(t *testing.T) {
	t.Parallel()
	w, all := populated(t, 24)
	reach := engine.ReachOf(w.officer("chi"), engine.ScopeDepartment)
	within := func(code string) bool {
		_, c := w.get(code)
		return c.LastDepartment == "appraisal" || c.Holder == "chi"
	}
	outside := 0
	for _, code := range all {
		if !within(code) {
			outside++
		}
	}
	require.Positive(t, outside)
	rapid.Check(t, func(r *rapid.T) {
		f := filters(w, time.Now().Add(-time.Hour), time.Now().Add(time.Hour)).Draw(r, "filter")
		f.Reach, f.Limit = reach, 100
		page, err := w.List(t.Context(), f)
		require.NoError(r, err)
		for _, code := range codes(page) {
			require.True(r, within(code), code)
		}
		f.Holder, f.Query = "an", all[0]
		page, err = w.List(t.Context(), f)
		require.NoError(r, err)
		for _, code := range codes(page) {
			require.True(r, within(code), code)
		}
	})
}
