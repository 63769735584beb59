package api

import (
	"context"
	"log/slog"
	"sync"

	"motcua/engine"
)

// migrationRunner carries migrations out behind the requests that asked for
// them. What it has not done when the process ends stays pending in the
// ledger, for whoever resumes it.
type migrationRunner struct {
	Migrator
	log     *slog.Logger
	running sync.Map // ids of the migrations this process works on
}

// run goes on with a migration, unless this process does already.
func (r *migrationRunner) run(ctx context.Context, record engine.MigrationRecord) {
	if record.State == engine.MigrationDone {
		return
	}
	if _, busy := r.running.LoadOrStore(record.ID, true); busy {
		return
	}
	ctx = context.WithoutCancel(ctx) // the request ends, the migration goes on
	go func() {
		defer r.running.Delete(record.ID)
		if err := r.RunMigration(ctx, record.Agency, record.Code, record.ID); err != nil {
			r.log.WarnContext(ctx, "migration was cut off", "migration", record.ID, "procedure", record.Code, "code", engine.CodeOf(err), "error", err)
		}
	}()
}
