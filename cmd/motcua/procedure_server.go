package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"motcua/api"
	"motcua/api/problem"
	"motcua/engine"
	"motcua/engine/calendar"
)

// whichServer ends the help of the verbs that talk to a server.
const whichServer = "\n\nWhich server and as whom: the flags, else MOTCUA_SERVER and MOTCUA_API_KEY, else the stack that motcua dev\n" +
	"runs in --dir. The key is that of an officer who holds the role in department quality."

// documents are what a server keeps versions of.
type documents struct{ plural, one, example string }

var (
	procedures = documents{"procedures", "procedure", "1.001193"}
	calendars  = documents{"calendars", "calendar", "vn-national"}
)

// version is the path of a version; what would be cleaned out of a path is no
// code.
func (d documents) version(code, version string) (string, error) {
	n, err := strconv.Atoi(version)
	if err != nil || n < 1 {
		return "", usagef("the version is %q, not a number from 1", version)
	}
	path, err := d.path(code)
	return path + "/versions/" + strconv.Itoa(n), err
}

func (d documents) path(code string) (string, error) {
	if strings.Trim(code, ".") == "" {
		return "", usagef("%q is not the code of a %s such as %s", code, d.one, d.example)
	}
	return "/" + d.plural + "/" + url.PathEscape(code), nil
}

func (a *app) procedureUpload() *cobra.Command {
	r, draft := &remote{}, false
	c := &cobra.Command{
		Use:   "upload FILE",
		Short: "store a definition on a server, to be approved there",
		Long: "Stores the text of a version, byte by byte, once lint finds no error in it. Until it is published the same\n" +
			"version may be uploaded anew, which costs it its approval. Takes role procedure-author. The file - is\n" +
			"standard input." + whichServer,
		Example: "  motcua procedure upload --as tam.phan definitions/procedures/1.001193.yaml",
		Args:    exactly(1, "one file"),
		RunE: func(c *cobra.Command, args []string) error {
			text, err := readFile(c.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			q := request{method: http.MethodPost, path: "/procedures", body: text, media: "application/yaml"}
			if draft {
				q.query = url.Values{"draft": {"true"}}
			}
			var up engine.Uploaded
			if err := r.call(c.Context(), q, &up); err != nil {
				return a.findings(args[0], err)
			}
			return a.print(up, func(w io.Writer) {
				for _, f := range up.Findings {
					f.File = args[0]
					fmt.Fprintln(w, f)
				}
				printVersion(w, up.VersionRecord)
			})
		},
	}
	c.Flags().BoolVar(&draft, "draft", false, "store it whatever is wrong with it; a draft cannot be approved")
	r.flags(c)
	return c
}

// findings prints what the server found wrong with a text, as lint would.
func (a *app) findings(file string, err error) error {
	var said *problem.Problem
	if !errors.As(err, &said) || len(said.Findings) == 0 {
		return err
	}
	for i := range said.Findings {
		if file != "" { // else the server names the files of a bundle
			said.Findings[i].File = file
		}
		if a.output != "json" {
			fmt.Fprintln(a.err, said.Findings[i])
		}
	}
	return said.Findings
}

func printVersion(w io.Writer, v engine.VersionRecord) {
	fmt.Fprintf(w, "%s version %d is %s\n", v.Code, v.Version.Version, v.State)
	columns(w, func(t io.Writer) {
		row(t, "effective", effective(v.Effective))
		row(t, "authors", strings.Join(v.Authors, " "))
		if v.Approver != "" {
			row(t, "approver", v.Approver)
		}
		row(t, "sha256", v.SHA256)
	})
}

func effective(e engine.Effective) string {
	if e.From.IsZero() {
		return "-"
	}
	return "from " + e.From.String() + when(!e.To.IsZero(), " to before "+e.To.String())
}

func (a *app) procedureVersions() *cobra.Command {
	r := &remote{}
	c := &cobra.Command{
		Use:     "versions CODE",
		Short:   "list the versions of a procedure on a server",
		Long:    "Lists every version of a procedure, published or not, with its place in the lifecycle." + whichServer,
		Example: "  motcua procedure versions --as tam.phan 1.001193",
		Args:    exactly(1, "the code of a procedure"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := procedures.path(args[0])
			if err != nil {
				return err
			}
			var out struct {
				Procedures []engine.VersionRecord `json:"procedures"`
			}
			if err := r.get(c.Context(), path+"/versions", nil, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) {
				columns(w, func(t io.Writer) {
					row(t, "VERSION", "STATE", "EFFECTIVE", "AUTHORS", "APPROVER", "SHA256")
					for _, v := range out.Procedures {
						row(t, strconv.Itoa(v.Version.Version), string(v.State), effective(v.Effective), strings.Join(v.Authors, " "), dash(v.Approver), short(v.SHA256))
					}
				})
			})
		},
	}
	r.flags(c)
	return c
}

// short is enough of a digest to tell texts apart by eye.
func short(sha256 string) string { return sha256[:min(12, len(sha256))] }

func (a *app) procedureApprove() *cobra.Command {
	return a.procedureStep(engine.ActionApprove, "approve a checked version",
		"Approves a version. None of its authors may: four eyes. With --sha256 only the text that was read is approved.\nTakes role procedure-approver.",
		"  motcua procedure approve --as yen.luu 1.001193 2 --comment 'Biên bản họp 12/2026'")
}

func (a *app) procedureReject() *cobra.Command {
	return a.procedureStep(engine.ActionReject, "send a version back to its authors",
		"Takes a version back to draft, approved or not. Takes a --comment and role procedure-approver.",
		"  motcua procedure reject --as yen.luu 1.001193 2 --comment 'Thiếu căn cứ pháp lý'")
}

func (a *app) procedurePublish() *cobra.Command {
	return a.procedureStep(engine.ActionPublish, "publish an approved version",
		"Publishes a version: dossiers start under it from its first day, and it never changes any more. The version\n"+
			"before ends where it has no end; dossiers that run under that one stay with it. Takes role procedure-approver.",
		"  motcua procedure publish --as yen.luu 1.001193 2")
}

func (a *app) procedureStep(action engine.VersionAction, short, long, example string) *cobra.Command {
	r, body := &remote{}, api.StepBody{}
	c := &cobra.Command{
		Use: string(action) + " CODE VERSION", Short: short, Long: long + whichServer, Example: example,
		Args: exactly(2, "the code of a procedure and a version"),
		RunE: func(c *cobra.Command, args []string) error {
			return a.takeStep(c, r, args, action, body)
		},
	}
	c.Flags().StringVar(&body.Comment, "comment", "", "why, for the version's trail")
	c.Flags().StringVar(&body.SHA256, "sha256", "", "the text that is meant; refused when another one has replaced it")
	r.flags(c)
	return c
}

func (a *app) procedureRetire() *cobra.Command {
	r, body := &remote{}, api.RetireBody{}
	c := &cobra.Command{
		Use:   "retire CODE VERSION --to DAY --comment WHY",
		Short: "fix the day a published version ends",
		Long: "Ends a published version: from the day --to on, tomorrow at the earliest, no dossier starts under it. Running\n" +
			"dossiers keep to it. Takes role procedure-approver." + whichServer,
		Example: "  motcua procedure retire --as yen.luu 1.001193 2 --to 2027-01-01 --comment 'Bãi bỏ theo 1/QĐ-UBND'",
		Args:    exactly(2, "the code of a procedure and a version"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := needs(c, "to", "comment"); err != nil {
				return err
			}
			if err := new(calendar.Date).UnmarshalText([]byte(body.To)); err != nil {
				return usagef("--to %q is not a day such as 2027-01-01", body.To)
			}
			return a.takeStep(c, r, args, engine.ActionRetire, body)
		},
	}
	c.Flags().StringVar(&body.To, "to", "", "the first day it is no longer in effect")
	c.Flags().StringVar(&body.Comment, "comment", "", "why, for the version's trail")
	r.flags(c)
	return c
}

func (a *app) takeStep(c *cobra.Command, r *remote, args []string, action engine.VersionAction, body any) error {
	path, err := procedures.version(args[0], args[1])
	if err != nil {
		return err
	}
	var v engine.VersionRecord
	if err := r.call(c.Context(), request{method: http.MethodPost, path: path + "/" + string(action), body: body}, &v); err != nil {
		return err
	}
	return a.print(v, func(w io.Writer) { printVersion(w, v) })
}

func (a *app) procedureTrail() *cobra.Command {
	return a.trail(procedures, "Shows the trail of a version, oldest first: who uploaded, approved, published and retired which text.",
		"  motcua procedure trail --as tam.phan 1.001193 2")
}

func (a *app) calendarTrail() *cobra.Command {
	return a.trail(calendars, "Shows the trail of a version, oldest first: who uploaded, approved and published which text.",
		"  motcua calendar trail --as tam.phan vn-national 2")
}

func (a *app) trail(of documents, long, example string) *cobra.Command {
	r := &remote{}
	c := &cobra.Command{
		Use: "trail CODE VERSION", Short: "show who did what to a version", Long: long + whichServer, Example: example,
		Args: exactly(2, "the code of a "+of.one+" and a version"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := of.version(args[0], args[1])
			if err != nil {
				return err
			}
			var out struct {
				Code    string                      `json:"code"`
				Version int                         `json:"version"`
				Trail   []engine.StoredVersionEvent `json:"trail"`
			}
			if err := r.get(c.Context(), path+"/trail", nil, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) { printTrail(w, out.Trail) })
		},
	}
	r.flags(c)
	return c
}

func printTrail(w io.Writer, trail []engine.StoredVersionEvent) {
	columns(w, func(t io.Writer) {
		row(t, "AT", "BY", "ACTION", "STATE", "EFFECTIVE", "FINDINGS", "SHA256", "COMMENT")
		for _, e := range trail {
			row(t, rfc3339(e.At), e.Actor, string(e.Action), string(e.State), effective(e.Effective), strconv.Itoa(e.Findings), short(e.SHA256), dash(e.Comment))
		}
	})
}
