package worker_test

import (
	"context"
	"crypto/ed25519"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/audit"
	"motcua/worker"
)

// seals counts how often it was asked.
type seals struct {
	mu    sync.Mutex
	asked int
	err   error
}

func (s *seals) Seal(context.Context, audit.PrivateKey) ([]audit.Digest, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	return []audit.Digest{{Statement: audit.Statement{Book: "H01"}}}, s.err
}

func (s *seals) times() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

func TestSealer(t *testing.T) {
	key := audit.NewPrivateKey(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	run := func(ledger *seals, key audit.PrivateKey) (log *strings.Builder, stop func()) {
		log = &strings.Builder{}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			(&worker.Sealer{Ledger: ledger, Key: key, Logger: slog.New(slog.NewTextHandler(log, nil))}).Run(ctx)
		}()
		return log, func() { cancel(); <-done }
	}
	t.Run("seals what was missed when it starts", func(t *testing.T) {
		ledger := &seals{}
		log, stop := run(ledger, key)
		require.Eventually(t, func() bool { return ledger.times() == 1 }, 5*time.Second, time.Millisecond)
		stop()
		require.Contains(t, log.String(), "day sealed")
	})
	t.Run("says why it could not", func(t *testing.T) {
		ledger := &seals{err: engine.Errorf(engine.CodeNeedsUnmet, "the audit key is not the ledger's")}
		log, stop := run(ledger, key)
		require.Eventually(t, func() bool { return ledger.times() == 1 }, 5*time.Second, time.Millisecond)
		stop()
		require.Contains(t, log.String(), "needs-unmet")
	})
	t.Run("does nothing without a key, and says so", func(t *testing.T) {
		ledger := &seals{}
		log, stop := run(ledger, audit.PrivateKey{})
		stop()
		require.Zero(t, ledger.times())
		require.Contains(t, log.String(), "days are not sealed")
	})
}
