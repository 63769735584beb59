package worker

import (
	"context"
	"log/slog"
	"time"

	"motcua/engine"
	"motcua/engine/audit"
)

// Seals is the ledger as the sealer needs it.
type Seals interface {
	// Seal signs every day that is over and not sealed yet. Errors:
	// CodeNeedsUnmet for a key that is not the ledger's, CodeUnavailable.
	Seal(ctx context.Context, key audit.PrivateKey) ([]audit.Digest, error)
}

// sealEvery is how often a sealer looks whether a day is over: what it finds
// done it leaves alone, so that it may run in any number of processes.
const sealEvery = 5 * time.Minute

// Sealer seals the days as they end, and those missed while nothing ran.
type Sealer struct {
	Ledger Seals
	Key    audit.PrivateKey
	Logger *slog.Logger
}

// Run seals until the context ends. Without a key it does nothing.
func (s *Sealer) Run(ctx context.Context) {
	if !s.Key.Set() {
		s.Logger.WarnContext(ctx, "days are not sealed: this process has no audit key")
		return
	}
	again := time.NewTicker(sealEvery)
	defer again.Stop()
	for {
		sealed, err := s.Ledger.Seal(ctx, s.Key)
		for _, d := range sealed {
			s.Logger.InfoContext(ctx, "day sealed", "book", d.Book, "day", d.Day.String(), "leaves", d.Leaves, "digest", d.Digest)
		}
		if err != nil && ctx.Err() == nil {
			s.Logger.WarnContext(ctx, "seal days", "code", engine.CodeOf(err), "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-again.C:
		}
	}
}
