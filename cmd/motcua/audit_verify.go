package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"motcua/engine/audit"
	"motcua/engine/calendar"
	"motcua/internal/config"
	"motcua/internal/postgres"
)

// tamperedError is a record that is not intact: the findings are the result,
// printed already.
type tamperedError struct{ findings int }

func (e tamperedError) Error() string {
	return fmt.Sprintf("the record is not intact: %d finding%s", e.findings, when(e.findings != 1, "s"))
}

// verifyOptions say what is verified, and against what.
type verifyOptions struct {
	dossier, agency, since, digests, evidence, lang string
	keys                                            []string
	against, quiet                                  bool
}

func (a *app) auditVerify() *cobra.Command {
	var o verifyOptions
	c := &cobra.Command{
		Use:   "verify",
		Short: "find any row that was altered, removed or reordered",
		Long: "Verifies the ledger and names every row that was altered, removed, reordered or replaced: facts, what is projected\n" +
			"from them, trails, acts, texts and sealed digests. Exits with 6 when anything is found.\n\n" +
			"With --digests it verifies an export of digests by itself, with --against-ledger the ledger's digests against it,\n" +
			"and with --evidence an evidence pack; of these only the second needs the database. --key accepts signatures of\n" +
			"that public key only, which is what makes a verification independent of the ledger." + databaseHelp,
		Example: "  motcua audit verify\n  motcua audit verify --dossier H00.101-261123-0001\n" +
			"  motcua audit verify --digests digests.jsonl --key audit.key.pub\n  motcua audit verify --evidence evidence.json --key audit.key.pub",
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error { return a.verify(c.Context(), o) },
	}
	f := c.Flags()
	f.StringVar(&o.dossier, "dossier", "", "one dossier only")
	f.StringVar(&o.agency, "agency", "", "dossiers and digests of one agency only")
	f.StringVar(&o.since, "since", "", "only dossiers to which something was recorded on or after the day, and digests since")
	f.StringVar(&o.digests, "digests", "", "an export of digests to verify")
	f.BoolVar(&o.against, "against-ledger", false, "hold the ledger's digests to those of --digests")
	f.StringVar(&o.evidence, "evidence", "", "an evidence pack to verify")
	f.StringArrayVar(&o.keys, "key", nil, "file with a public key to accept, or the key in base64; may be repeated")
	f.StringVar(&o.lang, "lang", "en", "language of the findings: vi or en")
	f.BoolVar(&o.quiet, "quiet", false, "do not tell progress")
	complete(c, "lang", []string{"vi", "en"})
	return c
}

func (a *app) verify(ctx context.Context, o verifyOptions) error {
	if err := oneOf("lang", o.lang, []string{"vi", "en"}); err != nil {
		return err
	}
	pinned, err := publicKeys(o.keys)
	if err != nil {
		return err
	}
	switch {
	case o.evidence != "":
		return a.verifyEvidence(o, pinned)
	case o.digests != "":
		return a.verifyDigests(ctx, o, pinned)
	case o.against:
		return usagef("--against-ledger needs --digests")
	case len(pinned) > 0:
		return usagef("--key goes with --digests or --evidence")
	}
	scope := audit.Scope{Dossier: o.dossier, Agency: o.agency}
	if o.since != "" {
		if scope.Since, err = calendar.ParseDate(o.since); err != nil {
			return usagef("--since: %w", err)
		}
	}
	return withLedger(ctx, func(l *postgres.Ledger, _ config.Config) error {
		begun := time.Now()
		scope.Progress = a.progress(o.quiet)
		report, err := l.Audit(ctx, scope)
		if err != nil {
			return err
		}
		took := time.Since(begun)
		if took > time.Second && !o.quiet {
			a.note("%d facts in %s, %.0f a second", report.Facts, took.Round(time.Millisecond), float64(report.Facts)/took.Seconds())
		}
		return a.tell(report, o.lang)
	})
}

// progress tells how far a long verification is, every few seconds.
func (a *app) progress(quiet bool) func(done, of int64) {
	last := time.Now()
	return func(done, of int64) {
		if now := time.Now(); !quiet && now.Sub(last) > 2*time.Second {
			last = now
			a.note("%d of %d dossiers", done, of)
		}
	}
}

// tell prints a report, and makes findings an error.
func (a *app) tell(r audit.Report, lang string) error {
	err := a.print(r, func(w io.Writer) {
		for _, f := range r.Findings {
			fmt.Fprintln(w, f.In(lang))
		}
		if r.Intact {
			fmt.Fprintf(w, "intact: %d dossiers, %d facts, %d trails, %d digests", r.Dossiers, r.Facts, r.Trails, r.Digests)
			if !r.Sealed.IsZero() {
				fmt.Fprintf(w, "; sealed through %s", r.Sealed)
			}
			fmt.Fprintln(w)
		}
	})
	if err == nil && !r.Intact {
		return tamperedError{len(r.Findings)}
	}
	return err
}

func publicKeys(given []string) ([]audit.PublicKey, error) {
	var out []audit.PublicKey
	for _, text := range given {
		if file, err := os.ReadFile(text); err == nil { //nolint:gosec // named on the command line
			text = string(file)
		}
		key, err := audit.ParsePublicKey(text)
		if err != nil {
			return nil, usagef("--key: %w", err)
		}
		out = append(out, key)
	}
	return out, nil
}

func (a *app) verifyEvidence(o verifyOptions, pinned []audit.PublicKey) error {
	text, err := os.ReadFile(o.evidence)
	if err != nil {
		return usagef("--evidence: %w", err)
	}
	var e audit.Evidence
	if err := json.Unmarshal(text, &e); err != nil || e.Format != audit.EvidenceFormat {
		return usagef("--evidence %s: not an evidence pack", o.evidence)
	}
	if e.Proof == nil {
		a.note("nothing of %s is sealed yet: its chain is verified, and proven by nothing", e.Dossier.Code)
	}
	r := audit.Report{Dossiers: 1, Facts: int64(len(e.Facts)), Findings: append([]audit.Flaw{}, e.Verify(pinned...)...)}
	if e.Proof != nil {
		r.Digests, r.Sealed = 1, e.Proof.Digest.Day
	}
	r.Intact = len(r.Findings) == 0
	return a.tell(r, o.lang)
}

// exportLine is a line of an export: a key, or a digest.
type exportLine struct {
	Key    *audit.SealKey `json:"key,omitempty"`
	Digest *audit.Digest  `json:"digest,omitempty"`
}

func (a *app) verifyDigests(ctx context.Context, o verifyOptions, pinned []audit.PublicKey) error {
	b := audit.Books{Pinned: pinned, Partial: true}
	exported := map[string]audit.Digest{}
	f, err := os.Open(o.digests)
	if err != nil {
		return usagef("--digests: %w", err)
	}
	defer func() { _ = f.Close() }()
	for lines := json.NewDecoder(f); ; {
		var line exportLine
		if err := lines.Decode(&line); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return usagef("--digests %s: not an export of digests: %w", o.digests, err)
		}
		if line.Key != nil {
			b.Keys = append(b.Keys, *line.Key)
		}
		if line.Digest != nil {
			b.Check(*line.Digest)
			exported[line.Digest.Book+" "+line.Digest.Day.String()] = *line.Digest
		}
	}
	r := audit.Report{Digests: b.Checked}
	if len(pinned) == 0 {
		r.Findings = audit.CheckKeys(b.Keys)
		a.note("without --key the signatures prove only that the export agrees with itself")
	}
	r.Findings = append(append([]audit.Flaw{}, r.Findings...), b.Findings...)
	if last, ok := b.Last(audit.Common); ok {
		r.Sealed = last.Day
	}
	if o.against {
		if err := against(ctx, exported, &r); err != nil {
			return err
		}
	}
	r.Intact = len(r.Findings) == 0
	return a.tell(r, o.lang)
}

// against holds the ledger's digests to exported ones: who can change the
// ledger cannot change what was exported before.
func against(ctx context.Context, exported map[string]audit.Digest, r *audit.Report) error {
	return withLedger(ctx, func(l *postgres.Ledger, _ config.Config) error {
		err := l.AuditDigests(ctx, "", calendar.Date{}, calendar.Date{}, func(d audit.Digest) error {
			key := d.Book + " " + d.Day.String()
			if e, ok := exported[key]; ok && e.Digest != d.Digest {
				r.Findings = append(r.Findings, audit.Flaw{Kind: audit.KindDigest, Name: d.Book, Day: d.Day, What: audit.OtherDigest})
			}
			delete(exported, key)
			return nil
		})
		for _, key := range slices.Sorted(maps.Keys(exported)) {
			d := exported[key]
			r.Findings = append(r.Findings, audit.Flaw{Kind: audit.KindDigest, Name: d.Book, Day: d.Day, What: audit.Gone})
		}
		return err
	})
}

func (a *app) auditExport() *cobra.Command {
	var agency, from, to string
	c := &cobra.Command{
		Use:   "export",
		Short: "print the signed digests, to be kept elsewhere",
		Long: "Prints keys and digests: as JSON lines (--output json), which verify --digests reads, or as text to be printed and\n" +
			"filed. Keep them where the database's administrators cannot reach: they are what a replaced ledger is found by." + databaseHelp,
		Example: "  motcua audit export --output json > digests.jsonl\n  motcua audit export --from 2026-11-01 | lp",
		Args:    exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			days := [2]calendar.Date{}
			for i, text := range []string{from, to} {
				if err := days[i].UnmarshalText([]byte(text)); err != nil {
					return usagef("--from and --to are days such as 2026-11-28: %w", err)
				}
			}
			return withLedger(c.Context(), func(l *postgres.Ledger, _ config.Config) error {
				return a.export(c.Context(), l, agency, days[0], days[1])
			})
		},
	}
	c.Flags().StringVar(&agency, "agency", "", "the book of one agency, and the common one")
	c.Flags().StringVar(&from, "from", "", "first day")
	c.Flags().StringVar(&to, "to", "", "last day")
	return c
}

func (a *app) export(ctx context.Context, l *postgres.Ledger, agency string, from, to calendar.Date) error {
	keys, err := l.AuditKeys(ctx)
	if err != nil {
		return err
	}
	line := func(e exportLine, text string) error {
		if a.output == "json" {
			text = oneLine(e)
		}
		_, err := fmt.Fprintln(a.out, text)
		return err
	}
	for _, k := range keys {
		if err := line(exportLine{Key: &k}, k.Text()); err != nil {
			return err
		}
	}
	return l.AuditDigests(ctx, agency, from, to, func(d audit.Digest) error { return line(exportLine{Digest: &d}, d.Print()) })
}
