package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

const (
	scenariosDir = "../../definitions/scenarios"
	trialFile    = "../../definitions/scenario/testdata/copies.yaml"
)

func TestProcedureSimulate(t *testing.T) {
	t.Run("every shipped scenario holds", func(t *testing.T) {
		files, err := filepath.Glob(scenariosDir + "/2.000908/*.txtar")
		require.NoError(t, err)
		require.NotEmpty(t, files)
		r := command(t, append([]string{"procedure", "simulate", copyFile, "--lang", "vi"}, files...)...)
		require.Equal(t, exitOK, r.code, r.out+r.err)
		require.Empty(t, r.err)
		require.Contains(t, r.out, "kết thúc hồ sơ")
		require.True(t, strings.HasSuffix(r.out, "kịch bản: 0 điểm không đúng\n"), r.out)
	})
	t.Run("in English", func(t *testing.T) {
		r := command(t, "procedure", "simulate", copyFile, scenariosDir+"/2.000908/withdrawn.txtar", "--lang", "en")
		require.Equal(t, exitOK, r.code, r.err)
		require.Contains(t, r.out, "Withdraw (withdraw) → withdrawn")
		require.True(t, strings.HasSuffix(r.out, "1 scenario: 0 errors, 0 warnings\n"), r.out)
	})
	t.Run("as JSON", func(t *testing.T) {
		r := command(t, "procedure", "simulate", copyFile, scenariosDir+"/2.000908/withdrawn.txtar", "-o", "json")
		require.Equal(t, exitOK, r.code, r.err)
		var played struct {
			Scenarios []struct {
				File     string
				Lines    []struct{ Kind, State string }
				Findings []engine.Finding
			}
		}
		require.NoError(t, json.Unmarshal([]byte(r.out), &played))
		require.Len(t, played.Scenarios, 1)
		require.Empty(t, played.Scenarios[0].Findings)
		lines := played.Scenarios[0].Lines
		require.Equal(t, string(engine.FactDossierClosed), lines[len(lines)-1].Kind)
	})
}

// simulated writes a scenario and plays it on a small procedure.
func simulated(t *testing.T, scenario string, flags ...string) result {
	t.Helper()
	file := filepath.Join(t.TempDir(), "scenario.yaml")
	require.NoError(t, os.WriteFile(file, []byte(scenario), 0o600))
	r := command(t, append([]string{"procedure", "simulate", trialFile, file, "--lang", "en"}, flags...)...)
	r.out = strings.ReplaceAll(r.out, file, "scenario.yaml")
	return r
}

func TestProcedureSimulateSaysWhatDoesNotHold(t *testing.T) {
	const start = `name: {vi: Thử}
start:
  at: 2026-11-18 08:00
  components: [request]
  fields: [{id: original.kind, value: Giấy khai sinh}, {id: copies, value: 1}]
`
	t.Run("an expectation", func(t *testing.T) {
		r := simulated(t, start+"steps:\n  - {after: 5wm, fire: accept, by: one-stop/reception-officer, expect: {state: submitted}}\n")
		require.Equal(t, exitInvalid, r.code)
		require.Contains(t, r.out, "scenario.yaml:7:80: expected: expected submitted, got accepted\n")
		require.Contains(t, r.out, "Accept (accept) → accepted", "the timeline is printed all the same")
		require.Contains(t, r.err, "not everything holds: 1 error")
	})
	t.Run("a refusal nobody expected ends the run", func(t *testing.T) {
		r := simulated(t, start+"steps:\n  - {after: 5wm, fire: sign, by: leadership/signer}\n  - {after: 5wm, fire: accept, by: one-stop/reception-officer}\n")
		require.Equal(t, exitInvalid, r.code)
		require.Contains(t, r.out, `scenario.yaml:7:5: refused: the event was refused: event-not-permitted: event "sign" is not permitted in state "submitted"`)
		require.NotContains(t, r.out, "→ accepted")
	})
	t.Run("a misspelt key", func(t *testing.T) {
		r := simulated(t, start+"stesp: []\n")
		require.Equal(t, exitInvalid, r.code)
		require.Contains(t, r.out, `scenario.yaml:6:1: unknown-key: unknown key "stesp"; did you mean steps?`)
	})
	t.Run("a line of the timeline", func(t *testing.T) {
		archive := "-- scenario.yaml --\n" + start + "-- timeline.txt --\nThử\n9.000002 phiên bản 7\n"
		r := simulated(t, archive)
		require.Equal(t, exitInvalid, r.code)
		require.Contains(t, r.out, `scenario.yaml:9:1: timeline: timeline.txt says "9.000002 phiên bản 7", it is "9.000002 phiên bản`)
	})
}

func TestProcedureSimulateUsage(t *testing.T) {
	require.Equal(t, exitUsage, command(t, "procedure", "simulate", copyFile).code)
	require.Equal(t, exitUsage, command(t, "procedure", "simulate", copyFile, "nowhere.txtar").code)
	require.Equal(t, exitUsage, command(t, "procedure", "simulate", copyFile, scenariosDir+"/2.000908/withdrawn.txtar", "--lang", "fr").code)
	require.Equal(t, exitInvalid, command(t, "procedure", "simulate", brokenDir+"/unknown-state.yaml", scenariosDir+"/2.000908/withdrawn.txtar").code)
}
