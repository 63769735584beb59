package definitions_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
)

const dissolved = `agency: {code: H00.1, name: {vi: Xã}, level: commune, calendar: office}
departments:
  - {code: centre, name: {vi: Trung tâm}}
  - {code: front, name: {vi: Một cửa}, dissolved: true}
officers:
  - {id: an, name: An, roles: [{department: centre, role: clerk}]}
successions:
  - {from: front, to: centre}
`

// TestSuccessionsAreChecked: what became of departments has its own rules, and
// what breaks them its line and column.
func TestSuccessionsAreChecked(t *testing.T) {
	t.Parallel()
	o, findings := definitions.ReadOrganisation("o.yaml", []byte(dissolved))
	require.NoError(t, findings.Err())
	require.True(t, o.Departments[1].Dissolved)
	for name, c := range map[string]struct{ from, to, want string }{
		"nobody took it over":        {"{from: front, to: centre}", "{from: centre, to: front}", `o.yaml:4:51: unsucceeded: department "front"`},
		"a living one is succeeded":  {"{from: front, to: centre}", "{from: centre, to: front}", `o.yaml:8:12: succession-living`},
		"into nothing":               {"to: centre", "to: nowhere", `o.yaml:8:23: unknown-department`},
		"no rest":                    {"to: centre}", "to: centre, roles: [clerk]}", `o.yaml:8:5: succession-rest`},
		"somebody works in it":       {"department: centre", "department: front", `o.yaml:6:45: dissolved`},
		"it has a place in the tree": {"dissolved: true", "dissolved: true, parent: centre", `o.yaml:4:`},
		"it leads back":              {"to: centre", "to: front", `succession-cycle`},
	} {
		_, findings := definitions.ReadOrganisation("o.yaml", []byte(strings.Replace(dissolved, c.from, c.to, 1)))
		var lines []string
		for _, f := range findings {
			lines = append(lines, f.String())
		}
		require.Contains(t, strings.Join(lines, "\n"), c.want, name)
	}
}

func TestReadReorganisation(t *testing.T) {
	t.Parallel()
	r, findings := definitions.ReadReorganisation("r.yaml", []byte("reason: vì\nchanges:\n  - {merge: [a, b], into: {code: c, name: {vi: C}}}\n"))
	require.NoError(t, findings.Err())
	require.Equal(t, "c", r.Changes[0].Into.Code)
	for text, want := range map[string]string{
		"reason: vì\nchanges: []\n":               "r.yaml:2:10: structure",
		"reason: vì\nchanges:\n  - {mrge: [a]}\n": "r.yaml:3:6: unknown-key",
		"reason: vì\nchanges:\n  - {merge: a}\n":  "r.yaml:3:13",
		"reason: vì\nreason: lại\nchanges: []\n":  "r.yaml:2:1",
	} {
		_, findings := definitions.ReadReorganisation("r.yaml", []byte(text))
		require.Contains(t, findings.Error(), want, text)
	}
}
