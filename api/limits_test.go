package api_test

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/api"
	"motcua/engine"
)

// keeper keeps answers in memory, as the ledger does in a table.
type keeper struct {
	mu   sync.Mutex
	kept map[engine.AnswerKey]*keptAnswer
}

type keptAnswer struct {
	digest string
	answer *engine.KeptAnswer
}

func (k *keeper) ClaimAnswer(_ context.Context, key engine.AnswerKey, digest string) (*engine.KeptAnswer, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch known := k.kept[key]; {
	case known == nil:
		if k.kept == nil {
			k.kept = map[engine.AnswerKey]*keptAnswer{}
		}
		k.kept[key] = &keptAnswer{digest: digest}
		return nil, nil
	case known.digest != digest:
		return nil, engine.Errorf(engine.CodeIdempotencyConflict, "the key was used for another request")
	case known.answer == nil:
		return nil, engine.Errorf(engine.CodeUnavailable, "the first request under the key is worked on")
	default:
		return known.answer, nil
	}
}

func (k *keeper) KeepAnswer(_ context.Context, key engine.AnswerKey, a engine.KeptAnswer) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kept[key].answer = &a
	return nil
}

func (k *keeper) DropAnswer(_ context.Context, key engine.AnswerKey) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.kept, key)
	return nil
}

// pure are operations that change nothing: nothing is kept of what they answer.
var pure = []string{"/api/v1/dossiers/{code}/preview", "/api/v1/procedures/simulate"}

// TestEveryPostTakesAKey: whatever changes something may be repeated safely.
func TestEveryPostTakesAKey(t *testing.T) {
	for path, methods := range newSite(t).get("/openapi.json").json(t)["paths"].(map[string]any) {
		for method, op := range methods.(map[string]any) {
			if method == "get" || !strings.HasPrefix(path, "/api/") {
				continue
			}
			var names []string
			list, _ := op.(map[string]any)["parameters"].([]any)
			for _, p := range list {
				names = append(names, p.(map[string]any)["name"].(string))
			}
			require.Equal(t, !slices.Contains(pure, path), slices.Contains(names, "Idempotency-Key"), "%s %s", method, path)
		}
	}
}

func TestKeptAnswer(t *testing.T) {
	s := newSite(t)
	tam, yen := s.signedIn("tam"), s.signedIn("yen")
	path := "/api/v1/procedures"
	upload := func(text string, who ...with) answer {
		return s.do(http.MethodPost, path, text, append(who, header("Content-Type", "application/yaml"), header("Idempotency-Key", "u1"))...)
	}
	first := upload(text, tam)
	require.Less(t, first.StatusCode, 500, first.body)
	require.Empty(t, first.Header.Get("Idempotency-Replayed"))

	again := upload(text, tam)
	require.Equal(t, "true", again.Header.Get("Idempotency-Replayed"))
	require.Equal(t, first.StatusCode, again.StatusCode)
	require.Equal(t, first.body, again.body)
	require.Equal(t, first.Header.Get("Content-Type"), again.Header.Get("Content-Type"))

	upload(text+"\n# another", tam).refusal(t, http.StatusUnprocessableEntity, engine.CodeIdempotencyConflict)
	require.Empty(t, upload(text, yen).Header.Get("Idempotency-Replayed"), "another's key is another key")
	s.do(http.MethodPost, path, text, tam, header("Content-Type", "application/yaml"), header("Idempotency-Key", strings.Repeat("k", 201))).
		refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
}

func TestIfMatch(t *testing.T) {
	s := newSite(t)
	code, lan := s.started(), s.signedIn("lan")
	read := s.get("/api/v1/dossiers/"+code, lan).Header.Get("ETag")
	require.NotEmpty(t, read)
	s.event(code, "claim", lan, header("If-Match", `"1"`)).refusal(t, http.StatusPreconditionFailed, engine.CodePrecondition)
	require.Equal(t, http.StatusOK, s.event(code, "claim", lan, header("If-Match", read)).StatusCode)
	p := s.event(code, "release", lan, header("If-Match", read)).refusal(t, http.StatusPreconditionFailed, engine.CodePrecondition)
	require.Equal(t, "received", p["state"])
	require.Equal(t, http.StatusOK, s.event(code, "release", lan, header("If-Match", "*")).StatusCode)
	s.event(code, "claim", lan, header("If-Match", "12")).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
}

func TestRateOfOneCaller(t *testing.T) {
	s := newSite(t, func(o *api.Options) { o.CallerRate = 5 })
	lan, yen := s.signedIn("lan"), s.signedIn("yen")
	for range 10 {
		require.Equal(t, http.StatusOK, s.get("/api/v1/me", lan).StatusCode)
	}
	res := s.get("/api/v1/me", lan)
	res.refusal(t, http.StatusTooManyRequests, engine.CodeTooManyRequests)
	wait, err := strconv.Atoi(res.Header.Get("Retry-After"))
	require.NoError(t, err)
	require.Positive(t, wait)
	require.Equal(t, http.StatusOK, s.get("/api/v1/me", yen).StatusCode, "others are served")
	require.Equal(t, http.StatusOK, s.get("/healthz", lan).StatusCode)
	s.pass(1e9)
	require.Equal(t, http.StatusOK, s.get("/api/v1/me", lan).StatusCode, "a second later again")
}

func TestGuessingKeys(t *testing.T) {
	s := newSite(t)
	wrong := as("Bearer mc_portal_guess")
	for range 20 {
		s.get("/api/v1/me", wrong).refusal(t, http.StatusUnauthorized, engine.CodeUnauthenticated)
	}
	s.get("/api/v1/me", wrong).refusal(t, http.StatusTooManyRequests, engine.CodeTooManyRequests)
	elsewhere := func(r *http.Request) { r.RemoteAddr = "192.0.2.7:4711" }
	s.get("/api/v1/me", wrong, elsewhere).refusal(t, http.StatusUnauthorized, engine.CodeUnauthenticated)
	require.Equal(t, http.StatusOK, s.get("/api/v1/me", as(systemKey)).StatusCode, "a right key is nobody's guess")
	s.pass(2e9)
	s.get("/api/v1/me", wrong).refusal(t, http.StatusUnauthorized, engine.CodeUnauthenticated)
}
