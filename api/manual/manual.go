// Package manual is what the OpenAPI document says beyond what code can: why a
// route is there, what its properties mean, with which codes it refuses, and
// examples. Every word is a file beside this one, and tests run every example
// against the server, so the manual cannot say what is not so.
package manual

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"

	"motcua/engine"
)

//go:embed schemas.yaml tags.yaml parameters.yaml operations answers
var files embed.FS

// Manual is the whole of it.
type Manual struct {
	Tags       []Tag
	Parameters map[string]string // what a parameter means, by its name
	Operations map[string]Operation
	Schemas    Schemas
}

// Tag is a group of operations.
type Tag struct {
	Name        string `yaml:"name"`
	Description string `yaml:"description"`
}

// Operation is what is told of one route.
type Operation struct {
	Description string `yaml:"description"`
	// Refuses are the codes it may refuse with, beside those that follow from
	// its shape.
	Refuses  []engine.Code `yaml:"refuses"`
	Examples []Example     `yaml:"examples"`
}

// Example is one request and what it is answered.
type Example struct {
	Name    string `yaml:"name"`
	Summary string `yaml:"summary"`
	// As is who asks: a name of the tests' world.
	As string `yaml:"as"`
	// After are the examples that have to have happened, as operation/name.
	After []string `yaml:"after"`
	// Later is how much time passes before it, such as 26h.
	Later string `yaml:"later"`
	// Settles is a property of the answer that is waited for while it says
	// "running": what happens behind the request.
	Settles string `yaml:"settles"`
	// Path are the values of its places. One that begins with $ is taken from
	// the answer to an earlier example: $operation/name#pointer.
	Path    map[string]string `yaml:"path"`
	Query   map[string]string `yaml:"query"`
	Headers map[string]string `yaml:"headers"`
	Body    any               `yaml:"body"`
	Text    string            `yaml:"text"` // a body that is no JSON
	// File is a body of bytes: an earlier example's answer, as operation/name.
	File   string `yaml:"file"`
	Status int    `yaml:"status"`
	// Loose says that the answer grows with every part of the program, so that
	// the one written down may be older; it still has to fit its schema.
	Loose bool `yaml:"loose"`

	// Places is Path with what earlier examples were answered put in.
	Places map[string]string `yaml:"-"`
	// Answer is what it was answered when the tests last wrote it down.
	Answer []byte `yaml:"-"`
}

// Schemas are words for properties, by schema and name.
type Schemas struct {
	Extends    map[string]string            `yaml:"extends"`
	Properties map[string]map[string]string `yaml:"properties"`
}

// Anywhere stands for every schema.
const Anywhere = "*"

// Word finds what a property means, and under which schema that is said.
func (s Schemas) Word(schema, property string) (text, under string) {
	for _, under := range []string{schema, s.Extends[schema], Anywhere} {
		if text, ok := s.Properties[under][property]; ok {
			return text, under
		}
	}
	return "", ""
}

// Load reads the files, once.
var Load = sync.OnceValues(func() (*Manual, error) {
	m := &Manual{Operations: map[string]Operation{}}
	for name, into := range map[string]any{"schemas.yaml": &m.Schemas, "tags.yaml": &m.Tags, "parameters.yaml": &m.Parameters} {
		if err := read(name, into); err != nil {
			return nil, err
		}
	}
	names, err := fs.Glob(files, "operations/*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		var op Operation
		if err := read(name, &op); err != nil {
			return nil, err
		}
		id := strings.TrimSuffix(path.Base(name), ".yaml")
		for i, e := range op.Examples {
			op.Examples[i].Answer, _ = files.ReadFile(AnswerFile(id, e.Name)) // there is none before the tests have written it
		}
		m.Operations[id] = op
	}
	m.resolve()
	return m, nil
})

// resolve puts what earlier examples were answered into the paths of later ones.
func (m *Manual) resolve() {
	for _, op := range m.Operations {
		for i := range op.Examples {
			op.Examples[i].Places = maps.Clone(op.Examples[i].Path)
			for name, v := range op.Examples[i].Path {
				op.Examples[i].Places[name] = Resolve(v, func(of string) []byte { return m.Find(of).Answer })
			}
		}
	}
}

// Find finds an example by operation/name; one that is not there is empty.
func (m *Manual) Find(name string) Example {
	operation, example, _ := strings.Cut(name, "/")
	for _, e := range m.Operations[operation].Examples {
		if e.Name == example {
			return e
		}
	}
	return Example{}
}

// Resolve is a value of a path, taken from an answer where it says so.
func Resolve(v string, answerTo func(example string) []byte) string {
	reference, ok := strings.CutPrefix(v, "$")
	if !ok {
		return v
	}
	of, pointer, _ := strings.Cut(reference, "#")
	var found any
	_ = json.Unmarshal(answerTo(of), &found) // what is no JSON holds nothing
	for step := range strings.SplitSeq(pointer, "/") {
		object, _ := found.(map[string]any)
		found = object[step]
	}
	text, _ := found.(string)
	return text
}

// AnswerFile is where an example's answer is written down.
func AnswerFile(operation, example string) string {
	return "answers/" + operation + "." + example + ".txt"
}

func read(name string, into any) error {
	text, err := files.ReadFile(name)
	if err != nil {
		return fmt.Errorf("manual: %w", err)
	}
	if err := yaml.Load(text, into, yaml.WithKnownFields()); err != nil {
		return fmt.Errorf("manual: %s: %w", name, err)
	}
	return nil
}

// value is an answer as the document holds it: JSON as JSON, text as text.
func value(answer []byte) any {
	decoder := json.NewDecoder(bytes.NewReader(answer))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return string(answer)
	}
	return v
}
