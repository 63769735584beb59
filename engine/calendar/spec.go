package calendar

import (
	"slices"
	"strings"
	"time"
)

// DayKind says why a day, or a stretch of one, is worked or not.
type DayKind string

// The kinds of day of Vietnamese practice (Labour Code 2019 art. 111 and 112).
const (
	Working       DayKind = "working"         // ngày làm việc
	WeeklyRest    DayKind = "weekly-rest"     // nghỉ hằng tuần
	PublicHoliday DayKind = "public-holiday"  // nghỉ lễ, tết
	Compensatory  DayKind = "compensatory"    // nghỉ bù: a holiday that fell on a rest day (art. 111.3)
	SwappedOff    DayKind = "swapped-off"     // nghỉ hoán đổi: off, repaid by a make-up working day
	MakeUpWorking DayKind = "make-up-working" // làm bù

	// Closed is the time out of office hours of a working day: nights and the midday break. It is the
	// kind of an [Interval] and never of an [Exception].
	Closed DayKind = "closed"
	// Truncated is the last [Interval] of an explanation that would have been too long.
	Truncated DayKind = "truncated"
)

// Works reports whether people work on a day of this kind.
func (k DayKind) Works() bool { return k == Working || k == MakeUpWorking }

// Exception is one day that departs from the weekly pattern.
type Exception struct {
	Date Date    `json:"date" yaml:"date"`
	Kind DayKind `json:"kind" yaml:"kind"`
	// Name is what people call the day, in Vietnamese.
	Name string `json:"name,omitempty" yaml:"name,omitempty"`
	// Basis is the legal document that decided it.
	Basis string `json:"basis,omitempty" yaml:"basis,omitempty"`
	// EffectiveFrom is the day that decision took effect. It is evidence; a calendar that should not know
	// the decision yet is an earlier version of the calendar, not this one read at an earlier date.
	EffectiveFrom Date `json:"effective_from,omitzero" yaml:"effective_from,omitempty"`
	// Shifts are the hours worked on a working or make-up working day. Without them a working day keeps
	// the hours of its weekday, and a make-up day (or a weekday without hours) gets those of Friday, or
	// of the first working weekday when Friday is not worked.
	Shifts []Shift `json:"shifts,omitempty" yaml:"shifts,omitempty"`
}

// Spec is a calendar as data: stored, hashed, compared and edited by people.
type Spec struct {
	// Code names the calendar among all calendars, in kebab-case.
	Code string `json:"code" yaml:"code"`
	// Version counts from 1; a new decision makes a new version.
	Version int    `json:"version" yaml:"version"`
	Name    string `json:"name,omitempty" yaml:"name,omitempty"`
	// Base is the code of the calendar whose days off it takes over, and BaseVersion the version it took
	// them from; 0 before that: see [Resolve].
	Base        string      `json:"base,omitempty" yaml:"base,omitempty"`
	BaseVersion int         `json:"base_version,omitempty" yaml:"base_version,omitempty"`
	Week        Week        `json:"week" yaml:"week"`
	Exceptions  []Exception `json:"exceptions,omitempty" yaml:"exceptions,omitempty"`
	// Units are the departments with office hours of their own; all others keep those of Week.
	Units []Department `json:"units,omitempty" yaml:"units,omitempty"`
	// KnownUntil is the last day for which all days off have been announced. The calendar computes beyond
	// it by the weekly pattern, and says [Calendar.Provisional]. Without it, every day is provisional.
	KnownUntil Date `json:"known_until,omitzero" yaml:"known_until,omitempty"`
	// Unannounced are the periods until then whose days off a document decides that is not out yet: Tết and
	// the second day of 2/9 of a coming year. Meanwhile the calendar computes through them by the weekly
	// pattern and the exceptions that are certain.
	Unannounced []Period `json:"unannounced,omitempty" yaml:"unannounced,omitempty"`
}

// Unresolved reports whether the days off of its base are still to be taken over by [Resolve].
func (s Spec) Unresolved() bool { return s.Base != "" && s.BaseVersion == 0 }

// Normal is a copy that shares nothing with s: exceptions and periods by date, units by department, empty
// lists nil, so that the same calendar always has the same JSON.
func (s Spec) Normal() Spec {
	s.Week = s.Week.copied()
	s.Exceptions = copied(s.Exceptions)
	for i := range s.Exceptions {
		s.Exceptions[i].Shifts = copied(s.Exceptions[i].Shifts)
	}
	s.Units = copied(s.Units)
	for i := range s.Units {
		s.Units[i].Week = s.Units[i].Week.copied()
	}
	s.Unannounced = copied(s.Unannounced)
	slices.SortFunc(s.Exceptions, func(a, b Exception) int { return a.Date.Compare(b.Date) })
	slices.SortFunc(s.Units, func(a, b Department) int { return strings.Compare(a.Department, b.Department) })
	slices.SortFunc(s.Unannounced, func(a, b Period) int { return a.From.Compare(b.From) })
	return s
}

func (w Week) copied() Week {
	for day := time.Sunday; day <= time.Saturday; day++ {
		shifts := w.day(day)
		*shifts = copied(*shifts)
	}
	return w
}

func copied[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return slices.Clone(list)
}
