package worker

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

// subscribers remembers what was reported of deliveries.
type subscribers struct {
	Subscribers
	reported []engine.Attempt
}

func (s *subscribers) Attempted(_ context.Context, _ engine.Delivery, a engine.Attempt) error {
	s.reported = append(s.reported, a)
	return nil
}

// senderFunc is a sender.
type senderFunc func(context.Context, engine.Delivery) engine.Attempt

func (f senderFunc) Send(ctx context.Context, d engine.Delivery) engine.Attempt { return f(ctx, d) }

// TestAnnouncerWaits: a delivery waits as its tries say, or longer where the
// subscriber asks for it.
func TestAnnouncerWaits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tries int
		share float64
		asked time.Duration
		want  time.Duration
	}{
		"after the first":              {tries: 1, want: time.Second},
		"twice as long each time":      {tries: 4, want: 8 * time.Second},
		"spread by half of it":         {tries: 4, share: 1, want: 4 * time.Second},
		"a quarter of an hour at most": {tries: 40, want: 15 * time.Minute},
		"as the subscriber asks":       {tries: 1, asked: 90 * time.Second, want: 90 * time.Second},
		"no sooner because it asks":    {tries: 12, asked: time.Second, want: 15 * time.Minute},
	} {
		s := &subscribers{}
		a := &Announcer{
			Subscribers: s, Logger: slog.New(slog.DiscardHandler), Share: func() float64 { return c.share },
			Sender: senderFunc(func(context.Context, engine.Delivery) engine.Attempt {
				return engine.Attempt{Status: 503, Failure: engine.FailedStatus, Asked: c.asked}
			}),
		}
		a.send(t.Context(), engine.Delivery{ID: 1, Tries: c.tries})
		require.Len(t, s.reported, 1, name)
		require.Equal(t, c.want, s.reported[0].RetryIn, name)
	}
}

// TestAnnouncerFinishes: what is on its way when the process is told to stop is
// sent and reported.
func TestAnnouncerFinishes(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	s := &subscribers{}
	a := &Announcer{Subscribers: s, Logger: slog.New(slog.DiscardHandler), Share: func() float64 { return 0 },
		Sender: senderFunc(func(ctx context.Context, _ engine.Delivery) engine.Attempt {
			stop()
			if ctx.Err() != nil {
				return engine.Attempt{Failure: engine.FailedInternal}
			}
			return engine.Attempt{Status: 204}
		})}
	a.send(ctx, engine.Delivery{ID: 1, Tries: 1})
	require.Len(t, s.reported, 1)
	require.True(t, s.reported[0].Delivered())
}
