// Command load measures the speed of the whole against what it is built on: a
// bare Temporal workflow of the same shape, and the ledger without Temporal.
// All contenders run in one process on one stack, in alternating rounds, so
// that the ratios mean something where the absolute figures do not.
//
// It is no test: nothing in it passes or fails by the clock. It fails when a
// dossier fails.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	switch {
	case errors.Is(err, flag.ErrHelp):
		os.Exit(2)
	case err != nil:
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) (err error) {
	o, err := parse(args)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, o.limit)
	defer cancel()
	if o.million > 0 {
		return million(ctx, o, os.Stdout)
	}
	s, err := open(ctx, o)
	defer func() { err = errors.Join(err, s.close()) }()
	if err != nil {
		return err
	}
	r, err := s.report(ctx, args)
	if err != nil {
		return err
	}
	if err := measure(ctx, o, s, r); err != nil {
		return err
	}
	if o.late > 0 && s.ledger != nil {
		if r.Lateness, err = lateness(ctx, o, s); err != nil {
			return fmt.Errorf("lateness: %w", err)
		}
	}
	if o.moving > 0 && s.ledger != nil {
		if r.Moving, err = moving(ctx, o, s); err != nil {
			return fmt.Errorf("moving due dates: %w", err)
		}
	}
	if err := r.print(os.Stdout, o.output); err != nil {
		return err
	}
	if r.Failed > 0 {
		return fmt.Errorf("%d dossiers failed", r.Failed)
	}
	return nil
}
