// Package ledgertest is the proof that a ledger is one: a suite that every
// implementation of the activities' port runs, and an implementation in memory
// for tests in which time is skipped. The suite is run on both.
package ledgertest

import (
	"context"
	"maps"
	"sync"
	"time"

	"motcua/engine"
)

// Memory is a ledger in memory. Now is its clock.
type Memory struct {
	Rules engine.Rules
	Now   func() time.Time
	// Told hears of dossiers that were told something by others, when that is
	// decided: whose workflows are to be woken.
	Told func(dossier string)

	mu       sync.Mutex
	parts    Opener
	rules    map[string]engine.Rules // of linked dossiers
	cases    map[string]engine.Case
	fields   map[string]map[string]any
	facts    map[string][]engine.Fact
	commands map[string]engine.Command
	outcomes map[string]engine.Outcome
	told     []string // who was told something under the lock
	away     int      // calls that still fail as if the database were away
}

// Opener finds the rules a linked dossier is started under, and the agency at
// which it is.
type Opener func(c engine.Case, l engine.Linked) (engine.Rules, string, error)

// OpenBy says how linked dossiers are opened. Before it is called, or with nil,
// none can be.
func (m *Memory) OpenBy(parts Opener) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.parts = parts
}

// NewMemory makes an empty ledger of one procedure.
func NewMemory(rules engine.Rules, now func() time.Time) *Memory {
	return &Memory{
		Rules: rules, Now: now,
		rules: map[string]engine.Rules{}, cases: map[string]engine.Case{}, fields: map[string]map[string]any{}, facts: map[string][]engine.Fact{},
		commands: map[string]engine.Command{}, outcomes: map[string]engine.Outcome{},
	}
}

// Start opens a dossier under a given code.
func (m *Memory) Start(dossier string, start engine.Start, actor engine.Actor) (engine.Outcome, error) {
	return m.Begin(engine.Command{ID: "start", Dossier: dossier, Event: engine.EventStart, Actor: actor, Start: &start})
}

// Begin opens a dossier with a whole command: with papers and fields.
func (m *Memory) Begin(cmd engine.Command) (engine.Outcome, error) {
	m.mu.Lock()
	defer m.release()
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
	defer m.release()
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
	defer m.release()
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

// release ends a call, and lets it be known whom it told something.
func (m *Memory) release() {
	told := m.told
	m.told = nil
	m.mu.Unlock()
	if m.Told != nil {
		for _, dossier := range told {
			m.Told(dossier)
		}
	}
}

func (m *Memory) rulesOf(dossier string) engine.Rules {
	if r, linked := m.rules[dossier]; linked {
		return r
	}
	return m.Rules
}

func (m *Memory) decide(c engine.Case, cmd engine.Command) (engine.Outcome, error) {
	r := m.rulesOf(cmd.Dossier)
	d, err := engine.Decide(r, c, cmd, m.Now().Truncate(time.Microsecond))
	if err != nil {
		return engine.Refused(r, c, cmd, err)
	}
	m.keep(cmd, d)
	return d.Outcome(cmd), nil
}

// keep takes over what a decision made of a dossier, and tells others at once
// what it has to tell them.
func (m *Memory) keep(cmd engine.Command, d engine.Decision) {
	m.cases[cmd.Dossier] = d.Case
	m.facts[cmd.Dossier] = append(m.facts[cmd.Dossier], d.Facts...)
	if m.fields[cmd.Dossier] == nil {
		m.fields[cmd.Dossier] = map[string]any{}
	}
	maps.Copy(m.fields[cmd.Dossier], cmd.Fields)
	for _, t := range d.Tells {
		if c, open := m.cases[t.Dossier]; open {
			_, _ = m.decide(c, t.Command(cmd.Dossier, c.Agency)) // a refusal is heard, too
			m.told = append(m.told, t.Dossier)
		}
	}
}
