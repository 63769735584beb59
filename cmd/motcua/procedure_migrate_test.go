package main

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
)

const migrationPath = "/api/v1/procedures/2.000908/migrations"

func exampleMigration(state string, counts engine.MigrationCounts) engine.MigrationRecord {
	return engine.MigrationRecord{
		ID: "m1", Migration: engine.Migration{Code: "2.000908", From: 1, To: 2, Reason: "309/2026/NĐ-CP"},
		Agency: "H00.101", Actor: "yen.luu", CreatedAt: at(8, 0), State: state, Counts: counts,
	}
}

// examplePages answer a preview or a list of results: two pages.
func examplePages(next func(*http.Request) string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page := engine.MigrationPage{
			Counts: &engine.MigrationCounts{Total: 3, Migrated: 1, Refused: 1, Unchanged: 1}, Next: code,
			Outcomes: []engine.MigrationOutcome{{Dossier: code, Result: engine.MigrationMigrated, State: "being-appraised"}},
		}
		if next(r) == code {
			page = engine.MigrationPage{Outcomes: []engine.MigrationOutcome{
				{Dossier: "H00.101-261123-0002", Result: engine.MigrationRefused, State: "under-appraisal", Code: engine.CodeMigrationRefused, Message: "units differ"},
				{Dossier: "H00.101-261123-0003", Result: engine.MigrationUnchanged, State: "returned", Code: engine.CodeDossierClosed, Message: "dossier is closed"},
			}}
		}
		_ = json.NewEncoder(w).Encode(page)
	}
}

func TestProcedureMigratePreview(t *testing.T) {
	d, dir := office(t, nil)
	d.answers = map[string]any{"POST " + migrationPath: examplePages(func(*http.Request) string {
		var body struct{ Cursor string }
		_ = json.Unmarshal([]byte(d.body), &body)
		return body.Cursor
	})}
	line := []string{"procedure", "migrate", "2.000908", "--dir", dir, "--as", "lan.nguyen", "--from", "1", "--to", "2", "--map", "a=b", "--map", "c=d", "--reason", "309/2026/NĐ-CP"}
	res := command(t, line...)
	require.Equal(t, exitOK, res.code, res.err)
	require.Equal(t, "would move 1 dossier, keep 1, pass over 1\n"+
		"  H00.101-261123-0002  refused    under-appraisal  units differ\n"+
		"  H00.101-261123-0003  unchanged  returned         dossier is closed\n", res.out)
	_, body := d.asked()
	require.JSONEq(t, `{"from":1,"to":2,"states":[{"from":"a","to":"b"},{"from":"c","to":"d"}],"reason":"309/2026/NĐ-CP","preview":true,"limit":500,"cursor":"`+code+`"}`, body)

	var report migrationReport
	require.NoError(t, json.Unmarshal([]byte(command(t, append(line, "-o", "json")...).out), &report))
	require.Len(t, report.Outcomes, 3)
	require.Nil(t, report.Migration)
}

func TestProcedureMigrateApply(t *testing.T) {
	looks := 0
	_, dir := office(t, map[string]any{
		"POST " + migrationPath:                exampleMigration(engine.MigrationRunning, engine.MigrationCounts{Total: 3, Pending: 3}),
		"POST " + migrationPath + "/m1/resume": exampleMigration(engine.MigrationDone, engine.MigrationCounts{}),
		"GET " + migrationPath + "/m1": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			looks++
			record := exampleMigration(engine.MigrationRunning, engine.MigrationCounts{Total: 3, Pending: 2, Migrated: 1})
			if looks > 1 {
				record = exampleMigration(engine.MigrationDone, engine.MigrationCounts{Total: 3, Migrated: 1, Refused: 1, Unchanged: 1})
			}
			_ = json.NewEncoder(w).Encode(record)
		}),
		"GET " + migrationPath + "/m1/results": examplePages(func(r *http.Request) string { return r.URL.Query().Get("cursor") }),
	})
	flags := []string{"--dir", dir, "--as", "lan.nguyen"}
	res := command(t, append([]string{"procedure", "migrate", "2.000908", "--from", "1", "--to", "2", "--reason", "x", "--apply"}, flags...)...)
	require.Equal(t, exitRefused, res.code, "a dossier stayed")
	require.Contains(t, res.out, "migration m1 moved 1 dossier, kept 1, passed over 1\n")
	require.Contains(t, res.err, "1 of 3 done")
	require.Contains(t, res.err, "migration-refused: not migrated to version 2: 1 dossier")

	res = command(t, append([]string{"procedure", "migrate", "2.000908", "--resume", "m1", "-o", "json"}, flags...)...)
	require.Equal(t, exitRefused, res.code)
	var report migrationReport
	require.NoError(t, json.Unmarshal([]byte(res.out), &report))
	require.Equal(t, "m1", report.Migration.ID)
	require.Len(t, report.Outcomes, 3)
}

func TestProcedureMigrateUsage(t *testing.T) {
	for name, args := range map[string][]string{
		"no reason":     {"2.000908", "--from", "1", "--to", "2"},
		"no versions":   {"2.000908", "--reason", "x"},
		"a half map":    {"2.000908", "--from", "1", "--to", "2", "--reason", "x", "--map", "a="},
		"no code":       {"--from", "1", "--to", "2", "--reason", "x"},
		"a path for it": {"..", "--from", "1", "--to", "2", "--reason", "x"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, exitUsage, command(t, append([]string{"procedure", "migrate"}, args...)...).code)
		})
	}
}

func TestProcedureImpact(t *testing.T) {
	_, dir := office(t, map[string]any{"GET /api/v1/procedures/2.000908/impact": engine.Impact{Code: "2.000908", InEffect: 2, Versions: []engine.VersionImpact{
		{
			Version: 1, State: engine.VersionPublished, Dossiers: 3, Overdue: 1,
			Effective: engine.Effective{From: calendar.NewDate(2026, time.May, 13), To: calendar.NewDate(2026, time.July, 1)},
			States:    []engine.StateImpact{{State: "under-appraisal", Name: engine.Text{VI: "Thẩm định"}, Dossiers: 3, Overdue: 1, StepOverdue: 2}},
		},
		{Version: 2, State: engine.VersionPublished, Effective: engine.Effective{From: calendar.NewDate(2026, time.July, 1)}, States: []engine.StateImpact{}},
	}}})
	res := command(t, "procedure", "impact", "2.000908", "--dir", dir, "--as", "lan.nguyen")
	require.Equal(t, exitOK, res.code, res.err)
	require.Equal(t, "version 1, published from 2026-05-13 to before 2026-07-01: 3 dossiers, 1 overdue\n"+
		"  STATE            DOSSIERS  OVERDUE  STEP OVERDUE  NAME\n"+
		"  under-appraisal  3         1        2             Thẩm định\n"+
		"version 2, published from 2026-07-01, in effect today: 0 dossiers, 0 overdue\n", res.out)
	require.Equal(t, exitRefused, command(t, "procedure", "impact", "1.001193", "--dir", dir, "--as", "lan.nguyen").code)
}
