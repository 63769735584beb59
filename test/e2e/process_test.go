package e2e_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
)

// process is a process of its own, so that it can be killed.
type process struct {
	name    string
	cmd     *exec.Cmd
	log     *logbook
	base    string // address, of an API
	metrics string // address of its metrics, of a process of motcua
	done    chan struct{}
}

// start starts a motcua process, with variables in place of the usual ones, and
// returns when it has said it is ready. It logs all it ever does: what must not
// be in a log must not be in that of whoever looks for a fault, either.
func (w *world) start(ctx context.Context, verb string, variables ...string) (*process, error) {
	cmd := exec.Command(w.binary, verb) //nolint:noctx // it outlives the call
	cmd.Env = append(append(os.Environ(),
		"DATABASE_URL="+w.database, "TEMPORAL_ADDRESS="+w.temporal.Address(), "TEMPORAL_NAMESPACE="+w.temporal.Namespace(),
		"MOTCUA_LISTEN=127.0.0.1:0", "MOTCUA_METRICS_LISTEN=127.0.0.1:0", "MOTCUA_LOG_LEVEL=debug", "MOTCUA_DEV_SIGN_IN=true", "MOTCUA_KEYS_FILE="+w.ring,
		"MOTCUA_WEBHOOK_ALLOW=127.0.0.0/8", "MOTCUA_WEBHOOK_PLAIN_LOOPBACK=true"), variables...)
	p, err := launch(ctx, cmd)
	if err != nil {
		return nil, err
	}
	p.name = verb
	if said := metricsAt.FindStringSubmatch(p.log.String()); said != nil {
		p.metrics = "http://" + said[1] + "/metrics"
	}
	w.ran = append(w.ran, p)
	return p, nil
}

// metricsAt is where a process says that it serves metrics, before it is ready.
var metricsAt = regexp.MustCompile(`msg="metrics are served" address=(\S+)`)

// launch starts a program that prints one line when it is ready.
func launch(ctx context.Context, cmd *exec.Cmd) (*process, error) {
	p := &process{cmd: cmd, log: &logbook{}, done: make(chan struct{})}
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
	return nil, fmt.Errorf("%s did not get ready:\n%s", cmd, p.log)
}

// kill ends the process as a crash does.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
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
