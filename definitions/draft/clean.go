package draft

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Clean makes one line of a text from elsewhere that a definition may hold: in
// UTF-8, normalised to NFC, without controls, line separators, marks of
// direction and other characters that do not show, single spaces between words.
// What Unicode gives no meaning becomes U+FFFD. A text that needs nothing of
// this comes back as it is.
func Clean(s string) string { return strings.Join(strings.Fields(Lines(s)), " ") }

// Lines is [Clean] for a text of several lines: it keeps its line breaks and
// its spaces.
func Lines(s string) string {
	s = strings.ToValidUTF8(s, "\ufffd")
	s = newlines.Replace(s)
	s = strings.Map(visible, s)
	return norm.NFC.String(s)
}

// newlines are the breaks of other systems, and the separators of Unicode.
var newlines = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// visible keeps what shows, and the joiners some scripts are read by: it drops
// what definitions.Read would refuse and what YAML does not call printable.
func visible(r rune) rune {
	switch {
	case r == '\n', r == '\u200c', r == '\u200d', unicode.IsPrint(r):
		return r
	case unicode.IsSpace(r):
		return ' '
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Noncharacter_Code_Point):
		return -1
	}
	return utf8.RuneError
}

// Cut keeps the first most characters of a text, marking with "…" that there
// were more, and says whether it cut.
func Cut(s string, most int) (string, bool) {
	if len(s) <= most {
		return s, false
	}
	runes := []rune(s)
	if len(runes) <= most {
		return s, false
	}
	return strings.TrimRight(string(runes[:most-1]), " ") + "…", true
}
