package api_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/api"
	"motcua/engine"
)

func TestSignIn(t *testing.T) {
	s := newSite(t)

	t.Run("leads who is not signed in to the door and back", func(t *testing.T) {
		res := s.get("/dossiers/X?lang=en")
		require.Equal(t, http.StatusSeeOther, res.StatusCode)
		require.Equal(t, "/sign-in?next=%2Fdossiers%2FX%3Flang%3Den", res.Header.Get("Location"))
		in := s.form("/sign-in", url.Values{"officer": {"lan"}, "next": {"/dossiers/X?lang=en"}})
		require.Equal(t, "/dossiers/X?lang=en", in.Header.Get("Location"))
	})
	t.Run("lists officers by agency, whatever they are called", func(t *testing.T) {
		res := s.get("/sign-in")
		require.Contains(t, res.body, "UBND phường Thí Điểm")
		require.Contains(t, res.body, "Nguyễn Thị Lan")
		require.NotContains(t, res.body, "<script>")
		require.Contains(t, res.body, "&lt;script&gt;")
	})
	t.Run("sets a cookie scripts and other sites cannot use", func(t *testing.T) {
		cookie := s.form("/sign-in", url.Values{"officer": {"lan"}}).Cookies()[0]
		require.True(t, cookie.HttpOnly)
		require.Equal(t, http.SameSiteLaxMode, cookie.SameSite)
	})
	t.Run("knows nobody else", func(t *testing.T) {
		res := s.form("/sign-in", url.Values{"officer": {"root"}})
		require.Equal(t, http.StatusForbidden, res.StatusCode)
		require.Empty(t, res.Cookies())
	})
	t.Run("leads nowhere else", func(t *testing.T) {
		for _, next := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "javascript:alert(1)", ""} {
			res := s.form("/sign-in", url.Values{"officer": {"lan"}, "next": {next}})
			require.Equal(t, "/", res.Header.Get("Location"), next)
		}
	})
	t.Run("ends", func(t *testing.T) {
		require.Negative(t, s.form("/sign-out", nil, s.signedIn("lan")).Cookies()[0].MaxAge)
	})
	t.Run("expires", func(t *testing.T) {
		lan := s.signedIn("lan")
		s.pass(13 * time.Hour)
		require.Equal(t, http.StatusSeeOther, s.get("/", lan).StatusCode)
	})
}

func TestBoard(t *testing.T) {
	t.Run("says so when there is nothing", func(t *testing.T) {
		s := newSite(t)
		res := s.get("/", s.signedIn("lan"))
		require.Equal(t, http.StatusOK, res.StatusCode, res.body)
		require.Contains(t, res.body, `<html lang="vi">`)
		require.Contains(t, res.body, "Không có hồ sơ nào.")
		require.Contains(t, res.body, "Chưa có thông báo nào.")
		require.NotContains(t, res.body, "<script")
		require.NotRegexp(t, `(src|href)="(https?:)?//`, res.body, "nothing is loaded from elsewhere")
		wellFormed(t, res.body)
	})

	t.Run("tells due soon and overdue by words, with working time", func(t *testing.T) {
		s := newSite(t)
		code, lan := s.started(), s.signedIn("lan")
		soon := s.get("/", lan).body
		require.Contains(t, soon, code)
		require.Contains(t, soon, "sắp đến hạn, còn 2 giờ làm việc")
		require.Contains(t, soon, "17/11/2026 10:00")

		s.pass(3 * time.Hour)
		s.told = []engine.Notification{{ID: 1, Dossier: code, State: "received", Rung: "100% of step", Raise: "overdue", Moment: s.clock()}}
		late := s.get("/", lan).body
		require.Contains(t, late, "quá hạn 1 giờ làm việc")
		require.Regexp(t, `<strong>1</strong> <span>Quá hạn</span>|<strong>1</strong><span>Quá hạn</span>`, late)
		require.Contains(t, late, "Một cửa", "departments by name")
		require.Contains(t, late, `<td>quá hạn</td>`, "raised by the rung")
		require.Contains(t, late, "Thông báo cho bạn")
		wellFormed(t, late)
	})

	t.Run("keeps its filter in the address", func(t *testing.T) {
		s := newSite(t)
		code, lan := s.started(), s.signedIn("lan")
		res := s.get("/?status=running&department=one-stop", lan).body
		require.Contains(t, res, code)
		require.Contains(t, res, `aria-current="page"`)
		require.Contains(t, res, "department=one-stop&amp;procedure=2.000908&amp;status=running", "a click on a value narrows further")
		require.NotContains(t, s.get("/?status=running&department=civil-status", lan).body, ">"+code+"<")
		require.NotContains(t, s.get("/?holder=me", lan).body, ">"+code+"<")
		s.event(code, "claim", lan)
		require.Contains(t, s.get("/?holder=me", lan).body, ">"+code+"<")
	})

	t.Run("goes on to the next page", func(t *testing.T) {
		s := newSite(t)
		lan := s.signedIn("lan")
		for range 51 {
			s.started()
		}
		first := s.get("/?status=running", lan).body
		next := regexp.MustCompile(`class="more" href="([^"]+)"`).FindStringSubmatch(first)
		require.NotNil(t, next)
		second := s.get(strings.ReplaceAll(next[1], "&amp;", "&"), lan).body
		require.Contains(t, second, "-0051<")
		require.NotContains(t, second, "-0050<")
	})

	t.Run("speaks English when asked, and remembers", func(t *testing.T) {
		s := newSite(t)
		lan := s.signedIn("lan")
		res := s.get("/?lang=en", lan)
		require.Contains(t, res.body, `<html lang="en">`)
		require.Contains(t, res.body, "Overdue")
		again := s.get("/", lan, func(r *http.Request) { r.AddCookie(res.Cookies()[0]) })
		require.Contains(t, again.body, `<html lang="en">`)
		require.Contains(t, s.get("/", lan, header("Accept-Language", "en")).body, `<html lang="vi">`, "Vietnamese first, whatever the browser says")
	})

	t.Run("says so when the store is away", func(t *testing.T) {
		s := newSite(t)
		lan := s.signedIn("lan")
		s.broken = engine.Errorf(engine.CodeUnavailable, "dial tcp 10.0.0.1:5432")
		res := s.get("/", lan)
		require.Equal(t, http.StatusServiceUnavailable, res.StatusCode)
		require.NotEmpty(t, res.Header.Get("Retry-After"))
		require.Contains(t, res.body, `role="alert"`)
		require.NotContains(t, res.body, "10.0.0.1")
		wellFormed(t, res.body)
	})

	t.Run("is not for systems", func(t *testing.T) {
		res := newSite(t).get("/", as(systemKey))
		require.Equal(t, http.StatusForbidden, res.StatusCode)
		require.Contains(t, res.Header.Get("Content-Type"), "text/html")
	})
}

func TestDossierPage(t *testing.T) {
	t.Run("shows everything, and forms for what may be done", func(t *testing.T) {
		s := newSite(t)
		code, lan := s.started(), s.signedIn("lan")
		res := s.get("/dossiers/"+code, lan)
		require.Equal(t, http.StatusOK, res.StatusCode, res.body)
		for _, part := range []string{
			"<title>" + code, "Trần Văn An", "17/11/2026 08:00", "Mở hồ sơ (trực tiếp)", "Hệ thống portal", "Văn bản yêu cầu",
			"Bắt đầu tính: Thời hạn của bước, hạn 17/11/2026 10:00", "Thời hạn 2wh, theo lịch office phiên bản 1",
			`<svg class="received after received">`, "● đang ở đây", "<details", `value="accept"`, "Lý do (bắt buộc)",
		} {
			require.Contains(t, res.body, part)
		}
		require.NotContains(t, res.body, "<?xml")
		require.NotContains(t, res.body, citizen, "an identity number is not for the page")
		wellFormed(t, res.body)
		require.NotContains(t, s.get("/dossiers/"+code, s.signedIn("duc")).body, `value="accept"`)
	})

	t.Run("carries out an event once and shows the result", func(t *testing.T) {
		s := newSite(t)
		code, lan := s.started(), s.signedIn("lan")
		values := url.Values{"event": {"accept"}, "key": {"k"}}
		res := s.form("/dossiers/"+code+"/events", values, lan)
		require.Equal(t, http.StatusSeeOther, res.StatusCode, res.body)
		require.Equal(t, "/dossiers/"+code+"?done=accept", res.Header.Get("Location"))
		require.Equal(t, http.StatusSeeOther, s.form("/dossiers/"+code+"/events", values, lan).StatusCode, "sent twice")
		require.Equal(t, 1, s.fired)

		page := s.get(res.Header.Get("Location"), lan).body
		require.Contains(t, page, "Đã thực hiện: Tiếp nhận hồ sơ. Bước hiện tại: Thẩm định.")
		require.Contains(t, page, "Một cửa → Hộ tịch: đã bàn giao, chờ đơn vị nhận")
		require.Contains(t, page, "“Tiếp nhận hồ sơ”: vào bước “Thẩm định”, Hộ tịch")
		require.Contains(t, page, "giấy tiếp nhận và hẹn trả kết quả")
		require.Contains(t, page, "under-appraisal after received,under-appraisal")
		require.NotContains(t, s.get("/dossiers/"+code+"?done=<b>", lan).body, "Đã thực hiện")
		wellFormed(t, page)
	})

	t.Run("shows a refusal in words and keeps what was written", func(t *testing.T) {
		s := newSite(t)
		code, lan := s.started(), s.signedIn("lan")
		res := s.form("/dossiers/"+code+"/events", url.Values{"event": {"approve"}}, lan)
		require.Equal(t, http.StatusConflict, res.StatusCode)
		require.Contains(t, res.body, "Thao tác không được phép ở bước hiện tại")
		require.Contains(t, res.body, "Bước hiện tại: Tiếp nhận.")
		require.Equal(t, http.StatusUnprocessableEntity, s.form("/dossiers/"+code+"/events", url.Values{"event": {"request-supplement"}}, lan).StatusCode)

		s.event(code, "claim", lan)
		s.org.Officers = append(s.org.Officers, engine.Officer{ID: "mai", Name: "Mai", Roles: s.org.Officers[0].Roles})
		kept := s.form("/dossiers/"+code+"/events", url.Values{"event": {"comment"}, "comment": {"a\x07"}}, s.signedIn("mai"))
		require.Equal(t, http.StatusUnprocessableEntity, kept.StatusCode)
		wellFormed(t, res.body)
	})

	t.Run("ends in a closed dossier without forms", func(t *testing.T) {
		s := newSite(t)
		code, lan, duc := s.started(), s.signedIn("lan"), s.signedIn("duc")
		s.event(code, "accept", lan)
		s.event(code, "accept-handoff", duc)
		s.pass(9 * time.Hour)
		s.do(http.MethodPost, "/api/v1/dossiers/"+code+"/events", `{"event":"refuse","comment":"<img src=x onerror=alert(1)>\nkhông có trong sổ"}`, duc)
		res := s.get("/dossiers/"+code, lan).body
		require.Contains(t, res, "Đã kết thúc")
		require.Contains(t, res, "Từ chối giải quyết")
		require.Contains(t, res, "Cảnh báo: hết thời hạn của bước – quá hạn; báo cho: người đang xử lý (&lt;script&gt;")
		require.Contains(t, res, "; trưởng đơn vị (Vũ Thị Kim)")
		require.Contains(t, res, "&lt;img src=x")
		require.NotContains(t, res, "<img")
		require.NotContains(t, res, "<script", "not from a name either")
		require.NotContains(t, res, `action="/dossiers/`)
		wellFormed(t, res)
		require.Contains(t, s.get("/?status=closed", duc).body, code)
		require.NotContains(t, s.get("/?status=closed", lan).body, code, "it closed in another department")
	})

	t.Run("shows a suspension", func(t *testing.T) {
		s := newSite(t)
		code, lan := s.started(), s.signedIn("lan")
		s.form("/dossiers/"+code+"/events", url.Values{"event": {"request-supplement"}, "comment": {"thiếu giấy\r\ntờ"}}, lan)
		page := s.get("/dossiers/"+code+"?lang=en", lan).body
		require.Contains(t, page, "Clock suspended")
		require.Contains(t, page, "Suspension limit")
		require.Contains(t, page, "thiếu giấy\ntờ")
		wellFormed(t, page)
	})

	t.Run("does without a diagram", func(t *testing.T) {
		draw := func(context.Context, *engine.Machine, string, string, []string) ([]byte, error) {
			return nil, errors.New("no")
		}
		for _, d := range []api.DrawFunc{nil, draw} {
			s := newSite(t, func(o *api.Options) { o.Draw = d })
			res := s.get("/dossiers/"+s.started(), s.signedIn("lan"))
			require.Equal(t, http.StatusOK, res.StatusCode)
			require.Contains(t, res.body, "<details open>")
		}
	})

	t.Run("does not exist for others", func(t *testing.T) {
		s := newSite(t)
		lan := s.signedIn("lan")
		res := s.get("/dossiers/H99-261117-0001", lan)
		require.Equal(t, http.StatusNotFound, res.StatusCode)
		require.Contains(t, res.body, "Không tìm thấy")
		require.Equal(t, http.StatusNotFound, s.form("/dossiers/H99-261117-0001/events", url.Values{"event": {"accept"}}, lan).StatusCode)
	})
}

func TestUnknownPage(t *testing.T) {
	s := newSite(t)
	res := s.get("/nowhere", header("Accept", "text/html"))
	require.Equal(t, http.StatusNotFound, res.StatusCode)
	require.Contains(t, res.body, "<h1>Không tìm thấy</h1>")
	s.get("/nowhere").refusal(t, http.StatusNotFound, engine.CodeNotFound)
}

func TestStyleIsOurs(t *testing.T) {
	s := newSite(t)
	href := regexp.MustCompile(`rel="stylesheet" href="([^"]+)"`).FindStringSubmatch(s.get("/sign-in").body)
	require.NotNil(t, href)
	res := s.get(href[1])
	require.Equal(t, "text/css; charset=utf-8", res.Header.Get("Content-Type"))
	require.Contains(t, res.Header.Get("Cache-Control"), "immutable")
	require.NotContains(t, res.body, "url(")
	require.NotContains(t, res.body, "@import")
}
