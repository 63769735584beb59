package worker

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"motcua/engine"
)

// Mailbag is the ledger's list of mails to officers, as the postman needs it.
type Mailbag interface {
	// ClaimMails leases up to limit mails that are due; one that nothing is said
	// of by the end of the lease is given out again.
	ClaimMails(ctx context.Context, limit int, lease time.Duration) ([]engine.Mail, error)
	// MailSent strikes a mail off.
	MailSent(ctx context.Context, id int64) error
	// MailFailed puts a mail back for a while, or gives it up where that is zero.
	MailFailed(ctx context.Context, id int64, class string, retryIn time.Duration) error
}

// Mailer hands a mail to a mail server. Errors: *engine.Undelivered.
type Mailer interface {
	Mail(ctx context.Context, m engine.Mail) error
}

const (
	mailBatch  = 16
	mailAtOnce = 4
	mailLease  = 3 * time.Minute // more than a batch takes if every mail takes its longest
	mailIdle   = 5 * time.Second
	// mailLife is how long a mail is tried. Who was not told by then has seen
	// the board.
	mailLife = 72 * time.Hour
)

// Postman mails officers what rungs and watches tell them, each mail at least
// once. Any number of processes share the work; one that dies with mails in
// hand loses none: their lease runs out.
type Postman struct {
	Mailbag Mailbag
	Mailer  Mailer
	Logger  *slog.Logger
	// Tracer, when there is one, makes a trace of each mail.
	Tracer trace.Tracer
}

// Run mails until the context ends, and finishes what it has begun.
func (p *Postman) Run(ctx context.Context) {
	for ctx.Err() == nil {
		if p.Round(ctx) == mailBatch {
			continue // there may be more
		}
		select {
		case <-ctx.Done():
		case <-time.After(mailIdle):
		}
	}
}

// Round claims one batch and mails it; it returns the size of the batch.
func (p *Postman) Round(ctx context.Context) int {
	mails, err := p.Mailbag.ClaimMails(ctx, mailBatch, mailLease)
	if err != nil {
		if ctx.Err() == nil {
			p.Logger.WarnContext(ctx, "claim mails", "error", err)
		}
		return 0
	}
	// A process that is told to stop finishes: the server may have the mail.
	ctx = context.WithoutCancel(ctx)
	slots := make(chan struct{}, mailAtOnce)
	var sending sync.WaitGroup
	for _, m := range mails {
		slots <- struct{}{}
		sending.Go(func() {
			p.post(ctx, m)
			<-slots
		})
	}
	sending.Wait()
	return len(mails)
}

// post mails one and says what came of it.
func (p *Postman) post(ctx context.Context, m engine.Mail) {
	dossiers := m.Dossiers()
	ctx, span := begin(ctx, p.Tracer, "mail", "",
		attribute.Int64("motcua.mail", m.ID), attribute.Int("motcua.attempt", m.Attempts), attribute.StringSlice("motcua.dossiers", dossiers))
	err, class, retryIn := p.try(ctx, m), "", time.Duration(0)
	if err == nil {
		err = p.Mailbag.MailSent(ctx, m.ID)
	} else {
		class, retryIn = verdict(err, m)
		p.Logger.WarnContext(ctx, "a mail was not delivered", "mail", m.ID, "officer", m.Officer, "dossiers", dossiers, "attempts", m.Attempts, "class", class, "given_up", retryIn == 0)
		err = p.Mailbag.MailFailed(ctx, m.ID, class, retryIn)
	}
	if err != nil {
		p.Logger.WarnContext(ctx, "record a mail", "mail", m.ID, "dossiers", dossiers, "error", err)
	}
	end(span, class)
}

func (p *Postman) try(ctx context.Context, m engine.Mail) error {
	switch {
	case m.Address == "":
		return &engine.Undelivered{Class: "no-address", Final: true}
	case time.Since(m.Since) > mailLife:
		return &engine.Undelivered{Class: "too-late", Final: true}
	}
	return p.Mailer.Mail(ctx, m)
}

// verdict is the class of a failure and when to try again; zero: not any more.
func verdict(err error, m engine.Mail) (class string, retryIn time.Duration) {
	class = "unknown"
	var u *engine.Undelivered
	if errors.As(err, &u) {
		if class = u.Class; u.Final {
			return class, 0
		}
	}
	return class, mailBackoff(m.Attempts)
}

// mailBackoff waits ten seconds after the first attempt and an hour at most.
func mailBackoff(attempts int) time.Duration {
	return min(5*time.Second<<min(attempts, 10), time.Hour)
}
