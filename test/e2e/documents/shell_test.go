package documents_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// shell is a bash that keeps its variables from command to command, as the
// reader's does.
type shell struct {
	cmd      *exec.Cmd
	in       io.WriteCloser
	out      *bufio.Reader
	statuses string // file with the HTTP statuses curl has seen since the last command
}

// ended is the line by which a command is known to be over.
const ended = "\x01ended "

// curlTells lets curl note every status beside what it prints.
const curlTells = `curl() { command curl -w '%{stderr}%{http_code}\n' "$@" 2>>"$STATUSES"; }
`

func newShell(ctx context.Context, dir string) (*shell, error) {
	s := &shell{cmd: exec.CommandContext(ctx, "bash", "--norc", "--noprofile"), statuses: filepath.Join(dir, ".statuses")}
	s.cmd.Dir = dir
	s.cmd.Env = []string{
		"PATH=" + filepath.Join(dir, "bin") + ":" + os.Getenv("PATH"), "HOME=" + dir, "LANG=C.UTF-8", "TZ=Asia/Ho_Chi_Minh", "STATUSES=" + s.statuses,
	}
	var err error
	if s.in, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s.out = bufio.NewReader(out)
	s.cmd.Stderr = s.cmd.Stdout
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("the documents are run by bash: %w", err)
	}
	_, err = io.WriteString(s.in, curlTells)
	return s, err
}

// run runs a command and says what it printed, how it ended, and which HTTP
// statuses it saw.
func (s *shell) run(command string) (printed string, exit int, statuses []string, err error) {
	if err := os.WriteFile(s.statuses, nil, 0o600); err != nil {
		return "", 0, nil, err
	}
	if _, err := fmt.Fprintf(s.in, "{ %s\n} </dev/null 2>&1; printf '\\n\\001ended %%d\\n' $?\n", command); err != nil {
		return "", 0, nil, err
	}
	var b strings.Builder
	for {
		line, err := s.out.ReadString('\n')
		if code, over := strings.CutPrefix(line, ended); over {
			exit, err = strconv.Atoi(strings.TrimSpace(code))
			if err != nil {
				return "", 0, nil, err
			}
			break
		}
		b.WriteString(line)
		if err != nil {
			return b.String(), 0, nil, fmt.Errorf("the shell ended: %w", err)
		}
	}
	seen, err := os.ReadFile(s.statuses)
	return b.String(), exit, strings.Fields(string(seen)), err
}

func (s *shell) end() error {
	return errors.Join(s.in.Close(), s.cmd.Wait())
}

// TestTry holds a block to account for each thing that can differ.
func TestTry(t *testing.T) {
	t.Parallel()
	missing := httptest.NewServer(http.NotFoundHandler())
	defer missing.Close()
	sh, err := newShell(t.Context(), t.TempDir())
	require.NoError(t, err)
	for text, holds := range map[string]bool{
		"$ true":                               true,
		"$ false":                              false,
		"$ false # exit 1":                     true,
		"$ echo a\na":                          true,
		"$ echo a\nb":                          false,
		"$ echo a >&2\na":                      true,
		"$ A=1\n$ echo $A\n1":                  true,
		"$ curl -s " + missing.URL:             false,
		"$ curl -s " + missing.URL + " | cat":  false,
		"$ curl -s " + usual + " | grep found": false,
	} {
		b := block{text: strings.Split(text, "\n")}
		commands, err := b.commands()
		require.NoError(t, err)
		for _, c := range commands {
			err = errors.Join(err, b.try(sh, c, missing.URL, known{}))
		}
		require.Equal(t, holds, err == nil, "%s: %v", text, err)
	}
	require.NoError(t, sh.end())
}
