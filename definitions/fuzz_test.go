package definitions_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/engine"
)

// FuzzRead looks for texts that make reading panic, hang, or answer without
// places; what is accepted must be drawable and no different from itself.
func FuzzRead(f *testing.F) {
	for _, pattern := range []string{"testdata/broken/*.yaml", "procedures/*.yaml"} {
		files, err := filepath.Glob(pattern)
		require.NoError(f, err)
		require.NotEmpty(f, files)
		for _, file := range files {
			data, err := os.ReadFile(file)
			require.NoError(f, err)
			f.Add(data)
		}
	}
	f.Add([]byte(chained))
	f.Add([]byte("---"))       // nothing, in the line after the last
	f.Add([]byte("  : \n  0")) // a colon missing there
	f.Fuzz(func(t *testing.T, data []byte) {
		m, findings := definitions.Read("fuzz.yaml", data)
		again, findingsAgain := definitions.Read("fuzz.yaml", data)
		require.Equal(t, findings, findingsAgain, "read twice")
		require.Equal(t, m == nil, again == nil, "read twice")
		require.Equal(t, findings.Err() != nil, m == nil, "a machine beside findings %v", findings)
		requirePlaces(t, data, findings)
		if m != nil {
			_ = definitions.Mermaid(m, m.Initial().ID)
			_ = definitions.DOT(m, "vi", definitions.Highlight{})
			require.Empty(t, definitions.Diff(m, again))
		}
		_, findings = definitions.ReadOrganisation("fuzz.yaml", data)
		requirePlaces(t, data, findings)
	})
}

// requirePlaces checks that findings lie within the text, in its order, and
// are few and short whatever the text holds.
func requirePlaces(t *testing.T, data []byte, findings engine.Findings) {
	t.Helper()
	require.LessOrEqual(t, len(findings), 101)
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data)), "\n")
	for i, f := range findings {
		require.NotEmpty(t, f.Code, f)
		for _, message := range []string{f.Message, f.MessageVI} {
			require.NotEmpty(t, message, f)
			require.True(t, utf8.ValidString(message), f)
			require.NotContains(t, message, "\n", "one line each")
			require.Less(t, len(message), 16_000, f) // two hundred ids
		}
		require.GreaterOrEqual(t, f.Line, 1, f)
		require.LessOrEqual(t, f.Line, len(lines), f)
		require.GreaterOrEqual(t, f.Column, 1, f)
		require.LessOrEqual(t, f.Column, utf8.RuneCountInString(lines[f.Line-1])+1, f)
		if i > 0 {
			last := findings[i-1]
			require.False(t, f.Line < last.Line || f.Line == last.Line && f.Column < last.Column, "%s after %s", f, last)
		}
	}
}

// TestReadHostile reads texts made to be costly: each is refused for what it
// is, by a bound, before it costs anything.
func TestReadHostile(t *testing.T) {
	bomb, err := os.ReadFile("testdata/broken/alias-bomb.yaml")
	require.NoError(t, err)
	item := "  - {id: a, name: {vi: A}}\n"
	for name, test := range map[string]struct {
		text, code string
	}{
		"a billion laughs":          {string(bomb), "alias"},
		"lists within lists":        {"name: " + strings.Repeat("[", 200_000), "syntax"},
		"mappings within mappings":  {"name: " + strings.Repeat("{a: ", 200_000), "syntax"},
		"blocks within blocks":      {deepBlocks(500), "syntax"},
		"fifty thousand items":      {"motcua: 1\nstates:\n" + strings.Repeat("- a\n", 50_001), "too-large"},
		"items of many keys":        {"components:\n" + strings.Repeat(item, (1<<20-20)/len(item)), "structure"},
		"a word of a mebibyte":      {"code: " + strings.Repeat("a", 1<<20-6), "structure"},
		"a duration of a mebibyte":  {"limits: {statutory: " + strings.Repeat("9", 1<<20-21) + "}", "value"},
		"a share of a mebibyte":     {"ladder: [{at: " + strings.Repeat("9", 1<<20-17) + "}]", "value"},
		"a quorum of a mebibyte":    {"states: [{on: [{quorum: " + strings.Repeat("9", 1<<20-29) + "}]}]", "value"},
		"a key of a mebibyte":       {strings.Repeat("k", 1<<20-3) + ": 1", "unknown-key"},
		"keys nobody knows":         {strings.Repeat("a: 1\n", (1<<20)/5), "duplicate-key"},
		"as many sorts of keys":     {manyKeys(1 << 20), "unknown-key"},
		"a comment beyond the size": {"#" + strings.Repeat("x", 1<<20), "too-large"},
		"anchors without aliases":   {strings.Repeat("- &a 1\n", (1<<20)/7), "wrong-type"},
		"consultations nobody asks": {manyConsulted(199, 50), "consultation-never"},
		"characters that combine":   {"name: {vi: a" + strings.Repeat("\u0301", 1<<19-10) + "}", "not-nfc"},
	} {
		t.Run(name, func(t *testing.T) {
			require.LessOrEqual(t, len(test.text), 1<<20+2)
			m, findings := definitions.Read("hostile.yaml", []byte(test.text))
			require.Nil(t, m)
			requirePlaces(t, []byte(test.text), findings)
			var codes []string
			for _, f := range findings {
				codes = append(codes, f.Code)
			}
			require.Contains(t, codes, test.code)
		})
	}
}

func deepBlocks(depth int) string {
	var b strings.Builder
	for i := range depth {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

// manyConsulted is a definition in which every event waits for a consultation.
func manyConsulted(states, events int) string {
	var b strings.Builder
	b.WriteString("motcua: 1\ncode: T.1\nversion: 1\nname: {vi: A}\nlevel: internal\neffective: {from: 2026-01-01}\nstates:\n")
	for i := range states {
		fmt.Fprintf(&b, "  - {id: s%d, name: {vi: A}, on: [", i)
		for j := range events {
			fmt.Fprintf(&b, "{event: e%d, to: s%d, by: consultation, name: {vi: A}},", j, (i+j)%states)
		}
		b.WriteString("]}\n")
	}
	return b.String()
}

// manyKeys is a text of distinct keys.
func manyKeys(size int) string {
	var b strings.Builder
	for i := 0; b.Len() < size-16; i++ {
		b.WriteString("k" + strings.Repeat("x", i%5) + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676%26)) + string(rune('a'+i/17576%26)) + ": 1\n")
	}
	return b.String()
}
