package postgres

import (
	"context"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"motcua/engine"
	"motcua/engine/calendar"
)

// Options are what the ledger cannot do by itself.
type Options struct {
	// Compile reads the text of a published version. The machine it returns
	// carries the SHA-256 of exactly that text.
	Compile func(text []byte) (*engine.Machine, error)
	// Keys seal personal data. Without them none is written, and what is sealed
	// does not open.
	Keys Keys
	// Webhooks bounds how long subscribers are tried.
	Webhooks engine.WebhookPolicy
}

// Ledger is the dossiers' memory. It is safe for concurrent use, and any
// number of processes may share one database.
type Ledger struct {
	pool    *pgxpool.Pool
	compile func(text []byte) (*engine.Machine, error)
	keys    Keys

	machines  *cache[string, *engine.Machine] // by SHA-256 of the text
	calendars *cache[engine.CalendarRef, *calendar.Calendar]

	directories directories // by agency
	webhooks    engine.WebhookPolicy
}

// New makes a ledger on a pool made by [Open]. The caller closes the pool.
func New(pool *pgxpool.Pool, options Options) *Ledger {
	if options.Keys == nil {
		options.Keys = noKeys{}
	}
	return &Ledger{
		pool:      pool,
		compile:   options.Compile,
		keys:      options.Keys,
		machines:  newCache[string, *engine.Machine](cached),
		calendars: newCache[engine.CalendarRef, *calendar.Calendar](cached),

		directories: directories{held: map[string]revised{}},
		webhooks:    options.Webhooks.WithDefaults(),
	}
}

// queryer is a pool, a connection or a transaction.
type queryer interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// cached is how many machines, and how many calendars, are kept compiled.
const cached = 512

// cache keeps what never changes once it exists. When full it forgets what it
// has held longest; what is in use comes back with the next miss.
type cache[K comparable, V any] struct {
	mu    sync.RWMutex
	limit int
	held  map[K]V
	order []K
}

func newCache[K comparable, V any](limit int) *cache[K, V] {
	return &cache[K, V]{limit: limit, held: make(map[K]V, limit)}
}

func (c *cache[K, V]) get(key K) (V, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	v, ok := c.held[key]
	return v, ok
}

func (c *cache[K, V]) put(key K, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, held := c.held[key]; held {
		return
	}
	if len(c.order) >= c.limit {
		delete(c.held, c.order[0])
		c.order = c.order[1:]
	}
	c.held[key] = v
	c.order = append(c.order, key)
}
