package documents_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// block is a fenced block of a document.
type block struct {
	line     int    // of its opening fence
	language string // "console" is run, "sh" is shown only
	note     string // of a comment <!-- run: … --> right above
	text     []string
}

// command is one command of a console block and what is printed below it.
type command struct {
	line   int
	text   string
	output string
	exit   int
}

var (
	noted   = regexp.MustCompile(`^<!-- run: (.+) -->$`)
	exits   = regexp.MustCompile(`\s# exit (\d+)$`)
	typed   = regexp.MustCompile(`^(\$ |curl |(\S*/)?motcua ([a-hj-z]|i[^s]))`)
	remarks = []string{"any output", "exact", "wait"}
)

// blocksOf finds the fenced blocks of a document.
func blocksOf(text string) (all []block, err error) {
	var in *block
	above := ""
	for i, line := range strings.Split(text, "\n") {
		switch {
		case in != nil && line == "```":
			all = append(all, *in)
			in, above = nil, ""
		case in != nil:
			in.text = append(in.text, line)
		case strings.HasPrefix(line, "```"):
			in = &block{line: i + 1, language: strings.TrimPrefix(line, "```"), note: above}
		case noted.MatchString(line):
			above = noted.FindStringSubmatch(line)[1]
		case line != "":
			above = ""
		}
	}
	if in != nil {
		return nil, fmt.Errorf("line %d: the block does not end", in.line)
	}
	return all, nil
}

// commands reads a console block: a command begins with "$ ", goes on while its
// quotes or a backslash leave it open, and what follows is what it prints.
func (b block) commands() (all []command, err error) {
	for i := 0; i < len(b.text); i++ {
		text, begins := strings.CutPrefix(b.text[i], "$ ")
		if !begins {
			if len(all) == 0 {
				return nil, fmt.Errorf("line %d: a console block begins with a command", b.line+1)
			}
			all[len(all)-1].output += b.text[i] + "\n"
			continue
		}
		c := command{line: b.line + 1 + i, text: text}
		for openEnded(c.text) {
			if i++; i == len(b.text) {
				return nil, fmt.Errorf("line %d: the command does not end", c.line)
			}
			c.text += "\n" + b.text[i]
		}
		if said := exits.FindStringSubmatch(c.text); said != nil {
			if _, err := fmt.Sscan(said[1], &c.exit); err != nil {
				return nil, err
			}
		}
		all = append(all, c)
	}
	return all, nil
}

// openEnded says whether a shell would ask for another line.
func openEnded(text string) bool {
	quote := rune(0)
	escaped := false
	for _, r := range text {
		switch {
		case escaped:
			escaped = false
		case r == '\\' && quote != '\'':
			escaped = true
		case quote == 0 && (r == '\'' || r == '"'):
			quote = r
		case r == quote:
			quote = 0
		}
	}
	return escaped || quote != 0
}

func TestBlocks(t *testing.T) {
	t.Parallel()
	all, err := blocksOf("# A\n\n<!-- run: exact -->\n```console\n$ echo 'a\nb' \\\n  c # exit 3\nd\n\ne\n$ true\n```\ntext\n```sh\nmotcua x\n```\n")
	require.NoError(t, err)
	require.Len(t, all, 2)
	require.Equal(t, []string{"console", "exact", "sh", ""}, []string{all[0].language, all[0].note, all[1].language, all[1].note})
	commands, err := all[0].commands()
	require.NoError(t, err)
	require.Equal(t, []command{
		{line: 5, text: "echo 'a\nb' \\\n  c # exit 3", output: "d\n\ne\n", exit: 3},
		{line: 11, text: "true"},
	}, commands)
	_, err = blocksOf("```\n$ true\n")
	require.Error(t, err)
	_, err = block{text: []string{"$ echo 'a"}}.commands()
	require.Error(t, err)
}
