package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"motcua/api"
	"motcua/engine"
	"motcua/engine/calendar"
)

func (a *app) dossier() *cobra.Command {
	r := &remote{}
	c := noun("dossier", "start, show and move dossiers through a server", a.dossierStart(r), a.dossierShow(r), a.dossierFire(r), a.dossierList(r))
	c.PersistentFlags().StringVar(&r.server, "server", "", "address of the server (default: $MOTCUA_SERVER, else the local stack's)")
	c.PersistentFlags().StringVar(&r.as, "as", "", "act by the key of this name in the local stack's credentials (else $MOTCUA_API_KEY)")
	c.PersistentFlags().StringVar(&r.dir, "dir", ".motcua", "directory of the local stack")
	return c
}

func (a *app) dossierStart(r *remote) *cobra.Command {
	var body api.StartBody
	var fields map[string]string
	var key string
	c := &cobra.Command{
		Use:     "start --procedure CODE --applicant NAME",
		Short:   "start a dossier",
		Example: "  motcua dossier start --as portal@H00.101 --procedure 2.000908 --applicant 'Nguyễn Văn An' --component request",
		Args:    exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			body.Fields = typed(fields)
			var out api.Answer
			if err := r.call(c.Context(), http.MethodPost, "/api/v1/dossiers", key, body, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) { answer(w, out) })
		},
	}
	f := c.Flags()
	f.StringVar(&body.Procedure, "procedure", "", "code of the procedure")
	f.StringVar(&body.Agency, "agency", "", "code of the agency (default: the key's own)")
	f.StringVar(&body.Channel, "channel", "direct", "direct, online or post")
	f.StringVar(&body.Applicant.Name, "applicant", "", "name of the applicant")
	f.StringVar(&body.Applicant.ID, "applicant-id", "", "identity number of the applicant")
	f.StringVar(&body.Applicant.Phone, "phone", "", "telephone of the applicant")
	f.StringSliceVar(&body.Components, "component", nil, "id of a paper handed in (repeatable)")
	f.StringToStringVar(&fields, "field", nil, "value of a field, as id=value (repeatable)")
	f.StringVar(&body.Comment, "comment", "", "a remark for the record")
	f.StringVar(&key, "idempotency-key", "", "repeat a start under the same key without a second dossier")
	return c
}

// typed reads field values as the JSON they look like: true, 3, or words.
func typed(fields map[string]string) map[string]any {
	out := make(map[string]any, len(fields))
	for id, text := range fields {
		if b, err := strconv.ParseBool(text); err == nil && (text == "true" || text == "false") {
			out[id] = b
		} else if n, err := strconv.ParseInt(text, 10, 64); err == nil && strconv.FormatInt(n, 10) == text {
			out[id] = n
		} else {
			out[id] = text
		}
	}
	return out
}

func (a *app) dossierFire(r *remote) *cobra.Command {
	var body api.EventBody
	var key string
	c := &cobra.Command{
		Use:     "fire CODE EVENT",
		Short:   "fire an event of a dossier",
		Example: "  motcua dossier fire --as lan.nguyen H00.101-261123-0001 accept",
		Args:    exactly(2, "a dossier code and an event"),
		RunE: func(c *cobra.Command, args []string) error {
			body.Event = args[1]
			var out api.Answer
			if err := r.call(c.Context(), http.MethodPost, "/api/v1/dossiers/"+url.PathEscape(args[0])+"/events", key, body, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) { answer(w, out) })
		},
	}
	c.Flags().StringVar(&body.Comment, "comment", "", "a reason, where the event needs one")
	c.Flags().StringSliceVar(&body.Components, "component", nil, "id of a paper handed in with it (repeatable)")
	c.Flags().StringVar(&key, "idempotency-key", "", "repeat an event under the same key without firing it twice")
	return c
}

func answer(w io.Writer, out api.Answer) {
	fmt.Fprintf(w, "%s  %s (%s)\n", out.Code, out.State, out.StateName.VI)
	if !out.DueAt.IsZero() {
		fmt.Fprintf(w, "due %s\n", local(out.DueAt))
	}
	if !out.StepDueAt.IsZero() {
		fmt.Fprintf(w, "step due %s\n", local(out.StepDueAt))
	}
	permitted(w, out.Permitted)
}

func permitted(w io.Writer, list []engine.Permitted) {
	for _, p := range list {
		fmt.Fprintf(w, "  may: %-22s %s\n", p.Event, p.Name.VI)
	}
}

func local(t time.Time) string { return t.In(calendar.Zone()).Format(time.RFC3339) }

func (a *app) dossierShow(r *remote) *cobra.Command {
	return &cobra.Command{
		Use:   "show CODE",
		Short: "show a dossier, what it waits for and what happened to it",
		Args:  exactly(1, "a dossier code"),
		RunE: func(c *cobra.Command, args []string) error {
			path := "/api/v1/dossiers/" + url.PathEscape(args[0])
			var view api.DossierView
			if err := r.call(c.Context(), http.MethodGet, path, "", nil, &view); err != nil {
				return err
			}
			var facts struct {
				Facts []engine.StoredFact `json:"facts"`
			}
			if err := r.call(c.Context(), http.MethodGet, path+"/facts", "", nil, &facts); err != nil {
				return err
			}
			whole := struct {
				api.DossierView
				Facts []engine.StoredFact `json:"facts"`
			}{view, facts.Facts}
			return a.print(whole, func(w io.Writer) { show(w, view, facts.Facts) })
		},
	}
}

func show(w io.Writer, v api.DossierView, facts []engine.StoredFact) {
	fmt.Fprintf(w, "%s  %s %s\n", v.Code, v.Procedure, v.ProcedureName.VI)
	fmt.Fprintf(w, "%s: %s (%s)", v.Status, v.State, v.StateName.VI)
	if v.Department != "" {
		fmt.Fprintf(w, " with %s/%s", v.Department, v.Role)
	}
	fmt.Fprintln(w)
	if !v.DueAt.IsZero() {
		fmt.Fprintf(w, "due %s%s\n", local(v.DueAt), flag(v.Overdue, " OVERDUE"))
	}
	if !v.StepDueAt.IsZero() {
		fmt.Fprintf(w, "step due %s%s\n", local(v.StepDueAt), flag(v.StepOverdue, " OVERDUE"))
	}
	permitted(w, v.Permitted)
	for _, f := range facts {
		fmt.Fprintf(w, "%4d  %s  %-20s %s\n", f.Seq, local(f.At), f.Kind, detail(f.Fact))
	}
}

func flag(on bool, text string) string {
	if on {
		return text
	}
	return ""
}

func detail(f engine.Fact) string {
	var parts []string
	if f.Rung != nil {
		parts = append(parts, f.Rung.Rung, f.Rung.Raise, flag(f.Rung.Late, "late"))
	}
	if f.Clock != nil {
		parts = append(parts, string(f.Clock.Kind), f.Clock.Budget.String(), string(f.Clock.Verdict))
	}
	if f.From != "" || f.To != "" {
		parts = append(parts, f.From+" → "+f.To)
	}
	return strings.Join(strings.Fields(strings.Join(append(parts, f.Event, f.Form, f.Outcome, "by "+f.Actor), " ")), " ")
}

func (a *app) dossierList(r *remote) *cobra.Command {
	var overdue bool
	filter := map[string]*string{}
	c := &cobra.Command{
		Use:   "list",
		Short: "list dossiers, the most urgent first",
		Args:  exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			query := url.Values{}
			for name, value := range filter {
				if *value != "" {
					query.Set(strings.ReplaceAll(name, "-", "_"), *value)
				}
			}
			if c.Flags().Changed("overdue") {
				query.Set("overdue", strconv.FormatBool(overdue))
			}
			var page struct {
				Dossiers []engine.Record `json:"dossiers"`
				Next     string          `json:"next,omitempty"`
			}
			if err := r.call(c.Context(), http.MethodGet, "/api/v1/dossiers?"+query.Encode(), "", nil, &page); err != nil {
				return err
			}
			return a.print(page, func(w io.Writer) { table(w, page.Dossiers, page.Next) })
		},
	}
	for name, help := range map[string]string{
		"status": "running, suspended or closed", "department": "department that has it", "holder": "officer who holds it",
		"procedure": "code of the procedure", "due-before": "due before this RFC 3339 time", "limit": "at most so many", "cursor": "the page after this cursor",
	} {
		filter[name] = c.Flags().String(name, "", help)
	}
	c.Flags().BoolVar(&overdue, "overdue", false, "only those whose step or dossier is overdue")
	return c
}

func table(w io.Writer, records []engine.Record, next string) {
	if len(records) == 0 {
		fmt.Fprintln(w, "no dossiers")
		return
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "CODE\tPROCEDURE\tSTATE\tDEPARTMENT\tHOLDER\tDUE\tSTEP DUE\tRAISED")
	for _, d := range records {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", d.Code, d.Procedure, d.State, d.Department, d.Holder,
			moment(d.DueAt, d.Overdue), moment(d.StepDueAt, d.StepOverdue), d.Raised)
	}
	_ = t.Flush()
	if next != "" {
		fmt.Fprintln(w, "more: --cursor", next)
	}
}

func moment(t time.Time, overdue bool) string {
	if t.IsZero() {
		return "-"
	}
	return local(t) + flag(overdue, " !")
}
