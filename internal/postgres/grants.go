package postgres

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/jackc/pgx/v5"
)

// AppRole is the group role of the processes that serve: the login roles of
// api and worker are members of it. It owns nothing, so it can neither change
// the schema nor disable a trigger, and of each table it may do what [Grants]
// says. Migrations run as the owner of the schema.
const AppRole = "motcua_app"

// Privileges on a table, from the least.
const (
	reads    = "SELECT"
	appends  = reads + ", INSERT"
	enters   = appends + ", UPDATE"
	moves    = reads + ", UPDATE"
	replaces = appends + ", DELETE"
	works    = enters + ", DELETE"
)

// grants says of every table what [AppRole] may do with it: what the ledger's
// statements need, and no more. What is a record is appended to. A table that
// is not named here is out of reach; a test holds the two together.
var grants = map[string]string{
	"goose_db_version": reads,

	"facts": appends, "procedure_events": appends, "calendar_events": appends, "legal_changes": appends,

	"dossiers": enters, "clocks": enters, "handoffs": enters, "commands": enters, "start_keys": enters, "code_sequences": enters,
	"procedure_versions": enters, "calendars": enters, "legal_documents": enters, "legal_bases": appends, "update_tasks": appends,
	"agencies": enters, "departments": enters, "officers": enters, "officer_roles": replaces, "agency_partners": replaces,
	"absences": enters, "api_keys": enters,
	"department_successions": appends, "acts": enters, "act_results": enters, "outages": enters,
	"sessions": works, "officer_identities": replaces,
	"notifications": appends, "notification_deliveries": enters, "outbox": works, "saved_views": works, "changes": appends, "answers": works,

	"audit_keys": appends, "audit_digests": appends, "audit_leaves": appends, "audit_reads": appends, "watches": replaces,
	"dossier_keys": enters, "dossier_terms": replaces, "readings": appends,

	"webhooks": works, "webhook_secrets": works, "webhook_position": moves, "deliveries": works, "delivery_attempts": appends,
}

// Grants says of every table what [AppRole] may do with it, as PostgreSQL
// names privileges.
func Grants() map[string]string { return maps.Clone(grants) }

// grant makes the privileges of [AppRole] what the table of this program says,
// after every migration: a migration cannot forget them. Where the migrating
// role may not create roles and there is none yet, nothing is granted.
func grant(ctx context.Context, url string) error {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return err
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	exists, err := createRole(ctx, conn)
	if err != nil || !exists {
		return err
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { return grantAll(ctx, tx) })
}

// createRole makes the role unless it is there, and says whether it is now.
func createRole(ctx context.Context, conn *pgx.Conn) (exists bool, err error) {
	const look = `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)`
	if err = conn.QueryRow(ctx, look, AppRole).Scan(&exists); err != nil || exists {
		return exists, err
	}
	_, err = conn.Exec(ctx, `CREATE ROLE `+AppRole+` NOLOGIN`)
	switch {
	case isState(err, "42501"): // may not; who may has to do it
		return false, nil
	case isState(err, "42710"), isState(err, "23505"): // another database of the cluster was quicker
		return true, nil
	}
	return err == nil, err
}

func grantAll(ctx context.Context, tx pgx.Tx) error {
	// One at a time: two that grant on one table at once trip over each other.
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('motcua grants', 0))`); err != nil {
		return err
	}
	rows, err := tx.Query(ctx, `SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()`)
	if err != nil {
		return err
	}
	there, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	b := &pgx.Batch{}
	b.Queue(`DO $$ BEGIN
		EXECUTE format('GRANT USAGE ON SCHEMA %I TO ` + AppRole + `', current_schema());
		EXECUTE format('GRANT USAGE ON ALL SEQUENCES IN SCHEMA %I TO ` + AppRole + `', current_schema());
	END $$`)
	slices.Sort(there)
	for _, table := range there {
		name := pgx.Identifier{table}.Sanitize()
		b.Queue(`REVOKE ALL ON ` + name + ` FROM ` + AppRole)
		if may, ok := grants[table]; ok {
			b.Queue(`GRANT ` + may + ` ON ` + name + ` TO ` + AppRole)
		}
	}
	return tx.SendBatch(ctx, b).Close()
}

// Granted says whether [AppRole] exists on the server and may use the ledger:
// where it does not, somebody who may create roles has to, and migrate again.
func Granted(ctx context.Context, url string) (granted bool, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return false, coded(err, "look for role %s", AppRole)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	err = conn.QueryRow(ctx, `
		SELECT coalesce((SELECT has_table_privilege(oid, to_regclass('facts'), 'INSERT') FROM pg_roles WHERE rolname = $1), false)`, AppRole).Scan(&granted)
	if err != nil {
		return false, coded(fmt.Errorf("look for role %s: %w", AppRole, err), "look for role %s", AppRole)
	}
	return granted, nil
}
