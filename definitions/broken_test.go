package definitions_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"motcua/definitions"
	"motcua/engine"
)

// want is how an example marks what a reader of one language must be told.
type want struct{ lang, mark string }

var wants = []want{{"en", "# want: "}, {"vi", "# muốn: "}}

// TestBroken reads every example of testdata/broken, each broken in the way
// its name says. Its first lines say, exactly, what a reader must be told and
// where. An example whose name begins with organisation is one;
// one whose name begins with unbound- is read where the example agencies are known.
func TestBroken(t *testing.T) {
	for _, file := range brokenFiles(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			if *update {
				data = rewrite(t, file, data)
			}
			findings, accepted := read(file, data)
			require.NotEmpty(t, findings)
			for _, w := range wants {
				require.Equal(t, w.of(data), saidIn(w.lang, findings))
			}
			require.Equal(t, findings.Err() == nil, accepted, "only warnings let a text pass")
			for _, f := range findings {
				require.Equal(t, file, f.File)
				requireWords(t, f)
			}
		})
	}
}

// requireWords checks that a finding says something in both languages, and
// that it can be shown.
func requireWords(t *testing.T, f engine.Finding) {
	t.Helper()
	require.NotEqual(t, f.Message, f.MessageVI, "one language twice")
	for _, message := range []string{f.Message, f.MessageVI} {
		require.NotEmpty(t, message, f.Code)
		require.True(t, norm.NFC.IsNormalString(message), "NFC: %q", message)
		require.NotContains(t, message, "%!", "a verb without its argument")
		require.NotContains(t, message, "\n")
	}
}

// TestEveryRuleHasABrokenExample finds the codes in the sources of the rules.
func TestEveryRuleHasABrokenExample(t *testing.T) {
	seen := map[string]bool{"too-large": true} // its examples are made by TestRead
	for _, file := range brokenFiles(t) {
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		findings, _ := read(file, data)
		for _, f := range findings {
			seen[f.Code] = true
		}
	}
	sources, err := filepath.Glob("../engine/lint*.go")
	require.NoError(t, err)
	sources = append(sources, "organisation.go", "characters.go", "tree.go", "strict.go", "value.go", "bound.go")
	for _, source := range sources {
		text, err := os.ReadFile(source)
		require.NoError(t, err)
		codes := regexp.MustCompile(`, "([a-z]+(?:-[a-z]+)*)", "`).FindAllSubmatch(text, -1)
		require.NotEmpty(t, codes, "no rule found in %s", source)
		for _, code := range codes {
			require.True(t, seen[string(code[1])], "no file in testdata/broken shows the rule %s of %s", code[1], source)
		}
	}
}

func brokenFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/broken/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	return files
}

func read(file string, data []byte) (findings engine.Findings, accepted bool) {
	if strings.HasPrefix(filepath.Base(file), "organisation") {
		o, findings := definitions.ReadOrganisation(file, data)
		return findings, o != nil
	}
	if strings.HasPrefix(filepath.Base(file), "unbound-") { // by none of the example agencies
		agencies, err := definitions.ExampleOrganisations()
		if err != nil {
			panic(err) // a test of their own says why
		}
		m, findings := definitions.ReadFor(file, data, agencies)
		return findings, m != nil
	}
	m, findings := definitions.Read(file, data)
	return findings, m != nil
}

func said(findings engine.Findings) []string { return saidIn("en", findings) }

func saidIn(lang string, findings engine.Findings) []string {
	lines := make([]string, len(findings))
	for i, f := range findings {
		f.File = ""
		lines[i] = strings.TrimPrefix(f.In(lang), ":")
	}
	return lines
}

func (w want) of(data []byte) []string {
	var lines []string
	for line := range strings.Lines(string(data)) {
		if said, ok := strings.CutPrefix(line, w.mark); ok {
			lines = append(lines, strings.TrimSpace(said))
		}
	}
	return lines
}

// rewrite gives a file the wants that hold; they move what they speak of, so
// their number is found first.
func rewrite(t *testing.T, file string, data []byte) []byte {
	t.Helper()
	lines := slices.DeleteFunc(bytes.SplitAfter(data, []byte("\n")), func(line []byte) bool {
		return slices.ContainsFunc(wants, func(w want) bool { return bytes.HasPrefix(line, []byte(w.mark)) })
	})
	body := bytes.Join(lines, nil)
	findings, _ := read(file, body)
	head := bytes.Repeat([]byte("#\n"), len(wants)*len(findings))
	findings, _ = read(file, append(head, body...))
	var out bytes.Buffer
	for _, w := range wants {
		for _, line := range saidIn(w.lang, findings) {
			fmt.Fprintf(&out, "%s%s\n", w.mark, line)
		}
	}
	out.Write(body)
	require.NoError(t, os.WriteFile(file, out.Bytes(), 0o644))
	return out.Bytes()
}
