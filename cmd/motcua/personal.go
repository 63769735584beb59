package main

import (
	"context"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"motcua/engine"
	"motcua/internal/keyring"
	"motcua/internal/postgres"
)

func (a *app) personal() *cobra.Command {
	return noun("personal", "personal data: bring old dossiers in, who read it, erase it", a.personalSeal(), a.personalReadings(), a.personalErase())
}

func (a *app) personalSeal() *cobra.Command {
	return &cobra.Command{
		Use:   "seal",
		Short: "seal what was stored before there were keys",
		Long: "Seals the applicants and personal fields of dossiers from before there were keys, makes them findable by name, and\n" +
			"seals the secrets of webhooks that were stored as they are. It works in small transactions while everybody works on, can be cut off and run again, and does nothing\n" +
			"when nothing is left. Comments that facts hold in the clear stay: the record cannot change." + ringHelp,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			return withRing(c.Context(), func(l *postgres.Ledger, _ *keyring.Ring) error {
				sealed := 0
				err := l.SealOld(c.Context(), func(done int) {
					sealed = done
					a.note("%d dossiers are sealed", done)
				})
				if err != nil {
					return err
				}
				secrets, err := l.SealSecrets(c.Context())
				if err != nil {
					return err
				}
				return a.print(map[string]int{"sealed": sealed, "webhook_secrets": secrets}, func(w io.Writer) {
					fmt.Fprintf(w, "sealed %d dossiers and %d secrets of webhooks\n", sealed, secrets)
				})
			})
		},
	}
}

func personalPath(dossier, what string) (string, error) {
	if strings.Trim(dossier, ".") == "" {
		return "", usagef("%q is not the code of a dossier", dossier)
	}
	return "/dossiers/" + url.PathEscape(dossier) + "/" + what, nil
}

func (a *app) personalReadings() *cobra.Command {
	var r remote
	c := &cobra.Command{
		Use:     "readings CODE",
		Short:   "show who read the personal data of a dossier, and why",
		Long:    "Lists the latest readings, for privacy officers and auditors.",
		Example: "  motcua personal readings H00.101-261120-0001 --as kin.bao",
		Args:    exactly(1, "the code of a dossier"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := personalPath(args[0], "readings")
			if err != nil {
				return err
			}
			var page struct {
				Code     string           `json:"code"`
				Readings []engine.Reading `json:"readings"`
			}
			if err := r.get(c.Context(), path, nil, &page); err != nil {
				return err
			}
			return a.print(page, func(w io.Writer) {
				columns(w, func(t io.Writer) {
					row(t, "AT", "WHO", "PURPOSE", "PARTS", "FIELDS")
					for _, x := range page.Readings {
						row(t, rfc3339(x.At), string(x.Kind)+" "+x.Reader, string(x.Purpose), strings.Join(x.Parts, ","), strings.Join(x.Fields, ","))
					}
				})
			})
		},
	}
	r.flags(c)
	return c
}

func (a *app) personalErase() *cobra.Command {
	var r remote
	var basis string
	var early, due bool
	c := &cobra.Command{
		Use:   "erase [CODE]",
		Short: "destroy the personal data of closed dossiers",
		Long: "Destroys the data key of a closed dossier, so that its personal data cannot be read again by anybody; what happened\n" +
			"stays on record and still verifies. With --due, of all whose time of retention (MOTCUA_RETENTION of the server)\n" +
			"is over; it can be cut off and run again. Privacy officers only. There is no way back.",
		Example: "  motcua personal erase H00.101-261120-0001 --basis \"Điều 14 Luật 91/2025/QH15\" --early --as kin.bao",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := needs(c, "basis"); err != nil {
				return err
			}
			if due == (len(args) == 1) || due && early {
				return usagef("%s takes the code of a dossier, or --due", spoken(c))
			}
			if due {
				return a.eraseDue(c.Context(), &r, basis)
			}
			erased, err := erase(c.Context(), &r, args[0], basis, early)
			if err != nil {
				return err
			}
			return a.print(erased, func(w io.Writer) { fmt.Fprintf(w, "%s: erased, fact %d\n", erased.Dossier, erased.Seq) })
		},
	}
	r.flags(c)
	c.Flags().StringVar(&basis, "basis", "", "the rule or decision it rests on; it names nobody")
	c.Flags().BoolVar(&early, "early", false, "by an order, before the time of retention is over")
	c.Flags().BoolVar(&due, "due", false, "all whose time of retention is over")
	return c
}

func erase(ctx context.Context, r *remote, code, basis string, early bool) (engine.Erased, error) {
	var out engine.Erased
	path, err := personalPath(code, "erasure")
	if err == nil {
		err = r.post(ctx, path, "", map[string]any{"basis": basis, "early": early}, &out)
	}
	return out, err
}

// eraseDue erases page after page until none is left.
func (a *app) eraseDue(ctx context.Context, r *remote, basis string) error {
	result := struct {
		Erased []engine.Erased `json:"erased"`
	}{[]engine.Erased{}}
	for {
		var page struct{ Dossiers []string }
		if err := r.get(ctx, "/erasures/due", nil, &page); err != nil {
			return err
		}
		if len(page.Dossiers) == 0 {
			break
		}
		for _, code := range page.Dossiers {
			erased, err := erase(ctx, r, code, basis, false)
			if err != nil {
				return err
			}
			result.Erased = append(result.Erased, erased)
			a.note("%s: erased", code)
		}
	}
	return a.print(result, func(w io.Writer) { fmt.Fprintf(w, "erased %d dossiers\n", len(result.Erased)) })
}
