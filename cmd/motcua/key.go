package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"motcua/api"
	"motcua/engine"
	"motcua/internal/postgres"
)

func (a *app) key() *cobra.Command {
	c := noun("key", "issue, list, exchange and revoke API keys", a.keyIssue(), a.keyList(), a.keyRotate(), a.keyRevoke())
	c.Long = "API keys of an agency's backend systems and officers. Takes role administrator. A secret is shown once, when it is\nissued: only a hash of it is kept."
	return c
}

func (a *app) keyIssue() *cobra.Command {
	p, body, verbs, key := &bench{}, api.KeyBody{}, []string(nil), ""
	c := &cobra.Command{
		Use:   "issue NAME",
		Short: "issue an API key, and show its secret this once",
		Long: "Issues a key to a backend system, which acts under NAME, or with --officer to an officer. With --verb the key is good\n" +
			"for these verbs of docs/authority.md only; it is never good for more than its bearer may." + asWhom + directHelp,
		Example: "  motcua key issue --as quan.vo portal --verb dossier.start --verb dossier.read --days 180\n" +
			"  DATABASE_URL=… motcua key issue --database --agency H00.101 --officer quan.vo quan.vo",
		Args: exactly(1, "the name of the key"),
		RunE: func(c *cobra.Command, args []string) error {
			body.Name, body.Kind = args[0], string(engine.ActorSystem)
			if body.Officer != "" {
				body.Kind = string(engine.ActorOfficer)
			}
			for _, v := range verbs {
				body.Verbs = append(body.Verbs, engine.Verb(v))
			}
			var out api.IssuedKey
			if !p.direct {
				if err := p.post(c.Context(), "/keys", key, body, &out); err != nil {
					return err
				}
				return a.printIssued(out)
			}
			holder, err := p.holder()
			if err != nil {
				return err
			}
			err = onLedger(c.Context(), func(l *postgres.Ledger) (err error) {
				out.KeyRecord, out.Secret, err = l.IssueKey(c.Context(), holder, engine.KeyRequest{
					Kind: engine.ActorKind(body.Kind), Name: body.Name, Officer: body.Officer, Verbs: body.Verbs, Life: forDays(body.Days),
				})
				return err
			})
			if err != nil {
				return err
			}
			return a.printIssued(out)
		},
	}
	f := c.Flags()
	f.StringVar(&body.Officer, "officer", "", "the officer who acts by it (default: a backend system does)")
	f.StringSliceVar(&verbs, "verb", nil, "what it is for (repeatable; default: all that its bearer may)")
	f.IntVar(&body.Days, "days", 0, "how many days it is good for (default 365)")
	f.StringVar(&key, "idempotency-key", "", "repeat it under the same key without issuing a second one")
	p.flags(c)
	p.agencyFlag(c)
	return c
}

func forDays(n int) time.Duration { return time.Duration(n) * 24 * time.Hour }

// printIssued shows a key with its secret: the one line on standard output.
func (a *app) printIssued(k api.IssuedKey) error {
	return a.print(k, func(w io.Writer) {
		if k.Secret == "" {
			a.note("key %s was issued before; its secret is not shown again: exchange it with motcua key rotate %s", k.ID, k.ID)
			return
		}
		a.note("key %s of %s is good until %s; this is the only time its secret is shown", k.ID, k.Name, dash(moment(k.ExpiresAt, false)))
		fmt.Fprintln(w, k.Secret)
	})
}

// keyList is the answer of the route that lists keys.
type keyList struct {
	Keys []engine.KeyRecord `json:"keys"`
	Next string             `json:"next,omitempty"`
}

func (a *app) keyList() *cobra.Command {
	p, all := &bench{}, false
	c := &cobra.Command{
		Use:     "list",
		Short:   "list the API keys of an agency, and when each was last used",
		Long:    "Lists the active keys, newest first; with --all also those that were revoked or have expired." + asWhom + directHelp,
		Example: "  motcua key list --as quan.vo",
		Args:    exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			out, err := p.keys(c, all)
			if err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) { printKeys(w, out.Keys) })
		},
	}
	c.Flags().BoolVar(&all, "all", false, "also those that open nothing any more")
	p.flags(c)
	p.agencyFlag(c)
	return c
}

// keys fetches every page.
func (p *bench) keys(c *cobra.Command, all bool) (keyList, error) {
	out := keyList{Keys: []engine.KeyRecord{}}
	page := func(cursor string) (keyList, error) {
		var k keyList
		err := p.get(c.Context(), "/keys", url.Values{"all": {fmt.Sprint(all)}, "cursor": {cursor}, "limit": {"200"}}, &k)
		return k, err
	}
	if p.direct {
		holder, err := p.holder()
		if err != nil {
			return out, err
		}
		page = func(cursor string) (k keyList, err error) {
			err = onLedger(c.Context(), func(l *postgres.Ledger) (err error) {
				k.Keys, k.Next, err = l.Keys(c.Context(), holder.Agency, all, cursor, 200)
				return err
			})
			return k, err
		}
	}
	for cursor, more := "", true; more; {
		k, err := page(cursor)
		if err != nil {
			return out, err
		}
		out.Keys = append(out.Keys, k.Keys...)
		cursor, more = k.Next, k.Next != ""
	}
	return out, nil
}

func printKeys(w io.Writer, list []engine.KeyRecord) {
	columns(w, func(t io.Writer) {
		row(t, "KEY", "BEARER", "STATE", "EXPIRES", "LAST USED", "ISSUED BY", "VERBS")
		for _, k := range list {
			verbs := make([]string, len(k.Verbs))
			for i, v := range k.Verbs {
				verbs[i] = string(v)
			}
			row(t, k.ID, string(k.Kind)+" "+first(k.Officer, k.Name), k.State+prefixed(", exchanged for ", k.ReplacedBy),
				dash(moment(k.ExpiresAt, false)), dash(moment(k.LastUsedAt, false)), k.IssuedBy, first(strings.Join(verbs, " "), "all"))
		}
	})
}

func (a *app) keyRotate() *cobra.Command {
	p, overlap, good := &bench{}, 0, 0
	c := &cobra.Command{
		Use:   "rotate KEY",
		Short: "exchange a key for a new one; both work for a while",
		Long: "Issues a new key to the same bearer for the same verbs, and shows its secret this once. The old key goes on working for\n" +
			"--overlap-hours, so that the new one can be rolled out." + asWhom + directHelp,
		Example: "  motcua key rotate --as quan.vo 0a1b2c3d4e5f --overlap-hours 48",
		Args:    exactly(1, "the id of a key"),
		RunE: func(c *cobra.Command, args []string) error {
			var out api.IssuedKey
			if !p.direct {
				path := "/keys/" + url.PathEscape(args[0]) + "/rotate"
				if err := p.call(c.Context(), request{method: http.MethodPost, path: path, body: api.KeyRotation{OverlapHours: &overlap, Days: good}}, &out); err != nil {
					return err
				}
				return a.printIssued(out)
			}
			holder, err := p.holder()
			if err != nil {
				return err
			}
			err = onLedger(c.Context(), func(l *postgres.Ledger) (err error) {
				out.KeyRecord, out.Secret, err = l.RotateKey(c.Context(), holder, args[0], time.Duration(overlap)*time.Hour, forDays(good))
				return err
			})
			if err != nil {
				return err
			}
			return a.printIssued(out)
		},
	}
	c.Flags().IntVar(&overlap, "overlap-hours", int(engine.KeyOverlap.Hours()), "how long the old key goes on working; 0 ends it at once")
	c.Flags().IntVar(&good, "days", 0, "how many days the new one is good for (default 365)")
	p.flags(c)
	p.agencyFlag(c)
	return c
}

func (a *app) keyRevoke() *cobra.Command {
	p := &bench{}
	c := &cobra.Command{
		Use:     "revoke KEY",
		Short:   "revoke a key at once",
		Long:    "Revokes a key: it opens nothing from now on. It stays in the list." + asWhom + directHelp,
		Example: "  motcua key revoke --as quan.vo 0a1b2c3d4e5f",
		Args:    exactly(1, "the id of a key"),
		RunE: func(c *cobra.Command, args []string) error {
			var out engine.KeyRecord
			if !p.direct {
				if err := p.call(c.Context(), request{method: http.MethodPost, path: "/keys/" + url.PathEscape(args[0]) + "/revoke"}, &out); err != nil {
					return err
				}
				return a.print(out, func(w io.Writer) { printKeys(w, []engine.KeyRecord{out}) })
			}
			holder, err := p.holder()
			if err != nil {
				return err
			}
			err = onLedger(c.Context(), func(l *postgres.Ledger) (err error) {
				out, err = l.WithdrawKey(c.Context(), holder, args[0])
				return err
			})
			if err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) { printKeys(w, []engine.KeyRecord{out}) })
		},
	}
	p.flags(c)
	p.agencyFlag(c)
	return c
}
