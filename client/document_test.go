package client

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"motcua/api"
	"motcua/api/manual"
)

// elsewhere are the routes about dossiers that the client leaves to others,
// and why. A new one has to be taken up by the client or named here.
var elsewhere = map[string]string{
	"count-dossiers": "a backend counts what it lists",
	"get-chain":      "for officers",
	"get-evidence":   "for auditors, who verify the bytes as they are",
	"get-time":       "for reports",
	"list-watches":   "for officers",
	"preview-event":  "for officers, before they act",
	"watch-dossier":  "for officers",
}

// TestClientIsTheDocument holds the client to the server's OpenAPI document:
// every route, parameter and property, in both directions.
func TestClientIsTheDocument(t *testing.T) {
	document, err := api.Document("test")
	require.NoError(t, err)
	described := map[string]*huma.Operation{}
	for _, op := range manual.Operations(document) {
		described[op.OperationID] = op
	}
	known := map[string]bool{}
	for _, o := range operations {
		t.Run(o.id, func(t *testing.T) {
			known[o.id] = true
			op := described[o.id]
			require.NotNil(t, op, "the server has no such operation")
			require.Equal(t, op.Method+" "+op.Path, o.method+" "+o.path)
			h := &holding{t: t, schemas: document.Components.Schemas.Map(), seen: map[string]bool{}}
			h.parameters(op, o)
			if op.RequestBody != nil {
				require.NotNil(t, o.body)
				h.hold("body", reflect.TypeOf(o.body), op.RequestBody.Content["application/json"].Schema)
			}
			for status, response := range op.Responses {
				if strings.HasPrefix(status, "2") {
					h.hold(status, reflect.TypeOf(o.answer), response.Content["application/json"].Schema)
				}
			}
			h.hold("problem", reflect.TypeFor[Problem](), &huma.Schema{Ref: "#/components/schemas/Problem"})
		})
	}
	for id, op := range described {
		if slices.Contains([]string{"dossiers", "evidence"}, op.Tags[0]) && op.Path != "" && !known[id] {
			assert.Contains(t, elsewhere, id, "operation %s %s: take it up in client/operation.go, or name it in elsewhere", op.Method, op.Path)
		}
	}
}

// holding compares Go types with schemas.
type holding struct {
	t       *testing.T
	schemas map[string]*huma.Schema
	seen    map[string]bool
}

func (h *holding) parameters(op *huma.Operation, o operation) {
	var said, sent []string
	for _, p := range op.Parameters {
		// A backend reads what it supplied, for which it names no purpose.
		if p.In == "query" && p.Name != "format" && p.Name != "lang" && p.Name != "purpose" {
			said = append(said, p.Name)
		}
	}
	if o.query != nil {
		for _, f := range reflect.VisibleFields(reflect.TypeOf(o.query)) {
			sent = append(sent, f.Tag.Get("query"))
		}
	}
	assert.ElementsMatch(h.t, said, sent, "query parameters of %s", o.id)
}

// hold compares a type with a schema, down to the leaves.
func (h *holding) hold(where string, is reflect.Type, schema *huma.Schema) {
	if name, ok := strings.CutPrefix(schema.Ref, "#/components/schemas/"); ok {
		schema = h.schemas[name]
		if h.seen[name+" "+is.String()] {
			return
		}
		h.seen[name+" "+is.String()] = true
	}
	for is.Kind() == reflect.Pointer {
		is = is.Elem()
	}
	if is == reflect.TypeFor[json.RawMessage]() {
		return // on purpose: left to whoever needs it
	}
	if is == reflect.TypeFor[time.Time]() {
		assert.Equal(h.t, "date-time", schema.Format, where)
		return
	}
	switch schema.Type {
	case huma.TypeString:
		assert.Equal(h.t, reflect.String, is.Kind(), where)
	case huma.TypeBoolean:
		assert.Equal(h.t, reflect.Bool, is.Kind(), where)
	case huma.TypeInteger:
		assert.Contains(h.t, []reflect.Kind{reflect.Int, reflect.Int64}, is.Kind(), where)
	case huma.TypeArray:
		if assert.Equal(h.t, reflect.Slice, is.Kind(), where) {
			h.hold(where+"[]", is.Elem(), schema.Items)
		}
	case huma.TypeObject:
		if values, open := schema.AdditionalProperties.(*huma.Schema); open || len(schema.Properties) == 0 {
			if assert.Equal(h.t, reflect.Map, is.Kind(), where) && open && values.Type != "" {
				h.hold(where+"{}", is.Elem(), values)
			}
			return
		}
		h.properties(where, is, schema)
	}
}

func (h *holding) properties(where string, is reflect.Type, schema *huma.Schema) {
	if !assert.Equal(h.t, reflect.Struct, is.Kind(), where) {
		return
	}
	fields := map[string]reflect.StructField{}
	for _, f := range reflect.VisibleFields(is) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
			fields[name] = f
		}
	}
	assert.ElementsMatch(h.t, slices.Collect(maps.Keys(schema.Properties)), slices.Collect(maps.Keys(fields)), "%s: properties of %s", where, is)
	for name, f := range fields {
		if p := schema.Properties[name]; p != nil {
			h.hold(where+"."+name, f.Type, p)
		}
	}
}
