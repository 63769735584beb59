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

	"motcua/definitions"
	"motcua/engine"
)

const wantMark = "# want: "

// TestBroken reads every example of testdata/broken, each broken in the way
// its name says. Its first lines say, exactly, what a reader must be told and
// where. An example whose name begins with organisation is one.
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
			require.Equal(t, wants(data), said(findings))
			require.Equal(t, findings.Err() == nil, accepted, "only warnings let a text pass")
			for _, f := range findings {
				require.Equal(t, file, f.File)
			}
		})
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
	sources = append(sources, "organisation.go", "characters.go", "tree.go", "strict.go")
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
	m, findings := definitions.Read(file, data)
	return findings, m != nil
}

func said(findings engine.Findings) []string {
	lines := make([]string, len(findings))
	for i, f := range findings {
		f.File = ""
		lines[i] = strings.TrimPrefix(f.String(), ":")
	}
	return lines
}

func wants(data []byte) []string {
	var lines []string
	for line := range strings.Lines(string(data)) {
		if want, ok := strings.CutPrefix(line, wantMark); ok {
			lines = append(lines, strings.TrimSpace(want))
		}
	}
	return lines
}

// rewrite gives a file the wants that hold; they move what they speak of, so
// their number is found first.
func rewrite(t *testing.T, file string, data []byte) []byte {
	t.Helper()
	lines := slices.DeleteFunc(bytes.SplitAfter(data, []byte("\n")), func(line []byte) bool { return bytes.HasPrefix(line, []byte(wantMark)) })
	body := bytes.Join(lines, nil)
	findings, _ := read(file, body)
	head := bytes.Repeat([]byte("#\n"), len(findings))
	findings, _ = read(file, append(head, body...))
	var out bytes.Buffer
	for _, line := range said(findings) {
		fmt.Fprintf(&out, "%s%s\n", wantMark, line)
	}
	out.Write(body)
	require.NoError(t, os.WriteFile(file, out.Bytes(), 0o644))
	return out.Bytes()
}
