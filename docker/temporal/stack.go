package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	ui "github.com/temporalio/ui-server/v2/server"
	uiconfig "github.com/temporalio/ui-server/v2/server/config"
	uioptions "github.com/temporalio/ui-server/v2/server/server_options"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/primitives"
	"go.temporal.io/server/temporal"
)

// stack is the server with its web UI.
type stack struct {
	opts   options
	logger log.Logger
	server temporal.Server
	ui     *ui.Server
	lock   *pgx.Conn
}

func newStack(opts options) *stack {
	zap := log.BuildZapLogger(log.Config{Level: opts.logLevel, Format: "console"}) // writes to standard error
	return &stack{opts: opts, logger: log.NewZapLogger(zap)}
}

// start returns once the namespace can be used, or with the reason why it cannot.
func (s *stack) start(ctx context.Context) error {
	if err := prepareDatabases(ctx, s.opts, s.logger); err != nil {
		return err
	}
	var err error
	if s.lock, err = holdCluster(ctx, s.opts); err != nil {
		return err
	}
	cfg, hosts, err := serverConfig(s.opts)
	if err != nil {
		return err
	}
	s.server, err = temporal.NewServer(
		temporal.WithConfig(cfg),
		temporal.ForServices(s.opts.services),
		temporal.WithStaticHosts(hosts),
		temporal.WithDynamicConfigClient(dynamicConfig()),
		temporal.WithLogger(s.logger),
	)
	if err != nil {
		return fmt.Errorf("assemble the server: %w", err)
	}
	if err := s.server.Start(); err != nil {
		return fmt.Errorf("start the server: %w", err)
	}
	if err := waitUsable(ctx, s.opts); err != nil {
		return err
	}
	return s.startUI(ctx)
}

// startUI serves the web UI beside the frontend, and returns once it answers. A UI that cannot
// listen ends the process by itself.
func (s *stack) startUI(ctx context.Context) error {
	if s.opts.uiAddress == "" || !slices.Contains(s.opts.services, string(primitives.FrontendService)) {
		return nil
	}
	host, port := splitAddress(s.opts.uiAddress)
	s.ui = ui.NewServer(uioptions.WithConfigProvider(&uiconfig.Config{
		TemporalGRPCAddress: dialAddress(s.opts.address),
		Host:                host,
		Port:                port,
		EnableUI:            true,
		DefaultNamespace:    s.opts.namespace,
		DisableNewsFetch:    true,
		HideLogs:            true, // its logs would go to standard output
		CORS:                uiconfig.CORS{CookieInsecure: true},
	}))
	go func() { _ = s.ui.Start() }()
	return until(ctx, func(ctx context.Context) error {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", dialAddress(s.opts.uiAddress))
		if err != nil {
			return err
		}
		return conn.Close()
	})
}

// stop ends the UI, then the services; it gives up after the timeout.
func (s *stack) stop(timeout time.Duration) error {
	defer func() { _ = s.lock.Close(context.Background()) }()
	if s.ui != nil {
		s.ui.Stop()
	}
	stopped := make(chan error, 1)
	go func() { stopped <- s.server.Stop() }()
	select {
	case err := <-stopped:
		return err
	case <-time.After(timeout):
		return errors.New("the server did not stop in time; left as after a crash")
	}
}
