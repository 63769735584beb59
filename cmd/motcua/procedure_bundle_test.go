package main

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/api/bundle"
	"motcua/api/problem"
	"motcua/engine"
)

func exampleBundle(t *testing.T) []byte {
	t.Helper()
	text := []byte("code: \"2.000908\"\n")
	data, err := bundle.New([]engine.VersionRecord{{
		Version: engine.Version{Code: "2.000908", Version: 2, SHA256: bundle.Sum(text), Text: text}, State: engine.VersionPublished,
	}}, nil).Write()
	require.NoError(t, err)
	return data
}

func raw(data []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(data) }
}

func TestBundleExport(t *testing.T) {
	data := exampleBundle(t)
	d, dir := office(t, map[string]any{"GET /api/v1/catalogue": raw(data)})
	file := filepath.Join(t.TempDir(), "catalogue.zip")
	export := []string{"procedure", "bundle", "export", file, "--dir", dir, "--as", "lan.nguyen"}
	r := command(t, export...)
	require.Equal(t, result{exitOK, file + ": 1 procedure, 0 calendars\nsha256  " + bundle.Sum(data) + "\n", ""}, r)
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, data, written)
	require.Contains(t, command(t, append(export, "-o", "json")...).out, `"code": "2.000908"`)

	d.answer("GET /api/v1/catalogue", raw(data[:100]))
	require.Equal(t, exitInvalid, command(t, export...).code, "what arrives damaged replaces nothing")
	again, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, data, again)
	export[3] = filepath.Join(t.TempDir(), "nosuch", "catalogue.zip")
	d.answer("GET /api/v1/catalogue", raw(data))
	require.Equal(t, exitUsage, command(t, export...).code)
}

func TestBundleImport(t *testing.T) {
	d, dir := office(t, map[string]any{"POST /api/v1/catalogue": map[string]any{"sha256": "ab", "procedures": []engine.ImportResult{
		{Code: "1.001193", Version: 1, SHA256: "ab12cd34ef56ab", Result: engine.ImportIdentical, State: engine.VersionPublished},
		{Code: "2.000908", Version: 2, SHA256: "cd12cd34ef56ab", Result: engine.ImportStored, State: engine.VersionChecked},
	}}})
	file := filepath.Join(t.TempDir(), "catalogue.zip")
	require.NoError(t, os.WriteFile(file, exampleBundle(t), 0o600))
	bring := []string{"procedure", "bundle", "import", file, "--dir", dir, "--as", "lan.nguyen"}
	r := command(t, bring...)
	require.Equal(t, exitOK, r.code, r.err)
	require.Equal(t, "PROCEDURE  VERSION  RESULT     STATE      SHA256\n"+
		"1.001193   1        identical  published  ab12cd34ef56\n"+
		"2.000908   2        stored     checked    cd12cd34ef56\n", r.out)
	_, body := d.asked()
	require.Equal(t, string(exampleBundle(t)), body)
	require.Equal(t, "application/zip", d.header("Content-Type"))

	d.answer("POST /api/v1/catalogue", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		problem.OfFindings(r.Context(), engine.Findings{{File: "procedures/2.000908@2.yaml", Line: 5, Column: 3, Code: "unknown-state", Message: "m", Severity: engine.SeverityError}}).Write(w)
	}))
	require.Equal(t, result{exitInvalid, "", "procedures/2.000908@2.yaml:5:3: unknown-state: m\n"}, command(t, bring...))
	d.answer("POST /api/v1/catalogue", engine.Errorf(engine.CodeNeedsUnmet, "1 of the versions stand here with another text: nothing was imported"))
	require.Equal(t, exitRefused, command(t, bring...).code)
	for _, file := range []string{"testdata/nosuch.zip", "testdata"} {
		bring[3] = file
		require.Equal(t, exitUsage, command(t, bring...).code)
	}
}
