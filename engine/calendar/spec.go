package calendar

import (
	"slices"
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
	Version    int         `json:"version" yaml:"version"`
	Name       string      `json:"name,omitempty" yaml:"name,omitempty"`
	Week       Week        `json:"week" yaml:"week"`
	Exceptions []Exception `json:"exceptions,omitempty" yaml:"exceptions,omitempty"`
	// KnownUntil is the last day for which all days off have been announced. The calendar computes beyond
	// it by the weekly pattern, and says [Calendar.Provisional]. Without it, every day is provisional.
	KnownUntil Date `json:"known_until,omitzero" yaml:"known_until,omitempty"`
}

// normal is a copy that shares nothing with s: exceptions by date, empty lists nil, so that the same
// calendar always has the same JSON.
func (s Spec) normal() Spec {
	for day := time.Sunday; day <= time.Saturday; day++ {
		shifts := s.Week.day(day)
		*shifts = copied(*shifts)
	}
	s.Exceptions = copied(s.Exceptions)
	for i := range s.Exceptions {
		s.Exceptions[i].Shifts = copied(s.Exceptions[i].Shifts)
	}
	slices.SortFunc(s.Exceptions, func(a, b Exception) int { return a.Date.Compare(b.Date) })
	return s
}

func copied[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return slices.Clone(list)
}
