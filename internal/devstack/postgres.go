package devstack

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	postgresStartTimeout = time.Minute // crash recovery of a busy cluster may take its time
	postgresStopTimeout  = 30 * time.Second
	lockTimeout          = 2 * time.Second
)

// PostgresOptions say where a cluster lives and how it listens.
type PostgresOptions struct {
	// Dir holds the cluster, in a subdirectory postgres of its own. It is made when missing.
	Dir string
	// Port to listen on; 0 takes the one remembered in Dir while it is free, or else a free one.
	Port int
	// Settings are added to the server's, by name, for tests: {"synchronous_commit": "off"}.
	Settings map[string]string
}

// Postgres is a running private PostgreSQL server. It listens on loopback, asks for a password, and
// shuts down when this process ends, however it ends.
type Postgres struct {
	cluster *cluster
	process *process
	port    int
	unlock  func()
	release sync.Once
}

// StartPostgres starts the cluster in opts.Dir, making it first if need be, and returns once it
// accepts connections. A server that a killed parent left behind is stopped first. It returns an
// error wrapping ErrNoPostgres when the programs are not installed, and one that names the
// directory when another living process runs a stack there or the server's user cannot reach it.
func StartPostgres(ctx context.Context, opts PostgresOptions) (_ *Postgres, err error) {
	if opts.Dir == "" {
		return nil, errors.New("start postgres: no directory given")
	}
	if err := os.MkdirAll(opts.Dir, 0o755); err != nil { //nolint:gosec // the server's user passes through it
		return nil, fmt.Errorf("start postgres: make the stack's directory: %w", err)
	}
	unlock, err := lockDir(ctx, opts.Dir)
	if err != nil {
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	defer func() {
		if err != nil {
			unlock()
		}
	}()
	c, err := openCluster(ctx, opts.Dir)
	if err != nil {
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	if err := c.evict(ctx); err != nil {
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	p := &Postgres{cluster: c, unlock: unlock}
	if err := p.startSomewhere(ctx, opts); err != nil {
		return nil, fmt.Errorf("start postgres: %w", err)
	}
	return p, nil
}

// lockDir keeps two processes from running a cluster in one directory.
func lockDir(ctx context.Context, dir string) (func(), error) {
	ctx, cancel := context.WithTimeout(ctx, lockTimeout)
	defer cancel()
	return lockFile(ctx, filepath.Join(dir, "postgres.lock"))
}

// startSomewhere starts on the asked port, or on one that is free; if another program takes that
// one in the meantime, on the next.
func (p *Postgres) startSomewhere(ctx context.Context, opts PostgresOptions) error {
	var err error
	for range startAttempts {
		if p.port = opts.Port; p.port == 0 {
			if p.port, err = rememberedPort(p.cluster.portFile()); err != nil {
				return err
			}
		}
		if err = p.start(ctx, opts.Settings); err == nil || opts.Port != 0 || portFree(p.port) {
			return err
		}
	}
	return err
}

// start runs the server and waits until it accepts connections.
func (p *Postgres) start(ctx context.Context, settings map[string]string) error {
	log, err := openLog(p.cluster.log())
	if err != nil {
		return err
	}
	defer log.Close() // the child has its own
	cmd := p.cluster.command("postgres", serverArgs(p.cluster.data(), p.port, settings)...)
	cmd.Stdout, cmd.Stderr = log, log
	if p.process, err = startProcess(cmd); err != nil {
		return err
	}
	if err := p.waitReady(ctx); err != nil {
		return errors.Join(err, p.process.stop(syscall.SIGQUIT, postgresStopTimeout))
	}
	return nil
}

// serverArgs is the server's command line, the same for the same settings.
func serverArgs(data string, port int, settings map[string]string) []string {
	all := map[string]string{
		"listen_addresses":        loopback,
		"port":                    strconv.Itoa(port),
		"unix_socket_directories": "", // loopback with a password is the only way in
		"max_connections":         "200",
		"timezone":                "UTC",
		"log_timezone":            "UTC",
	}
	maps.Copy(all, settings)
	args := []string{"-D", data}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		args = append(args, "-c", name+"="+all[name])
	}
	return args
}

// waitReady returns once the server lets somebody in.
func (p *Postgres) waitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, postgresStartTimeout)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, p.URL("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-p.process.done:
			return fmt.Errorf("postgres ended while starting: %w\n%s", p.process.ending(), logTail(p.cluster.log()))
		case <-ctx.Done():
			return fmt.Errorf("wait for postgres to accept connections: %w", errors.Join(ctx.Err(), err))
		case <-time.After(pollEvery):
		}
	}
}

// URL returns the address of a database, password included; it does not create the database.
func (p *Postgres) URL(database string) string {
	u := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(superuser, p.cluster.password),
		Host:     net.JoinHostPort(loopback, strconv.Itoa(p.port)),
		Path:     "/" + database,
		RawQuery: "sslmode=disable",
	}
	return u.String()
}

// LogFile is where the server writes its log.
func (p *Postgres) LogFile() string { return p.cluster.log() }

// Done is closed when the server has ended, asked or not.
func (p *Postgres) Done() <-chan struct{} { return p.process.done }

// Stop disconnects everybody and shuts the server down cleanly. A second call does nothing.
// It returns an error when the server had to be killed because it did not end in time.
func (p *Postgres) Stop() error {
	defer p.release.Do(p.unlock)
	return p.process.stop(syscall.SIGINT, postgresStopTimeout)
}

// Kill ends the server as a crash would, without a checkpoint. The next start recovers.
// It returns an error when the signal cannot be sent.
func (p *Postgres) Kill() error {
	defer p.release.Do(p.unlock)
	return p.process.kill()
}
