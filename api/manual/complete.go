package manual

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/problem"
	"motcua/engine"
)

const (
	mediaJSON    = "application/json"
	mediaProblem = "application/problem+json"
	problemRef   = "#/components/schemas/Problem"
)

// Complete adds the manual's words, problems and examples to a document that
// was generated from the code.
func (m *Manual) Complete(doc *huma.OpenAPI) {
	for _, t := range m.Tags {
		doc.Tags = append(doc.Tags, &huma.Tag{Name: t.Name, Description: t.Description})
	}
	for _, op := range Operations(doc) {
		said := m.Operations[op.OperationID]
		op.Description = cmp.Or(op.Description, strings.TrimSpace(said.Description))
		m.parameters(op, said)
		problems(op, said.Refuses)
		for _, e := range said.Examples {
			e.illustrate(op)
		}
	}
	m.schemas(doc)
}

// Operations lists every operation of a document, by path and method.
func Operations(doc *huma.OpenAPI) []*huma.Operation {
	var out []*huma.Operation
	for _, path := range slices.Sorted(maps.Keys(doc.Paths)) {
		p := doc.Paths[path]
		for _, op := range []*huma.Operation{p.Get, p.Post, p.Put, p.Patch, p.Delete} {
			if op != nil {
				out = append(out, op)
			}
		}
	}
	return out
}

// parameters describes those that do not say what they are, and shows the
// value of the first example that gives one.
func (m *Manual) parameters(op *huma.Operation, said Operation) {
	for _, p := range op.Parameters {
		p.Description = cmp.Or(p.Description, m.Parameters[op.OperationID+"."+p.Name], m.Parameters[p.Name])
		for _, e := range said.Examples {
			if v, ok := e.parameter(p); ok && e.Status < http.StatusBadRequest {
				p.Example = typed(p, v)
				break
			}
		}
	}
}

func (e Example) parameter(p *huma.Param) (string, bool) {
	from := map[string]map[string]string{"path": e.Places, "query": e.Query, "header": e.Headers}[p.In]
	v, ok := from[p.Name]
	return v, ok
}

// typed is a parameter's value as its schema has it.
func typed(p *huma.Param, v string) any {
	if p.Schema != nil && p.Schema.Type == huma.TypeInteger {
		if n, err := strconv.Atoi(v); err == nil {
			return n
		}
	}
	if p.Schema != nil && p.Schema.Type == huma.TypeBoolean {
		return v == "true"
	}
	return v
}

// problems says with which codes an operation may refuse, status by status.
func problems(op *huma.Operation, refuses []engine.Code) {
	byStatus := map[int][]any{}
	for _, code := range append(implied(op), refuses...) {
		status, _ := problem.ClassOf(code)
		if !slices.Contains(byStatus[status], any(string(code))) {
			byStatus[status] = append(byStatus[status], string(code))
		}
	}
	for status, codes := range byStatus {
		titles := make([]string, len(codes))
		for i, c := range codes {
			_, title := problem.ClassOf(engine.Code(c.(string)))
			titles[i] = title.EN
		}
		op.Responses[strconv.Itoa(status)] = &huma.Response{
			Description: strings.Join(titles, "; "),
			Headers:     retry(status),
			Content: map[string]*huma.MediaType{mediaProblem: {Schema: &huma.Schema{AllOf: []*huma.Schema{
				{Ref: problemRef},
				{Type: huma.TypeObject, Properties: map[string]*huma.Schema{"code": {Type: huma.TypeString, Enum: codes, Description: "One of the codes of this operation"}}},
			}}}},
		}
	}
}

// retry describes the header of an answer that asks to come back.
func retry(status int) map[string]*huma.Param {
	if status != http.StatusServiceUnavailable && status != http.StatusTooManyRequests {
		return nil
	}
	return map[string]*huma.Param{"Retry-After": {Description: "Seconds to wait before asking again", Schema: &huma.Schema{Type: huma.TypeInteger}}}
}

// implied are the codes that follow from an operation's shape: what the layers
// around every handler refuse.
func implied(op *huma.Operation) []engine.Code {
	out := []engine.Code{problem.CodeMalformed, engine.CodeInvalid, engine.CodeInternal, engine.CodeUnavailable}
	if len(op.Security) > 0 {
		out = append(out, engine.CodeUnauthenticated, engine.CodeForbidden, engine.CodeWrongRole, engine.CodeTooManyRequests)
	}
	if op.RequestBody != nil {
		out = append(out, engine.CodeTooLarge, problem.CodeMediaType, problem.CodeTimeout)
	}
	for _, p := range op.Parameters {
		switch {
		case p.In == "path":
			out = append(out, engine.CodeNotFound)
		case p.Name == "Idempotency-Key":
			out = append(out, engine.CodeIdempotencyConflict)
		case p.Name == "If-Match":
			out = append(out, engine.CodePrecondition)
		}
	}
	return out
}

// illustrate shows an example at the request's body and at its answer.
func (e Example) illustrate(op *huma.Operation) {
	if body := e.RequestBody(); body != nil && op.RequestBody != nil {
		add(op.RequestBody.Content, "", e, body)
	}
	if response := op.Responses[strconv.Itoa(e.Status)]; response != nil && len(e.Answer) > 0 {
		media := ""
		if v := value(e.Answer); isText(v) {
			media = e.Headers["Accept"]
		}
		add(response.Content, media, e, value(e.Answer))
	}
}

func isText(v any) bool { _, ok := v.(string); return ok }

// RequestBody is the body of the request as the document shows it, or nil.
func (e Example) RequestBody() any {
	if e.Text != "" {
		return e.Text
	}
	return e.Body
}

// add puts an example under a media type: the one that is named or can hold it.
func add(content map[string]*huma.MediaType, media string, e Example, v any) {
	for _, name := range slices.Sorted(maps.Keys(content)) {
		isJSON := strings.HasSuffix(name, "json")
		if media != "" && name != media || media == "" && isJSON == isText(v) {
			continue
		}
		m := content[name]
		if m.Examples == nil {
			m.Examples = map[string]*huma.Example{}
		}
		m.Examples[e.Name] = &huma.Example{Summary: e.Summary, Value: v}
		return
	}
}

// schemas describes the properties that do not say what they are.
func (m *Manual) schemas(doc *huma.OpenAPI) {
	for name, s := range doc.Components.Schemas.Map() {
		for property, p := range s.Properties {
			if p.Description == "" {
				p.Description, _ = m.Schemas.Word(name, property)
			}
		}
	}
}
