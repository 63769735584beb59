package smtp_test

import (
	"io"
	"mime"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"

	"net"

	gosmtp "github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
)

// received is a mail as the server took it.
type received struct {
	to  string
	msg *netmail.Message
	raw string
}

func (r received) subject(t *testing.T) string {
	t.Helper()
	s, err := new(mime.WordDecoder).DecodeHeader(r.msg.Header.Get("Subject"))
	require.NoError(t, err)
	return s
}

// postOffice is a mail server on TCP that answers recipients as it is told.
type postOffice struct {
	mu      sync.Mutex
	mails   []received
	refuses map[string]*gosmtp.SMTPError
	addr    string
}

func (o *postOffice) list() []received {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]received{}, o.mails...)
}

func open(t *testing.T) *postOffice {
	t.Helper()
	o := &postOffice{refuses: map[string]*gosmtp.SMTPError{}}
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	o.addr = l.Addr().String()
	s := gosmtp.NewServer(gosmtp.BackendFunc(func(*gosmtp.Conn) (gosmtp.Session, error) { return &counter{office: o}, nil }))
	s.Domain = "localhost"
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.Serve(l)
	}()
	t.Cleanup(func() { _ = s.Close(); <-done })
	return o
}

type counter struct {
	office *postOffice
	to     string
}

func (c *counter) Reset()        {}
func (c *counter) Logout() error { return nil }

func (c *counter) Mail(string, *gosmtp.MailOptions) error { return nil }

func (c *counter) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	c.office.mu.Lock()
	defer c.office.mu.Unlock()
	c.to = to
	if refusal, ok := c.office.refuses[to]; ok {
		return refusal
	}
	return nil
}

func (c *counter) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := netmail.ReadMessage(strings.NewReader(string(raw)))
	if err != nil {
		return err
	}
	c.office.mu.Lock()
	defer c.office.mu.Unlock()
	c.office.mails = append(c.office.mails, received{to: c.to, msg: m, raw: string(raw)})
	return nil
}
