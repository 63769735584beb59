// Package ledgertest is the proof that a ledger is one: a suite that every
// implementation of the activities' port runs, and an implementation in memory
// for tests in which time is skipped. The suite is run on both.
package ledgertest

import (
	"context"
	"sync"
	"time"

	"motcua/engine"
)

// Memory is a ledger in memory. Now is its clock.
type Memory struct {
	Rules engine.Rules
	Now   func() time.Time

	mu       sync.Mutex
	cases    map[string]engine.Case
	facts    map[string][]engine.Fact
	commands map[string]engine.Command
	outcomes map[string]engine.Outcome
	away     int // calls that still fail as if the database were away
}

// NewMemory makes an empty ledger of one procedure.
func NewMemory(rules engine.Rules, now func() time.Time) *Memory {
	return &Memory{
		Rules: rules, Now: now,
		cases: map[string]engine.Case{}, facts: map[string][]engine.Fact{},
		commands: map[string]engine.Command{}, outcomes: map[string]engine.Outcome{},
	}
}

// Start opens a dossier under a given code.
func (m *Memory) Start(dossier string, start engine.Start, actor engine.Actor) (engine.Outcome, error) {
	return m.Open(engine.Command{ID: "start", Dossier: dossier, Event: engine.EventStart, Actor: actor, Start: &start})
}

// Open opens a dossier with a whole command: with papers and fields.
func (m *Memory) Open(cmd engine.Command) (engine.Outcome, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.decide(engine.Case{}, cmd)
}

// Submit puts a command on record.
func (m *Memory) Submit(_ context.Context, cmd engine.Command) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.commands[cmd.Dossier+"/"+cmd.ID] = cmd
	return nil
}

// GoAway makes the next calls fail as if the database were away.
func (m *Memory) GoAway(calls int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.away = calls
}

// Rewind takes a dossier back to what it was after so many facts, as a ledger
// restored from a backup does.
func (m *Memory) Rewind(dossier string, facts int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.facts[dossier] = m.facts[dossier][:facts]
	m.cases[dossier] = engine.Fold(m.facts[dossier])
	clear(m.outcomes)
}

// Facts returns the record of a dossier.
func (m *Memory) Facts(dossier string) []engine.Fact {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]engine.Fact(nil), m.facts[dossier]...)
}

// Fire implements the activities' port.
func (m *Memory) Fire(_ context.Context, dossier, command string) (engine.Outcome, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	key := dossier + "/" + command
	cmd, known := m.commands[key]
	switch c, open := m.cases[dossier]; {
	case m.gone():
		return engine.Outcome{}, engine.Errorf(engine.CodeUnavailable, "ledger is away")
	case !open || !known:
		return engine.Outcome{}, engine.Errorf(engine.CodeNotFound, "no such dossier or command")
	default:
		if first, decided := m.outcomes[key]; decided {
			first.Repeated = true
			return first, nil
		}
		out, err := m.decide(c, cmd)
		m.outcomes[key] = out
		return out, err
	}
}

// Tick implements the activities' port.
func (m *Memory) Tick(_ context.Context, dossier string) (engine.Outcome, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, open := m.cases[dossier]
	switch {
	case m.gone():
		return engine.Outcome{}, engine.Errorf(engine.CodeUnavailable, "ledger is away")
	case !open:
		return engine.Outcome{}, engine.Errorf(engine.CodeNotFound, "no such dossier")
	}
	return m.decide(c, engine.Tick(dossier))
}

func (m *Memory) gone() bool {
	m.away--
	return m.away >= 0
}

func (m *Memory) decide(c engine.Case, cmd engine.Command) (engine.Outcome, error) {
	d, err := engine.Decide(m.Rules, c, cmd, m.Now().Truncate(time.Microsecond))
	if err != nil {
		return engine.Refused(m.Rules, c, cmd, err)
	}
	m.cases[cmd.Dossier] = d.Case
	m.facts[cmd.Dossier] = append(m.facts[cmd.Dossier], d.Facts...)
	return d.Outcome(cmd), nil
}
