package e2e_test

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/workflows/contract"
)

const (
	copies     = "2.000908" // copies from the register, whose steps take hours
	bulkSize   = 1000
	toTakeOver = "minh.tran"
)

// TestBulkKilled lets the head of the one-stop department reassign a thousand
// dossiers in one act and kills the API in the middle. The next API goes on by
// itself: every dossier has the act once, and its chain holds. An officer works
// on other dossiers meanwhile.
func TestBulkKilled(t *testing.T) {
	ctx := context.Background()
	codes := filed(t, bulkSize)
	others := filed(t, 10)
	driven(t, append(others, codes...))
	alone := works(t, others, 20, func() bool { return false })

	begun := send(t, head, http.MethodPost, "/api/v1/bulk", "bulk-reassign", map[string]any{
		"event": "reassign", "officer": toTakeOver, "reason": "san sẻ công việc", "dossiers": codes,
	})
	require.Equal(t, http.StatusAccepted, begun.Status, "%s", begun.Body)
	var view struct{ Act engine.ActRecord }
	begun.into(t, &view)
	act := view.Act.ID
	require.Equal(t, bulkSize, view.Act.Counts.Total)

	eventually(t, "some of them are done", func() bool { return progress(t, act).Counts.Changed >= bulkSize/10 })
	w.api.kill()
	midway := progress(t, act)
	require.Positive(t, midway.Counts.Pending, "it was killed in the middle")
	require.Equal(t, engine.MigrationRunning, midway.State)
	t.Logf("killed with %d of %d done", midway.Counts.Changed, bulkSize)

	var err error
	w.api, err = w.start(ctx, "api")
	require.NoError(t, err)
	beside := works(t, others, 1000, func() bool { return progress(t, act).State == engine.MigrationDone })
	require.Eventually(t, func() bool { return progress(t, act).State == engine.MigrationDone }, 2*time.Minute, glance, "it is taken up by itself")

	done := progress(t, act)
	require.Equal(t, engine.ActCounts{Total: bulkSize, Changed: bulkSize}, done.Counts)
	for _, code := range codes {
		once(t, act, code)
		require.NoError(t, w.ledger.Verify(ctx, code))
	}
	t.Logf("an officer's events, alone: %s; beside the act: %s", spread(alone), spread(beside))
}

// driven waits until every dossier has a workflow that waits for its next moment.
// Filed all at once they queue for their first task, and so would an event: the
// API would let the ledger decide it after three seconds, which is another test.
func driven(t *testing.T, codes []string) {
	t.Helper()
	const firstTaskDone = 4 // events of a history: started, and its task scheduled, started and completed
	for _, code := range codes {
		require.Eventually(t, func() bool {
			d, err := w.client.DescribeWorkflowExecution(context.Background(), contract.WorkflowID(code), "")
			return err == nil && d.GetWorkflowExecutionInfo().GetHistoryLength() >= firstTaskDone
		}, 2*time.Minute, glance, code)
	}
}

// filed starts dossiers straight in the ledger, some at a time.
func filed(t *testing.T, n int) []string {
	t.Helper()
	codes := make([]string, n)
	var at sync.WaitGroup
	for hand := range 8 {
		at.Go(func() {
			for i := hand; i < n; i += 8 {
				s, err := w.ledger.Start(context.Background(), engine.StartRequest{
					Key: "bulk " + strconv.Itoa(n) + " " + strconv.Itoa(i), Digest: "digest", Agency: commune, Procedure: copies, Channel: "direct",
					Actor:     engine.Actor{Kind: engine.ActorSystem, ID: "portal", Agency: commune},
					Applicant: engine.Applicant{Name: applicant}, Components: []string{"request"},
					Fields: map[string]any{"original.kind": "Giấy khai sinh", "copies": 1},
				})
				if err != nil {
					t.Errorf("start: %v", err)
					return
				}
				codes[i] = s.Code
			}
		})
	}
	at.Wait()
	require.False(t, t.Failed())
	return codes
}

// works lets an officer put remarks on dossiers, one after the other, until
// there were enough or it is over, and says how long each took. None may fail.
func works(t *testing.T, dossiers []string, most int, over func() bool) []time.Duration {
	t.Helper()
	var took []time.Duration
	for i := 0; i < most && !over(); i++ {
		began := time.Now()
		fireWith(t, reception, dossiers[i%len(dossiers)], engine.EventComment, "đã gọi điện cho người nộp")
		took = append(took, time.Since(began))
	}
	return took
}

func spread(took []time.Duration) string {
	if len(took) == 0 {
		return "none"
	}
	sorted := slices.Sorted(slices.Values(took))
	at := func(share int) string { return sorted[(len(sorted)-1)*share/100].Round(time.Millisecond).String() }
	return strconv.Itoa(len(took)) + " events, p50 " + at(50) + ", p95 " + at(95) + ", p99 " + at(99) + ", worst " + at(100)
}

// progress reads an act where no API has to be there.
func progress(t *testing.T, act string) engine.ActRecord {
	t.Helper()
	r, err := w.ledger.Act(context.Background(), commune, act)
	require.NoError(t, err)
	return r
}

// once: a dossier has exactly one fact of the act, and it is the reassignment.
func once(t *testing.T, act, code string) {
	t.Helper()
	facts, err := w.ledger.Facts(context.Background(), commune, code)
	require.NoError(t, err)
	given := 0
	for _, f := range facts {
		if f.Command == act {
			given++
			require.Equal(t, engine.FactDossierReassigned, f.Kind)
			require.Equal(t, toTakeOver, f.Officer)
		}
	}
	require.Equal(t, 1, given, code)
}
