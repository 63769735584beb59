package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"motcua/definitions"
	"motcua/engine"
	"motcua/internal/postgres"
)

// seed puts the shipped calendars, procedures and example agencies into the
// ledger. What is there already stays as it is.
func seed(ctx context.Context, l *postgres.Ledger) ([]engine.Organisation, error) {
	calendars, err := definitions.Calendars()
	if err != nil {
		return nil, err
	}
	for _, spec := range calendars {
		if err := l.PutCalendar(ctx, spec); err != nil {
			return nil, changed("definitions/calendars/"+spec.Code+".yaml", err)
		}
	}
	sources, err := definitions.Shipped()
	if err != nil {
		return nil, err
	}
	for _, s := range sources {
		if err := l.PutVersion(ctx, s.Machine, s.Text); err != nil {
			return nil, changed("definitions/"+s.File, err)
		}
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
