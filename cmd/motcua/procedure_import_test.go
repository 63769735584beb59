package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions/nationalportal"
)

const portalRecords = "../../definitions/nationalportal/testdata/records.jsonl"

func portal(args ...string) []string {
	return append([]string{"procedure", "import", "national-portal"}, args...)
}

func TestImportNationalPortal(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "drafts")
	r := command(t, portal(portalRecords, "--out", dir, "--effective-from", "2027-01-01")...)
	require.Equal(t, exitOK, r.code, r.err)
	require.Empty(t, r.err)
	require.Contains(t, r.out, "records read 29, drafts written 29, failed 0\n")
	require.Contains(t, r.out, "lint: errors 0, ")

	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	require.NoError(t, err)
	require.Len(t, files, 29)
	lint := command(t, append([]string{"procedure", "lint"}, files...)...)
	require.Equal(t, exitOK, lint.code, lint.out)
	golden, err := os.ReadFile("../../definitions/nationalportal/testdata/golden/1.008609.yaml")
	require.NoError(t, err)
	written, err := os.ReadFile(filepath.Join(dir, "1.008609.yaml"))
	require.NoError(t, err)
	require.Equal(t, string(golden), string(written))

	t.Run("a second time changes nothing", func(t *testing.T) {
		require.Equal(t, r, command(t, portal(portalRecords, "--out", dir, "--effective-from", "2027-01-01")...))
	})
	t.Run("work done on a draft is kept", func(t *testing.T) {
		worked := filepath.Join(dir, "1.008609.yaml")
		require.NoError(t, os.WriteFile(worked, []byte("# mine\n"), 0o644))
		again := command(t, portal(portalRecords, "--out", dir, "--effective-from", "2027-01-01")...)
		require.Equal(t, exitInvalid, again.code)
		require.Contains(t, again.out, "(1.008609): exists: 1.008609.yaml is there already and differs\n")
		require.Contains(t, again.err, "1 of 29 records made no draft")
		text, err := os.ReadFile(worked)
		require.NoError(t, err)
		require.Equal(t, "# mine\n", string(text))

		require.Equal(t, r, command(t, portal(portalRecords, "--out", dir, "--effective-from", "2027-01-01", "--force")...))
		text, err = os.ReadFile(worked)
		require.NoError(t, err)
		require.Equal(t, string(golden), string(text))
	})
}

func TestImportNationalPortalSummary(t *testing.T) {
	summary := filepath.Join(t.TempDir(), "summary.md")
	r := command(t, portal(portalRecords, "--out", t.TempDir(), "--summary", summary, "--output", "json")...)
	require.Equal(t, exitOK, r.code, r.err)
	var got nationalportal.Summary
	require.NoError(t, json.Unmarshal([]byte(r.out), &got))
	require.Equal(t, 29, got.Written)
	require.Zero(t, got.LintErrors)
	require.NotEmpty(t, got.Doubts)
	text, err := os.ReadFile(summary)
	require.NoError(t, err)
	require.Equal(t, got.Markdown(), string(text))
}

func TestImportNationalPortalStaysInItsDirectory(t *testing.T) {
	outside := t.TempDir()
	dir := filepath.Join(outside, "drafts")
	require.NoError(t, os.Mkdir(dir, 0o755))
	target := filepath.Join(outside, "target.yaml")
	require.NoError(t, os.WriteFile(target, []byte("untouched"), 0o644))
	require.NoError(t, os.Symlink(target, filepath.Join(dir, "1.000001.yaml")))

	records := filepath.Join(outside, "records.jsonl")
	text := `{"ma_thu_tuc": "../escaped"}` + "\n" + `{"ma_thu_tuc": "/tmp/escaped"}` + "\n{broken\n" + `{"ma_thu_tuc": "1.000002"}` + "\n"
	require.NoError(t, os.WriteFile(records, []byte(text), 0o644))
	r := command(t, portal(records, "--out", dir)...)
	require.Equal(t, exitInvalid, r.code)
	require.Contains(t, r.out, "records read 4, drafts written 1, failed 3\n")
	require.Contains(t, r.out, "line 3: bad-json: ")

	require.NoError(t, os.WriteFile(records, []byte(`{"ma_thu_tuc": "1.000001"}`), 0o644))
	for _, flags := range [][]string{nil, {"--force"}} {
		r = command(t, portal(append(flags, records, "--out", dir)...)...)
		require.Equal(t, exitFailed, r.code, r.err)
	}
	kept, err := os.ReadFile(target)
	require.NoError(t, err)
	require.Equal(t, "untouched", string(kept))
	entries, err := os.ReadDir(outside)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	require.Equal(t, "drafts records.jsonl target.yaml", strings.Join(names, " "))
}

func TestImportNationalPortalUsage(t *testing.T) {
	dir := t.TempDir()
	for name, test := range map[string]struct {
		args []string
		code int
		says string
	}{
		"no file":         {[]string{"--out", dir}, exitUsage, "takes one file"},
		"no directory":    {[]string{portalRecords}, exitUsage, "needs --out"},
		"missing file":    {[]string{"nosuch.jsonl", "--out", dir}, exitUsage, "nosuch.jsonl"},
		"a directory":     {[]string{dir, "--out", dir}, exitUsage, "is a directory"},
		"a file as --out": {[]string{portalRecords, "--out", portalRecords}, exitUsage, "--out"},
		"no date":         {[]string{portalRecords, "--out", dir, "--effective-from", "soon"}, exitUsage, "--effective-from"},
		"an empty file":   {[]string{os.DevNull, "--out", dir}, exitInvalid, "holds no record"},
	} {
		t.Run(name, func(t *testing.T) {
			r := command(t, portal(test.args...)...)
			require.Equal(t, test.code, r.code)
			require.Empty(t, r.out)
			require.Contains(t, r.err, test.says)
		})
	}
}

// TestImportNationalPortalChannels holds the conditions of the drafts to the
// words dossiers are started with.
func TestImportNationalPortalChannels(t *testing.T) {
	words := strings.Fields(command(t, "__complete", "dossier", "start", "--channel", "").out)
	dir := t.TempDir()
	require.Equal(t, exitOK, command(t, portal(portalRecords, "--out", dir)...).code)
	files, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	require.NoError(t, err)
	met := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`channel == "(\w+)"`).FindAllStringSubmatch(string(text), -1) {
			require.Contains(t, words, m[1], file)
			met[m[1]] = true
		}
	}
	require.Len(t, met, 3)
}
