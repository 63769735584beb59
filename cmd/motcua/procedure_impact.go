package main

import (
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"motcua/engine"
)

func (a *app) procedureImpact() *cobra.Command {
	r := &remote{}
	c := &cobra.Command{
		Use:   "impact CODE",
		Short: "count the running dossiers of a procedure by version and state",
		Long: "Counts the running dossiers of the key's agency: whom a new version concerns, and what is left under old ones.\n" +
			"Publishing a version moves none of them; procedure migrate does.\n\n" +
			"Which server and as whom: the flags, else MOTCUA_SERVER and MOTCUA_API_KEY, else the stack that motcua dev runs in --dir.",
		Example: "  motcua procedure impact --as yen.luu 1.001193",
		Args:    exactly(1, "the code of a procedure"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := procedures.path(args[0])
			if err != nil {
				return err
			}
			var out engine.Impact
			if err := r.get(c.Context(), path+"/impact", nil, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) { printImpact(w, out) })
		},
	}
	r.flags(c)
	return c
}

func printImpact(w io.Writer, impact engine.Impact) {
	for _, v := range impact.Versions {
		fmt.Fprintf(w, "version %d, %s %s%s: %s, %d overdue\n", v.Version, v.State, effective(v.Effective),
			when(v.Version == impact.InEffect, ", in effect today"), plural(v.Dossiers, "dossier"), v.Overdue)
		columns(w, func(t io.Writer) {
			if len(v.States) > 0 {
				row(t, "  STATE", "DOSSIERS", "OVERDUE", "STEP OVERDUE", "NAME")
			}
			for _, s := range v.States {
				row(t, "  "+s.State, strconv.Itoa(s.Dossiers), strconv.Itoa(s.Overdue), strconv.Itoa(s.StepOverdue), s.Name.VI)
			}
		})
	}
}
