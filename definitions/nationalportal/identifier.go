package nationalportal

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// identifiers are the ids given so far, so that none is given twice.
type identifiers map[string]bool

// next makes an id of the first words of a Vietnamese name, without its marks;
// of a name that has no letters it is other.
func (given identifiers) next(name, other string) string {
	base := kebab(name, 40)
	switch {
	case base == "":
		base = other
	case base[0] < 'a':
		base = other + "-" + base
	}
	id := base
	for n := 2; given[id]; n++ {
		id = fmt.Sprintf("%s-%d", base, n)
	}
	given[id] = true
	return id
}

// kebab writes the words of a name in kebab-case, as many as fit whole.
func kebab(name string, most int) string {
	var words []string
	length := 0
	plain := strings.Map(unmarked, norm.NFD.String(strings.ToLower(name)))
	for _, word := range strings.FieldsFunc(plain, func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
		if length += len(word) + 1; length > most+1 {
			break
		}
		words = append(words, word)
	}
	return strings.Join(words, "-")
}

// unmarked drops the marks over and under letters, and the stroke of đ.
func unmarked(r rune) rune {
	switch {
	case r == 'đ':
		return 'd'
	case unicode.Is(unicode.Mn, r):
		return -1
	}
	return r
}
