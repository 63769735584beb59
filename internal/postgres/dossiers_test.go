package postgres_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
	"motcua/internal/postgres/pgtest"
)

func (w world) list(f engine.Filter) engine.Page {
	w.t.Helper()
	f.Reach = everything(agency)
	page, err := w.List(w.t.Context(), f)
	require.NoError(w.t, err)
	return page
}

// everything is the reach of whoever sees all of an agency.
func everything(agency string) engine.Reach { return engine.Reach{Agency: agency, Everything: true} }

func codes(p engine.Page) []string {
	out := make([]string, len(p.Records))
	for i, r := range p.Records {
		out[i] = r.Code
	}
	return out
}

func TestList(t *testing.T) {
	t.Parallel()
	t.Run("puts the most urgent first and the closed last", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		var c [6]string
		for i := range c {
			c[i] = w.start(fmt.Sprint(i)).Code
		}
		w.accepted(c[0], "accept", "an")             // the handoff is due in 300 s
		w.accepted(c[2], "request-supplement", "an") // nothing is due
		w.accepted(c[1], "refuse", "an")
		w.accepted(c[3], "refuse", "an")
		require.Equal(t, []string{c[0], c[4], c[5], c[2], c[3], c[1]}, codes(w.list(engine.Filter{})))
		require.Equal(t, []string{c[3], c[1]}, codes(w.list(engine.Filter{Status: engine.StatusClosed})))
		require.Equal(t, []string{c[2]}, codes(w.list(engine.Filter{Status: engine.StatusSuspended})))
		require.Equal(t, []string{c[0], c[4], c[5]}, codes(w.list(engine.Filter{Status: engine.StatusRunning})))
		require.Equal(t, []string{c[0]}, codes(w.list(engine.Filter{Department: "appraisal"})))
		require.Equal(t, []string{c[0], c[4], c[5]}, codes(w.list(engine.Filter{Due: engine.Period{Before: time.Now().Add(11 * time.Minute)}})))
		require.Equal(t, []string{c[0]}, codes(w.list(engine.Filter{Due: engine.Period{Before: time.Now().Add(6 * time.Minute)}})))
		require.Equal(t, []string{c[4]}, codes(w.list(engine.Filter{Query: c[4]})))
		require.Len(t, w.list(engine.Filter{Query: c[4][:len(c[4])-1]}).Records, 6)
		require.Empty(t, w.list(engine.Filter{Query: "%"}).Records)
		require.Empty(t, w.list(engine.Filter{Procedure: "9"}).Records)
		w.accepted(c[5], "claim", "binh")
		require.Equal(t, []string{c[5]}, codes(w.list(engine.Filter{Holder: "binh"})))
	})
	t.Run("pages neither skip nor repeat while dossiers are added", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		want := map[string]bool{}
		for i := range 23 {
			want[w.start(fmt.Sprint(i)).Code] = true
		}
		seen := map[string]int{}
		f := engine.Filter{Limit: 5}
		for page := w.list(f); ; page = w.list(f) {
			for _, code := range codes(page) {
				seen[code]++
			}
			if f.Cursor = page.Next; f.Cursor == "" {
				break
			}
			w.start("while paging " + f.Cursor) // due last, and also one due before all others
			w.exec(`UPDATE dossiers SET rank = 0 WHERE code = $1`, w.start("urgent "+f.Cursor).Code)
		}
		for code := range want {
			require.Equal(t, 1, seen[code], code)
		}
		for code, n := range seen {
			require.Equal(t, 1, n, code)
		}
	})
	t.Run("refuses a cursor it did not give, a status it does not know, and who has no agency", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		for _, f := range []engine.Filter{{Cursor: "x"}, {Cursor: strings.Repeat("A", 35)}, {Cursor: "'; --"}, {Status: "open"}} {
			f.Reach = everything(agency)
			_, err := w.List(t.Context(), f)
			requireCode(t, engine.CodeInvalid, err)
		}
		_, err := w.List(t.Context(), engine.Filter{})
		requireCode(t, engine.CodeForbidden, err)
	})
	t.Run("is overdue by the clock alone, with no background job", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, hasty("holder"))
		code := w.start("k").Code
		yes, no := true, false
		r, c := w.get(code)
		require.False(t, r.StepOverdue)
		require.Equal(t, []string{code}, codes(w.list(engine.Filter{Overdue: &no})))
		step, _ := c.Clock(engine.ClockStep)
		w.passed(step.Due)
		r, _ = w.get(code)
		require.True(t, r.StepOverdue)
		require.False(t, r.Overdue, "the dossier itself has time left")
		require.Equal(t, []string{code}, codes(w.list(engine.Filter{Overdue: &yes})))
		require.Empty(t, w.list(engine.Filter{Overdue: &no}).Records)
		w.accepted(code, "refuse", "an")
		require.Empty(t, w.list(engine.Filter{Overdue: &yes}).Records, "the step is over, and the dossier was in time")
	})
}

func TestBreachIsPermanent(t *testing.T) {
	t.Parallel()
	def := hasty("holder")
	def.Limits.Committed.Value = 1
	for i := range def.States[1:] { // the steps may take no more than that
		def.States[i+1].Within = calendar.Duration{}
	}
	w := newWorld(t, def)
	code := w.start("k").Code
	r, _ := w.get(code)
	due := r.DueAt
	w.passed(due)
	r, _ = w.get(code)
	require.True(t, r.Overdue)
	w.accepted(code, "request-supplement", "an")
	r, _ = w.get(code)
	require.True(t, r.Overdue, "suspending does not undo a breach")
	w.accepted(code, "supplement", "an")
	w.accepted(code, "refuse", "an")
	r, _ = w.get(code)
	require.True(t, r.Overdue)
	require.False(t, r.StepOverdue)
	require.NoError(t, w.Verify(t.Context(), code))
}

func TestScope(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	require.NoError(t, w.PutOrganisation(t.Context(), organisation("H02")))
	code := w.start("k").Code
	_, _, err := w.Get(t.Context(), "H02", code)
	requireCode(t, engine.CodeNotFound, err)
	_, err = w.Facts(t.Context(), "H02", code)
	requireCode(t, engine.CodeNotFound, err)
	_, err = w.Clocks(t.Context(), "H02", code)
	requireCode(t, engine.CodeNotFound, err)
	page, err := w.List(t.Context(), engine.Filter{Reach: everything("H02")})
	require.NoError(t, err)
	require.Empty(t, page.Records)
}

func TestRulesOfACase(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	code := w.start("k").Code
	next := birth()
	next.Version, next.Effective.From = 2, next.Effective.From.AddDays(31)
	next.States[0].Name.VI = "Tên mới"
	w.publish(next)
	r, c := w.get(code)
	require.Equal(t, 1, r.Version, "a dossier stays with the version it started under")
	fresh := ledgerOn(pgtest.Open(t, w.url))
	rules, err := fresh.Rules(t.Context(), c)
	require.NoError(t, err)
	require.Equal(t, "Đăng ký khai sinh", rules.Initial().Name.VI)
	s := w.start("k2")
	r, _ = w.get(s.Code)
	require.Equal(t, 2, r.Version)
	require.Equal(t, "Tên mới", r.StateName.VI)
}
