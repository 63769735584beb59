package scenario_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions/scenario"
	"motcua/engine"
)

func play(t *testing.T, text string) (scenario.Timeline, error) {
	t.Helper()
	s, findings := scenario.Read("f", []byte(text))
	require.NoError(t, findings.Err())
	return s.Play(machine(t))
}

func TestRunComparesEveryExpectation(t *testing.T) {
	t.Parallel()
	const accept = "steps:\n  - {after: 1wh, fire: accept, by: one-stop/reception-officer, expect: {EXPECT}}\n"
	for expect, want := range map[string]string{
		"state: submitted":      "expected submitted, got accepted",
		"refused: wrong-role":   "expected wrong-role, got none",
		"due: none":             "expected none, got 2026-11-19 17:30",
		"due: 2026-11-18 17:30": "expected 2026-11-18 17:30, got 2026-11-19 17:30",
		"step_due: none":        "expected none, got 2026-11-18 11:00",
		"raised: overdue":       "expected overdue, got none",
		"variant: abroad":       "expected abroad, got none",
		"closed: true":          "expected true, got false",
		"state: accepted":       "",
		"due: 2026-11-19 17:30": "",
		"step_due: 2026-11-18 11:00, raised: none, variant: none, closed: false": "",
	} {
		t.Run(expect, func(t *testing.T) {
			t.Parallel()
			timeline, err := play(t, head+strings.Replace(accept, "EXPECT", expect, 1))
			require.NotEmpty(t, timeline.Lines)
			if want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, "expected: "+want)
			require.Regexp(t, `^f:9:\d+: `, err.Error())
		})
	}
}

func TestRunTellsARefusalBetweenTheFacts(t *testing.T) {
	t.Parallel()
	timeline, err := play(t, head+"steps:\n"+
		"  - {after: 1wh, fire: sign, by: leadership/signer, expect: {refused: event-not-permitted}}\n"+
		"  - {after: 1wh, fire: accept, by: one-stop/reception-officer}\n")
	require.NoError(t, err)
	require.Equal(t, []string{
		"started", "fields copies, original.kind", "papers request", "start → submitted",
		"refused sign: event-not-permitted", "form receipt", "accept → accepted",
	}, timeline.Shape())
}

func TestRunMayBeRefusedAtTheStart(t *testing.T) {
	t.Parallel()
	text := "name: {vi: Thử}\nstart:\n  at: 2026-11-18 08:00\n  expect: {refused: CODE}\n"
	_, err := play(t, strings.Replace(text, "CODE", "invalid", 1))
	require.NoError(t, err)
	_, err = play(t, strings.Replace(text, "CODE", "forbidden", 1))
	require.EqualError(t, err, "f:4:21: expected: expected forbidden, got invalid")
}

// round is a procedure in which time alone goes round in circles.
const round = `-- definition.yaml --
motcua: 1
code: "9.000004"
version: 1
name: {vi: Vòng tròn}
level: commune
effective: {from: 2026-01-01}
states:
  - {id: here, name: {vi: Đây}, department: a, role: b, expires: {after: 1s, event: go}, on: [{event: go, to: there, by: clock, name: {vi: Đi}}, {event: stop, to: done, name: {vi: Dừng}}]}
  - {id: there, name: {vi: Kia}, department: a, role: b, expires: {after: 1s, event: go}, on: [{event: go, to: here, by: clock, name: {vi: Đi}}]}
  - {id: done, name: {vi: Xong}, final: true, outcome: stopped}
`

func TestRunEnds(t *testing.T) {
	t.Parallel()
	_, err := play(t, "-- scenario.yaml --\nname: {vi: Thử}\nstart: {at: 2026-11-18 08:00}\nsteps:\n  - {until: 2199-01-01 00:00}\n"+round)
	require.ErrorContains(t, err, "f:5:5: too-many: too many due moments before 2199-01-01 00:00: the scenario takes too long")
}

func TestTellLosesNoFactItDoesNotKnow(t *testing.T) {
	t.Parallel()
	s, findings := scenario.Read("f", []byte(head))
	require.NoError(t, findings.Err())
	on, err := s.Setting(machine(t))
	require.NoError(t, err)
	timeline := scenario.Tell(on, s.Name, scenario.Record{Facts: []engine.Fact{{Seq: 1, Kind: "dossier-blessed", Actor: "an", Officer: "ba"}}})
	require.Contains(t, timeline.Text("en"), `an  dossier-blessed  {"officer":"ba"}`)
}
