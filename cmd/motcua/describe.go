package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"motcua/engine"
	"motcua/engine/calendar"
)

// columns aligns what is written with tabs between.
func columns(w io.Writer, write func(t io.Writer)) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	write(t)
	_ = t.Flush() // what w refuses it refuses again
}

// row writes one line of columns, without the empty ones at its end.
func row(t io.Writer, cells ...string) {
	last := len(cells)
	for last > 0 && cells[last-1] == "" {
		last--
	}
	fmt.Fprintln(t, strings.Join(cells[:last], "\t"))
}

// describe prints a definition in words.
func describe(w io.Writer, m *engine.Machine) {
	fmt.Fprintf(w, "%s  %s\n", m.Code, m.Name.VI)
	columns(w, func(t io.Writer) {
		row(t, "version", fmt.Sprintf("%d, in effect %s", m.Version, effect(m.Effective)))
		row(t, "sha256", m.SHA256)
		row(t, "level", m.Level)
		if m.Field != "" {
			row(t, "field", m.Field)
		}
		for _, b := range m.LegalBasis {
			row(t, "legal basis", strings.TrimRight(b.Ref+" "+b.Cites, " "))
		}
		describeLimits(t, m)
	})
	describeInput(w, m)
	describeSteps(w, m.States)
	if len(m.Ladder) > 0 {
		fmt.Fprintln(w, "\nladder")
		columns(w, func(t io.Writer) {
			for _, g := range m.Ladder {
				row(t, "  "+g.String(), "notify "+strings.Join(g.Notify, ", "), prefixed("raise ", g.Raise))
			}
		})
	}
}

func effect(e engine.Effective) string {
	if e.To.IsZero() {
		return "from " + e.From.String()
	}
	return "from " + e.From.String() + " until before " + e.To.String()
}

func describeLimits(t io.Writer, m *engine.Machine) {
	l := m.Limits
	start := ""
	if l.Starts != "" {
		start = ", counted from " + l.Starts
	}
	if !l.Statutory.IsZero() {
		row(t, "statutory limit", limit(l.Statutory)+start)
	}
	if !l.Committed.IsZero() {
		row(t, "committed limit", limit(l.Committed)+start)
	}
	if l.Cutoff != nil {
		row(t, "cut-off", fmt.Sprintf("from %s on it counts from the %s", l.Cutoff.At, strings.ReplaceAll(l.Cutoff.CountsFrom, "-", " ")))
	}
	if s := m.Suspension; s != nil {
		times := ""
		if s.MaxTimes > 0 {
			times = ", at most " + plural(s.MaxTimes, "time")
		}
		row(t, "suspension", fmt.Sprintf("up to %s%s, then %s", s.Max, times, s.OnExpiry))
	}
}

// limit writes a duration; none at all means the same working day.
func limit(d calendar.Duration) string {
	if d.Amount() == 0 {
		return d.String() + " (by the end of the same working day)"
	}
	return d.String()
}

func describeInput(w io.Writer, m *engine.Machine) {
	if len(m.Components) > 0 {
		fmt.Fprintln(w, "\ncomponents")
		columns(w, func(t io.Writer) {
			for _, c := range m.Components {
				row(t, "  "+c.ID, c.Name.VI, when(c.Required, "required"))
			}
		})
	}
	if len(m.Fields) > 0 {
		fmt.Fprintln(w, "\nfields")
		columns(w, func(t io.Writer) {
			for _, f := range m.Fields {
				row(t, "  "+f.ID, f.Type, f.Name.VI, when(f.Required, "required"))
			}
		})
	}
}

func describeSteps(w io.Writer, states []engine.State) {
	fmt.Fprintln(w, "\nsteps")
	columns(w, func(t io.Writer) {
		for i, s := range states {
			row(t, fmt.Sprintf("%3d. %s", i+1, s.ID), s.Name.VI, place(s.Department, s.Role), prefixed("within ", s.Within.String()),
				strings.Join(notes(s), ", "))
			for _, e := range s.On {
				row(t, "       "+e.Event, e.Name.VI, "→ "+e.To, prefixed("by ", e.By), when(e.Comment == "required", "with a reason"))
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
	if s.Outcome != "" {
		list = append(list, "outcome "+s.Outcome)
	}
	return list
}

func place(department, role string) string {
	return strings.Trim(department+"/"+role, "/")
}

// prefixed says what a value is, when there is one.
func prefixed(word, value string) string { return when(value != "", word+value) }

func when(on bool, text string) string {
	if on {
		return text
	}
	return ""
}
