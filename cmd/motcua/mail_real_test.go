package main

import (
	"bytes"
	"io"
	"log/slog"
	"mime/quotedprintable"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"motcua/engine"
	"motcua/internal/config"
	"motcua/internal/postgres/pgtest"
)

// planted is what no mail and no log may hold.
const planted = "Nguyễn Thị Bí Mật"

// mailServer is a mail server on TCP, with the recipients it refuses.
type mailServer struct {
	mu      sync.Mutex
	mails   map[string][]string // by recipient
	refuses map[string]int
}

// hear serves on an address until the test is over.
func (m *mailServer) hear(t *testing.T, address string) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
	require.NoError(t, err)
	s := gosmtp.NewServer(gosmtp.BackendFunc(func(*gosmtp.Conn) (gosmtp.Session, error) { return &mailSession{mailServer: m}, nil }))
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
}

func (m *mailServer) got(recipient string) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.mails[recipient])
}

func (m *mailServer) refuse(recipient string, code int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.refuses[recipient] = code
}

type mailSession struct {
	*mailServer
	to string
}

func (s *mailSession) Reset()                                 {}
func (s *mailSession) Logout() error                          { return nil }
func (s *mailSession) Mail(string, *gosmtp.MailOptions) error { return nil }

func (s *mailSession) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.to = to
	if code := s.refuses[to]; code > 0 {
		return &gosmtp.SMTPError{Code: code, EnhancedCode: gosmtp.EnhancedCode{code / 100, 0, 0}, Message: to + " refused"}
	}
	return nil
}

func (s *mailSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails[s.to] = append(s.mails[s.to], string(raw))
	return err
}

// TestOfficersAreMailed: what a worker with a mail server does with what
// officers are told, while the server is away, refuses for now and for good.
func TestOfficersAreMailed(t *testing.T) {
	ctx := t.Context()
	url := pgtest.URL(t)
	var log safeBuffer
	p, err := newParts(ctx, "api", url, client.Options{HostPort: "127.0.0.1:1"}, pgtest.Keys(), config.Config{}, slog.New(slog.NewTextHandler(&log, nil)))
	require.NoError(t, err)
	t.Cleanup(p.close)
	organisations, err := seed(ctx, p.ledger)
	require.NoError(t, err)
	ward := organisations[slices.IndexFunc(organisations, func(o engine.Organisation) bool { return o.Agency.Code == "H00.101" })]
	watchers := []string{"hai.hoang", "son.dang", "thu.bui"}
	for i := range ward.Officers {
		if o := &ward.Officers[i]; slices.Contains(watchers, o.ID) {
			o.Email = o.ID + "@example.vn"
		}
	}
	require.NoError(t, p.ledger.PutOrganisation(ctx, ward))
	_, lan, err := p.ledger.Officer(ctx, "lan.nguyen")
	require.NoError(t, err)
	started, err := p.ledger.Start(ctx, engine.StartRequest{
		Key: "k", Digest: "k", Procedure: "2.000908", Agency: "H00.101", Channel: "direct", Components: []string{"request"}, Actor: lan,
		Applicant: engine.Applicant{Name: planted}, Fields: map[string]any{"original.kind": "Giấy khai sinh", "copies": 2},
	})
	require.NoError(t, err)
	for _, id := range watchers {
		_, a, err := p.ledger.Officer(ctx, id)
		require.NoError(t, err)
		require.NoError(t, p.ledger.Watch(ctx, a, started.Code, true))
	}

	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := l.Addr().String()
	require.NoError(t, l.Close())
	office := &mailServer{mails: map[string][]string{}, refuses: map[string]int{}}
	office.refuse("son.dang@example.vn", 451)
	office.refuse("thu.bui@example.vn", 550)
	stop, err := p.mail(ctx, config.Config{Mail: config.Mail{SMTPURL: "smtp://" + address, SMTPFrom: "Một cửa <no-reply@example.vn>"}, SignIn: config.SignIn{PublicURL: "https://motcua.example.vn"}})
	require.NoError(t, err)
	t.Cleanup(stop)

	_, err = p.ledger.Submit(ctx, engine.Command{ID: "c1", Event: "accept", Dossier: started.Code, Actor: lan, Comment: "hẹn " + planted})
	require.NoError(t, err)
	out, err := p.ledger.Fire(ctx, started.Code, "c1")
	require.NoError(t, err)
	require.Nil(t, out.Refusal)
	pool := pgtest.Open(t, url)
	hurry := func() {
		_, err := pool.Exec(ctx, `UPDATE notification_deliveries SET next_at = now() WHERE state = 'pending'`)
		require.NoError(t, err)
	}
	became := func(officer string, state engine.MailState, class string) func() bool {
		return func() bool {
			list, err := p.ledger.MailDeliveries(ctx, engine.MailLog{Agency: "H00.101"})
			return err == nil && slices.ContainsFunc(list, func(d engine.MailDelivery) bool { return d.Officer == officer && d.State == state && d.Error == class })
		}
	}
	eventually := func(condition func() bool) { require.Eventually(t, condition, 30*time.Second, 50*time.Millisecond) }

	hurry()
	for _, officer := range watchers {
		eventually(became(officer, engine.MailPending, "connect"))
	}
	office.hear(t, address)
	hurry()
	eventually(became("hai.hoang", engine.MailSent, ""))
	eventually(became("son.dang", engine.MailPending, "smtp-451"))
	eventually(became("thu.bui", engine.MailDead, "smtp-550"))
	office.refuse("son.dang@example.vn", 0)
	hurry()
	eventually(became("son.dang", engine.MailSent, ""))

	require.Len(t, office.got("hai.hoang@example.vn"), 1)
	require.Len(t, office.got("son.dang@example.vn"), 1)
	require.Empty(t, office.got("thu.bui@example.vn"))
	mail := office.got("hai.hoang@example.vn")[0]
	require.Regexp(t, `Subject:\s+=\?UTF-8\?q\?`, mail)
	_, body, _ := strings.Cut(mail, "\r\n\r\n")
	text, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(body)))
	require.NoError(t, err)
	require.Contains(t, string(text), "https://motcua.example.vn/dossiers/"+started.Code)
	require.Contains(t, string(text), "Kính gửi", "it is read as it is meant")
	require.NotContains(t, string(text), planted)
	require.NotContains(t, string(text), "hẹn ", "what officers wrote stays in the dossier")
	require.NotContains(t, log.String(), planted)
	require.NotContains(t, log.String(), "@example.vn", "logs name officers, not their addresses")
}

// safeBuffer is a log that several write.
type safeBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
