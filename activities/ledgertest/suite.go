package ledgertest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/activities"
	"motcua/engine"
)

// Bench is a ledger under test, with a way to fill it. It serves the
// procedures of [Definition] and [PartDefinition].
type Bench struct {
	Ledger activities.Ledger
	// Start opens a dossier and returns its code.
	Start func(t *testing.T) string
	// Submit puts a command of the clerk on record.
	Submit func(t *testing.T, cmd engine.Command)
	// Facts reads the record of a dossier.
	Facts func(t *testing.T, dossier string) []engine.Fact
}

// Suite proves that a ledger keeps the promises of the port.
func Suite(t *testing.T, bench func(t *testing.T) Bench) {
	t.Run("decides a command once and answers every repetition with the first outcome", func(t *testing.T) {
		b := bench(t)
		dossier := b.Start(t)
		b.Submit(t, command(dossier, "one", "accept"))
		first := fire(t, b, dossier, "one")
		again := fire(t, b, dossier, "one")
		require.Nil(t, first.Refusal)
		require.Equal(t, "under-verification", first.State)
		require.True(t, again.Repeated)
		require.Equal(t, first.Seq, again.Seq)
		require.Equal(t, first.State, again.State)
	})
	t.Run("decides once under concurrency", func(t *testing.T) { once(t, bench(t)) })
	t.Run("a refusal is an outcome and changes nothing", func(t *testing.T) {
		b := bench(t)
		dossier := b.Start(t)
		before := b.Facts(t, dossier)
		b.Submit(t, command(dossier, "sign", "sign"))
		out := fire(t, b, dossier, "sign")
		require.NotNil(t, out.Refusal)
		require.Equal(t, engine.CodeEventNotPermitted, out.Refusal.Code)
		require.Equal(t, "received", out.Refusal.State)
		require.Equal(t, before, b.Facts(t, dossier))
		b.Submit(t, command(dossier, "accept", "accept"))
		require.Nil(t, fire(t, b, dossier, "accept").Refusal)
		require.NotNil(t, fire(t, b, dossier, "sign").Refusal, "the first answer stands, though the event were refused for another reason now")
	})
	t.Run("knows no unknown dossier or command", func(t *testing.T) { unknown(t, bench(t)) })
	t.Run("time fires a rung once, with its own moment", func(t *testing.T) { rung(t, bench(t)) })
	t.Run("opens a linked dossier once", func(t *testing.T) { open(t, bench(t)) })
	t.Run("opens a linked dossier once under concurrency", func(t *testing.T) { openAtOnce(t, bench(t)) })
	t.Run("opens nothing that was not asked for", func(t *testing.T) {
		b := bench(t)
		_, err := b.Ledger.Open(context.Background(), b.Start(t), "part-1")
		require.Equal(t, engine.CodeNotFound, engine.CodeOf(err))
		_, err = b.Ledger.Open(context.Background(), "H00.101-260101-9999", "part-1")
		require.Equal(t, engine.CodeNotFound, engine.CodeOf(err))
	})
}

// involve brings a dossier to ask for a linked one, and returns that one's id.
func involve(t *testing.T, b Bench) (dossier, linked string) {
	t.Helper()
	dossier = b.Start(t)
	for _, event := range []string{"accept", "involve"} {
		b.Submit(t, command(dossier, event, event))
		out := fire(t, b, dossier, event)
		require.Nil(t, out.Refusal)
		if event == "involve" {
			require.Len(t, out.Opens, 1)
			linked = out.Opens[0]
		}
	}
	return dossier, linked
}

func open(t *testing.T, b Bench) {
	dossier, linked := involve(t, b)
	tick, err := b.Ledger.Tick(context.Background(), dossier)
	require.NoError(t, err)
	require.Equal(t, []string{linked}, tick.Opens, "what is left to open is said until it is open")
	first, err := b.Ledger.Open(context.Background(), dossier, linked)
	require.NoError(t, err)
	require.NotEmpty(t, first.Child)
	require.Empty(t, first.Opens)
	require.Greater(t, first.Seq, tick.Seq)
	again, err := b.Ledger.Open(context.Background(), dossier, linked)
	require.NoError(t, err)
	require.Equal(t, first.Child, again.Child)
	require.Equal(t, first.Seq, again.Seq)
	require.True(t, again.Repeated)
	child := b.Facts(t, first.Child)
	require.Equal(t, engine.FactDossierStarted, child[0].Kind)
	require.Equal(t, &engine.Parent{Dossier: dossier, Linked: linked}, child[0].Start.Parent)
}

func openAtOnce(t *testing.T, b Bench) {
	dossier, linked := involve(t, b)
	var wg sync.WaitGroup
	children := make([]string, 10)
	for i := range children {
		wg.Go(func() {
			out, err := b.Ledger.Open(context.Background(), dossier, linked)
			if err != nil || out.Refusal != nil {
				t.Errorf("open: %v, refusal %v", err, out.Refusal)
			}
			children[i] = out.Child
		})
	}
	wg.Wait()
	for _, child := range children {
		require.Equal(t, children[0], child)
	}
	opened := 0
	for _, f := range b.Facts(t, dossier) {
		if f.Kind == engine.FactLinkOpened {
			opened++
		}
	}
	require.Equal(t, 1, opened)
}

func once(t *testing.T, b Bench) {
	dossier := b.Start(t)
	b.Submit(t, command(dossier, "one", "accept"))
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			out, err := b.Ledger.Fire(context.Background(), dossier, "one")
			if err != nil || out.Refusal != nil {
				t.Errorf("fire: %v, refusal %v", err, out.Refusal)
			}
		})
	}
	wg.Wait()
	entered := 0
	for _, f := range b.Facts(t, dossier) {
		if f.Kind == engine.FactStateEntered && f.Event == "accept" {
			entered++
		}
	}
	require.Equal(t, 1, entered)
}

func unknown(t *testing.T, b Bench) {
	_, err := b.Ledger.Fire(context.Background(), "H00.101-260101-9999", "one")
	require.Equal(t, engine.CodeNotFound, engine.CodeOf(err))
	_, err = b.Ledger.Tick(context.Background(), "H00.101-260101-9999")
	require.Equal(t, engine.CodeNotFound, engine.CodeOf(err))
	_, err = b.Ledger.Fire(context.Background(), b.Start(t), "never-submitted")
	require.Equal(t, engine.CodeNotFound, engine.CodeOf(err))
}

func rung(t *testing.T, b Bench) {
	dossier := b.Start(t)
	first, err := b.Ledger.Tick(context.Background(), dossier)
	require.NoError(t, err)
	require.False(t, first.NextAt.IsZero())
	require.Eventually(t, func() bool {
		out, err := b.Ledger.Tick(context.Background(), dossier)
		return err == nil && out.Seq > first.Seq && !out.NextAt.Equal(first.NextAt)
	}, 10*time.Second, 20*time.Millisecond)
	var fired []engine.Fact
	for _, f := range b.Facts(t, dossier) {
		if f.Kind == engine.FactRungFired {
			fired = append(fired, f)
		}
	}
	require.Len(t, fired, 1)
	require.WithinDuration(t, first.NextAt, fired[0].At, 0)
}

func command(dossier, id, event string) engine.Command {
	return engine.Command{ID: id, Dossier: dossier, Event: event, Actor: Clerk}
}

func fire(t *testing.T, b Bench, dossier, command string) engine.Outcome {
	t.Helper()
	out, err := b.Ledger.Fire(context.Background(), dossier, command)
	require.NoError(t, err)
	return out
}
