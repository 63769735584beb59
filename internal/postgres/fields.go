package postgres

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strings"

	"motcua/engine"
	"motcua/engine/calendar"
)

// checkFields holds the fields of a start against the definition's. The error
// names the field and never repeats its value, which may be personal.
func checkFields(declared []engine.Field, given map[string]any) error {
	for _, f := range declared {
		value, ok := given[f.ID]
		switch {
		case !ok || value == nil || value == "":
			if f.Required {
				return invalidField(f.ID, "is required")
			}
		case !fits(f.Type, value):
			return invalidField(f.ID, "must be a "+f.Type)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(given)) {
		if !slices.ContainsFunc(declared, func(f engine.Field) bool { return f.ID == id }) {
			return invalidField(id, "is not a field of the procedure")
		}
	}
	return nil
}

func invalidField(id, complaint string) error {
	return &engine.Error{
		Code: engine.CodeInvalid, Message: "field " + id + " " + complaint,
		Path: "/fields/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(id), // RFC 6901
	}
}

// fits says whether a value, as JSON is decoded in Go, is of a field's type.
func fits(kind string, value any) bool {
	switch kind {
	case "string":
		_, ok := value.(string)
		return ok
	case "bool":
		_, ok := value.(bool)
		return ok
	case "integer":
		return integer(value)
	case "date":
		text, ok := value.(string)
		if !ok {
			return false
		}
		_, err := calendar.ParseDate(text)
		return err == nil
	}
	return false
}

func integer(value any) bool {
	const exact = 1 << 53 // beyond it a float64 does not hold every whole number
	switch n := value.(type) {
	case int, int32, int64:
		return true
	case float64:
		return n == math.Trunc(n) && math.Abs(n) <= exact
	case json.Number:
		_, err := n.Int64()
		return err == nil
	}
	return false
}
