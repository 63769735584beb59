package e2e_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/definitions/scenario"
	"motcua/engine"
)

// live are the scenarios played on real servers: those of the commune in which
// time causes nothing, for no clock is turned here.
var live = []string{
	"scenarios/1.001193/not-accepted.txtar",
	"scenarios/1.001193/on-time.txtar",
	"scenarios/2.000908/on-time.txtar",
}

// TestScenarios plays scenarios over HTTP, each step as soon as the one before
// is answered. What does not depend on time must be what the engine alone
// makes of them.
func TestScenarios(t *testing.T) {
	shipped, err := definitions.Shipped()
	require.NoError(t, err)
	var played []string
	for _, procedure := range shipped {
		texts, err := definitions.Scenarios(procedure.Machine.Code)
		require.NoError(t, err)
		for _, text := range texts {
			if !slices.Contains(live, text.File) {
				continue
			}
			played = append(played, text.File)
			t.Run(text.File, func(t *testing.T) { playLive(t, procedure.Machine, text) })
		}
	}
	require.Equal(t, live, played, "a scenario was renamed")
}

func playLive(t *testing.T, m *engine.Machine, text definitions.ScenarioText) {
	t.Helper()
	s, findings := scenario.Read(text.File, text.Text)
	require.NoError(t, findings.Err())
	on, err := s.Setting(m)
	require.NoError(t, err)
	want, err := s.Play(m)
	require.NoError(t, err)
	moves, err := s.Plan(on.Rules, on.Organisation)
	require.NoError(t, err)
	l := &liveRun{t: t}
	for _, move := range moves {
		l.play(move)
	}
	for _, f := range facts(t, l.dossier) {
		l.record.Facts = append(l.record.Facts, f.Fact)
	}
	require.Equal(t, want.Shape(), scenario.Tell(on, s.Name, l.record).Shape())
}

// liveRun is one scenario on its way through the servers.
type liveRun struct {
	t       *testing.T
	dossier string
	record  scenario.Record
}

func (l *liveRun) play(m scenario.Move) {
	l.t.Helper()
	if m.Passes {
		return
	}
	c := m.Command
	body := map[string]any{"comment": c.Comment}
	if len(c.Components) > 0 {
		body["components"] = c.Components
	}
	if len(c.Fields) > 0 {
		body["fields"] = c.Fields
	}
	if c.Answer != nil {
		body["answer"] = c.Answer
	}
	who := c.Actor.ID
	if c.Actor.Kind == engine.ActorSystem {
		who = "portal"
	}
	if m.Step < 0 {
		l.start(who, c, body)
		return
	}
	body["event"] = c.Event
	r := send(l.t, who, http.MethodPost, "/api/v1/dossiers/"+l.dossier+"/events", "", body)
	if r.Status != http.StatusOK {
		l.refused(m, r)
	}
}

func (l *liveRun) start(who string, c engine.Command, body map[string]any) {
	l.t.Helper()
	body["procedure"], body["channel"] = c.Start.Procedure.Code, c.Start.Channel
	body["applicant"] = map[string]any{"name": applicant}
	r := send(l.t, who, http.MethodPost, "/api/v1/dossiers", "", body)
	require.Equal(l.t, http.StatusCreated, r.Status, "%s", r.Body)
	var started struct{ Code string }
	r.into(l.t, &started)
	l.dossier = started.Code
}

func (l *liveRun) refused(m scenario.Move, r reply) {
	l.t.Helper()
	var p problem
	r.into(l.t, &p)
	if p.Code == engine.CodeNotFound {
		// Whose role it is not may not even see it over HTTP; the engine, which a
		// scenario plays on, says which of the two it was.
		p.Code = engine.CodeWrongRole
	}
	l.record.Refusals = append(l.record.Refusals, scenario.Refusal{
		After: len(facts(l.t, l.dossier)), At: m.At, Actor: m.Command.Actor, State: p.State, Event: m.Command.Event,
		Error: engine.Error{Code: p.Code, Message: p.Detail},
	})
}
