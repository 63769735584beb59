package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"motcua/activities/ledgertest"
	"motcua/engine"
	"motcua/workflows/contract"
)

// newFamily is a stage on which linked dossiers can be opened, and their
// workflows hear what is told them.
func newFamily(t *testing.T) *stage {
	t.Helper()
	s := newStage(t)
	s.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: contract.WorkflowID(dossier)})
	s.ledger.OpenBy(ledgertest.Parts)
	s.ledger.Told = func(dossier string) {
		_ = s.SignalWorkflowByID(contract.WorkflowID(dossier), contract.SignalWake, nil) // one that has ended need not hear
	}
	return s
}

// fireOn sends a command to the workflow of another dossier.
func (s *stage) fireOn(after time.Duration, dossier, event string) {
	s.RegisterDelayedCallback(func() {
		cmd := engine.Command{ID: event, Dossier: dossier, Event: event, Actor: ledgertest.Clerk}
		require.NoError(s.t, s.ledger.Submit(context.Background(), cmd))
		require.NoError(s.t, s.UpdateWorkflowByID(contract.WorkflowID(dossier), contract.UpdateFire, event, &testsuite.TestUpdateCallback{
			OnAccept: func() {},
			OnReject: func(err error) { s.t.Errorf("update %s rejected: %v", event, err) },
			OnComplete: func(out any, err error) {
				require.NoError(s.t, err)
				s.at[event] = out.(contract.Outcome)
			},
		}, contract.FireInput{Dossier: dossier, Command: event}))
	}, after)
}

const part = "H00.101-260105-0002"

// kinds counts the facts of a kind on a dossier.
func (s *stage) kinds(dossier string, kind engine.FactKind) int {
	n := 0
	for _, f := range s.ledger.Facts(dossier) {
		if f.Kind == kind {
			n++
		}
	}
	return n
}

func TestLinked(t *testing.T) {
	t.Parallel()
	t.Run("opens what was asked for and drives it as a child", func(t *testing.T) {
		t.Parallel()
		s := newFamily(t)
		s.fire(500*time.Millisecond, "a", "accept")
		s.fire(time.Minute, "b", "involve")
		s.fireOn(2*time.Minute, part, "resolve")
		s.fire(3*time.Minute, "c", "sign")
		require.NoError(t, s.run())
		require.Len(t, s.at["b"].Opens, 1)
		require.True(t, s.at["resolve"].Closed)
		require.Equal(t, 1, s.kinds(dossier, engine.FactLinkOpened))
		require.Equal(t, 1, s.kinds(dossier, engine.FactLinkConcluded), "the part told how it ended")
	})
	t.Run("what cannot be opened yet keeps nobody waiting", func(t *testing.T) {
		t.Parallel()
		s := newFamily(t)
		s.ledger.OpenBy(nil) // no such procedure is in effect
		s.fire(500*time.Millisecond, "a", "accept")
		s.fire(time.Minute, "b", "involve")
		s.fire(70*time.Second, "d", "claim")
		s.RegisterDelayedCallback(func() {
			require.Equal(t, 1, s.kinds(dossier, engine.FactDossierClaimed), "another command went through meanwhile")
			require.Zero(t, s.kinds(dossier, engine.FactLinkOpened))
			s.ledger.OpenBy(ledgertest.Parts) // somebody published it
		}, 2*time.Minute) // the test environment gives up after ten attempts, the server does not
		s.fire(20*time.Minute, "c", "sign")
		require.NoError(t, s.run())
		require.Nil(t, s.at["d"].Refusal)
		require.Equal(t, 1, s.kinds(dossier, engine.FactLinkOpened))
		require.Less(t, s.ledger.Facts(part)[0].At.Sub(s.began()), 150*time.Second, "within half a minute, not with the next event")
	})
	t.Run("opens once, however many outcomes say that it is not open", func(t *testing.T) {
		t.Parallel()
		s := newFamily(t)
		asked := 0
		s.SetOnActivityStartedListener(func(info *activity.Info, _ context.Context, _ converter.EncodedValues) {
			if info.ActivityType.Name == contract.ActivityOpen && info.Attempt == 1 {
				asked++
			}
		})
		s.ledger.OpenBy(nil) // it is being opened for a while
		s.fire(500*time.Millisecond, "a", "accept")
		s.fire(time.Minute, "b", "involve")
		for i := range 5 {
			s.RegisterDelayedCallback(func() { s.SignalWorkflow(contract.SignalWake, nil) }, 70*time.Second+time.Duration(i)*time.Millisecond)
		}
		s.RegisterDelayedCallback(func() { s.ledger.OpenBy(ledgertest.Parts) }, 90*time.Second)
		s.fire(5*time.Minute, "c", "sign")
		require.NoError(t, s.run())
		require.Equal(t, 1, asked)
		require.Equal(t, 1, s.kinds(dossier, engine.FactLinkOpened))
		require.Empty(t, s.ledger.Facts("H00.101-260105-0003"))
	})
	t.Run("opens what was asked for while Temporal was away", func(t *testing.T) {
		t.Parallel()
		s := newFamily(t)
		s.RegisterDelayedCallback(func() { // decided on the ledger itself
			for _, event := range []string{"accept", "involve"} {
				require.NoError(t, s.ledger.Submit(context.Background(), engine.Command{ID: event, Dossier: dossier, Event: event, Actor: ledgertest.Clerk}))
				_, err := s.ledger.Fire(context.Background(), dossier, event)
				require.NoError(t, err)
			}
			s.SignalWorkflow(contract.SignalWake, nil)
		}, 500*time.Millisecond)
		s.fireOn(2*time.Minute, part, "resolve")
		s.fire(3*time.Minute, "c", "sign")
		require.NoError(t, s.run())
		require.Equal(t, 1, s.kinds(dossier, engine.FactLinkConcluded))
	})
	t.Run("goes on as new with what is left to open to look for", func(t *testing.T) {
		t.Parallel()
		s := newFamily(t)
		s.ledger.OpenBy(nil)
		s.fire(500*time.Millisecond, "a", "accept")
		s.fire(time.Minute, "b", "involve")
		s.RegisterDelayedCallback(func() { s.SetContinueAsNewSuggested(true) }, 2*time.Minute)
		s.fire(3*time.Minute, "d", "claim")
		var next *workflow.ContinueAsNewError
		require.ErrorAs(t, s.run(), &next)
		var in contract.DossierInput
		require.NoError(t, converter.GetDefaultDataConverter().FromPayloads(next.Input, &in))
		require.Equal(t, contract.DossierInput{Dossier: dossier}, in, "it knows nothing, so it looks first")
	})
}
