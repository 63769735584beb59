package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"motcua/api"
	"motcua/api/manual"
)

// conformance holds what the server does to what the document says.
type conformance struct {
	document   *huma.OpenAPI
	operations []*huma.Operation
	routes     *http.ServeMux // from a request to its operation
	byPattern  map[string]*huma.Operation
	mu         sync.Mutex
	compiler   *jsonschema.Compiler
}

const documentURL = "https://motcua.dev/openapi.json"

var describe = sync.OnceValues(func() (*conformance, error) {
	document, err := api.Document("1.2.3")
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(document)
	if err != nil {
		return nil, err
	}
	decoded, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	c := &conformance{
		document: document, operations: manual.Operations(document), routes: http.NewServeMux(),
		byPattern: map[string]*huma.Operation{}, compiler: jsonschema.NewCompiler(),
	}
	c.compiler.DefaultDraft(jsonschema.Draft2020)
	c.compiler.AssertFormat()
	for _, op := range c.operations {
		pattern := op.Method + " " + op.Path
		c.byPattern[pattern] = op
		c.routes.HandleFunc(pattern, http.NotFound)
	}
	return c, c.compiler.AddResource(documentURL, decoded)
})

func newConformance(t *testing.T) *conformance {
	t.Helper()
	c, err := describe()
	require.NoError(t, err)
	return c
}

func (c *conformance) operation(id string) *huma.Operation {
	for _, op := range c.operations {
		if op.OperationID == id {
			return op
		}
	}
	return &huma.Operation{}
}

// escape makes a step of a JSON pointer.
var escape = strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D", "+", "%2B")

// schema compiles the schema at a place of the document.
func (c *conformance) schema(t *testing.T, op *huma.Operation, steps ...string) *jsonschema.Schema {
	t.Helper()
	pointer := "#/paths/" + escape.Replace(op.Path) + "/" + strings.ToLower(op.Method)
	for _, s := range steps {
		pointer += "/" + escape.Replace(s)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	compiled, err := c.compiler.Compile(documentURL + pointer + "/schema")
	require.NoError(t, err)
	return compiled
}

// request checks that an example's body is what the document says it takes.
func (c *conformance) request(t *testing.T, op *huma.Operation, e manual.Example) {
	t.Helper()
	if e.Body == nil || e.Status == http.StatusUnprocessableEntity && e.Name == "broken" {
		return
	}
	text, err := json.Marshal(e.Body)
	require.NoError(t, err)
	body, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	require.NoError(t, c.schema(t, op, "requestBody", "content", "application/json").Validate(body))
}

// answer checks a response: its status is documented, and its body fits.
func (c *conformance) answer(t *testing.T, op *huma.Operation, status int, res answer) {
	t.Helper()
	response := op.Responses[strconv.Itoa(status)]
	require.NotNil(t, response, "%s does not say that it may answer %d", op.OperationID, status)
	media, _, _ := strings.Cut(res.Header.Get("Content-Type"), ";")
	if len(response.Content) == 0 {
		require.Empty(t, strings.TrimSpace(res.body))
		return
	}
	require.Contains(t, response.Content, media, "%s does not say that it answers %d as %s", op.OperationID, status, media)
	if !strings.HasSuffix(media, "json") || wordless[op.OperationID] {
		return
	}
	body, err := jsonschema.UnmarshalJSON(strings.NewReader(res.body))
	require.NoError(t, err)
	require.NoError(t, c.schema(t, op, "responses", strconv.Itoa(status), "content", media).Validate(body), res.body)
}

// met checks whatever a test was answered by a route of the document: a test
// that meets a code the document does not list fails and names it.
func (c *conformance) met(t *testing.T, r *http.Request, res answer) {
	t.Helper()
	_, pattern := c.routes.Handler(r)
	op := c.byPattern[pattern]
	if op == nil || !strings.HasPrefix(res.Header.Get("Content-Type"), "application/problem+json") {
		return
	}
	var p struct{ Code string }
	require.NoError(t, json.Unmarshal([]byte(res.body), &p))
	require.Contains(t, codes(op, res.StatusCode), any(p.Code),
		"%s refuses with %s (%d): add the code to refuses in api/manual/operations/%s.yaml", op.OperationID, p.Code, res.StatusCode, op.OperationID)
}

// codes are those a document lists for a status.
func codes(op *huma.Operation, status int) []any {
	response := op.Responses[strconv.Itoa(status)]
	if response == nil || response.Content["application/problem+json"] == nil {
		return nil
	}
	var out []any
	for _, s := range response.Content["application/problem+json"].Schema.AllOf {
		if code := s.Properties["code"]; code != nil {
			out = append(out, code.Enum...)
		}
	}
	return out
}
