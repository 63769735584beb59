package main

import (
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"motcua/api"
)

// officerPath is the address of something about an officer.
func officerPath(id, what string) (string, error) {
	if strings.Trim(id, ".") == "" {
		return "", usagef("%q is not the id of an officer", id)
	}
	return "/officers/" + url.PathEscape(id) + "/" + what, nil
}

func (a *app) officerSignOut() *cobra.Command {
	r := &remote{}
	c := &cobra.Command{
		Use:     "sign-out OFFICER",
		Short:   "sign an officer out everywhere",
		Long:    "Ends every session of an officer at once: a lost laptop, a shared computer left open. The officer may sign in again." + asWhom,
		Example: "  motcua officer sign-out --as quyen.dinh duc.pham",
		Args:    exactly(1, "the id of an officer"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := officerPath(args[0], "sign-out")
			if err != nil {
				return err
			}
			var out struct {
				Ended int `json:"ended"`
			}
			if err := r.post(c.Context(), path, "", nil, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) { fmt.Fprintf(w, "%d sessions ended\n", out.Ended) })
		},
	}
	r.flags(c)
	return c
}

func (a *app) officerLink() *cobra.Command {
	r, body, unlink := &remote{}, api.AccountBody{}, false
	c := &cobra.Command{
		Use:   "link OFFICER --subject SUBJECT",
		Short: "say which account of the issuer an officer signs in with",
		Long: "Links an officer with the account whose subject (sub) at the issuer is given, and signs the officer out. Without\n" +
			"it, the first account that claims to be the officer is linked. --unlink takes the link away: an account was\n" +
			"replaced by another." + asWhom,
		Example: "  motcua officer link --as quyen.dinh duc.pham --subject 2f6c2b1e-7a55-4c0e-9d0c-6f1f4a1c9b11",
		Args:    exactly(1, "the id of an officer"),
		RunE: func(c *cobra.Command, args []string) error {
			if unlink == (body.Subject != "") {
				return usagef("%s takes one of --subject and --unlink", spoken(c))
			}
			path, err := officerPath(args[0], "account")
			if err != nil {
				return err
			}
			var out api.AccountView
			if err := r.post(c.Context(), path, "", body, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) {
				fmt.Fprintf(w, "%s is%s linked at %s\n", out.Officer, when(unlink, " not"), out.Issuer)
			})
		},
	}
	f := c.Flags()
	f.StringVar(&body.Subject, "subject", "", "the account's subject at the issuer")
	f.StringVar(&body.Issuer, "issuer", "", "URL of the issuer (default: the one people sign in at)")
	f.BoolVar(&unlink, "unlink", false, "take the link away")
	r.flags(c)
	return c
}
