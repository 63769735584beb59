package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/api"
	"motcua/engine"
)

const (
	systemKey    = "Bearer mc_portal_s3cret_with_underscore"
	elsewhereKey = "Bearer mc_elsewhere_s3cret_with_underscore"
)

// site is a server over a world, called without a network.
type site struct {
	*world
	t      *testing.T
	server *api.Server
	log    *journal
	door   *door
	// lawless lets a world refuse what the ledger never would, so that its
	// answers are not held to the document.
	lawless bool
}

// journal collects log lines; requests write it side by side.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func newSite(t *testing.T, change ...func(*api.Options)) *site {
	t.Helper()
	hooks := newHooks()
	w, log := newWorld(rules(t)), &journal{}
	w.records = &records{world: w}
	b, d := newBureau(w), newDoor(w)
	o := api.Options{
		Ledger:        w,
		Driver:        w,
		Dossiers:      w,
		Boards:        w,
		Views:         &shelf{},
		Procedures:    w,
		Versions:      w.library,
		Lifecycle:     w.library,
		Migrations:    newMigrations(w),
		Catalogue:     w.library,
		Legal:         w.library,
		People:        w,
		Reaches:       w,
		Records:       w.records,
		Proofs:        w.records,
		Health:        w,
		Answers:       &keeper{},
		Calendars:     b,
		Acts:          b,
		Bulks:         b,
		Watches:       b,
		Outages:       b,
		Mails:         b,
		Staff:         b,
		Organisations: b,
		Keys:          b,
		Chains:        b,
		Slips:         b,
		Webhooks:      hooks,
		Deliveries:    hooks,
		Now:           w.clock,
		DevSignIn:     true,
		Version:       "1.2.3",
		Logger:        slog.New(slog.NewTextHandler(log, nil)),
		Compile:       func([]byte) (*engine.Machine, error) { return w.rules.Machine, nil },
		Sessions:      d,
		Accounts:      d,
		Feed:          &feed{w},
		// Tests of pages let hours pass.
		SessionLimits: engine.SessionLimits{Idle: 12 * time.Hour, Rotate: 24 * time.Hour},
		Personal:      w,
		Draw: func(_ context.Context, m *engine.Machine, lang, current string, visited []string) ([]byte, error) {
			return []byte(`<?xml version="1.0"?><svg class="` + current + " after " + strings.Join(visited, ",") + `"><title>` + lang + "</title></svg>"), nil
		},
		Mermaid: func(m *engine.Machine, _ string) string { return "stateDiagram-v2\n" },
	}
	for _, c := range change {
		c(&o)
	}
	server, err := api.New(o)
	require.NoError(t, err)
	return &site{world: w, t: t, server: server, log: log, door: d}
}

// answer is a response read to its end.
type answer struct {
	*http.Response
	body string
}

// with changes a request before it is sent.
type with func(*http.Request)

func header(name, value string) with { return func(r *http.Request) { r.Header.Set(name, value) } }

func as(key string) with { return header("Authorization", key) }

func (s *site) do(method, path, body string, with ...with) answer {
	s.t.Helper()
	r := httptest.NewRequest(method, "http://127.0.0.1:8080"+path, strings.NewReader(body))
	if strings.HasPrefix(body, "{") {
		r.Header.Set("Content-Type", "application/json")
	}
	return s.send(r, with...)
}

func (s *site) send(r *http.Request, with ...with) answer {
	s.t.Helper()
	for _, change := range with {
		change(r)
	}
	if strings.HasSuffix(r.URL.Path, "/stream") { // which nobody listens to here: see listen
		ctx, cancel := context.WithTimeout(r.Context(), 50*time.Millisecond)
		defer cancel()
		r = r.WithContext(ctx)
	}
	w := httptest.NewRecorder()
	s.server.Handler().ServeHTTP(w, r)
	res := w.Result()
	body, err := io.ReadAll(res.Body)
	require.NoError(s.t, err)
	if !s.lawless {
		newConformance(s.t).met(s.t, r, answer{res, string(body)})
	}
	return answer{res, string(body)}
}

func (s *site) get(path string, with ...with) answer { return s.do(http.MethodGet, path, "", with...) }

// form sends a form as a browser does.
func (s *site) form(path string, values url.Values, with ...with) answer {
	with = append(with, header("Content-Type", "application/x-www-form-urlencoded"), header("Sec-Fetch-Site", "same-origin"))
	return s.do(http.MethodPost, path, values.Encode(), with...)
}

// signedIn is the cookie of an officer.
func (s *site) signedIn(officer string) with {
	s.t.Helper()
	res := s.form("/sign-in", url.Values{"officer": {officer}})
	require.Equal(s.t, http.StatusSeeOther, res.StatusCode, res.body)
	cookie := res.Cookies()[0]
	return func(r *http.Request) { r.AddCookie(cookie) }
}

// starting is a body that opens a dossier.
const starting = `{"procedure":"2.000908","channel":"direct","components":["request"],"applicant":{"name":"Trần Văn An","id":"001099012345"}}`

// started opens a dossier and returns its code.
func (s *site) started() string {
	s.t.Helper()
	res := s.do(http.MethodPost, "/api/v1/dossiers", starting, as(systemKey))
	require.Equal(s.t, http.StatusCreated, res.StatusCode, res.body)
	return res.json(s.t)["code"].(string)
}

func (s *site) event(code, event string, with ...with) answer {
	return s.do(http.MethodPost, "/api/v1/dossiers/"+code+"/events", `{"event":"`+event+`"}`, with...)
}

func (a answer) json(t *testing.T) map[string]any {
	t.Helper()
	var out map[string]any
	require.NoError(t, json.Unmarshal([]byte(a.body), &out), a.body)
	return out
}

// refusal checks that an answer is a problem of a code.
func (a answer) refusal(t *testing.T, status int, code engine.Code) map[string]any {
	t.Helper()
	require.Equal(t, status, a.StatusCode, a.body)
	require.Equal(t, "application/problem+json", a.Header.Get("Content-Type"))
	p := a.json(t)
	require.Equal(t, string(code), p["code"], a.body)
	require.InDelta(t, status, p["status"], 0)
	require.NotEmpty(t, p["trace_id"])
	return p
}
