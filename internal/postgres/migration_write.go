package postgres

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

const resultSQL = `
UPDATE migration_results SET result = $3, state = $4, code = $5, message = $6, decided_at = clock_timestamp()
WHERE migration_id = $1 AND dossier = $2 AND result = 'pending'`

func resultArgs(id string, o engine.MigrationOutcome) []any {
	return []any{id, o.Dossier, o.Result, o.State, o.Code, o.Message}
}

// writeMigration records what became of a dossier and ends the transaction.
// Its workflow is woken: when to look next has changed without it.
func (l *Ledger) writeMigration(ctx context.Context, w *work, p migrationPlan, h held, d engine.Decision, out engine.MigrationOutcome) error {
	b := &pgx.Batch{}
	moved := len(d.Facts) > 0
	if moved {
		if err := queueMigrated(b, p, h, d); err != nil {
			return err
		}
		queueErrand(b, engine.ErrandWake, d.Outcome(engine.Command{ID: p.id}))
	}
	b.Queue(resultSQL, resultArgs(p.id, out)...)
	return w.commit(ctx, b, moved)
}

func queueMigrated(b *pgx.Batch, p migrationPlan, h held, d engine.Decision) error {
	digest, err := queueFacts(b, h.id, h.digest, d)
	if err != nil {
		return err
	}
	b.Queue(updateSQL, append([]any{h.id}, projection(d, appointmentAfter(h.before, d), digest)...)...)
	b.Queue(`UPDATE dossiers SET procedure_version = $2, procedure_sha256 = $3 WHERE id = $1`, h.id, d.Case.Procedure.Version, d.Case.Procedure.SHA256)
	if err := queueClocks(b, h.id, d); err != nil {
		return err
	}
	for _, f := range d.Facts {
		queueHandoff(b, h.id, f)
	}
	// A notice names its rung by its place in a ladder: the old one's until the
	// dossier moved, the new one's from then on.
	before, after := d, d
	n := firedBefore(d)
	before.Notices, after.Notices = d.Notices[:n], d.Notices[n:]
	queueNotices(b, engine.Rules{Machine: p.from}, h.id, before, h.now)
	queueNotices(b, engine.Rules{Machine: p.to}, h.id, after, h.now)
	return nil
}

// firedBefore counts the rungs that fired before the dossier moved.
func firedBefore(d engine.Decision) int {
	n := 0
	for _, f := range d.Facts[:slices.IndexFunc(d.Facts, func(f engine.Fact) bool { return f.Kind == engine.FactDossierMigrated })] {
		if f.Kind == engine.FactRungFired {
			n++
		}
	}
	return n
}
