package scenario_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"motcua/activities"
	"motcua/activities/ledgertest"
	"motcua/definitions"
	"motcua/definitions/scenario"
	"motcua/engine"
	"motcua/worker"
	"motcua/workflows/contract"
)

// TestShippedThroughTheWorkflow plays every shipped scenario twice: on the
// engine, whose virtual clock is told of every due moment, and through the
// workflow, whose timers must find them.
func TestShippedThroughTheWorkflow(t *testing.T) {
	t.Parallel()
	shipped, err := definitions.Shipped()
	require.NoError(t, err)
	played := 0
	for _, procedure := range shipped {
		texts, err := definitions.Scenarios(procedure.Machine.Code)
		require.NoError(t, err)
		for _, text := range texts {
			played++
			t.Run(text.File, func(t *testing.T) {
				t.Parallel()
				requireSame(t, procedure.Machine, text.File, text.Text)
			})
		}
	}
	require.NotZero(t, played)
}

// TestOwnThroughTheWorkflow plays the scenarios of what no shipped one may
// need, on definitions of their own.
func TestOwnThroughTheWorkflow(t *testing.T) {
	t.Parallel()
	playFiles(t, nil, filepath.Join("..", "..", "definitions", "scenario", "testdata", "*.txtar"))
}

// TestRegimesThroughTheWorkflow plays the supplement regimes R1 to R8.
func TestRegimesThroughTheWorkflow(t *testing.T) {
	t.Parallel()
	procedures, err := filepath.Glob(filepath.Join("..", "..", "definitions", "testdata", "regimes", "*.yaml"))
	require.NoError(t, err)
	require.Len(t, procedures, 8)
	for _, procedure := range procedures {
		definition, err := os.ReadFile(procedure)
		require.NoError(t, err)
		m, findings := definitions.Read(procedure, definition)
		require.NoError(t, findings.Err())
		playFiles(t, m, strings.TrimSuffix(procedure, ".yaml")+"*.txtar")
	}
}

// playFiles plays the scenarios of some files, each as a test of its own.
func playFiles(t *testing.T, m *engine.Machine, pattern string) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			requireSame(t, m, file, text)
		})
	}
}

func requireSame(t *testing.T, m *engine.Machine, file string, text []byte) {
	t.Helper()
	s, findings := scenario.Read(file, text)
	require.NoError(t, findings.Err())
	setting, err := s.Setting(m)
	require.NoError(t, err)
	want, err := s.Play(m)
	require.NoError(t, err)
	got := scenario.Tell(setting, s.Name, newDrive(t, setting, &s).run())
	require.Equal(t, want.Text("vi"), got.Text("vi"))
	require.Equal(t, want, got)
}

// drive plays the moves of one scenario as updates of a workflow on the
// in-memory ledger, each at its moment of the test environment's clock.
type drive struct {
	*testsuite.TestWorkflowEnvironment
	t        *testing.T
	ledger   *ledgertest.Memory
	moves    []scenario.Move
	dossier  string
	next     int // the move that is not played yet
	refusals []scenario.Refusal
}

func newDrive(t *testing.T, on scenario.Setting, s *scenario.Scenario) *drive {
	t.Helper()
	moves, err := s.Plan(on.Rules, on.Organisation)
	require.NoError(t, err)
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.SetStartTime(moves[0].At)
	env.SetTestTimeout(time.Minute)
	ledger := ledgertest.NewMemory(on.Rules, env.Now)
	worker.RegisterWorkflows(env)
	worker.RegisterActivities(env, &activities.Activities{Ledger: ledger})
	return &drive{TestWorkflowEnvironment: env, t: t, ledger: ledger, moves: moves, dossier: moves[0].Command.Dossier}
}

// run plays the moves and reads what the ledger holds at the end of the last.
func (d *drive) run() scenario.Record {
	d.t.Helper()
	opened, err := d.ledger.Open(d.moves[0].Command)
	require.NoError(d.t, err)
	if opened.Refusal != nil { // there is nothing to drive
		d.answered(d.moves[0], opened)
		return scenario.Record{Refusals: d.refusals}
	}
	d.await(1)
	d.ExecuteWorkflow(contract.WorkflowDossier, contract.DossierInput{Dossier: d.dossier, Seq: opened.Seq, NextAt: opened.NextAt})
	require.True(d.t, d.IsWorkflowCompleted())
	if err := d.GetWorkflowError(); err != nil {
		var cancelled *temporal.CanceledError
		require.ErrorAs(d.t, err, &cancelled)
	}
	for _, m := range d.moves[d.next:] { // on a closed dossier, whose workflow has ended
		d.behind(m)
	}
	return scenario.Record{Facts: d.ledger.Facts(d.dossier), Refusals: d.refusals}
}

// await arms the callback of a move once the one before is through, so that
// moves of one moment keep their order and few callbacks wait at a time.
func (d *drive) await(i int) {
	d.next = i
	if i < len(d.moves) {
		d.RegisterDelayedCallback(func() { d.play(i) }, d.moves[i].At.Sub(d.Now()))
		return
	}
	d.RegisterDelayedCallback(d.CancelWorkflow, time.Millisecond) // what is due at the very end is done before
}

func (d *drive) play(i int) {
	m := d.moves[i]
	if m.Passes {
		d.await(i + 1)
		return
	}
	require.NoError(d.t, d.ledger.Submit(d.t.Context(), m.Command))
	d.UpdateWorkflow(contract.UpdateFire, m.Command.ID, &testsuite.TestUpdateCallback{
		OnAccept: func() {},
		OnReject: func(err error) { d.t.Errorf("update %s rejected: %v", m.Command.ID, err) },
		OnComplete: func(out any, err error) {
			require.NoError(d.t, err)
			d.answered(m, out.(contract.Outcome))
			d.await(i + 1)
		},
	}, contract.FireInput{Dossier: d.dossier, Command: m.Command.ID})
}

// behind decides a command on the ledger itself.
func (d *drive) behind(m scenario.Move) {
	d.t.Helper()
	if m.Passes {
		return
	}
	require.NoError(d.t, d.ledger.Submit(d.t.Context(), m.Command))
	out, err := d.ledger.Fire(d.t.Context(), d.dossier, m.Command.ID)
	require.NoError(d.t, err)
	d.answered(m, out)
}

func (d *drive) answered(m scenario.Move, out contract.Outcome) {
	if out.Refusal != nil {
		d.refusals = append(d.refusals, scenario.Refusal{
			After: len(d.ledger.Facts(d.dossier)), At: m.At, Actor: m.Command.Actor,
			State: out.State, Event: m.Command.Event, Error: *out.Refusal,
		})
	}
}
