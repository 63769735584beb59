package e2e_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// portal is the example program examples/backend with an outbox of its own.
type portal struct {
	t      *testing.T
	binary string
	dir    string
}

func newPortal(t *testing.T) *portal {
	t.Helper()
	p := &portal{t: t, binary: filepath.Join(t.TempDir(), "backend"), dir: t.TempDir()}
	out, err := exec.Command("go", "build", "-o", p.binary, "motcua/examples/backend").CombinedOutput()
	require.NoError(t, err, "%s", out)
	return p
}

// application puts one into the outbox.
func (p *portal) application(name string, request any) {
	p.t.Helper()
	text, err := json.Marshal(map[string]any{"request": request})
	require.NoError(p.t, err)
	require.NoError(p.t, os.WriteFile(filepath.Join(p.dir, name+".json"), text, 0o600))
}

type onFile struct {
	Key, Dossier, Refused, State, Outcome string
	Closed                                bool
}

func (p *portal) read(name string) (out onFile) {
	p.t.Helper()
	text, err := os.ReadFile(filepath.Join(p.dir, name+".json"))
	require.NoError(p.t, err)
	require.NoError(p.t, json.Unmarshal(text, &out))
	return out
}

func (p *portal) command(server string, args ...string) (*exec.Cmd, *bytes.Buffer) {
	said := &bytes.Buffer{}
	c := exec.Command(p.binary, append([]string{"-outbox", p.dir, "-poll", "50ms"}, args...)...) //nolint:noctx // every test waits for it or kills it
	c.Env = append(os.Environ(), "MOTCUA_SERVER="+server, "MOTCUA_API_KEY="+w.keys["portal"])
	c.Stdout, c.Stderr = said, said
	return c, said
}

func (p *portal) run(server string, args ...string) string {
	p.t.Helper()
	c, said := p.command(server, args...)
	require.NoError(p.t, c.Run(), "%s", said)
	return said.String()
}

// between stands in front of the API and does to the answers of starts what
// networks do; starts counts how many it let through.
func between(t *testing.T, answer func(n int64, w http.ResponseWriter, r *http.Request, forward http.Handler)) (address string, starts *atomic.Int64) {
	t.Helper()
	target, err := url.Parse(w.api.base)
	require.NoError(t, err)
	forward, starts := httputil.NewSingleHostReverseProxy(target), &atomic.Int64{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			forward.ServeHTTP(w, r)
			return
		}
		answer(starts.Add(1), w, r, forward)
	}))
	t.Cleanup(s.Close)
	return s.URL, starts
}

// lost lets the server do it, and the answer get lost.
func lost(_ http.ResponseWriter, r *http.Request, forward http.Handler) {
	forward.ServeHTTP(httptest.NewRecorder(), r)
	panic(http.ErrAbortHandler)
}

// TestBackendExample runs the worked example of a backend against the real
// servers: answers get lost, the server is away for a moment, the program is
// killed between asking and being answered; every application has exactly one
// dossier, and the program learns of its end.
func TestBackendExample(t *testing.T) {
	p, before := newPortal(t), count(t)
	p.application("1-birth", births())
	unknown := births()
	unknown["procedure"] = "9.999999"
	p.application("2-unknown", unknown)

	lossy, starts := between(t, func(n int64, w http.ResponseWriter, r *http.Request, forward http.Handler) {
		switch n {
		case 1:
			lost(w, r, forward)
		case 2:
			w.Header().Set("Content-Type", "application/problem+json")
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, `{"code":"unavailable","status":503,"title":"away"}`)
		default:
			forward.ServeHTTP(w, r)
		}
	})
	said := p.run(lossy)
	require.Contains(t, said, `"replayed":true`, "the first attempt had got through")
	require.Equal(t, before+1, count(t))
	require.Equal(t, "procedure-unknown", p.read("2-unknown").Refused)
	dossier := p.read("1-birth").Dossier
	require.NotEmpty(t, dossier)
	sent := starts.Load()
	p.run(lossy)
	require.Equal(t, sent, starts.Load(), "what is filed, or refused for good, is not sent again")

	p.application("3-killed", births())
	asked, never := make(chan struct{}), make(chan struct{})
	silent, _ := between(t, func(_ int64, _ http.ResponseWriter, r *http.Request, forward http.Handler) {
		forward.ServeHTTP(httptest.NewRecorder(), r)
		close(asked)
		<-never
	})
	killed, _ := p.command(silent)
	require.NoError(t, killed.Start())
	<-asked
	require.NoError(t, killed.Process.Kill())
	_ = killed.Wait()
	close(never)
	key := p.read("3-killed").Key
	require.NotEmpty(t, key, "the key was stored before it was used")
	require.Empty(t, p.read("3-killed").Dossier)
	p.run(w.api.base)
	require.Equal(t, key, p.read("3-killed").Key)
	require.Equal(t, before+2, count(t), "one dossier, although the program died")

	following, heard := p.command(w.api.base, "-until", "closed")
	require.NoError(t, following.Start())
	for _, code := range []string{dossier, p.read("3-killed").Dossier} {
		fire(t, reception, code, "accept")
		for _, step := range theRest {
			fire(t, step[0], code, step[1])
		}
	}
	require.NoError(t, following.Wait(), "%s", heard)
	for _, name := range []string{"1-birth", "3-killed"} {
		require.True(t, p.read(name).Closed)
		require.Equal(t, "resolved", p.read(name).Outcome)
	}
	require.NotContains(t, heard.String(), applicant, "names stay in the outbox")
}
