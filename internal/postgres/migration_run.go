package postgres

import (
	"context"
	"errors"
	"sync"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// migrationWorkers is how many dossiers of one migration are moved at once:
// few, so that officers at work hardly notice.
const migrationWorkers = 4

// RunMigration moves the pending dossiers of a migration, each in a
// transaction of its own, and ends it when none is left. It may be called
// again after it was cut off, and even twice at once: a dossier is decided
// once. An error leaves the rest pending. Errors: CodeNotFound, CodeUnavailable,
// CodeInternal.
func (l *Ledger) RunMigration(ctx context.Context, agency, code, id string) error {
	r, a, err := l.storedMigration(ctx, agency, code, id)
	if err != nil {
		return coded(err, "read migration %s", id)
	}
	p, err := l.plan(ctx, l.pool, a, id, r.Migration)
	if err != nil {
		return coded(err, "run migration %s", id)
	}
	for {
		moved, failure := l.sweepMigration(ctx, p)
		if failure == nil && moved == 0 {
			_, err := l.pool.Exec(ctx, `
				UPDATE migrations SET finished_at = clock_timestamp()
				WHERE id = $1 AND finished_at IS NULL AND NOT EXISTS (SELECT FROM migration_results WHERE migration_id = $1 AND result = 'pending')`, id)
			return coded(err, "end migration %s", id)
		}
		// Some could not be moved, a row that somebody held for too long: as
		// long as others can, it is worth another round.
		if moved == 0 || ctx.Err() != nil {
			return coded(errors.Join(failure, ctx.Err()), "run migration %s", id)
		}
	}
}

// sweepMigration goes through the pending dossiers once. It returns how many
// it decided and, of what went wrong, the first.
func (l *Ledger) sweepMigration(ctx context.Context, p migrationPlan) (int, error) {
	moved, cursor := 0, ""
	var failure error
	for ctx.Err() == nil {
		list, err := l.pendingMigration(ctx, p.id, cursor)
		if err != nil || len(list) == 0 {
			return moved, errors.Join(failure, err)
		}
		n, err := l.moveAll(ctx, p, list)
		moved += n
		if failure == nil {
			failure = err
		}
		cursor = list[len(list)-1]
	}
	return moved, errors.Join(failure, ctx.Err())
}

func (l *Ledger) pendingMigration(ctx context.Context, id, cursor string) ([]string, error) {
	rows, err := l.pool.Query(ctx, `
		SELECT dossier FROM migration_results
		WHERE migration_id = $1 AND result = 'pending' AND dossier > $2 COLLATE "C" ORDER BY dossier LIMIT $3`, id, cursor, migrationBatch)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// moveAll decides some dossiers, a few at a time.
func (l *Ledger) moveAll(ctx context.Context, p migrationPlan, list []string) (int, error) {
	queue := make(chan string)
	results := make([]struct {
		moved int
		err   error
	}, migrationWorkers)
	var working sync.WaitGroup
	for i := range results {
		working.Go(func() {
			for dossier := range queue {
				if err := l.moveOne(ctx, p, dossier); err == nil {
					results[i].moved++
				} else if results[i].err == nil {
					results[i].err = err
				}
			}
		})
	}
	for _, dossier := range list {
		queue <- dossier
	}
	close(queue)
	working.Wait()
	moved := 0
	var failure error
	for _, r := range results {
		moved += r.moved
		if failure == nil {
			failure = r.err
		}
	}
	return moved, failure
}

// moveOne decides one dossier of a migration. One whose record is broken is
// noted as such: it does not keep the others waiting.
func (l *Ledger) moveOne(ctx context.Context, p migrationPlan, dossier string) error {
	err := l.moveLocked(ctx, p, dossier)
	if errors.Is(err, errTorn) {
		_, err = l.pool.Exec(ctx, resultSQL, resultArgs(p.id, unreadable(dossier))...)
	}
	return coded(err, "migrate %s", dossier)
}

var errTorn = errors.New("the stored case does not match its row")

// moveLocked decides and writes under the lock that everybody who changes the
// dossier takes, and notes the result in the same transaction.
func (l *Ledger) moveLocked(ctx context.Context, p migrationPlan, dossier string) error {
	w, err := l.begin(ctx)
	if err != nil {
		return err
	}
	defer w.end()
	h, err := w.lock(ctx, dossier, "")
	var said *engine.Error
	if errors.As(err, &said) && said.Code == engine.CodeInternal {
		return errors.Join(errTorn, err)
	}
	if err != nil {
		return err
	}
	var pending bool
	c := concerned{kase: h.kase, now: h.now}
	err = w.QueryRow(ctx, `
		SELECT r.result = 'pending', d.fields FROM migration_results r JOIN dossiers d ON d.code = r.dossier
		WHERE r.migration_id = $1 AND r.dossier = $2`, p.id, dossier).Scan(&pending, &c.fields)
	if err != nil || !pending { // somebody else was quicker
		return err
	}
	d, out, err := l.decideMigration(ctx, w, p, c)
	if err != nil {
		return err
	}
	return l.writeMigration(ctx, w, p, h, d, out)
}
