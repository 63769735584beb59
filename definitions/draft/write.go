package draft

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"motcua/engine"
)

// flowColumns is how long a line may become to hold a mapping as a whole.
const flowColumns = 150

// Write is the text of a definition: keys in the order of the language, only
// those that are set, short mappings on one line. The same definition and
// comments make the same bytes. Texts are written as they are given: see
// [Clean] for those that come from elsewhere.
func Write(def engine.Definition, comments Comments) []byte {
	w := &writer{comments: comments, said: map[string]bool{}}
	w.remark("", 0)
	w.mapping(reflect.ValueOf(def), "", 0, false)
	for _, place := range comments.below("") { // what the language does not know
		w.remark(place, 0)
	}
	return w.out.Bytes()
}

type writer struct {
	out      bytes.Buffer
	comments Comments
	said     map[string]bool
}

// mapping writes the keys of a struct that are set, one a line. As an item of
// a list, the first of them follows a dash.
func (w *writer) mapping(v reflect.Value, path string, indent int, dash bool) {
	empty := true
	for i := range v.NumField() {
		key, field := keyOf(v.Type().Field(i)), v.Field(i)
		here, margin := path+"/"+key, indent
		if dash && empty {
			margin -= 2
		}
		if unset(field) {
			w.remarks(here, margin)
			continue
		}
		if w.remark(here, margin); !composed(settled(field)) {
			w.remarks(here, margin)
		}
		w.line(margin, dash && empty, key+":")
		w.value(field, here, indent, len(key)+1+indent)
		empty = false
	}
	if empty {
		w.line(max(indent-2, 0), dash, "{}\n")
	}
}

// value writes what follows "key:", with the line breaks it needs.
func (w *writer) value(v reflect.Value, path string, indent, column int) {
	v = settled(v)
	if text, ok := w.flow(v, path, column+1); ok {
		w.out.WriteString(" " + text + "\n")
		return
	}
	w.out.WriteString("\n")
	if v.Kind() == reflect.Slice {
		w.list(v, path, indent+2)
		return
	}
	w.mapping(v, path, indent+2, false)
}

func (w *writer) list(v reflect.Value, path string, indent int) {
	for i := range v.Len() {
		item, here := v.Index(i), fmt.Sprintf("%s/%d", path, i)
		w.remark(here, indent)
		if text, ok := w.flow(item, here, indent+2); ok {
			w.line(indent, true, text+"\n")
			continue
		}
		w.mapping(item, here, indent+2, true)
	}
}

// flow writes a value on one line, when that is how it is written: a single
// value always; a mapping or a list without remarks inside, when it fits and
// holds no list of mappings.
func (w *writer) flow(v reflect.Value, path string, column int) (string, bool) {
	switch {
	case !composed(v):
		return inline(v), true
	case v.Kind() == reflect.Struct && nested(v), v.Kind() == reflect.Slice && composed(reflect.Zero(v.Type().Elem())):
		return "", false
	case slices.ContainsFunc(w.comments.below(path), func(at string) bool { return !w.said[at] }):
		return "", false
	}
	text := inline(v)
	return text, v.Kind() == reflect.Slice || column+utf8.RuneCountInString(text) <= flowColumns
}

// inline writes a value on one line.
func inline(v reflect.Value) string {
	v = settled(v)
	switch {
	case !composed(v):
		return scalar(v)
	case v.Kind() == reflect.Slice:
		items := make([]string, v.Len())
		for i := range items {
			items[i] = inline(v.Index(i))
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	var pairs []string
	for i := range v.NumField() {
		if !unset(v.Field(i)) {
			pairs = append(pairs, keyOf(v.Type().Field(i))+": "+inline(v.Field(i)))
		}
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}

// settled is the value itself where a pointer says whether there is one.
func settled(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Pointer {
		return v.Elem()
	}
	return v
}

// composed says whether a value is a mapping or a list.
func composed(v reflect.Value) bool {
	return (v.Kind() == reflect.Struct || v.Kind() == reflect.Slice) && !worded(v)
}

// nested says whether a struct holds a list of mappings.
func nested(v reflect.Value) bool {
	for i := range v.NumField() {
		f := v.Field(i)
		if f.Kind() == reflect.Slice && f.Len() > 0 && f.Type().Elem().Kind() == reflect.Struct {
			return true
		}
	}
	return false
}

// keyOf is the key of a field, as the reader knows it.
func keyOf(f reflect.StructField) string {
	key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return key
}

func (w *writer) line(indent int, dash bool, text string) {
	w.out.WriteString(strings.Repeat(" ", indent))
	if dash {
		w.out.WriteString("- ")
	}
	w.out.WriteString(text)
}

// remarks writes what is said at a place and below it.
func (w *writer) remarks(place string, indent int) {
	for _, at := range w.comments.below(place) {
		w.remark(at, indent)
	}
}

// remark writes what is said at one place, once.
func (w *writer) remark(place string, indent int) {
	if w.said[place] {
		return
	}
	w.said[place] = true
	for _, remark := range w.comments[place] {
		for _, line := range wrapped(remark, columns-indent) {
			w.line(indent, false, "# "+line+"\n")
		}
	}
}
