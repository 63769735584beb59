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
	shippedDir = "../../definitions/procedures"
	copyFile   = shippedDir + "/2.000908.yaml"
	brokenDir  = "../../definitions/testdata/broken"
)

func TestProcedureLint(t *testing.T) {
	shipped, err := filepath.Glob(shippedDir + "/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, shipped)
	requireGolden(t, "lint", session(t,
		append([]string{"procedure", "lint"}, shipped...),
		[]string{"procedure", "lint", copyFile},
		[]string{"procedure", "lint", brokenDir + "/several-faults.yaml"},
		[]string{"procedure", "lint", brokenDir + "/unknown-state.yaml", copyFile},
		[]string{"procedure", "lint", brokenDir + "/unbounded-suspension.yaml"},
		[]string{"procedure", "show", brokenDir + "/unknown-state.yaml"},
		[]string{"procedure", "export", brokenDir + "/unknown-state.yaml"},
	))
}

func TestProcedureLintJSON(t *testing.T) {
	type report struct {
		Files, Errors, Warnings int
		Findings                []engine.Finding
	}
	t.Run("one shape, right or wrong", func(t *testing.T) {
		r := command(t, "procedure", "lint", copyFile, "--output", "json")
		require.Equal(t, exitOK, r.code)
		require.JSONEq(t, `{"files": 1, "errors": 0, "warnings": 0, "findings": []}`, r.out)

		r = command(t, "procedure", "lint", brokenDir+"/several-faults.yaml", "--output", "json")
		require.Equal(t, exitInvalid, r.code)
		var got report
		require.NoError(t, json.Unmarshal([]byte(r.out), &got))
		require.Equal(t, 4, got.Errors)
		require.Len(t, got.Findings, 4)
		require.Equal(t, 10, got.Findings[0].Line)
		c := result{err: r.err}.complained(t)
		require.Equal(t, engine.CodeInvalid, c.Code)
		require.Equal(t, "the definition is not valid: 4 errors, 0 warnings", c.Message)
	})
	t.Run("show and export say what is wrong on standard error", func(t *testing.T) {
		for _, verb := range []string{"show", "export"} {
			r := command(t, "procedure", verb, brokenDir+"/unknown-state.yaml", "--output", "json")
			require.Equal(t, exitInvalid, r.code)
			require.NotEmpty(t, r.complained(t).Findings)
		}
	})
}

func TestProcedureLintRefusesWhatIsTooLarge(t *testing.T) {
	file := filepath.Join(t.TempDir(), "large.yaml")
	require.NoError(t, os.WriteFile(file, []byte(strings.Repeat("#", maxDefinition+1)), 0o600))
	r := command(t, "procedure", "lint", file)
	require.Equal(t, exitInvalid, r.code)
	require.Contains(t, r.err, "too-large: ")
}

func TestProcedureShow(t *testing.T) {
	requireGolden(t, "show", session(t, []string{"procedure", "show", copyFile}))
	var d engine.Definition
	r := command(t, "procedure", "show", copyFile, "--output", "json")
	require.NoError(t, json.Unmarshal([]byte(r.out), &d))
	require.Equal(t, "Cấp bản sao từ sổ gốc", d.Name.VI)
	require.Contains(t, r.out, `"sha256": "`)
}
