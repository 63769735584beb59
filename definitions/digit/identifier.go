package digit

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxID is how long an id may be.
const maxID = 64

// identifiers give each original name one id, and no two names the same.
type identifiers struct {
	of    map[string]string // by original name
	taken map[string]bool
}

func newIdentifiers() *identifiers {
	return &identifiers{of: map[string]string{}, taken: map[string]bool{}}
}

// id is the name in kebab-case; the second name that would have the same id
// gets a number. A name without a letter or digit is called other, and one that
// begins with a digit, or that the language keeps for itself, begins with it.
func (ids *identifiers) id(name, other string, kept ...string) string {
	if id, ok := ids.of[name]; ok {
		return id
	}
	base := kebab(name, '-')
	switch {
	case base == "":
		base = other
	case base[0] < 'a', slices.Contains(kept, base):
		base = other + "-" + base
	}
	base = shorten(base, maxID)
	id := base
	for n := 2; ids.taken[id]; n++ {
		suffix := fmt.Sprintf("-%d", n)
		id = shorten(base, maxID-len(suffix)) + suffix
	}
	ids.of[name], ids.taken[id] = id, true
	return id
}

func shorten(id string, most int) string { return strings.TrimRight(id[:min(len(id), most)], "-") }

// kebab writes a name in lower case, its words joined: fireNoc is fire-noc,
// PT_DOC_VERIFIER is pt-doc-verifier.
func kebab(name string, joint rune) string {
	var b strings.Builder
	var before rune
	for _, r := range norm.NFD.String(name) {
		switch lower := unicode.ToLower(r); {
		case unicode.Is(unicode.Mn, r):
			continue
		case lower == 'đ':
			b.WriteRune('d')
		case lower >= 'a' && lower <= 'z' || lower >= '0' && lower <= '9':
			if unicode.IsUpper(r) && unicode.IsLower(before) {
				b.WriteRune(joint)
			}
			b.WriteRune(lower)
		default:
			b.WriteRune(' ')
		}
		before = r
	}
	return strings.Join(strings.Fields(b.String()), string(joint))
}

// codeOf is the name of a service as the code of a procedure, which keeps its
// capitals and dots.
func codeOf(name string) string {
	plain := strings.Map(func(r rune) rune {
		if r == '.' || r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return ' '
	}, name)
	words := strings.FieldsFunc(plain, func(r rune) bool { return r == ' ' })
	code := strings.Join(words, "-")
	for _, pair := range [][2]string{{"-.", "."}, {".-", "."}, {"..", "."}} {
		for strings.Contains(code, pair[0]) {
			code = strings.ReplaceAll(code, pair[0], pair[1])
		}
	}
	if code = strings.Trim(code, ".-"); code == "" {
		return "unnamed"
	}
	return strings.TrimRight(code[:min(len(code), maxID)], ".-")
}
