package main

import (
	"io"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"motcua/api"
	"motcua/engine"
)

func (a *app) dossier() *cobra.Command {
	r := &remote{}
	c := noun("dossier", "start, show and move dossiers through a server", a.dossierStart(r), a.dossierShow(r), a.dossierFire(r), a.dossierList(r),
		a.dossierCount(r), a.dossierBoard(r), a.dossierWorkload(r), a.dossierView(r), a.dossierExplain(r), a.dossierTime(r), a.dossierChain(r),
		a.dossierPreview(r), a.dossierBulk(r), a.dossierWatch(r))
	c.Long = "Starts, shows and moves dossiers through the API of a server.\n\n" +
		"Which server and as whom: the flags, else MOTCUA_SERVER and MOTCUA_API_KEY, else the stack that motcua dev runs in --dir."
	c.PersistentFlags().StringVar(&r.server, "server", "", "address of the server (default $MOTCUA_SERVER, else the local stack's)")
	c.PersistentFlags().StringVar(&r.as, "as", "", "act by the key of this name in the local stack's credentials (else $MOTCUA_API_KEY)")
	c.PersistentFlags().StringVar(&r.dir, "dir", ".motcua", "directory of the local stack")
	return c
}

func (a *app) dossierStart(r *remote) *cobra.Command {
	var body api.StartBody
	var fields []string
	var key string
	c := &cobra.Command{
		Use:   "start --procedure CODE --applicant NAME",
		Short: "start a dossier",
		Long: "Starts a dossier and prints its code, when it is due and what may be done next.\n\n" +
			"A --field is id=value. true, false and numbers are sent as such; a text that looks like one of them\n" +
			"is put in double quotes: --field 'original.number=\"15\"'.",
		Example: "  motcua dossier start --as portal@H00.101 --procedure 2.000908 --applicant 'Nguyễn Văn An' " +
			"--component request --field original.kind='Giấy khai sinh' --field copies=2",
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := needs(c, "procedure", "applicant"); err != nil {
				return err
			}
			var err error
			if body.Fields, err = typed(fields); err != nil {
				return err
			}
			var out api.Answer
			if err := r.post(c.Context(), "/dossiers", key, body, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) { printAnswer(w, out) })
		},
	}
	f := c.Flags()
	f.StringVar(&body.Procedure, "procedure", "", "code of the procedure")
	f.StringVar(&body.Agency, "agency", "", "code of the agency (default: the key's own)")
	f.StringVar(&body.Channel, "channel", "direct", "direct, online or post")
	f.StringVar(&body.Applicant.Name, "applicant", "", "name of the applicant")
	f.StringVar(&body.Applicant.ID, "applicant-id", "", "identity number of the applicant")
	f.StringVar(&body.Applicant.Phone, "phone", "", "telephone of the applicant")
	f.StringVar(&body.Applicant.Email, "email", "", "mail address of the applicant")
	f.StringVar(&body.Applicant.Address, "address", "", "where the applicant lives")
	f.StringSliceVar(&body.Components, "component", nil, "id of a paper handed in (repeatable)")
	f.StringArrayVar(&fields, "field", nil, "value of a field, as id=value (repeatable)")
	f.StringVar(&body.Comment, "comment", "", "a remark for the record")
	f.StringVar(&key, "idempotency-key", "", "repeat a start under the same key without a second dossier")
	complete(c, "channel", []string{"direct", "online", "post"})
	return c
}

// typed reads field values as the JSON they look like: true, 3, "3", or words.
func typed(fields []string) (map[string]any, error) {
	out := make(map[string]any, len(fields))
	for _, field := range fields {
		id, text, ok := strings.Cut(field, "=")
		if !ok || id == "" {
			return nil, usagef("--field %q is not id=value", field)
		}
		out[id] = value(text)
	}
	return out, nil
}

func value(text string) any {
	if text == "true" || text == "false" {
		return text == "true"
	}
	// Only as numbers are written: 001 is the beginning of an identity number.
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && strconv.FormatInt(n, 10) == text {
		return n
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil && strconv.FormatFloat(n, 'f', -1, 64) == text {
		return n
	}
	if quoted, ok := strings.CutPrefix(text, `"`); ok {
		if inner, ok := strings.CutSuffix(quoted, `"`); ok {
			return inner
		}
	}
	return text
}

func (a *app) dossierFire(r *remote) *cobra.Command {
	var body api.EventBody
	var answer api.AnswerBody
	var more extras
	var fields []string
	var key string
	c := &cobra.Command{
		Use:   "fire CODE EVENT",
		Short: "fire an event of a dossier",
		Long: "Fires an event of a dossier and prints where it stands then and what may be done next. A --field is\n" +
			"id=value, as with dossier start. The event answer gives the opinion of a consulted department. Supervisors\n" +
			"reassign, suspend, resume, override, endorse, turn-down, acknowledge, escalate, return-dossier, extend-limit and\n" +
			"withdraw-dossier; a reason goes with most of these.",
		Example: "  motcua dossier fire --as lan.nguyen H00.101-261123-0001 accept\n" +
			"  motcua dossier fire --as long.vien H00.11-261123-0001 answer --consultation departments --department construction --says agree\n" +
			"  motcua dossier fire --as hoa.le H00.101-261123-0001 suspend --until 2026-11-30T08:00:00+07:00 --basis 'Điều 3' --comment 'Chờ giám định'",
		Args: exactly(2, "a dossier code and an event"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := dossierPath(args[0])
			if err != nil {
				return err
			}
			if body.Fields, err = typed(fields); err != nil {
				return err
			}
			if body.Event = args[1]; answer != (api.AnswerBody{}) {
				body.Answer = &answer
			}
			if err := more.into(&body); err != nil {
				return err
			}
			var out api.Answer
			if err := r.post(c.Context(), path+"/events", key, body, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) { printAnswer(w, out) })
		},
	}
	c.Flags().StringVar(&body.Comment, "comment", "", "a reason, where the event needs one")
	c.Flags().StringSliceVar(&body.Components, "component", nil, "id of a paper handed in with it (repeatable)")
	c.Flags().StringArrayVar(&fields, "field", nil, "value of a field the event takes, as id=value (repeatable)")
	c.Flags().StringVar(&answer.Consultation, "consultation", "", "consultation that is answered")
	c.Flags().StringVar(&answer.Department, "department", "", "department that answers")
	c.Flags().StringVar(&answer.Says, "says", "", "its opinion: agree or refuse")
	more.flags(c, &body)
	c.Flags().StringVar(&key, "idempotency-key", "", "repeat an event under the same key without firing it twice")
	return c
}

// dossierPath is the path of a dossier. What would be cleaned out of a path is
// no code.
func dossierPath(code string) (string, error) {
	if strings.Trim(code, ".") == "" {
		return "", usagef("%q is not a dossier code such as H00.101-261123-0001", code)
	}
	return "/dossiers/" + url.PathEscape(code), nil
}

// dossierEvidence is everything the API says about one dossier.
type dossierEvidence struct {
	api.DossierView
	Clocks []api.ClockView     `json:"clocks"`
	Facts  []engine.StoredFact `json:"facts"`
}

func (a *app) dossierShow(r *remote) *cobra.Command {
	return &cobra.Command{
		Use:     "show CODE",
		Short:   "show a dossier, what it waits for and what happened to it",
		Long:    "Shows a dossier, what its key's owner may do with it, its clocks and its facts. With --output json each\nclock says how its due moment came about.",
		Example: "  motcua dossier show --as lan.nguyen H00.101-261123-0001",
		Args:    exactly(1, "a dossier code"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := dossierPath(args[0])
			if err != nil {
				return err
			}
			e := dossierEvidence{Clocks: []api.ClockView{}, Facts: []engine.StoredFact{}}
			for _, part := range []struct {
				path string
				into any
			}{{path, &e.DossierView}, {path + "/clocks", &e}, {path + "/facts", &e}} {
				if err := r.get(c.Context(), part.path, nil, part.into); err != nil {
					return err
				}
			}
			return a.print(e, func(w io.Writer) { printEvidence(w, e) })
		},
	}
}
