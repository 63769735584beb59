package api_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// released is the document of the last release; see CONTRIBUTING.md for when
// it is replaced.
const released = "testdata/openapi-v1.json"

func decodeDocument(t *testing.T, text []byte) object {
	t.Helper()
	var out object
	require.NoError(t, json.Unmarshal(text, &out))
	return out
}

func current(t *testing.T) object {
	t.Helper()
	text, err := json.Marshal(newConformance(t).document)
	require.NoError(t, err)
	return decodeDocument(t, text)
}

func lastReleased(t *testing.T) object {
	t.Helper()
	text, err := os.ReadFile(released)
	require.NoError(t, err)
	return decodeDocument(t, text)
}

// TestCompatible keeps the promise of /api/v1: a client written for the last
// release goes on working. Additions pass.
func TestCompatible(t *testing.T) {
	for _, broken := range breaks(lastReleased(t), current(t)) {
		t.Error(broken)
	}
}

// TestBreaksAreFound plants each kind of break in the current document and
// expects it to be named; what is only added is none.
func TestBreaksAreFound(t *testing.T) {
	start := func(d object) object { return d.at("paths", "/api/v1/dossiers", "post") }
	schema := func(d object, name string) object { return d.at("components", "schemas", name) }
	for name, c := range map[string]struct {
		plant func(object)
		says  string
	}{
		"a route is gone":  {func(d object) { delete(d.at("paths"), "/api/v1/dossiers/{code}/facts") }, "GET /api/v1/dossiers/{code}/facts: the route is gone"},
		"a method is gone": {func(d object) { delete(d.at("paths", "/api/v1/dossiers"), "post") }, "POST /api/v1/dossiers: the route is gone"},
		"a parameter":      {func(d object) { d.at("paths", "/api/v1/dossiers", "get")["parameters"] = []any{} }, "query parameter limit: it is gone"},
		"a new obligation": {func(d object) { start(d).list("parameters")[0].(map[string]any)["required"] = true }, "header parameter Idempotency-Key: it is required now"},
		"a shorter value": {func(d object) {
			object(start(d).list("parameters")[0].(map[string]any)).at("schema")["maxLength"] = 10.0
		}, "maxLength was 200 and is 10"},
		"a status":             {func(d object) { delete(start(d).at("responses"), "201") }, "answer 201: it is gone"},
		"a media type":         {func(d object) { delete(start(d).at("requestBody", "content"), "application/json") }, "body as application/json: it is not taken any more"},
		"what a body needs":    {func(d object) { s := schema(d, "StartBody"); s["required"] = append(s.list("required"), "comment") }, "body.comment: it is required now"},
		"what a body takes":    {func(d object) { delete(schema(d, "StartBody").at("properties"), "fields") }, "body.fields: it is gone"},
		"a choice of a body":   {func(d object) { schema(d, "StartBody").at("properties", "channel")["enum"] = []any{"direct", "online"} }, "body.channel: post is no choice any more"},
		"a closed choice":      {func(d object) { schema(d, "EventBody").at("properties", "event")["enum"] = []any{"accept"} }, "body.event: only some values are taken now"},
		"a type":               {func(d object) { schema(d, "StartBody").at("properties", "procedure")["type"] = "integer" }, "body.procedure: its type was string and is integer"},
		"an answer's type":     {func(d object) { schema(d, "Answer").at("properties", "seq")["type"] = "string" }, "201.seq: its type was integer and is string"},
		"an answer's part":     {func(d object) { delete(schema(d, "Answer").at("properties"), "permitted") }, "201.permitted: it is gone"},
		"a part that may lack": {func(d object) { schema(d, "Answer")["required"] = []any{"code"} }, "201.state: it may be absent now"},
		"a value of an answer": {func(d object) { schema(d, "SlipResult").at("properties", "result")["enum"] = []any{"done"} }, "results[].result: refused is no choice any more"},
		"another format":       {func(d object) { schema(d, "Answer").at("properties", "due_at")["format"] = "date" }, "201.due_at: its format was date-time and is date"},
	} {
		t.Run(name, func(t *testing.T) {
			planted := current(t)
			c.plant(planted)
			require.Contains(t, strings.Join(breaks(current(t), planted), "\n"), c.says)
		})
	}
	t.Run("additions pass", func(t *testing.T) {
		more := current(t)
		more.at("paths")["/api/v1/new"] = map[string]any{"get": map[string]any{}}
		schema(more, "StartBody").at("properties")["priority"] = map[string]any{"type": "string"}
		schema(more, "Answer").at("properties")["priority"] = map[string]any{"type": "string"}
		channel := schema(more, "StartBody").at("properties", "channel")
		channel["enum"] = append(channel.list("enum"), "kiosk")
		start(more)["parameters"] = append(start(more).list("parameters"), map[string]any{"name": "dry", "in": "query", "schema": map[string]any{"type": "boolean"}})
		require.Empty(t, breaks(current(t), more))
	})
}
