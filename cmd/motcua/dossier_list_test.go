package main

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/api/filter"
	"motcua/engine"
)

// TestEveryFilterHasAFlag: what an address can ask for, a command line can.
func TestEveryFilterHasAFlag(t *testing.T) {
	asked := []string{"overdue"} // which is no word
	for _, x := range filterFlags {
		asked = append(asked, x.parameter)
		require.NotEmpty(t, x.help, x.flag)
	}
	names := filter.Names()
	slices.Sort(asked)
	slices.Sort(names)
	require.Equal(t, names, asked)
}

// views are what an officer finds.
func views() map[string]any {
	return map[string]any{"views": []engine.View{
		{ID: "v1", Name: "Quá hạn của phòng", Owner: "lan.nguyen", Share: engine.ShareDepartment, Department: "one-stop", Query: "department=one-stop&list=overdue"},
		{ID: "v2", Name: "Của tôi", Owner: "lan.nguyen", Share: engine.ShareOwn, Query: "holder=me"},
		{ID: "v3", Name: "Của tôi", Owner: "hoa.le", Share: engine.ShareAgency, Query: "holder=me&status=running"},
	}}
}

func tallyOf(open, overdue int) engine.Tally {
	return engine.Tally{Open: open, Suspended: 1, DueToday: 2, Lists: map[engine.List]int{engine.ListOverdue: overdue, engine.ListStuck: 1}, Ageing: engine.Ageing{Under1: 1, From3: 2}}
}

func listOffice(t *testing.T) (*desk, func(args ...string) result) {
	t.Helper()
	d, dir := office(t, map[string]any{
		"GET /api/v1/dossiers":       map[string]any{"dossiers": nil},
		"GET /api/v1/dossiers/count": engine.Counted{Count: 12, At: at(8, 0)},
		"GET /api/v1/board": engine.Board{
			At: at(8, 0), Total: tallyOf(7, 3), Departments: []engine.DepartmentTally{{Department: "leadership", Tally: tallyOf(7, 3)}, {Department: "one-stop", Tally: tallyOf(2, 0)}},
			Procedures: []engine.ProcedureTally{{Procedure: "2.000908", Name: engine.Text{VI: "Cấp bản sao từ sổ gốc"}, Tally: tallyOf(7, 3)}},
		},
		"GET /api/v1/board/workload": map[string]any{"officers": []engine.Workload{{Officer: "duc.pham", Name: "Phạm Văn Đức", Held: 4, Overdue: 1, DueToday: 2, Stuck: 1, Done: 9}}},
		"GET /api/v1/views":          views(),
		"POST /api/v1/views":         views()["views"].([]engine.View)[0], //nolint:forcetypeassert // made above
		"DELETE /api/v1/views/v1":    http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }),
	})
	return d, func(args ...string) result { return command(t, append(args, "--dir", dir, "--as", "lan.nguyen")...) }
}

func TestDossierListFilters(t *testing.T) {
	d, as := listOffice(t)
	asked := func(args ...string) url.Values {
		t.Helper()
		r := as(args...)
		require.Equal(t, exitOK, r.code, r.err)
		request, _ := d.asked()
		return request.URL.Query()
	}
	t.Run("sends every one of them, and days as their beginnings", func(t *testing.T) {
		line := []string{"dossier", "list"}
		want := url.Values{}
		for _, x := range filterFlags {
			value, sent := "x", "x"
			switch {
			case x.parameter == "list":
				value, sent = "stuck", "stuck"
			case x.parameter == "status":
				value, sent = "running", "running"
			case x.parameter == "soon", x.parameter == "idle":
				value, sent = "2wd", "2wd"
			case x.parameter == "sort":
				value, sent = "-acted", "-acted"
			case x.parameter != "state" && x.flag != x.parameter && x.parameter != "q":
				value, sent = "2026-11-30", "2026-11-30T00:00:00+07:00"
			}
			line, want[x.parameter] = append(line, "--"+x.flag, value), []string{sent}
		}
		require.Equal(t, want, asked(line...))
	})
	t.Run("the same for what is counted, summed and asked of officers", func(t *testing.T) {
		for _, what := range []string{"count", "board", "workload"} {
			require.Equal(t, url.Values{"list": {"overdue"}, "holder": {"-"}}, asked("dossier", what, "--list", "overdue", "--holder", "-"), what)
		}
	})
	t.Run("refuses by the flag it was given by", func(t *testing.T) {
		for flag, value := range map[string]string{"--due-from": "tomorrow", "--list": "late", "--soon": "two days", "--sort": "name", "--status": "open"} {
			r := as("dossier", "count", flag, value)
			require.Equal(t, exitUsage, r.code, flag)
			require.Contains(t, r.err, flag+" \""+value+"\"", flag)
		}
	})
	t.Run("begins with a view, which flags change", func(t *testing.T) {
		require.Equal(t, url.Values{"list": {"overdue"}, "department": {"one-stop"}}, asked("dossier", "list", "--view", "Quá hạn của phòng"))
		require.Equal(t, url.Values{"list": {"stuck"}, "department": {"one-stop"}}, asked("dossier", "count", "--view", "v1", "--list", "stuck"))
		require.Equal(t, exitRefused, as("dossier", "list", "--view", "nonesuch").code)
		r := as("dossier", "list", "--view", "Của tôi")
		require.Equal(t, exitUsage, r.code)
		require.Contains(t, r.err, "v2 of lan.nguyen, v3 of hoa.le")
	})
	t.Run("is kept as a view without what may be a name", func(t *testing.T) {
		r := as("dossier", "view", "keep", "Quá hạn của phòng", "--list", "overdue", "--query", "Nguyễn Văn An", "--share", "department", "--share-with", "one-stop")
		require.Equal(t, exitOK, r.code, r.err)
		_, body := d.asked()
		require.JSONEq(t, `{"name":"Quá hạn của phòng","share":"department","department":"one-stop","query":"list=overdue"}`, body)
	})
}

func TestDossierFigures(t *testing.T) {
	_, as := listOffice(t)
	var out string
	for _, line := range [][]string{{"count"}, {"board"}, {"workload"}, {"view", "list"}, {"view", "drop", "v1"}} {
		r := as(append([]string{"dossier"}, line...)...)
		require.Equal(t, exitOK, r.code, r.err)
		out += r.out + "\n"
	}
	requireGolden(t, "dossier-figures", out)
}
