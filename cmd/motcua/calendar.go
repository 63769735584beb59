package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"motcua/engine/calendar"
)

// lastYear is where calendars stop counting: RFC 3339 has no later one.
const lastYear = 9999

func (a *app) calendar() *cobra.Command {
	verbs := []*cobra.Command{a.calendarAdd(), a.calendarShow(), a.calendarCheck(), a.calendarDiff()}
	return noun("calendar", "compute with working time, check, compare and publish calendars", append(verbs, a.calendarServer()...)...)
}

func (a *app) calendarAdd() *cobra.Command {
	var from, duration string
	var source calendarSource
	c := &cobra.Command{
		Use:   "add --from TIME --duration DURATION",
		Short: "print the moment a limit falls due",
		Long: "Adds a duration to a moment by a calendar and prints the due moment as RFC 3339.\n\n" +
			"Units: wd working days, wh working hours, wm working minutes; d days, mo months of 30 days (both end\n" +
			"on a working day), h hours, m minutes, s seconds by the clock. A limit in days is due at the close of\n" +
			"its last working day, and the first day is not counted (Civil Code art. 147, 148).",
		Example: "  motcua calendar add --from 2026-08-27T14:30:00+07:00 --duration 3wd",
		Args:    exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := needs(c, "from", "duration"); err != nil {
				return err
			}
			start, err := time.Parse(time.RFC3339, from)
			if err != nil {
				return usagef("--from %q is not an RFC 3339 time such as 2026-08-27T14:30:00+07:00", from)
			}
			d, err := calendar.ParseDuration(duration)
			if err != nil {
				return usagef("--duration: %w", err)
			}
			cal, err := source.read(a, c)
			if err != nil {
				return err
			}
			return a.printDue(cal, source.department, start.In(calendar.Zone()), d)
		},
	}
	c.Flags().StringVar(&from, "from", "", "the moment it starts, as RFC 3339")
	c.Flags().StringVar(&duration, "duration", "", "the limit, such as 3wd or 2wh")
	c.Flags().StringVar(&source.code, "calendar", "vn-national", "code of a shipped calendar")
	source.flags(c)
	return c
}

func (a *app) printDue(cal *calendar.Calendar, department string, from time.Time, d calendar.Duration) error {
	due := cal.Add(from, d)
	if due.Year() >= lastYear {
		return usagef("%s from %s on ends in the year %d or later: that is no limit", d, rfc3339(from), lastYear)
	}
	periods := cal.Unannounced(from, due)
	result := struct {
		Due         time.Time         `json:"due"`
		From        time.Time         `json:"from"`
		Duration    calendar.Duration `json:"duration"`
		Calendar    string            `json:"calendar"`
		Version     int               `json:"version"`
		Department  string            `json:"department,omitempty"`
		Provisional bool              `json:"provisional"`
		Unannounced []calendar.Period `json:"unannounced,omitempty"`
	}{due, from, d, cal.Code(), cal.Version(), department, len(periods) > 0, periods}
	return a.print(result, func(w io.Writer) {
		fmt.Fprintln(w, rfc3339(due))
		for _, p := range periods {
			a.note("provisional: %s", unannouncedText(p, cal.Spec().KnownUntil))
		}
	})
}

// unannouncedText says what of a due date is not decided yet.
func unannouncedText(p calendar.Period, known calendar.Date) string {
	switch {
	case p.Name != calendar.Unsaid:
		return fmt.Sprintf("the days off of %s are not announced yet, between %s and %s", p.Name, p.From, p.To)
	case known.IsZero():
		return "the calendar does not say until when days off are announced"
	default:
		return fmt.Sprintf("days off are announced until %s only", known)
	}
}

// rfc3339 writes a moment in Vietnam's time, as every command prints moments.
func rfc3339(t time.Time) string { return t.In(calendar.Zone()).Format(time.RFC3339) }
