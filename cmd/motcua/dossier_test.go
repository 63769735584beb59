package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/api"
	"motcua/api/problem"
	"motcua/engine"
	"motcua/engine/calendar"
)

const code = "H00.101-261123-0001"

// at is a moment of the example dossier, told in UTC as a store would.
func at(hour, minute int) time.Time { return time.Date(2026, 11, 23, hour-7, minute, 0, 0, time.UTC) }

func days(t *testing.T, text string) calendar.Duration {
	t.Helper()
	d, err := calendar.ParseDuration(text)
	require.NoError(t, err)
	return d
}

// desk answers like the API, and keeps what it was last asked.
type desk struct {
	mu      sync.Mutex
	request *http.Request
	body    string
	answers map[string]any // by method and path
}

// asked is the last request and its body.
func (d *desk) asked() (*http.Request, string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.request, d.body
}

// header is one of the last request's.
func (d *desk) header(name string) string {
	r, _ := d.asked()
	return r.Header.Get(name)
}

func (d *desk) answer(route string, answer any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.answers[route] = answer
}

func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, _ := io.ReadAll(r.Body)
	d.mu.Lock()
	d.request, d.body = r, string(text)
	answer, ok := d.answers[r.Method+" "+r.URL.Path]
	d.mu.Unlock()
	if !ok {
		problem.Of(r.Context(), engine.Errorf(engine.CodeNotFound, "no dossier there")).Write(w)
		return
	}
	switch answer := answer.(type) {
	case error:
		problem.Of(r.Context(), answer).Write(w)
	case http.HandlerFunc:
		answer(w, r)
	default:
		_ = json.NewEncoder(w).Encode(answer)
	}
}

// office starts such a server and a directory of credentials that lead to it.
func office(t *testing.T, answers map[string]any) (d *desk, dir string) {
	t.Helper()
	d = &desk{answers: answers}
	server := httptest.NewServer(d)
	t.Cleanup(server.Close)
	dir = t.TempDir()
	c := credentials{Server: server.URL, Keys: map[string]string{"lan.nguyen": "mc_lan_secret", "portal@H00.101": "mc_portal_secret"}}
	require.NoError(t, c.write(dir))
	return d, dir
}

func exampleView() api.DossierView {
	return api.DossierView{
		Record: engine.Record{
			Code: code, Agency: "H00.101", Procedure: "2.000908", Version: 1, ProcedureName: engine.Text{VI: "Cấp bản sao từ sổ gốc"},
			Channel: "direct", Applicant: engine.Applicant{Name: "Nguyễn Văn An"}, Status: "running",
			State: "under-appraisal", StateName: engine.Text{VI: "Thẩm định, đối chiếu sổ gốc"},
			Department: "civil-status", Role: "civil-status-officer", Holder: "duc.pham",
			StartedAt: at(8, 0), AcceptedAt: at(8, 5), EnteredAt: at(8, 30), DueAt: at(17, 30), StepDueAt: at(11, 30), StepOverdue: true, Raised: "overdue",
		},
		Permitted: []engine.Permitted{
			{Event: "submit", Name: engine.Text{VI: "Trình ký"}, To: "under-signature"},
			{Event: "return-handoff", Name: engine.Text{VI: "Trả lại bàn giao"}, To: "accepted", Comment: true},
		},
	}
}

func exampleDossier(t *testing.T) map[string]any {
	path := "/api/v1/dossiers/" + code
	return map[string]any{
		"GET " + path: exampleView(),
		"GET " + path + "/clocks": map[string]any{"code": code, "clocks": []api.ClockView{
			{Clock: engine.Clock{ID: "step-4", Kind: engine.ClockStep, Subject: "accepted", Budget: days(t, "2wh"), StartedAt: at(8, 5), Due: at(10, 5), StoppedAt: at(8, 30), Verdict: engine.VerdictMet}},
			{Clock: engine.Clock{ID: "statutory-8", Kind: engine.ClockStatutory, Budget: days(t, "1wd"), StartedAt: at(8, 5), RunningSince: at(8, 5), Due: at(17, 30)}},
			{Clock: engine.Clock{ID: "step-12", Kind: engine.ClockStep, Subject: "under-appraisal", Budget: days(t, "3wh"), StartedAt: at(8, 30), RunningSince: at(8, 30), Due: at(11, 30), Raised: "overdue"}, Overdue: true},
		}},
		"GET " + path + "/facts": map[string]any{"code": code, "facts": []engine.StoredFact{
			{Fact: engine.Fact{Seq: 1, Kind: engine.FactDossierStarted, At: at(8, 0), Actor: "portal@H00.101", Event: "start"}},
			{Fact: engine.Fact{Seq: 2, Kind: engine.FactStateEntered, At: at(8, 30), Actor: "lan.nguyen", From: "accepted", To: "under-appraisal", Event: "forward", Comment: "gấp"}},
			{Fact: engine.Fact{Seq: 3, Kind: engine.FactRungFired, At: at(11, 30), RecordedAt: at(13, 30), Actor: "clock", Rung: &engine.RungFiring{Rung: "100% of step", Raise: "overdue", Late: true}}},
		}},
		"GET /api/v1/dossiers": map[string]any{"dossiers": []engine.Record{exampleView().Record}, "next": "c2"},
	}
}

func TestDossierShowAndList(t *testing.T) {
	_, dir := office(t, exampleDossier(t))
	show := command(t, "dossier", "show", code, "--dir", dir, "--as", "lan.nguyen")
	list := command(t, "dossier", "list", "--dir", dir, "--as", "lan.nguyen")
	require.Equal(t, []int{exitOK, exitOK}, []int{show.code, list.code}, show.err+list.err)
	requireGolden(t, "dossier", show.out+"\n"+list.out)
}

func TestDossierShowJSON(t *testing.T) {
	_, dir := office(t, exampleDossier(t))
	r := command(t, "dossier", "show", code, "--dir", dir, "--as", "lan.nguyen", "-o", "json")
	require.Equal(t, exitOK, r.code, r.err)
	var got struct {
		Code   string           `json:"code"`
		Clocks []map[string]any `json:"clocks"`
		Facts  []map[string]any `json:"facts"`
	}
	require.NoError(t, json.Unmarshal([]byte(r.out), &got))
	require.Equal(t, code, got.Code)
	require.Len(t, got.Clocks, 3)
	require.Contains(t, got.Clocks[0], "explanation")
	require.Len(t, got.Facts, 3)
}

func TestDossierList(t *testing.T) {
	d, dir := office(t, map[string]any{"GET /api/v1/dossiers": map[string]any{"dossiers": nil}})
	t.Run("sends the filters given, and no others", func(t *testing.T) {
		r := command(t, "dossier", "list", "--dir", dir, "--as", "lan.nguyen")
		require.Equal(t, result{exitOK, "no dossiers\n", ""}, r)
		asked, _ := d.asked()
		require.Empty(t, asked.URL.RawQuery)
		require.Equal(t, "Bearer mc_lan_secret", d.header("Authorization"))

		command(t, "dossier", "list", "--dir", dir, "--as", "lan.nguyen", "--status", "running", "--holder", "me",
			"--overdue=false", "--due-before", "2026-11-30T00:00:00+07:00", "--limit", "5")
		asked, _ = d.asked()
		require.Equal(t, "due_before=2026-11-30T00%3A00%3A00%2B07%3A00&holder=me&limit=5&overdue=false&status=running", asked.URL.RawQuery)
	})
	t.Run("is an empty list in JSON", func(t *testing.T) {
		require.JSONEq(t, `{"dossiers": []}`, command(t, "dossier", "list", "--dir", dir, "--as", "lan.nguyen", "-o", "json").out)
	})
}

func TestDossierStart(t *testing.T) {
	answer := api.Answer{Code: code, State: "submitted", StateName: engine.Text{VI: "Chờ tiếp nhận"}, StepDueAt: at(17, 30)}
	d, dir := office(t, map[string]any{"POST /api/v1/dossiers": answer})
	start := []string{"dossier", "start", "--dir", dir, "--as", "portal@H00.101", "--procedure", "2.000908", "--applicant", "Nguyễn Văn An"}
	t.Run("sends fields as what they look like", func(t *testing.T) {
		r := command(t, append(start, "--component", "request,authorisation", "--field", "copies=2", "--field", "urgent=true",
			"--field", `original.number="15"`, "--field", "id=001099012345", "--field", "original.kind=Giấy khai sinh, bản chính", "--field", "note=a=b,c")...)
		require.Equal(t, result{exitOK, code + "\nstate     submitted (Chờ tiếp nhận)\nstep due  2026-11-23T17:30:00+07:00\n", ""}, r)
		_, body := d.asked()
		require.JSONEq(t, `{"procedure": "2.000908", "channel": "direct", "applicant": {"name": "Nguyễn Văn An"},
			"components": ["request", "authorisation"], "fields": {"copies": 2, "urgent": true, "original.number": "15",
			"id": "001099012345", "original.kind": "Giấy khai sinh, bản chính", "note": "a=b,c"}}`, body)
	})
	t.Run("sends a key of its own, or the one given", func(t *testing.T) {
		command(t, start...)
		mine := d.header("Idempotency-Key")
		require.NotEmpty(t, mine)
		command(t, start...)
		require.NotEqual(t, mine, d.header("Idempotency-Key"))
		command(t, append(start, "--idempotency-key", "k1")...)
		require.Equal(t, "k1", d.header("Idempotency-Key"))
	})
	t.Run("says how to repeat what was not answered", func(t *testing.T) {
		d.answer("POST /api/v1/dossiers", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
		r := command(t, start...)
		require.Equal(t, exitUnreachable, r.code)
		require.Contains(t, r.err, "repeat it with --idempotency-key "+d.header("Idempotency-Key"))
	})
}

func TestDossierFire(t *testing.T) {
	answer := api.Answer{Code: code, State: "returned", StateName: engine.Text{VI: "Đã trả kết quả"}, Closed: true}
	d, dir := office(t, map[string]any{"POST /api/v1/dossiers/" + code + "/events": answer})
	r := command(t, "dossier", "fire", code, "hand-over", "--comment", "đã ký nhận", "--dir", dir, "--as", "lan.nguyen")
	require.Equal(t, result{exitOK, code + "\nstate  returned (Đã trả kết quả), closed\n", ""}, r)
	_, body := d.asked()
	require.JSONEq(t, `{"event": "hand-over", "comment": "đã ký nhận"}`, body)
}

// TestRefusals pins which exit code each problem of the API comes to.
func TestRefusals(t *testing.T) {
	stateful := engine.Errorf(engine.CodeEventNotPermitted, `event "sign" is not permitted in state "received"`)
	stateful.State = "received"
	pathed := engine.Errorf(engine.CodeInvalid, "field copies is required")
	pathed.Path = "/fields/copies"
	for _, c := range []struct {
		err  error
		exit int
		want string
	}{
		{pathed, exitInvalid, "motcua: invalid: field copies is required\n"},
		{engine.Errorf(engine.CodeProcedureUnknown, `no version of procedure "9" is in effect`), exitInvalid, "motcua: procedure-unknown: no version of procedure \"9\" is in effect\n"},
		{engine.Errorf(engine.CodeEventUnknown, "no such event"), exitInvalid, "motcua: event-unknown: no such event\n"},
		{engine.Errorf(engine.CodeCommentRequired, "a reason is required"), exitInvalid, "motcua: comment-required: a reason is required\n"},
		{engine.Errorf(engine.CodeTooLarge, "the body is too large"), exitInvalid, "motcua: too-large: the body is too large\n"},
		{engine.Errorf(problem.CodeMalformed, "not JSON"), exitInvalid, "motcua: malformed: not JSON\n"},
		{engine.Errorf(engine.CodeNotFound, "no dossier X"), exitRefused, "motcua: not-found: no dossier X\n"},
		{engine.Errorf(engine.CodeUnauthenticated, "the key is unknown"), exitRefused, "motcua: unauthenticated: the key is unknown\n"},
		{engine.Errorf(engine.CodeWrongRole, "not your step"), exitRefused, "motcua: wrong-role: not your step\n"},
		{stateful, exitRefused, "motcua: event-not-permitted: event \"sign\" is not permitted in state \"received\"\n"},
		{engine.Errorf(engine.CodeUnavailable, "the ledger is away"), exitUnreachable, "motcua: unavailable: "},
		{engine.Errorf(engine.CodeInternal, "a secret"), exitFailed, "motcua: "},
	} {
		t.Run(string(engine.CodeOf(c.err)), func(t *testing.T) {
			_, dir := office(t, map[string]any{"POST /api/v1/dossiers/" + code + "/events": c.err})
			fire := []string{"dossier", "fire", code, "sign", "--dir", dir, "--as", "lan.nguyen"}
			r := command(t, fire...)
			require.Equal(t, c.exit, r.code)
			require.Empty(t, r.out)
			require.Contains(t, r.err, c.want)

			said := command(t, append(fire, "--output", "json")...)
			require.Equal(t, c.exit, said.code)
			got := said.complained(t)
			require.Equal(t, engine.CodeOf(c.err), got.Code)
			if c.err == error(stateful) { //nolint:errorlint // the very one
				require.Equal(t, "received", got.State)
			}
			if c.err == error(pathed) { //nolint:errorlint // the very one
				require.Equal(t, "/fields/copies", got.Errors[0].Path)
			}
		})
	}
}

func TestUnreachable(t *testing.T) {
	t.Run("nobody listens", func(t *testing.T) {
		_, dir := office(t, nil)
		r := command(t, "dossier", "list", "--dir", dir, "--as", "lan.nguyen", "--server", "http://"+closed(t))
		require.Equal(t, exitUnreachable, r.code)
		require.Contains(t, r.err, "motcua: unavailable: no server answers at http://127.0.0.1:")
		require.Contains(t, r.err, "start one with motcua dev")
	})
	t.Run("somebody else listens", func(t *testing.T) {
		for _, status := range []int{200, 302, 404, 502} {
			_, dir := office(t, map[string]any{"GET /api/v1/dossiers": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "/elsewhere")
				w.WriteHeader(status)
				_, _ = io.WriteString(w, "<html>hello")
			})})
			r := command(t, "dossier", "list", "--dir", dir, "--as", "lan.nguyen")
			require.Equal(t, exitUnreachable, r.code)
			require.Contains(t, r.err, fmt.Sprintf("(with status %d) is no motcua server", status))
		}
	})
	t.Run("an address that is none", func(t *testing.T) {
		_, dir := office(t, nil)
		for _, server := range []string{"127.0.0.1:8080", "ftp://127.0.0.1", "http://", "http://h/?a=b"} {
			require.Equal(t, exitUsage, command(t, "dossier", "list", "--dir", dir, "--as", "lan.nguyen", "--server", server).code, server)
		}
	})
	t.Run("interrupted", func(t *testing.T) {
		asked := make(chan struct{})
		_, dir := office(t, map[string]any{"GET /api/v1/dossiers": http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			close(asked)
			<-r.Context().Done()
		})})
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			<-asked
			cancel()
		}()
		var errOut buffer
		require.Equal(t, exitFailed, run(ctx, []string{"dossier", "list", "--dir", dir, "--as", "lan.nguyen"}, io.Discard, &errOut))
		require.Equal(t, "motcua: interrupted\n", errOut.String())
	})
}

func TestCredentials(t *testing.T) {
	t.Run("only the owner can read the file, whatever was there", func(t *testing.T) {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(credentialsPath(dir), []byte("{}"), 0o644))
		want := credentials{Server: "http://127.0.0.1:1", Keys: map[string]string{"a": "mc_a_b"}}
		require.NoError(t, want.write(dir))
		info, err := os.Stat(credentialsPath(dir))
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
		got, err := readCredentials(dir)
		require.NoError(t, err)
		require.Equal(t, want, got)
		left, err := filepath.Glob(filepath.Join(dir, "*.new"))
		require.NoError(t, err)
		require.Empty(t, left)
	})
	t.Run("a name without a key", func(t *testing.T) {
		_, dir := office(t, nil)
		r := command(t, "dossier", "list", "--dir", dir, "--as", "lan")
		require.Equal(t, exitUsage, r.code)
		require.Contains(t, r.err, "did you mean lan.nguyen?")
		r = command(t, "dossier", "list", "--dir", dir, "--as", "nobody")
		require.Equal(t, exitUsage, r.code)
		require.Contains(t, r.err, "the names are in "+credentialsPath(dir))
	})
	t.Run("a file that is damaged", func(t *testing.T) {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(credentialsPath(dir), []byte("{"), 0o600))
		r := command(t, "dossier", "list", "--dir", dir)
		require.Equal(t, exitFailed, r.code)
		require.Contains(t, r.err, "delete it and start motcua dev again")
	})
	t.Run("flags win over the environment, which wins over the file", func(t *testing.T) {
		d, dir := office(t, exampleDossier(t))
		_, elsewhere := office(t, nil)
		t.Setenv("MOTCUA_API_KEY", " mc_env_secret\n")
		require.Equal(t, exitOK, command(t, "dossier", "list", "--dir", dir).code)
		require.Equal(t, "Bearer mc_env_secret", d.header("Authorization"))
		require.Equal(t, exitOK, command(t, "dossier", "list", "--dir", dir, "--as", "lan.nguyen").code)
		require.Equal(t, "Bearer mc_lan_secret", d.header("Authorization"))
		c, err := readCredentials(dir)
		require.NoError(t, err)
		t.Setenv("MOTCUA_SERVER", c.Server+"/")
		require.Equal(t, exitOK, command(t, "dossier", "list", "--dir", elsewhere).code)
	})
}

// listen takes a port until the test ends.
func listen(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	return l.Addr().String()
}

// closed is an address on which nobody listens.
func closed(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, l.Close())
	return l.Addr().String()
}
