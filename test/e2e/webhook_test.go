package e2e_test

import (
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"

	"motcua/engine"
)

// subscriber verifies what it is sent, and keeps it once.
type subscriber struct {
	mu     sync.Mutex
	hook   *standardwebhooks.Webhook
	got    []event.Event
	seen   map[string]bool
	forged int
}

func (s *subscriber) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	var e event.Event
	if s.hook.Verify(body, r.Header) != nil || e.UnmarshalJSON(body) != nil {
		s.forged++
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if !s.seen[e.ID()] {
		s.seen[e.ID()], s.got = true, append(s.got, e)
	}
}

// of lists what was heard of a dossier, as it came.
func (s *subscriber) of(dossier string) []engine.Announced {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []engine.Announced
	for _, e := range s.got {
		var data engine.Announced
		if e.Subject() == dossier && e.DataAs(&data) == nil {
			out = append(out, data)
		}
	}
	return out
}

// TestSubscriberDown: a backend is down while its dossiers go their way, and the
// worker is killed meanwhile. Once it is back it hears everything, in order.
func TestSubscriberDown(t *testing.T) {
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := l.Addr().String()
	require.NoError(t, l.Close(), "nobody listens")
	r := send(t, "portal", http.MethodPost, "/api/v1/webhooks", "", map[string]any{"url": "http://" + address + "/"})
	require.Equal(t, http.StatusCreated, r.Status, "%s", r.Body)
	var made engine.IssuedWebhook
	r.into(t, &made)
	t.Cleanup(func() { send(t, "portal", http.MethodPost, "/api/v1/webhooks/"+made.ID+"/delete", "", nil) })

	dossier := open(t)
	fire(t, reception, dossier, "accept")
	fire(t, reception, dossier, "forward")
	eventually(t, "it is tried in vain", func() bool { return len(deliveries(t, made.ID, "pending")[0].Tries) > 0 })
	w.worker.kill()
	again := restored(t, &w.worker, "worker")
	finish(t, dossier)
	again()

	hook, err := standardwebhooks.NewWebhook(made.Secret)
	require.NoError(t, err)
	s := &subscriber{hook: hook, seen: map[string]bool{}}
	l, err = (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
	require.NoError(t, err)
	server := &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })

	want := 0
	for _, f := range facts(t, dossier) {
		if engine.AnnouncementType(f.Kind) != "" {
			want++
		}
	}
	require.Eventually(t, func() bool {
		heard := s.of(dossier)
		last := len(heard) - 1
		return last >= want && heard[last].Log != nil && heard[last].Portal.Code == engine.PortalReturned
	}, 3*patience, glance, "everything arrives")
	heard := s.of(dossier)
	codes := []engine.PortalCode{heard[0].Portal.Code}
	for i, a := range heard {
		require.True(t, i == 0 || heard[i-1].Seq <= a.Seq, "in order")
		if a.Log != nil && codes[len(codes)-1] != a.Portal.Code {
			codes = append(codes, a.Portal.Code)
		}
	}
	require.Equal(t, []engine.PortalCode{1, 2, 4, 9, 10}, codes)
	require.Zero(t, s.forged)
}

func deliveries(t *testing.T, hook, state string) []engine.DeliveryRecord {
	t.Helper()
	var list struct{ Deliveries []engine.DeliveryRecord }
	r := send(t, "portal", http.MethodGet, "/api/v1/webhooks/"+hook+"/deliveries?limit=200&state="+state, "", nil)
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	r.into(t, &list)
	if len(list.Deliveries) == 0 {
		return []engine.DeliveryRecord{{}}
	}
	oldest := list.Deliveries[len(list.Deliveries)-1]
	return append([]engine.DeliveryRecord{oldest}, list.Deliveries...)
}
