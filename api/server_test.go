package api_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/api"
	"motcua/engine"
)

func TestNewNeedsItsPorts(t *testing.T) {
	_, err := api.New(api.Options{})
	for _, port := range []string{"Ledger", "Driver", "Dossiers", "Procedures", "People", "Health"} {
		require.ErrorContains(t, err, port)
	}
}

func TestServer(t *testing.T) {
	s := newSite(t)
	require.Empty(t, s.server.Addr())
	require.NoError(t, s.server.Start(t.Context(), "127.0.0.1:0"))
	address := "http://" + s.server.Addr()

	t.Run("serves", func(t *testing.T) {
		res, err := http.Get(address + "/healthz")
		require.NoError(t, err)
		defer res.Body.Close()
		require.Equal(t, http.StatusOK, res.StatusCode)
	})

	t.Run("answers a large body without reading it", func(t *testing.T) {
		r, err := http.NewRequest(http.MethodPost, address+"/api/v1/dossiers", io.LimitReader(&endless{}, 10<<20))
		require.NoError(t, err)
		r.ContentLength = 10 << 20
		r.Header.Set("Authorization", systemKey)
		r.Header.Set("Expect", "100-continue")
		res, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		defer res.Body.Close()
		require.Equal(t, http.StatusRequestEntityTooLarge, res.StatusCode)
	})

	t.Run("refuses large headers", func(t *testing.T) {
		r, err := http.NewRequest(http.MethodGet, address+"/healthz", nil)
		require.NoError(t, err)
		r.Header.Set("X-Large", strings.Repeat("x", 64<<10))
		res, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		defer res.Body.Close()
		require.Equal(t, http.StatusRequestHeaderFieldsTooLarge, res.StatusCode)
	})

	t.Run("lets running requests finish when it stops", func(t *testing.T) {
		code := s.started()
		entered, leave := make(chan struct{}), make(chan struct{})
		s.hook = func() { close(entered); <-leave }
		answered := make(chan int, 1)
		go func() {
			r, _ := http.NewRequest(http.MethodGet, address+"/api/v1/dossiers/"+code, nil)
			r.Header.Set("Authorization", systemKey)
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				answered <- 0
				return
			}
			defer res.Body.Close()
			answered <- res.StatusCode
		}()
		<-entered
		stopped := make(chan error, 1)
		go func() { stopped <- s.server.Stop(context.WithoutCancel(t.Context())) }()
		require.Eventually(t, func() bool {
			conn, err := net.Dial("tcp", s.server.Addr())
			if err == nil {
				_ = conn.Close()
			}
			return err != nil
		}, 5*time.Second, time.Millisecond, "no new connections")
		close(leave)
		require.Equal(t, http.StatusOK, <-answered)
		require.NoError(t, <-stopped)
	})
}

func TestStopCutsWhatDoesNotEnd(t *testing.T) {
	s := newSite(t)
	code := s.started()
	entered := make(chan struct{})
	release := make(chan struct{})
	defer close(release)
	s.hook = func() { close(entered); <-release }
	require.NoError(t, s.server.Start(t.Context(), "127.0.0.1:0"))
	cut := make(chan error, 1)
	go func() {
		r, _ := http.NewRequest(http.MethodGet, "http://"+s.server.Addr()+"/api/v1/dossiers/"+code, nil)
		r.Header.Set("Authorization", systemKey)
		res, err := http.DefaultClient.Do(r)
		if err == nil {
			_ = res.Body.Close()
		}
		cut <- err
	}()
	<-entered
	now, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, s.server.Stop(now), context.Canceled)
	require.Error(t, <-cut)
}

func TestSignInIsForThisMachineOnly(t *testing.T) {
	for _, addr := range []string{":0", "0.0.0.0:0", "[::]:0", "192.0.2.1:0", "nonsense"} {
		err := newSite(t).server.Start(t.Context(), addr)
		require.Error(t, err, addr)
	}
	require.ErrorContains(t, newSite(t).server.Start(t.Context(), ":0"), "loopback")

	open := newSite(t, func(o *api.Options) { o.DevSignIn = false })
	require.NoError(t, open.server.Start(t.Context(), ":0"), "without the sign-in any address will do")
	require.NoError(t, open.server.Stop(t.Context()))
}

func TestOverload(t *testing.T) {
	s := newSite(t, func(o *api.Options) { o.MaxConcurrent = 1 })
	code := s.started()
	entered, leave := make(chan struct{}), make(chan struct{})
	s.hook = func() { close(entered); <-leave }
	done := make(chan answer)
	go func() { done <- s.get("/api/v1/dossiers/"+code, as(systemKey)) }()
	<-entered
	res := s.get("/api/v1/dossiers", as(systemKey))
	res.refusal(t, http.StatusServiceUnavailable, engine.CodeUnavailable)
	require.NotEmpty(t, res.Header.Get("Retry-After"))
	require.Equal(t, http.StatusOK, s.get("/healthz").StatusCode, "liveness is not load")
	close(leave)
	require.Equal(t, http.StatusOK, (<-done).StatusCode)
	s.hook = nil
	require.Equal(t, http.StatusOK, s.get("/api/v1/dossiers", as(systemKey)).StatusCode)
}

func TestPanic(t *testing.T) {
	for name, thrown := range map[string]func(){
		"a value": func() { panic("citizen " + citizen) },
		"a fault": func() { var none []int; none[len(none)]++ },
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			code := s.started()
			s.hook = thrown
			res := s.get("/api/v1/dossiers/"+code, as(systemKey))
			p := res.refusal(t, http.StatusInternalServerError, engine.CodeInternal)
			require.NotContains(t, p, "detail")
			require.Contains(t, s.log.String(), "msg=panic")
			require.NotContains(t, s.log.String(), citizen)
		})
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/", "/healthz", "/api/v1/me", "/nowhere", "/sign-in"} {
		h := s.get(path).Header
		require.Contains(t, h.Get("Content-Security-Policy"), "script-src 'self'", path)
		require.Contains(t, h.Get("Content-Security-Policy"), "frame-ancestors 'none'", path)
		require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"), path)
		require.Equal(t, "same-origin", h.Get("Referrer-Policy"), path)
	}
}

func TestLog(t *testing.T) {
	s := newSite(t)
	code := s.started()
	s.get("/api/v1/dossiers/"+code+"?", as(systemKey))
	s.get("/api/v1/dossiers?q=H00.101-261117", as(systemKey))
	log := s.log.String()
	require.Contains(t, log, `method=GET route="GET /api/v1/dossiers/{code}" status=200`)
	require.Contains(t, log, "actor=portal")
	require.Regexp(t, "trace_id=[0-9a-f]{32}", log)
	require.Contains(t, log, "dossier="+code+" workflow_id=dossier/"+code)
	s.get("/api/v1/dossiers/Tran-Van-An-"+citizen, as(systemKey))
	log = s.log.String()
	require.Contains(t, log, "status=404")
	for _, kept := range []string{"Trần", "Tran", citizen, "q=", "s3cret"} {
		require.NotContains(t, log, kept)
	}
}
