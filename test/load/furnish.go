package main

import (
	"context"
	_ "embed"
	"fmt"

	"motcua/definitions"
	"motcua/engine"
	"motcua/internal/postgres"
)

//go:embed five.yaml
var fiveText []byte

//go:embed late.yaml
var lateText []byte

// Who acts and where: an example agency that ships with the program.
const (
	agency  = "H00.101"
	officer = "lan.nguyen"

	procedureFive = "load-five"
	procedureLate = "load-late"
)

// actor is the officer as the API would find them by their key.
var actor = engine.Actor{
	Kind: engine.ActorOfficer, ID: officer, Agency: agency,
	Roles: []engine.RoleIn{{Department: "one-stop", Role: "reception-officer"}},
}

// events are the five of load-five, in order.
var events = []string{"accept", "forward", "submit", "sign", "hand-over"}

// startFive asks for a dossier of load-five.
func startFive(key string) engine.StartRequest {
	return engine.StartRequest{
		Key: key, Digest: key, Actor: actor, Agency: agency, Procedure: procedureFive, Channel: "direct",
		Components: []string{"request"}, Applicant: engine.Applicant{Name: "Nguyễn Văn An", Phone: "0900000000"},
		Fields: map[string]any{"copies": 1.0},
	}
}

// furnish puts calendars, the example agencies and the procedures into a ledger.
func furnish(ctx context.Context, l *postgres.Ledger) error {
	calendars, err := definitions.Calendars()
	if err != nil {
		return err
	}
	for _, c := range calendars {
		if err := l.PutCalendar(ctx, c); err != nil {
			return err
		}
	}
	organisations, err := definitions.ExampleOrganisations()
	if err != nil {
		return err
	}
	for _, o := range organisations {
		if err := l.PutOrganisation(ctx, o); err != nil {
			return err
		}
	}
	for _, text := range [][]byte{fiveText, lateText, movingText} {
		m, err := definitions.Compile(text)
		if err != nil {
			return fmt.Errorf("procedure: %w", err)
		}
		if err := l.PutVersion(ctx, m, text); err != nil {
			return err
		}
	}
	return nil
}

// newKey makes an API key for the officer.
func newKey(ctx context.Context, l *postgres.Ledger) (string, error) {
	k := postgres.Key{Kind: engine.ActorOfficer, Officer: officer, Agency: agency, Name: officer}
	k.ID, k.Secret = postgres.NewKey()
	return k.Text(), l.PutKey(ctx, k)
}
