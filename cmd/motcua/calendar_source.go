package main

import (
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"motcua/definitions"
	"motcua/engine"
	"motcua/engine/calendar"
)

// calendarSource is which calendar a command computes with, and whose hours.
type calendarSource struct {
	code, file, department string
}

func (s *calendarSource) flags(c *cobra.Command) {
	c.Flags().StringVar(&s.file, "file", "", "file of a calendar that does not ship (- is standard input)")
	c.Flags().StringVar(&s.department, "department", "", "department whose office hours count")
}

// read is the calendar as the department lives by it. A department without
// hours of its own keeps those of the agency, and is told so.
func (s *calendarSource) read(a *app, c *cobra.Command) (*calendar.Calendar, error) {
	cal, err := s.whole(a, c)
	if err != nil || s.department == "" {
		return cal, err
	}
	unit := cal.Unit(s.department)
	if unit == cal {
		a.note("department %q has no hours of its own in %s: those of the agency count", s.department, cal.Code())
	}
	return unit, nil
}

func (s *calendarSource) whole(a *app, c *cobra.Command) (*calendar.Calendar, error) {
	if s.file == "" {
		return shippedCalendar(s.code)
	}
	if named := c.Flags().Lookup("calendar"); named != nil && named.Changed {
		return nil, usagef("--calendar and --file are two calendars: name one")
	}
	return a.calendarFile(c, s.file)
}

// calendarFile reads a calendar from a file, with the shipped calendar that it
// is based on. Its faults are told like those of a definition.
func (a *app) calendarFile(c *cobra.Command, file string) (*calendar.Calendar, error) {
	text, err := readFile(c.InOrStdin(), file)
	if err != nil {
		return nil, err
	}
	cal, err := definitions.ReadCalendar(file, text)
	if findings := definitions.CalendarFindings(err); findings != nil {
		if a.output != "json" {
			listFindings(a.err, findings, "en")
		}
		return nil, findings
	}
	return cal, err
}

var calendarCode = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// calendarNamed reads what an argument names: the code of a shipped calendar,
// or else a file.
func (a *app) calendarNamed(c *cobra.Command, name string) (*calendar.Calendar, error) {
	if calendarCode.MatchString(name) {
		return shippedCalendar(name)
	}
	return a.calendarFile(c, name)
}

func shippedCalendar(code string) (*calendar.Calendar, error) {
	specs, err := definitions.Calendars()
	if err != nil {
		return nil, err
	}
	codes := make([]string, len(specs))
	for i, s := range specs {
		if s.Code == code {
			return calendar.New(s)
		}
		codes[i] = s.Code
	}
	slices.Sort(codes)
	return nil, engine.Errorf(engine.CodeNotFound, "no calendar %q ships; there are %s", code, strings.Join(codes, ", "))
}
