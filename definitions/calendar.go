package definitions

import (
	"cmp"
	"embed"
	"fmt"
	"path"
	"slices"
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
// everything [calendar.Spec.Check] refuses is an error. The error has a line "file:line:column: what" for each
// fault; file is only a name for it. A calendar with a base comes back as it is written, still to be resolved.
func DecodeCalendar(file string, data []byte) (calendar.Spec, error) {
	if len(data) > maxCalendarBytes {
		return calendar.Spec{}, calendarFault(file, 1, 1, fmt.Sprintf("%d bytes are more than %d", len(data), maxCalendarBytes))
	}
	var spec calendar.Spec
	if err := yaml.Load(data, &spec, yaml.WithKnownFields()); err != nil {
		return calendar.Spec{}, calendarSyntaxError(file, err)
	}
	if err := spec.Check(); err != nil {
		return calendar.Spec{}, calendarPlaceError(file, data, err)
	}
	return spec.Normal(), nil
}

// ReadCalendar is [DecodeCalendar], then [ResolveCalendar]: a calendar to compute with. Its error is like that
// of DecodeCalendar.
func ReadCalendar(file string, data []byte) (*calendar.Calendar, error) {
	spec, err := DecodeCalendar(file, data)
	if err != nil {
		return nil, err
	}
	resolved, err := ResolveCalendar(spec)
	if err != nil {
		return nil, calendarPlaceError(file, data, err)
	}
	return calendar.New(resolved)
}

// NationalCalendar is the shipped calendar of Vietnamese State offices, "vn-national".
func NationalCalendar() (*calendar.Calendar, error) { return nationalCalendar() }

var nationalCalendar = sync.OnceValues(func() (*calendar.Calendar, error) {
	spec, err := shippedCalendar("vn-national")
	if err != nil {
		return nil, err
	}
	return calendar.New(spec)
})

// Calendars is every shipped calendar, resolved. They are in order of code, but those with a base come after
// all others: whoever stores them in this order finds the base of each.
func Calendars() ([]calendar.Spec, error) {
	codes, err := calendarCodes()
	if err != nil {
		return nil, err
	}
	specs := make([]calendar.Spec, 0, len(codes))
	for _, code := range codes {
		spec, err := shippedCalendar(code)
		if err != nil {
			return nil, err
		}
		specs = append(specs, spec)
	}
	slices.SortStableFunc(specs, func(a, b calendar.Spec) int { return cmp.Compare(min(len(a.Base), 1), min(len(b.Base), 1)) })
	return specs, nil
}

// calendarCodes is the code of every shipped calendar, in order. A file is named for its code.
func calendarCodes() ([]string, error) {
	entries, err := calendarFiles.ReadDir("calendars")
	if err != nil {
		return nil, fmt.Errorf("list shipped calendars: %w", err)
	}
	codes := make([]string, len(entries))
	for i, entry := range entries {
		codes[i] = strings.TrimSuffix(entry.Name(), ".yaml")
	}
	slices.Sort(codes)
	return codes, nil
}

func shippedCalendar(code string) (calendar.Spec, error) {
	file := path.Join("calendars", code+".yaml")
	data, err := calendarFiles.ReadFile(file)
	if err != nil {
		return calendar.Spec{}, fmt.Errorf("read shipped calendar: %w", err)
	}
	c, err := ReadCalendar(file, data)
	if err != nil {
		return calendar.Spec{}, err
	}
	return c.Spec(), nil
}
