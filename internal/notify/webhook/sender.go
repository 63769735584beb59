package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"motcua/engine"
)

const (
	sendTimeout = 10 * time.Second
	// maxAnswer is how much of an answer is read; the rest is cut off.
	maxAnswer  = 4 << 10
	maxExcerpt = 200
	maxHeaders = 16 << 10
)

// Options say what a sender may reach beside the public internet.
type Options struct {
	// Allow are networks that may be reached though they are internal: those of
	// other agencies, of this machine in development.
	Allow []netip.Prefix
	// Roots are the authorities trusted for TLS; nil is the system's.
	Roots *x509.CertPool
	// Version is the program's, as subscribers see it.
	Version string
	// Traces makes a span of each request, and Carry tells the subscriber its
	// trace; without the first there is neither.
	Traces trace.TracerProvider
	Carry  propagation.TextMapPropagator
}

// Sender sends deliveries. It is safe for concurrent use.
type Sender struct {
	client  *http.Client
	version string
	now     func() time.Time
}

// New makes a sender.
func New(o Options) *Sender {
	dialer := &net.Dialer{Timeout: sendTimeout / 2, Control: guard{o.Allow}.control}
	transport := &http.Transport{
		// No proxy: it would be what is dialled, and the guard would judge it
		// instead of the subscriber.
		Proxy:                  nil,
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: o.Roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    sendTimeout / 2,
		ResponseHeaderTimeout:  sendTimeout,
		MaxResponseHeaderBytes: maxHeaders,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        30 * time.Second,
		DisableCompression:     true, // an answer is not to unfold beyond what is read
		ForceAttemptHTTP2:      true,
	}
	return &Sender{
		client: &http.Client{
			Transport: o.traced(transport), Timeout: sendTimeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		version: o.Version, now: time.Now,
	}
}

func (o Options) traced(t http.RoundTripper) http.RoundTripper {
	if o.Traces == nil {
		return t
	}
	return otelhttp.NewTransport(t, otelhttp.WithTracerProvider(o.Traces), otelhttp.WithPropagators(o.Carry))
}

// Send sends a delivery once and says what became of it. It takes ten seconds
// at most.
func (s *Sender) Send(ctx context.Context, d engine.Delivery) engine.Attempt {
	a := engine.Attempt{Delivery: d.ID, Number: d.Attempts, At: s.now()}
	req, err := s.request(ctx, d, a.At)
	if err != nil {
		a.Failure = engine.FailedInternal
		return a
	}
	res, err := s.client.Do(req)
	if err != nil {
		a.Latency, a.Failure = s.now().Sub(a.At), classOf(err)
		return a
	}
	defer func() { _ = res.Body.Close() }()
	answer, _ := io.ReadAll(io.LimitReader(res.Body, maxAnswer)) // a body that breaks off changes nothing of the status
	a.Latency, a.Status = s.now().Sub(a.At), res.StatusCode
	switch {
	case a.Status >= 200 && a.Status < 300:
	case a.Status >= 300 && a.Status < 400:
		a.Failure = engine.FailedRedirect
	default:
		a.Failure, a.Excerpt, a.Asked = engine.FailedStatus, excerpt(answer), retryAfter(res.Header)
	}
	return a
}

func (s *Sender) request(ctx context.Context, d engine.Delivery, at time.Time) (*http.Request, error) {
	text, err := body(d.Announcement)
	if err != nil {
		return nil, err
	}
	signature, err := signatures(d, at, text)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.URL, bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", mediaType)
	req.Header.Set("User-Agent", "motcua/"+s.version)
	req.Header.Set(standardwebhooks.HeaderWebhookID, d.Announcement.ID)
	req.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	req.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	return req, nil
}

// signatures signs by every valid secret, so that a subscriber in the middle of
// a rotation finds the one it knows.
func signatures(d engine.Delivery, at time.Time, text []byte) (string, error) {
	var out []string
	for _, secret := range d.Secrets {
		hook, err := standardwebhooks.NewWebhookRaw(secret)
		if err != nil {
			return "", err
		}
		signature, err := hook.Sign(d.Announcement.ID, at, text)
		if err != nil {
			return "", err
		}
		out = append(out, signature)
	}
	if len(out) == 0 {
		return "", errors.New("the subscription has no valid secret")
	}
	return strings.Join(out, " "), nil
}

// classOf names what kept a request from being answered. The words of the error
// may hold addresses, so only its class goes on.
func classOf(err error) string {
	var refused *refusedError
	var name *net.DNSError
	var network net.Error
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &refused):
		return engine.FailedAddress
	case errors.As(err, &certificate), errors.As(err, &record), strings.Contains(err.Error(), "tls: "), errors.Is(err, http.ErrSchemeMismatch):
		return engine.FailedTLS
	case errors.As(err, &name) && !name.IsTimeout:
		return engine.FailedResolve
	case errors.As(err, &network) && network.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return engine.FailedTimeout
	}
	return engine.FailedConnect
}

// retryAfter is what a subscriber asks to be left alone for, in seconds, up to
// an hour; 0 where it does not.
func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, time.Hour)
}

// excerpt is the beginning of an answer as printable text.
func excerpt(answer []byte) string {
	out := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, string(answer))
	if runes := []rune(out); len(runes) > maxExcerpt {
		return string(runes[:maxExcerpt])
	}
	return out
}
