package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/api"
	"motcua/definitions"
	"motcua/engine"
)

// simulation sends a simulation as an officer.
func (s *site) simulation(body map[string]any, with ...with) answer {
	s.t.Helper()
	text, err := json.Marshal(body)
	require.NoError(s.t, err)
	return s.do(http.MethodPost, "/api/v1/procedures/simulate", string(text), with...)
}

func simulated(t *testing.T, a answer) api.SimulationView {
	t.Helper()
	require.Equal(t, http.StatusOK, a.StatusCode, a.body)
	var view api.SimulationView
	require.NoError(t, json.Unmarshal([]byte(a.body), &view))
	return view
}

// copies is the shipped procedure 2.000908 with its first scenario.
func copies(t *testing.T) (definition, scenario string) {
	t.Helper()
	shipped, err := definitions.Shipped()
	require.NoError(t, err)
	for _, s := range shipped {
		if s.Machine.Code == "2.000908" {
			texts, err := definitions.Scenarios(s.Machine.Code)
			require.NoError(t, err)
			require.NotEmpty(t, texts)
			return string(s.Text), string(texts[0].Text)
		}
	}
	require.Fail(t, "2.000908 does not ship")
	return "", ""
}

// received plays on the published procedure of the tests.
const received = `
name: {vi: Tiếp nhận}
start: {at: 2026-11-17 08:00, channel: direct, components: [request]}
steps:
  - {after: 5wm, fire: accept, by: one-stop/reception-officer, expect: {state: STATE}}
`

func TestSimulate(t *testing.T) {
	definition, scenario := copies(t)
	t.Run("plays a text that is not published, and stores nothing", func(t *testing.T) {
		s := newSite(t)
		view := simulated(t, s.simulation(map[string]any{"definition": definition, "scenario": scenario}, s.signedIn("lan")))
		require.True(t, view.Holds)
		require.Empty(t, view.Findings)
		require.Equal(t, "2.000908", view.Timeline.Procedure.Code)
		last := view.Timeline.Lines[len(view.Timeline.Lines)-1]
		require.Equal(t, string(engine.FactDossierClosed), last.Kind)
		require.Equal(t, "đã giải quyết", last.Detail.VI)
		require.Empty(t, s.facts)
	})
	t.Run("plays a published version and says what does not hold", func(t *testing.T) {
		s := newSite(t)
		body := map[string]any{"procedure": "2.000908", "version": 1, "scenario": strings.Replace(received, "STATE", "elsewhere", 1)}
		view := simulated(t, s.simulation(body, s.signedIn("lan")))
		require.False(t, view.Holds)
		require.Len(t, view.Findings, 1)
		require.Equal(t, "scenario.yaml:5:80: expected: expected elsewhere, got under-appraisal", view.Findings[0].String())
		require.NotEmpty(t, view.Timeline.Lines)
	})
	t.Run("says what is wrong with the texts", func(t *testing.T) {
		s := newSite(t)
		broken := strings.Replace(definition, "to: accepted", "to: acepted", 1)
		view := simulated(t, s.simulation(map[string]any{"definition": broken, "scenario": scenario}, s.signedIn("lan")))
		require.False(t, view.Holds)
		require.Nil(t, view.Timeline)
		require.Equal(t, "unknown-state", view.Findings[0].Code)

		view = simulated(t, s.simulation(map[string]any{"definition": definition, "scenario": "names: {vi: x}\n"}, s.signedIn("lan")))
		require.Nil(t, view.Timeline)
		require.Equal(t, "unknown-key", view.Findings[0].Code)
	})
}

func TestSimulateRefuses(t *testing.T) {
	s := newSite(t)
	lan := s.signedIn("lan")
	definition, scenario := copies(t)
	for name, body := range map[string]map[string]any{
		"neither definition nor procedure": {"scenario": scenario},
		"both":                             {"definition": definition, "procedure": "2.000908", "version": 1, "scenario": scenario},
		"no version":                       {"procedure": "2.000908", "scenario": scenario},
		"no scenario":                      {"definition": definition, "scenario": ""},
	} {
		t.Run(name, func(t *testing.T) {
			s.simulation(body, lan).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
		})
	}
	s.simulation(map[string]any{"procedure": "2.000908", "version": 9, "scenario": scenario}, lan).refusal(t, http.StatusNotFound, engine.CodeNotFound)
	s.simulation(map[string]any{"definition": definition, "scenario": strings.Repeat("#", 1<<20)}, lan).
		refusal(t, http.StatusRequestEntityTooLarge, engine.CodeTooLarge)
	s.simulation(map[string]any{"definition": definition, "scenario": scenario}, as(systemKey)).
		refusal(t, http.StatusForbidden, engine.CodeForbidden)
}
