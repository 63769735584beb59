package main

import (
	"fmt"
	"io"
	"net/url"
	"strconv"

	"github.com/spf13/cobra"

	"motcua/api"
	"motcua/engine"
)

func (a *app) webhookDead() *cobra.Command {
	r := &remote{}
	state, limit := "", 50
	c := &cobra.Command{
		Use:     "dead WEBHOOK",
		Short:   "list deliveries that were given up, newest first",
		Long:    "Lists the deliveries of a subscription that nobody took in time, with the last attempt of each. With --state also\nthose that are pending or delivered." + asWhom,
		Example: "  motcua webhook dead --as portal@H00.101 0d1f…",
		Args:    exactly(1, "the id of a webhook"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := hookPath(args[0])
			if err != nil {
				return err
			}
			var out struct {
				Deliveries []engine.DeliveryRecord `json:"deliveries"`
				Next       string                  `json:"next,omitempty"`
			}
			query := url.Values{"state": {state}, "limit": {strconv.Itoa(limit)}}
			if err := r.get(c.Context(), path+"/deliveries", query, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) {
				columns(w, func(t io.Writer) {
					row(t, "DELIVERY", "STATE", "DOSSIER", "SEQ", "TYPE", "ANNOUNCED", "ATTEMPTS", "LAST FAILURE")
					for _, d := range out.Deliveries {
						row(t, fmt.Sprint(d.ID), d.State, d.Dossier, fmt.Sprint(d.Seq), d.Type, rfc3339(d.Created), fmt.Sprint(d.Attempts), lastFailure(d))
					}
				})
			})
		},
	}
	c.Flags().StringVar(&state, "state", engine.DeliveryDead, "dead, pending or delivered")
	c.Flags().IntVar(&limit, "limit", limit, "how many, at most 200")
	complete(c, "state", []string{engine.DeliveryDead, engine.DeliveryPending, engine.DeliveryDelivered})
	r.flags(c)
	return c
}

func lastFailure(d engine.DeliveryRecord) string {
	if len(d.Tries) == 0 {
		return "-"
	}
	return dash(d.Tries[0].Why())
}

func (a *app) webhookReplay() *cobra.Command {
	r, body := &remote{}, api.ReplayBody{}
	var from, to string
	c := &cobra.Command{
		Use:     "replay WEBHOOK [DELIVERY...]",
		Short:   "send deliveries again: some by id, or a range of time",
		Long:    "Sends dead deliveries of a subscription again, under the ids they had: those named, or those announced from --from\nto --to, or all. With --state delivered also those that were delivered." + asWhom,
		Example: "  motcua webhook replay --as portal@H00.101 0d1f… --from 2026-11-23T08:00:00+07:00",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("the id of a webhook is missing")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			path, err := hookPath(args[0])
			if err != nil {
				return err
			}
			for _, text := range args[1:] {
				id, err := strconv.ParseInt(text, 10, 64)
				if err != nil {
					return usagef("%q is not the number of a delivery", text)
				}
				body.Deliveries = append(body.Deliveries, id)
			}
			if body.From, err = instant("from", from); err != nil {
				return err
			}
			if body.To, err = instant("to", to); err != nil {
				return err
			}
			var out struct {
				Replayed int `json:"replayed"`
			}
			if err := r.post(c.Context(), path+"/replay", "", body, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) { _, _ = fmt.Fprintf(w, "%d replayed\n", out.Replayed) })
		},
	}
	c.Flags().StringVar(&from, "from", "", "announced at or after this moment, as RFC 3339")
	c.Flags().StringVar(&to, "to", "", "announced before this moment")
	c.Flags().StringVar(&body.State, "state", "", "dead (default) or delivered")
	r.flags(c)
	return c
}
