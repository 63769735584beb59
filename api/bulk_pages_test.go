package api_test

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestBulkPages walks from the board over the preview to the act and its retry,
// with forms alone.
func TestBulkPages(t *testing.T) {
	s, _ := atBureau(t)
	first, second := s.started(), s.started()
	hoa := s.signedIn("hoa")
	require.Contains(t, s.get("/", hoa).body, `href="/bulk?`)
	require.NotContains(t, s.get("/", s.signedIn("lan")).body, `href="/bulk?`)

	choose := s.get("/bulk?department=one-stop", hoa)
	require.Equal(t, http.StatusOK, choose.StatusCode, choose.body)
	require.Contains(t, choose.body, `name="dossier" value="`+first+`"`)
	wellFormed(t, choose.body)
	require.Equal(t, http.StatusForbidden, s.get("/bulk", s.signedIn("lan")).StatusCode)

	form := url.Values{"event": {"comment"}, "reason": {"nhắc <b>tiến độ</b>"}, "dossier": {first, second, "H00.101-261117-9999"}, "key": {"k1"}}
	preview := s.form("/bulk/preview", form, hoa)
	require.Equal(t, http.StatusOK, preview.StatusCode, preview.body)
	require.Contains(t, preview.body, "Không tìm thấy (<code>not-found: 1</code>)")
	require.NotContains(t, preview.body, "no dossier", "details are in English and stay there")
	require.Contains(t, preview.body, `name="dossier" value="`+second+`"`, "what was asked is sent again")
	require.NotContains(t, preview.body, "<b>tiến độ</b>")
	wellFormed(t, preview.body)
	require.Empty(t, s.get("/api/v1/acts?kind=bulk", hoa).json(t)["acts"])

	begun := s.form("/bulk", form, hoa)
	require.Equal(t, http.StatusSeeOther, begun.StatusCode, begun.body)
	place := begun.Header.Get("Location")
	require.Eventually(t, func() bool {
		return s.get("/api/v1/acts/"+place[len("/operations/acts/"):], hoa).json(t)["state"] == "done"
	}, 5*time.Second, time.Millisecond)
	page := s.get(place, hoa).body
	require.Contains(t, page, place+"/retry")
	require.NotContains(t, page, `http-equiv="refresh"`, "it is over")
	wellFormed(t, page)
	again := s.form(place+"/retry", url.Values{"key": {"k2"}}, hoa)
	require.Equal(t, http.StatusSeeOther, again.StatusCode, again.body)
	require.NotEqual(t, place, again.Header.Get("Location"))

	for name, values := range map[string]url.Values{
		"no reason":   {"event": {"comment"}, "dossier": {first}},
		"no dossier":  {"event": {"comment"}, "reason": {"x"}},
		"a bad until": {"event": {"suspend"}, "reason": {"x"}, "dossier": {first}, "until": {"soon"}},
	} {
		require.Equal(t, http.StatusUnprocessableEntity, s.form("/bulk/preview", values, hoa).StatusCode, name)
	}
}

func TestBulkPageOfARunningAct(t *testing.T) {
	s, b := atBureau(t)
	s.started()
	hoa := s.signedIn("hoa")
	b.hold = make(chan struct{})
	begun := s.form("/bulk", url.Values{"event": {"comment"}, "reason": {"nhắc"}, "all": {"true"}, "filter": {"department=one-stop"}, "key": {"k1"}}, hoa)
	require.Equal(t, http.StatusSeeOther, begun.StatusCode, begun.body)
	place := begun.Header.Get("Location")
	page := s.get(place, hoa).body
	require.Contains(t, page, `<noscript><meta http-equiv="refresh" content="3"></noscript>`, "its progress is read anew without scripts")
	script := regexp.MustCompile(`<script src="(/assets/[^"]+)" defer></script>`).FindStringSubmatch(page)
	require.NotNil(t, script, page)
	code := s.get(script[1])
	require.Equal(t, http.StatusOK, code.StatusCode)
	require.Equal(t, "text/javascript; charset=utf-8", code.Header.Get("Content-Type"))
	wellFormed(t, page)
	require.Contains(t, page, place+"/cancel")
	require.Equal(t, http.StatusSeeOther, s.form(place+"/cancel", nil, hoa).StatusCode)
	require.Contains(t, s.get(place, hoa).body, "đã dừng")
	told := s.get("/api/v1/acts/"+place[len("/operations/acts/"):]+"/stream", hoa).body
	require.Contains(t, told, "event: act-done", "an act that was cancelled is over: its stream ends")
	require.Contains(t, told, `"state":"cancelled"`)
	close(b.hold)
}

func TestPreviewPage(t *testing.T) {
	s, b := atBureau(t)
	code := s.started()
	hoa := s.signedIn("hoa")
	require.Contains(t, s.get("/dossiers/"+code, hoa).body, `action="/dossiers/`+code+`/preview"`, "a supervisor looks first")
	form := url.Values{"event": {"override"}, "to": {"refused"}, "comment": {"kết luận thanh tra"}, "key": {"k1"}}
	page := s.form("/dossiers/"+code+"/preview", form, hoa)
	require.Equal(t, http.StatusOK, page.StatusCode, page.body)
	for _, part := range []string{"Vượt quy trình", "Thời hạn thay đổi", `name="to" value="refused"`, `action="/dossiers/` + code + `/events"`} {
		require.Contains(t, page.body, part)
	}
	wellFormed(t, page.body)
	require.Empty(t, b.w.commands, "nothing was given")
	refused := s.form("/dossiers/"+code+"/preview", url.Values{"event": {"escalate"}, "comment": {"x"}}, hoa)
	require.Contains(t, refused.body, "Sẽ bị từ chối")
	require.Equal(t, http.StatusSeeOther, s.act("hoa", code, form).StatusCode)
	require.True(t, s.cases[code].Closed())
}

func TestWatchPage(t *testing.T) {
	s, b := atBureau(t)
	code := s.started()
	hoa := s.signedIn("hoa")
	require.Contains(t, s.get("/dossiers/"+code, hoa).body, "Theo dõi hồ sơ")
	require.Equal(t, http.StatusSeeOther, s.form("/dossiers/"+code+"/watch", url.Values{"watch": {"true"}}, hoa).StatusCode)
	require.Len(t, b.watched, 1)
	require.Contains(t, s.get("/dossiers/"+code, hoa).body, "Thôi theo dõi")
}
