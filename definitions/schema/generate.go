package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/invopop/jsonschema"

	"motcua/engine"
)

// Generate derives the schema from the types of the engine: keys from their
// yaml tags, bounds from their validate tags, words from the table of help. The
// same types always give the same bytes. Errors: a property without help, a
// validate tag a schema cannot say.
func Generate() ([]byte, error) {
	root := reflect.TypeFor[engine.Definition]()
	reflector := jsonschema.Reflector{
		Anonymous:                  true, // no address of ours answers yet
		ExpandedStruct:             true,
		FieldNameTag:               "yaml",
		Mapper:                     worded,
		RequiredFromJSONSchemaTags: true, // the validate tags say it
	}
	s := reflector.ReflectFromType(root)
	s.Title = "motcua procedure definition"
	s.Description = "One version of an administrative procedure (thủ tục hành chính), see docs/writing-a-procedure.md."
	g := generator{defs: s.Definitions, done: map[reflect.Type]bool{}}
	if err := g.object(s, root); err != nil {
		return nil, err
	}
	return indented(s)
}

func indented(s *jsonschema.Schema) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(s); err != nil {
		return nil, fmt.Errorf("write the schema: %w", err)
	}
	return out.Bytes(), nil
}

// generator adds to the objects of a schema what the library does not read
// from their types.
type generator struct {
	defs jsonschema.Definitions
	done map[reflect.Type]bool
}

// object completes the schema s of the struct type t and of all below it.
func (g *generator) object(s *jsonschema.Schema, t reflect.Type) error {
	if g.done[t] {
		return nil
	}
	g.done[t] = true
	for f := range t.Fields() {
		key := keyOf(f)
		place := t.Name() + "." + key
		property, ok := s.Properties.Get(key)
		if !ok {
			return fmt.Errorf("schema of %s: the library left it out", place)
		}
		if property.Description = help[place]; property.Description == "" {
			return fmt.Errorf("schema of %s: no help is written for it", place)
		}
		if err := bind(property, f.Type, f.Tag.Get("validate")); err != nil {
			return fmt.Errorf("schema of %s: %w", place, err)
		}
		if mustBeThere(f) {
			s.Required = append(s.Required, key)
		}
		if err := g.below(f.Type); err != nil {
			return err
		}
	}
	return nil
}

// below completes the struct a field leads to, if it leads to one.
func (g *generator) below(t reflect.Type) error {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || worded(t) != nil {
		return nil
	}
	return g.object(g.defs[t.Name()], t)
}

func keyOf(f reflect.StructField) string {
	key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	return key
}
