package smtp

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"motcua/engine"
)

// office is a mail server that asks for a password and writes down what it is
// told, and whether that was encrypted.
type office struct {
	addr  string
	roots *x509.CertPool

	mu        sync.Mutex
	passwords []string
	taken     int
	open      int // senders and passwords told without TLS
}

type visit struct {
	*office
	conn *gosmtp.Conn
}

// hear counts what is said in the open.
func (v visit) hear(said func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if _, encrypted := v.conn.TLSConnectionState(); !encrypted {
		v.open++
	}
	said()
}

func (v visit) AuthMechanisms() []string { return []string{sasl.Plain} }

func (v visit) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		v.hear(func() { v.passwords = append(v.passwords, user+" "+password) })
		if password != "hush" {
			return &gosmtp.SMTPError{Code: 535, EnhancedCode: gosmtp.EnhancedCode{5, 7, 8}, Message: "no"}
		}
		return nil
	}), nil
}

func (v visit) Mail(string, *gosmtp.MailOptions) error { v.hear(func() {}); return nil }
func (v visit) Rcpt(string, *gosmtp.RcptOptions) error { return nil }
func (v visit) Reset()                                 {}
func (v visit) Logout() error                          { return nil }

func (v visit) Data(r io.Reader) error {
	v.hear(func() { v.taken++ })
	_, err := io.Copy(io.Discard, r)
	return err
}

// certificate is one for a name, of an authority that nobody but roots knows.
func certificate(t *testing.T, name string) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}

// openOffice opens one with a certificate for a name, or for none without TLS;
// at once says that connections begin with TLS.
func openOffice(t *testing.T, name string, atOnce bool) *office {
	t.Helper()
	o := &office{}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	o.addr = l.Addr().String()
	s := gosmtp.NewServer(gosmtp.BackendFunc(func(c *gosmtp.Conn) (gosmtp.Session, error) { return visit{o, c}, nil }))
	s.Domain, s.AllowInsecureAuth, s.ErrorLog = "localhost", true, silent{}
	if name != "" {
		var own tls.Certificate
		own, o.roots = certificate(t, name)
		s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{own}, MinVersion: tls.VersionTLS12}
	}
	if atOnce {
		l = tls.NewListener(l, s.TLSConfig)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.Serve(l)
	}()
	t.Cleanup(func() { _ = s.Close(); <-done })
	return o
}

// silent is a log of failed handshakes that nobody reads.
type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}

// send mails by a URL whose host leads to the office, trusting roots.
func (o *office) send(t *testing.T, url string, roots *x509.CertPool) error {
	t.Helper()
	m, err := New(Options{URL: url, From: "no-reply@example.vn", roots: roots, dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, o.addr)
	}})
	require.NoError(t, err)
	return m.Mail(t.Context(), engine.Mail{Address: "lan@example.vn", Notices: []engine.MailNotice{{}}})
}

func requireClass(t *testing.T, class string, err error) {
	t.Helper()
	var u *engine.Undelivered
	require.ErrorAs(t, err, &u)
	require.Equal(t, engine.Undelivered{Class: class}, *u, "it is tried again")
}

const server = "mail.example.vn"

func TestStartTLS(t *testing.T) {
	t.Parallel()
	t.Run("what is said is said encrypted, the password too", func(t *testing.T) {
		t.Parallel()
		o := openOffice(t, server, false)
		require.NoError(t, o.send(t, "smtp://bot:hush@mail.example.vn:587", o.roots))
		require.Equal(t, []string{"bot hush"}, o.passwords)
		require.Equal(t, 1, o.taken)
		require.Zero(t, o.open)
		requireClass(t, "smtp-535", o.send(t, "smtp://bot:wrong@mail.example.vn:587", o.roots))
		require.Equal(t, 1, o.taken)
	})
	t.Run("smtps begins with it", func(t *testing.T) {
		t.Parallel()
		o := openOffice(t, server, true)
		require.NoError(t, o.send(t, "smtps://bot:hush@mail.example.vn:465", o.roots))
		require.Equal(t, []string{"bot hush"}, o.passwords)
		require.Equal(t, 1, o.taken)
		require.Zero(t, o.open)
		requireClass(t, "connect", o.send(t, "smtps://bot:hush@mail.example.vn:465", nil))
	})
	t.Run("a certificate nobody vouches for, or for another name, is told nothing", func(t *testing.T) {
		t.Parallel()
		o, other := openOffice(t, server, false), openOffice(t, "other.example.vn", false)
		_, strangers := certificate(t, server)
		requireClass(t, "connect", o.send(t, "smtp://bot:hush@mail.example.vn:587", strangers))
		requireClass(t, "connect", o.send(t, "smtp://bot:hush@mail.example.vn:587", nil))
		requireClass(t, "connect", other.send(t, "smtp://bot:hush@mail.example.vn:587", other.roots))
		for _, o := range []*office{o, other} {
			require.Empty(t, o.passwords)
			require.Zero(t, o.taken)
			require.Zero(t, o.open)
		}
	})
}

// TestStartTLSIsRequired: a server elsewhere that offers no TLS is told
// nothing; one on this machine is told mails, and no password.
func TestStartTLSIsRequired(t *testing.T) {
	t.Parallel()
	o := openOffice(t, "", false)
	for _, url := range []string{"smtp://bot:hush@mail.example.vn", "smtp://mail.example.vn:25"} {
		requireClass(t, "connect", o.send(t, url, nil))
	}
	require.Zero(t, o.open)
	require.NoError(t, o.send(t, "smtp://localhost:2525", nil))
	require.Equal(t, 1, o.taken)
	for _, url := range []string{"smtp://bot:hush@localhost:2525", "smtp://bot:hush@127.0.0.1:2525"} {
		requireClass(t, "connect", o.send(t, url, nil))
	}
	require.Empty(t, o.passwords, "a password is never said in the open")
	require.Equal(t, 1, o.taken)
}

// TestSilence: a server that takes the connection and says nothing is given up
// in time, whatever is waited for.
func TestSilence(t *testing.T) {
	t.Parallel()
	for url, says := range map[string]string{
		"smtp://localhost":        "",
		"smtps://localhost":       "",
		"smtp://mail.example.vn":  "220 hello\r\n250-hello\r\n250 STARTTLS\r\n220 go ahead\r\n",
		"smtp://u:p@127.0.0.1:25": "220 hello\r\n250-hello\r\n250 AUTH CRAM-MD5\r\n",
	} {
		l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
		require.NoError(t, err)
		t.Cleanup(func() { _ = l.Close() })
		go func() {
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				_, _ = io.WriteString(conn, says)
				t.Cleanup(func() { _ = conn.Close() })
			}
		}()
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		m, err := New(Options{URL: url, From: "no-reply@example.vn", dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, l.Addr().String())
		}})
		require.NoError(t, err)
		requireClass(t, "connect", m.Mail(ctx, engine.Mail{Address: "lan@example.vn", Notices: []engine.MailNotice{{}}}))
	}
}
