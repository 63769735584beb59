package api

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"motcua/api/web"
)

// What a client may take, in bytes and in time.
const (
	maxBody        = 1 << 20
	maxHeader      = 32 << 10
	requestTimeout = 20 * time.Second
)

// Server serves the API and the pages. It is a value: New makes it, Start
// listens, Stop drains, Addr says where.
type Server struct {
	options  Options
	runner   *actRunner
	hub      *hub
	routes   *router
	handler  http.Handler
	site     *web.Site
	http     *http.Server
	listener net.Listener
	failed   chan error
}

// New makes a server that does not listen yet. It refuses missing ports and
// routes without a policy.
func New(o Options) (*Server, error) {
	o = o.withDefaults()
	if err := o.validate(); err != nil {
		return nil, err
	}
	s := &Server{options: o, runner: newActRunner(o.Logger), hub: newHub(o.Feed, o.Logger), failed: make(chan error, 1)}
	if err := s.build(); err != nil {
		return nil, err
	}
	s.http = &http.Server{
		Handler:           s.handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       requestTimeout,
		WriteTimeout:      requestTimeout + 10*time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    maxHeader,
	}
	s.http.RegisterOnShutdown(s.hub.stop) // streams end by themselves only after minutes
	return s, nil
}

// Handler is the server without its listener.
func (s *Server) Handler() http.Handler { return s.handler }

// Routes lists what the server answers to, in the order of registration.
func (s *Server) Routes() []Route { return s.routes.list }

// Start listens on addr and serves until Stop. It returns once the server
// accepts connections.
func (s *Server) Start(ctx context.Context, addr string) error {
	if s.options.DevSignIn {
		if err := loopback(ctx, addr); err != nil {
			return err
		}
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", addr, err)
	}
	s.listener = listener
	s.runner.resume(ctx, resumeEvery, s.options.Acts.ResumeActs)
	go func() {
		if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.failed <- fmt.Errorf("serve on %s: %w", addr, err)
		}
	}()
	return nil
}

// Failed receives the error of a server that stopped by itself.
func (s *Server) Failed() <-chan error { return s.failed }

// Addr is the address the server listens on, empty before Start.
func (s *Server) Addr() string {
	if s.listener == nil {
		return ""
	}
	return s.listener.Addr().String()
}

// Stop lets running requests finish, as long as ctx lasts, then cuts them, and
// with them the work on many dossiers, which stays pending in the ledger.
func (s *Server) Stop(ctx context.Context) error {
	err := s.http.Shutdown(ctx)
	if err != nil {
		_ = s.http.Close() // what is left is cut; the first error says why
	}
	if err = errors.Join(err, s.runner.close(ctx)); err != nil {
		return fmt.Errorf("stop server: %w", err)
	}
	return nil
}

// loopback refuses an address that another machine could reach: on one, the
// development sign-in would let anybody be anybody.
func loopback(ctx context.Context, addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", addr, err)
	}
	ips, err := net.DefaultResolver.LookupIPAddr(ctx, host)
	if host == "" || err != nil || len(ips) == 0 {
		return fmt.Errorf("development sign-in needs a loopback address, not %q", addr)
	}
	for _, ip := range ips {
		if !ip.IP.IsLoopback() {
			return fmt.Errorf("development sign-in needs a loopback address, not %q", addr)
		}
	}
	return nil
}
