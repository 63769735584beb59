package calendar

import (
	"slices"
	"strings"
)

// Department is a department with office hours of its own: another week, the same days off.
type Department struct {
	// Department is its code in the agency, in kebab-case.
	Department string `json:"department" yaml:"department"`
	Name       string `json:"name,omitempty" yaml:"name,omitempty"`
	Week       Week   `json:"week" yaml:"week"`
}

// Unit is the calendar of a department with office hours of its own; of any other department it is c. It
// has the code, the version and the exceptions of c, whose make-up days without shifts of their own are
// worked by the hours of the department, and no units: its Unit is always itself.
func (c *Calendar) Unit(department string) *Calendar {
	i, found := slices.BinarySearchFunc(c.spec.Units, department, func(d Department, code string) int {
		return strings.Compare(d.Department, code)
	})
	if !found {
		return c
	}
	return c.units[i]
}

// unit is the spec as one department lives by it.
func (s Spec) unit(d Department) Spec {
	s.Week, s.Units = d.Week, nil
	if d.Name != "" {
		s.Name = d.Name
	}
	return s
}
