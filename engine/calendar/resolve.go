package calendar

import (
	"fmt"
	"slices"
)

// Resolve completes a calendar that has a base: it takes over the exceptions of the base, its unannounced
// periods, and the day until which it is known unless own says another. What own says of a day wins over
// what the base says of it. The hours are those of own alone. The result keeps the code of the base, and its
// version, as where it came from; it is complete, and a later version of the base changes it only by
// resolving own again.
//
// It fails when either spec has faults (the error wraps [Problems]), when own has another base or is resolved
// already, when base is not resolved itself, and when both together are too large.
func Resolve(own, base Spec) (Spec, error) {
	if err := own.Check(); err != nil {
		return Spec{}, err
	}
	if own.Base == "" || own.BaseVersion != 0 || own.Base != base.Code {
		return Spec{}, fmt.Errorf("calendar %s: is not to be resolved with %s", quote(own.Code), quote(base.Code))
	}
	if _, err := New(base); err != nil {
		return Spec{}, fmt.Errorf("calendar %s: base: %w", quote(own.Code), err)
	}
	spec := own.Normal()
	spec.BaseVersion = base.Version
	if spec.KnownUntil.IsZero() {
		spec.KnownUntil = base.KnownUntil
	}
	spec.Exceptions = takeExceptions(own.Exceptions, base.Exceptions)
	spec.Unannounced = known(takePeriods(own.Unannounced, base.Unannounced), spec.KnownUntil)
	if err := spec.Check(); err != nil {
		return Spec{}, err
	}
	return spec.Normal(), nil
}

// takeExceptions is own with those of base on other days.
func takeExceptions(own, base []Exception) []Exception {
	taken := make(map[Date]bool, len(own))
	for _, e := range own {
		taken[e.Date] = true
	}
	all := slices.Clone(own)
	for _, e := range base {
		if !taken[e.Date] {
			all = append(all, e)
		}
	}
	return all
}

// takePeriods is own with what is left of those of base on other days.
func takePeriods(own, base []Period) []Period {
	all := slices.Clone(own)
	for _, o := range own {
		base = without(base, o)
	}
	return append(all, base...)
}

// without is periods but for the days of one.
func without(periods []Period, cut Period) []Period {
	var left []Period
	for _, p := range periods {
		before, after := p, p
		before.To = earlier(p.To, cut.From.AddDays(-1))
		after.From = later(p.From, cut.To.AddDays(1))
		if cut.From.After(p.From) {
			left = append(left, before)
		}
		if cut.To.Before(p.To) {
			left = append(left, after)
		}
	}
	return left
}

// known is what of periods lies before everything is unannounced.
func known(periods []Period, until Date) []Period {
	var left []Period
	for _, p := range periods {
		p.To = earlier(p.To, until)
		if !p.To.Before(p.From) {
			left = append(left, p)
		}
	}
	return left
}

func earlier(a, b Date) Date {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b Date) Date {
	if b.After(a) {
		return b
	}
	return a
}
