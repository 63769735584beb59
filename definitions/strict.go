package definitions

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
	"golang.org/x/text/unicode/norm"
)

// The library's own construction into structs stops at the first repeated key,
// lets numbers pass for text and nothing pass for a value, and speaks of Go
// types. So it parses, and the functions here fill the structs from its tree:
// every fault is found, in the words of the language.

// value fills v from n.
func (t *text) value(n *node, v reflect.Value, path string) {
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		t.faultf(markOf(n), path, "alias", "anchors and aliases are not part of the language: say it where it stands")
		return
	case n.Style&yaml.TaggedStyle != 0:
		t.faultf(markOf(n), path, "tag", "tags such as %s are not part of the language", quote(n.Tag))
		return
	case n.ShortTag() == "!!null" && path == "":
		t.faultf(markOf(n), path, "empty", "the file holds no definition")
		return
	case n.ShortTag() == "!!null", n.Kind == yaml.ScalarNode && n.Value == "" && v.Kind() != reflect.String:
		t.faultf(markOf(n), path, "wrong-type", "%s has no value: give it one, or leave it out", what(path))
		return
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		t.worded(n, u, path)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		t.value(n, v.Elem(), path)
	case reflect.Struct:
		t.mapping(n, v, path)
	case reflect.Slice:
		t.list(n, v, path)
	default:
		t.scalar(n, v, path)
	}
}

// worded fills a value that reads its own text: a duration, a date, a time of
// day, a share. A date may be quoted or not.
func (t *text) worded(n *node, u encoding.TextUnmarshaler, path string) {
	if n.Kind != yaml.ScalarNode {
		t.wrongType(n, path, "a single value")
		return
	}
	if err := u.UnmarshalText([]byte(n.Value)); err != nil {
		t.faultf(markOf(n), path, "value", "%s", err)
	}
}

func (t *text) scalar(n *node, v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.String:
		t.word(n, v, path)
	case reflect.Bool:
		if n.ShortTag() != "!!bool" || n.Value != "true" && n.Value != "false" {
			t.wrongType(n, path, "true or false")
			return
		}
		v.SetBool(n.Value == "true")
	case reflect.Int, reflect.Int64:
		i, err := strconv.ParseInt(n.Value, 10, 32)
		if n.ShortTag() != "!!int" || err != nil {
			t.wrongType(n, path, "a whole number")
			return
		}
		v.SetInt(i)
	default:
		panic("definitions: no decoding for " + v.Type().String()) // a type the grammar does not use
	}
}

func (t *text) word(n *node, v reflect.Value, path string) {
	switch {
	case n.Kind == yaml.ScalarNode && n.ShortTag() != "!!str":
		t.faultf(markOf(n), path, "wrong-type", "%s must be text: write it in quotes, as %q", what(path), shortened(n.Value))
	case n.Kind != yaml.ScalarNode:
		t.wrongType(n, path, "text")
	case strings.ContainsFunc(n.Value, func(r rune) bool { return forbidden(r) && r != '\n' }):
		t.faultf(markOf(n), path, "character", "%s holds an invisible character", what(path))
	case !norm.NFC.IsNormalString(n.Value):
		t.faultf(markOf(n), path, "not-nfc", "%s is not normalised to NFC", what(path))
	default:
		v.SetString(n.Value)
	}
}

func (t *text) list(n *node, v reflect.Value, path string) {
	if n.Kind != yaml.SequenceNode {
		t.wrongType(n, path, "a list")
		return
	}
	if t.items += len(n.Content); t.items > maxItems {
		t.faultf(markOf(n), path, "too-large", "the lists hold more than %d items", maxItems)
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, item := range n.Content {
		t.value(item, v.Index(i), fmt.Sprintf("%s/%d", path, i))
	}
}

func (t *text) mapping(n *node, v reflect.Value, path string) {
	if n.Kind != yaml.MappingNode {
		t.wrongType(n, path, "a mapping of keys to values")
		return
	}
	keys, first := keysOf(v.Type()), make(map[string]int, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		here := path + "/" + escaped.Replace(shortened(key.Value))
		field := slices.Index(keys, key.Value)
		if key.Kind != yaml.ScalarNode {
			t.faultf(markOf(key), path, "wrong-type", "a key must be a word")
			continue
		}
		if line, twice := first[key.Value]; twice {
			t.faultf(markOf(key), here, "duplicate-key", "key %s was already given in line %d", quote(key.Value), line)
			continue
		}
		first[key.Value] = key.Line
		if field < 0 {
			t.faultf(markOf(key), here, "unknown-key", "unknown key %s; %s", quote(key.Value), suggest(key.Value, keys))
			continue
		}
		t.value(n.Content[i+1], v.Field(field), here)
	}
}

func (t *text) wrongType(n *node, path, want string) {
	t.faultf(markOf(n), path, "wrong-type", "%s must be %s, not %s", what(path), want, kindOf(n))
}

// what names a value by its key and, for an item of a list, its number.
func what(path string) string {
	steps := strings.Split(path, "/")
	last := steps[len(steps)-1]
	switch i, err := strconv.Atoi(last); {
	case path == "":
		return "the document"
	case err == nil && len(steps) > 2:
		return fmt.Sprintf("item %d of %s", i+1, steps[len(steps)-2])
	}
	return last
}

func kindOf(n *node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	default:
		if n.ShortTag() == "!!str" {
			return "the text " + quote(n.Value)
		}
		return shortened(n.Value)
	}
}

// keysOf lists the keys of a struct, in the order of its fields.
func keysOf(t reflect.Type) []string {
	keys := make([]string, t.NumField())
	for i := range keys {
		keys[i], _, _ = strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
	}
	return keys
}

// escaped writes a key as a step of a JSON pointer (RFC 6901).
var escaped = strings.NewReplacer("~", "~0", "/", "~1")

func quote(s string) string { return strconv.Quote(shortened(s)) }

// shortened keeps messages short whatever the text holds.
func shortened(s string) string {
	const most = 40
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
