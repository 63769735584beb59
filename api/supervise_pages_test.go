package api_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
)

// approving is a procedure whose overrides another officer must endorse.
func approving(t *testing.T) engine.Rules {
	t.Helper()
	r, def := rules(t), definition()
	def.Override = &engine.Override{By: []string{engine.RoleLeader}, Approval: &engine.RoleIn{Department: "civil-status", Role: "civil-status-officer"}}
	m, findings := engine.Compile(def, "f00d")
	require.NoError(t, findings.Err())
	r.Machine = m
	return r
}

func (s *site) act(officer, code string, values url.Values) answer {
	s.t.Helper()
	return s.form("/dossiers/"+code+"/events", values, s.signedIn(officer))
}

func TestSupervisorForms(t *testing.T) {
	s, _ := atBureau(t)
	code := s.started()
	hoa := s.signedIn("hoa")
	page := s.get("/dossiers/"+code, hoa).body
	for _, part := range []string{`value="suspend"`, `type="datetime-local"`, `value="override"`, `value="reassign"`, `<option value="lan">Nguyễn Thị Lan</option>`, `<option value="returned">Đã trả kết quả</option>`} {
		require.Contains(t, page, part)
	}
	wellFormed(t, page)
	require.NotContains(t, s.get("/dossiers/"+code, s.signedIn("lan")).body, `value="override"`)

	done := s.act("hoa", code, url.Values{"event": {"suspend"}, "comment": {"chờ giám định"}, "until": {"2026-11-20T08:00"}, "basis": {"Điều 3"}, "key": {"k1"}})
	require.Equal(t, http.StatusSeeOther, done.StatusCode, done.body)
	halt := s.cases[code].Halts[0]
	require.Equal(t, time.Date(2026, time.November, 20, 8, 0, 0, 0, calendar.Zone()), halt.Until.In(calendar.Zone()))
	require.Equal(t, "Điều 3", s.get("/api/v1/dossiers/"+code, hoa).json(t)["halts"].([]any)[0].(map[string]any)["basis"])
	page = s.get("/dossiers/"+code, hoa).body
	require.Contains(t, page, "Tạm dừng theo quyết định")
	require.Contains(t, page, "chờ giám định")
	require.Contains(t, page, "20/11/2026 08:00")
	require.Contains(t, page, `value="resume"`)
	require.NotContains(t, page, `value="suspend"`)
	wellFormed(t, page)

	require.Equal(t, http.StatusSeeOther, s.act("hoa", code, url.Values{"event": {"resume"}, "key": {"k2"}}).StatusCode)
	require.Empty(t, s.cases[code].Halts)
	require.Equal(t, http.StatusSeeOther, s.act("hoa", code, url.Values{"event": {"reassign"}, "officer": {"duc"}, "comment": {"x"}, "key": {"k3"}}).StatusCode)
	require.Equal(t, "duc", s.cases[code].Holder)
	for name, values := range map[string]url.Values{
		"no moment":   {"event": {"suspend"}, "comment": {"x"}, "basis": {"b"}, "until": {"soon"}},
		"no duration": {"event": {"override"}, "comment": {"x"}, "extend": {"much"}},
		"a control":   {"event": {"override"}, "comment": {"x"}, "to": {"returned\x00"}},
	} {
		require.Equal(t, http.StatusUnprocessableEntity, s.act("hoa", code, values).StatusCode, name)
	}
}

func TestProposalPage(t *testing.T) {
	s, _ := atBureau(t)
	s.rules = approving(t)
	code := s.started()
	s.act("hoa", code, url.Values{"event": {"override"}, "to": {"returned"}, "extend": {""}, "comment": {"đã trả bản giấy"}, "key": {"k1"}})
	require.Len(t, s.cases[code].Proposals, 1)
	duc := s.signedIn("duc")
	told := s.get("/api/v1/dossiers/"+code, duc).json(t)
	require.Equal(t, "hoa", told["proposals"].([]any)[0].(map[string]any)["officer"])
	page := s.get("/dossiers/"+code, duc).body
	require.Contains(t, page, "Lê Thu Hòa")
	require.Contains(t, page, "đã trả bản giấy")
	require.Contains(t, page, "chuyển đến bước “Đã trả kết quả”")
	require.Contains(t, page, `value="endorse"`)
	require.Contains(t, page, `value="turn-down"`)
	wellFormed(t, page)
	id := s.cases[code].Proposals[0].ID
	require.Contains(t, page, `name="target" value="`+id+`"`)
	require.Equal(t, http.StatusSeeOther, s.act("duc", code, url.Values{"event": {"endorse"}, "target": {id}, "key": {"k2"}}).StatusCode)
	require.Equal(t, "returned", s.cases[code].State)
}

func TestLinkedPartsAndTime(t *testing.T) {
	s, b := atBureau(t)
	code := s.started()
	lan := s.signedIn("lan")
	require.NotContains(t, s.get("/dossiers/"+code, lan).body, "Hồ sơ liên thông")
	c := s.cases[code]
	c.Linked = []engine.Linked{{ID: "link-1", Link: "residence", Procedure: "1.004222"}}
	s.cases[code] = c
	b.parts = []engine.ChainPart{{
		ID: "link-1", Name: engine.Text{VI: "Đăng ký thường trú"}, Procedure: "1.004222", AgencyName: engine.Text{VI: "Công an phường"},
		Dossier: "H00.201-261117-0001", StateName: engine.Text{VI: "Đang thẩm tra"}, Due: began.Add(48 * time.Hour),
	}}
	s.pass(90 * time.Minute)
	page := s.get("/dossiers/"+code, lan).body
	for _, part := range []string{"Hồ sơ liên thông", "Đăng ký thường trú", "Công an phường", "H00.201-261117-0001", "Đang thẩm tra", "19/11/2026 08:00"} {
		require.Contains(t, page, part)
	}
	require.Contains(t, page, "Thời gian của từng đơn vị")
	require.Contains(t, page, "1 giờ 30 phút")
	wellFormed(t, page)
}

func TestOperationsPage(t *testing.T) {
	s, b := atBureau(t)
	hoa := s.signedIn("hoa")
	page := s.get("/operations", hoa).body
	require.Contains(t, page, "Chưa có sự cố nào được công bố.")
	require.Contains(t, page, "Công bố: tạm dừng mọi thời hạn")
	wellFormed(t, page)
	require.NotContains(t, s.get("/operations", s.signedIn("lan")).body, "Công bố: tạm dừng mọi thời hạn")

	declared := s.form("/operations/outages", url.Values{"system": {"VNeID"}, "reason": {"mất kết nối"}, "from": {"2026-11-17T07:30"}, "key": {"k"}}, hoa)
	require.Equal(t, http.StatusSeeOther, declared.StatusCode, declared.body)
	require.Equal(t, time.Date(2026, time.November, 17, 7, 30, 0, 0, calendar.Zone()), b.outages[0].From.In(calendar.Zone()))
	act := s.get(declared.Header.Get("Location"), hoa).body
	require.Contains(t, act, "H00.101-261117-0001")
	require.Contains(t, act, "19/11/2026 08:00")
	require.Contains(t, act, "Nghỉ bù 19/11/2026")
	wellFormed(t, act)
	require.Equal(t, http.StatusForbidden, s.form("/operations/outages", url.Values{"system": {"x"}, "reason": {"x"}}, s.signedIn("lan")).StatusCode)
	require.Equal(t, http.StatusUnprocessableEntity, s.form("/operations/outages", url.Values{"system": {"x"}}, hoa).StatusCode)

	page = s.get("/operations", hoa).body
	require.Contains(t, page, "đang kéo dài")
	require.Contains(t, page, "Kết thúc sự cố")
	wellFormed(t, page)
	ended := s.form("/operations/outages/"+b.outages[0].ID+"/end", url.Values{"until": {"2026-11-17T07:50"}}, hoa)
	require.Equal(t, http.StatusSeeOther, ended.StatusCode, ended.body)
	require.False(t, b.outages[0].Until.IsZero())

	s.calendar("tam", "", calendarText)
	page = s.get("/operations", hoa).body
	require.Contains(t, page, "/operations/calendars/office/versions/2")
	preview := s.get("/operations/calendars/office/versions/2", s.signedIn("yen")).body
	require.Contains(t, preview, "Xem trước lịch office phiên bản 2")
	require.Contains(t, preview, "20/11/2026 08:00")
	wellFormed(t, preview)
	require.Equal(t, http.StatusForbidden, s.get("/operations/calendars/office/versions/2", hoa).StatusCode)
	require.Equal(t, http.StatusNotFound, s.get("/operations/acts/none", hoa).StatusCode)
}

func TestClocksAsText(t *testing.T) {
	s, _ := atBureau(t)
	code := s.started()
	s.event(code, "accept", s.signedIn("lan"))
	path := "/api/v1/dossiers/" + code + "/clocks"
	vi := s.get(path+"?format=text", as(systemKey))
	require.Equal(t, "text/plain; charset=utf-8", vi.Header.Get("Content-Type"))
	require.Contains(t, vi.body, "Hồ sơ "+code)
	require.Contains(t, vi.body, "Thời hạn theo quy định: 2 ngày làm việc")
	require.Contains(t, vi.body, ": Tiếp nhận\n")
	require.Contains(t, s.get(path+"?format=text&lang=en", as(systemKey)).body, "Verdict: finished")
	require.Contains(t, s.get(path+"?format=text", as(systemKey), header("Accept-Language", "en")).body, "Dossier "+code)
	s.get(path+"?format=pdf", as(systemKey)).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)

	clocks := s.get(path, as(systemKey)).json(t)["clocks"].([]any)
	stopped := clocks[0].(map[string]any)["explanation"].(map[string]any)
	require.Equal(t, map[string]any{"minute": "early", "day": "on-time"}, stopped["judgement"])
}

func TestTimeOfDossier(t *testing.T) {
	s, _ := atBureau(t)
	code := s.started()
	s.pass(30 * time.Minute)
	s.event(code, "accept", s.signedIn("lan"))
	s.pass(20 * time.Minute)
	s.event(code, "accept-handoff", s.signedIn("duc"))
	s.pass(10 * time.Minute)
	view := s.get("/api/v1/dossiers/"+code+"/time", as(systemKey)).json(t)
	require.InDelta(t, time.Hour.Milliseconds(), view["elapsed_ms"], 0)
	departments := view["departments"].([]any)
	sum := 0.0
	for _, d := range departments {
		sum += d.(map[string]any)["elapsed_ms"].(float64)
	}
	require.InDelta(t, view["elapsed_ms"], sum, 0)
	first := departments[0].(map[string]any)
	require.Equal(t, "one-stop", first["department"])
	require.InDelta(t, (20 * time.Minute).Milliseconds(), first["in_transit_ms"], 0, "the time until acceptance is the sender's")
	require.InDelta(t, (50 * time.Minute).Milliseconds(), first["office_ms"], 0)
	require.Len(t, view["shares"], 3)
	s.get("/api/v1/dossiers/"+code+"/time", as(elsewhereKey)).refusal(t, http.StatusNotFound, engine.CodeNotFound)
}

func TestSlipPage(t *testing.T) {
	s, _ := atBureau(t)
	first, second := s.started(), s.started()
	slip := s.post("lan", handoffsPath, `{"dossiers":`+quotedList(first, second)+`,"event":"accept"}`).json(t)["slip"].(string)
	duc := s.signedIn("duc")
	require.Contains(t, s.get("/dossiers/"+first, duc).body, `href="/handoffs/`+slip+`"`)
	page := s.get("/handoffs/"+slip, duc).body
	require.Contains(t, page, second)
	require.Contains(t, page, "chờ nhận: 2")
	wellFormed(t, page)
	accepted := s.form("/handoffs/"+slip+"/accept", url.Values{"key": {"k"}}, duc)
	require.Equal(t, http.StatusSeeOther, accepted.StatusCode, accepted.body)
	page = s.get(accepted.Header.Get("Location"), duc).body
	require.Contains(t, page, "Số hồ sơ vừa nhận: 2")
	require.Contains(t, page, "đã nhận")
	require.NotContains(t, page, "/accept")
	wellFormed(t, page)
	require.Equal(t, http.StatusNotFound, s.get("/handoffs/none", duc).StatusCode)
}
