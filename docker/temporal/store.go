package main

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/tools/common/schema"
	temporalsql "go.temporal.io/server/tools/sql"

	"github.com/iancoleman/strcase"
)

const (
	mainDatabase       = "temporal"
	visibilityDatabase = "temporal_visibility"

	// setupLock is the advisory lock under which databases are prepared, so that services started
	// apart at the same moment do not prepare them twice. The number has no meaning but must be one.
	setupLock = 7_233_1932

	// clusterLock is held by every process for as long as it serves: alone by one that is the whole
	// cluster, together by services run apart. Two whole clusters on one database would take the
	// history shards from each other without end.
	clusterLock = setupLock + 1

	idleTime = 30 * time.Second
)

// schemas names, for each database, its versioned schema inside the server's embedded files.
var schemas = []struct{ database, name string }{
	{mainDatabase, "postgresql/v12/temporal"},
	{visibilityDatabase, "postgresql/v12/visibility"},
}

// connector returns the function by which the server opens a database. The server would build a
// connection string itself, but it neither escapes user names nor speaks of unix sockets.
func connector(url, database string, maxConns int) func(*config.SQL) (*sqlx.DB, error) {
	return func(*config.SQL) (*sqlx.DB, error) {
		cfg, err := pgx.ParseConfig(url)
		if err != nil {
			return nil, fmt.Errorf("parse the database URL: %w", err)
		}
		cfg.Database = database
		pool := sql.OpenDB(stdlib.GetConnector(*cfg))
		pool.SetMaxOpenConns(maxConns)
		pool.SetMaxIdleConns(maxConns) // fewer would reconnect under load; idleTime shrinks the pool after it
		pool.SetConnMaxIdleTime(idleTime)
		if err := pool.Ping(); err != nil {
			_ = pool.Close()
			return nil, fmt.Errorf("connect to database %s: %w", database, err)
		}
		db := sqlx.NewDb(pool, "pgx")
		db.MapperFunc(strcase.ToSnake) // the server's rows carry no db tags
		return db, nil
	}
}

// prepareDatabases creates what is missing and updates what is old. Doing it again is harmless.
func prepareDatabases(ctx context.Context, o options, logger log.Logger) error {
	conn, err := pgx.Connect(ctx, o.databaseURL)
	if err != nil {
		return fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx)) // also releases the lock
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", setupLock); err != nil {
		return fmt.Errorf("lock the database setup: %w", err)
	}
	for _, s := range schemas {
		if err := createDatabase(ctx, conn, s.database); err != nil {
			return err
		}
		if err := updateSchema(sqlConfig(o, s.database, 1), s.name, logger); err != nil {
			return fmt.Errorf("set up the schema of %s: %w", s.database, err)
		}
	}
	return nil
}

// holdCluster takes the cluster lock on a connection of its own, which the caller keeps. A server
// that was just killed lets go of it within moments, hence the patience. A restart of PostgreSQL
// loses the lock and nothing takes it again: it guards against a mistake, not against malice.
func holdCluster(ctx context.Context, o options) (*pgx.Conn, error) {
	conn, err := pgx.Connect(ctx, o.databaseURL)
	if err != nil {
		return nil, fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	take := "SELECT pg_advisory_lock_shared($1)"
	if o.alone() {
		take = "SELECT pg_advisory_lock($1)"
	}
	if _, err = conn.Exec(ctx, "SET lock_timeout = '10s'"); err == nil {
		_, err = conn.Exec(ctx, take, clusterLock)
	}
	if err != nil {
		_ = conn.Close(context.WithoutCancel(ctx))
		return nil, fmt.Errorf("another Temporal server seems to run on this database: %w", err)
	}
	return conn, nil
}

// createDatabase creates an empty database unless it is there.
func createDatabase(ctx context.Context, conn *pgx.Conn, name string) error {
	var exists bool
	err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&exists)
	if err != nil {
		return fmt.Errorf("look for database %s: %w", name, err)
	}
	if exists {
		return nil
	}
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize()); err != nil {
		return fmt.Errorf("create database %s: %w", name, err)
	}
	return nil
}

// updateSchema brings a database to the version this server wants, from nothing or from an older one.
func updateSchema(cfg *config.SQL, name string, logger log.Logger) error {
	conn, err := temporalsql.NewConnection(cfg, logger)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ReadSchemaVersion(); err != nil {
		// No version yet: a new database, or one whose very first setup was cut short.
		first := &schema.SetupConfig{InitialVersion: "0.0"}
		if err := schema.NewSetupSchemaTask(conn, first, logger).Run(); err != nil {
			return err
		}
	}
	return schema.NewUpdateSchemaTask(conn, &schema.UpdateConfig{SchemaName: name}, logger).Run()
}
