package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.temporal.io/server/temporal"
)

// options are the command line, checked and with every port chosen.
type options struct {
	databaseURL   string
	address       string
	uiAddress     string
	namespace     string
	retention     time.Duration
	services      []string
	hostIP        string
	historyShards int
	maxConns      int
	logLevel      string
	exitWithStdin bool
}

// databaseURLEnv keeps a password off the command line, which everybody on the machine can read.
const databaseURLEnv = "MOTCUA_TEMPORAL_DATABASE_URL"

const usage = `Runs a private Temporal server on PostgreSQL, for development and tests.

  motcua-temporal --database-url postgres://postgres:secret@127.0.0.1:5432/postgres

The databases "temporal" and "temporal_visibility" are created and brought up to date in that
cluster. One JSON line on standard output tells that workflows can be started; logs go to standard
error. SIGTERM and SIGINT stop the server cleanly; after kill -9 the same command carries on.

Flags:
`

// parseOptions reads the command line; flag.ErrHelp means that help was asked for and printed.
func parseOptions(args []string, output io.Writer) (options, error) {
	var o options
	var services string
	fs := flag.NewFlagSet("motcua-temporal", flag.ContinueOnError)
	fs.SetOutput(output)
	fs.Usage = func() {
		fmt.Fprint(output, usage)
		fs.PrintDefaults()
	}
	fs.StringVar(&o.databaseURL, "database-url", "", "postgres URL of the cluster's maintenance database, over TCP or a unix socket (default $"+databaseURLEnv+")")
	fs.StringVar(&o.address, "address", "127.0.0.1:7233", "gRPC address of the frontend; port 0 takes a free one")
	fs.StringVar(&o.uiAddress, "ui-address", "", "address of the web UI; empty runs none, port 0 takes a free one")
	fs.StringVar(&o.namespace, "namespace", "motcua", "namespace registered when missing")
	fs.DurationVar(&o.retention, "retention", 168*time.Hour, "how long the namespace keeps closed workflows, when it is registered")
	fs.StringVar(&services, "services", strings.Join(temporal.DefaultServices, ","), "services run by this process; those run apart find each other through the database, on ports derived from --address")
	fs.StringVar(&o.hostIP, "host-ip", loopback, "IP of this process when services run apart; a second host of one service takes another, such as 127.0.0.2")
	fs.IntVar(&o.historyShards, "history-shards", 4, "history shards; fixed for ever by the first start on a database")
	fs.IntVar(&o.maxConns, "max-conns", 40, "PostgreSQL connections of each service to its store; idle ones are closed")
	fs.StringVar(&o.logLevel, "log-level", "warn", "debug, info, warn or error")
	fs.BoolVar(&o.exitWithStdin, "exit-with-stdin", false, "exit once standard input ends, so that a killed parent leaves no orphan")
	if err := fs.Parse(args); err != nil {
		return options{}, err
	}
	if fs.NArg() > 0 {
		return options{}, fmt.Errorf("unexpected argument %q", fs.Arg(0))
	}
	if o.databaseURL == "" {
		o.databaseURL = os.Getenv(databaseURLEnv)
	}
	o.services = strings.Split(services, ",")
	return o, o.complete()
}

// complete checks the options and replaces port 0 by a free port.
func (o *options) complete() error {
	if o.databaseURL == "" {
		return errors.New("--database-url or " + databaseURLEnv + " is required")
	}
	if u, err := url.Parse(o.databaseURL); err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
		return errors.New("--database-url must be a postgres:// URL") // never echoed: it may hold a password
	}
	for _, service := range o.services {
		if !slices.Contains(temporal.DefaultServices, service) {
			return fmt.Errorf("--services: %q is none of %s", service, strings.Join(temporal.DefaultServices, ", "))
		}
	}
	if o.historyShards < 1 || o.maxConns < 1 {
		return errors.New("--history-shards and --max-conns must be at least 1")
	}
	var err error
	if o.address, err = chooseAddress(o.address); err != nil {
		return fmt.Errorf("--address: %w", err)
	}
	if o.uiAddress == "" {
		return nil
	}
	if o.uiAddress, err = chooseAddress(o.uiAddress); err != nil {
		return fmt.Errorf("--ui-address: %w", err)
	}
	return nil
}

// alone says whether this process is the whole cluster.
func (o *options) alone() bool { return len(o.services) == len(temporal.DefaultServices) }

// chooseAddress resolves the host to an IP and port 0 to a free port.
func chooseAddress(address string) (string, error) {
	tcp, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		return "", fmt.Errorf("resolve %q: %w", address, err)
	}
	if tcp.IP == nil {
		return "", fmt.Errorf("%q names no host; 127.0.0.1 keeps it private", address)
	}
	if tcp.Port == 0 {
		if tcp.Port, err = freePort(); err != nil {
			return "", err
		}
	}
	return net.JoinHostPort(tcp.IP.String(), strconv.Itoa(tcp.Port)), nil
}

// freePort returns a loopback port nobody listens on.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
