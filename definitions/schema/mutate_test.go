package schema_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"motcua/definitions"
	"motcua/definitions/schema"
)

// TestEveryKeyStandsInTheExample keeps the example that is mutated below whole.
func TestEveryKeyStandsInTheExample(t *testing.T) {
	var s struct {
		Properties map[string]any
		Defs       map[string]struct{ Properties map[string]any } `json:"$defs"`
	}
	require.NoError(t, json.Unmarshal(schema.JSON(), &s))
	want := slices.Collect(maps.Keys(s.Properties))
	for _, def := range s.Defs {
		want = slices.AppendSeq(want, maps.Keys(def.Properties))
	}
	got := map[string]bool{}
	eachPlace(example(t), "", func(p place) { got[p.key] = true })
	for _, key := range want {
		require.True(t, got[key], "testdata/every-key.yaml does not use %s", key)
	}
}

// TestSchemaAgreesWithTheDecoder changes one place of a definition into
// something else and asks both.
func TestSchemaAgreesWithTheDecoder(t *testing.T) {
	s := compiled(t)
	agree := func(name string, documents []any) {
		t.Run(name, func(t *testing.T) {
			for _, d := range documents {
				require.NoError(t, s.Validate(d))
			}
			rapid.Check(t, func(t *rapid.T) {
				document := rapid.SampledFrom(documents).Draw(t, "document")
				for range 3 {
					requireAgreement(t, s, mutated(t, document))
				}
			})
		})
	}
	sources, err := definitions.Shipped()
	require.NoError(t, err)
	var documents []any
	for _, source := range sources {
		documents = append(documents, value(t, source.Text))
	}
	agree("every key", []any{example(t)})
	agree("shipped", documents)
}

// TestANumberIsNoCondition is the one place where both refuse, each in its own
// way: the decoder takes the number for an expression, which the compiler then
// refuses because it is neither true nor false; the schema refuses its type.
func TestANumberIsNoCondition(t *testing.T) {
	text, err := os.ReadFile("../procedures/2.000908.yaml")
	require.NoError(t, err)
	for _, number := range []string{"7", "0", "1.5"} {
		changed := strings.Replace(string(text), "required: true", "required: "+number, 1)
		require.NotEqual(t, string(text), changed)
		require.Error(t, compiled(t).Validate(value(t, []byte(changed))))
		_, findings := definitions.Read("number.yaml", []byte(changed))
		require.True(t, has(findings, []string{"condition"}), findings)
	}
}

func requireAgreement(t *rapid.T, s *jsonschema.Schema, text []byte) {
	document, err := numbered(text)
	require.NoError(t, err)
	refused := s.Validate(document)
	_, findings := definitions.Read("mutated.json", text)
	if has(findings, beyond) {
		t.Fatalf("the mutation is no JSON the decoder reads: %s", findings)
	}
	if has(findings, formCodes) != (refused != nil) {
		t.Fatalf("the decoder says %v\nthe schema says %v", findings, refused)
	}
}

func example(t testing.TB) any {
	t.Helper()
	text, err := os.ReadFile("testdata/every-key.yaml")
	require.NoError(t, err)
	return value(t, text)
}

// place is one value of a document, with the way to put another there.
type place struct {
	key    string // the nearest one
	value  any
	set    func(any)
	remove func()
}

func eachPlace(v any, key string, do func(place)) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			do(place{k, v[k], func(n any) { v[k] = n }, func() { delete(v, k) }})
			eachPlace(v[k], k, do)
		}
	case []any:
		for i := range v {
			do(place{key, v[i], func(n any) { v[i] = n }, nil})
			eachPlace(v[i], key, do)
		}
	}
}

// mutated is the document as JSON, changed in one place.
func mutated(t *rapid.T, document any) []byte {
	copied, err := numbered(written(t, document))
	require.NoError(t, err)
	var places []place
	eachPlace(copied, "", func(p place) { places = append(places, p) })
	p := rapid.SampledFrom(places).Draw(t, "place")
	switch how := rapid.IntRange(0, 5).Draw(t, "how"); {
	case how == 0 && p.remove != nil:
		p.remove()
	case how == 1 && isObject(p.value):
		key := rapid.SampledFrom([]string{"nope", "", "vi", "id", "when", "x-note", "$schema"}).Draw(t, "another key")
		p.value.(map[string]any)[key] = anything(key).Draw(t, "value")
	case how == 2 && isList(p.value):
		list := p.value.([]any)
		p.set(slices.Repeat(list, rapid.SampledFrom([]int{0, 2, 11, 60, 201}).Draw(t, "times")))
	default:
		p.set(anything(p.key).Draw(t, "value"))
	}
	return written(t, copied)
}

func isObject(v any) bool { _, ok := v.(map[string]any); return ok }
func isList(v any) bool   { _, ok := v.([]any); return ok }

// anything is a value of any type, often one that would be right elsewhere.
//
// A number where a condition belongs is left out: see TestANumberIsNoCondition.
func anything(key string) *rapid.Generator[any] {
	values := []*rapid.Generator[any]{
		anyOf("", "x", "true", "all", "any", "0", "1", "03", "+7", "100", "101", "-1", "1.0", "1.5", "suspended", "running", "next-working-day",
			"string", "officer", "agree", "step", "due-soon", "commune", "internal", "resolved", "components-complete", "required", "renew", "public"),
		anyOf("3wd", "0wd", "1000000s", "1000001s", "0001000000mo", "00000000", "3 wd", "wd", "-3d", "3WD", "3w", "3", "1.5h", "3wdx", "3d\n"),
		anyOf("75%", "0%", "100%", "101%", "+7%", "007%", "75", "-5%", "7.5%", "%", " 7%"),
		anyOf("00:00", "24:00", "24:01", "23:59", "7:30", "07:60", "15:00:00", "15:0", "+1:00"),
		dates(),
		lengths(),
		anyOf(nil, true, false, []any{}, map[string]any{}, []any{nil}, []any{"x"}, []any{map[string]any{}},
			map[string]any{"vi": "Thử"}, map[string]any{"vi": ""}, map[string]any{"nope": 1}),
	}
	if key != "required" && key != "when" {
		values = append(values, anyOf(0, 1, -1, 10, 11, 100, 101, 100000, 100001, 1<<31-1, 1<<31, -1<<31, -1<<31-1, 1.5, 1e21, -0.25))
	}
	return rapid.OneOf(values...)
}

func anyOf(values ...any) *rapid.Generator[any] { return rapid.SampledFrom(values) }

func dates() *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		digits := func(s string) string { return rapid.StringMatching(s).Draw(t, "digits") }
		year := rapid.OneOf(rapid.SampledFrom([]string{"0000", "0001", "1900", "2000", "2024", "2026", "2100", "9999", "0004"}), rapid.StringMatching(`[0-9]{3,5}`)).Draw(t, "year")
		return year + "-" + digits(`(0[0-9]|1[0-3]|02|2)`) + "-" + digits(`([0-2][0-9]|3[0-2]|28|29|30|31)`)
	})
}

// lengths are texts around the bounds of the grammar, in characters.
func lengths() *rapid.Generator[any] {
	return rapid.Custom(func(t *rapid.T) any {
		n := rapid.SampledFrom([]int{20, 64, 100, 200, 500, 1000}).Draw(t, "length") + rapid.IntRange(0, 1).Draw(t, "more")
		return strings.Repeat(rapid.SampledFrom([]string{"a", "ạ", "𝄞"}).Draw(t, "character"), n)
	})
}

// fataler is what both kinds of test offer.
type fataler interface {
	Errorf(format string, args ...any)
	FailNow()
}

func written(t fataler, v any) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	require.NoError(t, enc.Encode(v))
	return out.Bytes()
}

// numbered reads JSON with its numbers as they are written.
func numbered(text []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var v any
	err := dec.Decode(&v)
	return v, err
}
