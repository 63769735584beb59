package smtp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"

	mail "github.com/wneessen/go-mail"

	"motcua/engine"
)

// timeout is how long handing over one mail may take.
const timeout = 20 * time.Second

// Options say which server mails are handed to, and how they are worded.
type Options struct {
	// URL is smtp://user:password@host:587, on which STARTTLS is required unless
	// the host is this machine, or smtps://…:465, which begins with TLS.
	URL string
	// From is the sender, such as "Một cửa <no-reply@example.vn>".
	From string
	// PublicURL is where the pages are; without it mails have no links.
	PublicURL string
	// Templates is a directory of templates that win over those of the program.
	Templates string

	dial  mail.DialContextFunc // tests reach a server under another name,
	roots *x509.CertPool       // and trust its certificate
}

// Mailer hands mails to a server. It keeps no connection.
type Mailer struct {
	letters *letters
	from    *netmail.Address
	host    string
	options []mail.Option
}

// New makes a mailer; it does not connect. Errors: an address or a template
// that cannot be used. They do not repeat the URL, which may hold a password.
func New(o Options) (*Mailer, error) {
	u, err := url.Parse(o.URL)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errors.New("the mail server is not an address such as smtp://user:password@mail.example.vn:587")
	}
	from, err := netmail.ParseAddress(o.From)
	if err != nil {
		return nil, errors.New("the sender is not an address such as no-reply@example.vn")
	}
	letters, err := newLetters(o.Templates, strings.TrimSuffix(o.PublicURL, "/"))
	if err != nil {
		return nil, err
	}
	m := &Mailer{letters: letters, from: from, host: u.Hostname()}
	m.options, err = connection(u, o)
	return m, err
}

// connection is how the server is reached. Without TLS anybody on the way reads
// the password and the mails, so only this machine is spoken to in the open.
func connection(u *url.URL, o Options) ([]mail.Option, error) {
	port, policy := 587, mail.TLSMandatory
	config := &tls.Config{ServerName: u.Hostname(), RootCAs: o.roots, MinVersion: tls.VersionTLS12}
	d := dialer{dial: o.dial}
	if u.Scheme == "smtps" {
		port, policy, d.config = 465, mail.TLSOpportunistic, config // there is TLS already
	} else if ip := net.ParseIP(u.Hostname()); u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
		policy = mail.TLSOpportunistic
	}
	if text := u.Port(); text != "" {
		n, err := strconv.ParseUint(text, 10, 16)
		if err != nil {
			return nil, errors.New("the mail server's port is not a number")
		}
		port = int(n)
	}
	options := []mail.Option{
		mail.WithTimeout(timeout), mail.WithTLSPolicy(policy), mail.WithTLSConfig(config), mail.WithPort(port), mail.WithDialContextFunc(d.connect),
	}
	if password, ok := u.User.Password(); ok {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(u.User.Username()), mail.WithPassword(password))
	}
	return options, nil
}

// Mail hands a mail to the server. Errors: *engine.Undelivered.
func (s *Mailer) Mail(ctx context.Context, m engine.Mail) error {
	msg, err := s.message(m)
	if err != nil {
		return err
	}
	client, err := mail.NewClient(s.host, s.options...)
	if err != nil {
		return &engine.Undelivered{Class: "setup"}
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	err = client.DialAndSendWithContext(ctx, msg)
	if err == nil || msg.IsDelivered() { // taken, whatever was said in parting
		return nil
	}
	return classed(err)
}

// message writes the mail. Its Message-ID is the same whenever it is sent
// again, so that a receiver can drop what it has.
func (s *Mailer) message(m engine.Mail) (*mail.Msg, error) {
	subject, body, err := s.letters.write(m)
	if err != nil {
		return nil, &engine.Undelivered{Class: "template", Final: true}
	}
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := msg.FromFormat(s.from.Name, s.from.Address); err != nil {
		return nil, &engine.Undelivered{Class: "sender"}
	}
	if err := msg.To(m.Address); err != nil {
		return nil, &engine.Undelivered{Class: "address", Final: true}
	}
	_, domain, _ := strings.Cut(s.from.Address, "@")
	msg.SetMessageIDWithValue(fmt.Sprintf("motcua.%d.%d@%s", m.ID, m.CreatedAt.Unix(), domain))
	msg.SetDate()
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.Subject(subject)
	msg.SetBodyString(mail.TypeTextPlain, body)
	return msg, nil
}

// classed says of an error whether trying again may help, without the server's
// words. Only what the server says for good of this recipient or this mail is
// final: a wrong password or sender is put right, and the mail goes then.
func classed(err error) *engine.Undelivered {
	var refused *mail.SendError
	if errors.As(err, &refused) {
		code := refused.ErrorCode()
		u := &engine.Undelivered{Class: "send"}
		if code > 0 {
			u.Class = "smtp-" + strconv.Itoa(code)
		}
		switch refused.Reason {
		case mail.ErrSMTPRcptTo, mail.ErrSMTPData, mail.ErrSMTPDataClose:
			u.Final = code >= 500
		default: // the server's state or ours, not the mail
		}
		return u
	}
	var said *textproto.Error
	if errors.As(err, &said) {
		return &engine.Undelivered{Class: "smtp-" + strconv.Itoa(said.Code)}
	}
	return &engine.Undelivered{Class: "connect"}
}
