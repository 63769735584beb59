package engine

import (
	"encoding/json"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"motcua/engine/calendar"
)

// maxText is the most characters a text may have where the field says nothing.
const maxText = 10_000

// asked lists the fields that an event takes: those it names or, for the
// start, all that no event names.
func (m *Machine) asked(event []string, start bool) []Field {
	return slices.DeleteFunc(slices.Clone(m.Fields), func(f Field) bool {
		if start {
			return m.askedLater(f.ID)
		}
		return !slices.Contains(event, f.ID)
	})
}

func (m *Machine) askedLater(field string) bool {
	return slices.ContainsFunc(m.States, func(s State) bool {
		return slices.ContainsFunc(s.On, func(t Transition) bool { return slices.Contains(t.Fields, field) })
	})
}

// checkFields holds the fields of a command against those its event takes. At
// a start every field of the procedure may come. An error names the field and
// never repeats its value, which may be personal.
func (d *decider) checkFields(asked []Field, start bool) error {
	foreseen := d.foreseen()
	for _, f := range asked {
		if d.Holds(f.Required, foreseen) && !f.Required.IsZero() && !slices.Contains(foreseen.Given, f.ID) {
			return badField(f.ID, "is required")
		}
	}
	for _, id := range slices.Sorted(maps.Keys(d.cmd.Fields)) {
		f, ok := d.guards.fields[id]
		switch {
		case !ok:
			return badField(id, "is not a field of the procedure")
		case !start && !slices.ContainsFunc(asked, func(a Field) bool { return a.ID == id }):
			return badField(id, "does not come with event "+d.cmd.Event)
		}
		if _, complaint := f.read(d.cmd.Fields[id]); complaint != "" {
			return badField(id, complaint)
		}
	}
	return nil
}

func badField(id, complaint string) error {
	return &Error{
		Code: CodeInvalid, Message: "field " + id + " " + complaint,
		Path: "/fields/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(id), // RFC 6901
	}
}

// foreseen is the case as it will be once the command's fields and papers are
// received.
func (d *decider) foreseen() Case {
	c := d.c
	given, fields := d.given()
	c.Components = union(c.Components, d.cmd.Components)
	return receiveFields(c, given, fields)
}

// given reads the fields of the command: the ids of those that have a value,
// sorted, and the canonical texts of those that conditions rest on.
func (d *decider) given() ([]string, map[string]string) {
	var ids []string
	texts := map[string]string{}
	for _, id := range slices.Sorted(maps.Keys(d.cmd.Fields)) {
		f, ok := d.guards.fields[id]
		text, complaint := f.read(d.cmd.Fields[id])
		if !ok || complaint != "" || text == "" {
			continue
		}
		ids = append(ids, id)
		if d.guards.uses(id) {
			texts[id] = text
		}
	}
	return ids, texts
}

// receiveFields adds what was given to a case; it changes no map it was given.
func receiveFields(c Case, given []string, fields map[string]string) Case {
	c.Given = union(c.Given, given)
	if len(fields) > 0 {
		all := make(map[string]string, len(c.Fields)+len(fields))
		maps.Copy(all, c.Fields)
		maps.Copy(all, fields)
		c.Fields = all
	}
	return c
}

// read turns a value, as JSON is decoded in Go, into its canonical text, or
// says what is wrong with it. Nothing and the empty text are no value.
func (f Field) read(value any) (text, complaint string) {
	if value == nil || value == "" {
		return "", ""
	}
	switch f.Type {
	case TypeBool:
		if b, ok := value.(bool); ok {
			return strconv.FormatBool(b), ""
		}
	case TypeInteger, TypeNumber:
		return f.readNumber(value)
	default:
		if s, ok := value.(string); ok {
			return f.readText(s)
		}
	}
	return "", "must be a " + f.Type
}

func (f Field) readText(s string) (string, string) {
	switch f.Type {
	case TypeDate:
		if _, err := calendar.ParseDate(s); err != nil {
			return "", "must be a date, as 2026-11-20"
		}
	case TypeChoice:
		if !slices.ContainsFunc(f.Choices, func(c Choice) bool { return c.ID == s }) {
			return "", "must be one of its choices"
		}
	default:
		return s, f.checkText(s)
	}
	return s, ""
}

func (f Field) checkText(s string) string {
	most, least := maxText, 0
	if f.Max != nil {
		most = *f.Max
	}
	if f.Min != nil {
		least = *f.Min
	}
	switch n := utf8.RuneCountInString(s); {
	case n > most:
		return "may not be longer than " + strconv.Itoa(most) + " characters"
	case n < least:
		return "may not be shorter than " + strconv.Itoa(least) + " characters"
	case f.Pattern != "":
		if whole, err := wholly(f.Pattern); err != nil || !whole.MatchString(s) {
			return "must be written as " + f.Pattern
		}
	}
	return ""
}

// wholly is a pattern that the whole text must match.
func wholly(pattern string) (*regexp.Regexp, error) {
	return regexp.Compile(`\A(?:` + pattern + `)\z`)
}

func (f Field) readNumber(value any) (string, string) {
	n, ok := number(value)
	switch {
	case !ok, f.Type == TypeInteger && n != math.Trunc(n):
		return "", "must be " + map[string]string{TypeInteger: "an integer", TypeNumber: "a number"}[f.Type]
	case f.Min != nil && n < float64(*f.Min):
		return "", "may not be less than " + strconv.Itoa(*f.Min)
	case f.Max != nil && n > float64(*f.Max):
		return "", "may not be more than " + strconv.Itoa(*f.Max)
	}
	return strconv.FormatFloat(n, 'f', -1, 64), ""
}

// number reads a number that a float64 holds exactly: beyond 2^53 it does not
// hold every whole number.
func number(value any) (float64, bool) {
	const exact = 1 << 53
	var n float64
	switch v := value.(type) {
	case int:
		n = float64(v)
	case int32:
		n = float64(v)
	case int64:
		n = float64(v)
	case float64:
		n = v
	case json.Number:
		parsed, err := v.Float64()
		if err != nil {
			return 0, false
		}
		n = parsed
	default:
		return 0, false
	}
	return n, math.Abs(n) <= exact
}
