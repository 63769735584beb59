package devstack

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
	"syscall"
	"time"
)

const (
	temporalStartTimeout = 2 * time.Minute
	temporalStopTimeout  = 20 * time.Second

	// databaseURLEnv is where the child looks for its database URL when no flag gives it.
	databaseURLEnv = "MOTCUA_TEMPORAL_DATABASE_URL"
)

// TemporalOptions say where Temporal keeps its log and ports, and on what it runs.
type TemporalOptions struct {
	// Dir holds the log and the remembered ports, in a subdirectory temporal. It is made when missing.
	Dir string
	// DatabaseURL is a database of the PostgreSQL cluster in which Temporal makes its own two.
	DatabaseURL string
	// Address of the frontend; empty or port 0 takes the remembered port or a free one.
	Address string
	// UIAddress of the web UI; empty runs none, port 0 takes the remembered port or a free one.
	UIAddress string
	// Namespace registered when missing; empty means motcua.
	Namespace string
	// Binary is the program to run; empty lets FindTemporal find or build it.
	Binary string
	// LogLevel of the server: debug, info, warn or error; empty means warn.
	LogLevel string
	// Log is told when the program has to be built first; nil means nobody is.
	Log io.Writer
}

// Temporal is a running private Temporal server with one namespace. It ends when this process ends.
type Temporal struct {
	process *process
	stdin   io.Closer // its end tells the child that we are gone
	ready   readyLine
	log     string
}

// readyLine is what the child prints once workflows can be started.
type readyLine struct {
	Ready     bool   `json:"ready"`
	Address   string `json:"address"`
	UIAddress string `json:"ui_address"`
	Namespace string `json:"namespace"`
}

// StartTemporal starts Temporal on a PostgreSQL cluster and returns once workflows can be started
// in its namespace. Started again on the same cluster it carries on with the workflows that are
// there, whether it was stopped or killed. It returns an error wrapping ErrNoTemporal when there is
// no program to run, and otherwise one that ends with the child's last log lines.
func StartTemporal(ctx context.Context, opts TemporalOptions) (*Temporal, error) {
	if opts.Dir == "" || opts.DatabaseURL == "" {
		return nil, errors.New("start temporal: a directory and a database URL are needed")
	}
	binary, err := FindTemporal(ctx, opts.Binary, opts.Log)
	if err != nil {
		return nil, fmt.Errorf("start temporal: %w", err)
	}
	home := filepath.Join(opts.Dir, "temporal")
	if err := os.MkdirAll(home, 0o700); err != nil {
		return nil, fmt.Errorf("start temporal: make its directory: %w", err)
	}
	for range startAttempts {
		var t *Temporal
		var again bool
		if t, again, err = startTemporalOnce(ctx, opts, binary, home); err == nil {
			return t, nil
		}
		if !again {
			break
		}
	}
	return nil, fmt.Errorf("start temporal: %w", err)
}

// startTemporalOnce chooses the addresses and runs the child; again says that it failed because
// another program took a port that we chose.
func startTemporalOnce(ctx context.Context, opts TemporalOptions, binary, home string) (_ *Temporal, again bool, err error) {
	chosen, chosenUI := false, false
	if opts.Address, chosen, err = rememberedAddress(opts.Address, filepath.Join(home, "port")); err != nil {
		return nil, false, err
	}
	if opts.UIAddress != "" {
		if opts.UIAddress, chosenUI, err = rememberedAddress(opts.UIAddress, filepath.Join(home, "ui-port")); err != nil {
			return nil, false, err
		}
	}
	t := &Temporal{log: filepath.Join(home, "temporal.log")}
	if err = t.start(ctx, binary, opts); err == nil {
		return t, false, nil
	}
	again = ctx.Err() == nil && (chosen && addressTaken(opts.Address) || chosenUI && addressTaken(opts.UIAddress))
	return nil, again, err
}

// start runs the child and waits for its ready line.
func (t *Temporal) start(ctx context.Context, binary string, opts TemporalOptions) error {
	log, err := openLog(t.log)
	if err != nil {
		return err
	}
	defer log.Close()                                  // the child has its own
	cmd := exec.Command(binary, temporalArgs(opts)...) //nolint:gosec // a program we found
	cmd.Env = append(os.Environ(), databaseURLEnv+"="+opts.DatabaseURL)
	cmd.Stderr = log
	cmd.SysProcAttr = childAttr(nil, syscall.SIGTERM)
	if t.stdin, err = cmd.StdinPipe(); err != nil {
		return fmt.Errorf("make a pipe: %w", err)
	}
	lines, output := io.Pipe()
	cmd.Stdout = output
	if t.process, err = startProcess(cmd); err != nil {
		return err
	}
	go func() {
		<-t.process.done
		_ = output.Close() // ends the reader
	}()
	if err := t.waitReady(ctx, lines); err != nil {
		return errors.Join(err, t.Kill())
	}
	return nil
}

// waitReady reads the child's one line, and drains whatever a later version might add.
func (t *Temporal) waitReady(ctx context.Context, output io.Reader) error {
	ctx, cancel := context.WithTimeout(ctx, temporalStartTimeout)
	defer cancel()
	ready := make(chan error, 1)
	go func() {
		reader := bufio.NewReader(output)
		line, err := reader.ReadBytes('\n')
		if err == nil {
			err = json.Unmarshal(line, &t.ready)
		}
		ready <- err
		_, _ = io.Copy(io.Discard, reader)
	}()
	select {
	case err := <-ready:
		if err != nil {
			return fmt.Errorf("read temporal's ready line: %w\n%s", err, logTail(t.log))
		}
		return nil
	case <-t.process.done:
		return fmt.Errorf("temporal ended while starting: %w\n%s", t.process.ending(), logTail(t.log))
	case <-ctx.Done():
		return fmt.Errorf("wait for temporal to serve: %w\n%s", ctx.Err(), logTail(t.log))
	}
}

// temporalArgs is the child's command line. The database URL is not on it: everybody on the machine
// can read command lines, and it holds a password.
func temporalArgs(opts TemporalOptions) []string {
	args := []string{"--exit-with-stdin", "--address", opts.Address}
	if opts.UIAddress != "" {
		args = append(args, "--ui-address", opts.UIAddress)
	}
	if opts.Namespace != "" {
		args = append(args, "--namespace", opts.Namespace)
	}
	if opts.LogLevel != "" {
		args = append(args, "--log-level", opts.LogLevel)
	}
	return args
}

// LogFile is where the server writes its log.
func (t *Temporal) LogFile() string { return t.log }

// Address is the frontend's gRPC address.
func (t *Temporal) Address() string { return t.ready.Address }

// UIAddress is the web UI's address, or empty when it does not run.
func (t *Temporal) UIAddress() string { return t.ready.UIAddress }

// Namespace is the namespace in which workflows can be started.
func (t *Temporal) Namespace() string { return t.ready.Namespace }

// Done is closed when the server has ended, asked or not.
func (t *Temporal) Done() <-chan struct{} { return t.process.done }

// Stop shuts the server down cleanly. A second call does nothing.
// It returns an error when the server had to be killed because it did not end in time.
func (t *Temporal) Stop() error {
	defer t.stdin.Close()
	return t.process.stop(syscall.SIGTERM, temporalStopTimeout)
}

// Kill ends the server as a crash would. It returns an error when the signal cannot be sent.
func (t *Temporal) Kill() error {
	defer t.stdin.Close()
	return t.process.kill()
}
