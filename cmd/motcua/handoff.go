package main

import (
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"motcua/api"
	"motcua/engine"
)

func (a *app) handoff() *cobra.Command {
	return noun("handoff", "hand many dossiers over with one slip", a.handoffSend(), a.handoffAccept(), a.handoffShow())
}

func (a *app) handoffSend() *cobra.Command {
	r, body, key := &remote{}, api.HandoffBody{}, ""
	c := &cobra.Command{
		Use:   "send EVENT CODE...",
		Short: "fire one event on many dossiers and put them on one slip",
		Long: "Fires an event that hands a dossier over on each of up to 200 dossiers, and prints the id of the slip by which\n" +
			"the receiving department accepts them. The exit code is 4 if one was refused." + asWhom,
		Example: "  motcua handoff send --as lan.nguyen forward H00.101-261123-0001 H00.101-261123-0002",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) < 2 || len(args) > 201 || strings.TrimSpace(strings.Join(args, "")) == "" {
				return usagef("%s takes an event and 1 to 200 dossier codes", spoken(c))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			body.Event, body.Dossiers = args[0], args[1:]
			var out api.SlipAnswer
			if err := r.post(c.Context(), "/handoffs", key, body, &out); err != nil {
				return err
			}
			return a.slipAnswer(out, "handed over")
		},
	}
	c.Flags().StringVar(&body.Comment, "comment", "", "a remark for the record of each")
	c.Flags().StringVar(&key, "idempotency-key", "", "repeat it under the same key without handing anything over twice")
	r.flags(c)
	return c
}

// slipAnswer tells what became of each dossier of a slip.
func (a *app) slipAnswer(out api.SlipAnswer, done string) error {
	if err := a.print(out, func(w io.Writer) {
		fmt.Fprintf(w, "slip %s: %s %s, refused %d\n", out.Slip, done, plural(out.Done, "dossier"), out.Refused)
		columns(w, func(t io.Writer) {
			for _, s := range out.Results {
				row(t, "  "+s.Dossier, s.Result, dash(s.State), prefixed(string(s.Code)+": ", s.Message))
			}
		})
	}); err != nil {
		return err
	}
	if out.Refused > 0 {
		return engine.Errorf(engine.CodeNeedsUnmet, "refused: %s", plural(out.Refused, "dossier"))
	}
	return nil
}

func slipPath(slip string) (string, error) {
	if strings.Trim(slip, ".") == "" {
		return "", usagef("%q is not the id of a slip", slip)
	}
	return "/handoffs/" + url.PathEscape(slip), nil
}

func (a *app) handoffAccept() *cobra.Command {
	r, body, key := &remote{}, api.SlipBody{}, ""
	c := &cobra.Command{
		Use:     "accept SLIP",
		Short:   "accept all dossiers of a slip",
		Long:    "Accepts the dossiers of a slip that wait for a department of the key's owner. The exit code is 4 if one was refused." + asWhom,
		Example: "  motcua handoff accept --as duc.pham 0d1f…",
		Args:    exactly(1, "the id of a slip"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := slipPath(args[0])
			if err != nil {
				return err
			}
			var out api.SlipAnswer
			if err := r.post(c.Context(), path+"/accept", key, body, &out); err != nil {
				return err
			}
			return a.slipAnswer(out, "accepted")
		},
	}
	c.Flags().StringVar(&body.Comment, "comment", "", "a remark for the record of each")
	c.Flags().StringVar(&key, "idempotency-key", "", "repeat it under the same key without accepting anything twice")
	r.flags(c)
	return c
}

func (a *app) handoffShow() *cobra.Command {
	r := &remote{}
	c := &cobra.Command{
		Use:     "show SLIP",
		Short:   "show a slip and how each of its handoffs was answered",
		Long:    "Shows the dossiers handed over with a slip." + asWhom,
		Example: "  motcua handoff show --as duc.pham 0d1f…",
		Args:    exactly(1, "the id of a slip"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := slipPath(args[0])
			if err != nil {
				return err
			}
			var out api.SlipView
			if err := r.get(c.Context(), path, nil, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) { printSlip(w, out) })
		},
	}
	r.flags(c)
	return c
}

func printSlip(w io.Writer, out api.SlipView) {
	fmt.Fprintf(w, "slip %s: %s, %d waiting\n", out.Slip, plural(len(out.Dossiers), "dossier"), out.Waiting)
	columns(w, func(t io.Writer) {
		row(t, "  CODE", "FROM", "TO", "SENT", "ANSWER", "BY")
		for _, s := range out.Dossiers {
			row(t, "  "+s.Dossier, s.FromDepartment, s.ToDepartment, rfc3339(s.SentAt), first(s.Answer, "waiting"), dash(s.AnsweredBy))
		}
	})
}
