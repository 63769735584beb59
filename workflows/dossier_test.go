package workflows_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"motcua/activities"
	"motcua/activities/ledgertest"
	"motcua/engine"
	"motcua/worker"
	"motcua/workflows/contract"
)

const dossier = "H00.101-260105-0001"

// stage is the workflow of one dossier on the in-memory ledger, on the test
// environment's clock.
type stage struct {
	*testsuite.TestWorkflowEnvironment
	t      *testing.T
	ledger *ledgertest.Memory
	start  contract.DossierInput
	at     map[string]contract.Outcome
}

func newStage(t *testing.T) *stage {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.SetStartTime(time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC))
	env.SetTestTimeout(time.Minute)
	ledger := ledgertest.NewMemory(ledgertest.Rules(), env.Now)
	worker.RegisterWorkflows(env)
	worker.RegisterActivities(env, &activities.Activities{Ledger: ledger})
	opened, err := ledger.Start(dossier, ledgertest.Opening(ledgertest.Machine()), ledgertest.Clerk)
	require.NoError(t, err)
	return &stage{
		TestWorkflowEnvironment: env, t: t, ledger: ledger, at: map[string]contract.Outcome{},
		start: contract.DossierInput{Dossier: dossier, Seq: opened.Seq, NextAt: opened.NextAt},
	}
}

// fire sends a command after a while, as an update with the command's id.
func (s *stage) fire(after time.Duration, id, event string) {
	s.RegisterDelayedCallback(func() {
		cmd := engine.Command{ID: id, Dossier: dossier, Event: event, Actor: ledgertest.Clerk}
		require.NoError(s.t, s.ledger.Submit(context.Background(), cmd))
		s.UpdateWorkflow(contract.UpdateFire, id, &testsuite.TestUpdateCallback{
			OnAccept: func() {},
			OnReject: func(err error) { s.t.Errorf("update %s rejected: %v", id, err) },
			OnComplete: func(out any, err error) {
				require.NoError(s.t, err)
				s.at[id] = out.(contract.Outcome)
			},
		}, contract.FireInput{Dossier: dossier, Command: id})
	}, after)
}

func (s *stage) run() error {
	s.ExecuteWorkflow(contract.WorkflowDossier, s.start)
	require.True(s.t, s.IsWorkflowCompleted())
	return s.GetWorkflowError()
}

func (s *stage) began() time.Time { return s.ledger.Facts(dossier)[0].At.UTC() }

// rungs lists the fired rungs with the time since the start of the workflow.
func (s *stage) rungs() []string {
	var out []string
	began := s.began()
	for _, f := range s.ledger.Facts(dossier) {
		if f.Kind == engine.FactRungFired {
			late := ""
			if f.Rung.Late {
				late = " late"
			}
			out = append(out, fmt.Sprintf("%s at %s%s", f.Rung.Rung, f.At.Sub(began), late))
		}
	}
	return out
}

func TestDossier(t *testing.T) {
	t.Parallel()
	t.Run("runs from start to closure through updates", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		s.fire(500*time.Millisecond, "a", "accept")
		s.fire(10*time.Minute, "b", "sign")
		require.NoError(t, s.run())
		require.True(t, s.at["b"].Closed)
		require.Empty(t, s.rungs())
	})
	t.Run("fires rungs when their moment comes", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		s.fire(40*time.Minute, "a", "accept")
		s.fire(2*time.Hour, "b", "sign")
		require.NoError(t, s.run())
		require.Equal(t, []string{
			"100% of step at 1s", "30m after step at 30m1s", // the step's own
			"75% of dossier at 1h25m0s", "100% of dossier at 1h40m0s", // the clock started at 40m
		}, s.rungs())
	})
	t.Run("answers a refusal and goes on", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		s.fire(100*time.Millisecond, "no", "sign")
		s.fire(200*time.Millisecond, "a", "accept")
		s.fire(300*time.Millisecond, "b", "sign")
		require.NoError(t, s.run())
		require.Equal(t, engine.CodeEventNotPermitted, s.at["no"].Refusal.Code)
		require.Nil(t, s.at["a"].Refusal)
	})
	t.Run("lets a suspension lapse by itself", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		s.fire(500*time.Millisecond, "a", "accept")
		s.fire(10*time.Minute, "b", "request-supplement")
		require.NoError(t, s.run())
		facts := s.ledger.Facts(dossier)
		last := facts[len(facts)-1]
		require.Equal(t, engine.FactDossierClosed, last.Kind)
		require.Equal(t, 24*time.Hour+10*time.Minute, last.At.Sub(facts[0].At), "a day after the request, not a minute later")
		require.Empty(t, s.rungs(), "the suspended clock fires nothing")
	})
	t.Run("looks at the ledger when woken", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		s.RegisterDelayedCallback(func() { // somebody decides on the ledger itself, to the end
			for _, event := range []string{"accept", "sign"} {
				require.NoError(t, s.ledger.Submit(context.Background(), engine.Command{ID: event, Dossier: dossier, Event: event, Actor: ledgertest.Clerk}))
				_, err := s.ledger.Fire(context.Background(), dossier, event)
				require.NoError(t, err)
			}
			s.SignalWorkflow(contract.SignalWake, nil)
		}, 500*time.Millisecond)
		require.NoError(t, s.run())
	})
	t.Run("believes a ledger that was restored to an earlier moment", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		opened := len(s.ledger.Facts(dossier))
		s.fire(500*time.Millisecond, "a", "accept")
		s.RegisterDelayedCallback(func() {
			s.ledger.Rewind(dossier, opened)
			s.SignalWorkflow(contract.SignalWake, nil)
		}, 10*time.Minute)
		s.fire(50*time.Minute, "b", "accept")
		s.fire(51*time.Minute, "c", "sign")
		require.NoError(t, s.run())
		require.Equal(t, []string{"100% of step at 1s late", "30m after step at 30m1s"}, s.rungs())
	})
	t.Run("started by somebody who knew nothing, it looks first", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		s.start = contract.DossierInput{Dossier: dossier}
		s.fire(time.Minute, "a", "accept")
		s.fire(2*time.Minute, "b", "sign")
		require.NoError(t, s.run())
		require.Equal(t, []string{"100% of step at 1s"}, s.rungs())
	})
	t.Run("waits patiently while the ledger is away", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		s.RegisterDelayedCallback(func() { s.ledger.GoAway(20) }, 400*time.Millisecond)
		s.fire(500*time.Millisecond, "a", "accept")
		s.fire(3*time.Hour, "b", "sign")
		require.NoError(t, s.run())
		require.Equal(t, "under-verification", s.at["a"].State)
		require.True(t, s.at["b"].Closed)
	})
	t.Run("fails for good on a dossier that does not exist", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		s.start = contract.DossierInput{Dossier: "H00.101-260105-9999"}
		require.ErrorContains(t, s.run(), string(engine.CodeNotFound))
	})
	t.Run("continues as new when its history grows long, with nothing but the next moment", func(t *testing.T) {
		t.Parallel()
		s := newStage(t)
		s.fire(500*time.Millisecond, "a", "accept")
		s.RegisterDelayedCallback(func() { s.SetContinueAsNewSuggested(true) }, time.Minute)
		s.fire(2*time.Minute, "b", "claim")
		var next *workflow.ContinueAsNewError
		require.ErrorAs(t, s.run(), &next)
		var in contract.DossierInput
		require.NoError(t, converter.GetDefaultDataConverter().FromPayloads(next.Input, &in))
		require.Equal(t, contract.DossierInput{Dossier: dossier, Seq: int64(len(s.ledger.Facts(dossier))), NextAt: s.began().Add(45*time.Minute + 500*time.Millisecond)}, in)
	})
}
