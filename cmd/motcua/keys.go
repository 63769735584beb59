package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"motcua/engine"
	"motcua/internal/config"
	"motcua/internal/keyring"
	"motcua/internal/postgres"
)

// ring is the key ring the environment names. Without one no process serves:
// personal data is never written in the clear.
func ring(cfg config.Config) (*keyring.Ring, error) {
	if err := cfg.NeedKeys(); err != nil {
		return nil, usageError{err}
	}
	var f keyring.File
	var err error
	if cfg.KeysFile != "" {
		f, err = keyring.Read(cfg.KeysFile)
	} else {
		f, err = keyring.Parse([]byte(cfg.Keys))
	}
	if err != nil {
		return nil, usageError{err}
	}
	return f.Ring()
}

// devRing is the ring of a development stack: that of the environment, or one
// of its own beside its data.
func devRing(dir string, cfg config.Config) (*keyring.Ring, error) {
	if cfg.NeedKeys() == nil {
		return ring(cfg)
	}
	path := filepath.Join(dir, "keys.json")
	f, err := keyring.Read(path)
	if errors.Is(err, os.ErrNotExist) {
		f = keyring.Generate(time.Now())
		err = f.Write(path)
	}
	if err != nil {
		return nil, err
	}
	return f.Ring()
}

func (a *app) keys() *cobra.Command {
	return noun("keys", "the key ring that personal data is sealed with",
		a.keysGenerate(), a.keysAdd(), a.keysRemove(), a.keysRotate(), a.keysStatus())
}

// ringReport is what is said of a ring: never a key.
type ringReport struct {
	File   string            `json:"file,omitempty"`
	Active string            `json:"active"`
	Keys   []string          `json:"keys"`
	Uses   []postgres.KeyUse `json:"uses,omitempty"`
}

func (a *app) reportRing(file string, r *keyring.Ring, uses []postgres.KeyUse) error {
	report := ringReport{File: file, Active: r.Active(), Keys: r.IDs(), Uses: uses}
	return a.print(report, func(w io.Writer) {
		columns(w, func(t io.Writer) {
			row(t, "KEY", "ACTIVE", "DOSSIERS", "COMMANDS", "WEBHOOK SECRETS")
			for _, u := range merged(report) {
				row(t, u.ID, when(u.ID == report.Active, "active"), fmt.Sprint(u.Dossiers), fmt.Sprint(u.Commands), fmt.Sprint(u.Secrets))
			}
		})
	})
}

// merged lists the keys of the ring and those that are needed and not in it.
func merged(report ringReport) []postgres.KeyUse {
	list := slices.Clone(report.Uses)
	for _, id := range report.Keys {
		if !slices.ContainsFunc(list, func(u postgres.KeyUse) bool { return u.ID == id }) {
			list = append(list, postgres.KeyUse{ID: id})
		}
	}
	return list
}

func fileFlag(c *cobra.Command, file *string) {
	c.Flags().StringVar(file, "file", os.Getenv("MOTCUA_KEYS_FILE"), "the key ring (default $MOTCUA_KEYS_FILE)")
}

func (a *app) keysGenerate() *cobra.Command {
	var file string
	var missing bool
	c := &cobra.Command{
		Use:   "generate",
		Short: "make a new key ring",
		Long: "Makes a key ring with one random key and writes it to --file, readable by its owner only. An existing file is\n" +
			"never replaced. Keep a copy apart from the database and its backups: without the ring, personal data is lost.",
		Example: "  motcua keys generate --file /etc/motcua/keys.json",
		Args:    exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := needs(c, "file"); err != nil {
				return err
			}
			f := keyring.Generate(time.Now())
			switch _, err := os.Stat(file); {
			case err == nil && !missing:
				return usagef("--file %s: it exists, and dossiers may be sealed with it", file)
			case err == nil:
				if f, err = keyring.Read(file); err != nil {
					return usageError{err}
				}
			case !errors.Is(err, os.ErrNotExist):
				return usagef("--file: %w", err)
			default:
				if err := f.Write(file); err != nil {
					return err
				}
			}
			r, err := f.Ring()
			if err != nil {
				return err
			}
			return a.reportRing(file, r, nil)
		},
	}
	fileFlag(c, &file)
	c.Flags().BoolVar(&missing, "if-missing", false, "leave a ring that is there as it is, and succeed")
	return c
}

func (a *app) keysAdd() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:   "add",
		Short: "make a new key the active one",
		Long: "Adds a random key to the ring and makes it the active one; the others stay, to open what they sealed. Hand the\n" +
			"new ring to every process before any of them works with it: one without the new key cannot read what others\n" +
			"seal. Then run motcua keys rotate.",
		Example: "  motcua keys add --file /etc/motcua/keys.json",
		Args:    exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.changeRing(c, file, func(f *keyring.File) error { f.Add(time.Now()); return nil })
		},
	}
	fileFlag(c, &file)
	return c
}

func (a *app) changeRing(c *cobra.Command, file string, change func(*keyring.File) error) error {
	if err := needs(c, "file"); err != nil {
		return err
	}
	f, err := keyring.Read(file)
	if err != nil {
		return usageError{err}
	}
	if err := change(&f); err != nil {
		return err
	}
	if err := f.Write(file); err != nil {
		return err
	}
	r, err := f.Ring()
	if err != nil {
		return err
	}
	return a.reportRing(file, r, nil)
}

func (a *app) keysRemove() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:   "remove KEY",
		Short: "take a key out of the ring that nothing rests on",
		Long: "Takes a key out of the ring. While anything is sealed under it the command refuses: motcua keys rotate first.\n" +
			"Histories of workflows sealed under it are not looked at: wait until the namespace's retention has passed." + databaseHelp,
		Example: "  motcua keys remove 2026-01-05 --file /etc/motcua/keys.json",
		Args:    exactly(1, "the id of a key"),
		RunE: func(c *cobra.Command, args []string) error {
			return a.changeRing(c, file, func(f *keyring.File) error {
				r, err := f.Ring()
				if err != nil {
					return err
				}
				uses, err := keyUses(c.Context(), r)
				if err != nil {
					return err
				}
				for _, u := range uses {
					if u.ID == args[0] {
						return refusedf("key %q is still needed: %d dossiers, %d commands and %d secrets of webhooks are sealed under it; motcua keys rotate",
							u.ID, u.Dossiers, u.Commands, u.Secrets)
					}
				}
				if err := f.Remove(args[0]); err != nil {
					return usageError{err}
				}
				return nil
			})
		},
	}
	fileFlag(c, &file)
	return c
}

func (a *app) keysRotate() *cobra.Command {
	return &cobra.Command{
		Use:   "rotate",
		Short: "seal every data key and webhook secret under the active key",
		Long: "Seals the data keys of all dossiers and the secrets of webhooks that rest on an older key of the ring under the\n" +
			"active one, in small transactions, while everybody works on. It can be cut off and run again; when nothing is left it does nothing." + ringHelp,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			return withRing(c.Context(), func(l *postgres.Ledger, r *keyring.Ring) error {
				if err := l.Rewrap(c.Context(), func(done int) { a.note("%d data keys are under %s", done, r.Active()) }); err != nil {
					return err
				}
				uses, err := l.KeyUses(c.Context())
				if err != nil {
					return err
				}
				return a.reportRing("", r, uses)
			})
		},
	}
}

func (a *app) keysStatus() *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "show what rests on each key",
		Long:  "Counts by key what is sealed under it. A key that is needed and not in the ring is an error: exit code 4." + ringHelp,
		Args:  exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			return withRing(c.Context(), func(l *postgres.Ledger, r *keyring.Ring) error {
				uses, err := l.KeyUses(c.Context())
				if err != nil {
					return err
				}
				if err := a.reportRing("", r, uses); err != nil {
					return err
				}
				return missingKeys(r, uses)
			})
		},
	}
}

// missingKeys is the incident of a key that is needed and not there.
func missingKeys(r *keyring.Ring, uses []postgres.KeyUse) error {
	for _, u := range uses {
		if !slices.Contains(r.IDs(), u.ID) {
			return refusedf("key %q is not in the ring, and %d dossiers and %d secrets of webhooks are sealed under it: until it is back, their personal data cannot be read and nothing is sent to those webhooks",
				u.ID, u.Dossiers, u.Secrets)
		}
	}
	return nil
}

func refusedf(format string, args ...any) error {
	return engine.Errorf(engine.CodeNeedsUnmet, format, args...)
}

const ringHelp = databaseHelp + `
  MOTCUA_KEYS_FILE     the key ring; or MOTCUA_KEYS, the ring itself`

// withRing works on the ledger of the environment with its key ring.
func withRing(ctx context.Context, work func(*postgres.Ledger, *keyring.Ring) error) error {
	cfg, err := config.Load()
	if err != nil {
		return usageError{err}
	}
	r, err := ring(cfg)
	if err != nil {
		return err
	}
	return openLedger(ctx, cfg, postgres.Options{Keys: r}, func(l *postgres.Ledger) error { return work(l, r) })
}

// keyUses asks the ledger what rests on the keys of a ring.
func keyUses(ctx context.Context, r *keyring.Ring) (uses []postgres.KeyUse, err error) {
	cfg, err := config.Load()
	if err != nil {
		return nil, usageError{err}
	}
	err = openLedger(ctx, cfg, postgres.Options{Keys: r}, func(l *postgres.Ledger) error {
		uses, err = l.KeyUses(ctx)
		return err
	})
	return uses, err
}
