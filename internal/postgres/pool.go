package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/exaring/otelpgx"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.opentelemetry.io/otel/trace"

	"motcua/engine"
)

// Bounds of a pool whose address does not say otherwise.
const (
	maxConns       = 16
	connectTimeout = 5 * time.Second
	// acquireTimeout is how long a change waits for a connection before it
	// answers CodeUnavailable: a full pool sheds load instead of queueing it.
	acquireTimeout = 2 * time.Second
)

// session is what every connection of the ledger starts with. A transaction
// that stands still is ended by the server, so that a frozen process does not
// keep a dossier locked.
var session = map[string]string{
	"application_name":                    "motcua",
	"statement_timeout":                   "5s",
	"lock_timeout":                        "2s",
	"idle_in_transaction_session_timeout": "10s",
	"timezone":                            "UTC",
}

// An OpenOption changes how a pool is made.
type OpenOption func(*pgxpool.Config)

// Traced makes a span of each statement that is part of something traced: what
// looks for work by itself, and finds none, leaves no spans. A span holds the
// statement, which is parameterised, and never its parameters.
func Traced(provider trace.TracerProvider) OpenOption {
	return func(c *pgxpool.Config) {
		c.ConnConfig.Tracer = otelpgx.NewTracer(otelpgx.WithTracerProvider(provider), otelpgx.WithSpanNameFunc(summary),
			otelpgx.WithQuerySpanNamePrefix(), otelpgx.WithDisableConnectionDetailsInAttributes(), otelpgx.WithDisableAcquireTracer())
	}
}

// summary is a statement in two words: what it does, and to what first.
func summary(sql string) string {
	verb, before := "", ""
	for word := range strings.FieldsSeq(sql) {
		if verb == "" {
			verb = strings.ToUpper(word)
		}
		if b := strings.ToUpper(before); b == "FROM" || b == "INTO" || b == "UPDATE" {
			if table := strings.TrimRight(word, "(,;)"); named(table) {
				return verb + " " + table
			}
		}
		before = word
	}
	return verb
}

// named says whether a word is the name of a table, rather than the beginning of
// a subquery.
func named(word string) bool {
	return word != "" && strings.Trim(word, "abcdefghijklmnopqrstuvwxyz_.") == ""
}

// Open makes a pool for the ledger. It does not connect yet: a server that is
// away is found by the first use, or by [Ledger.Ready]. Parameters of the
// address (pool_max_conns, application_name, …) win over the ledger's own.
func Open(ctx context.Context, url string, options ...OpenOption) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("open ledger: %w", err)
	}
	if !strings.Contains(url, "pool_max_conns") {
		config.MaxConns = maxConns
	}
	config.MaxConnLifetime = time.Hour
	config.MaxConnLifetimeJitter = 10 * time.Minute
	config.MaxConnIdleTime = 10 * time.Minute
	config.HealthCheckPeriod = 15 * time.Second
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	for name, value := range session {
		if _, said := config.ConnConfig.RuntimeParams[name]; !said {
			config.ConnConfig.RuntimeParams[name] = value
		}
	}
	for _, option := range options {
		option(config)
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open ledger: %w", err)
	}
	return pool, nil
}

// work is one connection for one transaction that is begun and committed
// inside pipelined batches: deciding costs a round trip to lock and read, and
// one to write and commit, however many statements each of them holds.
type work struct {
	*pgxpool.Conn
}

func (l *Ledger) begin(ctx context.Context) (*work, error) {
	ctx, cancel := context.WithTimeout(ctx, acquireTimeout)
	defer cancel()
	conn, err := l.pool.Acquire(ctx)
	if err != nil {
		return nil, err
	}
	return &work{Conn: conn}, nil
}

// opening is the batch that begins the transaction. It says its isolation
// aloud: what follows relies on each statement seeing what was committed
// before it, whatever the database's default is.
func opening() *pgx.Batch {
	b := &pgx.Batch{}
	b.Queue("begin isolation level read committed")
	return b
}

// send runs a batch in one round trip.
func (w *work) send(ctx context.Context, b *pgx.Batch) error {
	return w.SendBatch(ctx, b).Close()
}

// commit ends the batch with the transaction and runs it. When the answer to
// the commit is lost, nobody knows whether it happened; the error is then that
// of a server that is away, and asking again finds out.
func (w *work) commit(ctx context.Context, b *pgx.Batch, announce bool) error {
	committed := false
	b.Queue("commit").Exec(func(tag pgconn.CommandTag) error {
		if tag.String() != "COMMIT" {
			return errors.New("the transaction was rolled back")
		}
		committed = true
		return nil
	})
	if announce {
		// After the commit, in a transaction of its own: within it, NOTIFY
		// would make all commits of the database wait for each other's disk.
		b.Queue("select pg_notify($1, '')", channel)
	}
	if err := w.send(ctx, b); !committed {
		return err
	}
	return nil // whatever happened to the announcement: the relay also looks by itself
}

// end gives the connection back, rolling back what was not committed.
func (w *work) end() {
	if status := w.Conn.Conn().PgConn().TxStatus(); status != 'I' && !w.Conn.Conn().IsClosed() {
		// The caller's context may be over, and the transaction still has to end.
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_, _ = w.Exec(ctx, "rollback") // on failure the pool closes the connection, which rolls back
	}
	w.Release()
}

const readyTimeout = 2 * time.Second

// Ready says whether the database answers, and with a schema this program can
// work on. A newer one is fine: migrations only add what an older program does
// not miss. Errors: CodeUnavailable.
func (l *Ledger) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	want, err := schemaVersion()
	if err != nil {
		return err
	}
	var have int64
	err = l.pool.QueryRow(ctx, `SELECT max(version_id) FROM goose_db_version WHERE is_applied`).Scan(&have)
	if isState(err, "42P01") { // no such table
		err, have = nil, 0
	}
	if err != nil {
		return fmt.Errorf("postgres: %w", coded(err, "read the schema's version"))
	}
	if have < want {
		return engine.Errorf(engine.CodeUnavailable, "postgres: the schema has version %d, this program needs %d: migrate", have, want)
	}
	return nil
}
