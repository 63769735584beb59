package postgres

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migration is one step of the schema and whether the database has taken it.
type Migration struct {
	Version   int64     `json:"version"`
	File      string    `json:"file"`
	Applied   bool      `json:"applied"`
	AppliedAt time.Time `json:"applied_at,omitzero"`
}

// Migrate brings the schema up to date, and the privileges of [AppRole] with
// it. Processes that start together take turns: one migrates, the others find
// nothing left to do.
func Migrate(ctx context.Context, url string) error {
	err := withMigrations(ctx, url, func(p *goose.Provider) error {
		_, err := p.Up(ctx)
		return err
	})
	if err != nil {
		return err
	}
	return coded(grant(ctx, url), "grant role %s its privileges", AppRole)
}

// MigrateDown takes the schema back to a version; 0 removes everything, data included.
func MigrateDown(ctx context.Context, url string, version int64) error {
	return withMigrations(ctx, url, func(p *goose.Provider) error {
		_, err := p.DownTo(ctx, version)
		return err
	})
}

// MigrationStatus lists all migrations in order.
func MigrationStatus(ctx context.Context, url string) ([]Migration, error) {
	var list []Migration
	err := withMigrations(ctx, url, func(p *goose.Provider) error {
		states, err := p.Status(ctx)
		for _, s := range states {
			list = append(list, Migration{
				Version: s.Source.Version, File: s.Source.Path,
				Applied: s.State == goose.StateApplied, AppliedAt: s.AppliedAt,
			})
		}
		return err
	})
	return list, err
}

// schemaVersion is the version this program was built with.
func schemaVersion() (int64, error) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil || len(files) == 0 {
		return 0, errors.Join(errors.New("no migrations built in"), err)
	}
	return goose.NumericComponent(files[len(files)-1])
}

// SchemaDigest tells one set of migrations from another, for whoever keeps
// databases that were migrated before.
func SchemaDigest() string {
	files, _ := fs.Glob(migrations, "migrations/*.sql") // sorted; the pattern is well formed
	var all []byte
	for _, file := range files {
		text, _ := migrations.ReadFile(file) // built in
		all = append(all, text...)
	}
	return sum(all)
}

func withMigrations(ctx context.Context, url string, use func(*goose.Provider) error) (err error) {
	db, err := openSQL(url)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := db.PingContext(ctx); err != nil {
		return coded(err, "migrate")
	}
	// Looked for every second, for five minutes: longer than any migration of ours.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	sub, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, sub, goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if err := use(p); err != nil {
		return coded(err, "migrate")
	}
	return nil
}

// openSQL connects without the ledger's statement timeout: a migration takes
// as long as it takes. It still does not queue long for a lock, because behind
// it everybody else would.
func openSQL(url string) (*sql.DB, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["application_name"] = "motcua-migrate"
	config.RuntimeParams["lock_timeout"] = "10s"
	return stdlib.OpenDB(*config), nil
}
