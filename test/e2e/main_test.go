package e2e_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.temporal.io/sdk/client"

	"motcua/definitions"
	"motcua/engine"
	"motcua/internal/devstack"
	"motcua/internal/postgres"
	"motcua/internal/postgres/pgtest"
	"motcua/internal/temporalclient"
)

// world is the stack that all tests share. Tests that break a part of it mend
// it before they end, so they run one after the other.
type world struct {
	dir       string
	binary    string
	database  string
	postgres  *devstack.Postgres
	temporal  *devstack.Temporal
	client    client.Client
	ledger    *postgres.Ledger
	api       *process
	worker    *process
	ran       []*process        // every process of motcua there was
	collector *collector        // of those that are traced
	ring      string            // the file of the key ring
	keys      map[string]string // "portal" or an officer's id, to an API key
}

var w *world

func TestMain(m *testing.M) {
	code, err := runIn(context.Background(), m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		code = 1
	}
	os.Exit(code)
}

func runIn(ctx context.Context, m *testing.M) (int, error) {
	dir, err := os.MkdirTemp("", "motcua-e2e-")
	if err != nil {
		return 1, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := os.Chmod(dir, 0o755); err != nil { // the database's own user must pass
		return 1, err
	}
	w = &world{dir: dir, keys: map[string]string{}, ring: filepath.Join(dir, "keys.json"), collector: &collector{}}
	if err := pgtest.KeyFile().Write(w.ring); err != nil {
		return 1, err
	}
	defer w.stop()
	for _, step := range []func(context.Context) error{w.build, w.startServers, w.fill, w.startProcesses} {
		if err := step(ctx); err != nil {
			return 1, err
		}
	}
	if code := m.Run(); code != 0 {
		return code, nil
	}
	return 0, w.searched(ctx)
}

// searched looks for what any test has left behind of the people in it.
func (w *world) searched(ctx context.Context) error {
	all, err := left(ctx)
	if err != nil {
		return err
	}
	if found := leaks(all, append(marked, usual...)...); len(found) > 0 {
		return fmt.Errorf("personal values were left behind:\n%s", strings.Join(found, "\n"))
	}
	return nil
}

func (w *world) build(ctx context.Context) error {
	w.binary = filepath.Join(w.dir, "motcua")
	out, err := exec.CommandContext(ctx, "go", "build", "-o", w.binary, "motcua/cmd/motcua").CombinedOutput()
	if err != nil {
		return fmt.Errorf("build motcua: %w\n%s", err, out)
	}
	return nil
}

func (w *world) startServers(ctx context.Context) error {
	var err error
	if w.postgres, err = devstack.StartPostgres(ctx, devstack.PostgresOptions{Dir: w.dir}); err != nil {
		return err
	}
	if err = w.startTemporal(ctx); err != nil {
		return err
	}
	w.client, err = client.Dial(temporalclient.Sealed(client.Options{HostPort: w.temporal.Address(), Namespace: w.temporal.Namespace(), Logger: silent{}}, pgtest.Keys()))
	return err
}

func (w *world) startTemporal(ctx context.Context) (err error) {
	w.temporal, err = devstack.StartTemporal(ctx, devstack.TemporalOptions{Dir: w.dir, DatabaseURL: w.postgres.URL("postgres"), LogLevel: "info", Log: os.Stderr})
	return err
}

// fill makes the ledger's database with the shipped procedures and example
// agencies, birth registration in seconds, and a key for everybody.
func (w *world) fill(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, w.postgres.URL("postgres"))
	if err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, `CREATE DATABASE motcua`); err != nil {
		return err
	}
	_ = conn.Close(ctx)
	w.database = w.postgres.URL("motcua")
	if err := postgres.Migrate(ctx, w.database); err != nil {
		return err
	}
	pool, err := postgres.Open(ctx, w.database)
	if err != nil {
		return err
	}
	w.ledger = postgres.New(pool, postgres.Options{Compile: definitions.Compile, Keys: pgtest.Keys()})
	return w.seed(ctx)
}

func (w *world) seed(ctx context.Context) error {
	calendars, err := definitions.Calendars()
	if err != nil {
		return err
	}
	for _, c := range calendars {
		if err := w.ledger.PutCalendar(ctx, c); err != nil {
			return err
		}
	}
	shipped, err := definitions.Shipped()
	if err != nil {
		return err
	}
	for _, s := range shipped {
		if err := w.ledger.PutVersion(ctx, s.Machine, s.Text); err != nil {
			return err
		}
		if s.Machine.Code == birth {
			if err := w.putFast(ctx, s.Text); err != nil {
				return err
			}
		}
	}
	organisations, err := definitions.ExampleOrganisations()
	if err != nil {
		return err
	}
	for _, o := range organisations {
		if err := w.ledger.PutOrganisation(ctx, o); err != nil {
			return err
		}
		if err := w.putKeys(ctx, o); err != nil {
			return err
		}
	}
	return nil
}

// putKeys makes a key for every officer, and one for the portal of the commune.
func (w *world) putKeys(ctx context.Context, o engine.Organisation) error {
	var keys []postgres.Key
	if o.Agency.Code == commune {
		keys = append(keys, postgres.Key{Kind: engine.ActorSystem, Agency: commune, Name: "portal"})
	}
	for _, officer := range o.Officers {
		keys = append(keys, postgres.Key{Kind: engine.ActorOfficer, Agency: o.Agency.Code, Officer: officer.ID, Name: officer.ID})
	}
	for _, k := range keys {
		k.ID, k.Secret = postgres.NewKey()
		if err := w.ledger.PutKey(ctx, k); err != nil {
			return err
		}
		w.keys[k.Name] = k.Text()
	}
	return nil
}

func (w *world) startProcesses(ctx context.Context) error {
	var err error
	if w.worker, err = w.start(ctx, "worker"); err != nil {
		return err
	}
	w.api, err = w.start(ctx, "api")
	return err
}

func (w *world) stop() {
	for _, p := range []*process{w.api, w.worker} {
		if p != nil {
			p.kill()
		}
	}
	if w.client != nil {
		w.client.Close()
	}
	if w.temporal != nil {
		_ = w.temporal.Stop()
	}
	if w.postgres != nil {
		_ = w.postgres.Stop()
	}
}

// silent drops the log of Temporal's client.
type silent struct{}

func (silent) Debug(string, ...any) {}
func (silent) Info(string, ...any)  {}
func (silent) Warn(string, ...any)  {}
func (silent) Error(string, ...any) {}
