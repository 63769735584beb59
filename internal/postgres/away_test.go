package postgres_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/internal/devstack"
	"motcua/internal/postgres"
	"motcua/internal/postgres/pgtest"
)

// TestAway stops the server under a ledger and starts it again.
func TestAway(t *testing.T) {
	t.Parallel()
	options := devstack.PostgresOptions{Dir: t.TempDir(), Settings: map[string]string{"fsync": "off"}}
	server, err := devstack.StartPostgres(t.Context(), options)
	require.NoError(t, err)
	url := server.URL("postgres")
	require.NoError(t, postgres.Migrate(t.Context(), url))
	w := worldAt(t, url, birth())
	code := w.start("before").Code
	actor := w.officer("an")
	id := w.submit(code, "accept", actor)
	heard, err := w.Listen(t.Context())
	require.NoError(t, err)
	<-heard

	require.NoError(t, server.Kill())
	require.Eventually(t, func() bool { return w.Ready(t.Context()) != nil }, 10*time.Second, time.Millisecond, "a backend outlives its postmaster for a moment")
	for name, call := range map[string]func(ctx context.Context) error{
		"start": func(ctx context.Context) error { _, err := w.Start(ctx, request("x")); return err },
		"submit": func(ctx context.Context) error {
			_, err := w.Submit(ctx, engine.Command{ID: "y", Dossier: code, Actor: actor})
			return err
		},
		"fire":  func(ctx context.Context) error { _, err := w.Fire(ctx, code, id); return err },
		"away":  func(ctx context.Context) error { _, err := w.FireAway(ctx, code, id); return err },
		"tick":  func(ctx context.Context) error { _, err := w.Tick(ctx, code); return err },
		"open":  func(ctx context.Context) error { _, err := w.Open(ctx, code, "part-1"); return err },
		"chain": func(ctx context.Context) error { _, err := w.Chain(ctx, agency, code); return err },
		"deliver": func(ctx context.Context) error {
			_, err := w.Deliver(ctx, engine.Errand{Command: &engine.Command{ID: "z", Dossier: code}})
			return err
		},
		"get": func(ctx context.Context) error { _, _, err := w.Get(ctx, agency, code); return err },
		"list": func(ctx context.Context) error {
			_, err := w.List(ctx, engine.Filter{Reach: everything(agency)})
			return err
		},
		"key":     func(ctx context.Context) error { _, err := w.ByKey(ctx, "x", "y"); return err },
		"claim":   func(ctx context.Context) error { _, err := w.Claim(ctx, 1, time.Second); return err },
		"verify":  func(ctx context.Context) error { return w.Verify(ctx, code) },
		"ready":   w.Ready,
		"migrate": func(ctx context.Context) error { return postgres.Migrate(ctx, url) },
	} {
		err := call(t.Context())
		require.Equal(t, engine.CodeUnavailable, engine.CodeOf(err), "%s: %v", name, err)
	}

	server, err = devstack.StartPostgres(t.Context(), options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Stop()) })
	require.Equal(t, url, server.URL("postgres"))
	require.Eventually(t, func() bool { return w.Ready(t.Context()) == nil }, 10*time.Second, 10*time.Millisecond)
	o, err := w.Fire(t.Context(), code, id)
	require.NoError(t, err, "the same call, repeated")
	require.Nil(t, o.Refusal)
	<-heard
	w.start("after")
	<-heard
	require.NoError(t, w.Verify(t.Context(), code))
}

func TestBusy(t *testing.T) {
	t.Parallel()
	t.Run("a dossier that stays locked is unavailable", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		code := w.start("k").Code
		id := w.submit(code, "accept", w.officer("an"))
		impatient := ledgerOn(pgtest.Open(t, w.url+"&lock_timeout=50ms"))
		tx, err := w.pool.Begin(t.Context())
		require.NoError(t, err)
		_, err = tx.Exec(t.Context(), `SELECT FROM dossiers FOR UPDATE`)
		require.NoError(t, err)
		_, err = impatient.Fire(t.Context(), code, id)
		requireCode(t, engine.CodeUnavailable, err)
		require.NoError(t, tx.Rollback(t.Context()))
		_, err = impatient.Fire(t.Context(), code, id)
		require.NoError(t, err)
	})
	t.Run("a pool that stays full is unavailable", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		code := w.start("k").Code
		pool := pgtest.Open(t, w.url+"&pool_max_conns=1")
		conn, err := pool.Acquire(t.Context())
		require.NoError(t, err)
		defer conn.Release()
		_, err = ledgerOn(pool).Tick(t.Context(), code)
		requireCode(t, engine.CodeUnavailable, err)
	})
	t.Run("a caller who gave up leaves nothing locked", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		code := w.start("k").Code
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := w.Tick(ctx, code)
		requireCode(t, engine.CodeUnavailable, err)
		require.ErrorIs(t, err, context.Canceled)
		_, err = w.Tick(t.Context(), code)
		require.NoError(t, err)
	})
}
