package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"motcua/api"
	"motcua/definitions"
	"motcua/definitions/draft"
	"motcua/engine"
	"motcua/internal/postgres"
)

func (a *app) organisation() *cobra.Command {
	c := noun("organisation", "say which departments an agency has, who works there, and reorganise it",
		a.organisationShow(), a.organisationExport(), a.organisationImport(), a.organisationReorganise())
	c.Long = "An organisation is one text: the agency, its departments as a tree, its officers with their roles, absences."
	return c
}

// organisationOf reads the organisation of the key's agency, or one of the ledger's.
func (p *bench) organisationOf(c *cobra.Command) (org engine.Organisation, err error) {
	if !p.direct {
		return org, p.get(c.Context(), "/organisation", nil, &org)
	}
	holder, err := p.holder()
	if err != nil {
		return org, err
	}
	err = onLedger(c.Context(), func(l *postgres.Ledger) (err error) {
		org, err = l.Organisation(c.Context(), holder.Agency)
		return err
	})
	return org, err
}

func (a *app) organisationShow() *cobra.Command {
	p := &bench{}
	c := &cobra.Command{
		Use:     "show",
		Short:   "show the departments of an agency and who works there",
		Long:    "Shows the departments as a tree, with their officers, and what became of those that were dissolved." + asWhom + directHelp,
		Example: "  motcua organisation show --as quan.vo",
		Args:    exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			org, err := p.organisationOf(c)
			if err != nil {
				return err
			}
			return a.print(org, func(w io.Writer) { printOrganisation(w, org) })
		},
	}
	p.flags(c)
	p.agencyFlag(c)
	return c
}

func (a *app) organisationExport() *cobra.Command {
	p := &bench{}
	c := &cobra.Command{
		Use:     "export [FILE]",
		Short:   "write an organisation as the text that import takes",
		Long:    "Writes the organisation as YAML, to a file or to standard output. What is imported from it is the same organisation." + asWhom + directHelp,
		Example: "  motcua organisation export --as quan.vo h00.101.yaml",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			org, err := p.organisationOf(c)
			if err != nil {
				return err
			}
			text := draft.WriteOrganisation(org)
			if len(args) == 0 || args[0] == "-" {
				_, err := a.out.Write(text)
				return err
			}
			if err := os.WriteFile(args[0], text, 0o600); err != nil {
				return usageError{err}
			}
			a.note("%s: %s with %s and %s", args[0], org.Agency.Code, plural(len(org.Departments), "department"), plural(len(org.Officers), "officer"))
			return nil
		},
	}
	p.flags(c)
	p.agencyFlag(c)
	return c
}

func (a *app) organisationImport() *cobra.Command {
	p, preview := &bench{}, false
	c := &cobra.Command{
		Use:   "import FILE",
		Short: "make an agency what a text says",
		Long: "Makes the agency what the text says, and tells what changed. Departments it does not name stay; officers it does not\n" +
			"name may not act any more, and the dossiers they hold go back to their departments. With --preview nothing changes.\n" +
			"Takes role administrator. The file - is standard input." + asWhom + directHelp,
		Example: "  motcua organisation import --as quan.vo h00.101.yaml --preview\n" +
			"  DATABASE_URL=… motcua organisation import --database h00.101.yaml",
		Args: exactly(1, "one file"),
		RunE: func(c *cobra.Command, args []string) error {
			text, err := readFile(c.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			out := api.OrganisationImport{Preview: preview}
			if p.direct {
				out.OrganisationChanges, err = a.fill(c, args[0], text, preview)
			} else {
				err = a.findings(args[0], p.call(c.Context(), request{
					method: http.MethodPut, path: "/organisation", query: url.Values{"preview": {fmt.Sprint(preview)}}, body: text, media: "application/yaml",
				}, &out))
			}
			if err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) { printChanges(w, out.OrganisationChanges, preview) })
		},
	}
	c.Flags().BoolVar(&preview, "preview", false, "say what would change, and change nothing")
	p.flags(c)
	return c
}

// fill imports into the ledger itself.
func (a *app) fill(c *cobra.Command, file string, text []byte, preview bool) (changes engine.OrganisationChanges, err error) {
	org, findings := definitions.ReadOrganisation(file, text)
	if org == nil {
		return changes, a.told(findings)
	}
	err = onLedger(c.Context(), func(l *postgres.Ledger) (err error) {
		changes, err = l.FillOrganisation(c.Context(), *org, preview)
		return err
	})
	return changes, err
}

// told prints findings as the result they are.
func (a *app) told(findings engine.Findings) error {
	if a.output != "json" {
		for _, f := range findings {
			fmt.Fprintln(a.err, f)
		}
	}
	return findings
}

func printOrganisation(w io.Writer, o engine.Organisation) {
	fmt.Fprintf(w, "%s %s (%s, calendar %s)\n", o.Agency.Code, o.Agency.Name.VI, o.Agency.Level, o.Agency.Calendar)
	printTree(w, o, "", "  ", 0)
	for _, s := range o.Successions {
		fmt.Fprintf(w, "%s → %s%s%s\n", s.From, s.To, prefixed(" for roles ", strings.Join(s.Roles, ", ")), prefixed(" in procedures ", strings.Join(s.Procedures, ", ")))
	}
}

// printTree prints the departments below one; a tree is no deeper than it has
// departments.
func printTree(w io.Writer, o engine.Organisation, parent, margin string, depth int) {
	for _, d := range o.Departments {
		if d.Parent != parent || d.Dissolved || depth > len(o.Departments) {
			continue
		}
		fmt.Fprintf(w, "%s%s  %s\n", margin, d.Code, d.Name.VI)
		for _, x := range o.Officers {
			var roles []string
			for _, r := range x.Roles {
				if r.Department == d.Code {
					roles = append(roles, r.Role)
				}
			}
			if len(roles) > 0 {
				fmt.Fprintf(w, "%s    %s (%s): %s\n", margin, x.ID, x.Name, strings.Join(roles, ", "))
			}
		}
		printTree(w, o, d.Code, margin+"  ", depth+1)
	}
}

// printChanges says what an organisation becomes, line by line.
func printChanges(w io.Writer, c engine.OrganisationChanges, preview bool) {
	switch {
	case c.None():
		fmt.Fprintln(w, "nothing changes")
		return
	case preview:
		fmt.Fprintln(w, "it would change:")
	default:
		fmt.Fprintln(w, "it has changed:")
	}
	columns(w, func(t io.Writer) {
		for _, field := range c.Agency {
			row(t, "  agency", field, "changed", "")
		}
		for _, d := range c.Departments {
			row(t, "  department", d.Code, d.Change, d.Name.VI+prefixed(", under ", d.Parent))
		}
		for _, s := range c.Successions {
			row(t, "  succession", s.From, "→ "+s.To, prefixed("roles ", strings.Join(s.Roles, ", "))+prefixed(" procedures ", strings.Join(s.Procedures, ", ")))
		}
		for _, o := range c.Officers {
			row(t, "  officer", o.ID, o.Change, rolesWord("+", o.Gained)+rolesWord("-", o.Lost)+when(o.Dossiers > 0, plural(o.Dossiers, "dossier")+" back to the departments"))
		}
		for _, x := range c.Absences {
			row(t, "  absence", x.Officer, x.From.String()+" to "+x.To.String(), prefixed("substitute ", x.Substitute))
		}
	})
}

func rolesWord(sign string, roles []engine.RoleIn) string {
	var b strings.Builder
	for _, r := range roles {
		b.WriteString(sign + r.Department + "/" + r.Role + " ")
	}
	return b.String()
}
