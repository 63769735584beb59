package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"motcua/engine/calendar"
)

func (a *app) calendarDiff() *cobra.Command {
	var lang string
	c := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "list the days on which two calendars differ",
		Long: "Lists the days on which two calendars differ, in kind or in hours, with the document that decided it; then the\n" +
			"same for each department with hours of its own. A weekday whose ordinary hours differ is listed once. Each of the\n" +
			"two is the code of a shipped calendar or a file, one of which may be -, standard input.",
		Example: "  motcua calendar diff vn-national next.yaml --lang vi",
		Args:    exactly(2, "two calendars, by code or as files"),
		RunE: func(c *cobra.Command, names []string) error {
			if err := oneOf("lang", lang, languages); err != nil {
				return err
			}
			if names[0] == "-" && names[1] == "-" {
				return usagef("only one of the files can be standard input")
			}
			before, err := a.calendarNamed(c, names[0])
			if err != nil {
				return err
			}
			after, err := a.calendarNamed(c, names[1])
			if err != nil {
				return err
			}
			result := compareCalendars(before, after)
			return a.print(result, func(w io.Writer) { result.write(w, lang) })
		},
	}
	languageFlag(c, &lang)
	return c
}

// calendarDifference is the result of calendar diff.
type calendarDifference struct {
	From  comparedCalendar    `json:"from"`
	To    comparedCalendar    `json:"to"`
	Days  []calendar.Change   `json:"days"`
	Units []departmentChanges `json:"units"`
}

// comparedCalendar names one side, and what is certain of it.
type comparedCalendar struct {
	Code        string            `json:"code"`
	Version     int               `json:"version"`
	KnownUntil  calendar.Date     `json:"known_until,omitzero"`
	Unannounced []calendar.Period `json:"unannounced"`
}

// departmentChanges are the days that differ for one department.
type departmentChanges struct {
	Department string            `json:"department"`
	Days       []calendar.Change `json:"days"`
}

func compareCalendars(before, after *calendar.Calendar) calendarDifference {
	d := calendarDifference{
		From: compared(before), To: compared(after),
		Days: changesOf(before, after), Units: []departmentChanges{},
	}
	for _, department := range departmentsOf(before, after) {
		if days := changesOf(before.Unit(department), after.Unit(department)); len(days) > 0 {
			d.Units = append(d.Units, departmentChanges{department, days})
		}
	}
	return d
}

func compared(c *calendar.Calendar) comparedCalendar {
	spec := c.Spec()
	return comparedCalendar{spec.Code, spec.Version, spec.KnownUntil, append([]calendar.Period{}, spec.Unannounced...)}
}

// changesOf compares from the year of the first exception of either calendar
// on, for as long as calendars count.
func changesOf(before, after *calendar.Calendar) []calendar.Change {
	first := calendar.NewDate(lastYear, 1, 1)
	for _, c := range []*calendar.Calendar{before, after} {
		if days := c.Spec().Exceptions; len(days) > 0 && days[0].Date.Before(first) {
			first = calendar.NewDate(days[0].Date.Midnight().Year(), 1, 1)
		}
	}
	if first.Midnight().Year() == lastYear {
		first = calendar.NewDate(1, 1, 1)
	}
	return append([]calendar.Change{}, calendar.Changes(before, after, first.Midnight(), calendar.NewDate(lastYear, 12, 31).Midnight())...)
}

// departmentsOf lists the departments with hours of their own in either calendar.
func departmentsOf(calendars ...*calendar.Calendar) []string {
	var codes []string
	for _, c := range calendars {
		for _, u := range c.Spec().Units {
			codes = append(codes, u.Department)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

func (d calendarDifference) write(w io.Writer, lang string) {
	say := func(vi, en string) string { return inLanguage(lang, vi, en) }
	fmt.Fprintf(w, "%s %d → %s %d\n", d.From.Code, d.From.Version, d.To.Code, d.To.Version)
	if d.From.KnownUntil != d.To.KnownUntil {
		fmt.Fprintf(w, "%s %s → %s\n", say("đã công bố đến", "known until"), dash(d.From.KnownUntil.String()), dash(d.To.KnownUntil.String()))
	}
	writePeriods(w, say("không còn là chưa công bố", "no longer unannounced"), d.From.Unannounced, d.To.Unannounced)
	writePeriods(w, say("chưa công bố", "not announced yet"), d.To.Unannounced, d.From.Unannounced)
	writeChanges(w, d.Days, lang)
	for _, u := range d.Units {
		fmt.Fprintf(w, "%s %s\n", say("đơn vị", "department"), u.Department)
		writeChanges(w, u.Days, lang)
	}
	if len(d.Days)+len(d.Units) == 0 {
		fmt.Fprintln(w, say("không có ngày nào khác", "no day differs"))
	}
}

// writePeriods lists the periods of one side that the other does not have.
func writePeriods(w io.Writer, title string, of, notOf []calendar.Period) {
	for _, p := range of {
		if !slices.Contains(notOf, p) {
			fmt.Fprintf(w, "%s: %s – %s %s%s\n", title, p.From, p.To, p.Name, prefixed(" · ", p.Basis))
		}
	}
}

func writeChanges(w io.Writer, days []calendar.Change, lang string) {
	columns(w, func(t io.Writer) {
		for _, d := range days {
			kind := dayKind(d.Before, lang) + " → " + dayKind(d.After, lang)
			switch {
			case d.After == calendar.Truncated:
				kind = dayKind(d.After, lang)
			case d.Before == d.After:
				kind = dayKind(d.After, lang) + inLanguage(lang, ", giờ khác", ", other hours")
			}
			if d.Weekly {
				kind += inLanguage(lang, ", từ đó hằng tuần", ", weekly from then on")
			}
			row(t, "  "+d.Date.String(), weekdayWord(d.Date.Weekday(), lang), kind, strings.TrimSpace(d.Name), d.Basis)
		}
	})
}
