package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"
)

const text = `{"specversion":"1.0","id":"msg_1","type":"vn.motcua.portal.status","source":"/agencies/H00.101","subject":"H00.101-261123-0001","time":"2026-11-23T09:30:00Z"}`

func TestReceiver(t *testing.T) {
	hook, err := standardwebhooks.NewWebhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	require.NoError(t, err)
	out := &bytes.Buffer{}
	r := &receiver{hook: hook, out: out, seen: map[string]bool{}}
	send := func(body string, at time.Time) int {
		signature, err := hook.Sign("msg_1", at, []byte(text))
		require.NoError(t, err)
		req := httptest.NewRequest(http.MethodPost, "/", bytes.NewBufferString(body))
		req.Header.Set("webhook-id", "msg_1")
		req.Header.Set("webhook-timestamp", strconv.FormatInt(at.Unix(), 10))
		req.Header.Set("webhook-signature", signature)
		w := httptest.NewRecorder()
		r.ServeHTTP(w, req)
		return w.Code
	}
	require.Equal(t, http.StatusUnauthorized, send(text+" ", time.Now()), "tampered with")
	require.Equal(t, http.StatusUnauthorized, send(text, time.Now().Add(-time.Hour)), "replayed by somebody else")
	require.Equal(t, http.StatusOK, send(text, time.Now()))
	require.Equal(t, http.StatusOK, send(text, time.Now()), "a repetition")
	require.Equal(t, "2026-11-23T09:30:00Z H00.101-261123-0001 vn.motcua.portal.status\n", out.String())
}
