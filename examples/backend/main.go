// Command backend is a worked example of a provincial portal in front of a
// motcua server: it files every application of its outbox once and only once,
// whatever gets lost on the way, and follows what becomes of each.
//
// What makes it once: the idempotency key is made and stored with the
// application before the first call. A crash, a lost answer, a restart all end
// in the same call under the same key.
//
//	MOTCUA_SERVER=http://127.0.0.1:8080 MOTCUA_API_KEY=mc_… backend -outbox ./outbox -until closed
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"motcua/client"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "backend:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	dir := flag.String("outbox", "outbox", "directory of the applications, one JSON file each")
	until := flag.String("until", "filed", "stop when every application is filed, or closed")
	poll := flag.Duration("poll", time.Second, "pause between two looks at what became of them")
	flag.Parse()
	if *until != "filed" && *until != "closed" {
		return fmt.Errorf("-until is filed or closed, not %s", *until)
	}
	motcua, err := client.New(os.Getenv("MOTCUA_SERVER"), os.Getenv("MOTCUA_API_KEY"), client.Options{Language: "en", UserAgent: "example-portal"})
	if err != nil {
		return err
	}
	p := &portal{motcua: motcua, outbox: outbox{*dir}, log: slog.New(slog.NewJSONHandler(os.Stdout, nil))}
	if err := p.file(ctx); err != nil || *until == "filed" {
		return err
	}
	return p.follow(ctx, *poll)
}

// portal files applications and follows them.
type portal struct {
	motcua *client.Client
	outbox outbox
	log    *slog.Logger
}

// file starts a dossier for every application that has none yet.
func (p *portal) file(ctx context.Context) error {
	list, err := p.outbox.all()
	if err != nil {
		return err
	}
	for _, a := range list {
		if a.Dossier != "" || a.Refused != "" {
			continue
		}
		if err := p.start(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// start files one application. What the server refuses for good is kept with
// it for a person to look at; everything else is tried again on the next run,
// under the same key.
func (p *portal) start(ctx context.Context, a *application) error {
	if a.Key == "" {
		if err := p.outbox.assignKey(a); err != nil { // stored before the first call
			return err
		}
	}
	answer, err := p.motcua.Start(ctx, a.Key, a.Request)
	var refused *client.Problem
	switch {
	case err == nil:
		a.Dossier, a.Seq, a.State = answer.Code, answer.Seq, answer.State
		p.log.Info("filed", "application", a.name, "dossier", a.Dossier, "state", a.State, "replayed", answer.Replayed)
	case errors.As(err, &refused) && refused.Status < 500 && refused.Status != 429 && refused.Status != 401:
		a.Refused = string(refused.Code)
		p.log.Warn("refused", "application", a.name, "code", refused.Code, "errors", refused.Errors, "trace_id", refused.TraceID)
	default:
		return fmt.Errorf("file %s: %w", a.name, err)
	}
	return p.outbox.put(a)
}

// follow looks at every filed dossier until all are closed.
func (p *portal) follow(ctx context.Context, pause time.Duration) error {
	for {
		open, err := p.look(ctx)
		if err != nil || open == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
		}
	}
}

// look notes what changed since the last look, and counts what is still open.
func (p *portal) look(ctx context.Context) (open int, err error) {
	list, err := p.outbox.all()
	if err != nil {
		return 0, err
	}
	for _, a := range list {
		if a.Dossier == "" || a.Closed {
			continue
		}
		d, err := p.motcua.Dossier(ctx, a.Dossier)
		if err != nil {
			return 0, fmt.Errorf("look at %s: %w", a.Dossier, err)
		}
		if d.Seq != a.Seq || d.Status == "closed" {
			a.Seq, a.State, a.Due, a.Closed, a.Outcome = d.Seq, d.State, d.DueAt, d.Status == "closed", d.Outcome
			p.log.Info("moved", "dossier", a.Dossier, "state", a.State, "status", d.Status, "portal_status", d.PortalStatus, "outcome", a.Outcome)
			if err := p.outbox.put(a); err != nil {
				return 0, err
			}
		}
		if !a.Closed {
			open++
		}
	}
	return open, nil
}
