// Command motcua-temporal runs a private Temporal server for motcua: the server as a library on
// PostgreSQL, its web UI, and one namespace, all on loopback addresses.
//
// It is a module of its own so that the product does not inherit the server's dependencies, and it
// is meant for development and tests: it knows no authentication and no encryption. A production
// installation runs Temporal's own images.
//
// Exactly one line is written to standard output, once a workflow can really be started:
//
//	{"ready":true,"address":"127.0.0.1:7233","ui_address":"127.0.0.1:8233","namespace":"motcua"}
//
// Everything else goes to standard error.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// stopTimeout bounds a clean stop. What it cuts short is what a crash would cut short, and the
// server recovers from that.
const stopTimeout = 15 * time.Second

func main() {
	opts, err := parseOptions(os.Args[1:], os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "motcua-temporal:", err)
		os.Exit(2)
	}
	if err := run(opts); err != nil {
		fmt.Fprintln(os.Stderr, "motcua-temporal:", err)
		os.Exit(1)
	}
}

// run serves until a signal or, when asked, the end of standard input.
func run(opts options) error {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	if opts.exitWithStdin {
		go func() {
			defer cancel()
			_, _ = io.Copy(io.Discard, os.Stdin)
		}()
	}

	stack := newStack(opts)
	started := make(chan error, 1)
	go func() { started <- stack.start(ctx) }()
	select {
	case <-ctx.Done():
		// The server cannot be stopped while it starts, and it needs no farewell: leave.
		return nil
	case err := <-started:
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
	}
	if err := announce(os.Stdout, opts); err != nil {
		return err
	}
	<-ctx.Done()
	cancel() // a second signal ends the process at once
	return stack.stop(stopTimeout)
}

// announce prints the ready line.
func announce(w io.Writer, opts options) error {
	line := struct {
		Ready     bool   `json:"ready"`
		Address   string `json:"address"`
		UIAddress string `json:"ui_address"`
		Namespace string `json:"namespace"`
	}{true, opts.address, opts.uiAddress, opts.namespace}
	if err := json.NewEncoder(w).Encode(line); err != nil {
		return fmt.Errorf("print the ready line: %w", err)
	}
	return nil
}
