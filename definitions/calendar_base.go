package definitions

import (
	"slices"
	"strings"

	"motcua/engine/calendar"
)

// ResolveCalendar completes a calendar that has a base with the shipped calendar of that code; one without a
// base is returned as it is. One that says it was resolved already is held against the shipped base of that
// version: whoever writes base_version by hand gets no calendar without holidays. The error wraps
// [calendar.Problems].
func ResolveCalendar(spec calendar.Spec) (calendar.Spec, error) {
	if spec.Base == "" {
		return spec, nil
	}
	codes, err := calendarCodes()
	if err != nil {
		return calendar.Spec{}, err
	}
	ships := slices.Contains(codes, spec.Base)
	if !spec.Unresolved() && !ships {
		return spec, nil // taken over from a calendar we cannot know
	}
	if !ships {
		return calendar.Spec{}, calendar.Problemf("base", "no calendar %q ships; there are %s", spec.Base, strings.Join(codes, ", "))
	}
	base, err := shippedCalendar(spec.Base)
	if err != nil {
		return calendar.Spec{}, err
	}
	if spec.Unresolved() {
		return calendar.Resolve(spec, base)
	}
	return spec, lacking(spec, base)
}

// lacking tells which day of its base a calendar does not have though it says that it took them over.
func lacking(spec, base calendar.Spec) error {
	if spec.BaseVersion != base.Version {
		return nil
	}
	for _, e := range base.Exceptions {
		if !slices.ContainsFunc(spec.Exceptions, func(own calendar.Exception) bool { return own.Date == e.Date }) {
			return calendar.Problemf("base_version", "%s is not taken over from %s version %d: leave base_version out, it is written then",
				e.Date, base.Code, base.Version)
		}
	}
	return nil
}
