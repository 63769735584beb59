package definitions

import (
	"embed"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"

	"motcua/engine/calendar"
)

//go:embed calendars/*.yaml
var calendarFiles embed.FS

// maxCalendarBytes is the most a calendar file may hold; ten years of days off are about 40 kB.
const maxCalendarBytes = 1 << 20

// DecodeCalendar reads the YAML of one calendar, strictly: an unknown or repeated key, a wrong type and
// everything [calendar.New] refuses is an error. The error has a line "file:line:column: what" for each
// fault; file is only a name for it.
func DecodeCalendar(file string, data []byte) (calendar.Spec, error) {
	if len(data) > maxCalendarBytes {
		return calendar.Spec{}, fmt.Errorf("%s:1:1: %d bytes are more than %d", file, len(data), maxCalendarBytes)
	}
	var spec calendar.Spec
	if err := yaml.Load(data, &spec, yaml.WithKnownFields()); err != nil {
		return calendar.Spec{}, calendarSyntaxError(file, err)
	}
	checked, err := calendar.New(spec)
	if err != nil {
		return calendar.Spec{}, calendarPlaceError(file, data, err)
	}
	return checked.Spec(), nil
}

// NationalCalendar is the shipped calendar of Vietnamese State offices, "vn-national".
func NationalCalendar() (*calendar.Calendar, error) { return nationalCalendar() }

var nationalCalendar = sync.OnceValues(func() (*calendar.Calendar, error) {
	spec, err := shippedCalendar("vn-national.yaml")
	if err != nil {
		return nil, err
	}
	return calendar.New(spec)
})

// Calendars is every shipped calendar, in order of code.
func Calendars() ([]calendar.Spec, error) {
	entries, err := calendarFiles.ReadDir("calendars")
	if err != nil {
		return nil, fmt.Errorf("list shipped calendars: %w", err)
	}
	specs := make([]calendar.Spec, 0, len(entries))
	for _, entry := range entries { // in order of file name, which is the code
		spec, err := shippedCalendar(entry.Name())
		if err != nil {
			return nil, err
		}
		specs = append(specs, spec)
	}
	return specs, nil
}

func shippedCalendar(name string) (calendar.Spec, error) {
	file := path.Join("calendars", name)
	data, err := calendarFiles.ReadFile(file)
	if err != nil {
		return calendar.Spec{}, fmt.Errorf("read shipped calendar: %w", err)
	}
	return DecodeCalendar(file, data)
}

// calendarSyntaxError gives the faults the YAML reader found their place.
func calendarSyntaxError(file string, err error) error {
	var many *yaml.LoadErrors
	var one *yaml.LoadError
	switch {
	case errors.As(err, &many):
		lines := make([]error, 0, len(many.Errors))
		for _, fault := range many.Errors {
			lines = append(lines, calendarFault(file, fault))
		}
		return errors.Join(lines...)
	case errors.As(err, &one):
		return calendarFault(file, one)
	default:
		return fmt.Errorf("%s:1:1: %w", file, err)
	}
}

func calendarFault(file string, fault *yaml.LoadError) error {
	message := fault.Message
	if message == "" && fault.Unwrap() != nil {
		message = fault.Unwrap().Error()
	}
	message = strings.Join(strings.Fields(message), " ") // it may quote a text of several lines
	return fmt.Errorf("%s:%d:%d: %s", file, max(fault.Mark.Line, 1), max(fault.Mark.Column, 1), message)
}

// calendarPlaceError gives the faults calendar.New found their place in the file.
func calendarPlaceError(file string, data []byte, err error) error {
	var problems calendar.Problems
	var document yaml.Node
	if !errors.As(err, &problems) || yaml.Load(data, &document) != nil {
		return fmt.Errorf("%s:1:1: %w", file, err)
	}
	lines := make([]error, 0, len(problems))
	for _, problem := range problems {
		node := calendarNode(&document, problem.Place)
		lines = append(lines, fmt.Errorf("%s:%d:%d: %s: %s",
			file, max(node.Line, 1), max(node.Column, 1), problem.Place, problem.Text))
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
