package schema_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"motcua/definitions"
	"motcua/definitions/schema"
	"motcua/engine"
)

var (
	// formCodes are the findings about the form of a value: what a schema says.
	formCodes = []string{"empty", "unknown-key", "wrong-type", "value", "structure"}
	// beyond are the findings about how a text is written, which a schema, that
	// sees values only, cannot say.
	beyond = []string{"alias", "character", "documents", "duplicate-key", "encoding", "not-nfc", "syntax", "tag", "too-large"}
	// notation are the broken examples whose fault is the spelling of a value
	// that is right, or a key no JSON can have.
	notation = []string{"wrong-type-key.yaml", "wrong-type-number-notation.yaml"}
)

func compiled(t testing.TB) *jsonschema.Schema {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema.JSON()))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	require.NoError(t, c.AddResource("schema.json", document))
	s, err := c.Compile("schema.json")
	require.NoError(t, err)
	return s
}

func TestShippedDefinitionsAreAccepted(t *testing.T) {
	sources, err := definitions.Shipped()
	require.NoError(t, err)
	require.NotEmpty(t, sources)
	s := compiled(t)
	for _, source := range sources {
		require.NoError(t, s.Validate(value(t, source.Text)), source.File)
	}
}

// TestBrokenExamples holds the schema against every example the decoder and
// the compiler are held against.
func TestBrokenExamples(t *testing.T) {
	files, err := filepath.Glob("../testdata/broken/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	s := compiled(t)
	for _, file := range files {
		name := filepath.Base(file)
		if strings.HasPrefix(name, "organisation") {
			continue // another language
		}
		t.Run(strings.TrimSuffix(name, ".yaml"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			_, findings := definitions.Read(name, text)
			require.Equal(t, strings.HasPrefix(name, "unbound-"), len(findings) == 0, "only an agency objects to these")
			switch {
			case has(findings, beyond), slices.Contains(notation, name):
			case has(findings, formCodes):
				require.Error(t, s.Validate(value(t, text)), "the decoder says %s", findings)
			default:
				require.NoError(t, s.Validate(value(t, text)), "the form is right; the compiler says %s", findings)
			}
		})
	}
}

func has(findings engine.Findings, codes []string) bool {
	return slices.ContainsFunc(findings, func(f engine.Finding) bool { return slices.Contains(codes, f.Code) })
}

// value is a YAML text as an editor hands it to a schema.
func value(t testing.TB, text []byte) any {
	t.Helper()
	var document yaml.Node
	require.NoError(t, yaml.Unmarshal(text, &document))
	if len(document.Content) == 0 {
		return nil
	}
	v, err := plain(document.Content[0])
	require.NoError(t, err)
	return v
}

// plain is the value of a node by the core schema of YAML 1.2, in which a day
// is text.
func plain(n *yaml.Node) (any, error) {
	switch n.Kind {
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Kind != yaml.ScalarNode {
				return nil, fmt.Errorf("line %d: a key must be a word", n.Content[i].Line)
			}
			v, err := plain(n.Content[i+1])
			if err != nil {
				return nil, err
			}
			m[n.Content[i].Value] = v
		}
		return m, nil
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, item := range n.Content {
			v, err := plain(item)
			if err != nil {
				return nil, err
			}
			list[i] = v
		}
		return list, nil
	case yaml.ScalarNode:
		return scalar(n)
	default:
		return nil, fmt.Errorf("line %d: no JSON for it", n.Line)
	}
}

func scalar(n *yaml.Node) (any, error) {
	switch n.ShortTag() {
	case "!!null":
		return nil, nil
	case "!!bool":
		return strconv.ParseBool(strings.ToLower(n.Value))
	case "!!int", "!!float":
		var number any
		if err := n.Decode(&number); err != nil {
			return nil, err
		}
		written, err := json.Marshal(number)
		return json.Number(written), err
	default:
		return n.Value, nil
	}
}
