package engine

import (
	"errors"
	"time"
)

// What a migration did with a dossier.
const (
	MigrationPending   = "pending"   // not looked at yet
	MigrationMigrated  = "migrated"  // it runs under the other version
	MigrationRefused   = "refused"   // it stays; code and message say why
	MigrationUnchanged = "unchanged" // closed, or under the other version already
)

// MigrationOutcome is what a migration did, or in a preview would do, with one
// dossier.
type MigrationOutcome struct {
	Dossier string `json:"dossier"`
	Result  string `json:"result"`
	State   string `json:"state,omitempty"` // where it stands then
	Code    Code   `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
}

// MigrationOutcomeOf words what [Migrate] answered for a case. An error that
// is none of the engine's words is returned as it is.
func MigrationOutcomeOf(c Case, d Decision, err error) (MigrationOutcome, error) {
	out := MigrationOutcome{Dossier: c.Dossier, Result: MigrationRefused, State: c.State}
	var said *Error
	switch {
	case err == nil && len(d.Facts) == 0:
		out.Result, out.Message = MigrationUnchanged, "it runs under that version already"
	case err == nil:
		out.Result, out.State = MigrationMigrated, d.Case.State
	case errors.As(err, &said):
		out.Code, out.Message = said.Code, said.Message
		if said.Code == CodeDossierClosed {
			out.Result = MigrationUnchanged
		}
	default:
		return MigrationOutcome{}, err
	}
	return out, nil
}

// MigrationCounts tell the dossiers of a migration by their results.
type MigrationCounts struct {
	Total     int `json:"total"`
	Pending   int `json:"pending"`
	Migrated  int `json:"migrated"`
	Refused   int `json:"refused"`
	Unchanged int `json:"unchanged"`
}

// Add counts some dossiers with a result.
func (c *MigrationCounts) Add(result string, n int) {
	c.Total += n
	switch result {
	case MigrationPending:
		c.Pending += n
	case MigrationMigrated:
		c.Migrated += n
	case MigrationRefused:
		c.Refused += n
	case MigrationUnchanged:
		c.Unchanged += n
	}
}

// The states of a migration.
const (
	MigrationRunning = "running" // dossiers are pending; if nobody works on them, it can be resumed
	MigrationDone    = "done"
)

// MigrationRecord is a migration that was asked for and how far it has come.
type MigrationRecord struct {
	ID string `json:"id"`
	Migration
	Agency     string          `json:"agency"`
	Actor      string          `json:"actor"` // the officer who asked for it
	CreatedAt  time.Time       `json:"created_at"`
	FinishedAt time.Time       `json:"finished_at,omitzero"`
	State      string          `json:"state"`
	Counts     MigrationCounts `json:"counts"`
}

// MigrationPage is one page of outcomes, in the order of dossier codes. Counts
// tell all of them and come with the first page only.
type MigrationPage struct {
	Outcomes []MigrationOutcome `json:"outcomes"`
	Counts   *MigrationCounts   `json:"counts,omitempty"`
	Next     string             `json:"next,omitempty"`
}

// Impact says which running dossiers of an agency a change of a procedure
// would concern.
type Impact struct {
	Code string `json:"code"`
	// InEffect is the version new dossiers start under today; 0: none.
	InEffect int             `json:"in_effect"`
	Versions []VersionImpact `json:"versions"`
}

// VersionImpact is one version and the dossiers that run under it.
type VersionImpact struct {
	Version   int           `json:"version"`
	State     VersionState  `json:"state"`
	Effective Effective     `json:"effective,omitzero"`
	Dossiers  int           `json:"dossiers"`
	Overdue   int           `json:"overdue"`
	States    []StateImpact `json:"states"`
}

// StateImpact counts the dossiers that stand in one state.
type StateImpact struct {
	State       string `json:"state"`
	Name        Text   `json:"name"`
	Dossiers    int    `json:"dossiers"`
	Overdue     int    `json:"overdue"`      // past the appointment date
	StepOverdue int    `json:"step_overdue"` // past the limit of the step
}
