package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"motcua/engine"
)

func describeConsultations(w io.Writer, m *engine.Machine) {
	if len(m.Consultations) == 0 {
		return
	}
	fmt.Fprintln(w, "\nconsultations")
	columns(w, func(t io.Writer) {
		for _, c := range m.Consultations {
			asked := make([]string, len(c.Ask))
			for i, r := range c.Ask {
				asked[i] = place(r.Department, r.Role)
			}
			row(t, "  "+c.ID, c.Name.VI, "within "+c.Within.String(), "silence: "+c.Silence, "join: "+cmp.Or(c.Join.String(), "all"), strings.Join(asked, ", "))
		}
	})
}

// describeSums accounts for the step times of each case.
func describeSums(w io.Writer, m *engine.Machine) {
	sums := m.Sums()
	if len(sums) == 0 {
		return
	}
	fmt.Fprintln(w, "\nsums")
	columns(w, func(t io.Writer) {
		for _, s := range sums {
			parts := make([]string, 0, len(s.Steps))
			for _, step := range s.Steps {
				if !step.Within.IsZero() {
					parts = append(parts, step.Within.String())
				}
			}
			verdict := "≠ "
			if s.Holds() {
				verdict = "= "
			}
			row(t, "  "+cmp.Or(s.Variant, "normal"), strings.Join(parts, " + ")+" "+verdict+s.Limit.String(), prefixed("not counted: ", strings.Join(s.ZeroTime(), ", ")))
		}
	})
}

func describeSteps(w io.Writer, m *engine.Machine) {
	fmt.Fprintln(w, "\nsteps")
	columns(w, func(t io.Writer) {
		for i, s := range m.States {
			row(t, fmt.Sprintf("%3d. %s", i+1, s.ID), s.Name.VI, places(s), prefixed("within ", timeOf(m, s)),
				strings.Join(notes(s), ", "))
			for _, e := range s.On {
				row(t, "       "+e.Event, e.Name.VI, target(e), prefixed("by ", e.By), when(e.Comment == "required", "with a reason"), effects(e))
			}
		}
	})
}

// notes are what is special about a step.
func notes(s engine.State) []string {
	var list []string
	if s.Suspended() {
		list = append(list, "clock suspended")
	}
	if h := s.Handoff; h != nil {
		list = append(list, "handed over"+prefixed(", to be accepted within ", h.AcceptWithin.String()))
	}
	if len(s.NotSameOfficerAs) > 0 {
		list = append(list, "not by the officer of "+strings.Join(s.NotSameOfficerAs, " or "))
	}
	if e := s.Expires; e != nil {
		list = append(list, "after "+e.After.String()+" "+e.Event+" happens")
	}
	if s.ZeroTime {
		list = append(list, "takes no counted time")
	}
	if s.Outcome != "" {
		list = append(list, "outcome "+s.Outcome)
	}
	return list
}

// timeOf is the limit of a step, or the cell it shares.
func timeOf(m *engine.Machine, s engine.State) string {
	within := m.WithinOf("", s).String()
	if s.Cell != "" {
		return within + " (cell " + s.Cell + ")"
	}
	return within
}

func places(s engine.State) string {
	all := []string{place(s.Department, s.Role)}
	for _, a := range s.Actors {
		all = append(all, place(a.Department, a.Role))
	}
	return strings.Join(all, ", ")
}

func target(t engine.Transition) string {
	if t.Stays() {
		return "stays"
	}
	return "→ " + t.To
}

// effects are what an event does beside leading somewhere.
func effects(t engine.Transition) string {
	var list []string
	say := func(word, value string) {
		if value != "" {
			list = append(list, word+value)
		}
	}
	say("when ", string(t.When))
	say("quorum ", t.Quorum.String())
	say("starts ", strings.Join(t.Start, ", "))
	say("takes ", strings.Join(t.Fields, ", "))
	say("extends by ", t.Extend.String())
	say("needs ", strings.Join(t.Needs, ", "))
	return strings.Join(list, ", ")
}

func place(department, role string) string {
	return strings.Trim(department+"/"+role, "/")
}
