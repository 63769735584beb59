package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"motcua/api"
	"motcua/engine"
)

// dossierBulk gives one of the supervisors' verbs to many dossiers.
func (a *app) dossierBulk(r *remote) *cobra.Command {
	var body api.BulkBody
	var filters []string
	var more extras
	var key string
	c := &cobra.Command{
		Use:   "bulk EVENT --reason TEXT (--code CODE… | --filter NAME=VALUE…)",
		Short: "give a supervisor's verb to many dossiers",
		Long: "Gives one verb to many dossiers as one recorded act and waits for its end: " + strings.Join(engine.BulkEvents(), ", ") + ".\n\n" +
			"--code names dossiers; --filter selects, by the parameters of the list, what passes at this moment and nothing\n" +
			"that comes later. With --preview nothing is changed. Each dossier is decided by itself: the exit code is that of\n" +
			"a condition that does not hold when some were refused.",
		Example: "  motcua dossier bulk reassign --as hoa.le --officer minh.tran --reason 'san sẻ công việc' --filter department=one-stop --filter list=overdue --preview\n" +
			"  motcua dossier bulk escalate --as hoa.le --reason 'quá hạn' --code H00.101-261123-0001,H00.101-261123-0002",
		Args: exactly(1, "an event"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := needs(c, "reason"); err != nil {
				return err
			}
			var err error
			if body.Filter, err = pairs(filters); err != nil {
				return err
			}
			one := api.EventBody{Event: args[0]}
			if err := more.into(&one); err != nil {
				return err
			}
			body.Event, body.Halt, body.Overrides, body.Extend, body.Officer, body.Target = args[0], one.Halt, one.Overrides, one.Extend, more.officer, more.target
			if body.Preview {
				return a.previewBulk(c.Context(), r, body)
			}
			var view api.BulkView
			if err := r.post(c.Context(), "/bulk", key, body, &view); err != nil {
				return err
			}
			return a.followAct(c.Context(), r, actReport{}, view.Act.ID)
		},
	}
	f := c.Flags()
	f.StringVar(&body.Reason, "reason", "", "goes on the record of each dossier and of the act")
	f.StringSliceVar(&body.Dossiers, "code", nil, "code of a dossier (repeatable, or joined by commas)")
	f.StringArrayVar(&filters, "filter", nil, "a parameter of the list, as name=value (repeatable)")
	f.BoolVar(&body.Preview, "preview", false, "say what would become of each, and change nothing")
	f.StringVar(&key, "idempotency-key", "", "repeat an act under the same key without a second one")
	more.bulkFlags(c)
	return c
}

// bulkFlags are the flags that go with some verbs only.
func (x *extras) bulkFlags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&x.officer, "officer", "", "with reassign: to whom; without it, to the departments' pools")
	f.StringVar(&x.until, "until", "", "with suspend: when the clocks run again by themselves, as RFC 3339")
	f.StringVar(&x.basis, "basis", "", "with suspend: the rule it rests on")
	f.StringVar(&x.overrides.To, "to-state", "", "with override: the state the dossiers are put into")
	f.StringVar(&x.overrides.Extend, "extend", "", "with extend-limit and override: by how much the legal limits are lengthened, such as 2wd")
	f.StringVar(&x.target, "target", "", "with return-dossier: the step")
}

// pairs reads name=value.
func pairs(list []string) (map[string]string, error) {
	var out map[string]string
	for _, text := range list {
		name, value, ok := strings.Cut(text, "=")
		if !ok || name == "" {
			return nil, usagef("--filter %q is not name=value", text)
		}
		if out == nil {
			out = map[string]string{}
		}
		out[name] = value
	}
	return out, nil
}

// previewBulk tells what would become of each dossier.
func (a *app) previewBulk(ctx context.Context, r *remote, body api.BulkBody) error {
	report := actReport{Outcomes: []engine.ActOutcome{}}
	body.Limit = outcomesPage
	for more := true; more; {
		var view api.BulkView
		if err := r.call(ctx, request{method: "POST", path: "/bulk", body: body}, &view); err != nil {
			return err
		}
		if body.Cursor == "" {
			report.Counts = view.Counts
		}
		report.Outcomes = append(report.Outcomes, view.Outcomes...)
		body.Cursor, more = view.Next, view.Next != ""
	}
	return a.print(report, func(w io.Writer) {
		c := report.Counts
		fmt.Fprintf(w, "would change %s, keep %d, pass over %d; due moments of %d move\n", plural(c.Changed, "dossier"), c.Refused, c.Unchanged, c.Moved)
		var why []string
		for code, n := range c.Reasons {
			why = append(why, string(code)+" "+strconv.Itoa(n))
		}
		slices.Sort(why)
		if len(why) > 0 {
			fmt.Fprintln(w, "kept for: "+strings.Join(why, ", "))
		}
		printMoves(w, report.Outcomes)
	})
}

// dossierPreview says what an event would do.
func (a *app) dossierPreview(r *remote) *cobra.Command {
	var body api.EventBody
	var more extras
	c := &cobra.Command{
		Use:     "preview CODE EVENT",
		Short:   "say what an event would do to a dossier",
		Long:    "Says what an event would do now: state, due moments old and new, rungs to come, who is told; or why it would be\nrefused. Nothing is changed.",
		Example: "  motcua dossier preview --as hoa.le H00.101-261123-0001 override --to-state refused --comment 'Kết luận thanh tra'",
		Args:    exactly(2, "a dossier code and an event"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := dossierPath(args[0])
			if err != nil {
				return err
			}
			body.Event = args[1]
			if err := more.into(&body); err != nil {
				return err
			}
			var p engine.Preview
			if err := r.call(c.Context(), request{method: "POST", path: path + "/preview", body: body}, &p); err != nil {
				return err
			}
			return a.print(p, func(w io.Writer) { printPreview(w, p) })
		},
	}
	c.Flags().StringVar(&body.Comment, "comment", "", "a reason, where the event needs one")
	more.flags(c, &body)
	return c
}

func printPreview(w io.Writer, p engine.Preview) {
	if p.Refusal != nil {
		fmt.Fprintf(w, "would be refused: %s: %s\n", p.Refusal.Code, p.Refusal.Message)
		return
	}
	fmt.Fprintf(w, "%s → %s%s%s\n", p.From, p.To, when(p.Closed, ", closed "+p.Outcome), when(p.Override, ", an override"))
	if e := p.Endorsed; e != nil {
		fmt.Fprintf(w, "waits to be endorsed by %s\n", place(e.Department, e.Role))
	}
	columns(w, func(t io.Writer) {
		for _, m := range p.Moves {
			row(t, "  "+string(m.Kind)+prefixed(" of ", m.Subject), moment(m.Old, false)+" → "+moment(m.New, false), first(m.Rule.EN, m.Rule.VI))
		}
		for _, g := range p.Rungs {
			row(t, "  rung "+g.Rung, moment(g.At, false), g.Raise)
		}
	})
	for _, t := range p.Told {
		var names []string
		for _, o := range t.Officers {
			names = append(names, o.ID)
		}
		fmt.Fprintf(w, "tells %s: %s\n", t.Role, strings.Join(names, ", "))
	}
}

// dossierWatch begins or ends the watching of a dossier.
func (a *app) dossierWatch(r *remote) *cobra.Command {
	var stop bool
	c := &cobra.Command{
		Use:     "watch CODE",
		Short:   "be told of every change of a dossier",
		Example: "  motcua dossier watch --as hoa.le H00.101-261123-0001",
		Args:    exactly(1, "a dossier code"),
		RunE: func(c *cobra.Command, args []string) error {
			if _, err := dossierPath(args[0]); err != nil {
				return err
			}
			out := api.WatchBody{Watch: !stop}
			if err := r.post(c.Context(), "/dossiers/"+url.PathEscape(args[0])+"/watch", "", out, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) {
				fmt.Fprintf(w, "%s is %s\n", args[0], when(out.Watch, "watched")+when(!out.Watch, "not watched any more"))
			})
		},
	}
	c.Flags().BoolVar(&stop, "stop", false, "be told no more")
	return c
}
