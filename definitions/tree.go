package definitions

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// node is a value of the text with its place.
type node = yaml.Node

// maxDepth is how deep values may nest; the language itself nests seven deep.
const maxDepth = 32

// parse reads the one document of the text into a tree.
func (t *text) parse(data []byte) {
	t.end = position(data, len(data))
	loader, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		t.syntax(err)
		return
	}
	var document, next node
	switch err := loader.Load(&document); {
	case errors.Is(err, io.EOF):
		t.faultf(mark{1, 1}, "", "empty", "the file holds no definition", "tệp không chứa định nghĩa nào")
		return
	case err != nil:
		t.syntax(err)
		return
	}
	switch err := loader.Load(&next); {
	case err == nil:
		t.faultf(markOf(&next), "", "documents", "a file holds one document; a second one begins here",
			"mỗi tệp chỉ chứa một văn bản YAML; văn bản thứ hai bắt đầu từ đây")
	case !errors.Is(err, io.EOF):
		t.syntax(err)
	}
	t.root = &document
	if document.Kind == yaml.DocumentNode && len(document.Content) > 0 {
		t.root = document.Content[0]
	}
}

func (t *text) syntax(err error) {
	var fault *yaml.LoadError
	if !errors.As(err, &fault) {
		t.syntaxAt(mark{1, 1}, err.Error())
		return
	}
	message := fault.Message
	if message == "" && fault.Unwrap() != nil {
		message = fault.Unwrap().Error()
	}
	at := mark{max(fault.Mark.Line, 1), max(fault.Mark.Column, 1)}
	t.syntaxAt(at, message)
}

// syntaxAt frames what the library says, which is English in both languages
// and may quote several lines.
func (t *text) syntaxAt(at mark, message string) {
	t.faultf(at, "", "syntax", "%s", "không đúng cú pháp YAML: %s", clipped(strings.Join(strings.Fields(message), " "), maxQuoted))
}

func markOf(n *node) mark { return mark{max(n.Line, 1), max(n.Column, 1)} }

// locate finds the place of a JSON pointer, or of the nearest value around it
// that the text has.
func locate(root *node, pointer string) mark {
	n := root
	for _, step := range strings.Split(pointer, "/")[1:] {
		next := child(n, step)
		if next == nil {
			break
		}
		n = next
	}
	return markOf(n)
}

func child(n *node, step string) *node {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == step {
				return n.Content[i+1]
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.Content) {
			return n.Content[i]
		}
	default:
	}
	return nil
}
