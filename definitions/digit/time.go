package digit

import (
	"encoding/json"
	"strconv"

	"motcua/engine"
	"motcua/engine/calendar"
)

// limits makes the service level of the whole, which DIGIT counts from filing,
// the committed limit.
func (m *maker) limits(def *engine.Definition) {
	d, ok := duration(m.SLA)
	switch {
	case m.SLA == "":
		m.remark("/limits", "businessServiceSla is not given")
	case !ok:
		m.remark("/limits", "businessServiceSla: %s ms is no whole number of seconds of which the language counts", m.SLA)
	case len(def.States) > 0:
		m.remark("/limits", "businessServiceSla: %s ms", m.SLA)
		def.Limits = engine.Limits{Committed: d, Starts: def.States[0].ID}
	}
}

// within is the limit of a step.
func (m *maker) within(place string, s state) calendar.Duration {
	d, ok := duration(s.SLA)
	switch {
	case s.SLA == "":
	case s.Terminal:
		m.remark(place, "sla: %s ms, of a state in which no time is counted", s.SLA)
	case !ok:
		m.remark(place, "sla: %s ms is no whole number of seconds of which the language counts", s.SLA)
	default:
		return d
	}
	return calendar.Duration{}
}

// duration is exactly so many milliseconds in the largest unit by the clock;
// ok is false where there is none.
func duration(milliseconds json.Number) (d calendar.Duration, ok bool) {
	n, err := strconv.ParseInt(milliseconds.String(), 10, 64)
	if err != nil || n <= 0 {
		return calendar.Duration{}, false
	}
	for _, unit := range []calendar.Unit{calendar.Hour, calendar.Minute, calendar.Second} {
		one := calendar.Duration{Value: 1, Unit: unit}.Amount()
		if n%one == 0 && n/one <= calendar.MaxDurationValue {
			return calendar.Duration{Value: n / one, Unit: unit}, true
		}
	}
	return calendar.Duration{}, false
}
