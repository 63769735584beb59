package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"motcua/definitions"
	"motcua/engine"
	"motcua/internal/postgres"
)

func (a *app) seed() *cobra.Command {
	return &cobra.Command{
		Use:   "seed",
		Short: "put the shipped calendars and procedures into a ledger",
		Long: "Publishes the calendars and procedures that this program ships with in the ledger at DATABASE_URL, as the program\n" +
			"itself. What is there already stays as it is, so it may be run again, after an upgrade too. It brings no agency and\n" +
			"no key: see motcua organisation import and motcua key issue. Procedures of another server come as a bundle: see\n" +
			"motcua procedure bundle." + databaseHelp,
		Example: "  DATABASE_URL=… motcua seed",
		Args:    exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			var sown sown
			err := onLedger(c.Context(), func(l *postgres.Ledger) (err error) {
				sown, err = sow(c.Context(), l)
				return err
			})
			if err != nil {
				return err
			}
			return a.print(sown, func(w io.Writer) {
				fmt.Fprintf(w, "the ledger has %s and %s of this program\n", plural(sown.Calendars, "calendar"), plural(sown.Procedures, "procedure"))
			})
		},
	}
}

// sown counts what the program ships with.
type sown struct {
	Calendars  int `json:"calendars"`
	Procedures int `json:"procedures"`
}

// sow puts the shipped calendars and procedures into the ledger. What is there
// already stays as it is.
func sow(ctx context.Context, l *postgres.Ledger) (sown, error) {
	calendars, err := definitions.Calendars()
	if err != nil {
		return sown{}, err
	}
	for _, spec := range calendars {
		if err := l.PutCalendar(ctx, spec); err != nil {
			return sown{}, changed("definitions/calendars/"+spec.Code+".yaml", err)
		}
	}
	sources, err := definitions.Shipped()
	if err != nil {
		return sown{}, err
	}
	for _, s := range sources {
		if err := l.PutVersion(ctx, s.Machine, s.Text); err != nil {
			return sown{}, changed("definitions/"+s.File, err)
		}
	}
	return sown{Calendars: len(calendars), Procedures: len(sources)}, nil
}

// seed puts the shipped calendars, procedures and example agencies into the
// ledger. What is there already stays as it is.
func seed(ctx context.Context, l *postgres.Ledger) ([]engine.Organisation, error) {
	if _, err := sow(ctx, l); err != nil {
		return nil, err
	}
	organisations, err := definitions.ExampleOrganisations()
	if err != nil {
		return nil, err
	}
	for _, o := range organisations {
		by, err := l.EnteredBy(ctx, o.Agency.Code)
		if err != nil {
			return nil, err
		}
		if by != "" && by != engine.Itself.ID { // somebody has changed it since
			continue
		}
		if err := l.PutOrganisation(ctx, o); err != nil {
			return nil, changed("definitions/organisations/"+strings.ToLower(o.Agency.Code)+".yaml", err)
		}
	}
	return organisations, nil
}

// changed explains a shipped file that the ledger refuses: what was published
// stays for ever, so a file that is edited needs a new version.
func changed(file string, err error) error {
	var refused *engine.Error
	if errors.As(err, &refused) && refused.Code == engine.CodeInvalid {
		return fmt.Errorf("%s: %s (or forget this stack's data: make reset, or delete its --dir)", file, refused.Message)
	}
	return fmt.Errorf("%s: %w", file, err)
}

// provision makes a key for each agency's portal and each officer without one.
// Keys the ledger does not know are those of another database, and go.
func provision(ctx context.Context, l *postgres.Ledger, dir string, organisations []engine.Organisation) (credentials, error) {
	c, err := readCredentials(dir)
	if err != nil {
		return c, err
	}
	for name, key := range c.Keys {
		known, err := knows(ctx, l, key)
		if err != nil {
			return c, err
		}
		if !known {
			delete(c.Keys, name)
		}
	}
	for _, k := range wanted(organisations) {
		if c.Keys[k.Name] != "" {
			continue
		}
		k.ID, k.Secret = postgres.NewKey()
		if err := l.PutKey(ctx, k); err != nil {
			return c, err
		}
		c.Keys[k.Name] = k.Text()
	}
	return c, nil
}

func wanted(organisations []engine.Organisation) []postgres.Key {
	var keys []postgres.Key
	for _, o := range organisations {
		keys = append(keys, postgres.Key{Kind: engine.ActorSystem, Agency: o.Agency.Code, Name: "portal@" + o.Agency.Code})
		for _, officer := range o.Officers {
			keys = append(keys, postgres.Key{Kind: engine.ActorOfficer, Officer: officer.ID, Agency: o.Agency.Code, Name: officer.ID})
		}
	}
	return keys
}

// knows says whether somebody acts by the key.
func knows(ctx context.Context, l *postgres.Ledger, key string) (bool, error) {
	id, secret := keyParts(key)
	_, err := l.ByKey(ctx, id, secret)
	if engine.CodeOf(err) == engine.CodeUnauthenticated {
		return false, nil
	}
	return err == nil, err
}

// keyParts takes apart what postgres.Key puts together.
func keyParts(key string) (id, secret string) {
	id, secret, _ = strings.Cut(strings.TrimPrefix(key, "mc_"), "_")
	return id, secret
}
