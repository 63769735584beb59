package e2e_test

import (
	"context"
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

// TestWorkerKilled kills the worker in mid-dossier and lets a step's whole
// ladder pass. Lists stay right meanwhile; the next worker lets every missed
// rung fire once, in order, with its own moment.
func TestWorkerKilled(t *testing.T) {
	dossier := open(t)
	fire(t, reception, dossier, "accept")
	eventually(t, "its workflow runs", func() bool { return running(t, dossier) })
	w.worker.kill()
	again := restored(t, &w.worker, "worker")

	step := lastEntered(t, dossier)
	eventually(t, "the last rung's moment passes", func() bool { return time.Now().After(step.At.Add(4 * time.Second)) })
	require.True(t, overdue(t, dossier), "overdue is derived, no job has to run")
	before := len(rungsIn(t, dossier, step))

	again()
	eventually(t, "the missed rungs fire", func() bool { return len(rungsIn(t, dossier, step)) == 3 })
	fired := rungsIn(t, dossier, step)
	require.Equal(t, wholeLadder, said(fired))
	for i := before; i < len(fired); i++ {
		require.False(t, fired[i].RecordedAt.IsZero(), "it says when it was noticed")
		require.True(t, fired[i].RecordedAt.After(fired[i].At))
	}
	for _, step := range theRest {
		fire(t, step[0], dossier, step[1])
	}
	require.Equal(t, engine.StatusClosed, show(t, dossier).Status)
	require.Len(t, rungsIn(t, dossier, step), 3, "each once")
	require.NoError(t, w.ledger.Verify(context.Background(), dossier))
	keep(t, "worker-killed", dossier)
}

// restored returns what starts a process again that a test has ended. Should
// the test fail before it does, the next ones have it all the same.
func restored(t *testing.T, p **process, verb string) (again func()) {
	t.Helper()
	again = func() {
		if !(*p).ended() {
			return
		}
		started, err := w.start(context.Background(), verb)
		require.NoError(t, err)
		*p = started
	}
	t.Cleanup(again)
	return again
}

// TestUpdateThatGotThrough freezes the worker, so that an event's update is
// admitted by Temporal but not answered: the ledger decides it. When the worker
// thaws, the update is handled after all, and must not be applied again.
func TestUpdateThatGotThrough(t *testing.T) {
	dossier := answeredByItsWorkflow(t)
	require.NoError(t, w.worker.signal(syscall.SIGSTOP))
	t.Cleanup(func() { _ = w.worker.signal(syscall.SIGCONT) })
	fire(t, reception, dossier, "forward") // times out at the driver, decided by the ledger
	require.Equal(t, 1, entered(t, dossier, "forward"))
	require.NoError(t, w.worker.signal(syscall.SIGCONT))

	eventually(t, "the update is handled in the workflow", func() bool { return updatesCompleted(t, dossier) == 2 })
	require.Equal(t, 1, entered(t, dossier, "forward"), "applied once")
	require.Equal(t, "under-verification", show(t, dossier).State)
	for _, step := range theRest[1:] {
		eventually(t, step[1], func() bool {
			r, err := try(step[0], http.MethodPost, "/api/v1/dossiers/"+dossier+"/events", "thaw-"+step[0]+step[1], map[string]string{"event": step[1]})
			return err == nil && r.Status == http.StatusOK
		})
	}
	require.NoError(t, w.ledger.Verify(context.Background(), dossier))
	keep(t, "update-got-through", dossier)
}

// answeredByItsWorkflow accepts a dossier through its workflow: not by the
// ledger alone, as when an event before it took too long, or this one does.
func answeredByItsWorkflow(t *testing.T) string {
	t.Helper()
	dossier := ""
	eventually(t, "an event is answered by a workflow", func() bool {
		dossier = open(t)
		require.Eventually(t, func() bool { return running(t, dossier) }, patience, glance, "its workflow runs")
		fire(t, reception, dossier, "accept")
		return updatesCompleted(t, dossier) == 1
	})
	return dossier
}

// TestTemporalAway stops Temporal for a minute. A start and three events are
// accepted meanwhile and a deadline passes; when Temporal is back the workflow
// runs and the missed rungs fire once, late, with their true moments.
func TestTemporalAway(t *testing.T) {
	const outage = time.Minute
	before := open(t) // its workflow runs, and its next event meets the outage
	fire(t, reception, before, "accept")
	eventually(t, "its workflow runs", func() bool { return running(t, before) })
	require.NoError(t, w.temporal.Kill())
	gone, back := time.Now(), false
	t.Cleanup(func() {
		if !back { // the next tests need it
			require.NoError(t, w.startTemporal(context.Background()))
		}
	})

	dossier := open(t)
	fire(t, reception, dossier, "accept")
	fire(t, reception, dossier, "forward")
	fire(t, officer, dossier, "accept-handoff")
	fire(t, reception, before, "forward")
	require.Equal(t, "under-verification", show(t, dossier).State)
	step := acceptedAt(t, dossier)
	eventually(t, "the deadline passes, and the list shows it without Temporal", func() bool {
		return time.Now().After(step.At.Add(3*time.Second)) && overdue(t, dossier)
	})
	require.Empty(t, rungsIn(t, dossier, step), "nobody is there to fire it")
	require.Eventually(t, func() bool { return time.Since(gone) > outage }, 2*outage, time.Second)

	require.NoError(t, w.startTemporal(context.Background()))
	back = true
	eventually(t, "the relay starts the workflow", func() bool { return running(t, dossier) })
	eventually(t, "the missed rungs fire", func() bool { return len(rungsIn(t, dossier, step)) == 3 })
	fired := rungsIn(t, dossier, step)
	require.Equal(t, wholeLadder, said(fired))
	for i, after := range []time.Duration{1500 * time.Millisecond, 2 * time.Second, 3 * time.Second} {
		require.WithinDuration(t, step.At.Add(after), fired[i].At, 2*time.Millisecond, "its true moment")
		require.Equal(t, fired[i].RecordedAt.Sub(fired[i].At) > time.Minute, fired[i].Rung.Late)
		require.True(t, fired[i].RecordedAt.After(gone.Add(outage)))
	}
	for _, event := range []string{"start", "accept", "forward"} {
		require.Equal(t, 1, entered(t, dossier, event), event)
	}
	require.Equal(t, 1, entered(t, before, "forward"))
	finish(t, dossier)
	finish(t, before)
	keep(t, "started-while-temporal-was-away", dossier)
	keep(t, "temporal-away", before)
}

// finish brings a forwarded dossier to its end, whatever was done of it.
func finish(t *testing.T, dossier string) {
	t.Helper()
	for _, step := range theRest[1:] {
		r := send(t, step[0], http.MethodPost, "/api/v1/dossiers/"+dossier+"/events", "", map[string]string{"event": step[1]})
		if step[1] != "accept-handoff" {
			require.Equal(t, http.StatusOK, r.Status, "%s: %s", step[1], r.Body)
		}
	}
	require.Equal(t, engine.StatusClosed, show(t, dossier).Status)
	require.NoError(t, w.ledger.Verify(context.Background(), dossier))
}

// acceptedAt finds the acceptance of a handoff, with which the step begins.
func acceptedAt(t *testing.T, dossier string) engine.StoredFact {
	t.Helper()
	for _, f := range facts(t, dossier) {
		if f.Kind == engine.FactHandoffAccepted {
			return f
		}
	}
	t.Fatal("no handoff was accepted")
	return engine.StoredFact{}
}
