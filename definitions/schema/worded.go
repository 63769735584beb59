package schema

import (
	"reflect"

	"github.com/invopop/jsonschema"

	"motcua/engine"
	"motcua/engine/calendar"
)

// worded is the schema of a type that reads its own text, in exactly the
// spellings it reads; nil for every other type.
func worded(t reflect.Type) *jsonschema.Schema {
	switch t {
	case reflect.TypeFor[calendar.Duration]():
		return &jsonschema.Schema{Type: "string", Pattern: durationForm, Examples: []any{"3wd", "8wh", "30wm", "15d"}}
	case reflect.TypeFor[calendar.Date]():
		return &jsonschema.Schema{
			Type: "string", Format: "date", Pattern: dateForm,
			Not: &jsonschema.Schema{Pattern: "^0000"}, Examples: []any{"2026-12-01"},
		}
	case reflect.TypeFor[calendar.TimeOfDay]():
		return &jsonschema.Schema{Type: "string", Pattern: timeOfDayForm, Examples: []any{"15:00"}}
	case reflect.TypeFor[engine.Percent]():
		return &jsonschema.Schema{Type: "string", Pattern: `^\+?0*(?:[1-9][0-9]?|100)%$`, Examples: []any{"75%", "100%"}}
	case reflect.TypeFor[engine.Condition]():
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "boolean"}, {Type: "string", MinLength: ptr(1)}}}
	case reflect.TypeFor[engine.Quorum]():
		return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{
			{Enum: []any{"all", "any"}},
			{Type: "integer", Minimum: "1", Maximum: "100"},
			{Type: "string", Pattern: `^\+?0*(?:[1-9][0-9]?|100)$`},
		}}
	}
	return nil
}

// Patterns in the common part of RE2 and ECMA-262.
const (
	// A whole number up to calendar.MaxDurationValue and a unit.
	durationForm  = `^0*(?:[0-9]{1,6}|1000000)(?:s|m|h|d|mo|wm|wh|wd)$`
	timeOfDayForm = `^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)$`

	// An existing day: months of 31, of 30 and of 28 days, and the leap days.
	dateForm = `^(?:[0-9]{4}-(?:` + longMonth + `|` + shortMonth + `|` + february + `)|` + leapYear + `-02-29)$`

	longMonth  = `(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])`
	shortMonth = `(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)`
	february   = `02-(?:0[1-9]|1[0-9]|2[0-8])`
	leapYear   = `(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)`
)
