package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/engine"
)

const digitDir = "../../definitions/digit/testdata"

func TestProcedureImportDigit(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "drafts")
	importing := func(file string, more ...string) result {
		return command(t, append([]string{"procedure", "import", "digit", filepath.Join(digitDir, file), "--out", dir}, more...)...)
	}
	t.Run("a sound workflow", func(t *testing.T) {
		r := importing("PT.CREATE.json")
		require.Equal(t, result{exitOK, "1 file: 0 errors, 0 warnings\n", ""}, r)
		text, err := os.ReadFile(filepath.Join(dir, "PT.CREATE.yaml"))
		require.NoError(t, err)
		m, findings := definitions.Read("PT.CREATE.yaml", text)
		require.NoError(t, findings.Err())
		require.Equal(t, "9999-12-31", m.Effective.From.String())
	})
	t.Run("one with faults is written all the same", func(t *testing.T) {
		r := importing("BTR.json", "--effective-from", "2027-01-01")
		require.Equal(t, exitInvalid, r.code)
		require.Contains(t, r.out, "BTR.yaml:")
		require.Contains(t, r.out, `final-with-events: final state "applied" answers to events`)
		require.FileExists(t, filepath.Join(dir, "BTR.yaml"))
		require.Contains(t, importing("BTR.json", "--force", "--lang", "vi").out, "1 tệp: 1 lỗi, 0 cảnh báo")
	})
	t.Run("what somebody worked on stays", func(t *testing.T) {
		file := filepath.Join(dir, "PT.CREATE.yaml")
		require.NoError(t, os.WriteFile(file, []byte("# mine\n"), 0o600))
		r := importing("PT.CREATE.json")
		require.Equal(t, exitInvalid, r.code)
		require.Contains(t, r.err, "is there already and differs")
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, "# mine\n", string(text))
		require.Equal(t, exitOK, importing("PT.CREATE.json", "--force").code)
		require.Equal(t, exitOK, importing("PT.CREATE.json").code, "the same again")
	})
}

func TestProcedureImportDigitToStandardOutput(t *testing.T) {
	args := []string{"procedure", "import", "digit", filepath.Join(digitDir, "BTR.json"), "--out", "-"}
	r := command(t, args...)
	require.Equal(t, exitInvalid, r.code)
	m, findings := definitions.Read("BTR.yaml", []byte(r.out))
	require.Nil(t, m)
	require.Contains(t, r.err, findings.Error(), "what lint says is no part of the draft")

	var got struct {
		Drafts []struct {
			Service, File, Text string
			Findings            engine.Findings
		}
		Errors, Warnings int
	}
	require.NoError(t, json.Unmarshal([]byte(command(t, append(args, "-o", "json")...).out), &got))
	require.Equal(t, 1, got.Errors)
	require.Equal(t, "BTR", got.Drafts[0].Service)
	require.Equal(t, r.out, got.Drafts[0].Text)
	require.Equal(t, "final-with-events", got.Drafts[0].Findings[0].Code)
}

func TestProcedureImportDigitUsage(t *testing.T) {
	requireGolden(t, "import-digit", session(t,
		[]string{"procedure", "import", "digit"},
		[]string{"procedure", "import", "digit", "testdata/nosuch.json", "--out", "-"},
		[]string{"procedure", "import", "digit", digitDir + "/BTR.json"},
		[]string{"procedure", "import", "digit", digitDir + "/BTR.json", "--out", "-", "--effective-from", "soon"},
		[]string{"procedure", "import", "digit", copyFile, "--out", "-"},
	))
}
