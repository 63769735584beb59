package nationalportal

import (
	"slices"

	"motcua/engine"
	"motcua/engine/calendar"
)

// counted are the steps of the normal path whose times add up to the limit, in
// their order.
var counted = []string{"accepted", "under-assignment", "under-processing", "under-review", "under-signature"}

// handling is the cell all steps share where a limit has fewer days than there
// are steps: no day can be split without changing its unit.
const handling = "handling"

// workingDay is how many working hours a step table counts as a day.
var workingDay = calendar.Duration{Value: 8, Unit: calendar.WorkingHour}

// divisible says whether every step can have a time of its own, in whole units.
func divisible(limit calendar.Duration) bool {
	_, parts := finer(limit)
	return parts >= int64(len(counted))
}

// finer is the unit in which a step table is drawn up for a limit, and how many
// of them the limit is: working hours for working days, days for months, minutes
// for a few hours.
func finer(limit calendar.Duration) (calendar.Unit, int64) {
	const fewHours = 16
	switch limit.Unit {
	case calendar.WorkingDay:
		return calendar.WorkingHour, limit.Value * workingDay.Value
	case calendar.Month:
		return calendar.Day, calendar.Duration{Value: limit.Value, Unit: calendar.Month}.Amount()
	case calendar.WorkingHour, calendar.Hour:
		if limit.Value < fewHours {
			return map[calendar.Unit]calendar.Unit{calendar.WorkingHour: calendar.WorkingMinute, calendar.Hour: calendar.Minute}[limit.Unit], limit.Value * 60
		}
	}
	return limit.Unit, limit.Value
}

// shares divides a limit among the steps: a sixteenth each to receive and to
// assign, half a day at most; an eighth each to review and to sign, a day at
// most; the rest to process. Where the unit is a day, these are one day and two
// at most. They add up to the limit exactly.
func shares(limit calendar.Duration) []calendar.Duration {
	unit, parts := finer(limit)
	small, big := min(max(parts/16, 1), half(unit)), min(max(parts/8, 1), 2*half(unit))
	list := make([]calendar.Duration, len(counted))
	for i, value := range []int64{small, small, parts - 2*small - 2*big, big, big} {
		list[i] = calendar.Duration{Value: value, Unit: unit}
	}
	return list
}

// half is half a working day in a unit, or what comes nearest to it.
func half(unit calendar.Unit) int64 {
	switch unit {
	case calendar.WorkingHour, calendar.Hour:
		return 4
	case calendar.WorkingMinute, calendar.Minute:
		return 240
	default:
		return 1
	}
}

// divide writes the limits of a definition: those of its first ruling as its
// own, the others as variants by channel, each with the step times it allows.
func divide(def *engine.Definition, rulings []ruling) {
	if len(rulings) == 0 {
		return
	}
	def.Limits = engine.Limits{Statutory: rulings[0].limit, Starts: counted[0], WorkingDay: workingDay}
	whole := slices.ContainsFunc(rulings, func(r ruling) bool { return !divisible(r.limit) })
	if whole {
		def.Cells = []engine.Cell{{ID: handling, Name: engine.Text{VI: "Giải quyết hồ sơ", EN: "Handling"}, Within: finest(rulings[0].limit)}}
	}
	for i, id := range counted {
		step := &def.States[slices.IndexFunc(def.States, func(s engine.State) bool { return s.ID == id })]
		if whole {
			step.Cell = handling
		} else {
			step.Within = shares(rulings[0].limit)[i]
		}
	}
	for _, r := range rulings[1:] {
		def.Variants = append(def.Variants, variant(r, whole))
	}
}

// finest is a limit in the unit of its step table.
func finest(limit calendar.Duration) calendar.Duration {
	unit, parts := finer(limit)
	return calendar.Duration{Value: parts, Unit: unit}
}

func variant(r ruling, whole bool) engine.Variant {
	v := engine.Variant{ID: join(r.channels), Name: named(r.channels), When: condition(r.channels), Statutory: r.limit}
	if whole {
		v.Steps = []engine.StepLimit{{Cell: handling, Within: finest(r.limit)}}
		return v
	}
	for i, within := range shares(r.limit) {
		v.Steps = append(v.Steps, engine.StepLimit{State: counted[i], Within: within})
	}
	return v
}
