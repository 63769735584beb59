package web

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/api/manual"
	"motcua/engine"
)

// reference is the page of the API: every group with its operations, and the
// schemas, out of the same document that machines read.
func (s *Site) reference(w http.ResponseWriter, r *http.Request) error {
	document, l := s.Document(), caller.From(r.Context()).Lang
	v := referenceView{Lang: l, Document: document, Schemas: slices.Sorted(maps.Keys(document.Components.Schemas.Map()))}
	operations := manual.Operations(document)
	for _, tag := range document.Tags {
		g := referenceGroup{Tag: tag}
		for _, op := range operations {
			if op.Tags[0] == tag.Name {
				g.Operations = append(g.Operations, op)
			}
		}
		v.Groups = append(v.Groups, g)
	}
	s.render(w, r, http.StatusOK, s.frame(r, l.T("Tài liệu API", "API reference")), referencePage(v))
	return nil
}

type referenceView struct {
	Lang     caller.Lang
	Document *huma.OpenAPI
	Groups   []referenceGroup
	Schemas  []string
}

type referenceGroup struct {
	Tag        *huma.Tag
	Operations []*huma.Operation
}

// referenceOperation is the page of one operation.
func (s *Site) referenceOperation(w http.ResponseWriter, r *http.Request) error {
	l := caller.From(r.Context()).Lang
	book, err := manual.Load()
	if err != nil {
		return err
	}
	for _, op := range manual.Operations(s.Document()) {
		if op.OperationID == r.PathValue("id") {
			v := operationView{Lang: l, Op: op, Examples: illustrated(op, book.Operations[op.OperationID].Examples)}
			if op.RequestBody != nil {
				v.Bodies = contents(op.RequestBody.Content)
			}
			for _, status := range slices.Sorted(maps.Keys(op.Responses)) {
				if status != "default" {
					v.Answers = append(v.Answers, answerOf(status, op.Responses[status]))
				}
			}
			s.render(w, r, http.StatusOK, s.frame(r, op.Summary), operationPage(v))
			return nil
		}
	}
	return engine.Errorf(engine.CodeNotFound, "no such operation")
}

type operationView struct {
	Lang     caller.Lang
	Op       *huma.Operation
	Bodies   []content
	Answers  []referenceAnswer
	Examples []shownExample
}

// content is what a body or an answer may be.
type content struct {
	Media  string
	Schema *huma.Schema
}

func contents(of map[string]*huma.MediaType) []content {
	var out []content
	for _, media := range slices.Sorted(maps.Keys(of)) {
		out = append(out, content{media, of[media].Schema})
	}
	return out
}

type referenceAnswer struct {
	Status, Words string
	Contents      []content
	Codes         []string
}

func answerOf(status string, r *huma.Response) referenceAnswer {
	out := referenceAnswer{Status: status, Words: r.Description}
	for _, c := range contents(r.Content) {
		if c.Schema != nil && len(c.Schema.AllOf) > 1 {
			for _, code := range c.Schema.AllOf[1].Properties["code"].Enum {
				out.Codes = append(out.Codes, fmt.Sprint(code))
			}
			continue
		}
		out.Contents = append(out.Contents, c)
	}
	return out
}

// shownExample is an example as a command line and what it is answered.
type shownExample struct {
	Summary, Curl, Answer string
	Status                int
}

func illustrated(op *huma.Operation, list []manual.Example) []shownExample {
	out := make([]shownExample, len(list))
	for i, e := range list {
		out[i] = shownExample{e.Summary, e.Curl(op), strings.TrimSpace(string(e.Answer)), e.Status}
	}
	return out
}

// referenceSchema is the page of one type.
func (s *Site) referenceSchema(w http.ResponseWriter, r *http.Request) error {
	l, name := caller.From(r.Context()).Lang, r.PathValue("name")
	schema := s.Document().Components.Schemas.Map()[name]
	if schema == nil {
		return engine.Errorf(engine.CodeNotFound, "no such type")
	}
	v := schemaView{Lang: l, Name: name, Schema: schema, Properties: slices.Sorted(maps.Keys(schema.Properties))}
	s.render(w, r, http.StatusOK, s.frame(r, name), schemaPage(v))
	return nil
}

type schemaView struct {
	Lang       caller.Lang
	Name       string
	Schema     *huma.Schema
	Properties []string
}

// typeOf is a schema in a few words, and the type it leads to.
func typeOf(s *huma.Schema) (words, leads string) {
	if s == nil {
		return "", ""
	}
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		return "", name
	}
	switch s.Type {
	case huma.TypeArray:
		words, leads = typeOf(s.Items)
		return strings.TrimSpace("list of " + words), leads
	case huma.TypeObject:
		if values, ok := s.AdditionalProperties.(*huma.Schema); ok {
			words, leads = typeOf(values)
			return strings.TrimSpace("map to " + words), leads
		}
	}
	words = cmp.Or(s.Type, "anything")
	if s.Format != "" && s.Format != "int64" {
		words += " (" + s.Format + ")"
	}
	return words, ""
}

// bounded are the values a schema allows, or what bounds them.
func bounded(s *huma.Schema) string {
	var out []string
	for _, v := range s.Enum {
		out = append(out, fmt.Sprint(v))
	}
	if s.MaxLength != nil {
		out = append(out, fmt.Sprintf("at most %d characters", *s.MaxLength))
	}
	if s.Maximum != nil {
		out = append(out, fmt.Sprintf("at most %v", *s.Maximum))
	}
	if s.Default != nil {
		out = append(out, fmt.Sprintf("default %v", s.Default))
	}
	return strings.Join(out, ", ")
}

func paragraphs(text string) []string {
	return strings.Split(strings.TrimSpace(text), "\n\n")
}

// marked splits a text at its backticks: every second part is code.
func marked(text string) []string { return strings.Split(text, "`") }

func operationHref(id string) string { return "/docs/operations/" + id }

func schemaHref(name string) string { return "/docs/schemas/" + name }
