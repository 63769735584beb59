package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// ByCommandLine is who entered what was put into the database directly.
const ByCommandLine = "command-line"

// errPreview takes back what was written to see what it would change.
var errPreview = errors.New("only a preview")

// Organisation is an agency as it is now. Errors: CodeAgencyUnknown,
// CodeUnavailable.
func (l *Ledger) Organisation(ctx context.Context, agency string) (engine.Organisation, error) {
	org, _, err := readOrganisation(ctx, l.pool, agency)
	return org, err
}

// ImportOrganisation makes the actor's agency what org says, as
// [Ledger.PutOrganisation] does, puts that on record, and says what changed; as
// a preview, it changes nothing. Errors: those of [engine.MayReorganise],
// CodeInvalid, CodeUnavailable.
func (l *Ledger) ImportOrganisation(ctx context.Context, a engine.Actor, org engine.Organisation, preview bool) (engine.OrganisationChanges, error) {
	if err := engine.MayReorganise(a); err != nil {
		return engine.OrganisationChanges{}, err
	}
	if org.Agency.Code != a.Agency {
		return engine.OrganisationChanges{}, &engine.Error{Code: engine.CodeInvalid, Path: "/agency/code", Message: "this is not your agency: it is " + a.Agency}
	}
	return l.importOrganisation(ctx, a, org, preview)
}

// FillOrganisation is [Ledger.ImportOrganisation] for whoever holds the
// database: the first organisation of an empty ledger, of any agency.
func (l *Ledger) FillOrganisation(ctx context.Context, org engine.Organisation, preview bool) (engine.OrganisationChanges, error) {
	a := engine.Itself
	a.Agency = org.Agency.Code
	return l.importOrganisation(ctx, a, org, preview)
}

func (l *Ledger) importOrganisation(ctx context.Context, a engine.Actor, org engine.Organisation, preview bool) (changes engine.OrganisationChanges, err error) {
	if !administered(org) {
		return changes, &engine.Error{Code: engine.CodeInvalid, Path: "/officers", Message: "nobody is " + engine.RoleAdministrator + ": nobody could change the organisation any more"}
	}
	by := a.ID
	if a.Kind != engine.ActorOfficer {
		by = ByCommandLine
	}
	err = pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) (err error) {
		if changes, err = l.putOrganisation(ctx, tx, org, by); err != nil {
			return err
		}
		if preview {
			return errPreview
		}
		return recordImport(ctx, tx, a, by, changes)
	})
	if errors.Is(err, errPreview) {
		err = nil
	}
	return changes, misfit(err, org.Agency.Code)
}

// administered says whether somebody could change the organisation.
func administered(org engine.Organisation) bool {
	return slices.ContainsFunc(org.Officers, func(o engine.Officer) bool {
		return slices.ContainsFunc(o.Roles, func(r engine.RoleIn) bool { return r.Role == engine.RoleAdministrator })
	})
}

// recordImport puts it on record as an act that concerns no dossier by itself.
func recordImport(ctx context.Context, tx pgx.Tx, a engine.Actor, by string, changes engine.OrganisationChanges) error {
	if changes.None() {
		return nil
	}
	body, err := json.Marshal(changes)
	if err != nil {
		return err
	}
	authority, err := json.Marshal(a)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO acts (id, kind, agency, subject, body, digest, reason, actor, authority, created_at, finished_at)
		VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8, clock_timestamp(), clock_timestamp())`,
		random(16), engine.ActOrganisation, a.Agency, string(body), sum(body), imported, by, string(authority))
	return err
}

// imported is the reason of an import.
const imported = "nhập sơ đồ tổ chức"

// countHeld notes how many open dossiers those hold who leave.
func countHeld(ctx context.Context, db queryer, agency string, officers []engine.ChangedOfficer) error {
	for i, o := range officers {
		if o.Change != engine.ChangeLeft {
			continue
		}
		err := db.QueryRow(ctx, `SELECT count(*) FROM dossiers WHERE holder = $1 AND agency = $2 AND closed_at IS NULL`, o.ID, agency).Scan(&officers[i].Dossiers)
		if err != nil {
			return err
		}
	}
	return nil
}

// EnteredBy says who changed an agency's organisation last: nobody for one
// that is not in the ledger, "motcua" where the program set it up. Errors:
// CodeUnavailable.
func (l *Ledger) EnteredBy(ctx context.Context, agency string) (string, error) {
	var by string
	err := l.pool.QueryRow(ctx, `SELECT entered_by FROM agencies WHERE code = $1`, agency).Scan(&by)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return by, coded(err, "read agency %s", agency)
}
