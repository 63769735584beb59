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

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"motcua/engine"
	"motcua/internal/config"
	"motcua/internal/postgres/pgtest"
)

const wardFile = "../../definitions/organisations/h00.101.yaml"

// TestAProductionLedgerIsFilledFromTheCommandLine: an empty database, the
// program's verbs and nothing else, until an administrator's key does the rest.
func TestAProductionLedgerIsFilledFromTheCommandLine(t *testing.T) {
	url := pgtest.Empty(t)
	t.Setenv("DATABASE_URL", url)
	works := func(args ...string) string {
		t.Helper()
		r := command(t, args...)
		require.Equal(t, exitOK, r.code, "%v: %s", args, r.err)
		return r.out
	}
	works("migrate")
	require.Contains(t, works("seed"), "procedures of this program")
	require.Contains(t, works("organisation", "import", "--database", wardFile, "--preview"), "it would change:")
	require.Contains(t, works("organisation", "import", "--database", wardFile), "it has changed:")
	require.Contains(t, works("organisation", "import", "--database", wardFile), "nothing changes")
	administrator := officerWith(t, works("organisation", "show", "--database", "--agency", "H00.101", "-o", "json"), engine.RoleAdministrator)
	admin := strings.TrimSpace(works("key", "issue", "--database", "--agency", "H00.101", "--officer", administrator, administrator))
	require.True(t, strings.HasPrefix(admin, "mc_"), "the secret alone is on standard output")

	p, err := newParts(t.Context(), "api", url, client.Options{HostPort: "127.0.0.1:1"}, pgtest.Keys(), config.Config{}, slog.New(slog.NewTextHandler(io.Discard, nil)))
	require.NoError(t, err)
	t.Cleanup(p.close)
	api, err := p.newAPI(config.Config{})
	require.NoError(t, err)
	server := httptest.NewServer(api.Handler())
	t.Cleanup(server.Close)

	t.Setenv("DATABASE_URL", "")
	t.Setenv("MOTCUA_SERVER", server.URL)
	by := func(key string, args ...string) result {
		t.Helper()
		t.Setenv("MOTCUA_API_KEY", key)
		return command(t, args...)
	}
	issued := by(admin, "key", "issue", "portal", "--verb", "dossier.start", "--verb", "dossier.read", "--days", "90")
	require.Equal(t, exitOK, issued.code, issued.err)
	portal := strings.TrimSpace(issued.out)
	start := []string{"dossier", "start", "--procedure", "2.000908", "--applicant", "Nguyễn Văn An", "--channel", "online", "--component", "request", "--field", "original.kind=Giấy khai sinh", "--field", "copies=2"}
	started := by(portal, start...)
	require.Equal(t, exitOK, started.code, started.err)
	require.Contains(t, started.out, "H00.101-")
	require.Equal(t, exitRefused, by(portal, "dossier", "list").code, "the key is not for lists")
	require.Equal(t, exitRefused, by(portal, "key", "list").code)
	require.Equal(t, exitRefused, by(admin, "key", "issue", "greedy", "--verb", "key.manage").code, "no system manages keys")

	var list keyList
	require.NoError(t, json.Unmarshal([]byte(by(admin, "key", "list", "-o", "json").out), &list))
	require.Len(t, list.Keys, 2)
	require.Equal(t, "portal", list.Keys[0].Name)
	require.False(t, list.Keys[0].LastUsedAt.IsZero())
	rotated := by(admin, "key", "rotate", list.Keys[0].ID, "--overlap-hours", "1")
	require.Equal(t, exitOK, rotated.code, rotated.err)
	next := strings.TrimSpace(rotated.out)
	for _, key := range []string{portal, next} {
		require.Equal(t, exitOK, by(key, start...).code, "both work for an hour")
	}
	require.Equal(t, exitOK, by(admin, "key", "revoke", list.Keys[0].ID).code)
	require.Equal(t, exitRefused, by(portal, start...).code, "what was revoked opens nothing")
	require.Equal(t, exitOK, by(next, start...).code)

	file := filepath.Join(t.TempDir(), "ward.yaml")
	require.Equal(t, exitOK, by(admin, "organisation", "export", file).code)
	require.Contains(t, by(admin, "organisation", "import", file).out, "nothing changes")
	reorganised(t, by, admin, next, start)
}

// reorganised merges two departments of the ward from the command line.
func reorganised(t *testing.T, by func(string, ...string) result, admin, portal string, start []string) {
	t.Helper()
	merge := filepath.Join(t.TempDir(), "merge.yaml")
	require.NoError(t, os.WriteFile(merge, []byte(`
reason: Nghị quyết 12/NQ-HĐND
changes:
  - merge: [one-stop, civil-status]
    into: {code: public-service, name: {vi: Trung tâm Phục vụ, en: Public service centre}}
`), 0o600))
	seen := by(admin, "organisation", "reorganise", merge)
	require.Equal(t, exitOK, seen.code, seen.err)
	require.Contains(t, seen.out, "would move, 0 would stay")
	done := by(admin, "organisation", "reorganise", merge, "--apply")
	require.Equal(t, exitOK, done.code, done.err)
	require.Regexp(t, `changed [1-9]\d* dossiers?, kept 0`, done.out)
	require.Equal(t, exitOK, by(portal, start...).code, "the published definitions go on meaning something")
	broken := filepath.Join(t.TempDir(), "broken.yaml")
	require.NoError(t, os.WriteFile(broken, []byte("reason: vì\nchanges:\n  - merg: [a]\n"), 0o600))
	r := by(admin, "organisation", "reorganise", broken)
	require.Equal(t, exitInvalid, r.code)
	require.Contains(t, r.err, "broken.yaml:3:5")
}

// officerWith finds an officer with a role in the JSON of an organisation.
func officerWith(t *testing.T, text, role string) string {
	t.Helper()
	var o engine.Organisation
	require.NoError(t, json.Unmarshal([]byte(text), &o))
	for _, x := range o.Officers {
		for _, r := range x.Roles {
			if r.Role == role {
				return x.ID
			}
		}
	}
	require.Fail(t, "nobody has the role", role)
	return ""
}
