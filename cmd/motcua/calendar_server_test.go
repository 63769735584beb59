package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/api"
	"motcua/engine"
	"motcua/engine/calendar"
)

const calendarVersions = "/api/v1/calendars/vn-national"

func exampleCalendar(state engine.VersionState, act string) engine.CalendarRecord {
	v := engine.CalendarRecord{
		Spec:   calendar.Spec{Code: "vn-national", Version: 2, KnownUntil: calendar.NewDate(2026, time.December, 31)},
		SHA256: "ab12cd34ef56ab12cd34", State: state, Authors: []string{"tam.phan"}, UploadedAt: at(8, 0), Act: act,
	}
	if state == engine.VersionApproved || state == engine.VersionPublished {
		v.Approver = "yen.luu"
	}
	return v
}

func exampleAct(state string, counts engine.ActCounts) engine.ActRecord {
	return engine.ActRecord{ID: "a1", Kind: engine.ActCalendar, Subject: "vn-national 2", Actor: "yen.luu", CreatedAt: at(8, 0), State: state, Counts: counts}
}

// exampleMoves are two pages of what an act did.
func exampleMoves(w http.ResponseWriter, r *http.Request) {
	page := engine.ActPage{
		Counts: &engine.ActCounts{Total: 3, Changed: 1, Refused: 1, Unchanged: 1, Moved: 1}, Next: code,
		Outcomes: []engine.ActOutcome{{Dossier: code, Result: engine.ResultChanged, Moves: []engine.Move{
			{Kind: engine.ClockStatutory, Old: at(17, 30), New: at(17, 30).AddDate(0, 0, 1), Rule: engine.Text{VI: "Nghỉ hoán đổi 02/01/2026", EN: "swapped day off 2026-01-02"}},
			{Kind: engine.ClockStep, Subject: "under-appraisal", Old: at(11, 30), New: at(15, 30), Provisional: true, Rule: engine.Text{VI: "Nghỉ"}},
		}}},
	}
	if r.URL.Query().Get("cursor") == code {
		page = engine.ActPage{Outcomes: []engine.ActOutcome{
			{Dossier: "H00.101-261123-0002", Result: engine.ResultRejected, Code: engine.CodeInvalid, Message: "it goes by another calendar"},
			{Dossier: "H00.101-261123-0003", Result: engine.ResultUnchanged},
		}}
	}
	_ = json.NewEncoder(w).Encode(page)
}

func exampleCalendars() map[string]any {
	done := exampleAct(engine.MigrationDone, engine.ActCounts{Total: 3, Changed: 1, Refused: 1, Unchanged: 1, Moved: 1})
	return map[string]any{
		"POST /api/v1/calendars":                           exampleCalendar(engine.VersionChecked, ""),
		"POST " + calendarVersions + "/versions/2/approve": exampleCalendar(engine.VersionApproved, ""),
		"POST " + calendarVersions + "/versions/2/reject":  exampleCalendar(engine.VersionDraft, ""),
		"POST " + calendarVersions + "/versions/2/publish": exampleCalendar(engine.VersionPublished, "a1"),
		"GET " + calendarVersions:                          map[string]any{"calendars": []engine.CalendarRecord{exampleCalendar(engine.VersionPublished, "a1")}},
		"GET " + calendarVersions + "/versions/2/trail": map[string]any{"code": "vn-national", "version": 2, "trail": []engine.StoredVersionEvent{
			{VersionEvent: engine.VersionEvent{Seq: 1, At: at(8, 0), Actor: "tam.phan", Action: engine.ActionUpload, State: engine.VersionChecked, SHA256: "ab12cd34ef56ab12cd34"}},
			{VersionEvent: engine.VersionEvent{Seq: 2, At: at(9, 0), Actor: "yen.luu", Action: engine.ActionApprove, State: engine.VersionApproved, SHA256: "ab12cd34ef56ab12cd34", Comment: "đúng"}},
		}},
		"GET " + calendarVersions + "/versions/2/preview": http.HandlerFunc(exampleMoves),
		"GET /api/v1/acts/a1":                             done,
		"GET /api/v1/acts/a1/results":                     http.HandlerFunc(exampleMoves),
		"POST /api/v1/outages":                            api.OutageView{Outage: engine.Outage{ID: "o1", System: "VNeID", From: at(8, 0)}, Act: engine.ActRecord{ID: "a2"}},
		"POST /api/v1/outages/o1/end":                     api.OutageView{Outage: engine.Outage{ID: "o1", System: "VNeID", From: at(8, 0), Until: at(9, 40)}, Act: engine.ActRecord{ID: "a2"}},
		"GET /api/v1/outages":                             map[string]any{"outages": []engine.Outage{{ID: "o1", System: "VNeID", Reason: "mất kết nối", From: at(8, 0), Declared: "chau.dang"}}},
		"POST /api/v1/officers/duc.pham/departure":        engine.ActRecord{ID: "a2"},
		"POST /api/v1/officers/duc.pham/sign-out":         map[string]int{"ended": 2},
		"POST /api/v1/officers/duc.pham/account":          api.AccountView{Officer: "duc.pham", Issuer: "https://id.example.vn", Subject: "sub-1"},
		"GET /api/v1/acts/a2":                             engine.ActRecord{ID: "a2", State: engine.MigrationDone, Counts: engine.ActCounts{Total: 2, Changed: 2}},
		"GET /api/v1/acts/a2/results":                     engine.ActPage{Outcomes: []engine.ActOutcome{{Dossier: code, Result: engine.ResultChanged}}},
		"POST /api/v1/absences":                           exampleAbsence(),
		"GET /api/v1/absences":                            absenceList{Absences: []engine.Absence{exampleAbsence()}},
		"POST /api/v1/absences/lan.nguyen/2026-12-01/end": absenceList{Absences: []engine.Absence{}},
		"POST /api/v1/handoffs":                           exampleSlip("under-appraisal"),
		"POST /api/v1/handoffs/s1/accept":                 api.SlipAnswer{Slip: "s1", Done: 1, Results: []api.SlipResult{{Dossier: code, Result: "done", State: "under-appraisal"}}},
		"GET /api/v1/handoffs/s1":                         api.SlipView{Slip: "s1", Waiting: 1, Dossiers: []engine.Slipped{{Dossier: code, FromDepartment: "one-stop", ToDepartment: "civil-status", SentAt: at(8, 30)}}},
		"GET /api/v1/dossiers/" + code + "/time":          exampleTime(),
		"GET /api/v1/dossiers/" + code + "/chain":         chainView{Code: code, Parts: []engine.ChainPart{{ID: "l1", Link: "residence", Name: engine.Text{VI: "Đăng ký thường trú"}, Agency: "H00.102", Dossier: "H00.102-261123-0001", State: "received", Due: at(17, 30)}}},
		"GET /api/v1/dossiers/" + code + "/clocks": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte("lang " + r.URL.Query().Get("lang") + "\n"))
		}),
	}
}

func exampleAbsence() engine.Absence {
	return engine.Absence{Officer: "lan.nguyen", Substitute: "hoa.le", From: calendar.NewDate(2026, time.December, 1), To: calendar.NewDate(2026, time.December, 5)}
}

func exampleSlip(state string) api.SlipAnswer {
	return api.SlipAnswer{Slip: "s1", Done: 1, Refused: 1, Results: []api.SlipResult{
		{Dossier: code, Result: "done", State: state}, {Dossier: "H00.101-261123-0002", Result: "refused", Code: engine.CodeWrongRole, Message: "state needs role"},
	}}
}

func exampleTime() api.TimeView {
	return api.TimeView{Code: code, From: at(8, 0), To: at(9, 30), Elapsed: 5_400_000, Departments: []api.DepartmentShare{
		{Department: "one-stop", Elapsed: 1_800_000, Working: 1_200_000, InTransit: 600_000, Office: 1_800_000},
		{Department: "civil-status", Elapsed: 3_600_000, Working: 3_600_000, Office: 3_600_000},
	}}
}

func TestSupervision(t *testing.T) {
	_, dir := office(t, exampleCalendars())
	t.Setenv("MOTCUA_SERVER", must(readCredentials(dir)).Server)
	t.Setenv("MOTCUA_API_KEY", "mc_lan_secret")
	requireGolden(t, "supervision", session(t,
		[]string{"calendar", "approve", "vn-national", "2", "--comment", "đúng"},
		[]string{"calendar", "reject", "vn-national", "2", "--comment", "sai"},
		[]string{"calendar", "versions", "vn-national"},
		[]string{"calendar", "trail", "vn-national", "2"},
		[]string{"calendar", "preview", "vn-national", "2"},
		[]string{"calendar", "publish", "vn-national", "2"},
		[]string{"calendar", "progress", "a1"},
		[]string{"calendar", "progress", "none"},
		[]string{"calendar", "publish", "vn-national", "0"},
		[]string{"calendar", "preview", "..", "2"},
		[]string{"outage", "declare", "--system", "VNeID", "--reason", "mất kết nối", "--from", "2026-11-23T08:00:00+07:00"},
		[]string{"outage", "declare", "--system", "VNeID"},
		[]string{"outage", "declare", "--system", "VNeID", "--reason", "x", "--from", "8:00"},
		[]string{"outage", "end", "o1", "--until", "2026-11-23T09:40:00+07:00"},
		[]string{"outage", "list"},
		[]string{"officer", "depart", "duc.pham", "--successor", "long.vien", "--reason", "nghỉ hưu"},
		[]string{"officer", "depart", "duc.pham"},
		[]string{"officer", "sign-out", "duc.pham"},
		[]string{"officer", "link", "duc.pham", "--subject", "sub-1"},
		[]string{"officer", "link", "duc.pham", "--unlink", "--subject", "sub-1"},
		[]string{"officer", "link", "duc.pham"},
		[]string{"absence", "add", "--from", "2026-12-01", "--to", "2026-12-05", "--substitute", "hoa.le"},
		[]string{"absence", "add", "--from", "2026-12-01", "--to", "5/12"},
		[]string{"absence", "list"},
		[]string{"absence", "end", "lan.nguyen", "2026-12-01"},
		[]string{"handoff", "send", "forward", code, "H00.101-261123-0002"},
		[]string{"handoff", "send", "forward"},
		[]string{"handoff", "accept", "s1"},
		[]string{"handoff", "show", "s1"},
		[]string{"dossier", "time", code},
		[]string{"dossier", "chain", code},
		[]string{"dossier", "explain", code, "--lang", "vi"},
		[]string{"dossier", "explain", code, "--lang", "fr"},
	))
}

func TestCalendarUpload(t *testing.T) {
	d, dir := office(t, exampleCalendars())
	file := filepath.Join(t.TempDir(), "c.yaml")
	require.NoError(t, os.WriteFile(file, []byte("code: vn-national\n"), 0o600))
	res := command(t, "calendar", "upload", file, "--draft", "--dir", dir, "--as", "lan.nguyen")
	require.Equal(t, exitOK, res.code, res.err)
	require.Contains(t, res.out, "calendar vn-national version 2 is checked\n")
	asked, body := d.asked()
	require.Equal(t, "draft=true", asked.URL.RawQuery)
	require.Equal(t, "application/yaml", asked.Header.Get("Content-Type"))
	require.Equal(t, "code: vn-national\n", body)
}

// TestFireExtras: what goes with some events only reaches the server as such.
func TestFireExtras(t *testing.T) {
	d, dir := office(t, map[string]any{"POST /api/v1/dossiers/" + code + "/events": api.Answer{Code: code, State: "received"}})
	fire := func(args ...string) string {
		res := command(t, append([]string{"dossier", "fire", "--dir", dir, "--as", "lan.nguyen", code}, args...)...)
		require.Equal(t, exitOK, res.code, res.err)
		_, body := d.asked()
		return body
	}
	require.JSONEq(t, `{"event":"reassign","comment":"x","officer":"duc.pham"}`, fire("reassign", "--comment", "x", "--officer", "duc.pham"))
	require.JSONEq(t, `{"event":"suspend","comment":"x","halt":{"until":"2026-11-30T08:00:00+07:00","basis":"b"}}`,
		fire("suspend", "--comment", "x", "--until", "2026-11-30T08:00:00+07:00", "--basis", "b"))
	require.JSONEq(t, `{"event":"override","comment":"x","overrides":{"to":"returned","extend":"2wd"}}`,
		fire("override", "--comment", "x", "--to-state", "returned", "--extend", "2wd"))
	require.JSONEq(t, `{"event":"endorse","target":"proposal-7"}`, fire("endorse", "--target", "proposal-7"))
	require.Equal(t, exitUsage, command(t, "dossier", "fire", "--dir", dir, "--as", "lan.nguyen", code, "suspend", "--until", "soon").code)
}

func TestSupervisionJSON(t *testing.T) {
	_, dir := office(t, exampleCalendars())
	flags := []string{"--dir", dir, "--as", "lan.nguyen", "-o", "json"}
	var report actReport
	require.NoError(t, json.Unmarshal([]byte(command(t, append([]string{"calendar", "preview", "vn-national", "2"}, flags...)...).out), &report))
	require.Len(t, report.Outcomes, 3)
	require.Nil(t, report.Act)
	res := command(t, append([]string{"calendar", "publish", "vn-national", "2"}, flags...)...)
	require.Equal(t, exitRefused, res.code, "a dossier kept its due moments")
	require.NoError(t, json.Unmarshal([]byte(res.out), &report))
	require.Equal(t, "a1", report.Act.ID)
	var slip api.SlipAnswer
	require.NoError(t, json.Unmarshal([]byte(command(t, append([]string{"handoff", "send", "forward", code}, flags...)...).out), &slip))
	require.Equal(t, "s1", slip.Slip)
}

// TestShowStandstill: what keeps a dossier from going on is told with it.
func TestShowStandstill(t *testing.T) {
	answers := exampleDossier(t)
	view := exampleView()
	view.Halts = []engine.Halt{{ID: "halt-9", From: at(9, 0), Until: at(15, 0), Reason: "chờ giám định", Basis: "Điều 3"}}
	view.Proposals = []engine.Proposal{{ID: "proposal-7", Event: "override", Officer: "hai.hoang", Comment: "đã trả bản giấy", Approval: engine.RoleIn{Department: "civil-status", Role: "head"}}}
	view.Permitted = []engine.Permitted{{Event: "turn-down", Name: engine.Text{VI: "Không phê duyệt đề xuất"}, Target: "proposal-7", Comment: true}}
	answers["GET /api/v1/dossiers/"+code] = view
	_, dir := office(t, answers)
	res := command(t, "dossier", "show", code, "--dir", dir, "--as", "lan.nguyen")
	require.Equal(t, exitOK, res.code, res.err)
	require.Contains(t, res.out, "suspended from 2026-11-23T09:00:00+07:00 until 2026-11-23T15:00:00+07:00: chờ giám định, basis Điều 3\n")
	require.Contains(t, res.out, "proposal-7: hai.hoang proposed override, to be endorsed by ")
	require.Regexp(t, "turn-down +Không phê duyệt đề xuất +with --comment --target proposal-7", res.out)
}
