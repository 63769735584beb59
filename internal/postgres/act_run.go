package postgres

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"motcua/engine"
)

const (
	// actWorkers is how many dossiers of one act are decided at once: few, so
	// that officers at work hardly notice.
	actWorkers = 4
	// actBatch is how many dossiers are read, or listed as pending, at once.
	actBatch = 200
)

// RunAct decides the pending dossiers of an act, each in a transaction of its
// own, and ends it when none is left. It may be called again after it was cut
// off; while a process works on the act, any other leaves it alone and has no
// error. An error leaves the rest pending. Errors: CodeNotFound,
// CodeUnavailable, CodeInternal, and those of the act's kind.
func (l *Ledger) RunAct(ctx context.Context, id string) error {
	s, _, err := findAct(ctx, l.pool, id)
	if err != nil {
		return coded(err, "read act %s", id)
	}
	if s.finished != nil {
		return nil
	}
	release, mine, err := l.hold(ctx, id)
	if err != nil || !mine {
		return coded(err, "take up act %s", id)
	}
	defer release()
	d, err := l.deed(ctx, s)
	if err != nil {
		return coded(err, "take up act %s", id)
	}
	return coded(l.runAct(ctx, s.act, d), "run act %s", id)
}

// ResumeActs goes on with every act that is not done and on which nobody
// works: those that were cut off when their process ended. One that cannot go
// on does not keep the others waiting; the error is that of the first. Errors:
// CodeUnavailable, and those of [Ledger.RunAct].
func (l *Ledger) ResumeActs(ctx context.Context) error {
	failure := errors.Join(l.relistCalendars(ctx), l.relistReorganisations(ctx))
	rows, err := l.pool.Query(ctx, `SELECT id FROM acts WHERE finished_at IS NULL ORDER BY created_at, id`)
	if err != nil {
		return coded(err, "look for acts that were cut off")
	}
	ids, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return coded(err, "look for acts that were cut off")
	}
	for _, id := range ids {
		if err := l.RunAct(ctx, id); err != nil && failure == nil {
			failure = err
		}
	}
	return failure
}

// hold takes an act for this process, unless another one has it. The lock
// belongs to a connection, so it goes with a process that dies.
func (l *Ledger) hold(ctx context.Context, id string) (release func(), mine bool, err error) {
	conn, err := l.pool.Acquire(ctx)
	if err != nil {
		return nil, false, err
	}
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock(hashtextextended('motcua act ' || $1, 0))`, id).Scan(&mine); err != nil || !mine {
		conn.Release()
		return nil, false, err
	}
	return func() { letGo(conn, id) }, true, nil
}

// letGo gives the lock back. A connection that cannot is closed, which does.
func letGo(conn *pgxpool.Conn, id string) {
	defer conn.Release()
	// The run's own context may be over.
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_unlock(hashtextextended('motcua act ' || $1, 0))`, id); err != nil {
		_ = conn.Conn().Close(ctx)
	}
}

func (l *Ledger) runAct(ctx context.Context, a act, d deed) error {
	for {
		decided, failure := l.sweepAct(ctx, a, d)
		if failure == nil && decided == 0 {
			done, err := l.endAct(ctx, a, d)
			if err != nil || done {
				return err
			}
			continue
		}
		// Some could not be decided, a row that somebody held for too long: as
		// long as others can, it is worth another round.
		if decided == 0 || ctx.Err() != nil {
			return errors.Join(failure, ctx.Err())
		}
	}
}

// endAct notes that nothing is pending. Dossiers that began to be concerned
// meanwhile, started while the act was listed, are listed first: but for those
// of a migration and of a supervisor's act on many, which concern what there
// was when they were asked for.
func (l *Ledger) endAct(ctx context.Context, a act, d deed) (done bool, err error) {
	err = pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) error {
		var finished, pending bool
		err := tx.QueryRow(ctx, `SELECT finished_at IS NOT NULL FROM acts WHERE id = $1 FOR UPDATE`, a.id).Scan(&finished)
		if done = finished; err != nil || done {
			return err
		}
		if a.kind != engine.ActMigration && a.kind != engine.ActBulk {
			if err := listConcerned(ctx, tx, a.id, d); err != nil {
				return err
			}
		}
		if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM act_results WHERE act_id = $1 AND result = 'pending')`, a.id).Scan(&pending); err != nil || pending {
			return err
		}
		done = true
		_, err = tx.Exec(ctx, `UPDATE acts SET finished_at = clock_timestamp() WHERE id = $1`, a.id)
		return err
	})
	return done, err
}

// sweepAct goes through the pending dossiers once. It returns how many it
// decided and, of what went wrong, the first.
func (l *Ledger) sweepAct(ctx context.Context, a act, d deed) (int, error) {
	decided, cursor := 0, ""
	var failure error
	for ctx.Err() == nil {
		list, err := l.pendingOf(ctx, a.id, cursor)
		if err != nil || len(list) == 0 {
			return decided, errors.Join(failure, err)
		}
		n, err := l.decideAll(ctx, a, d, list)
		decided += n
		if failure == nil {
			failure = err
		}
		cursor = list[len(list)-1]
	}
	return decided, errors.Join(failure, ctx.Err())
}

func (l *Ledger) pendingOf(ctx context.Context, id, cursor string) ([]string, error) {
	rows, err := l.pool.Query(ctx, `
		SELECT dossier FROM act_results
		WHERE act_id = $1 AND result = 'pending' AND dossier > $2 COLLATE "C" ORDER BY dossier LIMIT $3`, id, cursor, actBatch)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// decideAll decides some dossiers, a few at a time.
func (l *Ledger) decideAll(ctx context.Context, a act, d deed, list []string) (int, error) {
	queue := make(chan string)
	results := make([]struct {
		decided int
		err     error
	}, actWorkers)
	var working sync.WaitGroup
	for i := range results {
		working.Go(func() {
			for dossier := range queue {
				if err := l.decideOne(ctx, a, d, dossier); err == nil {
					results[i].decided++
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
	decided := 0
	var failure error
	for _, r := range results {
		decided += r.decided
		if failure == nil {
			failure = r.err
		}
	}
	return decided, failure
}
