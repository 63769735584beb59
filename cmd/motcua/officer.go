package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"motcua/api"
	"motcua/engine"
	"motcua/engine/calendar"
)

func (a *app) officer() *cobra.Command {
	return noun("officer", "let an officer leave, sign one out, link their account", a.officerDepart(), a.officerSignOut(), a.officerLink())
}

func (a *app) officerDepart() *cobra.Command {
	r, body, key := &remote{}, api.DepartureBody{}, ""
	c := &cobra.Command{
		Use:   "depart OFFICER --reason TEXT",
		Short: "let an officer leave",
		Long: "Takes an officer's roles and gives the dossiers they hold to --successor or, without one, back to their\n" +
			"departments. Waits until every dossier has moved; the exit code is 4 if one was left as it was." + asWhom,
		Example: "  motcua officer depart --as chau.dang duc.pham --successor long.vien --reason 'Nghỉ hưu'",
		Args:    exactly(1, "the id of an officer"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := needs(c, "reason"); err != nil {
				return err
			}
			if strings.Trim(args[0], ".") == "" {
				return usagef("%q is not the id of an officer", args[0])
			}
			var act engine.ActRecord
			if err := r.post(c.Context(), "/officers/"+url.PathEscape(args[0])+"/departure", key, body, &act); err != nil {
				return err
			}
			return a.followAct(c.Context(), r, actReport{}, act.ID)
		},
	}
	c.Flags().StringVar(&body.Successor, "successor", "", "officer who takes the dossiers over")
	c.Flags().StringVar(&body.Reason, "reason", "", "why, for the record of every dossier")
	c.Flags().StringVar(&key, "idempotency-key", "", "repeat it under the same key without doing it twice")
	r.flags(c)
	return c
}

func (a *app) absence() *cobra.Command {
	return noun("absence", "say who is away and who stands in", a.absenceAdd(), a.absenceList(), a.absenceEnd())
}

func (a *app) absenceAdd() *cobra.Command {
	r, body, key := &remote{}, api.AbsenceBody{}, ""
	c := &cobra.Command{
		Use:   "add --from DAY --to DAY",
		Short: "enter an absence",
		Long: "Enters the days an officer is away, and who acts with their roles meanwhile. With --present the officer goes on\n" +
			"acting too: a delegation (ủy quyền) rather than a leave." + asWhom,
		Example: "  motcua absence add --as lan.nguyen --from 2026-12-01 --to 2026-12-05 --substitute hoa.le",
		Args:    exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := needs(c, "from", "to"); err != nil {
				return err
			}
			for flag, text := range map[string]string{"from": body.From, "to": body.To} {
				if err := aDay(flag, text); err != nil {
					return err
				}
			}
			var out engine.Absence
			if err := r.post(c.Context(), "/absences", key, body, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) { printAbsences(w, []engine.Absence{out}) })
		},
	}
	f := c.Flags()
	f.StringVar(&body.Officer, "officer", "", "who is away (default: the key's owner)")
	f.StringVar(&body.Substitute, "substitute", "", "who stands in")
	f.StringVar(&body.From, "from", "", "the first day")
	f.StringVar(&body.To, "to", "", "the last day")
	f.BoolVar(&body.Present, "present", false, "the officer goes on acting beside the substitute")
	f.StringVar(&body.Basis, "basis", "", "the decision it rests on")
	f.StringVar(&key, "idempotency-key", "", "repeat it under the same key without doing it twice")
	r.flags(c)
	return c
}

// aDay refuses what is no day.
func aDay(flag, text string) error {
	if err := new(calendar.Date).UnmarshalText([]byte(text)); err != nil {
		return usagef("--%s %q is not a day such as 2026-12-01", flag, text)
	}
	return nil
}

func printAbsences(w io.Writer, list []engine.Absence) {
	if len(list) == 0 {
		fmt.Fprintln(w, "nobody is away")
		return
	}
	columns(w, func(t io.Writer) {
		row(t, "OFFICER", "FROM", "TO", "SUBSTITUTE", "BASIS")
		for _, x := range list {
			row(t, x.Officer+when(x.Present, " (present)"), x.From.String(), x.To.String(), dash(x.Substitute), dash(x.Basis))
		}
	})
}

// absenceList is the answer of the routes that list absences.
type absenceList struct {
	Absences []engine.Absence `json:"absences"`
}

func (a *app) absenceList() *cobra.Command {
	r := &remote{}
	c := &cobra.Command{
		Use:     "list",
		Short:   "list who is away and who stands in",
		Long:    "Lists the absences of the key's agency." + asWhom,
		Example: "  motcua absence list --as hoa.le",
		Args:    exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			out := absenceList{Absences: []engine.Absence{}}
			if err := r.get(c.Context(), "/absences", nil, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) { printAbsences(w, out.Absences) })
		},
	}
	r.flags(c)
	return c
}

func (a *app) absenceEnd() *cobra.Command {
	r := &remote{}
	c := &cobra.Command{
		Use:     "end OFFICER FROM",
		Short:   "end an absence: the officer is back, or stays after all",
		Long:    "Ends the absence of an officer that begins on the day FROM." + asWhom,
		Example: "  motcua absence end --as lan.nguyen lan.nguyen 2026-12-01",
		Args:    exactly(2, "an officer and the first day of the absence"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := new(calendar.Date).UnmarshalText([]byte(args[1])); err != nil || strings.Trim(args[0], ".") == "" {
				return usagef("%s takes an officer and a day such as 2026-12-01", spoken(c))
			}
			out := absenceList{Absences: []engine.Absence{}}
			path := "/absences/" + url.PathEscape(args[0]) + "/" + args[1] + "/end"
			if err := r.call(c.Context(), request{method: http.MethodPost, path: path}, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) { printAbsences(w, out.Absences) })
		},
	}
	r.flags(c)
	return c
}
