package worker

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

// pouch is a list of mails that remembers what was said of them.
type pouch struct {
	mails []engine.Mail
	err   error

	mu     sync.Mutex
	sent   []int64
	failed map[int64]failure
}

type failure struct {
	class   string
	retryIn time.Duration
}

func (b *pouch) ClaimMails(context.Context, int, time.Duration) ([]engine.Mail, error) {
	return b.mails, b.err
}

func (b *pouch) MailSent(_ context.Context, id int64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sent = append(b.sent, id)
	return nil
}

func (b *pouch) MailFailed(_ context.Context, id int64, class string, retryIn time.Duration) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failed == nil {
		b.failed = map[int64]failure{}
	}
	b.failed[id] = failure{class, retryIn}
	return nil
}

// mailerFunc is a mailer.
type mailerFunc func(context.Context, engine.Mail) error

func (f mailerFunc) Mail(ctx context.Context, m engine.Mail) error { return f(ctx, m) }

// letter is a mail that could have been sent since a while.
func letter(id int64, since time.Duration, attempts int) engine.Mail {
	return engine.Mail{ID: id, Officer: "lan", Address: "lan@example.vn", Attempts: attempts, Since: time.Now().Add(-since)}
}

func TestMailBackoff(t *testing.T) {
	t.Parallel()
	for attempts, want := range []time.Duration{
		5 * time.Second, // of no attempt; the ledger counts from one
		10 * time.Second, 20 * time.Second, 40 * time.Second, 80 * time.Second, 160 * time.Second, 320 * time.Second,
		640 * time.Second, 1280 * time.Second, 2560 * time.Second, time.Hour, time.Hour,
	} {
		require.Equal(t, want, mailBackoff(attempts), attempts)
	}
	require.Equal(t, time.Hour, mailBackoff(1_000_000), "nothing overflows")
}

// TestMailLife: a server that is away for good is asked for three days, some
// eighty times, and no more.
func TestMailLife(t *testing.T) {
	t.Parallel()
	asked := 0
	p := &Postman{Mailer: mailerFunc(func(context.Context, engine.Mail) error {
		asked++
		return &engine.Undelivered{Class: "connect"}
	})}
	age, last := time.Duration(0), time.Duration(0)
	for attempts := 1; ; attempts++ {
		m := letter(1, age, attempts)
		class, retryIn := verdict(p.try(t.Context(), m), m)
		if retryIn == 0 {
			require.Equal(t, "too-late", class)
			break
		}
		require.Equal(t, "connect", class)
		last, age = age, age+retryIn
		require.Less(t, attempts, 1000, "it ends")
	}
	require.Greater(t, age, 72*time.Hour)
	require.LessOrEqual(t, last, 72*time.Hour)
	require.Greater(t, last, 70*time.Hour, "it is tried until the end")
	require.InDelta(t, 80, asked, 5)
}

func TestPostman(t *testing.T) {
	t.Parallel()
	t.Run("says what came of each mail, and no more than its class", func(t *testing.T) {
		t.Parallel()
		answers := map[int64]error{
			2: &engine.Undelivered{Class: "smtp-451"}, 3: &engine.Undelivered{Class: "smtp-550", Final: true}, 4: errors.New("lan@example.vn is unknown here"),
		}
		b := &pouch{mails: []engine.Mail{letter(1, 0, 1), letter(2, 0, 3), letter(3, 0, 1), letter(4, 0, 1), letter(5, 73*time.Hour, 70), letter(6, 0, 1)}}
		b.mails[5].Address = ""
		var logged bytes.Buffer
		p := &Postman{Mailbag: b, Logger: slog.New(slog.NewTextHandler(&logged, nil)), Mailer: mailerFunc(func(_ context.Context, m engine.Mail) error {
			if m.ID > 4 {
				t.Error("a mail that is too late or goes to nobody was sent")
			}
			return answers[m.ID]
		})}
		require.Equal(t, 6, p.Round(t.Context()))
		require.Equal(t, []int64{1}, b.sent)
		require.Equal(t, map[int64]failure{
			2: {"smtp-451", 40 * time.Second}, 3: {"smtp-550", 0}, 4: {"unknown", 10 * time.Second}, 5: {"too-late", 0}, 6: {"no-address", 0},
		}, b.failed)
		require.Contains(t, logged.String(), "class=smtp-550")
		require.NotContains(t, logged.String(), "@", "addresses are in no log")
	})
	t.Run("finishes what it has begun when it is told to stop", func(t *testing.T) {
		t.Parallel()
		ctx, stop := context.WithCancel(t.Context())
		b := &pouch{mails: []engine.Mail{letter(1, 0, 1)}}
		p := &Postman{Mailbag: b, Logger: slog.New(slog.DiscardHandler), Mailer: mailerFunc(func(ctx context.Context, _ engine.Mail) error {
			stop()
			return ctx.Err()
		})}
		p.Run(ctx)
		require.Equal(t, []int64{1}, b.sent, "a mail the server may have is not left unsaid")
	})
	t.Run("sends nothing while the ledger is away", func(t *testing.T) {
		t.Parallel()
		p := &Postman{Mailbag: &pouch{err: engine.Errorf(engine.CodeUnavailable, "the ledger is away")}, Logger: slog.New(slog.DiscardHandler)}
		require.Zero(t, p.Round(t.Context()))
	})
}
