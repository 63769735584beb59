package main

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"motcua/engine"
	"motcua/engine/calendar"
	"motcua/internal/config"
	"motcua/internal/postgres/pgtest"
)

// realServer is the program's own API on a ledger of its own, seeded as motcua
// dev does, and the directory of its credentials. Temporal is away.
func realServer(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	p, err := newParts(t.Context(), "api", pgtest.URL(t), client.Options{HostPort: "127.0.0.1:1"}, pgtest.Keys(), config.Config{}, slog.New(slog.NewTextHandler(io.Discard, nil)))
	require.NoError(t, err)
	t.Cleanup(p.close)
	organisations, err := seed(t.Context(), p.ledger)
	require.NoError(t, err)
	keys, err := provision(t.Context(), p.ledger, dir, organisations)
	require.NoError(t, err)
	api, err := p.newAPI(config.Config{})
	require.NoError(t, err)
	server := httptest.NewServer(api.Handler())
	t.Cleanup(server.Close)
	keys.Server = server.URL
	require.NoError(t, keys.write(dir))
	return dir
}

// successor writes the second version of a shipped procedure, in effect from
// tomorrow.
func successor(t *testing.T) (file string) {
	t.Helper()
	text, err := os.ReadFile(copyFile)
	require.NoError(t, err)
	tomorrow := calendar.DateOf(time.Now()).AddDays(1).String()
	edited := strings.NewReplacer("\nversion: 1\n", "\nversion: 2\n",
		"effective: {from: 2026-05-13}", "effective: {from: "+tomorrow+"}").Replace(string(text))
	file = filepath.Join(t.TempDir(), "2.000908.yaml")
	require.NoError(t, os.WriteFile(file, []byte(edited), 0o600))
	return file
}

func TestProceduresOnARealServer(t *testing.T) {
	here, there := realServer(t), realServer(t)
	as := func(dir, who string, args ...string) result {
		return command(t, append(append([]string{"procedure"}, args...), "--dir", dir, "--as", who)...)
	}
	works := func(dir, who string, args ...string) string {
		t.Helper()
		r := as(dir, who, args...)
		require.Equal(t, exitOK, r.code, "%v: %s", args, r.err)
		return r.out
	}
	file := successor(t)

	require.Contains(t, works(here, "tam.phan", "upload", file), "2.000908 version 2 is checked")
	require.Equal(t, exitRefused, as(here, "tam.phan", "approve", "2.000908", "2").code, "an author does not approve")
	require.Equal(t, exitRefused, as(here, "portal@H00.101", "upload", file).code, "a system writes nothing")
	require.Equal(t, exitRefused, as(here, "lan.nguyen", "upload", file).code)
	works(here, "yen.luu", "approve", "2.000908", "2", "--comment", "đã đối chiếu")
	require.Contains(t, works(here, "yen.luu", "publish", "2.000908", "2"), "is published")
	require.Equal(t, exitRefused, as(here, "tam.phan", "upload", file).code, "what is published stays")
	require.Regexp(t, `(?m)^1 +published +from 2026-05-13 to before .*\n2 +published `, works(here, "portal@H00.101", "versions", "2.000908"))
	require.Regexp(t, `(?s)tam\.phan +upload.*yen\.luu +approve.*yen\.luu +publish`, works(here, "portal@H00.101", "trail", "2.000908", "2"))

	archive := filepath.Join(t.TempDir(), "catalogue.zip")
	works(here, "tam.phan", "bundle", "export", archive)
	brought := works(there, "khanh.mac", "bundle", "import", archive)
	require.Regexp(t, `2\.000908 +2 +stored +checked`, brought)
	require.Regexp(t, `1\.001193 +1 +identical +published`, brought)
	works(there, "sau.tong", "approve", "2.000908", "2")
	works(there, "sau.tong", "publish", "2.000908", "2")
	works(there, "tam.phan", "bundle", "export", archive+".again")
	require.Equal(t, read(t, archive), read(t, archive+".again"), "the same catalogue makes the same bytes")

	change := []string{"law", "change", "23/2015/NĐ-CP", "--by", "309/2026/NĐ-CP", "--from", "2027-01-01", "-o", "json"}
	first, second := works(here, "tam.phan", change...), works(here, "tam.phan", change...)
	require.Equal(t, first, second, "a repetition opens nothing")
	var entered engine.LegalChange
	require.NoError(t, json.Unmarshal([]byte(first), &entered))
	require.NotEmpty(t, entered.Tasks)
	task := command(t, "dossier", "show", entered.Tasks[0].Dossier, "--dir", here, "--as", "tam.phan")
	require.Contains(t, task.out, "QT.CNQT")
	require.Regexp(t, `23/2015/NĐ-CP +.*2\.000908.* +1 +[1-9]`, works(here, "portal@H00.101", "law", "list"))
	require.Contains(t, works(here, "yen.luu", "retire", "2.000908", "2", "--to", calendar.DateOf(time.Now()).AddDays(9).String(), "--comment", "bãi bỏ"), "is retired")
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	return data
}
