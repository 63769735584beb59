package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestListsOverHTTP(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	code := s.started()
	lan, duc := s.signedIn("lan"), s.signedIn("duc")
	count := func(query string, who func(*http.Request)) float64 {
		t.Helper()
		n := s.get("/api/v1/dossiers/count?"+query, who).json(t)["count"].(float64)
		listed := s.get("/api/v1/dossiers?"+query, who).json(t)["dossiers"].([]any)
		require.Len(t, listed, int(n), query)
		return n
	}
	require.EqualValues(t, 1, count("list=due-soon", lan))
	require.EqualValues(t, 0, count("list=overdue", lan))
	s.pass(3 * time.Hour)
	require.EqualValues(t, 1, count("list=overdue", lan))
	require.EqualValues(t, 1, count("list=overdue&department=one-stop&channel=&holder=-", as(systemKey)))
	board := s.get("/api/v1/board", lan).json(t)
	require.EqualValues(t, 1, board["total"].(map[string]any)["lists"].(map[string]any)["overdue"])
	desks := s.get("/api/v1/board/workload", lan).json(t)["officers"].([]any)
	require.NotEmpty(t, desks)

	t.Run("the page shows what is counted, in any order", func(t *testing.T) {
		for _, query := range []string{"/", "/?list=overdue&sort=-entered", "/?list=overdue&sort=acted&department=one-stop", "/?status=running&sort=started", "/?holder=me", "/?due_before=2026-11-18"} {
			res := s.get(query, lan)
			require.Equal(t, http.StatusOK, res.StatusCode, query)
			wellFormed(t, res.body)
		}
		require.Contains(t, s.get("/?list=overdue&sort=-entered", lan).body, ">"+code+"<")
		require.Equal(t, http.StatusUnprocessableEntity, s.get("/?sort=entered", lan).StatusCode)
	})
	t.Run("no parameter widens an officer's reach", func(t *testing.T) {
		for _, query := range []string{
			"", "department=one-stop", "holder=lan", "holder=-", "q=" + code, "list=overdue", "status=running", "overdue=true", "state=received",
			"due_before=2030-01-01T00:00:00Z", "started_from=2020-01-01T00:00:00Z", "sort=-started",
		} {
			require.EqualValues(t, 0, count(query, duc), query)
			board := s.get("/api/v1/board?"+query, duc)
			if board.StatusCode == http.StatusOK {
				require.EqualValues(t, 0, board.json(t)["total"].(map[string]any)["open"], query)
			}
		}
		require.NotContains(t, s.get("/?department=one-stop", duc).body, code)
		require.Equal(t, http.StatusUnprocessableEntity, s.get("/api/v1/dossiers?agency=H99", duc).StatusCode, "there is no such parameter")
	})
	t.Run("says what is wrong with a filter, and where", func(t *testing.T) {
		res := s.get("/api/v1/dossiers?idle=3xx", lan)
		require.Equal(t, http.StatusUnprocessableEntity, res.StatusCode, res.body)
		require.Contains(t, res.body, `"in":"query"`)
		require.Contains(t, res.body, `"/idle"`)
	})
}

func TestViews(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	lan, duc := s.signedIn("lan"), s.signedIn("duc")
	keep := func(body string, who func(*http.Request)) answer {
		return s.do(http.MethodPost, "/api/v1/views", body, who)
	}
	made := keep(`{"name":"Quá hạn","share":"department","department":"one-stop","query":"sort=-started&list=overdue&q=Nguyễn"}`, lan)
	require.Equal(t, http.StatusCreated, made.StatusCode, made.body)
	view := made.json(t)
	require.Equal(t, "list=overdue&sort=-started", view["query"], "one filter has one text, and the words searched for are not kept")
	id := view["id"].(string)
	require.Equal(t, http.StatusNotFound, s.get("/api/v1/views/"+id, duc).StatusCode, "not of that department")
	require.Equal(t, http.StatusForbidden, keep(`{"name":"x","share":"department","department":"civil-status","query":""}`, lan).StatusCode)
	require.Equal(t, http.StatusForbidden, keep(`{"name":"x","share":"agency","query":""}`, lan).StatusCode)
	require.Equal(t, http.StatusUnprocessableEntity, keep(`{"name":"x","query":"list=lost"}`, lan).StatusCode)
	require.Equal(t, http.StatusForbidden, keep(`{"name":"x","query":""}`, as(systemKey)).StatusCode)

	t.Run("on the page", func(t *testing.T) {
		require.Contains(t, s.get("/", lan).body, "Quá hạn")
		to := s.get("/views/"+id, lan)
		require.Equal(t, http.StatusSeeOther, to.StatusCode)
		require.Equal(t, "/?list=overdue&saved="+id+"&sort=-started", to.Header.Get("Location"))
		require.Contains(t, s.get(to.Header.Get("Location"), lan).body, `action="/views/`+id+`/drop"`)
		kept := s.form("/views", url.Values{"name": {"Của tôi"}, "share": {"own"}, "query": {"holder=me"}}, lan)
		require.Equal(t, http.StatusSeeOther, kept.StatusCode, kept.body)
		require.True(t, strings.HasPrefix(kept.Header.Get("Location"), "/views/"))
		require.NotContains(t, s.get("/", duc).body, "Của tôi")
		wellFormed(t, s.get("/?list=stuck", lan).body)
	})
	changed := s.do(http.MethodPut, "/api/v1/views/"+id, `{"name":"Trễ","query":"list=stuck"}`, lan)
	require.Equal(t, http.StatusOK, changed.StatusCode, changed.body)
	require.Equal(t, http.StatusNoContent, s.do(http.MethodDelete, "/api/v1/views/"+id, "", lan).StatusCode)
	require.Equal(t, http.StatusNotFound, s.get("/api/v1/views/"+id, lan).StatusCode)
}
