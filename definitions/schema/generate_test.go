package schema

import (
	"flag"
	"os"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

var update = flag.Bool("update", false, "write schema.json anew")

func TestCommitted(t *testing.T) {
	got, err := Generate()
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile("schema.json", got, 0o644))
	}
	want, err := os.ReadFile("schema.json")
	require.NoError(t, err)
	require.Equal(t, string(want), string(got), "go generate ./definitions/schema, then look at the difference")
	if !*update { // what is embedded was read before
		require.Equal(t, string(want), string(JSON()))
	}
}

func TestJSONIsTheCallersOwn(t *testing.T) {
	JSON()[0] = 'x'
	require.Equal(t, byte('{'), JSON()[0])
}

// TestHelpIsAboutTheGrammar finds help for keys that are no more; Generate
// refuses keys without help.
func TestHelpIsAboutTheGrammar(t *testing.T) {
	known := map[string]bool{}
	var walk func(t reflect.Type)
	walk = func(t reflect.Type) {
		switch {
		case t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice:
			walk(t.Elem())
		case t.Kind() == reflect.Struct && worded(t) == nil:
			for f := range t.Fields() {
				known[t.Name()+"."+keyOf(f)] = true
				walk(f.Type)
			}
		}
	}
	walk(reflect.TypeFor[engine.Definition]())
	for place := range help {
		require.True(t, known[place], "help for %s, which the grammar does not have", place)
	}
}
