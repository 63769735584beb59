package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/api"
	"motcua/engine"
)

// hooked is a site whose subscriptions a test can look into.
func hooked(t *testing.T) (*site, *hooks) {
	t.Helper()
	h := newHooks()
	return newSite(t, func(o *api.Options) { o.Webhooks, o.Deliveries = h, h }), h
}

const subscription = `{"url":"https://portal.example/hooks","types":["vn.motcua.portal.status"],"status_only":true}`

func subscribed(t *testing.T, s *site) string {
	t.Helper()
	res := s.do(http.MethodPost, "/api/v1/webhooks", subscription, as(systemKey))
	require.Equal(t, http.StatusCreated, res.StatusCode, res.body)
	return res.json(t)["id"].(string)
}

func TestCreateWebhook(t *testing.T) {
	t.Parallel()
	t.Run("shows the secret once", func(t *testing.T) {
		t.Parallel()
		s, _ := hooked(t)
		res := s.do(http.MethodPost, "/api/v1/webhooks", subscription, as(systemKey), header("Idempotency-Key", "k"))
		require.Equal(t, http.StatusCreated, res.StatusCode, res.body)
		made := res.json(t)
		require.True(t, strings.HasPrefix(made["secret"].(string), "whsec_"))
		again := s.do(http.MethodPost, "/api/v1/webhooks", subscription, as(systemKey), header("Idempotency-Key", "k")).json(t)
		require.Equal(t, made["id"], again["id"])
		require.NotContains(t, again, "secret")
		for _, path := range []string{"/api/v1/webhooks", "/api/v1/webhooks/" + made["id"].(string)} {
			require.NotContains(t, s.get(path, as(systemKey)).body, "whsec_")
		}
	})
	t.Run("says where the input is wrong", func(t *testing.T) {
		t.Parallel()
		s, _ := hooked(t)
		for body, place := range map[string]string{
			`{"url":"http://portal.example/hooks"}`:                               "/url",
			`{"url":"https://169.254.169.254/"}`:                                  "/url",
			`{"url":"https://portal.example","types":["vn.motcua.nothing.else"]}`: "/types/0",
			`{"url":"https://portal.example","procedures":["một hai"]}`:           "/procedures/0",
			`{}`: "/url",
		} {
			res := s.do(http.MethodPost, "/api/v1/webhooks", body, as(systemKey))
			require.Equal(t, http.StatusUnprocessableEntity, res.StatusCode, "%s: %s", body, res.body)
			require.Contains(t, res.body, `"`+place+`"`, body)
		}
	})
}

func TestChangeWebhook(t *testing.T) {
	t.Parallel()
	s, _ := hooked(t)
	id := subscribed(t, s)
	changed := s.do(http.MethodPost, "/api/v1/webhooks/"+id, `{"url":"https://other.example/","enabled":false}`, as(systemKey))
	require.Equal(t, http.StatusOK, changed.StatusCode, changed.body)
	read := s.get("/api/v1/webhooks/"+id, as(systemKey)).json(t)
	require.Equal(t, "https://other.example/", read["url"])
	require.Equal(t, false, read["enabled"])
	require.NotContains(t, read, "status_only", "what is left out is not asked for any more")

	require.Equal(t, http.StatusNoContent, s.do(http.MethodPost, "/api/v1/webhooks/"+id+"/delete", "", as(systemKey)).StatusCode)
	s.get("/api/v1/webhooks/"+id, as(systemKey)).refusal(t, http.StatusNotFound, engine.CodeNotFound)
}

func TestRotateWebhook(t *testing.T) {
	t.Parallel()
	s, h := hooked(t)
	id := subscribed(t, s)
	res := s.do(http.MethodPost, "/api/v1/webhooks/"+id+"/rotate", "", as(systemKey))
	require.Equal(t, http.StatusOK, res.StatusCode, res.body)
	require.Equal(t, "whsec_YW5vdGhlcg==", res.json(t)["secret"])
	require.Equal(t, 24*time.Hour, h.overlap)
	require.Equal(t, http.StatusOK, s.do(http.MethodPost, "/api/v1/webhooks/"+id+"/rotate", `{"overlap_hours":0}`, as(systemKey)).StatusCode)
	require.Zero(t, h.overlap, "at once")
	require.Equal(t, http.StatusUnprocessableEntity, s.do(http.MethodPost, "/api/v1/webhooks/"+id+"/rotate", `{"overlap_hours":721}`, as(systemKey)).StatusCode)
}

func TestDeliveriesOfAWebhook(t *testing.T) {
	t.Parallel()
	s, h := hooked(t)
	id := subscribed(t, s)
	for n := int64(5); n > 0; n-- {
		state := engine.DeliveryDead
		if n == 3 {
			state = engine.DeliveryDelivered
		}
		h.deliveries = append(h.deliveries, engine.DeliveryRecord{ID: n, State: state})
	}
	path := "/api/v1/webhooks/" + id + "/deliveries?state=dead&limit=2"
	first := s.get(path, as(systemKey)).json(t)
	require.Len(t, first["deliveries"], 2)
	second := s.get(path+"&cursor="+first["next"].(string), as(systemKey)).json(t)
	require.Len(t, second["deliveries"], 2)
	require.NotContains(t, second, "next")

	res := s.do(http.MethodPost, "/api/v1/webhooks/"+id+"/replay", `{"deliveries":[5,4],"from":"2026-11-17T00:00:00Z"}`, as(systemKey))
	require.InDelta(t, 2, res.json(t)["replayed"], 0, res.body)
	require.Equal(t, []int64{5, 4}, h.replay.IDs)
	require.False(t, h.replay.From.IsZero())
	require.Equal(t, http.StatusOK, s.do(http.MethodPost, "/api/v1/webhooks/"+id+"/replay", "", as(systemKey)).StatusCode)
}

// TestWebhooksOfAnotherAgency: whether they exist is nobody's business.
func TestWebhooksOfAnotherAgency(t *testing.T) {
	t.Parallel()
	s, _ := hooked(t)
	id := subscribed(t, s)
	for _, call := range [][2]string{
		{http.MethodGet, ""}, {http.MethodPost, "/rotate"}, {http.MethodPost, "/delete"}, {http.MethodGet, "/deliveries"}, {http.MethodPost, "/replay"},
	} {
		s.do(call[0], "/api/v1/webhooks/"+id+call[1], "", as(elsewhereKey)).refusal(t, http.StatusNotFound, engine.CodeNotFound)
	}
	require.NotContains(t, s.get("/api/v1/webhooks", as(elsewhereKey)).body, id)
}

func TestPortalRoute(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	code := s.started()
	require.Equal(t, http.StatusOK, s.event(code, "accept", s.signedIn("lan")).StatusCode)
	view := s.get("/api/v1/dossiers/"+code+"/portal", as(systemKey))
	require.Equal(t, http.StatusOK, view.StatusCode, view.body)
	said := view.json(t)
	require.Equal(t, code, said["code"])
	require.InDelta(t, 1, said["channel"], 0)
	require.Regexp(t, `^2026\d{10}$`, said["started"])
	log := said["log"].([]any)
	require.Len(t, log, 2)
	last := log[1].(map[string]any)
	require.Equal(t, "lan", last["person"])
	require.Equal(t, said["status"], last["status"])
	require.Equal(t, said["due"], last["due"])
	require.ElementsMatch(t, []string{"person", "at", "content", "status", "due"}, keysOf(last))
	s.get("/api/v1/dossiers/"+code+"/portal", as(elsewhereKey)).refusal(t, http.StatusNotFound, engine.CodeNotFound)
}

func keysOf(m map[string]any) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	return out
}
