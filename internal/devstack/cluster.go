package devstack

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// superuser is the cluster's one role.
const superuser = "postgres"

// evictTimeout bounds the wait for a server left over from a killed parent to end by itself.
const evictTimeout = 20 * time.Second

// cluster is PostgreSQL's files and the programs that work on them.
type cluster struct {
	home     string   // holds everything below
	bin      string   // PostgreSQL's programs
	account  *account // runs them
	password string
}

func (c *cluster) data() string         { return filepath.Join(c.home, "data") }
func (c *cluster) log() string          { return filepath.Join(c.home, "postgres.log") }
func (c *cluster) portFile() string     { return filepath.Join(c.home, "port") }
func (c *cluster) passwordFile() string { return filepath.Join(c.home, "password") }

// openCluster finds the cluster below dir, or makes one there.
func openCluster(ctx context.Context, dir string) (*cluster, error) {
	c := &cluster{}
	var err error
	if c.account, err = serverAccount(); err != nil {
		return nil, err
	}
	if c.home, err = c.makeHome(dir); err != nil {
		return nil, err
	}
	if c.bin, err = findBinaries(ctx, c.version()); err != nil {
		return nil, err
	}
	if c.password, err = c.loadPassword(); err != nil {
		return nil, err
	}
	if c.version() == "" {
		return c, c.initialise(ctx)
	}
	return c, nil
}

// makeHome makes the directory that is private to the account and says where it really is.
func (c *cluster) makeHome(dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // the account passes through it
		return "", fmt.Errorf("make the stack's directory: %w", err)
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("find the stack's directory: %w", err)
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return "", fmt.Errorf("find the stack's directory: %w", err)
	}
	if err := c.account.reach(dir); err != nil {
		return "", err
	}
	home := filepath.Join(dir, "postgres")
	if err := os.MkdirAll(home, 0o700); err != nil {
		return "", fmt.Errorf("make PostgreSQL's directory: %w", err)
	}
	return home, c.account.own(home)
}

// version is the major version that made the data, or empty when there is none.
func (c *cluster) version() string {
	text, err := os.ReadFile(filepath.Join(c.data(), "PG_VERSION"))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// loadPassword reads the superuser's password, or invents one. Only its owner can read the file.
func (c *cluster) loadPassword() (string, error) {
	text, err := os.ReadFile(c.passwordFile())
	if err == nil {
		return strings.TrimSpace(string(text)), nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("read the database password: %w", err)
	}
	password := rand.Text()
	if err := os.WriteFile(c.passwordFile(), []byte(password+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("write the database password: %w", err)
	}
	return password, c.account.own(c.passwordFile())
}

// initialise runs initdb aside and moves the result into place, so that an interrupted one leaves
// nothing that looks like a cluster.
func (c *cluster) initialise(ctx context.Context) error {
	aside := c.data() + ".new"
	if err := os.RemoveAll(aside); err != nil {
		return fmt.Errorf("clear an unfinished initdb: %w", err)
	}
	locale := "C"
	if runtime.GOOS == "linux" {
		locale = "C.UTF-8"
	}
	cmd := c.command("initdb", "--pgdata="+aside, "--username="+superuser, "--pwfile="+c.passwordFile(),
		"--auth=scram-sha-256", "--encoding=UTF8", "--locale="+locale)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	p, err := startProcess(cmd)
	if err != nil {
		return err
	}
	select {
	case <-p.done:
	case <-ctx.Done():
		return errors.Join(ctx.Err(), p.kill())
	}
	if p.err != nil {
		return fmt.Errorf("initdb: %w\n%s", p.err, output.String())
	}
	if err := os.Rename(aside, c.data()); err != nil {
		return fmt.Errorf("move the new cluster into place: %w", err)
	}
	return nil
}

// command prepares one of PostgreSQL's programs with an environment that nothing of the caller's,
// such as PGOPTIONS or LC_ALL, leaks into.
func (c *cluster) command(program string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, program), args...) //nolint:gosec // a program we found
	cmd.Dir = c.home
	cmd.Env = []string{"PATH=" + c.bin + ":/usr/bin:/bin", "LC_ALL=C", "TZ=UTC"}
	cmd.SysProcAttr = childAttr(c.account, syscall.SIGINT) // SIGINT is PostgreSQL's fast shutdown
	return cmd
}

// evict ends a server that a killed parent left running on this data, and the lock file of one that
// is gone. The caller holds the lock, so no living stack of ours can own it.
func (c *cluster) evict(ctx context.Context) error {
	pidFile := filepath.Join(c.data(), "postmaster.pid")
	if _, err := os.Stat(pidFile); errors.Is(err, os.ErrNotExist) || runtime.GOOS != "linux" {
		return nil // elsewhere than on Linux PostgreSQL itself judges the file
	}
	ctx, cancel := context.WithTimeout(ctx, evictTimeout)
	defer cancel()
	asked := map[int]bool{}
	for pids := processesIn(c.data()); len(pids) > 0; pids = processesIn(c.data()) {
		for _, pid := range pids {
			if !asked[pid] {
				asked[pid] = true
				if p, err := os.FindProcess(pid); err == nil {
					_ = p.Signal(syscall.SIGINT)
				}
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("PostgreSQL still runs on %s (pids %v) and does not stop: %w", c.data(), pids, ctx.Err())
		case <-time.After(pollEvery):
		}
	}
	// With no process left the file is stale. PostgreSQL would mistake it for a living server's if
	// its pid had been given to another of the user's programs since.
	if err := os.Remove(pidFile); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove the stale lock file: %w", err)
	}
	return nil
}
