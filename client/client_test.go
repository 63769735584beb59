package client_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/client"
)

const opened = `{"code":"H00.101-261117-0001","seq":4,"state":"received","state_name":{"vi":"Tiếp nhận"},"closed":false,"permitted":[]}`

// told is a request as the server saw it.
type told struct{ method, path, query, key, authorization, ifMatch, body string }

// server answers by a list of handlers, the last one for ever, and remembers.
// A connection that was cut may still have its handler ending when the client
// has gone on, hence the lock.
func server(t *testing.T, o client.Options, answers ...http.HandlerFunc) (*client.Client, func() []told) {
	t.Helper()
	var mu sync.Mutex
	var requests []told
	seen := func() []told {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(requests)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		requests = append(requests, told{r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Get("Idempotency-Key"), r.Header.Get("Authorization"), r.Header.Get("If-Match"), string(body)})
		answer := answers[min(len(requests), len(answers))-1]
		mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	if o.Wait == 0 {
		o.Wait = time.Microsecond
	}
	c, err := client.New(s.URL, "mc_portal_secret", o)
	require.NoError(t, err)
	return c, seen
}

func says(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// cut takes the request and breaks the connection instead of answering.
func cut(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func problem(code string) string { return `{"code":"` + code + `","detail":"said"}` }

var birth = client.StartRequest{Procedure: "1.001193", Channel: "online", Applicant: client.Applicant{Name: "Trần Thị Bình"}}

func TestStartAsksAgainUnderTheSameKey(t *testing.T) {
	c, seen := server(t, client.Options{}, cut, says(503, problem("unavailable")), says(429, problem("too-many-requests")), says(502, "bad gateway"),
		says(200, opened, "Idempotency-Replayed", "true"))
	answer, err := c.Start(t.Context(), "application-17", birth)
	require.NoError(t, err)
	require.Equal(t, "H00.101-261117-0001", answer.Code)
	require.True(t, answer.Replayed)
	require.Len(t, seen(), 5)
	for _, r := range seen() {
		require.Equal(t, seen()[0], r, "every attempt is the same request")
	}
	first := seen()[0]
	require.Equal(t, "application-17", first.key)
	require.Equal(t, "Bearer mc_portal_secret", first.authorization)
	require.JSONEq(t, `{"procedure":"1.001193","channel":"online","applicant":{"name":"Trần Thị Bình"}}`, first.body)
}

func TestRetryAfterIsHonoured(t *testing.T) {
	c, seen := server(t, client.Options{}, says(503, problem("unavailable"), "Retry-After", "1"), says(201, opened))
	began := time.Now()
	_, err := c.Start(t.Context(), "k", birth)
	require.NoError(t, err)
	require.Len(t, seen(), 2)
	require.GreaterOrEqual(t, time.Since(began), time.Second)
}

func TestWhatIsRefusedIsNotRepeated(t *testing.T) {
	c, seen := server(t, client.Options{}, says(409, `{"code":"event-not-permitted","detail":"not now","state":"accepted","trace_id":"t"}`))
	_, err := c.Fire(t.Context(), "k", "H00.101-261117-0001", client.Event{Event: "sign", IfSeq: 7})
	var p *client.Problem
	require.ErrorAs(t, err, &p)
	require.Equal(t, client.EventNotPermitted, client.CodeOf(err))
	require.Equal(t, "accepted", p.State)
	require.Equal(t, 409, p.Status)
	require.Len(t, seen(), 1)
	require.Equal(t, `"7"`, seen()[0].ifMatch)
	require.Equal(t, "/api/v1/dossiers/H00.101-261117-0001/events", seen()[0].path)
}

func TestALostChangeSaysUnderWhichKey(t *testing.T) {
	c, seen := server(t, client.Options{Attempts: 3}, cut)
	_, err := c.Start(t.Context(), "application-17", birth)
	var lost *client.LostError
	require.ErrorAs(t, err, &lost)
	require.Equal(t, "application-17", lost.Key)
	require.Len(t, seen(), 3)

	c, _ = server(t, client.Options{Attempts: 2}, says(503, problem("unavailable")))
	_, err = c.Start(t.Context(), "k", birth)
	require.Equal(t, client.Unavailable, client.CodeOf(err), "a server that says it is away has not begun")
}

func TestAChangeNeedsAKey(t *testing.T) {
	c, seen := server(t, client.Options{}, says(201, opened))
	_, err := c.Start(t.Context(), "", birth)
	require.ErrorContains(t, err, "idempotency key")
	require.Empty(t, seen())
}

func TestAContextEndsTheWaiting(t *testing.T) {
	c, seen := server(t, client.Options{}, says(503, problem("unavailable"), "Retry-After", "20"))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := c.Dossier(ctx, "x")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Equal(t, client.Unavailable, client.CodeOf(err), "and what was met is told too")
	require.Len(t, seen(), 1)
}

func TestDossiersGoesThroughThePages(t *testing.T) {
	late := true
	c, seen := server(t, client.Options{}, says(200, `{"dossiers":[{"code":"a"},{"code":"b"}],"next":"n1"}`), says(200, `{"dossiers":[{"code":"c"}]}`))
	var codes []string
	for r, err := range c.Dossiers(t.Context(), client.Filter{Status: "running", Overdue: &late, Limit: 2}) {
		require.NoError(t, err)
		codes = append(codes, r.Code)
	}
	require.Equal(t, []string{"a", "b", "c"}, codes)
	require.Equal(t, "limit=2&overdue=true&status=running", seen()[0].query)
	require.Equal(t, "cursor=n1&limit=2&overdue=true&status=running", seen()[1].query)

	c, _ = server(t, client.Options{}, says(403, problem("forbidden")))
	for _, err := range c.Dossiers(t.Context(), client.Filter{}) {
		require.Equal(t, client.Forbidden, client.CodeOf(err))
	}
}

func TestAnswersAreBounded(t *testing.T) {
	c, _ := server(t, client.Options{}, says(200, `{"code":"`+strings.Repeat("x", 17<<20)+`"}`))
	_, err := c.Dossier(t.Context(), "x")
	require.ErrorContains(t, err, "longer than")
}

func TestAKeyGoesToNoThirdParty(t *testing.T) {
	var reached bool
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	t.Cleanup(other.Close)
	c, _ := server(t, client.Options{HTTP: &http.Client{}}, says(307, "", "Location", other.URL))
	_, err := c.Dossier(t.Context(), "x")
	require.ErrorContains(t, err, "no motcua server")
	require.False(t, reached)
	require.Empty(t, client.CodeOf(errors.New("other")))
}

func TestNewRefuses(t *testing.T) {
	for _, address := range []string{"", "motcua.example.vn", "ftp://x", "http://", "http://x?y=1"} {
		_, err := client.New(address, "mc_a_b", client.Options{})
		require.Error(t, err, address)
	}
	_, err := client.New("http://x", "secret", client.Options{})
	require.ErrorContains(t, err, "mc_")
}
