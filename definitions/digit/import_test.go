package digit_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/definitions/digit"
	"motcua/engine"
	"motcua/engine/calendar"
)

var update = flag.Bool("update", false, "write the golden drafts and findings anew")

func requireGolden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "golden", name)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got, "go test ./definitions/digit -update, then look at the difference")
}

func files(t testing.TB) []string {
	t.Helper()
	list, err := filepath.Glob("testdata/*.json")
	require.NoError(t, err)
	require.Len(t, list, 12)
	return list
}

// TestImport makes drafts of real configurations and compares them, and what
// lint says of them, with what was read and found right.
func TestImport(t *testing.T) {
	for _, file := range files(t) {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			drafts, err := digit.Import(data, digit.Options{Effective: calendar.NewDate(2027, 1, 1)})
			require.NoError(t, err)
			require.Len(t, drafts, 1)
			_, findings := definitions.Read(name+".yaml", drafts[0].Text)
			requireGolden(t, name+".yaml", string(drafts[0].Text))
			requireGolden(t, name+".findings", places(findings))
			requireFaithful(t, data, drafts[0].Text)
		})
	}
}

// places are the findings without their words, which are the engine's.
func places(findings engine.Findings) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%d:%d: %s: %s %s\n", f.Line, f.Column, f.Severity, f.Code, f.Path)
	}
	return b.String()
}

// requireFaithful counts: every state, action and role of the source stands in
// the draft, and no other.
func requireFaithful(t *testing.T, source, text []byte) {
	t.Helper()
	var s struct {
		States []struct {
			IsTerminateState bool
			Actions          []struct{ Roles []string }
		}
	}
	require.NoError(t, json.Unmarshal(source, &s))
	def := decoded(t, text)
	require.Len(t, def.States, len(s.States))
	var want, got []int // actions of each state; roles of officers
	for _, state := range s.States {
		want = append(want, len(state.Actions))
		var roles []string
		for _, a := range state.Actions {
			for _, r := range a.Roles {
				if r != "CITIZEN" && r != "SYSTEM" && r != "SYSTEM_PAYMENT" && !slices.Contains(roles, r) {
					roles = append(roles, r)
				}
			}
		}
		want = append(want, len(roles))
	}
	for _, state := range def.States {
		roles := len(state.Actors)
		if state.Role != "" {
			roles++
		}
		got = append(got, len(state.On), roles)
	}
	require.Equal(t, want, got)
}

// decoded reads the definition of a draft, whatever lint says of it: lint reads
// what has the right form, and these drafts have.
func decoded(t *testing.T, text []byte) engine.Definition {
	t.Helper()
	def, err := definitionOf(text)
	require.NoError(t, err)
	return def
}

func TestImportReadsEveryWrapping(t *testing.T) {
	service := `{"businessService": "A_B", "states": [
		{"state": null, "isStartState": true, "actions": [{"action": "OPEN", "nextState": "DONE", "roles": ["CLERK"]}]},
		{"state": "DONE", "isTerminateState": true, "actions": null}]}`
	for _, text := range []string{service, "[" + service + "]", `{"ResponseInfo": {}, "BusinessServices": [` + service + `]}`, "\ufeff" + service} {
		drafts, err := digit.Import([]byte(text), digit.Options{})
		require.NoError(t, err)
		require.Len(t, drafts, 1)
		require.Equal(t, "A_B", drafts[0].Service)
		require.Equal(t, "A-B", drafts[0].Name)
		m, findings := definitions.Read("a.yaml", drafts[0].Text)
		require.Empty(t, findings)
		require.Equal(t, "9999-12-31", m.Effective.From.String())
	}
	drafts, err := digit.Import([]byte(`[`+service+`,`+strings.Replace(service, "A_B", "a.b", 1)+`,`+service+`]`), digit.Options{})
	require.NoError(t, err)
	require.Equal(t, []string{"A-B", "a.b", "A-B-2"}, []string{drafts[0].Name, drafts[1].Name, drafts[2].Name})
}

func TestImportRefusesWhatIsNoWorkflow(t *testing.T) {
	for _, text := range []string{"", "null", "[]", "{}", "7", `"BPA"`, `{"BusinessServices": []}`, `{"states": 1}`, `{"businessService": "A"} {}`,
		`{"businessService": "A", "businessServiceSla": true}`, "{", `[{"businessService": "A"}, {}]`} {
		_, err := digit.Import([]byte(text), digit.Options{})
		require.Equal(t, engine.CodeInvalid, engine.CodeOf(err), "%s: %v", text, err)
	}
}

// TestDefectsBecomeFindings holds each sort of fault against what lint must
// say of the draft.
func TestDefectsBecomeFindings(t *testing.T) {
	const end = `{"state": "END", "isTerminateState": true}`
	open := func(actions string) string {
		return `{"state": "OPEN", "isStartState": true, "actions": [` + actions + `]}`
	}
	action := func(name, next string, roles string) string {
		return `{"action": "` + name + `", "nextState": ` + next + `, "roles": [` + roles + `]}`
	}
	done := action("CLOSE", `"END"`, `"CLERK"`)
	for _, tt := range []struct{ name, states, want string }{
		{"a next state that does not exist", open(action("GO", `"NOWHERE"`, `"CLERK"`)+","+done) + "," + end, "unknown-state"},
		{"no next state", open(action("GO", "null", `"CLERK"`)+","+done) + "," + end, "no-target"},
		{"an unreachable state", open(done) + "," + strings.Replace(open(done), `"OPEN", "isStartState": true`, `"ISLAND"`, 1) + "," + end, "unreachable"},
		{"no terminal state", open(action("GO", `"OPEN"`, `"CLERK"`)), "no-end"},
		{"a state without actions that is not terminal", open(done+","+action("GO", `"STUCK"`, `"CLERK"`)) + `,{"state": "STUCK"},` + end, "dead-end"},
		{"an action without roles", open(done+","+action("GO", `"END"`, ``)) + "," + end, "nobody"},
		{"an action said twice", open(done+","+done) + "," + end, "duplicate-event"},
		{"a state said twice", open(done) + "," + end + "," + end, "duplicate-state"},
		{"actions of a terminal state", open(done) + "," + strings.Replace(end, "true", `true, "actions": [`+done+`]`, 1), "final-with-events"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			drafts, err := digit.Import([]byte(`{"businessService": "T", "states": [`+tt.states+`]}`), digit.Options{})
			require.NoError(t, err)
			_, findings := definitions.Read("t.yaml", drafts[0].Text)
			require.True(t, slices.ContainsFunc(findings, func(f engine.Finding) bool {
				return f.Code == tt.want && f.Line > 0 && f.Severity == engine.SeverityError
			}), "%s\n%s", findings, drafts[0].Text)
		})
	}
}

func TestTimesAreExactOrLeftOut(t *testing.T) {
	for sla, want := range map[string]string{
		"432000000": "committed: 120h", "5400000": "committed: 90m", "1000": "committed: 1s", `"60000"`: "committed: 1m",
		"5": "5 ms is no whole number", "0": "0 ms is no whole number", "-1000": "-1000 ms is no", "1.5e9": "1.5e9 ms is no", "null": "is not given",
		"3600000000001": "ms is no whole number", "3600000001000": "ms is no whole number",
	} {
		drafts, err := digit.Import([]byte(`{"businessService": "T", "businessServiceSla": `+sla+`, "states": [{"state": "A"}]}`), digit.Options{})
		require.NoError(t, err)
		require.Contains(t, string(drafts[0].Text), want)
	}
}

func TestNamesBecomeIdentifiers(t *testing.T) {
	text := `{"businessService": "PT..CREATE_é!", "states": [{"state": "fireNoc"}, {"state": "FIRE_NOC"}, {"state": "Đã ký"}, {"state": "2nd"}, {"state": "申請"}, {"state": "` +
		strings.Repeat("A", 80) + `"}, {"state": "` + strings.Repeat("A", 81) + `"}]}`
	drafts, err := digit.Import([]byte(text), digit.Options{})
	require.NoError(t, err)
	var ids []string
	for _, s := range decoded(t, drafts[0].Text).States {
		ids = append(ids, s.ID)
	}
	require.Equal(t, []string{"fire-noc", "fire-noc-2", "da-ky", "state-2nd", "state", strings.Repeat("a", 64), strings.Repeat("a", 62) + "-2"}, ids)
	require.Equal(t, "PT.CREATE", drafts[0].Name)
}

// FuzzImport looks for files that make importing panic, or make a draft that
// definitions.Read cannot read as YAML of the right form.
func FuzzImport(f *testing.F) {
	for _, text := range []string{ // small ones: the fuzzer spends itself on making large ones smaller
		`{"businessService": "A_B", "businessServiceSla": 5184000000, "states": [{"state": null, "isStartState": true, "actions": [{"action": "OPEN", "nextState": "DONE", "roles": ["CITIZEN", "CLERK"]}]}, {"state": "DONE", "isTerminateState": true}]}`,
		`[{"businessService": "Đ", "business": "x", "states": [{"state": "A-B", "sla": 5, "applicationStatus": "B"}, {"state": "A_B", "actions": [{"action": "comment", "nextState": "B", "roles": ["SYSTEM"]}]}]}]`,
	} {
		f.Add([]byte(text))
	}
	f.Add([]byte(`{"BusinessServices": [{"businessService": "a", "states": [{"state": "\u202e\u0000x", "sla": 5, "actions": [{"action": "# :", "roles": [""]}]}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		drafts, err := digit.Import(data, digit.Options{})
		if err != nil {
			if engine.CodeOf(err) != engine.CodeInvalid {
				t.Fatalf("an error without its code: %v", err)
			}
			return
		}
		for _, d := range drafts {
			_, findings := definitions.Read(d.Name+".yaml", d.Text)
			for _, found := range findings {
				if slices.Contains([]string{"syntax", "unknown-key", "duplicate-key", "wrong-type", "value", "character", "encoding", "not-nfc", "tag", "alias", "name"}, found.Code) {
					t.Fatalf("%s\n%s", found, d.Text)
				}
			}
		}
	})
}
