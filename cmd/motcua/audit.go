package main

import (
	"cmp"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"motcua/engine/audit"
	"motcua/internal/config"
	"motcua/internal/postgres"
)

const auditKeyHelp = `
  MOTCUA_AUDIT_KEY       the Ed25519 key that signs the daily digests: PEM, or base64 in one line
  MOTCUA_AUDIT_KEY_FILE  or a file with it`

func (a *app) audit() *cobra.Command {
	c := noun("audit", "seal, verify and export the record",
		a.auditKeygen(), a.auditSeal(), a.auditRotate(), a.auditVerify(), a.auditExport(), a.auditEvidence())
	c.Long = "Seals each day's record with a signed digest, verifies the record against them, and exports both.\n\n" +
		"seal, rotate, verify and export work on the ledger's database itself; verify --digests and --evidence need nothing\n" +
		"but the files; evidence asks a server."
	return c
}

// auditKey is the key of the environment; unset without one.
func auditKey(cfg config.Config) (audit.PrivateKey, error) {
	text := cmp.Or(cfg.AuditKey, cfg.AuditKeyFile)
	if text == "" {
		return audit.PrivateKey{}, nil
	}
	key, err := audit.ParsePrivateKey(text)
	if err != nil {
		return key, usagef("MOTCUA_AUDIT_KEY: %w", err)
	}
	return key, nil
}

func (a *app) auditKeygen() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:     "keygen --out FILE",
		Short:   "make a key that signs the daily digests",
		Long:    "Makes an Ed25519 key, writes it to FILE (readable by its owner only) and FILE.pub, and prints its id and public key.\nKeep the public key, and later the digests, where the database's administrators cannot reach.",
		Example: "  motcua audit keygen --out audit.key",
		Args:    exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := needs(c, "out"); err != nil {
				return err
			}
			key, err := newAuditKey(out)
			if err != nil {
				return err
			}
			result := struct {
				ID        string          `json:"id"`
				PublicKey audit.PublicKey `json:"public_key"`
				File      string          `json:"file"`
			}{key.Public().ID(), key.Public(), out}
			return a.print(result, func(w io.Writer) { fmt.Fprintf(w, "key     %s\npublic  %s\n", result.ID, result.PublicKey) })
		},
	}
	c.Flags().StringVar(&out, "out", "", "file of the key; it must not exist")
	return c
}

// newAuditKey makes a key and writes it; it never replaces one.
func newAuditKey(path string) (audit.PrivateKey, error) {
	_, raw, err := ed25519.GenerateKey(nil)
	if err != nil {
		return audit.PrivateKey{}, fmt.Errorf("make key: %w", err)
	}
	key := audit.NewPrivateKey(raw)
	private, err := key.PEM()
	if err != nil {
		return key, err
	}
	public, err := key.Public().PEM()
	if err != nil {
		return key, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return key, usagef("--out %s: there is a key already", path)
	}
	if err != nil {
		return key, usagef("--out: %w", err)
	}
	_, err = f.WriteString(private)
	if err = errors.Join(err, f.Close()); err != nil {
		return key, fmt.Errorf("write key: %w", err)
	}
	return key, os.WriteFile(path+".pub", []byte(public), 0o644) //nolint:gosec // it is public
}

func (a *app) auditSeal() *cobra.Command {
	return &cobra.Command{
		Use:   "seal",
		Short: "sign the days that are over and not sealed yet",
		Long:  "Signs every day that is over and not sealed yet, and prints the digests. Every api and worker that has the key does\nso by itself; this is for those who give the key to neither." + databaseHelp + auditKeyHelp,
		Args:  exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			return withLedger(c.Context(), func(l *postgres.Ledger, cfg config.Config) error {
				key, err := auditKey(cfg)
				if err != nil {
					return err
				}
				if !key.Set() {
					return usagef("MOTCUA_AUDIT_KEY is not set; motcua audit keygen makes one")
				}
				sealed, err := l.Seal(c.Context(), key)
				if err != nil {
					return err
				}
				return a.print(map[string]any{"digests": append([]audit.Digest{}, sealed...)}, func(w io.Writer) {
					for _, d := range sealed {
						fmt.Fprintln(w, d.Print())
					}
					if len(sealed) == 0 {
						fmt.Fprintln(w, "every day that is over is sealed")
					}
				})
			})
		},
	}
}

func (a *app) auditRotate() *cobra.Command {
	var previous string
	var lost bool
	c := &cobra.Command{
		Use:   "rotate --previous FILE",
		Short: "let a new key take over",
		Long: "Lets the key of the environment take over from the ledger's present one, whose private key is in --previous and\n" +
			"endorses it. --lost does without the endorsement: every verification will then name the key." + databaseHelp + auditKeyHelp,
		Example: "  MOTCUA_AUDIT_KEY_FILE=new.key motcua audit rotate --previous old.key",
		Args:    exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			if (previous == "") == !lost {
				return usagef("%s needs --previous or --lost", spoken(c))
			}
			return withLedger(c.Context(), func(l *postgres.Ledger, cfg config.Config) error {
				key, err := auditKey(cfg)
				if err != nil || !key.Set() {
					return errors.Join(err, usagef("MOTCUA_AUDIT_KEY is not set; motcua audit keygen makes one"))
				}
				old := audit.PrivateKey{}
				if !lost {
					text, err := os.ReadFile(previous) //nolint:gosec // named on the command line
					if err == nil {
						old, err = audit.ParsePrivateKey(string(text))
					}
					if err != nil {
						return usagef("--previous: %w", err)
					}
				}
				k, err := l.RotateAuditKey(c.Context(), key, old)
				if err != nil {
					return err
				}
				return a.print(k, func(w io.Writer) { fmt.Fprintf(w, "key %s signs from %s\n", k.ID, rfc3339(k.From)) })
			})
		},
	}
	c.Flags().StringVar(&previous, "previous", "", "file with the private key that signs until now")
	c.Flags().BoolVar(&lost, "lost", false, "the present key is lost")
	return c
}

func (a *app) auditEvidence() *cobra.Command {
	r := &remote{}
	c := &cobra.Command{
		Use:     "evidence CODE",
		Short:   "print the evidence pack of a dossier",
		Long:    "Prints everything there is to say about a dossier, with its proof, as JSON. motcua audit verify --evidence checks it\nwith no server near.",
		Example: "  motcua audit evidence --as hai.hoang H00.101-261123-0001 > evidence.json",
		Args:    exactly(1, "the code of a dossier"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := dossierPath(args[0])
			if err != nil {
				return err
			}
			var pack []byte
			if err := r.get(c.Context(), path+"/evidence", nil, &pack); err != nil {
				return err
			}
			_, err = a.out.Write(append(pack, '\n'))
			return err
		},
	}
	r.flags(c)
	return c
}

// devAuditKey is the key of a development stack, made when it is first started.
func devAuditKey(dir string) (audit.PrivateKey, error) {
	path := filepath.Join(dir, "audit.key")
	text, err := os.ReadFile(path) //nolint:gosec // in the stack's directory
	if errors.Is(err, os.ErrNotExist) {
		return newAuditKey(path)
	}
	if err != nil {
		return audit.PrivateKey{}, fmt.Errorf("read audit key: %w", err)
	}
	key, err := audit.ParsePrivateKey(string(text))
	if err != nil {
		return key, fmt.Errorf("%s: %w", path, err)
	}
	return key, nil
}
