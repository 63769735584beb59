package definitions

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"motcua/engine"
)

// The library's own construction into structs stops at the first repeated key,
// lets numbers pass for text and nothing pass for a value, and speaks of Go
// types. So it parses, and the functions here fill the structs from its tree:
// every fault is found, in the words of the language.

// value fills v from n.
func (t *text) value(n *node, v reflect.Value, path string) {
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		t.faultf(markOf(n), path, "alias", "anchors and aliases are not part of the language: say it where it stands",
			"ngôn ngữ này không có neo (&) và tham chiếu (*): hãy viết nội dung ngay tại chỗ")
		return
	case n.Style&yaml.TaggedStyle != 0:
		t.faultf(markOf(n), path, "tag", "tags such as %s are not part of the language", "ngôn ngữ này không có thẻ kiểu như %s", quote(n.Tag))
		return
	case n.ShortTag() == "!!null" && path == "":
		t.faultf(markOf(n), path, "empty", "the file holds no definition", "tệp không chứa định nghĩa nào")
		return
	case n.ShortTag() == "!!null", n.Kind == yaml.ScalarNode && n.Value == "" && v.Kind() != reflect.String:
		t.faultf(markOf(n), path, "wrong-type", "%s has no value: give it one, or leave it out",
			"%s chưa có giá trị: hãy điền giá trị hoặc bỏ hẳn đi", what(path))
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

func (t *text) scalar(n *node, v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.String:
		t.word(n, v, path)
	case reflect.Bool:
		if n.ShortTag() != "!!bool" || n.Value != "true" && n.Value != "false" {
			t.wrongType(n, path, engine.Text{EN: "true or false", VI: "true hoặc false"})
			return
		}
		v.SetBool(n.Value == "true")
	case reflect.Int, reflect.Int64:
		i, err := strconv.ParseInt(n.Value, 10, 32)
		if n.ShortTag() != "!!int" || err != nil {
			t.wrongType(n, path, engine.Text{EN: "a whole number", VI: "số nguyên"})
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
		t.faultf(markOf(n), path, "wrong-type", "%s must be text: write it in quotes, as %q",
			"%s phải là chuỗi ký tự: hãy đặt trong dấu ngoặc kép, thành %q", what(path), shortened(n.Value))
	case n.Kind != yaml.ScalarNode:
		t.wrongType(n, path, engine.Text{EN: "text", VI: "chuỗi ký tự"})
	case t.legible(n, path):
		v.SetString(n.Value)
	}
}

func (t *text) list(n *node, v reflect.Value, path string) {
	if n.Kind != yaml.SequenceNode {
		t.wrongType(n, path, engine.Text{EN: "a list", VI: "danh sách"})
		return
	}
	if t.items += len(n.Content); t.items > maxItems {
		t.faultf(markOf(n), path, "too-large", "the lists hold more than %d items", "các danh sách có tổng cộng hơn %d mục", maxItems)
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, item := range n.Content {
		t.value(item, v.Index(i), fmt.Sprintf("%s/%d", path, i))
	}
}

func (t *text) mapping(n *node, v reflect.Value, path string) {
	if n.Kind != yaml.MappingNode {
		t.wrongType(n, path, engine.Text{EN: "a mapping of keys to values", VI: "tập hợp các khóa và giá trị"})
		return
	}
	keys, first := keysOf(v.Type()), make(map[string]int, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		here := path + "/" + escaped.Replace(shortened(key.Value))
		field := slices.Index(keys, key.Value)
		if key.Kind != yaml.ScalarNode {
			t.faultf(markOf(key), path, "wrong-type", "a key must be a word", "khóa phải là một từ")
			continue
		}
		if line, twice := first[key.Value]; twice {
			t.faultf(markOf(key), here, "duplicate-key", "key %s was already given in line %d", "khóa %s đã được khai báo ở dòng %d", quote(key.Value), line)
			continue
		}
		first[key.Value] = key.Line
		if field < 0 {
			t.unknown(key, here, keys)
			continue
		}
		t.value(n.Content[i+1], v.Field(field), here)
	}
}

// unknown refuses a key, and compares it with those there are only while
// somebody will read it.
func (t *text) unknown(key *node, path string, keys []string) {
	if t.full() {
		t.unsaid++
		return
	}
	t.faultf(markOf(key), path, "unknown-key", "unknown key %s; %s", "khóa %s không có trong ngôn ngữ; %s", quote(key.Value), suggest(key.Value, keys))
}

func (t *text) wrongType(n *node, path string, want engine.Text) {
	t.faultf(markOf(n), path, "wrong-type", "%s must be %s, not %s", "%s phải là %s, không phải %s", what(path), want, kindOf(n))
}

// what names a value by its key and, for an item of a list, its number.
func what(path string) engine.Text {
	steps := strings.Split(path, "/")
	last := steps[len(steps)-1]
	switch i, err := strconv.Atoi(last); {
	case path == "":
		return engine.Text{EN: "the document", VI: "toàn bộ văn bản"}
	case err == nil && len(steps) > 2:
		list := steps[len(steps)-2]
		return engine.Text{EN: fmt.Sprintf("item %d of %s", i+1, list), VI: fmt.Sprintf("mục thứ %d của %s", i+1, list)}
	}
	return engine.Text{EN: last, VI: last}
}

func kindOf(n *node) engine.Text {
	switch {
	case n.Kind == yaml.MappingNode:
		return engine.Text{EN: "a mapping", VI: "tập hợp các khóa"}
	case n.Kind == yaml.SequenceNode:
		return engine.Text{EN: "a list", VI: "danh sách"}
	case n.ShortTag() == "!!str":
		return engine.Text{EN: "the text " + quote(n.Value), VI: "chuỗi " + quote(n.Value)}
	}
	return engine.Text{EN: shortened(n.Value), VI: shortened(n.Value)}
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
