package scenario_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"motcua/activities"
	"motcua/activities/ledgertest"
	"motcua/definitions/scenario"
	"motcua/engine"
	"motcua/worker"
	"motcua/workflows/contract"
)

// drive plays the moves of one scenario as updates of workflows on the
// in-memory ledger, each at its moment of the test environment's clock. Linked
// dossiers are driven by child workflows, which their parents start.
type drive struct {
	*testsuite.TestWorkflowEnvironment
	t        *testing.T
	ledger   *ledgertest.Memory
	scenario *scenario.Scenario
	on       scenario.Setting
	moves    []scenario.Move
	dossier  string
	next     int // the move that is not played yet
	parts    []part
	driven   *driven
	refusals map[string][]scenario.Refusal // by dossier
}

// driven is the ledger, and remembers whose workflows have looked at it: those
// that can be sent an update.
type driven struct {
	*ledgertest.Memory
	looked sync.Map
}

func (l *driven) Tick(ctx context.Context, dossier string) (engine.Outcome, error) {
	l.looked.Store(dossier, true)
	return l.Memory.Tick(ctx, dossier)
}

func (l *driven) has(dossier string) bool {
	_, looked := l.looked.Load(dossier)
	return looked
}

// part is a linked dossier that was asked to be opened.
type part struct {
	parent string
	linked engine.Linked
	on     scenario.Setting
}

func newDrive(t *testing.T, on scenario.Setting, s *scenario.Scenario) *drive {
	t.Helper()
	moves, err := s.Plan(on.Rules, on.Organisation)
	require.NoError(t, err)
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.SetStartTime(moves[0].At)
	env.SetTestTimeout(time.Minute)
	d := &drive{
		TestWorkflowEnvironment: env, t: t, ledger: ledgertest.NewMemory(on.Rules, env.Now), scenario: s, on: on,
		moves: moves, dossier: moves[0].Command.Dossier, refusals: map[string][]scenario.Refusal{},
	}
	d.driven = &driven{Memory: d.ledger}
	env.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: contract.WorkflowID(d.dossier)})
	d.ledger.OpenBy(d.opens)
	d.ledger.Told = func(dossier string) { // as the relay does; one that has ended need not hear
		_ = env.SignalWorkflowByID(contract.WorkflowID(dossier), contract.SignalWake, nil)
	}
	worker.RegisterWorkflows(env)
	worker.RegisterActivities(env, &activities.Activities{Ledger: d.driven})
	return d
}

// opens is what the ledger opens a linked dossier under.
func (d *drive) opens(c engine.Case, l engine.Linked) (engine.Rules, string, error) {
	on := d.on
	for _, p := range d.parts {
		if c.Parent != nil && c.Parent.Dossier == p.parent && c.Parent.Linked == p.linked.ID {
			on = p.on
		}
	}
	there, err := d.scenario.Part(on, l)
	d.parts = append(d.parts, part{parent: c.Dossier, linked: l, on: there})
	return there.Rules, there.Organisation.Agency.Code, err
}

// code is that of a linked dossier; only what was opened has one.
func (d *drive) code(p part) string {
	for _, f := range d.ledger.Facts(p.parent) {
		if f.Kind == engine.FactLinkOpened && f.Linked.ID == p.linked.ID {
			return f.Linked.Dossier
		}
	}
	return ""
}

// meant is the dossier a move is of.
func (d *drive) meant(m scenario.Move) string {
	if m.Of == "" {
		return d.dossier
	}
	for _, p := range slices.Backward(d.parts) {
		if p.linked.Title() == m.Of {
			return d.code(p)
		}
	}
	return ""
}

// run plays the moves and reads what the ledger holds at the end of the last.
func (d *drive) run() scenario.Record {
	d.t.Helper()
	opened, err := d.ledger.Begin(d.moves[0].Command)
	require.NoError(d.t, err)
	if opened.Refusal != nil { // there is nothing to drive
		d.answered(d.moves[0], opened)
		return d.record()
	}
	d.await(1)
	d.ExecuteWorkflow(contract.WorkflowDossier, contract.DossierInput{Dossier: d.dossier, Seq: opened.Seq, NextAt: opened.NextAt})
	require.True(d.t, d.IsWorkflowCompleted())
	if err := d.GetWorkflowError(); err != nil {
		var cancelled *temporal.CanceledError
		require.ErrorAs(d.t, err, &cancelled)
	}
	for _, m := range d.moves[d.next:] { // the environment ended with the dossier's own workflow
		d.ledger.Now = func() time.Time { return m.At }
		d.behind(m)
	}
	return d.record()
}

func (d *drive) record() scenario.Record {
	r := scenario.Record{Facts: d.ledger.Facts(d.dossier), Refusals: d.refusals[d.dossier]}
	for _, p := range d.parts {
		code := d.code(p)
		r.Parts = append(r.Parts, scenario.Part{
			Title: p.linked.Title(), On: p.on, Record: scenario.Record{Facts: d.ledger.Facts(code), Refusals: d.refusals[code]},
		})
	}
	return r
}

// await arms the callback of a move once the one before is through, so that
// moves of one moment keep their order and few callbacks wait at a time.
func (d *drive) await(i int) {
	d.next = i
	if i < len(d.moves) {
		d.RegisterDelayedCallback(func() { d.play(i) }, d.moves[i].At.Sub(d.Now()))
		return
	}
	d.RegisterDelayedCallback(d.end, afterAll)
}

// afterAll is how long after the last move the end is: what is due at that very
// moment is done before, and nothing else is due so soon. While an activity
// runs the environment's clock goes by the wall's, which must not get there.
const afterAll = 500 * time.Millisecond

// end cancels the workflows that still run, once all that was asked for is open.
func (d *drive) end() {
	if !d.settled() {
		d.RegisterDelayedCallback(d.end, afterAll)
		return
	}
	if !d.IsWorkflowCompleted() {
		d.CancelWorkflow()
	}
	for _, p := range d.parts {
		if code := d.code(p); !d.closed(code) {
			d.CancelWorkflowByID(contract.WorkflowID(code), "")
		}
	}
}

// settled says whether nothing is left to open, and every linked dossier has a
// workflow that has begun.
func (d *drive) settled() bool {
	dossiers := []string{d.dossier}
	for _, p := range d.parts {
		code := d.code(p)
		if code == "" || !d.driven.has(code) {
			return false
		}
		dossiers = append(dossiers, code)
	}
	return !slices.ContainsFunc(dossiers, func(code string) bool {
		c := engine.Fold(d.ledger.Facts(code))
		return !c.Closed() && len(engine.Decision{Case: c}.Outcome(engine.Command{}).Opens) > 0
	})
}

func (d *drive) play(i int) {
	m := d.moves[i]
	if m.Passes {
		d.await(i + 1)
		return
	}
	m.Command.Dossier = d.meant(m)
	switch {
	case m.Of != "" && !d.driven.has(m.Command.Dossier): // it is being opened at this very moment
		d.RegisterDelayedCallback(func() { d.play(i) }, 0)
		return
	case m.Of != "" && d.closed(m.Command.Dossier): // its workflow has ended
		d.behind(m)
		d.await(i + 1)
		return
	}
	require.NoError(d.t, d.ledger.Submit(d.t.Context(), m.Command))
	require.NoError(d.t, d.UpdateWorkflowByID(contract.WorkflowID(m.Command.Dossier), contract.UpdateFire, m.Command.ID, &testsuite.TestUpdateCallback{
		OnAccept: func() {},
		OnReject: func(err error) { d.t.Errorf("update %s rejected: %v", m.Command.ID, err) },
		OnComplete: func(out any, err error) {
			require.NoError(d.t, err)
			d.answered(m, out.(contract.Outcome))
			d.await(i + 1)
		},
	}, contract.FireInput{Dossier: m.Command.Dossier, Command: m.Command.ID}))
}

func (d *drive) closed(dossier string) bool {
	facts := d.ledger.Facts(dossier)
	return len(facts) > 0 && facts[len(facts)-1].Kind == engine.FactDossierClosed
}

// behind decides a command on the ledger itself.
func (d *drive) behind(m scenario.Move) {
	d.t.Helper()
	if m.Passes {
		return
	}
	m.Command.Dossier = d.meant(m)
	require.NoError(d.t, d.ledger.Submit(d.t.Context(), m.Command))
	out, err := d.ledger.Fire(d.t.Context(), m.Command.Dossier, m.Command.ID)
	require.NoError(d.t, err)
	d.answered(m, out)
}

func (d *drive) answered(m scenario.Move, out contract.Outcome) {
	if out.Refusal == nil {
		return
	}
	dossier := m.Command.Dossier
	d.refusals[dossier] = append(d.refusals[dossier], scenario.Refusal{
		After: len(d.ledger.Facts(dossier)), At: m.At, Actor: m.Command.Actor,
		State: out.State, Event: m.Command.Event, Error: *out.Refusal,
	})
}
