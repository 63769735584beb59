package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"motcua/definitions"
	"motcua/engine"
	"motcua/internal/postgres"
)

// credentials are the address and the keys of a local stack, for the command
// line and for trying things out. The file is readable by its owner only.
type credentials struct {
	Server string            `json:"server"`
	Keys   map[string]string `json:"keys"` // "portal@AGENCY" or an officer's id, to the key
}

const credentialsFile = "credentials.json"

func readCredentials(dir string) (credentials, error) {
	var c credentials
	text, err := os.ReadFile(filepath.Join(dir, credentialsFile))
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(text, &c); err != nil {
		return c, fmt.Errorf("%s: %w", filepath.Join(dir, credentialsFile), err)
	}
	return c, nil
}

func (c credentials) write(dir string) error {
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	file := filepath.Join(dir, credentialsFile)
	if err := os.WriteFile(file+".new", append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}

// seed puts the shipped calendars, procedures and example agencies into the
// ledger. What is there already stays as it is.
func seed(ctx context.Context, l *postgres.Ledger) ([]engine.Organisation, error) {
	calendars, err := definitions.Calendars()
	if err != nil {
		return nil, err
	}
	for _, spec := range calendars {
		if err := l.PutCalendar(ctx, spec); err != nil {
			return nil, err
		}
	}
	sources, err := definitions.Shipped()
	if err != nil {
		return nil, err
	}
	for _, s := range sources {
		if err := l.PutVersion(ctx, s.Machine, s.Text); err != nil {
			return nil, fmt.Errorf("publish %s: %w", s.File, err)
		}
	}
	organisations, err := definitions.ExampleOrganisations()
	if err != nil {
		return nil, err
	}
	for _, o := range organisations {
		if err := l.PutOrganisation(ctx, o); err != nil {
			return nil, err
		}
	}
	return organisations, nil
}

// provision makes a key for each agency's portal and each officer that has
// none in the credentials yet.
func provision(ctx context.Context, l *postgres.Ledger, dir string, organisations []engine.Organisation) (credentials, error) {
	c, err := readCredentials(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return c, err
	}
	if c.Keys == nil {
		c.Keys = map[string]string{}
	}
	for _, o := range organisations {
		wanted := []postgres.Key{{Kind: engine.ActorSystem, Agency: o.Agency.Code, Name: "portal@" + o.Agency.Code}}
		for _, officer := range o.Officers {
			wanted = append(wanted, postgres.Key{Kind: engine.ActorOfficer, Officer: officer.ID, Agency: o.Agency.Code, Name: officer.ID})
		}
		for _, k := range wanted {
			if c.Keys[k.Name] != "" {
				continue
			}
			k.ID, k.Secret = postgres.NewKey()
			if err := l.PutKey(ctx, k); err != nil {
				return c, err
			}
			c.Keys[k.Name] = k.Text()
		}
	}
	return c, nil
}
