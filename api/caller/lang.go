package caller

import (
	"strconv"
	"strings"

	"motcua/engine"
)

// Lang is a language people are addressed in. The empty Lang is Vietnamese.
type Lang string

// The languages.
const (
	VI Lang = "vi"
	EN Lang = "en"
)

// T chooses between two wordings of one thing.
func (l Lang) T(vi, en string) string {
	if l == EN {
		return en
	}
	return vi
}

// Text chooses a wording that came as data; English may be missing.
func (l Lang) Text(t engine.Text) string {
	if l == EN && t.EN != "" {
		return t.EN
	}
	return t.VI
}

// Tag is the language as HTML and HTTP name it.
func (l Lang) Tag() string { return l.T("vi", "en") }

// ParseLang reads a language by its name.
func ParseLang(s string) (Lang, bool) {
	switch l := Lang(s); l {
	case VI, EN:
		return l, true
	default:
		return "", false
	}
}

// Preferred reads an Accept-Language header. Vietnamese is spoken unless
// English is wanted more.
func Preferred(header string) Lang {
	wants := map[Lang]float64{}
	for part := range strings.SplitSeq(header, ",") {
		tag, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
		lang, ok := ParseLang(primary)
		if ok {
			wants[lang] = max(wants[lang], quality(params))
		}
	}
	if wants[EN] > wants[VI] {
		return EN
	}
	return VI
}

func quality(params string) float64 {
	value, ok := strings.CutPrefix(strings.TrimSpace(params), "q=")
	if !ok {
		return 1
	}
	q, err := strconv.ParseFloat(value, 64)
	if err != nil || q < 0 || q > 1 {
		return 0
	}
	return q
}
