package postgres_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"motcua/engine"
)

func TestFire(t *testing.T) {
	t.Parallel()
	t.Run("takes a dossier to its end", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		code := w.start("k").Code
		w.accepted(code, "request-supplement", "an")
		r, _ := w.get(code)
		require.Equal(t, engine.StatusSuspended, r.Status)
		require.True(t, r.DueAt.IsZero(), "while suspended there is no due date")
		w.accepted(code, "supplement", "an")
		w.accepted(code, "accept", "an")
		r, _ = w.get(code)
		require.True(t, r.HandoffPending)
		w.accepted(code, "return-handoff", "chi")
		w.accepted(code, "accept", "an")
		w.accepted(code, "accept-handoff", "chi")
		w.accepted(code, "claim", "chi")
		r, _ = w.get(code)
		require.Equal(t, "chi", r.Holder)
		w.accepted(code, "submit", "chi")
		r, _ = w.get(code)
		require.False(t, r.DueAt.IsZero(), "the appointment outlives its clock")
		o := w.accepted(code, "hand-over", "an")
		require.True(t, o.Closed)
		require.True(t, o.NextAt.IsZero())
		r, _ = w.get(code)
		require.Equal(t, engine.StatusClosed, r.Status)
		require.Equal(t, "resolved", r.Outcome)
		require.Equal(t, 10, r.PortalStatus)
		require.False(t, r.Overdue)
		require.NoError(t, w.Verify(t.Context(), code))
		require.Equal(t, 2, w.count(`SELECT count(*) FROM handoffs WHERE answer IS NOT NULL`))
		require.Equal(t, 0, w.count(`SELECT count(*) FROM clocks WHERE stopped_at IS NULL`))
		clocks, err := w.Clocks(t.Context(), agency, code)
		require.NoError(t, err)
		for _, k := range clocks {
			require.Equal(t, engine.VerdictMet, k.Verdict)
		}
	})
	t.Run("decides a command once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		code := w.start("k").Code
		id := w.submit(code, "accept", w.officer("an"))
		answers := parallel(10, func(int) answer[engine.Outcome] {
			o, err := w.Fire(t.Context(), code, id)
			return answer[engine.Outcome]{o, err}
		})
		first := 0
		for _, a := range answers {
			require.NoError(t, a.err)
			if !a.value.Repeated {
				first++
			}
			a.value.Repeated, answers[0].value.Repeated = false, false
			require.Equal(t, text(t, answers[0].value), text(t, a.value))
		}
		require.Equal(t, 1, first)
		require.Equal(t, 2, w.count(`SELECT count(*) FROM facts WHERE kind = 'state-entered'`))
	})
	t.Run("of two events at once accepts one and says the state to the other", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		for range 5 {
			code := w.start(time.Now().String()).Code
			commands := []string{w.submit(code, "accept", w.officer("an")), w.submit(code, "refuse", w.officer("binh"))}
			answers := parallel(2, func(i int) answer[engine.Outcome] {
				o, err := w.Fire(t.Context(), code, commands[i])
				return answer[engine.Outcome]{o, err}
			})
			require.NoError(t, answers[0].err)
			require.NoError(t, answers[1].err)
			won, lost := answers[0].value, answers[1].value
			if won.Refusal != nil {
				won, lost = lost, won
			}
			require.Nil(t, won.Refusal)
			require.NotNil(t, lost.Refusal)
			require.Equal(t, won.State, lost.State)
			require.Equal(t, won.State, lost.Refusal.State)
		}
	})
	t.Run("keeps nothing of a refusal but its outcome", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		code := w.start("k").Code
		_, before := w.get(code)
		id := w.submit(code, "accept", w.officer("chi"))
		o, err := w.FireAway(t.Context(), code, id)
		require.NoError(t, err)
		require.Equal(t, engine.CodeWrongRole, o.Refusal.Code)
		_, after := w.get(code)
		require.Equal(t, text(t, before), text(t, after))
		require.Equal(t, int(before.Seq), w.count(`SELECT count(*) FROM facts`))
		require.Equal(t, 1, w.count(`SELECT count(*) FROM outbox`), "the start's own errand only")
		again, err := w.Fire(t.Context(), code, id)
		require.NoError(t, err)
		require.True(t, again.Repeated)
		require.Equal(t, o.Refusal, again.Refusal)
	})
	t.Run("knows no dossier or command it was not given", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		code := w.start("k").Code
		_, err := w.Fire(t.Context(), code, "none")
		requireCode(t, engine.CodeNotFound, err)
		_, err = w.Fire(t.Context(), "none", "none")
		requireCode(t, engine.CodeNotFound, err)
		_, err = w.Fire(t.Context(), code, "")
		requireCode(t, engine.CodeNotFound, err)
		_, err = w.Tick(t.Context(), "none")
		requireCode(t, engine.CodeNotFound, err)
	})
	t.Run("never executes a text that is not the pinned one", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		code := w.start("k").Code
		id := w.submit(code, "accept", w.officer("an"))
		w.exec(`ALTER TABLE procedure_versions DISABLE TRIGGER USER`)
		w.exec(`UPDATE procedure_versions SET text = text || ' '`)
		fresh := ledgerOn(w.pool) // has nothing compiled yet
		_, err := fresh.Fire(t.Context(), code, id)
		requireCode(t, engine.CodeInternal, err)
		require.Equal(t, 1, w.count(`SELECT count(*) FROM commands WHERE decided_at IS NULL`))
	})
}

// trips counts what is sent to the server and waited for.
type trips struct{ n atomic.Int64 }

func (c *trips) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	c.n.Add(1)
	return ctx
}
func (c *trips) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}
func (c *trips) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	c.n.Add(1)
	return ctx
}
func (c *trips) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (c *trips) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}

func TestRoundTrips(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	counter := &trips{}
	config := w.pool.Config()
	config.ConnConfig.Tracer = counter
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	counted := ledgerOn(pool)
	for name, c := range map[string]struct {
		trips int64
		call  func(code string, id string) error
	}{
		"start": {2, func(string, string) error { _, err := counted.Start(t.Context(), request("x"+t.Name())); return err }},
		"fire":  {2, func(code, id string) error { _, err := counted.Fire(t.Context(), code, id); return err }},
		"away":  {2, func(code, id string) error { _, err := counted.FireAway(t.Context(), code, id); return err }},
		"submit": {1, func(code, _ string) error {
			_, err := counted.Submit(t.Context(), engine.Command{ID: "s", Dossier: code, Event: "accept", Actor: portal})
			return err
		}},
	} {
		code := w.start(name).Code
		_, err := counted.Tick(t.Context(), code) // connects, and compiles the procedure
		require.NoError(t, err)
		id := w.submit(code, "accept", w.officer("an"))
		counter.n.Store(0)
		require.NoError(t, c.call(code, id), name)
		require.Equal(t, c.trips, counter.n.Load(), name)
	}
}

func TestFireAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	code := w.start("k").Code
	w.exec(`DELETE FROM outbox`)
	heard, err := w.Listen(t.Context())
	require.NoError(t, err)
	<-heard // a new listener looks once by itself
	id := w.submit(code, "accept", w.officer("an"))
	for range 3 {
		_, err := w.FireAway(t.Context(), code, id)
		require.NoError(t, err)
	}
	<-heard
	errands, err := w.Claim(t.Context(), 10, time.Minute)
	require.NoError(t, err)
	require.Len(t, errands, 1, "a command that had been decided before leaves none")
	require.Equal(t, engine.ErrandWake, errands[0].Kind)
}

func TestSubmit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	code := w.start("k").Code
	cmd := engine.Command{ID: "c", Dossier: code, Event: "accept", Actor: w.officer("an")}

	answers := parallel(20, func(int) answer[*engine.Outcome] {
		o, err := w.Submit(t.Context(), cmd)
		return answer[*engine.Outcome]{o, err}
	})
	for _, a := range answers {
		require.NoError(t, a.err)
		require.Nil(t, a.value)
	}
	changed := cmd
	changed.Event = "refuse"
	_, err := w.Submit(t.Context(), changed)
	requireCode(t, engine.CodeIdempotencyConflict, err)

	fired, err := w.Fire(t.Context(), code, "c")
	require.NoError(t, err)
	cmd.Actor.Roles = nil // roles may have changed since
	decided, err := w.Submit(t.Context(), cmd)
	require.NoError(t, err)
	require.True(t, decided.Repeated)
	require.Equal(t, fired.Seq, decided.Seq)

	for _, c := range []engine.Command{
		{ID: "d", Dossier: "none", Event: "accept", Actor: w.officer("an")},
		{ID: "d", Dossier: code, Event: "accept", Actor: engine.Actor{Kind: engine.ActorSystem, ID: "portal", Agency: "H02"}},
	} {
		_, err = w.Submit(t.Context(), c)
		requireCode(t, engine.CodeNotFound, err)
	}
	_, err = w.Submit(t.Context(), engine.Command{Dossier: code, Event: "accept", Actor: w.officer("an")})
	requireCode(t, engine.CodeInvalid, err)
}

func TestTick(t *testing.T) {
	t.Parallel()
	t.Run("writes nothing when nothing is due", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		s := w.start("k")
		o, err := w.Tick(t.Context(), s.Code)
		require.NoError(t, err)
		require.True(t, o.NextAt.Equal(s.NextAt))
		require.Equal(t, s.Seq, o.Seq)
		require.Equal(t, int(s.Seq), w.count(`SELECT count(*) FROM facts`))
	})
	t.Run("fires a rung once, twenty times at once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, hasty("holder", "head", "leader"))
		s := w.start("k")
		w.passed(s.NextAt)
		for _, err := range parallel(20, func(int) error {
			_, err := w.Tick(t.Context(), s.Code)
			return err
		}) {
			require.NoError(t, err)
		}
		require.Equal(t, 1, w.count(`SELECT count(*) FROM facts WHERE kind = 'rung-fired'`))
		require.Equal(t, 3, w.count(`SELECT count(*) FROM notifications`), "both receptionists, and the head who is the leader too")
		r, _ := w.get(s.Code)
		require.Equal(t, "due-soon", r.Raised)
		clocks, err := w.Clocks(t.Context(), agency, s.Code)
		require.NoError(t, err)
		require.Equal(t, "due-soon", clocks[2].Raised)
		require.NoError(t, w.Verify(t.Context(), s.Code))
	})
	t.Run("does what was due before it obeys", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, hasty("holder"))
		s := w.start("k")
		w.passed(s.NextAt)
		w.accepted(s.Code, "accept", "an")
		facts, err := w.Facts(t.Context(), agency, s.Code)
		require.NoError(t, err)
		rung := facts[s.Seq]
		require.Equal(t, engine.FactRungFired, rung.Kind)
		require.True(t, rung.RecordedAt.After(rung.At))
		require.NoError(t, w.Verify(t.Context(), s.Code))
	})
}
