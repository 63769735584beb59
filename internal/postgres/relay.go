package postgres

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"motcua/engine"
)

// channel is where new errands are announced.
const channel = "motcua_outbox"

// claimSQL takes errands by moving the moment they are available to the end of
// the lease. Rows that another relay is taking are skipped, not waited for.
const claimSQL = `
WITH due AS MATERIALIZED (
	SELECT id FROM outbox WHERE available_at <= now()
	ORDER BY available_at, id LIMIT $1 FOR UPDATE SKIP LOCKED
)
UPDATE outbox SET available_at = now() + $2::interval, attempts = attempts + 1
FROM due WHERE outbox.id = due.id
RETURNING outbox.id, kind, dossier, next_at, attempts, body`

// Claim takes up to limit errands for the time of a lease, oldest first. Until
// the lease ends nobody else gets them; after it they come back by themselves.
func (l *Ledger) Claim(ctx context.Context, limit int, lease time.Duration) ([]engine.Errand, error) {
	rows, err := l.pool.Query(ctx, claimSQL, limit, lease)
	if err != nil {
		return nil, coded(err, "claim errands")
	}
	errands, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (engine.Errand, error) {
		var e engine.Errand
		var next *time.Time
		err := row.Scan(&e.ID, &e.Kind, &e.Dossier, &next, &e.Attempts, &e.Command)
		e.NextAt = orZero(next)
		return e, err
	})
	slices.SortFunc(errands, func(a, b engine.Errand) int { return cmp.Compare(a.ID, b.ID) })
	return errands, coded(err, "claim errands")
}

// Done forgets errands that were delivered.
func (l *Ledger) Done(ctx context.Context, ids []int64) error {
	_, err := l.pool.Exec(ctx, `DELETE FROM outbox WHERE id = ANY($1)`, ids)
	return coded(err, "forget errands")
}

// Failed notes why an errand could not be delivered and when to try again.
func (l *Ledger) Failed(ctx context.Context, id int64, reason string, retryAt time.Time) error {
	_, err := l.pool.Exec(ctx, `UPDATE outbox SET last_error = left($2, 500), available_at = $3 WHERE id = $1`, id, reason, retryAt)
	return coded(err, "put off errand %d", id)
}

// oversleptSQL runs in one process at a time: the lock is let go with the
// transaction, and who does not get it leaves the sweep to who has it.
const oversleptSQL = `
WITH mine AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(hashtext('motcua overslept')) AS locked)
INSERT INTO outbox (kind, dossier, next_at)
SELECT 'wake', d.code, d.next_at FROM mine, dossiers d
WHERE mine.locked AND d.next_at < now() - $1::interval AND d.closed_at IS NULL
	AND NOT EXISTS (SELECT FROM outbox o WHERE o.dossier = d.code)
ORDER BY d.next_at LIMIT $2`

// Overslept leaves a wake-up for open dossiers whose next moment passed longer
// ago than since, and for which no errand is pending: the net under the
// workflows' timers. It returns how many it left.
func (l *Ledger) Overslept(ctx context.Context, since time.Duration, limit int) (int, error) {
	tag, err := l.pool.Exec(ctx, oversleptSQL, since, limit)
	return int(tag.RowsAffected()), coded(err, "look for overslept dossiers")
}

const (
	listenRetry = time.Second
	// listenProbe is how long a silent connection is believed to be alive.
	listenProbe = 30 * time.Second
)

// Listen announces new errands: a value in the channel means that there may be
// some, and several announcements may come as one. It holds a connection of
// its own and connects again when that breaks, or when the server was away to
// begin with; then it announces too, because it may have missed something. The
// channel is closed when ctx ends. There is no error but that of an ended ctx.
func (l *Ledger) Listen(ctx context.Context) (<-chan struct{}, error) {
	if err := ctx.Err(); err != nil {
		return nil, coded(err, "listen for errands")
	}
	announced := make(chan struct{}, 1)
	go func() {
		defer close(announced)
		for ctx.Err() == nil {
			if conn, err := l.listen(ctx); err == nil {
				announce(announced)
				hear(ctx, conn, announced)
			}
			select {
			case <-ctx.Done():
			case <-time.After(listenRetry):
			}
		}
	}()
	return announced, nil
}

func (l *Ledger) listen(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, l.pool.Config().ConnConfig)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, "LISTEN "+channel); err != nil {
		_ = conn.Close(ctx)
		return nil, err
	}
	return conn, nil
}

// hear passes on announcements until the connection breaks or ctx ends.
func hear(ctx context.Context, conn *pgx.Conn, announced chan<- struct{}) {
	defer func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_ = conn.Close(ctx)
	}()
	for ctx.Err() == nil {
		wait, cancel := context.WithTimeout(ctx, listenProbe)
		_, err := conn.WaitForNotification(wait)
		cancel()
		switch {
		case err == nil:
			announce(announced)
		case pgconn.Timeout(err) && ctx.Err() == nil && conn.Ping(ctx) == nil:
		default:
			return
		}
	}
}

func announce(announced chan<- struct{}) {
	select {
	case announced <- struct{}{}:
	default: // one is waiting already
	}
}
