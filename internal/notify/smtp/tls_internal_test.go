package smtp

import (
	"context"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"testing"

	gosmtp "github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"motcua/engine"
)

// open is a session of a server that offers no TLS; it counts the senders it
// was told.
type open struct{ told *atomic.Int32 }

func (o open) Mail(string, *gosmtp.MailOptions) error { o.told.Add(1); return nil }
func (o open) Rcpt(string, *gosmtp.RcptOptions) error { return nil }
func (o open) Data(r io.Reader) error                 { _, err := io.Copy(io.Discard, r); return err }
func (o open) Reset()                                 {}
func (o open) Logout() error                          { return nil }

// TestStartTLSIsRequired: a server elsewhere that offers no TLS is told
// nothing; one on this machine is.
func TestStartTLSIsRequired(t *testing.T) {
	t.Parallel()
	var told atomic.Int32
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := gosmtp.NewServer(gosmtp.BackendFunc(func(*gosmtp.Conn) (gosmtp.Session, error) { return open{&told}, nil }))
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, l.Addr().String())
	}
	send := func(url string) error {
		m, err := New(Options{URL: url, From: "no-reply@example.vn", dial: dial})
		require.NoError(t, err)
		return m.Mail(t.Context(), engine.Mail{Address: "lan@example.vn", Notices: []engine.MailNotice{{}}})
	}
	for _, url := range []string{"smtp://u:p@mail.example.vn", "smtp://mail.example.vn:25"} {
		var u *engine.Undelivered
		require.True(t, errors.As(send(url), &u), url)
		require.Equal(t, engine.Undelivered{Class: "connect"}, *u)
	}
	require.Zero(t, told.Load())
	require.NoError(t, send("smtp://localhost:2525"))
	require.Equal(t, int32(1), told.Load())
}
