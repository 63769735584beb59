package api_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	tag        = regexp.MustCompile(`<(/?)([a-z][a-z0-9]*)((?:\s[^<>]*)?)>`)
	identifier = regexp.MustCompile(`\sid="([^"]*)"`)
	reference  = regexp.MustCompile(`\s(?:for|aria-labelledby)="([^"]*)"`)
	alone      = []string{"meta", "link", "input", "br"}
)

// wellFormed checks what every page must hold to: elements close in order, no
// id twice, every label has its field, the landmarks are there, every table
// has a caption, nothing runs a script or carries a style of its own.
func wellFormed(t *testing.T, page string) {
	t.Helper()
	var open []string
	for _, m := range tag.FindAllStringSubmatch(page, -1) {
		switch closing, name := m[1] == "/", m[2]; {
		case slices.Contains(alone, name):
		case !closing:
			open = append(open, name)
		default:
			require.NotEmpty(t, open, "closes %s", name)
			require.Equal(t, open[len(open)-1], name)
			open = open[:len(open)-1]
		}
		require.NotRegexp(t, `\s(on[a-z]+|style)=`, m[3])
	}
	require.Empty(t, open)

	var ids []string
	for _, m := range identifier.FindAllStringSubmatch(page, -1) {
		require.NotContains(t, ids, m[1], "an id twice")
		ids = append(ids, m[1])
	}
	for _, m := range reference.FindAllStringSubmatch(page, -1) {
		require.Contains(t, ids, m[1])
	}
	for _, landmark := range []string{"<header", "<nav", "<main", "<footer", "<h1>"} {
		require.Contains(t, page, landmark)
	}
	require.Equal(t, strings.Count(page, "<table"), strings.Count(page, "<caption"), "every table has a caption")
}
