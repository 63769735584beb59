package definitions_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/engine"
)

func TestMermaid(t *testing.T) {
	for _, s := range shipped(t) {
		requireGolden(t, s.Machine.Code+".mmd", definitions.Mermaid(s.Machine, "under-signature"))
	}
}

func TestDOT(t *testing.T) {
	for _, s := range shipped(t) {
		h := definitions.Highlight{Current: "under-signature", Visited: []string{"submitted", "accepted"}}
		requireGolden(t, s.Machine.Code+".vi.dot", definitions.DOT(s.Machine, "vi", h))
	}
	requireGolden(t, "2.000908.en.dot", definitions.DOT(shipped(t)[3].Machine, "en", definitions.Highlight{}))
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
