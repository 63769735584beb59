package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"motcua/definitions"
	"motcua/engine"
	"motcua/engine/calendar"
)

// lastYear is where calendars stop counting: RFC 3339 has no later one.
const lastYear = 9999

func (a *app) calendar() *cobra.Command {
	return noun("calendar", "compute with working time", a.calendarAdd())
}

func (a *app) calendarAdd() *cobra.Command {
	var from, duration, code string
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
			cal, err := shippedCalendar(code)
			if err != nil {
				return err
			}
			return a.printDue(cal, start.In(calendar.Zone()), d)
		},
	}
	c.Flags().StringVar(&from, "from", "", "the moment it starts, as RFC 3339")
	c.Flags().StringVar(&duration, "duration", "", "the limit, such as 3wd or 2wh")
	c.Flags().StringVar(&code, "calendar", "vn-national", "code of a shipped calendar")
	return c
}

func (a *app) printDue(cal *calendar.Calendar, from time.Time, d calendar.Duration) error {
	due := cal.Add(from, d)
	if due.Year() >= lastYear {
		return usagef("%s from %s on ends in the year %d or later: that is no limit", d, rfc3339(from), lastYear)
	}
	result := struct {
		Due         time.Time         `json:"due"`
		From        time.Time         `json:"from"`
		Duration    calendar.Duration `json:"duration"`
		Calendar    string            `json:"calendar"`
		Version     int               `json:"version"`
		Provisional bool              `json:"provisional"`
	}{due, from, d, cal.Code(), cal.Version(), cal.Provisional(due)}
	return a.print(result, func(w io.Writer) {
		fmt.Fprintln(w, rfc3339(due))
		if result.Provisional {
			a.note("provisional: days off are announced until %s only", cal.Spec().KnownUntil)
		}
	})
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
	return nil, engine.Errorf(engine.CodeNotFound, "no calendar %q ships; there are %s", code, strings.Join(codes, ", "))
}

// rfc3339 writes a moment in Vietnam's time, as every command prints moments.
func rfc3339(t time.Time) string { return t.In(calendar.Zone()).Format(time.RFC3339) }
