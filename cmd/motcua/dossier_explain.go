package main

import (
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"motcua/api"
)

func (a *app) dossierExplain(r *remote) *cobra.Command {
	var lang string
	c := &cobra.Command{
		Use:   "explain CODE",
		Short: "print how every due moment of a dossier came about",
		Long: "Prints every clock of a dossier, stopped and superseded ones too: the limit, the rules that moved its due moment,\n" +
			"the verdict to the minute and by the day, and a table of every stretch of time that counted or did not.",
		Example: "  motcua dossier explain --as lan.nguyen H00.101-261123-0001 --lang vi",
		Args:    exactly(1, "a dossier code"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := dossierPath(args[0])
			if err != nil {
				return err
			}
			if err := oneOf("lang", lang, languages); err != nil {
				return err
			}
			if a.output == "json" {
				var view api.ClocksView
				if err := r.get(c.Context(), path+"/clocks", nil, &view); err != nil {
					return err
				}
				return a.print(view, nil)
			}
			var text []byte
			if err := r.get(c.Context(), path+"/clocks", url.Values{"format": {"text"}, "lang": {lang}}, &text); err != nil {
				return err
			}
			_, err = a.out.Write(text)
			return err
		},
	}
	languageFlag(c, &lang)
	return c
}

func (a *app) dossierTime(r *remote) *cobra.Command {
	return &cobra.Command{
		Use:   "time CODE",
		Short: "print whose every minute of a dossier was",
		Long: "Prints how long each department had a dossier, and what it did with the time. Every minute belongs to exactly one\n" +
			"department: the times sum up to the dossier's life.",
		Example: "  motcua dossier time --as hoa.le H00.101-261123-0001",
		Args:    exactly(1, "a dossier code"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := dossierPath(args[0])
			if err != nil {
				return err
			}
			var view api.TimeView
			if err := r.get(c.Context(), path+"/time", nil, &view); err != nil {
				return err
			}
			return a.print(view, func(w io.Writer) { printTime(w, view) })
		},
	}
}

func printTime(w io.Writer, view api.TimeView) {
	if view.From.IsZero() {
		fmt.Fprintln(w, "nothing has happened yet")
		return
	}
	fmt.Fprintf(w, "%s from %s to %s\n", view.Code, rfc3339(view.From), rfc3339(view.To))
	columns(w, func(t io.Writer) {
		row(t, "  DEPARTMENT", "ALL", "WORKING", "IN TRANSIT", "WAITING", "HALTED", "OFFICE HOURS")
		var sum int64
		for _, d := range view.Departments {
			sum += d.Elapsed
			row(t, "  "+dash(d.Department), length(d.Elapsed), length(d.Working), length(d.InTransit), length(d.Waiting), length(d.Halted), length(d.Office))
		}
		row(t, "  sum", length(sum))
	})
}

// length writes milliseconds to the minute, such as 26h05m.
func length(ms int64) string {
	d := (time.Duration(ms) * time.Millisecond).Round(time.Second)
	if d == 0 {
		return "-"
	}
	return strings.TrimSuffix(d.String(), "0s")
}

func (a *app) dossierChain(r *remote) *cobra.Command {
	return &cobra.Command{
		Use:     "chain CODE",
		Short:   "print where the linked dossiers of a dossier stand",
		Long:    "Prints the parts of a dossier that other procedures carry out (hồ sơ liên thông), here or at other agencies.",
		Example: "  motcua dossier chain --as lan.nguyen H00.101-261123-0001",
		Args:    exactly(1, "a dossier code"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := dossierPath(args[0])
			if err != nil {
				return err
			}
			out := chainView{}
			if err := r.get(c.Context(), path+"/chain", nil, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) { printChain(w, out) })
		},
	}
}
