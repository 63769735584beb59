package api_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

func TestEvent(t *testing.T) {
	t.Run("moves the dossier and says what comes next", func(t *testing.T) {
		s := newSite(t)
		code, lan := s.started(), s.signedIn("lan")
		res := s.event(code, "accept", lan)
		require.Equal(t, http.StatusOK, res.StatusCode, res.body)
		got := res.json(t)
		require.Equal(t, "under-appraisal", got["state"])
		require.Equal(t, "Thẩm định", got["state_name"].(map[string]any)["vi"])
		require.NotEmpty(t, got["due_at"])
		require.Len(t, got["permitted"], 1)
		require.Equal(t, "recall-handoff", got["permitted"].([]any)[0].(map[string]any)["event"], "it is another department's now")
		require.Equal(t, 1, s.fired)
		require.Zero(t, s.away)
	})

	t.Run("goes to the ledger while the workflow cannot be reached", func(t *testing.T) {
		for name, err := range map[string]error{
			"said":     engine.Errorf(engine.CodeUnavailable, "frontend is away"),
			"too slow": context.DeadlineExceeded,
		} {
			t.Run(name, func(t *testing.T) {
				s := newSite(t)
				code, lan := s.started(), s.signedIn("lan")
				s.driver = func(context.Context) error { return err }
				require.Equal(t, http.StatusOK, s.event(code, "accept", lan).StatusCode)
				require.Equal(t, 1, s.away)
			})
		}
	})

	t.Run("does not go to the ledger when the workflow answers badly", func(t *testing.T) {
		s := newSite(t)
		code, lan := s.started(), s.signedIn("lan")
		s.driver = func(context.Context) error { return engine.Errorf(engine.CodeInternal, "secret detail") }
		res := s.event(code, "accept", lan)
		res.refusal(t, http.StatusInternalServerError, engine.CodeInternal)
		require.NotContains(t, res.body, "secret")
		require.Contains(t, s.log.String(), "secret detail", "the log has it")
		require.Zero(t, s.away)
	})

	t.Run("is seen through when the client leaves", func(t *testing.T) {
		s := newSite(t)
		code, lan := s.started(), s.signedIn("lan")
		gone, leave := context.WithCancel(t.Context())
		s.driver = func(ctx context.Context) error { leave(); return ctx.Err() }
		s.event(code, "accept", lan, func(r *http.Request) { *r = *r.WithContext(gone) })
		require.Equal(t, "under-appraisal", s.cases[code].State)
	})

	t.Run("is applied once under one key", func(t *testing.T) {
		s := newSite(t)
		code, lan := s.started(), s.signedIn("lan")
		first := s.event(code, "accept", lan, header("Idempotency-Key", "e1"))
		require.Empty(t, first.Header.Get("Idempotency-Replayed"))
		again := s.event(code, "accept", lan, header("Idempotency-Key", "e1"))
		require.Equal(t, http.StatusOK, again.StatusCode, again.body)
		require.Equal(t, "true", again.Header.Get("Idempotency-Replayed"))
		require.Equal(t, first.body, again.body)
		require.Equal(t, 1, s.fired)
		s.event(code, "claim", lan, header("Idempotency-Key", "e1")).refusal(t, http.StatusUnprocessableEntity, engine.CodeIdempotencyConflict)
	})

	t.Run("is another command under another key, dossier or actor", func(t *testing.T) {
		s := newSite(t)
		a, b, lan := s.started(), s.started(), s.signedIn("lan")
		s.event(a, "claim", lan, header("Idempotency-Key", "e1"))
		s.event(b, "claim", lan, header("Idempotency-Key", "e1"))
		s.event(a, "claim", s.signedIn("hoa"), header("Idempotency-Key", "e1"))
		s.event(a, "claim", lan, header("Idempotency-Key", "e2"))
		require.Len(t, s.commands, 4)
		for id := range s.commands {
			require.Regexp(t, "^[0-9a-f]{32}$", id)
		}
	})

	t.Run("without a key is a command of its own each time", func(t *testing.T) {
		s := newSite(t)
		code, lan := s.started(), s.signedIn("lan")
		s.event(code, "claim", lan)
		s.event(code, "release", lan)
		require.Equal(t, http.StatusOK, s.event(code, "claim", lan).StatusCode)
	})
}

func TestEventRefused(t *testing.T) {
	s := newSite(t)
	code, lan, duc := s.started(), s.signedIn("lan"), s.signedIn("duc")
	before := len(s.facts[code])

	s.event(code, "fly", lan).refusal(t, http.StatusUnprocessableEntity, engine.CodeEventUnknown)
	s.event(code, "accept", s.signedIn("hoa")).refusal(t, http.StatusForbidden, engine.CodeWrongRole)
	s.event(code, "accept", duc).refusal(t, http.StatusNotFound, engine.CodeNotFound) // nothing that their department sees
	s.event(code, "request-supplement", lan).refusal(t, http.StatusUnprocessableEntity, engine.CodeCommentRequired)
	for _, event := range []string{"start", "tick", "migrate", "reproject", "link-opened", "link-acknowledged", "link-concluded"} {
		s.event(code, event, lan).refusal(t, http.StatusUnprocessableEntity, engine.CodeEventUnknown)
	}
	s.event("H00.101-261117-9999", "accept", lan).refusal(t, http.StatusNotFound, engine.CodeNotFound)
	s.event(code, "accept", as(elsewhereKey)).refusal(t, http.StatusNotFound, engine.CodeNotFound)

	p := s.event(code, "approve", lan).refusal(t, http.StatusConflict, engine.CodeEventNotPermitted)
	require.Equal(t, "received", p["state"])
	require.Len(t, s.facts[code], before, "a refusal leaves no trace in the dossier")

	s.do(http.MethodPost, "/api/v1/dossiers/"+code+"/events", `{"event":"approve","comment":"chị ấy gọi 3 lần"}`, lan)
	log := s.log.String()
	require.Contains(t, log, "msg=refused code=event-not-permitted dossier="+code+" event=approve actor=lan")
	require.NotContains(t, log, "gọi 3 lần")
}

func TestTwoEventsAtOnce(t *testing.T) {
	s := newSite(t)
	code, lan := s.started(), s.signedIn("lan")
	var both sync.WaitGroup
	answers := make([]answer, 2)
	for i := range answers {
		both.Go(func() { answers[i] = s.event(code, "accept", lan) })
	}
	both.Wait()
	if answers[0].StatusCode != http.StatusOK {
		answers[0], answers[1] = answers[1], answers[0]
	}
	require.Equal(t, http.StatusOK, answers[0].StatusCode)
	p := answers[1].refusal(t, http.StatusConflict, engine.CodeEventNotPermitted)
	require.Equal(t, "under-appraisal", p["state"])
}

func TestIdempotencyKeyForm(t *testing.T) {
	s := newSite(t)
	for name, key := range map[string]string{"too long": strings.Repeat("k", 201), "not visible": "a b"} {
		t.Run(name, func(t *testing.T) {
			p := s.do(http.MethodPost, "/api/v1/dossiers", starting, as(systemKey), header("Idempotency-Key", key)).
				refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
			require.Equal(t, "header", p["errors"].([]any)[0].(map[string]any)["in"])
		})
	}
	require.Empty(t, s.cases)
}
