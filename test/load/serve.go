package main

import (
	"context"
	"fmt"
	"time"

	"motcua/api"
	"motcua/internal/notify/webhook"
	"motcua/internal/temporalclient"
	"motcua/worker"
)

// serve starts worker and API as cmd/motcua wires them, with a stopwatch in
// front of every port.
func (s *stack) serve(ctx context.Context) error {
	driver := temporalclient.NewDriver(s.temporal)
	timed := &timed{Ledger: s.ledger, driver: driver, stages: s.stages}
	w, err := worker.New(worker.Options{
		Client: s.temporal, Ledger: timedLedger{timed}, Outbox: timedOutbox{timed}, Driver: timedDriver{timed}, Logger: quiet(),
		Subscribers: s.ledger, Sender: webhook.New(webhook.Options{Version: "load"}),
	})
	if err != nil {
		return err
	}
	if err := w.Start(ctx); err != nil {
		return err
	}
	s.onClose(func() error { w.Stop(); return nil })
	server, err := api.New(api.Options{
		Ledger: timed, Driver: timedFire{timed}, Dossiers: timed, People: timed, Health: s.ledger, Procedures: s.ledger,
		Versions: s.ledger, Lifecycle: s.ledger, Migrations: s.ledger, Catalogue: s.ledger, Legal: s.ledger,
		Calendars: s.ledger, Acts: s.ledger, Outages: s.ledger, Staff: s.ledger, Chains: s.ledger, Slips: s.ledger,
		Boards: s.ledger, Views: s.ledger, Bulks: s.ledger, Watches: s.ledger, Organisations: s.ledger, Keys: s.ledger, Reaches: s.ledger,
		Records: s.ledger, Proofs: s.ledger, Answers: s.ledger, Feed: s.ledger, Sessions: s.ledger, Accounts: s.ledger, Personal: s.ledger,
		Webhooks: s.ledger, Deliveries: s.ledger, Mails: s.ledger,
		Logger: discard(), Version: "load", CallerRate: 1e6, MaxConcurrent: 1024, // one caller stands for many here
	})
	if err != nil {
		return err
	}
	if err := server.Start(ctx, "127.0.0.1:0"); err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	s.onClose(func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		return server.Stop(ctx)
	})
	s.server = "http://" + server.Addr()
	s.key, err = newKey(ctx, s.ledger)
	return err
}
