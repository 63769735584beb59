package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/api"
)

// firstLine is an output and the first line written to it; the rest is read
// and forgotten.
func firstLine() (io.Writer, <-chan string) {
	r, w := io.Pipe()
	line := make(chan string, 1)
	go func() {
		lines := bufio.NewReader(r)
		text, _ := lines.ReadString('\n')
		line <- text
		_, _ = io.Copy(io.Discard, lines)
	}()
	return w, line
}

// running is a dev stack started by a test.
type running struct {
	t      *testing.T
	dir    string
	server string
	log    *buffer
	stop   context.CancelFunc
	ended  chan int
}

// startDev starts a stack in dir and returns when it says that it is ready.
func startDev(t *testing.T, dir string) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	s := &running{t: t, dir: dir, log: &buffer{}, stop: cancel, ended: make(chan int, 1)}
	out, line := firstLine()
	go func() {
		s.ended <- run(ctx, []string{"dev", "--dir", dir, "--listen", "127.0.0.1:0", "--no-temporal-ui", "-o", "json"}, out, s.log)
	}()
	var ready struct {
		Ready       bool
		Server      string
		Credentials string
	}
	select {
	case text := <-line:
		require.NoError(t, json.Unmarshal([]byte(text), &ready), s.log)
	case code := <-s.ended:
		t.Fatalf("dev ended with %d:\n%s", code, s.log)
	case <-time.After(5 * time.Minute): // Temporal may have to be built
		t.Fatalf("dev did not get ready:\n%s", s.log)
	}
	require.True(t, ready.Ready)
	c, err := readCredentials(dir)
	require.NoError(t, err)
	require.Equal(t, ready.Server, c.Server)
	s.server = ready.Server
	return s
}

// end stops the stack and checks that it did so cleanly.
func (s *running) end() {
	s.t.Helper()
	s.stop()
	require.Equal(s.t, exitOK, <-s.ended, s.log)
	require.NotContains(s.t, s.log.String(), "panic")
	_, err := (&net.Dialer{Timeout: time.Second}).DialContext(s.t.Context(), "tcp", strings.TrimPrefix(s.server, "http://"))
	require.Error(s.t, err)
}

func (s *running) as(name string, args ...string) result {
	s.t.Helper()
	return command(s.t, append(args, "--dir", s.dir, "--as", name)...)
}

// TestDev runs the whole once: real PostgreSQL, real Temporal, real worker.
func TestDev(t *testing.T) {
	dir := t.TempDir()
	s := startDev(t, dir)
	started := s.as("portal@H00.101", "dossier", "start", "--procedure", "2.000908", "--applicant", "Nguyễn Văn An",
		"--component", "request", "--field", "original.kind=Giấy khai sinh", "--field", "copies=2", "-o", "json")
	require.Equal(t, exitOK, started.code, started.err)
	var dossier api.Answer
	require.NoError(t, json.Unmarshal([]byte(started.out), &dossier))
	fired := s.as("lan.nguyen", "dossier", "fire", dossier.Code, "accept")
	require.Equal(t, exitOK, fired.code, fired.err)
	require.Contains(t, fired.out, "accepted (Đã tiếp nhận)")
	refused := s.as("lan.nguyen", "dossier", "fire", dossier.Code, "accept")
	require.Equal(t, exitRefused, refused.code)
	shown := s.as("lan.nguyen", "dossier", "show", dossier.Code)
	require.Contains(t, shown.out, "Nguyễn Văn An")
	require.Regexp(t, `statutory +accepted +1wd`, shown.out)
	require.Contains(t, s.as("lan.nguyen", "dossier", "list").out, dossier.Code)

	t.Run("a second one in the same directory is told so", func(t *testing.T) {
		r := command(t, "dev", "--dir", dir, "--listen", "127.0.0.1:0")
		require.Equal(t, exitFailed, r.code)
		require.Contains(t, r.err, "another motcua dev (process")
	})
	t.Run("a taken port is told before anything starts", func(t *testing.T) {
		r := command(t, "dev", "--dir", t.TempDir(), "--listen", strings.TrimPrefix(s.server, "http://"))
		require.Equal(t, exitFailed, r.code)
		require.Contains(t, r.err, "--listen 127.0.0.1:")
		require.NotContains(t, r.err, "starting")
	})

	s.end()
	away := s.as("lan.nguyen", "dossier", "list")
	require.Equal(t, exitUnreachable, away.code)

	s = startDev(t, dir)
	require.Contains(t, s.as("lan.nguyen", "dossier", "show", dossier.Code).out, "accepted (Đã tiếp nhận)")
	forwarded := s.as("lan.nguyen", "dossier", "fire", dossier.Code, "forward")
	require.Equal(t, exitOK, forwarded.code, forwarded.err)
	s.end()
}

// TestDevInterrupted stops a stack at each thing it says it does: nothing may
// be left behind, and the next start must find its way.
func TestDevInterrupted(t *testing.T) {
	dir := t.TempDir()
	for _, phase := range []string{"starting PostgreSQL", "starting Temporal", "bringing the ledger"} {
		ctx, cancel := context.WithCancel(t.Context())
		log := &trigger{on: phase, do: cancel}
		var out buffer
		require.Equal(t, exitOK, run(ctx, []string{"dev", "--dir", dir, "--listen", "127.0.0.1:0", "--no-temporal-ui"}, &out, log), log)
		require.Empty(t, out.String(), phase)
		require.Contains(t, log.String(), "motcua: stopping before it was ready")
		require.Empty(t, childrenIn(t, dir), phase)
	}
}

// trigger does something when a text is written to it.
type trigger struct {
	buffer
	on string
	do func()
}

func (w *trigger) Write(p []byte) (int, error) {
	if strings.Contains(string(p), w.on) {
		w.do()
	}
	return w.buffer.Write(p)
}

// childrenIn lists the command lines of processes that name dir.
func childrenIn(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	require.NoError(t, err, "these tests look for left-over processes in /proc")
	var found []string
	for _, e := range entries {
		line, err := os.ReadFile("/proc/" + e.Name() + "/cmdline")
		if err == nil && strings.Contains(string(line), dir) {
			found = append(found, string(line))
		}
	}
	return found
}
