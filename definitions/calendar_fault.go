package definitions

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"motcua/engine"
	"motcua/engine/calendar"
)

// CalendarFault is one thing wrong with the text of a calendar.
type CalendarFault struct {
	File         string
	Line, Column int
	Text         string
}

// Error writes the fault as compilers do: file:line:column: what.
func (f CalendarFault) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Text)
}

func calendarFault(file string, line, column int, text string) error {
	return CalendarFault{File: file, Line: max(line, 1), Column: max(column, 1), Text: text}
}

// CalendarFindings are the faults in an error of [DecodeCalendar] or [ReadCalendar]; nil when it has none.
func CalendarFindings(err error) engine.Findings {
	var many interface{ Unwrap() []error }
	var one CalendarFault
	var findings engine.Findings
	switch {
	case errors.As(err, &many):
		for _, err := range many.Unwrap() {
			findings = append(findings, CalendarFindings(err)...)
		}
	case errors.As(err, &one):
		findings = engine.Findings{{
			File: one.File, Line: one.Line, Column: one.Column, Code: "calendar",
			Message: one.Text, MessageVI: one.Text, Severity: engine.SeverityError,
		}}
	}
	return findings
}

// calendarSyntaxError gives the faults the YAML reader found their place.
func calendarSyntaxError(file string, err error) error {
	var many *yaml.LoadErrors
	var one *yaml.LoadError
	switch {
	case errors.As(err, &many):
		lines := make([]error, 0, len(many.Errors))
		for _, fault := range many.Errors {
			lines = append(lines, calendarLoadFault(file, fault))
		}
		return errors.Join(lines...)
	case errors.As(err, &one):
		return calendarLoadFault(file, one)
	default:
		return calendarFault(file, 1, 1, err.Error())
	}
}

func calendarLoadFault(file string, fault *yaml.LoadError) error {
	message := fault.Message
	if message == "" && fault.Unwrap() != nil {
		message = fault.Unwrap().Error()
	}
	message = strings.Join(strings.Fields(message), " ") // it may quote a text of several lines
	return calendarFault(file, fault.Mark.Line, fault.Mark.Column, message)
}

// calendarPlaceError gives the faults the calendar itself found their place in the file.
func calendarPlaceError(file string, data []byte, err error) error {
	var problems calendar.Problems
	var document yaml.Node
	if !errors.As(err, &problems) || yaml.Load(data, &document) != nil {
		return calendarFault(file, 1, 1, err.Error())
	}
	lines := make([]error, 0, len(problems))
	for _, problem := range problems {
		node := calendarNode(&document, problem.Place)
		lines = append(lines, calendarFault(file, node.Line, node.Column, problem.Place+": "+problem.Text))
	}
	return errors.Join(lines...)
}

// calendarNode is the node at a place such as "exceptions[3].kind", or the nearest one around it that
// the file has.
func calendarNode(node *yaml.Node, place string) *yaml.Node {
	steps := strings.FieldsFunc(place, func(r rune) bool { return r == '.' || r == '[' || r == ']' })
	if node.Kind == yaml.DocumentNode && len(node.Content) > 0 {
		node = node.Content[0]
	}
	for _, step := range steps {
		for node.Kind == yaml.AliasNode {
			node = node.Alias
		}
		next := calendarChild(node, step)
		if next == nil {
			break
		}
		node = next
	}
	return node
}

func calendarChild(node *yaml.Node, step string) *yaml.Node {
	switch node.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Content[i].Value == step {
				return node.Content[i+1]
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(step); err == nil && i < len(node.Content) {
			return node.Content[i]
		}
	default:
	}
	return nil
}
