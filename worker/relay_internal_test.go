package worker

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/workflows/contract"
)

// desk is an outbox whose dossiers answer what they are told to.
type desk struct {
	Outbox
	out    engine.Outcome
	err    error
	failed []int64
}

func (d *desk) Deliver(context.Context, engine.Errand) (engine.Outcome, error) { return d.out, d.err }

func (d *desk) Failed(_ context.Context, id int64, _ string, _ time.Time) error {
	d.failed = append(d.failed, id)
	return nil
}

func TestRelayTells(t *testing.T) {
	t.Parallel()
	tell := engine.Errand{ID: 7, Kind: engine.ErrandTell, Dossier: "H01.1-260101-0001", Command: &engine.Command{ID: "c"}}
	carry := func(d *desk) int64 {
		r := &Relay{Outbox: d, Logger: slog.New(slog.DiscardHandler)}
		return r.carry(t.Context(), tell)
	}
	t.Run("what was heard is done", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, tell.ID, carry(&desk{}))
	})
	t.Run("a refusal was heard, too", func(t *testing.T) {
		t.Parallel()
		d := &desk{out: engine.Outcome{Refusal: engine.Errorf(engine.CodeDossierClosed, "dossier is closed")}}
		require.Equal(t, tell.ID, carry(d))
		require.Empty(t, d.failed)
	})
	t.Run("what could not be told is told again", func(t *testing.T) {
		t.Parallel()
		d := &desk{err: engine.Errorf(engine.CodeUnavailable, "the ledger is away")}
		require.Zero(t, carry(d))
		require.Equal(t, []int64{tell.ID}, d.failed)
	})
}

func TestRelayIsObserved(t *testing.T) {
	t.Parallel()
	seen := map[bool]int{}
	observe := func(kind string, carried bool) {
		require.Equal(t, engine.ErrandTell, kind)
		seen[carried]++
	}
	tell := engine.Errand{ID: 7, Kind: engine.ErrandTell, Dossier: "H01.1-260101-0001", Command: &engine.Command{ID: "c"}}
	var log bytes.Buffer
	for _, d := range []*desk{{}, {err: engine.Errorf(engine.CodeUnavailable, "the ledger is away")}} {
		(&Relay{Outbox: d, Logger: slog.New(slog.NewTextHandler(&log, nil)), Observe: observe}).carry(t.Context(), tell)
	}
	require.Equal(t, map[bool]int{true: 1, false: 1}, seen)
	require.Contains(t, log.String(), "dossier="+tell.Dossier)
	require.Contains(t, log.String(), "workflow_id="+contract.WorkflowID(tell.Dossier))
}
