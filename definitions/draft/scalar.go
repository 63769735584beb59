package draft

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"
)

// unset says whether a key may be left out: the reader would give it this
// value anyway.
func unset(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer:
		return v.IsNil()
	case reflect.Slice:
		return v.Len() == 0
	default:
		if z, ok := v.Interface().(interface{ IsZero() bool }); ok {
			return z.IsZero()
		}
		return v.IsZero()
	}
}

// worded says whether a value reads its own text, whatever YAML takes it for.
func worded(v reflect.Value) bool {
	return reflect.PointerTo(v.Type()).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// scalar writes a single value.
func scalar(v reflect.Value) string {
	if m, ok := v.Interface().(encoding.TextMarshaler); ok {
		text, err := m.MarshalText()
		if err != nil {
			text = fmt.Append(nil, v.Interface()) // out of its range: the reader will say so, at its place
		}
		return quoted(string(text), true)
	}
	if v.Kind() == reflect.String {
		return quoted(v.String(), worded(v))
	}
	return fmt.Sprint(v.Interface())
}

// quoted writes a text plain where every reader of YAML takes it for the text
// it is, else in quotes: double ones, or single ones around what has double
// ones itself, as conditions do.
func quoted(s string, worded bool) string {
	switch {
	case plain(s, worded):
		return s
	case strings.Contains(s, `"`) && !strings.ContainsAny(s, `'\`) && !strings.ContainsFunc(s, hidden):
		return "'" + s + "'"
	}
	return strconv.Quote(s) // its escapes are those of YAML
}

func hidden(r rune) bool { return !strconv.IsPrint(r) }

func plain(s string, worded bool) bool {
	if s == "" || strings.HasSuffix(s, " ") || strings.ContainsFunc(s, special) {
		return false
	}
	if worded {
		return s[0] != ' ' && s[0] != '-'
	}
	first := []rune(s)[0]
	if unicode.IsDigit(first) {
		return strings.ContainsFunc(s, unicode.IsLetter) && strings.Contains(s, "/") // 60/2014/QH13 is no number in any notation
	}
	return unicode.IsLetter(first) && !resolved[strings.ToLower(s)]
}

// special says whether a character might mean something to YAML, in any place,
// or does not show.
func special(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" -_./()%+;–", r)
}

// resolved are words that some version of YAML takes for something else.
var resolved = map[string]bool{
	"true": true, "false": true, "yes": true, "no": true, "on": true, "off": true, "y": true, "n": true, "null": true, "nan": true, "inf": true,
}
