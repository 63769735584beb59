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
	describeSteps(w, m)
	describeConsultations(w, m)
	describeSums(w, m)
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
	for _, v := range m.Variants {
		of := m.LimitsOf(v.ID)
		row(t, "variant "+v.ID, v.Name.VI, prefixed("statutory ", of.Statutory.String()), prefixed("committed ", of.Committed.String()), "when "+string(v.When))
	}
	if e := m.Extension; e != nil {
		row(t, "extension", fmt.Sprintf("by %s in all, at most %s", e.Max, plural(e.Times(), "time")))
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
				row(t, "  "+c.ID, c.Name.VI, required(c.Required))
			}
		})
	}
	if len(m.Fields) > 0 {
		fmt.Fprintln(w, "\nfields")
		columns(w, func(t io.Writer) {
			for _, f := range m.Fields {
				row(t, "  "+f.ID, f.Type, f.Name.VI, required(f.Required))
			}
		})
	}
}

// required says when a paper or a field is required.
func required(c engine.Condition) string {
	if c.Expression() {
		return "required when " + string(c)
	}
	return when(c == engine.Always, "required")
}

// prefixed says what a value is, when there is one.
func prefixed(word, value string) string { return when(value != "", word+value) }

func when(on bool, text string) string {
	if on {
		return text
	}
	return ""
}
