package calendar

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// The bounds of a [Spec].
const (
	MaxExceptions   = 5000 // more than two centuries of public holidays
	MaxShiftsPerDay = 12
	MaxUnits        = 200
	MaxUnannounced  = 500
	maxText         = 500 // bytes of a name or a legal basis
	maxProblems     = 20
)

// Problem is one thing wrong with a [Spec].
type Problem struct {
	// Place is where, as a path through the fields as they are written: "exceptions[3].kind".
	Place string
	Text  string
}

// Problems is all that is wrong with a [Spec]; it is what [New] wraps in its error.
type Problems []Problem

// Error lists every problem with its place.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.Place + ": " + problem.Text
	}
	return strings.Join(lines, "; ")
}

// Problemf is one problem as an error.
func Problemf(place, format string, args ...any) error {
	var p Problems
	p.add(place, format, args...)
	return p
}

func (p *Problems) add(place, format string, args ...any) {
	if len(*p) < maxProblems {
		*p = append(*p, Problem{Place: place, Text: fmt.Sprintf(format, args...)})
	}
}

var codePattern = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// Check tells everything wrong with the spec, in an error that wraps [Problems]. A spec that is still to be
// resolved passes, because it may be right; [New] refuses it.
func (s Spec) Check() error {
	if problems := s.problems(); len(problems) > 0 {
		return s.fail(problems)
	}
	return nil
}

func (s Spec) fail(problems Problems) error {
	return fmt.Errorf("calendar %s: %w", quote(s.Code), problems)
}

func (s Spec) problems() Problems {
	var p Problems
	p.code("code", s.Code)
	if s.Version < 1 {
		p.add("version", "%d must be 1 or more", s.Version)
	}
	p.text("name", s.Name)
	p.base(s)
	p.week("week", s.Week)
	if p.fits("exceptions", len(s.Exceptions), MaxExceptions) {
		p.exceptions(s.Exceptions)
	}
	if p.fits("units", len(s.Units), MaxUnits) {
		p.units(s.Units)
	}
	if p.fits("unannounced", len(s.Unannounced), MaxUnannounced) {
		p.unannounced(s)
	}
	return p
}

func (p *Problems) code(place, code string) {
	if len(code) > 64 || !codePattern.MatchString(code) {
		p.add(place, "%s must be lower-case letters and digits joined by hyphens, at most 64", quote(code))
	}
}

func (p *Problems) fits(place string, n, most int) bool {
	if n > most {
		p.add(place, "%d entries are more than %d", n, most)
	}
	return n <= most
}

func (p *Problems) text(place, text string) {
	if len(text) > maxText {
		p.add(place, "is longer than %d bytes", maxText)
	}
}

func (p *Problems) week(place string, w Week) {
	empty := true
	for day := time.Sunday; day <= time.Saturday; day++ {
		p.shifts(place+"."+strings.ToLower(day.String()), w.On(day))
		empty = empty && len(w.On(day)) == 0
	}
	if empty {
		p.add(place, "has no shift at all: a limit in working time would never end")
	}
}

func (p *Problems) shifts(place string, shifts []Shift) {
	if len(shifts) > MaxShiftsPerDay {
		p.add(place, "%d shifts a day are more than %d", len(shifts), MaxShiftsPerDay)
		return
	}
	for i, shift := range shifts {
		at := fmt.Sprintf("%s[%d]", place, i)
		switch {
		case shift.From < 0 || shift.To > EndOfDay:
			p.add(at, "shift %s–%s does not lie within 00:00–24:00", shift.From, shift.To)
		case shift.From >= shift.To:
			p.add(at, "shift %s–%s must end after it begins", shift.From, shift.To)
		case i > 0 && shift.From < shifts[i-1].To:
			p.add(at, "shift %s–%s begins before the one before it ends at %s", shift.From, shift.To, shifts[i-1].To)
		}
	}
}

func (p *Problems) exceptions(exceptions []Exception) {
	seen := make(map[Date]int, len(exceptions))
	for i, e := range exceptions {
		place := fmt.Sprintf("exceptions[%d]", i)
		if first, twice := seen[e.Date]; e.Date.IsZero() {
			p.add(place+".date", "is missing")
		} else if twice {
			p.add(place+".date", "%s is already exceptions[%d]", e.Date, first)
		} else {
			seen[e.Date] = i
		}
		p.exception(place, e)
	}
}

func (p *Problems) exception(place string, e Exception) {
	switch e.Kind {
	case Working, MakeUpWorking:
		p.shifts(place+".shifts", e.Shifts)
	case WeeklyRest, PublicHoliday, Compensatory, SwappedOff:
		if len(e.Shifts) > 0 {
			p.add(place+".shifts", "%s is %s and cannot have shifts", e.Date, e.Kind)
		}
	default:
		p.add(place+".kind", "%s has unknown kind %s; kinds are %s, %s, %s, %s, %s and %s", e.Date, quote(string(e.Kind)),
			Working, WeeklyRest, PublicHoliday, Compensatory, SwappedOff, MakeUpWorking)
	}
	p.text(place+".name", e.Name)
	p.text(place+".basis", e.Basis)
}
