package main

import (
	"encoding/json"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/api/problem"
	"motcua/engine"
	"motcua/engine/calendar"
)

const versionsPath = "/api/v1/procedures/2.000908/versions"

func exampleVersion(state engine.VersionState) engine.VersionRecord {
	v := engine.VersionRecord{
		Version: engine.Version{
			Code: "2.000908", Version: 2, Name: engine.Text{VI: "Cấp bản sao từ sổ gốc"}, SHA256: "ab12cd34ef56ab12cd34",
			Effective: engine.Effective{From: calendar.NewDate(2027, time.January, 1)},
		},
		State: state, Authors: []string{"tam.phan"}, UploadedAt: at(8, 0),
	}
	if state != engine.VersionChecked && state != engine.VersionDraft {
		v.Approver = "yen.luu"
	}
	return v
}

func exampleLifecycle() map[string]any {
	retired := exampleVersion(engine.VersionRetired)
	retired.Effective.To = calendar.NewDate(2027, time.July, 1)
	first := exampleVersion(engine.VersionPublished)
	first.Version.Version, first.Approver, first.Authors = 1, "", []string{"motcua"}
	first.Effective = engine.Effective{From: calendar.NewDate(2026, time.May, 13), To: calendar.NewDate(2027, time.January, 1)}
	warned := engine.Uploaded{VersionRecord: exampleVersion(engine.VersionChecked), Created: true}
	warned.Findings = engine.Findings{{Line: 7, Column: 3, Path: "/limits", Code: "sum-under-limit", Message: "less", Severity: engine.SeverityWarning}}
	return map[string]any{
		"POST /api/v1/procedures":             warned,
		"POST " + versionsPath + "/2/approve": exampleVersion(engine.VersionApproved),
		"POST " + versionsPath + "/2/reject":  exampleVersion(engine.VersionDraft),
		"POST " + versionsPath + "/2/publish": exampleVersion(engine.VersionPublished),
		"POST " + versionsPath + "/2/retire":  retired,
		"GET " + versionsPath:                 map[string]any{"procedures": []engine.VersionRecord{first, exampleVersion(engine.VersionChecked)}},
		"GET " + versionsPath + "/2/trail": map[string]any{"code": "2.000908", "version": 2, "trail": []engine.StoredVersionEvent{
			{VersionEvent: engine.VersionEvent{Seq: 1, At: at(8, 0), Actor: "tam.phan", Action: engine.ActionUpload, State: engine.VersionChecked, SHA256: "ab12cd34ef56ab12cd34", Effective: retired.Effective, Findings: 1}},
			{VersionEvent: engine.VersionEvent{Seq: 2, At: at(9, 0), Actor: "yen.luu", Action: engine.ActionReject, State: engine.VersionDraft, SHA256: "ab12cd34ef56ab12cd34", Comment: "thiếu căn cứ"}},
		}},
	}
}

func TestProcedureLifecycle(t *testing.T) {
	_, dir := office(t, exampleLifecycle())
	t.Setenv("MOTCUA_SERVER", must(readCredentials(dir)).Server)
	t.Setenv("MOTCUA_API_KEY", "mc_lan_secret")
	requireGolden(t, "lifecycle", session(t,
		[]string{"procedure", "upload", copyFile},
		[]string{"procedure", "versions", "2.000908"},
		[]string{"procedure", "approve", "2.000908", "2", "--comment", "đã đối chiếu"},
		[]string{"procedure", "reject", "2.000908", "2", "--comment", "thiếu căn cứ"},
		[]string{"procedure", "publish", "2.000908", "2"},
		[]string{"procedure", "retire", "2.000908", "2", "--to", "2027-07-01", "--comment", "bãi bỏ"},
		[]string{"procedure", "trail", "2.000908", "2"},
		[]string{"procedure", "approve", "2.000908", "3"},
		[]string{"procedure", "approve", "2.000908", "two"},
		[]string{"procedure", "approve", "2.000908"},
		[]string{"procedure", "versions", ".."},
		[]string{"procedure", "retire", "2.000908", "2"},
		[]string{"procedure", "retire", "2.000908", "2", "--to", "1/7/2027", "--comment", "x"},
	))
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func TestProcedureUpload(t *testing.T) {
	d, dir := office(t, exampleLifecycle())
	upload := []string{"procedure", "upload", copyFile, "--dir", dir, "--as", "lan.nguyen"}
	t.Run("sends the very bytes", func(t *testing.T) {
		require.Equal(t, exitOK, command(t, upload...).code)
		asked, body := d.asked()
		want, err := os.ReadFile(copyFile)
		require.NoError(t, err)
		require.Equal(t, string(want), body)
		require.Equal(t, "application/yaml", d.header("Content-Type"))
		require.Empty(t, asked.URL.RawQuery)
		command(t, append(upload, "--draft")...)
		asked, _ = d.asked()
		require.Equal(t, "draft=true", asked.URL.RawQuery)
	})
	t.Run("prints what was stored", func(t *testing.T) {
		var up engine.Uploaded
		require.NoError(t, json.Unmarshal([]byte(command(t, append(upload, "-o", "json")...).out), &up))
		require.True(t, up.Created)
		require.Equal(t, engine.VersionChecked, up.State)
		require.Equal(t, 2, up.Version.Version)
	})
	t.Run("prints what is wrong as lint does", func(t *testing.T) {
		d.answer("POST /api/v1/procedures", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			problem.OfFindings(r.Context(), engine.Findings{{Line: 5, Column: 3, Path: "/states/0", Code: "unknown-state", Message: "state is not declared", Severity: engine.SeverityError}}).Write(w)
		}))
		r := command(t, upload...)
		require.Equal(t, result{exitInvalid, "", copyFile + ":5:3: unknown-state: state is not declared\n"}, r)
		c := command(t, append(upload, "-o", "json")...)
		require.Equal(t, exitInvalid, c.code)
		require.Equal(t, 5, c.complained(t).Findings[0].Line)
	})
	t.Run("passes on who may not", func(t *testing.T) {
		d.answer("POST /api/v1/procedures", engine.Errorf(engine.CodeWrongRole, "to upload a procedure takes role procedure-author in department quality"))
		r := command(t, upload...)
		require.Equal(t, exitRefused, r.code)
		require.Equal(t, "motcua: wrong-role: to upload a procedure takes role procedure-author in department quality\n", r.err)
	})
}

func TestProcedureStep(t *testing.T) {
	d, dir := office(t, exampleLifecycle())
	r := command(t, "procedure", "approve", "2.000908", "2", "--sha256", "ab12", "--comment", "được", "--dir", dir, "--as", "lan.nguyen")
	require.Equal(t, exitOK, r.code, r.err)
	_, body := d.asked()
	require.JSONEq(t, `{"comment":"được","sha256":"ab12"}`, body)
	for err, exit := range map[*engine.Error]int{
		engine.Errorf(engine.CodeSameOfficer, "tam is an author"):        exitRefused,
		engine.Errorf(engine.CodeNeedsUnmet, "names no cause"):           exitRefused,
		engine.Errorf(engine.CodeEventNotPermitted, "is draft"):          exitRefused,
		engine.Errorf(engine.CodeCommentRequired, "takes a reason"):      exitInvalid,
		engine.Errorf(engine.CodeUnavailable, "the ledger is not there"): exitUnreachable,
	} {
		d.answer("POST "+versionsPath+"/2/publish", err)
		require.Equal(t, exit, command(t, "procedure", "publish", "2.000908", "2", "--dir", dir, "--as", "lan.nguyen").code, err)
	}
}
