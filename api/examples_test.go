package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"motcua/api/manual"
)

// worlds are those of the examples whose story the common one does not hold.
var worlds = map[string]func(*testing.T) *site{
	"diff-procedure-versions": newEditions,
	"export-catalogue":        importable,
	"import-catalogue":        importable,
}

// importable is a site without the version whose text is not a real one.
func importable(t *testing.T) *site {
	s := newSite(t)
	s.library.records = nil
	return s
}

// wordless are the operations whose request or answer no document can show:
// bytes, and the document itself.
var wordless = map[string]bool{"export-catalogue": true, "import-catalogue": true, "openapi-json": true, "openapi-yaml": true}

// volatile is what differs from run to run: invented ids, digests and traces.
var volatile = regexp.MustCompile(`\b[0-9a-f]{24,64}\b`)

// TestExamples runs every documented example on the real server over a world
// in memory: what it needs happens first, it is answered the status the
// document says, and the answer is the one written down (UPDATE=1 writes it)
// and fits its schema.
func TestExamples(t *testing.T) {
	book, err := manual.Load()
	require.NoError(t, err)
	check, ran := newConformance(t), 0
	for _, op := range check.operations {
		for _, e := range book.Operations[op.OperationID].Examples {
			ran++
			t.Run(op.OperationID+"/"+e.Name, func(t *testing.T) {
				set := func(t *testing.T) *site { return newSite(t) }
				if own := worlds[op.OperationID]; own != nil {
					set = own
				}
				told := &telling{site: set(t), t: t, book: book, check: check, done: map[string]answer{}}
				res := told.tell(op.OperationID + "/" + e.Name)
				check.request(t, op, e)
				check.answer(t, op, e.Status, res)
				if wordless[op.OperationID] {
					return
				}
				file := filepath.Join("manual", manual.AnswerFile(op.OperationID, e.Name))
				was, is := volatile.ReplaceAllString(string(e.Answer), "*"), volatile.ReplaceAllString(pretty(res.body), "*")
				switch {
				case os.Getenv("UPDATE") != "" && was != is:
					require.NoError(t, os.WriteFile(file, []byte(pretty(res.body)), 0o644))
				case !e.Loose:
					require.Equal(t, was, is, "UPDATE=1 writes %s anew", file)
				}
			})
		}
	}
	t.Logf("%d examples of %d operations ran", ran, len(check.operations))
}

// telling is one example with everything that has to happen before it.
type telling struct {
	*site
	t     *testing.T
	book  *manual.Manual
	check *conformance
	done  map[string]answer
}

// tell makes an example happen, once.
func (s *telling) tell(name string) answer {
	s.t.Helper()
	if res, done := s.done[name]; done {
		return res
	}
	operation, _, _ := strings.Cut(name, "/")
	e := s.book.Find(name)
	require.NotEmpty(s.t, e.Name, "no example %s", name)
	for _, before := range append(e.After, []string{e.File}...) {
		if before != "" {
			s.tell(before)
		}
	}
	if e.Later != "" {
		d, err := time.ParseDuration(e.Later)
		require.NoError(s.t, err)
		s.pass(d)
	}
	who := s.who(e.As)
	res := s.ask(operation, e, who)
	if e.Settles != "" {
		require.Eventually(s.t, func() bool { return res.json(s.t)[e.Settles] != "running" || s.again(operation, e, who, &res) }, 5*time.Second, time.Millisecond)
	}
	require.Equal(s.t, e.Status, res.StatusCode, "%s: %s", name, res.body)
	s.done[name] = res
	return res
}

func (s *telling) again(operation string, e manual.Example, who with, res *answer) bool {
	*res = s.ask(operation, e, who)
	return false
}

// who is the credential of somebody in an example.
func (s *telling) who(name string) with {
	s.t.Helper()
	switch name {
	case "nobody":
		return func(*http.Request) {}
	case "portal":
		return as(systemKey)
	case "elsewhere":
		return as(elsewhereKey)
	}
	return s.signedIn(name)
}

func (s *telling) ask(operation string, e manual.Example, who with) answer {
	s.t.Helper()
	op := s.check.operation(operation)
	path := op.Path
	for name, value := range e.Path {
		value = manual.Resolve(value, func(of string) []byte { return []byte(s.done[of].body) })
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value))
	}
	require.NotContains(s.t, path, "{", "a value for every place of the path")
	if len(e.Query) > 0 {
		values := url.Values{}
		for name, value := range e.Query {
			values.Set(name, value)
		}
		path += "?" + values.Encode()
	}
	var body []byte
	switch {
	case e.File != "":
		body = []byte(s.done[e.File].body)
	case e.Text != "":
		body = []byte(e.Text)
	case e.Body != nil:
		var err error
		body, err = json.Marshal(e.Body)
		require.NoError(s.t, err)
	}
	r := httptest.NewRequest(op.Method, "http://127.0.0.1:8080"+path, bytes.NewReader(body))
	if e.Body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range e.Headers {
		r.Header.Set(name, value)
	}
	return s.send(r, who)
}

// pretty is an answer as it is written down.
func pretty(body string) string {
	var out bytes.Buffer
	if json.Indent(&out, []byte(strings.TrimSpace(body)), "", "  ") != nil {
		return body
	}
	return out.String() + "\n"
}

// TestTheManualIsComplete names what a new route or property lacks.
func TestTheManualIsComplete(t *testing.T) {
	book, err := manual.Load()
	require.NoError(t, err)
	check := newConformance(t)
	tags, operations := map[string]bool{}, map[string]bool{}
	for _, tag := range check.document.Tags {
		assert.NotEmpty(t, tag.Description, "tag %s: say what it is in api/manual/tags.yaml", tag.Name)
		tags[tag.Name] = false
	}
	for _, op := range check.operations {
		file := "api/manual/operations/" + op.OperationID + ".yaml"
		operations[op.OperationID] = true
		assert.NotEmpty(t, op.Summary, "%s: give the operation a summary", op.OperationID)
		assert.NotEmpty(t, op.Description, "%s: write a description into %s", op.OperationID, file)
		assert.Contains(t, tags, op.Tags[0], "tag %s: list it in api/manual/tags.yaml", op.Tags[0])
		tags[op.Tags[0]] = true
		for _, p := range op.Parameters {
			assert.NotEmpty(t, p.Description, "%s: parameter %s: give it a doc tag, or a line in api/manual/parameters.yaml", op.OperationID, p.Name)
		}
		good := 0
		for _, e := range book.Operations[op.OperationID].Examples {
			assert.NotEmpty(t, e.Summary, "%s: example %s: say what it shows", op.OperationID, e.Name)
			if e.Status < http.StatusBadRequest {
				good++
			}
		}
		if !strings.HasPrefix(op.OperationID, "openapi-") {
			assert.NotZero(t, good, "%s: write an example into %s, then UPDATE=1 go test ./api -run TestExamples", op.OperationID, file)
		}
	}
	for name, used := range tags {
		assert.True(t, used, "tag %s has no operation: take it out of api/manual/tags.yaml", name)
	}
	for id := range book.Operations {
		assert.True(t, operations[id], "there is no operation %s any more: remove its file in api/manual/operations", id)
	}
	words(t, book, check)
}

// words holds the words for properties to the schemas: none missing, none left over.
func words(t *testing.T, book *manual.Manual, check *conformance) {
	t.Helper()
	used := map[string]bool{}
	var missing, idle []string
	for name, schema := range check.document.Components.Schemas.Map() {
		for property, s := range schema.Properties {
			if s.Description == "" {
				missing = append(missing, name+"."+property)
			}
			_, under := book.Schemas.Word(name, property)
			used[under+"."+property] = true
		}
	}
	for schema, properties := range book.Schemas.Properties {
		for property := range properties {
			if !used[schema+"."+property] {
				idle = append(idle, schema+"."+property)
			}
		}
	}
	slices.Sort(missing)
	slices.Sort(idle)
	assert.Empty(t, missing, "say what these properties are, by a doc tag or a line in api/manual/schemas.yaml")
	assert.Empty(t, idle, "these are no properties any more: take them out of api/manual/schemas.yaml")
}

// TestAnswersAreOfExamples finds answers whose example is gone.
func TestAnswersAreOfExamples(t *testing.T) {
	book, err := manual.Load()
	require.NoError(t, err)
	known := map[string]bool{}
	for id, op := range book.Operations {
		for _, e := range op.Examples {
			known[filepath.Base(manual.AnswerFile(id, e.Name))] = true
		}
	}
	entries, err := os.ReadDir("manual/answers")
	require.NoError(t, err)
	for _, e := range entries {
		require.True(t, known[e.Name()], "manual/answers/%s belongs to no example", e.Name())
	}
}
