package e2e_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

// patience is how long a condition may take to come true on a busy machine.
const (
	patience = 30 * time.Second
	glance   = 50 * time.Millisecond
)

// reply is an HTTP answer, read.
type reply struct {
	Status int
	Header http.Header
	Body   []byte
}

func (r reply) into(t *testing.T, v any) {
	t.Helper()
	require.NoError(t, json.Unmarshal(r.Body, v), "%s", r.Body)
}

// problem is an RFC 9457 answer.
type problem struct {
	Status int         `json:"status"`
	Code   engine.Code `json:"code"`
	State  string      `json:"state"`
	Detail string      `json:"detail"`
}

// send sends a request as somebody ("" is nobody) under an idempotency key.
func send(t *testing.T, who, method, path, key string, body any) reply {
	t.Helper()
	r, err := try(who, method, path, key, body)
	require.NoError(t, err)
	return r
}

func try(who, method, path, key string, body any) (reply, error) {
	payload, err := json.Marshal(body)
	if err != nil {
		return reply{}, err
	}
	if raw, ok := body.([]byte); ok {
		payload = raw
	}
	req, err := http.NewRequest(method, w.api.base+path, bytes.NewReader(payload)) //nolint:noctx // the client has a timeout
	if err != nil {
		return reply{}, err
	}
	if who != "" {
		req.Header.Set("Authorization", "Bearer "+w.keys[who])
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := (&http.Client{Timeout: patience}).Do(req)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	return reply{Status: res.StatusCode, Header: res.Header, Body: text}, err
}

// births is the body that starts a birth registration.
func births() map[string]any {
	return map[string]any{
		"procedure": birth, "channel": "direct", "components": []string{"declaration"},
		"applicant": map[string]any{"name": applicant, "id": "001190012345", "phone": "0912345678"},
		"fields":    map[string]any{"child.full_name": "Nguyễn Bí Mật", "child.born_on": "2026-11-20", "child.birthplace": "Bệnh viện Bí Mật"},
	}
}

// open starts a birth registration and returns its code.
func open(t *testing.T) string {
	t.Helper()
	r := send(t, "portal", http.MethodPost, "/api/v1/dossiers", "", births())
	require.Equal(t, http.StatusCreated, r.Status, "%s", r.Body)
	var started struct{ Code string }
	r.into(t, &started)
	return started.Code
}

func fire(t *testing.T, who, dossier, event string) {
	t.Helper()
	fireWith(t, who, dossier, event, "")
}

func fireWith(t *testing.T, who, dossier, event, comment string) {
	t.Helper()
	r := send(t, who, http.MethodPost, "/api/v1/dossiers/"+dossier+"/events", "", map[string]string{"event": event, "comment": comment})
	require.Equal(t, http.StatusOK, r.Status, "%s %s: %s", who, event, r.Body)
}

func facts(t *testing.T, dossier string) []engine.StoredFact {
	t.Helper()
	r := send(t, reception, http.MethodGet, "/api/v1/dossiers/"+dossier+"/facts", "", nil)
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var list struct{ Facts []engine.StoredFact }
	r.into(t, &list)
	return list.Facts
}

func show(t *testing.T, dossier string) engine.Record {
	t.Helper()
	r := send(t, reception, http.MethodGet, "/api/v1/dossiers/"+dossier, "", nil)
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var record engine.Record
	r.into(t, &record)
	return record
}

// overdue says whether the list of what is overdue has a dossier, among however
// many others that are late too.
func overdue(t *testing.T, dossier string) bool {
	t.Helper()
	r := send(t, signer, http.MethodGet, "/api/v1/dossiers?overdue=true&q="+dossier, "", nil) // who sees all of the agency
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var page struct{ Dossiers []engine.Record }
	r.into(t, &page)
	return len(page.Dossiers) == 1 && page.Dossiers[0].Code == dossier
}

// rungs lists the rungs fired on steps, in the order of the record.
func rungs(t *testing.T, dossier string) []engine.StoredFact {
	t.Helper()
	return rungsOf(t, dossier, func(engine.Fact) bool { return true })
}

// rungsIn lists those of the step that began when a state was entered. On a
// busy machine the steps before and after it may be late as well.
func rungsIn(t *testing.T, dossier string, step engine.StoredFact) []engine.StoredFact {
	t.Helper()
	clock := ""
	for _, f := range facts(t, dossier) {
		if clock == "" && f.Seq > step.Seq && f.Kind == engine.FactClockStarted && f.Clock.Kind == engine.ClockStep {
			clock = f.Clock.ID
		}
	}
	return rungsOf(t, dossier, func(f engine.Fact) bool { return f.Rung.Clock == clock })
}

func rungsOf(t *testing.T, dossier string, meant func(engine.Fact) bool) []engine.StoredFact {
	t.Helper()
	var out []engine.StoredFact
	for _, f := range facts(t, dossier) {
		if f.Kind == engine.FactRungFired && meant(f.Fact) {
			out = append(out, f)
		}
	}
	return out
}

// said names rungs as the definition does.
func said(fired []engine.StoredFact) []string {
	out := []string{}
	for _, f := range fired {
		out = append(out, f.Rung.Rung)
	}
	return out
}

// wholeLadder is what a step of two seconds fires when nobody touches it.
var wholeLadder = []string{"75% of step", "100% of step", "1s after step"}

// entered counts how often an event moved the dossier.
func entered(t *testing.T, dossier, event string) int {
	t.Helper()
	n := 0
	for _, f := range facts(t, dossier) {
		if f.Kind == engine.FactStateEntered && f.Event == event {
			n++
		}
	}
	return n
}

func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	require.Eventually(t, condition, patience, glance, what)
}
