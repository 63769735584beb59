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

func (a *app) webhook() *cobra.Command {
	return noun("webhook", "tell backends what happens to dossiers", a.webhookAdd(), a.webhookList(), a.webhookRotate(), a.webhookEnable(true), a.webhookEnable(false),
		a.webhookRemove(), a.webhookDead(), a.webhookReplay())
}

// hookPath is the path of a subscription.
func hookPath(id string) (string, error) {
	if strings.Trim(id, ".") == "" {
		return "", usagef("%q is not the id of a webhook", id)
	}
	return "/webhooks/" + url.PathEscape(id), nil
}

func (a *app) webhookAdd() *cobra.Command {
	r, body := &remote{}, api.WebhookBody{}
	var key string
	c := &cobra.Command{
		Use:     "add URL",
		Short:   "subscribe; prints the secret, once",
		Long:    "Subscribes an address to what happens to the agency's dossiers. The secret that deliveries are signed with is\nprinted now and never again." + asWhom,
		Example: "  motcua webhook add --as portal@H00.101 https://portal.example/hooks --type vn.motcua.portal.status",
		Args:    exactly(1, "an address such as https://portal.example/hooks"),
		RunE: func(c *cobra.Command, args []string) error {
			body.URL = args[0]
			var made engine.IssuedWebhook
			if err := r.post(c.Context(), "/webhooks", key, body, &made); err != nil {
				return err
			}
			return a.printHook(made)
		},
	}
	f := c.Flags()
	f.StringArrayVar(&body.Types, "type", nil, "only events of this type; may be repeated")
	f.StringArrayVar(&body.Procedures, "procedure", nil, "only dossiers of this procedure; may be repeated")
	f.StringArrayVar(&body.Departments, "department", nil, "only dossiers in this department; may be repeated")
	f.BoolVar(&body.StatusOnly, "status-only", false, "only changes of state and of the portal's status")
	f.StringVar(&body.Description, "description", "", "whose it is")
	f.StringVar(&key, "idempotency-key", "", "repeat it under the same key without a second subscription")
	r.flags(c)
	return c
}

func (a *app) printHook(w engine.IssuedWebhook) error {
	return a.print(w, func(out io.Writer) {
		columns(out, func(t io.Writer) {
			row(t, "webhook", w.ID)
			row(t, "url", w.URL)
			row(t, "secret", dash(w.Secret))
			for _, s := range w.Secrets {
				if !s.Until.IsZero() {
					row(t, "old secret until", rfc3339(s.Until))
				}
			}
		})
	})
}

func (a *app) webhookList() *cobra.Command {
	r := &remote{}
	c := &cobra.Command{
		Use:     "list",
		Short:   "list the agency's subscriptions",
		Long:    "Lists the subscriptions of the key's agency, with what waits and what is dead." + asWhom,
		Example: "  motcua webhook list --as portal@H00.101",
		Args:    exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			var out struct {
				Webhooks []engine.Webhook `json:"webhooks"`
			}
			if err := r.get(c.Context(), "/webhooks", nil, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) {
				columns(w, func(t io.Writer) {
					row(t, "WEBHOOK", "URL", "PENDING", "DEAD", "FAILING SINCE", "STATE")
					for _, h := range out.Webhooks {
						row(t, h.ID, h.URL, fmt.Sprint(h.Pending), fmt.Sprint(h.Dead), moment(h.FailingSince, false), hookState(h))
					}
				})
			})
		},
	}
	r.flags(c)
	return c
}

func hookState(h engine.Webhook) string {
	if h.Enabled {
		return "enabled"
	}
	return "disabled: " + h.DisabledReason
}

func (a *app) webhookRotate() *cobra.Command {
	r := &remote{}
	var hours int
	c := &cobra.Command{
		Use:     "rotate WEBHOOK",
		Short:   "make a new secret; the old one stays valid for a while",
		Long:    "Makes a new secret and prints it, once. Deliveries carry signatures by both until the overlap is over." + asWhom,
		Example: "  motcua webhook rotate --as portal@H00.101 0d1f… --overlap-hours 48",
		Args:    exactly(1, "the id of a webhook"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := hookPath(args[0])
			if err != nil {
				return err
			}
			var made engine.IssuedWebhook
			if err := r.post(c.Context(), path+"/rotate", "", api.WebhookRotateBody{OverlapHours: &hours}, &made); err != nil {
				return err
			}
			return a.printHook(made)
		},
	}
	c.Flags().IntVar(&hours, "overlap-hours", 24, "how long the old secret stays valid; 0 where it leaked")
	r.flags(c)
	return c
}

// webhookEnable is the verb that enables a subscription, or disables it.
func (a *app) webhookEnable(enabled bool) *cobra.Command {
	verb, short := "disable", "send nothing for now; what happens is kept as for a subscriber that is away"
	if enabled {
		verb, short = "enable", "send again, beginning with what was kept"
	}
	r := &remote{}
	c := &cobra.Command{
		Use:     verb + " WEBHOOK",
		Short:   short,
		Long:    strings.ToUpper(verb[:1]) + verb[1:] + "s a subscription: " + short + "." + asWhom,
		Example: "  motcua webhook " + verb + " --as portal@H00.101 0d1f…",
		Args:    exactly(1, "the id of a webhook"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := hookPath(args[0])
			if err != nil {
				return err
			}
			var h engine.Webhook
			if err := r.get(c.Context(), path, nil, &h); err != nil {
				return err
			}
			body := api.WebhookChangeBody{Enabled: enabled, WebhookBody: api.WebhookBody{
				URL: h.URL, Description: h.Description, Types: h.Types, Procedures: h.Procedures, Departments: h.Departments, StatusOnly: h.StatusOnly,
			}}
			if err := r.post(c.Context(), path, "", body, &h); err != nil {
				return err
			}
			return a.print(h, func(w io.Writer) { _, _ = fmt.Fprintf(w, "%s is %s\n", h.ID, hookState(h)) })
		},
	}
	r.flags(c)
	return c
}

func (a *app) webhookRemove() *cobra.Command {
	r := &remote{}
	c := &cobra.Command{
		Use:     "remove WEBHOOK",
		Short:   "end a subscription and forget its deliveries",
		Long:    "Ends a subscription. Its deliveries are forgotten, dead ones included." + asWhom,
		Example: "  motcua webhook remove --as portal@H00.101 0d1f…",
		Args:    exactly(1, "the id of a webhook"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := hookPath(args[0])
			if err != nil {
				return err
			}
			var nothing []byte
			if err := r.post(c.Context(), path+"/delete", "", nil, &nothing); err != nil {
				return err
			}
			return a.print(map[string]string{"removed": args[0]}, func(w io.Writer) { _, _ = fmt.Fprintf(w, "%s is removed\n", args[0]) })
		},
	}
	r.flags(c)
	return c
}
