package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestMain takes away what would make commands on this machine differ from
// those on another.
func TestMain(m *testing.M) {
	flag.Parse()
	for _, name := range []string{"DATABASE_URL", "MOTCUA_SERVER", "MOTCUA_API_KEY", "MOTCUA_LISTEN", "MOTCUA_DEV_SIGN_IN", "MOTCUA_PUBLIC_URL", "MOTCUA_OIDC_ISSUER", "MOTCUA_SESSION_IDLE", "MOTCUA_LANG"} {
		if err := os.Unsetenv(name); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

// result is what a command line came to.
type result struct {
	code     int
	out, err string
}

func command(t *testing.T, args ...string) result {
	t.Helper()
	var out, errOut bytes.Buffer
	code := run(t.Context(), args, &out, &errOut)
	return result{code, out.String(), errOut.String()}
}

// complained reads the JSON error a command must have printed, and nothing else.
func (r result) complained(t *testing.T) complaint {
	t.Helper()
	require.Empty(t, r.out)
	var c struct {
		Error complaint `json:"error"`
	}
	decoder := json.NewDecoder(strings.NewReader(r.err))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&c), r.err)
	require.False(t, decoder.More(), r.err)
	return c.Error
}

// requireGolden compares a whole session with testdata/name.golden.
func requireGolden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".golden")
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "go test ./cmd/motcua -update, then look at the difference")
}

// session runs command lines one after the other and tells what each came to.
func session(t *testing.T, lines ...[]string) string {
	t.Helper()
	var b strings.Builder
	for _, args := range lines {
		r := command(t, args...)
		fmt.Fprintf(&b, "$ motcua %s\n%s", strings.Join(args, " "), r.out)
		for line := range strings.Lines(r.err) {
			b.WriteString("! " + line)
		}
		fmt.Fprintf(&b, "= %d\n\n", r.code)
	}
	return b.String()
}

// buffer may be written by several goroutines, as standard error is.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func TestUsage(t *testing.T) {
	requireGolden(t, "usage", session(t,
		[]string{"dosier"},
		[]string{"xyzzy"},
		[]string{"--bogus"},
		[]string{"procedure"},
		[]string{"procedure", "lnt"},
		[]string{"dossier", "shwo", "H00.101-261123-0001"},
		[]string{"help", "dosier"},
		[]string{"help", "procedure", "lnt"},
		[]string{"completion", "fsh"},
		[]string{"completion"},
		[]string{"-o", "yaml", "version"},
		[]string{"version", "extra"},
		[]string{"procedure", "lint"},
		[]string{"procedure", "lint", "testdata/nosuch.yaml"},
		[]string{"procedure", "lint", "testdata"},
		[]string{"procedure", "show", "a", "b"},
		[]string{"procedure", "export", "testdata/nosuch.yaml", "--format", "png"},
		[]string{"calendar", "add"},
		[]string{"calendar", "add", "--from", "2026-08-27T14:30:00+07:00"},
		[]string{"calendar", "add", "--from", "27/8/2026", "--duration", "3wd"},
		[]string{"calendar", "add", "--from", "2026-08-27T14:30:00+07:00", "--duration", "3 days"},
		[]string{"calendar", "add", "--from", "2026-08-27T14:30:00+07:00", "--duration", "1000000mo"},
		[]string{"calendar", "add", "--from", "2026-08-27T14:30:00+07:00", "--duration", "1wd", "--calendar", "mars"},
		[]string{"migrate"},
		[]string{"migrate", "down"},
		[]string{"api"},
		[]string{"worker"},
		[]string{"dossier", "start", "--procedure", "2.000908"},
		[]string{"dossier", "start", "--procedure", "2.000908", "--applicant", "A", "--field", "copies"},
		[]string{"dossier", "show", ""},
		[]string{"dossier", "show", ".."},
		[]string{"dossier", "fire", "H00.101-261123-0001"},
		[]string{"dossier", "list", "--dir", "testdata/nosuch"},
		[]string{"dossier", "list", "--dir", "testdata/nosuch", "--as", "lan.nguyen"},
		[]string{"dossier", "list", "--dir", "testdata/nosuch", "--due-before", "tomorrow"},
		[]string{"dev", "extra"},
		[]string{"dev", "--listen", "0.0.0.0:8080"},
		[]string{"dev", "--listen", ":8080"},
		[]string{"dev", "--listen", "example.org:8080"},
		[]string{"dev", "--listen", "8080"},
		[]string{"dev", "--dir", ""},
		[]string{"dev", "--temporal-binary", "testdata/nosuch"},
	))
}

func TestUsageIsJSONWhereverTheFlagStands(t *testing.T) {
	for _, args := range [][]string{
		{"-o", "json", "dossier", "list", "--bogus"},
		{"dossier", "list", "--bogus", "--output", "json"},
		{"dossier", "list", "--bogus", "--output=json"},
		{"dossier", "list", "--bogus", "-ojson"},
		{"dosier", "-o", "json"},
		{"calendar", "add", "-o", "json"},
	} {
		r := command(t, args...)
		require.Equal(t, exitUsage, r.code, args)
		require.Equal(t, codeUsage, r.complained(t).Code, args)
	}
	require.True(t, strings.HasPrefix(command(t, "dosier", "--", "--output=json").err, "motcua: "))
}

func TestEnvironment(t *testing.T) {
	t.Setenv("DATABASE_URL", "postgres://motcua:hunter2@127.0.0.1:1/motcua?connect_timeout=5")
	t.Run("a database that is away", func(t *testing.T) {
		r := command(t, "migrate", "-o", "json")
		require.Equal(t, exitUnreachable, r.code)
		require.Equal(t, "unavailable", string(r.complained(t).Code))
		require.NotContains(t, r.err, "hunter2")
	})
	t.Run("a database that cannot be meant", func(t *testing.T) {
		t.Setenv("DATABASE_URL", "postgres://motcua:hunter2@:x:1/motcua")
		for _, verb := range []string{"migrate", "api", "worker"} {
			r := command(t, verb)
			require.Equal(t, exitUsage, r.code)
			require.Contains(t, r.err, "DATABASE_URL")
			require.NotContains(t, r.err, "hunter2")
		}
	})
	t.Run("a sign-in for everybody on an open address", func(t *testing.T) {
		t.Setenv("MOTCUA_DEV_SIGN_IN", "true")
		t.Setenv("MOTCUA_LISTEN", "0.0.0.0:0")
		r := command(t, "api")
		require.Equal(t, exitUsage, r.code)
		require.Contains(t, r.err, "MOTCUA_LISTEN must be a loopback address")
	})
	t.Run("a port that is taken", func(t *testing.T) {
		ringed(t)
		t.Setenv("MOTCUA_LISTEN", listen(t))
		r := command(t, "api")
		require.Equal(t, exitFailed, r.code)
		require.Contains(t, r.err, "motcua: MOTCUA_LISTEN 127.0.0.1:")
		require.Contains(t, r.err, "another program listens there")
	})
}

// TestAPISaysWhereItListens runs a real API whose database is away: that is a
// reason not to be ready for work, not one not to start.
func TestAPISaysWhereItListens(t *testing.T) {
	t.Setenv("DATABASE_URL", "postgres://motcua@127.0.0.1:1/motcua")
	t.Setenv("MOTCUA_LISTEN", "127.0.0.1:0")
	ringed(t)
	ctx, cancel := context.WithCancel(t.Context())
	out, line := firstLine()
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, []string{"api", "--output", "json"}, out, &buffer{}) }()
	var ready struct {
		Ready  bool   `json:"ready"`
		Server string `json:"server"`
	}
	require.NoError(t, json.Unmarshal([]byte(<-line), &ready))
	require.True(t, ready.Ready)
	require.Regexp(t, `^http://127\.0\.0\.1:[1-9]\d*$`, ready.Server)
	cancel()
	require.Equal(t, exitOK, <-ended)
}

func TestHelp(t *testing.T) {
	t.Run("every command has one, on standard output", func(t *testing.T) {
		for _, c := range (&app{}).root().Commands() {
			for _, args := range [][]string{{c.Name(), "--help"}, {"help", c.Name()}} {
				r := command(t, args...)
				require.Equal(t, exitOK, r.code, args)
				require.Contains(t, r.out, "Usage:", args)
				require.Empty(t, r.err, args)
			}
			for _, verb := range c.Commands() {
				r := command(t, c.Name(), verb.Name(), "--help")
				require.Equal(t, exitOK, r.code)
				require.Contains(t, r.out, "motcua "+c.Name()+" "+verb.Name())
			}
		}
	})
	t.Run("the program alone shows its own", func(t *testing.T) {
		r := command(t)
		require.Equal(t, exitOK, r.code)
		require.Contains(t, r.out, "thủ tục hành chính")
	})
}

func TestVersion(t *testing.T) {
	require.Equal(t, command(t, "--version").out, command(t, "version").out)
	require.Contains(t, command(t, "version").out, "motcua dev (go")
	var v map[string]string
	require.NoError(t, json.Unmarshal([]byte(command(t, "version", "-o", "json").out), &v))
	require.Equal(t, "dev", v["version"])
}

func TestCompletion(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		r := command(t, "completion", shell)
		require.Equal(t, exitOK, r.code)
		require.Contains(t, r.out, "motcua")
	}
	require.Contains(t, command(t, "__complete", "procedure", "export", "--format", "").out, "mermaid\ndot\nsvg\nscxml\njson\n")
	require.Contains(t, command(t, "__complete", "-o", "").out, "text\njson\n")
}
