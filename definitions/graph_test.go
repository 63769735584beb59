package definitions_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/engine"
)

// drawn are the procedures whose drawings are kept.
var drawn = []string{"1.001193", "1.009645", "1.012644", "2.000908"}

func TestMermaid(t *testing.T) {
	for _, code := range drawn {
		requireGolden(t, code+".mmd", definitions.Mermaid(machine(t, code), "under-signature"))
	}
}

func TestDOT(t *testing.T) {
	for _, code := range drawn {
		h := definitions.Highlight{Current: "under-signature", Visited: []string{"submitted", "accepted"}}
		requireGolden(t, code+".vi.dot", definitions.DOT(machine(t, code), "vi", h))
	}
	requireGolden(t, "2.000908.en.dot", definitions.DOT(machine(t, "2.000908"), "en", definitions.Highlight{}))
}

func machine(t *testing.T, code string) *engine.Machine {
	t.Helper()
	sources := shipped(t)
	i := slices.IndexFunc(sources, func(s definitions.Source) bool { return s.Machine.Code == code })
	require.GreaterOrEqual(t, i, 0, "no procedure %s", code)
	return sources[i].Machine
}

// TestEveryEventIsDrawn counts: an arrow for each event that leads somewhere, a
// line of a note for each that does not.
func TestEveryEventIsDrawn(t *testing.T) {
	machines := []*engine.Machine{council(t)}
	for _, s := range shipped(t) {
		machines = append(machines, s.Machine)
	}
	for _, m := range machines {
		t.Run(m.Code, func(t *testing.T) {
			arrows, notes, finals := 0, 0, 0
			for _, s := range m.States {
				if s.Final {
					finals++
				}
				for _, e := range s.On {
					if e.Stays() {
						notes++
					} else {
						arrows++
					}
				}
			}
			dot, mermaid := definitions.DOT(m, "vi", definitions.Highlight{}), definitions.Mermaid(m, "")
			require.Equal(t, arrows, strings.Count(dot, "class=event"))
			require.Equal(t, notes, strings.Count(dot, "↻"))
			require.Equal(t, arrows+1+finals, strings.Count(mermaid, " --> "))
			require.Equal(t, notes, strings.Count(mermaid, "↻"))
			ids := regexp.MustCompile(`id="[^"]*"`).FindAllString(dot, -1)
			require.Len(t, slices.Compact(slices.Sorted(slices.Values(ids))), len(ids), "an id stands once")
		})
	}
}

func TestGraphsEscapeNames(t *testing.T) {
	m := *shipped(t)[0].Machine
	m.States = append([]engine.State(nil), m.States...)
	m.States[0].Name.VI = "a\"] --> b; <script>: #1 & \\N\n{x}"

	require.Contains(t, definitions.Mermaid(&m, "nowhere"),
		`state "a#34;] --#62; b#59; #60;script#62;#58; #35;1 #38; #92;N #123;x#125;" as s_submitted`)
	require.NotContains(t, definitions.Mermaid(&m, "nowhere"), "classDef", "an unknown state marks none")
	require.Contains(t, definitions.DOT(&m, "vi", definitions.Highlight{}), `label="a\"] --> b; <script>: #1 &amp; \\N\n{x}"`)
}

func TestDOTBreaksLongNames(t *testing.T) {
	m := *shipped(t)[0].Machine
	m.States = append([]engine.State(nil), m.States...)
	m.States[0].Name.VI = strings.Repeat("dài ", 20)

	for line := range strings.Lines(definitions.DOT(&m, "vi", definitions.Highlight{})) {
		if label, ok := strings.CutPrefix(line, `  "submitted" [label="`); ok {
			label, _, _ = strings.Cut(label, `"`)
			require.Len(t, strings.Split(label, `\n`), 3)
		}
	}
}
