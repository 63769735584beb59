package definitions

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"motcua/engine"
)

// isLeaf says whether values of a type are said in one word or list of words.
func isLeaf(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int64:
		return true
	case reflect.Slice, reflect.Pointer:
		return t.Elem().Kind() == reflect.String || t.Elem().Kind() == reflect.Int
	}
	return t.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}

// said writes a value as the file does, and as people read it where the file
// has true and false. What is left out is what that means, or nothing.
func (w word) said(v reflect.Value) engine.Text {
	switch x := v.Interface().(type) {
	case bool:
		return yesNo(x)
	case engine.Condition:
		return w.condition(x)
	case []string:
		return same(listed(x))
	case fmt.Stringer:
		if !v.IsZero() {
			return same(x.String())
		}
	default:
		if !v.IsZero() {
			return same(plain(reflect.Indirect(v)))
		}
	}
	return w.unsaid
}

// condition writes an expression on one line. One that was not said, and true
// and false, mean what they mean to the key.
func (w word) condition(c engine.Condition) engine.Text {
	switch {
	case c.Expression():
		return same(strings.ReplaceAll(string(c), "\n", " "))
	case !w.guard && c == "":
		return w.unsaid
	case !w.guard:
		return yesNo(c == engine.Always)
	case c == engine.Never:
		return engine.Text{VI: "không bao giờ đúng", EN: "never"}
	}
	return engine.Text{VI: "luôn đúng", EN: "always"}
}

func plain(v reflect.Value) string {
	if v.Kind() == reflect.String {
		return strconv.Quote(v.String())
	}
	return strconv.FormatInt(v.Int(), 10)
}

func listed(words []string) string {
	quoted := make([]string, len(words))
	for i, s := range words {
		quoted[i] = strconv.Quote(s)
	}
	return strings.Join(quoted, ", ")
}

func yesNo(yes bool) engine.Text {
	if yes {
		return engine.Text{VI: "có", EN: "yes"}
	}
	return engine.Text{VI: "không", EN: "no"}
}

// gist sums up what an added or removed part says; whole, with what it is
// called by.
func gist(v reflect.Value, whole bool) engine.Text {
	return both(func(lang string) string {
		var parts []string
		for i, key := range keysOf(v.Type()) {
			if w := wordOf(v.Type(), key); (whole || !w.names) && !v.Field(i).IsZero() {
				parts = append(parts, joined(" ", name(w.noun, lang), summed(v.Field(i), w, lang)))
			}
		}
		return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
	})
}

func summed(v reflect.Value, w word, lang string) string {
	switch {
	case isLeaf(v.Type()):
		return name(w.said(v), lang)
	case v.Kind() == reflect.Slice:
		var titles []string
		for _, it := range itemsOf(v) {
			titles = append(titles, name(it.id, lang))
		}
		return strings.Join(titles, ", ")
	case v.Kind() == reflect.Pointer:
		return "(" + name(gist(v.Elem(), true), lang) + ")"
	}
	return name(gist(v, true), lang)
}

func appeared(at place, w word, title, gist engine.Text) engine.Text {
	return both(func(lang string) string {
		words := joined(" ", name(w.noun, lang), "mới", name(title, lang))
		if lang == "en" {
			words = joined(" ", "new", name(w.noun, lang), name(title, lang))
		}
		return joined(": ", words+where(at, lang), name(gist, lang))
	})
}

func vanished(at place, w word, title, gist engine.Text) engine.Text {
	return both(func(lang string) string {
		verb := "bỏ"
		if lang == "en" {
			verb = "removed"
		}
		return joined(": ", joined(" ", verb, name(w.noun, lang), name(title, lang))+where(at, lang), name(gist, lang))
	})
}

// where names what an added or removed item belongs to.
func where(at place, lang string) string {
	switch {
	case at.subject.VI == "":
		return ""
	case lang == "en":
		return " in " + at.subject.EN
	}
	return " ở " + at.subject.VI
}

// say is a sentence about the place.
func (p place) say(vi, en string, args ...engine.Text) engine.Text {
	return both(func(lang string) string {
		format, words := vi, make([]any, len(args))
		if lang == "en" {
			format = en
		}
		for i, arg := range args {
			words[i] = name(arg, lang)
		}
		return joined(": ", name(p.subject, lang), fmt.Sprintf(format, words...))
	})
}

func both(in func(lang string) string) engine.Text {
	return engine.Text{VI: in("vi"), EN: in("en")}
}

func same(s string) engine.Text { return engine.Text{VI: s, EN: s} }

// joined joins what is not empty.
func joined(by string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), by)
}
