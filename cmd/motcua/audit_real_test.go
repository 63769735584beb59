package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"motcua/engine/audit"
	"motcua/internal/config"
	"motcua/internal/postgres/pgtest"
)

// auditedServer is the program's own API on a ledger whose clock can be moved,
// and the directory of its credentials.
func auditedServer(t *testing.T) (dir string, super func(sql string)) {
	t.Helper()
	url := pgtest.URL(t)
	super = func(sql string) {
		conn, err := pgx.Connect(t.Context(), url)
		require.NoError(t, err)
		_, err = conn.Exec(t.Context(), sql)
		require.NoError(t, err)
		require.NoError(t, conn.Close(t.Context()))
	}
	super(`CREATE SCHEMA travel;
		CREATE TABLE travel.shift AS SELECT interval '-3 days' AS by;
		CREATE FUNCTION travel.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT pg_catalog.clock_timestamp() + by FROM travel.shift';
		DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = travel, pg_catalog, public', current_database()); END $$`)
	t.Setenv("DATABASE_URL", url)
	dir = t.TempDir()
	p, err := newParts(t.Context(), "api", url, client.Options{HostPort: "127.0.0.1:1"}, pgtest.Keys(), config.Config{}, slog.New(slog.NewTextHandler(io.Discard, nil)))
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
	return dir, super
}

func TestAuditOnARealServer(t *testing.T) {
	dir, super := auditedServer(t)
	file := func(name string) string { return filepath.Join(dir, name) }
	works := func(args ...string) string {
		t.Helper()
		r := command(t, args...)
		require.Equal(t, exitOK, r.code, "%v: %s", args, r.err)
		return r.out
	}
	on := func(who string, args ...string) string { return works(append(args, "--dir", dir, "--as", who)...) }
	started := on("portal@H00.101", "dossier", "start", "--procedure", "2.000908", "--applicant", "Nguyễn Văn An", "--channel", "online",
		"--component", "request", "--field", "original.kind=Giấy khai sinh", "--field", "copies=2")
	code, _, _ := strings.Cut(started, "\n")
	on("lan.nguyen", "dossier", "fire", code, "accept")

	require.Equal(t, exitUsage, command(t, "audit", "seal").code, "there is no key")
	works("audit", "keygen", "--out", file("audit.key"))
	require.Equal(t, exitUsage, command(t, "audit", "keygen", "--out", file("audit.key")).code, "a key is never replaced")
	t.Setenv("MOTCUA_AUDIT_KEY_FILE", file("audit.key"))
	super(`UPDATE travel.shift SET by = interval '0'`)
	require.Contains(t, works("audit", "seal"), "book H00.101\n")
	require.Contains(t, works("audit", "seal"), "every day that is over is sealed")
	require.Regexp(t, `^intact: 1 dossiers, \d+ facts, .*sealed through`, works("audit", "verify"))
	require.Contains(t, works("audit", "verify", "--dossier", code), "intact: 1 dossiers")

	// What was exported is verified with no ledger near.
	exported := works("audit", "export", "-o", "json")
	require.NoError(t, os.WriteFile(file("digests.jsonl"), []byte(exported), 0o600))
	digests := strings.Count(exported, `"signature"`)
	require.GreaterOrEqual(t, digests, 4, "of two books, on two days at least: shortly after midnight the third is not over yet")
	require.Contains(t, works("audit", "export"), "motcua audit digest 1\nbook *")
	pack := on("hai.hoang", "audit", "evidence", code)
	require.NotContains(t, pack, "Nguyễn Văn An")
	require.NoError(t, os.WriteFile(file("evidence.json"), []byte(pack), 0o600))
	ledger := os.Getenv("DATABASE_URL")
	t.Setenv("DATABASE_URL", "")
	offline := []string{"audit", "verify", "--key", file("audit.key.pub")}
	require.Contains(t, works(append(offline, "--digests", file("digests.jsonl"))...), fmt.Sprintf("intact: 0 dossiers, 0 facts, 0 trails, %d digests", digests))
	require.Contains(t, works(append(offline, "--evidence", file("evidence.json"))...), "intact: 1 dossiers")

	t.Run("another key does not do", func(t *testing.T) {
		works("audit", "keygen", "--out", file("other.key"))
		for _, what := range []string{"digests.jsonl", "evidence.json"} {
			flag := "--" + strings.TrimSuffix(strings.TrimSuffix(what, ".jsonl"), ".json")
			r := command(t, "audit", "verify", flag, file(what), "--key", file("other.key.pub"))
			require.Equal(t, exitTampered, r.code, r.err)
			require.Contains(t, r.out, "is signed by a key that is not accepted")
		}
	})
	t.Run("a pack that was changed is found out", func(t *testing.T) {
		for name, c := range map[string]struct {
			change func(*audit.Evidence)
			says   string
		}{
			"a sealed fact": {func(e *audit.Evidence) {
				e.Facts[2].Sealed = strings.Replace(e.Facts[2].Sealed, "request", "another", 1)
			}, "fact 3 was altered"},
			"a fact as shown":    {func(e *audit.Evidence) { e.Facts[2].Actor = "somebody" }, "fact 3 is shown otherwise"},
			"a fact is left out": {func(e *audit.Evidence) { e.Facts = append(e.Facts[:1:1], e.Facts[2:]...) }, "fact 2 is missing"},
			"the last facts":     {func(e *audit.Evidence) { e.Facts = e.Facts[:5]; e.Dossier.Seq = 5 }, "is not what was sealed"},
			"the state":          {func(e *audit.Evidence) { e.Dossier.State = "signed" }, "shown otherwise than its sealed body says (dossier)"},
			"a due date":         {func(e *audit.Evidence) { e.Clocks[0].Due = e.Clocks[0].Due.AddDate(0, 0, 1) }, "(clock "},
			"the definition":     {func(e *audit.Evidence) { e.Definition[0].Text += " " }, "procedure 2.000908: its text does not have its recorded SHA-256"},
			"the digest":         {func(e *audit.Evidence) { e.Proof.Digest.Leaves++ }, "has a wrong signature"},
			"the path":           {func(e *audit.Evidence) { e.Proof.Leaf.Digest = e.Facts[0].Digest }, "its path does not lead to the signed root"},
		} {
			var e audit.Evidence
			require.NoError(t, json.Unmarshal([]byte(pack), &e))
			c.change(&e)
			changed, err := json.Marshal(e)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(file("changed.json"), changed, 0o600))
			r := command(t, append(offline, "--evidence", file("changed.json"))...)
			require.Equal(t, exitTampered, r.code, "%s: %s", name, r.out)
			require.Contains(t, r.out, c.says, name)
		}
	})

	t.Setenv("DATABASE_URL", ledger)
	t.Run("a new key takes over", func(t *testing.T) {
		t.Setenv("MOTCUA_AUDIT_KEY_FILE", file("other.key"))
		require.Equal(t, exitUsage, command(t, "audit", "rotate").code)
		require.Contains(t, works("audit", "rotate", "--previous", file("audit.key")), "signs from")
		require.Contains(t, works("audit", "verify"), "intact")
	})
	super(`SET session_replication_role = replica; UPDATE facts SET body = replace(body::text, 'receipt', 'refusal')::json WHERE kind = 'form-issued';
		DELETE FROM audit_digests WHERE day = (SELECT max(day) FROM audit_digests)`)
	r := command(t, "audit", "verify", "--lang", "vi")
	require.Equal(t, exitTampered, r.code)
	require.Regexp(t, `hồ sơ `+code+`: sự kiện \d+ đã bị sửa`, r.out)
	require.Contains(t, r.err, "the record is not intact")
	kept := command(t, "audit", "verify", "--digests", file("digests.jsonl"), "--key", file("audit.key.pub"), "--against-ledger")
	require.Equal(t, exitTampered, kept.code)
	require.Regexp(t, `digest \* of .*: was removed as a whole`, kept.out)
	asJSON := command(t, "audit", "verify", "-o", "json", "--dossier", code)
	require.Equal(t, exitTampered, asJSON.code)
	var report audit.Report
	require.NoError(t, json.Unmarshal([]byte(asJSON.out), &report))
	require.Equal(t, audit.Altered, report.Findings[0].What)
}
