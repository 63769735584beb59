package e2e_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// process is a motcua process of its own, so that it can be killed.
type process struct {
	cmd  *exec.Cmd
	log  *logbook
	base string // address, of an API
	done chan struct{}
}

// start starts a motcua process and returns when it has said it is ready.
func (w *world) start(ctx context.Context, verb string) (*process, error) {
	p := &process{cmd: exec.Command(w.binary, verb), log: &logbook{}, done: make(chan struct{})} //nolint:noctx // it outlives the call
	p.cmd.Env = append(os.Environ(),
		"DATABASE_URL="+w.database, "TEMPORAL_ADDRESS="+w.temporal.Address(), "TEMPORAL_NAMESPACE="+w.temporal.Namespace(),
		"MOTCUA_LISTEN=127.0.0.1:0", "MOTCUA_DEV_SIGN_IN=true", "MOTCUA_KEYS_FILE="+w.ring)
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	p.cmd.Stderr = p.log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	line := make(chan string, 1)
	go func() {
		s := bufio.NewScanner(out)
		s.Scan()
		line <- s.Text()
		_ = p.cmd.Wait()
		close(p.done)
	}()
	select {
	case ready := <-line:
		_, p.base, _ = strings.Cut(ready, "ready at ")
		if strings.Contains(ready, "is ready") {
			return p, nil
		}
	case <-time.After(time.Minute):
	case <-ctx.Done():
	}
	p.kill()
	return nil, fmt.Errorf("motcua %s did not get ready:\n%s", verb, p.log)
}

// kill ends the process as a crash does.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}

func (p *process) signal(s syscall.Signal) error { return p.cmd.Process.Signal(s) }

// logbook keeps what a process logs.
type logbook struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
