package documents_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/internal/devstack"
)

const (
	root = "../../.."
	// usual is where the documents say the server is.
	usual = "http://127.0.0.1:8080"
	// startTime is how long a stack may take to start; waitTime is how long what is
	// said to need a moment may take.
	startTime, waitTime = 2 * time.Minute, 30 * time.Second
)

// inOrder are the documents in the order of a reader; all others come after.
var inOrder = []string{"README.md", "README.vi.md", "docs/api.md"}

// TestDocuments runs every console block of every document as a reader would
// who follows them one after the other: on one installation, in one directory.
func TestDocuments(t *testing.T) {
	documents := documentsIn(t)
	dir, server := start(t)
	for _, name := range documents {
		if !slices.ContainsFunc(blocks(t, name), func(b block) bool { return b.language == "console" }) {
			continue
		}
		t.Run(name, func(t *testing.T) { follow(t, name, dir, server) })
	}
}

// TestEveryCommandIsMarked: a block that shows commands says whether they are
// run (console) or not (sh), and nothing else passes as either.
func TestEveryCommandIsMarked(t *testing.T) {
	t.Parallel()
	ran := map[string]int{}
	for _, name := range documentsIn(t) {
		for _, b := range blocks(t, name) {
			switch b.language {
			case "console":
				all, err := b.commands()
				require.NoError(t, err, name)
				ran[name] += len(all)
				require.True(t, b.note == "" || slices.Contains(remarks, b.note), "%s:%d: unknown note %q", name, b.line, b.note)
			case "":
				require.False(t, slices.ContainsFunc(b.text, typed.MatchString), "%s:%d: commands in a block that is neither console nor sh", name, b.line)
			}
		}
	}
	for _, name := range inOrder {
		require.Positive(t, ran[name], "%s: none of its commands is run", name)
	}
}

// documentsIn lists the documents that show commands.
func documentsIn(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	require.NoError(t, err)
	require.NotEmpty(t, found)
	all := slices.Clone(inOrder)
	for _, path := range append(found, filepath.Join(root, "CONTRIBUTING.md")) {
		name, err := filepath.Rel(root, path)
		require.NoError(t, err)
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

func blocks(t *testing.T, name string) []block {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	require.NoError(t, err)
	all, err := blocksOf(string(text))
	require.NoError(t, err, name)
	return all
}

// follow runs one document, once the files are there that it says to make.
func follow(t *testing.T, name, dir, server string) {
	all, codes := blocks(t, name), known{}
	for _, b := range all {
		if file, named := strings.CutPrefix(b.note, "file "); named {
			require.NoError(t, os.WriteFile(filepath.Join(dir, file), []byte(strings.Join(b.text, "\n")+"\n"), 0o600))
		}
	}
	sh, err := newShell(t.Context(), dir)
	require.NoError(t, err)
	defer func() { require.NoError(t, sh.end()) }()
	for _, b := range all {
		if b.language != "console" {
			continue
		}
		commands, err := b.commands()
		require.NoError(t, err)
		for _, c := range commands {
			require.NoError(t, b.obey(sh, c, server, codes), "%s:%d: %s", name, c.line, c.text)
		}
	}
}

// obey runs a command and holds what it did to what the document shows: its
// exit status, the statuses its requests were answered with, its output. In a
// block that is to wait it asks again for a while.
func (b block) obey(sh *shell, c command, server string, codes known) error {
	err := b.try(sh, c, server, codes)
	if err == nil || b.note != "wait" {
		return err
	}
	tick, patience := time.NewTicker(100*time.Millisecond), time.After(waitTime)
	defer tick.Stop()
	for {
		select {
		case <-patience:
			return err
		case <-tick.C:
			if err = b.try(sh, c, server, codes); err == nil {
				return nil
			}
		}
	}
}

func (b block) try(sh *shell, c command, server string, codes known) error {
	text := strings.ReplaceAll(codes.real(c.text), usual, server)
	printed, exit, statuses, err := sh.run(text)
	if err != nil {
		return err
	}
	if exit != c.exit {
		return fmt.Errorf("exit %d, not %d:\n%s", exit, c.exit, printed)
	}
	for _, status := range statuses {
		if status[0] != '2' && !strings.Contains(c.output, `"status":`+status) {
			return fmt.Errorf("status %s, which the document does not show:\n%s", status, printed)
		}
	}
	if c.output == "" || strings.TrimSpace(c.output) == "" || b.note == "any output" {
		return nil
	}
	return codes.compare(strings.ReplaceAll(c.output, usual, server), printed, b.note == "exact")
}

// start builds motcua, starts `motcua dev` in a new directory that looks like
// the repository to who works in it, and stops it when the test ends.
func start(t *testing.T) (dir, server string) {
	t.Helper()
	for _, program := range []string{"bash", "curl", "jq"} {
		_, err := exec.LookPath(program)
		require.NoError(t, err, "the documents use it")
	}
	dir = t.TempDir()
	for at := dir; at != os.TempDir() && at != "/"; at = filepath.Dir(at) { // the database's own user must pass
		require.NoError(t, os.Chmod(at, 0o755))
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, "bin"), 0o755))
	binary := filepath.Join(dir, "bin", "motcua")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "motcua/cmd/motcua").CombinedOutput()
	require.NoError(t, err, "%s", out)
	for _, shared := range []string{"definitions", "test"} {
		whole, err := filepath.Abs(filepath.Join(root, shared))
		require.NoError(t, err)
		require.NoError(t, os.Symlink(whole, filepath.Join(dir, shared)))
	}
	return dir, serve(t, binary, dir)
}

// serve starts the stack and returns its address once it says that it is ready.
func serve(t *testing.T, binary, dir string) string {
	t.Helper()
	cmd := exec.Command(binary, "dev", "--listen", "127.0.0.1:0", "--no-temporal-ui", "-o", "json") //nolint:noctx // ended below, by a signal
	cmd.Dir = dir
	temporal, err := devstack.FindTemporal(t.Context(), "", os.Stderr) // from here: the stack runs outside the repository
	require.NoError(t, err)
	cmd.Env = append(os.Environ(), "MOTCUA_TEMPORAL_BIN="+temporal)
	log := &strings.Builder{}
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	require.NoError(t, cmd.Start())
	lines := make(chan string, 1)
	over := make(chan error, 1)
	go func() {
		s := bufio.NewReader(out)
		line, _ := s.ReadString('\n')
		lines <- line
		_, _ = io.Copy(io.Discard, s)
		over <- cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		if err := <-over; err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("dev: %v\n%s", err, log)
		}
	})
	var ready struct{ Server string }
	select {
	case line := <-lines:
		require.NoError(t, json.Unmarshal([]byte(line), &ready), line)
	case <-time.After(startTime):
		t.Fatal("dev did not get ready")
	}
	return ready.Server
}
