package webhook_test

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/internal/notify/webhook"
)

var announcement = engine.Announcement{
	ID: "msg_abc", Type: engine.AnnouncedPortal, Agency: "H00.101", Dossier: "H00.101-261123-0001", Seq: 7,
	Time: time.Date(2026, time.November, 23, 8, 0, 0, 0, time.UTC),
	Data: engine.Announced{Dossier: "H00.101-261123-0001", Seq: 7, State: "accepted", Portal: engine.PortalRef{Code: 2, Name: engine.PortalAccepted.Name(), Previous: 1}},
}

func delivery(url string, secrets ...string) engine.Delivery {
	d := engine.Delivery{ID: 1, Webhook: "w", URL: url, Announcement: announcement, Attempts: 3}
	for _, s := range secrets {
		d.Secrets = append(d.Secrets, []byte(s))
	}
	return d
}

// shown is a secret as a subscriber was given it.
func shown(secret string) string {
	return engine.SecretPrefix + base64.StdEncoding.EncodeToString([]byte(secret))
}

func sender(t *testing.T, roots *x509.CertPool, allow ...string) *webhook.Sender {
	t.Helper()
	o := webhook.Options{Roots: roots, Version: "test"}
	for _, network := range allow {
		o.Allow = append(o.Allow, netip.MustParsePrefix(network))
	}
	return webhook.New(o)
}

// received is what a subscriber got.
type received struct {
	header http.Header
	body   []byte
}

func subscriber(t *testing.T, answer http.HandlerFunc) (*httptest.Server, func() received) {
	t.Helper()
	got := make(chan received, 10)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- received{r.Header.Clone(), body}
		if answer != nil {
			answer(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s, func() received { return <-got }
}

const (
	older = "the older secret of 32 bytes ...."
	newer = "the newer secret of 32 bytes ...."
	other = "somebody else's secret of 32 b..."
)

func TestSendSigns(t *testing.T) {
	t.Parallel()
	s, got := subscriber(t, nil)
	attempt := sender(t, nil, "127.0.0.0/8").Send(t.Context(), delivery(s.URL, newer, older))
	require.True(t, attempt.Delivered(), attempt.Why())
	require.Equal(t, http.StatusOK, attempt.Status)
	require.Equal(t, 3, attempt.Number)
	r := got()
	require.Equal(t, "msg_abc", r.header.Get("webhook-id"))
	require.Len(t, strings.Fields(r.header.Get("webhook-signature")), 2)
	for secret, knows := range map[string]bool{newer: true, older: true, other: false} {
		hook, err := standardwebhooks.NewWebhook(shown(secret))
		require.NoError(t, err)
		require.Equal(t, knows, hook.Verify(r.body, r.header) == nil, "a rotation has two valid secrets")
	}
	hook, err := standardwebhooks.NewWebhook(shown(newer))
	require.NoError(t, err)
	tampered := strings.Replace(string(r.body), "accepted", "returned", 1)
	require.ErrorIs(t, hook.Verify([]byte(tampered), r.header), standardwebhooks.ErrNoMatchingSignature)
	renamed := r.header.Clone()
	renamed.Set("webhook-id", "msg_other")
	require.ErrorIs(t, hook.Verify(r.body, renamed), standardwebhooks.ErrNoMatchingSignature)
	old := r.header.Clone()
	old.Set("webhook-timestamp", "1700000000")
	require.ErrorIs(t, hook.Verify(r.body, old), standardwebhooks.ErrMessageTooOld)
}

func TestSendWritesACloudEvent(t *testing.T) {
	t.Parallel()
	s, got := subscriber(t, nil)
	send := sender(t, nil, "127.0.0.0/8")
	require.True(t, send.Send(t.Context(), delivery(s.URL, newer)).Delivered())
	first := got()
	require.Equal(t, "application/cloudevents+json", first.header.Get("Content-Type"))
	var e event.Event
	require.NoError(t, e.UnmarshalJSON(first.body))
	require.NoError(t, e.Validate())
	require.Equal(t, "1.0", e.SpecVersion())
	require.Equal(t, "msg_abc", e.ID())
	require.Equal(t, "vn.motcua.portal.status", e.Type())
	require.Equal(t, "/agencies/H00.101", e.Source())
	require.Equal(t, "H00.101-261123-0001", e.Subject())
	require.True(t, announcement.Time.Equal(e.Time()))
	var data engine.Announced
	require.NoError(t, e.DataAs(&data))
	require.Equal(t, announcement.Data, data)

	require.True(t, send.Send(t.Context(), delivery(s.URL, newer)).Delivered())
	require.Equal(t, string(first.body), string(got().body), "a repetition is the same text")
}

// TestSendRefusesInternalAddresses: the check is on the address that is dialled,
// however it is written and whatever name led to it.
func TestSendRefusesInternalAddresses(t *testing.T) {
	t.Parallel()
	send := sender(t, nil)
	for _, host := range []string{
		"127.0.0.1", "127.8.8.8", "[::1]", "localhost", "0.0.0.0", "[::]", "0.1.2.3",
		"10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "[fc00::1]", "[fd12:3456::1]",
		"169.254.169.254", "[fe80::1]", "100.64.0.1", "100.127.255.254",
		"224.0.0.1", "239.1.1.1", "[ff02::1]", "255.255.255.255", "240.0.0.1",
		"192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "192.0.0.8",
		"[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]",
		"[64:ff9b::a00:1]", "[2002:a00:1::]", "[2001:db8::1]", "[::10.0.0.1]", "[fec0::1]",
	} {
		t.Run(host, func(t *testing.T) {
			t.Parallel()
			for _, scheme := range []string{"http://", "https://"} {
				a := send.Send(t.Context(), delivery(scheme+host+"/", newer))
				require.Equal(t, engine.FailedAddress, a.Failure)
				require.Zero(t, a.Status)
			}
		})
	}
}

func TestPublicAddressesAreNotRefused(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // nothing leaves this machine: the guard is what would refuse before that
	for _, host := range []string{"8.8.8.8", "[2606:4700::1111]", "1.1.1.1"} {
		require.NotEqual(t, engine.FailedAddress, sender(t, nil).Send(ctx, delivery("https://"+host+"/", newer)).Failure)
	}
}

func TestAllowedNetworks(t *testing.T) {
	t.Parallel()
	s, _ := subscriber(t, nil)
	require.Equal(t, engine.FailedAddress, sender(t, nil, "10.0.0.0/8").Send(t.Context(), delivery(s.URL, newer)).Failure, "another network was allowed")
	require.True(t, sender(t, nil, "10.0.0.0/8", "127.0.0.1/32").Send(t.Context(), delivery(s.URL, newer)).Delivered())
	mapped := strings.Replace(s.URL, "127.0.0.1", "[::ffff:127.0.0.1]", 1)
	require.True(t, sender(t, nil, "127.0.0.1/32").Send(t.Context(), delivery(mapped, newer)).Delivered(), "the same address otherwise written")
}

// TestRebinding resolves a name to this machine, as a name server of an
// attacker would after the address was checked: what is dialled is judged.
func TestRebinding(t *testing.T) {
	t.Parallel()
	addresses, err := net.DefaultResolver.LookupHost(t.Context(), "localhost")
	require.NoError(t, err)
	require.NotEmpty(t, addresses)
	s, _ := subscriber(t, nil)
	_, port, err := net.SplitHostPort(s.Listener.Addr().String())
	require.NoError(t, err)
	a := sender(t, nil).Send(t.Context(), delivery("http://localhost:"+port+"/", newer))
	require.Equal(t, engine.FailedAddress, a.Failure)
}

func TestSendFollowsNoRedirect(t *testing.T) {
	t.Parallel()
	reached := false
	inner, _ := subscriber(t, func(http.ResponseWriter, *http.Request) { reached = true })
	for _, status := range []int{301, 302, 303, 307, 308} {
		outer, _ := subscriber(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, inner.URL, status) })
		a := sender(t, nil, "127.0.0.0/8").Send(t.Context(), delivery(outer.URL, newer))
		require.Equal(t, engine.FailedRedirect, a.Failure)
		require.Equal(t, status, a.Status)
	}
	require.False(t, reached)
}

func TestSendVerifiesTLS(t *testing.T) {
	t.Parallel()
	s := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(s.Close)
	require.Equal(t, engine.FailedTLS, sender(t, nil, "127.0.0.0/8").Send(t.Context(), delivery(s.URL, newer)).Failure, "nobody vouches for it")
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	require.True(t, sender(t, roots, "127.0.0.0/8").Send(t.Context(), delivery(s.URL, newer)).Delivered())
	plain, _ := subscriber(t, nil)
	require.Equal(t, engine.FailedTLS, sender(t, nil, "127.0.0.0/8").Send(t.Context(), delivery(strings.Replace(plain.URL, "http:", "https:", 1), newer)).Failure)
}

func TestSendClassifies(t *testing.T) {
	t.Parallel()
	send := sender(t, nil, "127.0.0.0/8")
	t.Run("an answer that is no success, with the beginning of its words", func(t *testing.T) {
		s, _ := subscriber(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, "đang\x00 bảo trì\n"+strings.Repeat("x", 1<<20))
		})
		a := send.Send(t.Context(), delivery(s.URL, newer))
		require.Equal(t, engine.FailedStatus, a.Failure)
		require.Equal(t, "status 503", a.Why())
		require.True(t, a.Away())
		require.Equal(t, 2*time.Minute, a.Asked)
		require.True(t, strings.HasPrefix(a.Excerpt, "đang bảo trì xxx"), a.Excerpt)
		require.Len(t, []rune(a.Excerpt), 200)
	})
	t.Run("a delivery that is not liked, which is no reason to leave the subscriber alone", func(t *testing.T) {
		s, _ := subscriber(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnprocessableEntity) })
		a := send.Send(t.Context(), delivery(s.URL, newer))
		require.False(t, a.Delivered())
		require.False(t, a.Away())
	})
	t.Run("nobody who listens", func(t *testing.T) {
		s, _ := subscriber(t, nil)
		s.Close()
		a := send.Send(t.Context(), delivery(s.URL, newer))
		require.Equal(t, engine.FailedConnect, a.Failure)
		require.True(t, a.Away())
	})
	t.Run("a name that leads nowhere", func(t *testing.T) {
		a := send.Send(t.Context(), delivery("http://nobody.invalid/", newer))
		require.Contains(t, []string{engine.FailedResolve, engine.FailedTimeout}, a.Failure)
	})
	t.Run("one that never answers", func(t *testing.T) {
		let := make(chan struct{})
		s, _ := subscriber(t, func(http.ResponseWriter, *http.Request) { <-let })
		defer close(let)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		require.Equal(t, engine.FailedTimeout, send.Send(ctx, delivery(s.URL, newer)).Failure)
	})
	t.Run("a subscription without a secret", func(t *testing.T) {
		require.Equal(t, engine.FailedInternal, send.Send(t.Context(), delivery("https://portal.example/")).Failure)
	})
}
