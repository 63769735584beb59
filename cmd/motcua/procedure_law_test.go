package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
)

func TestProcedureLaw(t *testing.T) {
	change := engine.LegalChange{
		ByRef: "1/2026/NĐ-CP", EffectiveFrom: calendar.NewDate(2027, time.January, 1), Actor: "tam.phan", At: at(9, 0),
		Tasks: []engine.UpdateTask{
			{Procedure: "1.001193", Version: 1, Dossier: "H00.101-261123-0001", Closed: true},
			{Procedure: "2.000908", Version: 2, Dossier: "H00.101-261123-0002"},
		},
	}
	d, dir := office(t, map[string]any{
		"POST /api/v1/legal-documents/123/2015/NĐ-CP/changes": change,
		"GET /api/v1/legal-documents": map[string]any{"documents": []engine.LegalDocument{
			{Ref: "123/2015/NĐ-CP", Title: "Hộ tịch", Changes: []engine.LegalChange{change}, Procedures: []engine.LegalUse{
				{Code: "1.001193", Version: 1, Role: engine.LegalRoleBasis}, {Code: "1.001193", Version: 1, Role: engine.LegalRoleCause}, {Code: "2.000908", Version: 2, Role: engine.LegalRoleBasis},
			}},
			{Ref: "60/2014/QH13"},
		}},
	})
	t.Setenv("MOTCUA_SERVER", must(readCredentials(dir)).Server)
	t.Setenv("MOTCUA_API_KEY", "mc_lan_secret")
	enter := []string{"procedure", "law", "change", "123/2015/NĐ-CP", "--by", "1/2026/NĐ-CP", "--from", "2027-01-01", "--note", "sửa điều 9"}
	requireGolden(t, "law", session(t,
		[]string{"procedure", "law", "list"},
		enter,
		[]string{"procedure", "law", "change", "9/9999/NĐ-CP", "--by", "1/2026/NĐ-CP", "--from", "2027-01-01"},
		[]string{"procedure", "law", "change", "123/2015/NĐ-CP"},
		[]string{"procedure", "law", "change", "..", "--by", "x", "--from", "2027-01-01"},
		[]string{"procedure", "law", "change", "123/2015/NĐ-CP", "--by", "x", "--from", "soon"},
		[]string{"procedure", "law"},
	))
	require.Equal(t, exitOK, command(t, enter...).code)
	asked, body := d.asked()
	require.Equal(t, "/api/v1/legal-documents/123%2F2015%2FN%C4%90-CP/changes", asked.URL.EscapedPath())
	require.JSONEq(t, `{"by_ref": "1/2026/NĐ-CP", "effective_from": "2027-01-01", "note": "sửa điều 9"}`, body)
	require.Contains(t, command(t, append(enter, "-o", "json")...).out, `"dossier": "H00.101-261123-0002"`)
}
