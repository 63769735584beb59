package e2e_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"

	"motcua/engine"
	"motcua/workflows/contract"
)

// TestMainJob walks a birth registration from the portal's request to the
// certificate in the citizen's hands, with a step that falls late on the way.
func TestMainJob(t *testing.T) {
	dossier := open(t)
	fire(t, reception, dossier, "accept")
	require.Equal(t, "accepted", show(t, dossier).State)

	step := lastEntered(t, dossier)
	eventually(t, "the ladder of the late step fires", func() bool { return len(rungsIn(t, dossier, step)) == 3 })
	fired := rungsIn(t, dossier, step)
	require.Equal(t, wholeLadder, said(fired))
	for i, after := range []time.Duration{1500 * time.Millisecond, 2 * time.Second, 3 * time.Second} {
		require.WithinDuration(t, step.At.Add(after), fired[i].At, 2*time.Millisecond, "%s at its own moment", fired[i].Rung.Rung)
	}
	record := show(t, dossier)
	require.True(t, record.StepOverdue)
	require.Equal(t, "escalated", record.Raised)
	require.True(t, overdue(t, dossier))
	require.Contains(t, board(t, head), dossier, "the supervisor's board shows it")

	for _, step := range theRest {
		fire(t, step[0], dossier, step[1])
	}
	record = show(t, dossier)
	require.Equal(t, engine.StatusClosed, record.Status)
	require.Equal(t, "returned", record.State)
	require.False(t, overdue(t, dossier))
	evidence(t, dossier)
	keep(t, "closed-late", dossier)
}

// evidence checks what an auditor reads of a closed dossier.
func evidence(t *testing.T, dossier string) {
	t.Helper()
	require.NoError(t, w.ledger.Verify(context.Background(), dossier), "the chain holds and the case is the fold of its facts")
	all := facts(t, dossier)
	require.Equal(t, engine.FactDossierStarted, all[0].Kind)
	require.Equal(t, engine.FactDossierClosed, all[len(all)-1].Kind)
	sent, accepted := 0, 0
	for i, f := range all {
		require.Equal(t, int64(i+1), f.Seq)
		switch f.Kind {
		case engine.FactHandoffSent:
			sent++
		case engine.FactHandoffAccepted:
			accepted++
		}
	}
	require.Equal(t, 4, sent)
	require.Equal(t, sent, accepted)

	r := send(t, reception, http.MethodGet, "/api/v1/dossiers/"+dossier+"/clocks", "", nil)
	var list struct {
		Clocks []struct {
			engine.Clock
			Explanation engine.Explanation `json:"explanation"`
		}
	}
	r.into(t, &list)
	statutory := slices.IndexFunc(list.Clocks, func(k struct {
		engine.Clock
		Explanation engine.Explanation `json:"explanation"`
	}) bool {
		return k.Kind == engine.ClockStatutory
	})
	require.GreaterOrEqual(t, statutory, 0, "%s", r.Body)
	require.Equal(t, engine.VerdictMet, list.Clocks[statutory].Verdict)
	require.NotEmpty(t, list.Clocks[statutory].Explanation.Rules)
	require.NotEmpty(t, list.Clocks[statutory].Explanation.Timeline)
}

// board reads the page as an officer sees it, signed in as in a browser.
func board(t *testing.T, who string) string {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	browser := &http.Client{Jar: jar, Timeout: patience}
	res, err := browser.PostForm(w.api.base+"/sign-in", url.Values{"officer": {who}})
	require.NoError(t, err)
	_ = res.Body.Close()
	res, err = browser.Get(w.api.base + "/")
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	page, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, res.StatusCode, "%s", page)
	return string(page)
}

func lastEntered(t *testing.T, dossier string) engine.StoredFact {
	t.Helper()
	var last engine.StoredFact
	for _, f := range facts(t, dossier) {
		if f.Kind == engine.FactStateEntered {
			last = f
		}
	}
	return last
}

func ended(t *testing.T, dossier string) bool {
	t.Helper()
	return status(t, dossier) == enumspb.WORKFLOW_EXECUTION_STATUS_COMPLETED
}

func running(t *testing.T, dossier string) bool {
	t.Helper()
	return status(t, dossier) == enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING
}

func status(t *testing.T, dossier string) enumspb.WorkflowExecutionStatus {
	t.Helper()
	d, err := w.client.DescribeWorkflowExecution(context.Background(), contract.WorkflowID(dossier), "")
	if err != nil {
		return enumspb.WORKFLOW_EXECUTION_STATUS_UNSPECIFIED
	}
	return d.GetWorkflowExecutionInfo().GetStatus()
}
