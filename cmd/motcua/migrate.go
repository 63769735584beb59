package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/spf13/cobra"

	"motcua/engine/calendar"
	"motcua/internal/config"
	"motcua/internal/postgres"
)

func (a *app) migrate() *cobra.Command {
	return &cobra.Command{
		Use:       "migrate [up|status]",
		Short:     "bring the database's schema up to this program",
		Long:      "Applies the migrations that are missing (up, the default) and lists all, or only lists them (status).\nRun it as the owner of the schema; api and worker log in as members of motcua_app, which owns nothing.\nSafe to run from several processes at once." + databaseHelp,
		ValidArgs: []string{"up", "status"},
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 || len(args) == 1 && args[0] != "up" && args[0] != "status" {
				return usagef("%s takes up or status", spoken(c))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			cfg, err := config.Load()
			if err != nil {
				return usageError{err}
			}
			url, err := database(cfg)
			if err != nil {
				return err
			}
			if len(args) == 0 || args[0] == "up" {
				if err := a.migrateUp(c.Context(), url); err != nil {
					return err
				}
			}
			list, err := postgres.MigrationStatus(c.Context(), url)
			if err != nil {
				return err
			}
			return a.printMigrations(list)
		},
	}
}

// migrateUp brings the schema up to date and says where the role of the
// serving processes is missing, which only somebody else can make.
func (a *app) migrateUp(ctx context.Context, url string) error {
	if err := postgres.Migrate(ctx, url); err != nil {
		return err
	}
	granted, err := postgres.Granted(ctx, url)
	if err == nil && !granted {
		a.note("this role may not create roles, so there is no role %[1]s: have a superuser CREATE ROLE %[1]s NOLOGIN, and migrate again", postgres.AppRole)
	}
	return err
}

// database is the ledger's address; one that cannot be meant is a usage error.
func database(cfg config.Config) (string, error) {
	url, err := cfg.NeedDatabase()
	if err != nil {
		return "", usageError{err}
	}
	if _, err := pgconn.ParseConfig(url); err != nil {
		return "", usagef("DATABASE_URL: %w", err) // the password is not in it
	}
	return url, nil
}

func (a *app) printMigrations(list []postgres.Migration) error {
	result := struct {
		Migrations []postgres.Migration `json:"migrations"`
	}{append([]postgres.Migration{}, list...)}
	for i, m := range result.Migrations {
		if !m.AppliedAt.IsZero() {
			result.Migrations[i].AppliedAt = m.AppliedAt.In(calendar.Zone()).Truncate(time.Millisecond)
		}
	}
	return a.print(result, func(w io.Writer) {
		columns(w, func(t io.Writer) {
			row(t, "VERSION", "FILE", "APPLIED")
			for _, m := range list {
				applied := "pending"
				if m.Applied {
					applied = rfc3339(m.AppliedAt)
				}
				row(t, fmt.Sprint(m.Version), m.File, applied)
			}
		})
	})
}
