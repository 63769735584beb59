package main

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"motcua/engine/calendar"
)

func (a *app) calendarShow() *cobra.Command {
	var source calendarSource
	var year int
	var lang string
	c := &cobra.Command{
		Use:   "show [CODE]",
		Short: "print the days off of a year and its working days",
		Long: "Prints the office hours of a calendar, the days of a year that are not like their weekday with the document that\n" +
			"decided each, the periods that are not announced yet, and the working days of every month.",
		Example: "  motcua calendar show vn-national --year 2026\n" +
			"  motcua calendar show --file definitions/calendars/saturday-morning.yaml --department office",
		Args: func(c *cobra.Command, args []string) error {
			if source.file != "" {
				return exactly(0, "no code beside --file")(c, args)
			}
			return exactly(1, "the code of a shipped calendar, or --file")(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			if err := oneOf("lang", lang, languages); err != nil {
				return err
			}
			if !c.Flags().Changed("year") {
				year = time.Now().In(calendar.Zone()).Year()
			}
			if year < 1 || year >= lastYear {
				return usagef("--year is %d, not a year from 1 to %d", year, lastYear-1)
			}
			if source.file == "" {
				source.code = args[0]
			}
			cal, err := source.read(a, c)
			if err != nil {
				return err
			}
			result := yearOf(cal, source.department, year)
			return a.print(result, func(w io.Writer) { result.write(w, cal.Spec(), lang) })
		},
	}
	c.Flags().IntVar(&year, "year", 0, "which year (else this one)")
	source.flags(c)
	languageFlag(c, &lang)
	return c
}

// shownYear is one year of a calendar, as data.
type shownYear struct {
	Code        string               `json:"code"`
	Version     int                  `json:"version"`
	Name        string               `json:"name,omitempty"`
	Base        string               `json:"base,omitempty"`
	BaseVersion int                  `json:"base_version,omitempty"`
	Department  string               `json:"department,omitempty"`
	KnownUntil  calendar.Date        `json:"known_until,omitzero"`
	Year        int                  `json:"year"`
	Days        []calendar.Exception `json:"days"`
	Unannounced []calendar.Period    `json:"unannounced"`
	Months      []shownMonth         `json:"months"`
	shownWork
}

type shownMonth struct {
	Month string `json:"month"`
	shownWork
}

// shownWork is how much is worked: days, and minutes of office hours.
type shownWork struct {
	WorkingDays    int64 `json:"working_days"`
	WorkingMinutes int64 `json:"working_minutes"`
}

func yearOf(c *calendar.Calendar, department string, year int) shownYear {
	spec := c.Spec()
	first, last := calendar.NewDate(year, time.January, 1), calendar.NewDate(year, time.December, 31)
	shown := shownYear{
		Code: spec.Code, Version: spec.Version, Name: spec.Name, Base: spec.Base, BaseVersion: spec.BaseVersion,
		Department: department, KnownUntil: spec.KnownUntil, Year: year, Days: []calendar.Exception{},
		Unannounced: append([]calendar.Period{}, c.Unannounced(first.Midnight(), last.Midnight().Add(time.Hour))...),
		shownWork:   workOf(c, first, last.AddDays(1)),
	}
	for _, e := range spec.Exceptions {
		if !e.Date.Before(first) && !e.Date.After(last) {
			shown.Days = append(shown.Days, e)
		}
	}
	for month := time.January; month <= time.December; month++ {
		begin, end := calendar.NewDate(year, month, 1), calendar.NewDate(year, month+1, 1)
		shown.Months = append(shown.Months, shownMonth{begin.String()[:len("2006-01")], workOf(c, begin, end)})
	}
	return shown
}

// workOf is the work from one day until before another.
func workOf(c *calendar.Calendar, from, to calendar.Date) shownWork {
	var work shownWork
	for day := from; day.Before(to); day = day.AddDays(1) {
		if c.IsWorkingDay(day) {
			work.WorkingDays++
		}
	}
	work.WorkingMinutes = int64(c.WorkingTime(from.Midnight(), to.Midnight()) / time.Minute)
	return work
}

func (s shownYear) write(w io.Writer, spec calendar.Spec, lang string) {
	say := func(vi, en string) string { return inLanguage(lang, vi, en) }
	fmt.Fprintln(w, s.Code+prefixed("  ", s.Name))
	columns(w, func(t io.Writer) {
		row(t, say("phiên bản", "version"), strconv.Itoa(s.Version))
		if s.Base != "" {
			row(t, say("ngày nghỉ theo", "days off of"), fmt.Sprintf("%s %d", s.Base, s.BaseVersion))
		}
		if s.Department != "" {
			row(t, say("đơn vị", "department"), s.Department)
		}
		row(t, say("đã công bố đến", "known until"), s.KnownUntil.String())
		for _, day := range week() {
			row(t, weekdayWord(day, lang), hoursText(spec.Week.On(day)))
		}
		for _, u := range spec.Units {
			row(t, say("giờ riêng của", "own hours of"), u.Department, u.Name)
		}
	})
	s.writeDays(w, lang)
	fmt.Fprintf(w, "\n%s\n", say("ngày làm việc", "working days"))
	columns(w, func(t io.Writer) {
		for _, m := range s.Months {
			row(t, "  "+m.Month, strconv.FormatInt(m.WorkingDays, 10), clockText(m.WorkingMinutes))
		}
		row(t, "  "+strconv.Itoa(s.Year), strconv.FormatInt(s.WorkingDays, 10), clockText(s.WorkingMinutes))
	})
}

func (s shownYear) writeDays(w io.Writer, lang string) {
	fmt.Fprintf(w, "\n%d\n", s.Year)
	columns(w, func(t io.Writer) {
		for _, d := range s.Days {
			row(t, "  "+d.Date.String(), weekdayWord(d.Date.Weekday(), lang), dayKind(d.Kind, lang), d.Name, dash(d.Basis), hoursText(d.Shifts))
		}
	})
	if len(s.Unannounced) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", inLanguage(lang, "chưa công bố", "not announced yet"))
	columns(w, func(t io.Writer) {
		for _, p := range s.Unannounced {
			row(t, "  "+p.From.String()+" – "+p.To.String(), p.Name, p.Basis)
		}
	})
}

// clockText writes minutes as hours: "176:00".
func clockText(minutes int64) string { return fmt.Sprintf("%d:%02d", minutes/60, minutes%60) }
