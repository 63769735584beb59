package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"motcua/api"
	"motcua/engine"
)

// calendarServer are the verbs that talk to a server.
func (a *app) calendarServer() []*cobra.Command {
	return []*cobra.Command{
		a.calendarUpload(), a.calendarApprove(), a.calendarReject(), a.calendarVersions(), a.calendarTrail(), a.calendarPreview(), a.calendarPublish(), a.calendarProgress(),
	}
}

func (a *app) calendarUpload() *cobra.Command {
	r, draft := &remote{}, false
	c := &cobra.Command{
		Use:   "upload FILE",
		Short: "store a version of a calendar on a server, to be approved there",
		Long: "Stores a version of a calendar once no error is found in it. Until it is published the same version may be\n" +
			"uploaded anew, which costs it its approval. Takes role procedure-author. The file - is standard input." + whichServer,
		Example: "  motcua calendar upload --as tam.phan vn-national.yaml",
		Args:    exactly(1, "one file"),
		RunE: func(c *cobra.Command, args []string) error {
			text, err := readFile(c.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			q := request{method: http.MethodPost, path: "/calendars", body: text, media: "application/yaml"}
			if draft {
				q.query = url.Values{"draft": {"true"}}
			}
			var v engine.CalendarRecord
			if err := r.call(c.Context(), q, &v); err != nil {
				return a.findings(args[0], err)
			}
			return a.print(v, func(w io.Writer) { printCalendar(w, v) })
		},
	}
	c.Flags().BoolVar(&draft, "draft", false, "store it as a draft; a draft cannot be approved")
	r.flags(c)
	return c
}

func printCalendar(w io.Writer, v engine.CalendarRecord) {
	fmt.Fprintf(w, "calendar %s version %d is %s\n", v.Spec.Code, v.Spec.Version, v.State)
	columns(w, func(t io.Writer) {
		row(t, "known until", dash(day(v)))
		row(t, "authors", strings.Join(v.Authors, " "))
		if v.Approver != "" {
			row(t, "approver", v.Approver)
		}
		row(t, "sha256", v.SHA256)
		if v.Act != "" {
			row(t, "act", v.Act)
		}
	})
}

// day is the last day whose days off a calendar knows.
func day(v engine.CalendarRecord) string {
	if v.Spec.KnownUntil.IsZero() {
		return ""
	}
	return v.Spec.KnownUntil.String()
}

func (a *app) calendarVersions() *cobra.Command {
	r := &remote{}
	c := &cobra.Command{
		Use:     "versions CODE",
		Short:   "list the versions of a calendar on a server",
		Long:    "Lists every version of a calendar, published or not, with its place in the lifecycle." + whichServer,
		Example: "  motcua calendar versions --as tam.phan vn-national",
		Args:    exactly(1, "the code of a calendar"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := calendars.path(args[0])
			if err != nil {
				return err
			}
			var out struct {
				Calendars []engine.CalendarRecord `json:"calendars"`
			}
			if err := r.get(c.Context(), path, nil, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) {
				columns(w, func(t io.Writer) {
					row(t, "VERSION", "STATE", "KNOWN UNTIL", "AUTHORS", "APPROVER", "SHA256")
					for _, v := range out.Calendars {
						row(t, strconv.Itoa(v.Spec.Version), string(v.State), dash(day(v)), strings.Join(v.Authors, " "), dash(v.Approver), short(v.SHA256))
					}
				})
			})
		},
	}
	r.flags(c)
	return c
}

func (a *app) calendarApprove() *cobra.Command {
	return a.calendarStep(engine.ActionApprove, "approve a checked version of a calendar",
		"Approves a version. None of its authors may: four eyes. With --sha256 only the text that was read is approved.\nTakes role procedure-approver.",
		"  motcua calendar approve --as yen.luu vn-national 2 --comment 'Thông báo 10/2026'")
}

func (a *app) calendarReject() *cobra.Command {
	return a.calendarStep(engine.ActionReject, "send a version of a calendar back to its authors",
		"Takes a version back to draft, approved or not. Takes a --comment and role procedure-approver.",
		"  motcua calendar reject --as yen.luu vn-national 2 --comment 'Thiếu ngày nghỉ bù'")
}

func (a *app) calendarStep(action engine.VersionAction, short, long, example string) *cobra.Command {
	r, body, key := &remote{}, api.StepBody{}, ""
	c := &cobra.Command{
		Use: string(action) + " CODE VERSION", Short: short, Long: long + whichServer, Example: example,
		Args: exactly(2, "the code of a calendar and a version"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := calendars.version(args[0], args[1])
			if err != nil {
				return err
			}
			var v engine.CalendarRecord
			if err := r.post(c.Context(), path+"/"+string(action), key, body, &v); err != nil {
				return err
			}
			if v.Act != "" {
				return a.followAct(c.Context(), r, actReport{Calendar: &v}, v.Act)
			}
			return a.print(v, func(w io.Writer) { printCalendar(w, v) })
		},
	}
	c.Flags().StringVar(&body.Comment, "comment", "", "why, for the version's trail")
	c.Flags().StringVar(&body.SHA256, "sha256", "", "the text that is meant; refused when another one has replaced it")
	c.Flags().StringVar(&key, "idempotency-key", "", "repeat it under the same key without doing it twice")
	r.flags(c)
	return c
}

func (a *app) calendarPublish() *cobra.Command {
	return a.calendarStep(engine.ActionPublish, "publish an approved version of a calendar",
		"Publishes a version: it never changes any more, and the due moments of running dossiers are computed anew by it,\n"+
			"each on record with the rule that moved it. Waits until that is done; the exit code is 4 if a dossier kept its\n"+
			"due moments. See motcua calendar preview first. Takes role procedure-approver.",
		"  motcua calendar publish --as yen.luu vn-national 2")
}

func (a *app) calendarPreview() *cobra.Command {
	r := &remote{}
	c := &cobra.Command{
		Use:   "preview CODE VERSION",
		Short: "list the due moments the publication of a version would move",
		Long: "Lists every open due moment that would move if the version were published now: from when to when, and by which\n" +
			"rule. Changes nothing. Takes role procedure-approver." + whichServer,
		Example: "  motcua calendar preview --as yen.luu vn-national 2",
		Args:    exactly(2, "the code of a calendar and a version"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := calendars.version(args[0], args[1])
			if err != nil {
				return err
			}
			report := actReport{Outcomes: []engine.ActOutcome{}}
			if err := r.actPages(c.Context(), path+"/preview", &report); err != nil {
				return err
			}
			return a.print(report, func(w io.Writer) {
				fmt.Fprintf(w, "would move due moments of %s, keep %d, pass over %d\n", plural(report.Counts.Moved, "dossier"), report.Counts.Refused, report.Counts.Unchanged)
				printMoves(w, report.Outcomes)
			})
		},
	}
	r.flags(c)
	return c
}

func (a *app) calendarProgress() *cobra.Command {
	r := &remote{}
	c := &cobra.Command{
		Use:   "progress ACT",
		Short: "show how far an act on many dossiers has come",
		Long: "Shows an act (the publication of a calendar, an outage and its end, an officer's departure) and what it has done\n" +
			"with each dossier. The exit code is 4 if a dossier was left as it was." + whichServer,
		Example: "  motcua calendar progress --as yen.luu 0d1f…",
		Args:    exactly(1, "the id of an act"),
		RunE:    func(c *cobra.Command, args []string) error { return a.showAct(c.Context(), r, args[0]) },
	}
	r.flags(c)
	return c
}
