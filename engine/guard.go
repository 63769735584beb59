package engine

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"cel.dev/cel-go/cel"
)

// Bounds of an expression. The cost is that of one evaluation, in CEL's own
// units: a comparison costs about 1, so a guard of a procedure costs some 10.
const (
	maxExpression = 1000 // characters
	maxNesting    = 30
	maxCost       = 10_000
)

// What an expression may name beside the fields of the procedure.
const (
	varChannel    = "channel"    // how the dossier came in
	varAgency     = "agency"     // code of the agency
	varVariant    = "variant"    // id of the variant; "" before one is settled, or if none is
	varComponents = "components" // ids of the papers handed in
	varGiven      = "given"      // ids of the fields given
	varOpinions   = "opinions"   // result of the last round of each consultation: open, agreed, refused
	varLinks      = "links"      // outcome of the last linked dossier of each link: open, resolved, refused, withdrawn, stopped
)

// expression is a compiled condition.
type expression struct {
	program cel.Program
	names   []string // the variables it rests on, sorted
}

// guards are the compiled conditions of a definition, by their text.
type guards struct {
	expressions map[Condition]expression // looked up, never ranged over
	fields      map[string]Field         // those a condition may name; looked up only
}

// language is CEL with the variables every procedure has.
var language = sync.OnceValues(func() (*cel.Env, error) {
	texts := cel.ListType(cel.StringType)
	return cel.NewEnv(
		cel.ParserExpressionSizeLimit(maxExpression), cel.ParserRecursionLimit(maxNesting),
		cel.Variable(varChannel, cel.StringType), cel.Variable(varAgency, cel.StringType), cel.Variable(varVariant, cel.StringType),
		cel.Variable(varComponents, texts), cel.Variable(varGiven, texts),
		cel.Variable(varOpinions, cel.MapType(cel.StringType, cel.StringType)),
		cel.Variable(varLinks, cel.MapType(cel.StringType, cel.StringType)),
	)
})

// reserved lists the names a field cannot have.
func reserved() []string {
	return []string{varChannel, varAgency, varVariant, varComponents, varGiven, varOpinions, varLinks}
}

// celType is the type of a field in expressions. A date is text, "2026-11-20":
// its order is that of the days.
func celType(f Field) *cel.Type {
	switch f.Type {
	case TypeBool:
		return cel.BoolType
	case TypeInteger:
		return cel.IntType
	case TypeNumber:
		return cel.DoubleType
	}
	return cel.StringType
}

// newGuards makes room for the conditions of a definition.
func newGuards(def Definition) guards {
	g := guards{expressions: map[Condition]expression{}, fields: make(map[string]Field, len(def.Fields))}
	for _, f := range def.Fields {
		g.fields[f.ID] = f
	}
	return g
}

// environment is the language with the fields of the definition.
func environment(fields []Field) (*cel.Env, error) {
	env, err := language()
	if err != nil {
		return nil, err
	}
	var vars []cel.EnvOption
	for _, f := range fields {
		if !strings.Contains(f.ID, "-") && !slices.Contains(reserved(), f.ID) { // a hyphen would be a minus
			vars = append(vars, cel.Variable(f.ID, celType(f)))
		}
	}
	return env.Extend(vars...)
}

// misread says where and why an expression cannot be understood. What the
// library says of it is in English.
type misread struct{ en, vi string }

// add compiles a condition, or says what is wrong with it.
func (g guards) add(env *cel.Env, c Condition) *misread {
	if _, known := g.expressions[c]; known || !c.Expression() {
		return nil
	}
	checked, issues := env.Compile(string(c))
	if issues.Err() != nil {
		first := issues.Errors()[0]
		at, why := first.Location.Column()+1, strings.TrimSuffix(first.Message, " (in container '')")
		return &misread{en: fmt.Sprintf("character %d: %s", at, why), vi: fmt.Sprintf("ký tự thứ %d: %s", at, why)}
	}
	if t := checked.OutputType(); t != cel.BoolType {
		return &misread{en: fmt.Sprintf("it gives %s, not true or false", t), vi: fmt.Sprintf("kết quả có kiểu %s, không phải đúng hoặc sai", t)}
	}
	program, err := env.Program(checked, cel.CostLimit(maxCost))
	if err != nil {
		return &misread{en: err.Error(), vi: err.Error()}
	}
	g.expressions[c] = expression{program: program, names: namesIn(checked)}
	return nil
}

// namesIn lists the variables of an expression.
func namesIn(checked *cel.Ast) []string {
	var names []string
	for _, ref := range checked.NativeRep().ReferenceMap() { // sorted below
		if ref.Name != "" && len(ref.OverloadIDs) == 0 {
			names = append(names, ref.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// uses says whether a condition rests on the field, so that its value belongs
// to the record.
func (g guards) uses(field string) bool {
	for _, e := range g.expressions { // any order gives the same answer
		if slices.Contains(e.names, field) {
			return true
		}
	}
	return false
}

// Holds evaluates a condition on a case. One that was not said holds. One that
// cannot be evaluated (a division by zero, a cost beyond the bound) does not.
func (m *Machine) Holds(c Condition, of Case) bool {
	if !c.Expression() {
		return c != Never
	}
	e, ok := m.guards.expressions[c]
	if !ok {
		return false
	}
	result, _, err := e.program.Eval(m.guards.activation(e.names, of))
	return err == nil && result.Value() == true
}

// activation gives the variables of an expression their values. A field that
// was not given has the zero value of its type; given tells the difference.
func (g guards) activation(names []string, c Case) map[string]any {
	vars := make(map[string]any, len(names))
	for _, name := range names {
		switch name {
		case varChannel:
			vars[name] = c.Channel
		case varAgency:
			vars[name] = c.Agency
		case varVariant:
			vars[name] = c.Variant
		case varComponents:
			vars[name] = c.Components
		case varGiven:
			vars[name] = c.Given
		case varOpinions:
			vars[name] = opinions(c)
		case varLinks:
			vars[name] = linkOutcomes(c)
		default:
			vars[name] = valueOf(g.fields[name], c.Fields[name])
		}
	}
	return vars
}

// opinions is the result of the last round of each consultation.
func opinions(c Case) map[string]string {
	out := make(map[string]string, len(c.Consulted))
	for _, round := range c.Consulted {
		out[round.Consultation] = round.Result
		if round.Result == "" {
			out[round.Consultation] = "open"
		}
	}
	return out
}

// linkOutcomes is the outcome of the last linked dossier of each link. One that a
// rung opened belongs to no link.
func linkOutcomes(c Case) map[string]string {
	out := make(map[string]string, len(c.Linked))
	for _, part := range c.Linked {
		if part.Link != "" {
			out[part.Link] = cmp.Or(part.Outcome, "open")
		}
	}
	return out
}

// valueOf reads the canonical text of a field.
func valueOf(f Field, text string) any {
	switch f.Type {
	case TypeBool:
		return text == "true"
	case TypeInteger:
		n, _ := strconv.ParseInt(text, 10, 64) // canonical, or empty
		return n
	case TypeNumber:
		n, _ := strconv.ParseFloat(text, 64)
		return n
	}
	return text
}
