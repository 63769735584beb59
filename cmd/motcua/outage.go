package main

import (
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"motcua/api"
	"motcua/engine"
)

// asWhom ends the help of the verbs that take no role of the quality board.
const asWhom = "\n\nWhich server and as whom: the flags, else MOTCUA_SERVER and MOTCUA_API_KEY, else the stack that motcua dev\nruns in --dir."

func (a *app) outage() *cobra.Command {
	return noun("outage", "declare that a system was away, which stops all clocks", a.outageDeclare(), a.outageEnd(), a.outageList())
}

// instant reads a flag that is a moment; empty is none.
func instant(flag, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, usagef("--%s %q is not an RFC 3339 time such as 2026-11-30T08:00:00+07:00", flag, text)
	}
	return t, nil
}

func (a *app) outageDeclare() *cobra.Command {
	r, body := &remote{}, api.OutageBody{}
	var from, until, key string
	c := &cobra.Command{
		Use:   "declare --system NAME --reason TEXT",
		Short: "declare an outage",
		Long: "Declares that a system the work rests on is, or was, away: the clocks of the dossiers of the key's agency stand\n" +
			"still from --from on, until the outage ends. Waits until every dossier has it on record." + asWhom,
		Example: "  motcua outage declare --as chau.dang --system VNeID --reason 'Mất kết nối' --from 2026-11-23T08:00:00+07:00",
		Args:    exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := needs(c, "system", "reason"); err != nil {
				return err
			}
			var err error
			if body.From, err = instant("from", from); err != nil {
				return err
			}
			if body.Until, err = instant("until", until); err != nil {
				return err
			}
			return a.outageAct(c, r, "/outages", key, body)
		},
	}
	f := c.Flags()
	f.StringVar(&body.System, "system", "", "which system")
	f.StringVar(&body.Reason, "reason", "", "why, for the record of every dossier")
	f.StringVar(&body.Basis, "basis", "", "the rule it rests on")
	f.StringVar(&body.Procedure, "procedure", "", "only dossiers of this procedure")
	f.StringVar(&from, "from", "", "when it began, as RFC 3339 (default now)")
	f.StringVar(&until, "until", "", "when it ended, if it is over")
	f.StringVar(&key, "idempotency-key", "", "repeat it under the same key without a second outage")
	r.flags(c)
	return c
}

// outageAct sends a change of an outage and follows the act.
func (a *app) outageAct(c *cobra.Command, r *remote, path, key string, body any) error {
	var view api.OutageView
	if err := r.post(c.Context(), path, key, body, &view); err != nil {
		return err
	}
	return a.followAct(c.Context(), r, actReport{Outage: &view.Outage}, view.Act.ID)
}

func (a *app) outageEnd() *cobra.Command {
	r, body := &remote{}, api.OutageEndBody{}
	var until, key string
	c := &cobra.Command{
		Use:     "end OUTAGE",
		Short:   "say that an outage is over",
		Long:    "Ends an outage: the clocks it stopped run again from --until on. Waits until every dossier has it on record." + asWhom,
		Example: "  motcua outage end --as chau.dang 0d1f… --until 2026-11-23T09:40:00+07:00",
		Args:    exactly(1, "the id of an outage"),
		RunE: func(c *cobra.Command, args []string) error {
			if strings.Trim(args[0], ".") == "" {
				return usagef("%q is not the id of an outage", args[0])
			}
			var err error
			if body.Until, err = instant("until", until); err != nil {
				return err
			}
			return a.outageAct(c, r, "/outages/"+url.PathEscape(args[0])+"/end", key, body)
		},
	}
	c.Flags().StringVar(&until, "until", "", "when the system was back, as RFC 3339 (default now)")
	c.Flags().StringVar(&body.Comment, "comment", "", "a remark for the record")
	c.Flags().StringVar(&key, "idempotency-key", "", "repeat it under the same key without doing it twice")
	r.flags(c)
	return c
}

func (a *app) outageList() *cobra.Command {
	r := &remote{}
	c := &cobra.Command{
		Use:     "list",
		Short:   "list declared outages, newest first",
		Long:    "Lists the declared outages that concern the key's agency." + asWhom,
		Example: "  motcua outage list --as chau.dang",
		Args:    exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			var out struct {
				Outages []engine.Outage `json:"outages"`
			}
			if err := r.get(c.Context(), "/outages", nil, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) {
				columns(w, func(t io.Writer) {
					row(t, "OUTAGE", "SYSTEM", "FROM", "UNTIL", "PROCEDURE", "BY", "REASON")
					for _, o := range out.Outages {
						row(t, o.ID, o.System, rfc3339(o.From), moment(o.Until, false), dash(o.Procedure), o.Declared, o.Reason)
					}
				})
			})
		},
	}
	r.flags(c)
	return c
}
