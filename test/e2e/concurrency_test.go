package e2e_test

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/workflows/contract"
)

// together sends the same kind of request from many callers at once.
func together(n int, request func(i int) (reply, error)) ([]reply, []error) {
	replies, errs := make([]reply, n), make([]error, n)
	var ready, done sync.WaitGroup
	gate := make(chan struct{})
	for i := range n {
		ready.Add(1)
		done.Go(func() {
			ready.Done()
			<-gate
			replies[i], errs[i] = request(i)
		})
	}
	ready.Wait()
	close(gate)
	done.Wait()
	return replies, errs
}

// TestTwoEventsAtOnce lets two officers accept one dossier at the same moment.
func TestTwoEventsAtOnce(t *testing.T) {
	for range 5 {
		dossier := open(t)
		officers := []string{reception, head}
		replies, errs := together(2, func(i int) (reply, error) {
			return try(officers[i], http.MethodPost, "/api/v1/dossiers/"+dossier+"/events", "", map[string]string{"event": "accept"})
		})
		accepted := 0
		for i, r := range replies {
			require.NoError(t, errs[i])
			if r.Status == http.StatusOK {
				accepted++
				continue
			}
			var p problem
			r.into(t, &p)
			require.Equal(t, http.StatusConflict, r.Status)
			require.Equal(t, engine.CodeEventNotPermitted, p.Code)
			require.Equal(t, "accepted", p.State, "the problem names the present state")
			require.Equal(t, "application/problem+json", r.Header.Get("Content-Type"))
		}
		require.Equal(t, 1, accepted)
		require.Equal(t, 1, entered(t, dossier, "accept"))
	}
}

// TestSameStartManyTimes sends one start twenty times at once under one key.
func TestSameStartManyTimes(t *testing.T) {
	before := count(t)
	replies, errs := together(20, func(int) (reply, error) {
		return try("portal", http.MethodPost, "/api/v1/dossiers", "portal-2026-000001", births())
	})
	var code string
	created := 0
	for i, r := range replies {
		require.NoError(t, errs[i])
		var started struct{ Code, State string }
		r.into(t, &started)
		require.Equal(t, "submitted", started.State)
		if code == "" {
			code = started.Code
		}
		require.Equal(t, code, started.Code)
		if r.Status == http.StatusCreated {
			created++
		} else {
			require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
		}
	}
	require.Equal(t, 1, created)
	require.Equal(t, before+1, count(t))
	eventually(t, "its workflow runs", func() bool { return running(t, code) })
	runs, err := w.client.DescribeWorkflowExecution(context.Background(), contract.WorkflowID(code), "")
	require.NoError(t, err)
	info := runs.GetWorkflowExecutionInfo()
	require.Equal(t, info.GetExecution().GetRunId(), info.GetFirstRunId(), "there was never another run")

	other := births()
	other["channel"] = "post"
	r := send(t, "portal", http.MethodPost, "/api/v1/dossiers", "portal-2026-000001", other)
	var p problem
	r.into(t, &p)
	require.Equal(t, engine.CodeIdempotencyConflict, p.Code)
}
