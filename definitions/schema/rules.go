package schema

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"
)

// bind says the rules of a validate tag in the schema of a value of type t. A
// rule the grammar does not use yet is an error, so that it is not lost here.
func bind(s *jsonschema.Schema, t reflect.Type, tag string) error {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() == reflect.Int && worded(t) == nil { // the decoder reads 32 bits
		s.Minimum, s.Maximum = number(math.MinInt32), number(math.MaxInt32)
	}
	own, items, dives := strings.Cut(","+tag+",", ",dive,")
	rules := strings.FieldsFunc(own, func(r rune) bool { return r == ',' })
	for _, rule := range rules {
		name, param, _ := strings.Cut(rule, "=")
		if err := bindRule(s, t.Kind(), name, param); err != nil {
			return err
		}
	}
	if slices.Contains(rules, "omitempty") && len(s.Enum) > 0 { // "" is as good as nothing, but nobody should be offered it
		s.AnyOf, s.Enum = []*jsonschema.Schema{{Enum: s.Enum}, {MaxLength: ptr(0)}}, nil
	}
	if dives && t.Kind() == reflect.Slice && s.Items.Ref == "" {
		return bind(s.Items, t.Elem(), strings.Trim(items, ","))
	}
	return nil
}

func bindRule(s *jsonschema.Schema, kind reflect.Kind, name, param string) error {
	switch name {
	case "omitempty":
	case "required":
		if kind == reflect.String {
			textOf(s).MinLength = ptr(1)
		}
	case "oneof":
		for _, word := range strings.Fields(param) {
			s.Enum = append(s.Enum, word)
		}
	case "eq":
		s.Const, s.Minimum, s.Maximum = json.Number(param), "", ""
	case "min", "max":
		return bound(s, kind, name, param)
	default:
		return fmt.Errorf("no schema for the rule %q", name)
	}
	return nil
}

// bound limits a number, or the length of a text or list.
func bound(s *jsonschema.Schema, kind reflect.Kind, name, param string) error {
	n, err := strconv.ParseUint(param, 10, 31)
	if err != nil {
		return fmt.Errorf("no schema for the bound %q: %w", param, err)
	}
	low := name == "min"
	switch {
	case kind == reflect.Int && low:
		s.Minimum = number(int64(n))
	case kind == reflect.Int:
		s.Maximum = number(int64(n))
	case kind == reflect.String && low:
		textOf(s).MinLength = &n
	case kind == reflect.String:
		textOf(s).MaxLength = &n
	case kind == reflect.Slice && low:
		s.MinItems = &n
	case kind == reflect.Slice:
		s.MaxItems = &n
	default:
		return fmt.Errorf("no schema for a bound of a %s", kind)
	}
	return nil
}

// textOf is the alternative of s that is text, where it has several.
func textOf(s *jsonschema.Schema) *jsonschema.Schema {
	for _, a := range s.AnyOf {
		if a.Type == "string" {
			return a
		}
	}
	return s
}

// mustBeThere says whether a definition that leaves the field out breaks a
// rule, which is whether its zero value does.
func mustBeThere(f reflect.StructField) bool {
	if f.Type.Kind() == reflect.Struct && worded(f.Type) == nil {
		for inner := range f.Type.Fields() {
			if mustBeThere(inner) {
				return true
			}
		}
	}
	own, _, _ := strings.Cut(f.Tag.Get("validate"), "dive")
	for rule := range strings.SplitSeq(own, ",") {
		switch name, param, _ := strings.Cut(rule, "="); name {
		case "omitempty":
			return false
		case "required", "oneof":
			return true
		case "min", "eq":
			if param != "0" {
				return true
			}
		}
	}
	return false
}

func number(n int64) json.Number { return json.Number(strconv.FormatInt(n, 10)) }

func ptr(n uint64) *uint64 { return &n }
