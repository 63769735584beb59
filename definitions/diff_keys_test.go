package definitions_test

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"motcua/definitions"
	"motcua/engine"
)

// whole is a definition in which every key says something, and every list has
// two items.
func whole() engine.Definition {
	var d engine.Definition
	fill(reflect.ValueOf(&d).Elem(), new(int))
	return d
}

var samples = map[string][2]string{
	"Duration": {"3wd", "5wh"}, "Date": {"2026-11-20", "2027-01-04"}, "TimeOfDay": {"15:00", "16:30"},
	"Percent": {"75%", "90%"}, "Quorum": {"2", "any"}, "Condition": {"a > 1", "b > 2"},
}

func fill(v reflect.Value, n *int) {
	*n++
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		set(u, samples[v.Type().Name()][0])
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fill(v.Index(i), n)
		}
	case reflect.String:
		v.SetString(fmt.Sprintf("x%d", *n))
	case reflect.Bool:
		v.SetBool(true)
	default:
		v.SetInt(int64(*n))
	}
}

func set(u encoding.TextUnmarshaler, text string) {
	if err := u.UnmarshalText([]byte(text)); err != nil {
		panic(err)
	}
}

// leaf is one value of a definition that can change by itself.
type leaf struct {
	path   string
	value  reflect.Value
	change func()
}

// leaves lists every value of a definition, every part that may be missing and
// every item of a list, each with a way to change it.
func leaves(v reflect.Value, path string) []leaf {
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return []leaf{{path, v, func() { set(u, samples[v.Type().Name()][1]) }}}
	}
	var out []leaf
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			key, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
			out = append(out, leaves(v.Field(i), path+"/"+key)...)
		}
	case reflect.Pointer:
		out = append(leaves(v.Elem(), path), leaf{path, v, v.SetZero})
	case reflect.Slice:
		out = []leaf{{path + "/0", v, func() { v.Set(v.Slice(1, 2)) }}, {path, v, func() { swap(v) }}}
		for i := range v.Len() {
			out = append(out, leaves(v.Index(i), fmt.Sprintf("%s/%d", path, i))...)
		}
	case reflect.String:
		out = []leaf{{path, v, func() { v.SetString("other") }}}
	case reflect.Bool:
		out = []leaf{{path, v, func() { v.SetBool(!v.Bool()) }}}
	default:
		out = []leaf{{path, v, func() { v.SetInt(v.Int() + 1) }}}
	}
	return out
}

func swap(v reflect.Value) {
	first := reflect.ValueOf(v.Index(0).Interface())
	v.Index(0).Set(v.Index(1))
	v.Index(1).Set(first)
}

func leavesOf(d *engine.Definition) []leaf { return leaves(reflect.ValueOf(d).Elem(), "") }

// TestDiffSeesEveryKey changes each value of a definition in which every key
// is said, one at a time, and takes each away: whatever the language learns to
// say, a comparison must learn to mention.
func TestDiffSeesEveryKey(t *testing.T) {
	def := whole()
	before := &engine.Machine{Definition: def}
	require.Empty(t, definitions.Diff(before, &engine.Machine{Definition: whole()}))
	all := leavesOf(&def)
	require.Greater(t, len(all), 300)
	for i := range all {
		for _, how := range []struct {
			name string
			do   func(leaf)
		}{{"changed", func(l leaf) { l.change() }}, {"zeroed", func(l leaf) { l.value.SetZero() }}} {
			other := whole()
			l := leavesOf(&other)[i]
			how.do(l)
			requireMentioned(t, how.name+" "+l.path, l.path, definitions.Diff(before, &engine.Machine{Definition: other}))
			requireMentioned(t, "un"+how.name+" "+l.path, l.path, definitions.Diff(&engine.Machine{Definition: other}, before))
		}
	}
}

// requireMentioned asks for a change at the path, at a part of it or at what
// it is called by.
func requireMentioned(t *testing.T, what, path string, changes []definitions.Change) {
	t.Helper()
	require.NotEmpty(t, changes, what)
	require.True(t, slices.ContainsFunc(changes, func(c definitions.Change) bool {
		return c.Path == path || strings.HasPrefix(path, c.Path+"/") || strings.HasPrefix(c.Path, path+"/")
	}), "%s is not mentioned in %v", what, changes)
	for _, c := range changes {
		require.NotEmpty(t, c.Path, what)
		require.Contains(t, []definitions.ChangeKind{definitions.Added, definitions.Removed, definitions.Changed}, c.Kind)
		require.Contains(t, []definitions.Weight{definitions.Substance, definitions.Wording}, c.Weight)
		require.NotEqual(t, c.Text.VI, c.Text.EN, what)
		for _, text := range []string{c.Text.VI, c.Text.EN} {
			require.NotEmpty(t, text, what)
			require.True(t, norm.NFC.IsNormalString(text), text)
			require.NotContains(t, text, "%!", what)
			require.NotContains(t, text, "  ", "a word is missing in %q of %s", text, what)
			require.NotRegexp(t, "^(bỏ|mới|removed|new)(:| ở | in )", text, "a word is missing")
		}
	}
}
