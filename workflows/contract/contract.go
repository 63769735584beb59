// Package contract holds what crosses the wire between a process and a running
// workflow: the names and the payloads. Names are constants of their own, never
// derived from Go identifiers, because histories written under them live longer
// than the code. Payloads hold ids, event names, states and moments; never
// personal data and never a definition.
package contract

import (
	"time"

	"motcua/engine"
)

// Wire names. A name in use by a recorded history is never given another
// meaning.
const (
	TaskQueue = "motcua-dossiers" // one queue: every worker can drive every dossier

	WorkflowDossier = "dossier" // drives one dossier from start to closure

	UpdateFire = "fire" // decide a submitted command and answer with its outcome
	SignalWake = "wake" // the ledger moved without the workflow: look at it
	QueryState = "state"

	ActivityFire = "fire" // Ledger.Fire
	ActivityTick = "tick" // Ledger.Tick
	ActivityOpen = "open" // Ledger.Open
)

// WorkflowID names the one workflow of a dossier.
func WorkflowID(dossier string) string { return "dossier/" + dossier }

// DossierInput starts, or continues, the workflow of a dossier.
type DossierInput struct {
	Dossier string `json:"dossier"`
	// Seq is that of a fact the starter knew of. Zero means it knew nothing, and
	// makes the workflow look at the ledger first.
	Seq int64 `json:"seq"`
	// NextAt is the next moment at which time changes the dossier; zero if none.
	NextAt time.Time `json:"next_at,omitzero"`
}

// FireInput is the payload of the fire update and activity. The update's id is
// the command's, which makes the update idempotent as the ledger is.
type FireInput struct {
	Dossier string `json:"dossier"`
	Command string `json:"command"`
}

// TickInput is the payload of the tick activity.
type TickInput struct {
	Dossier string `json:"dossier"`
}

// OpenInput is the payload of the open activity: a linked dossier that was
// asked for, by its id within the dossier.
type OpenInput struct {
	Dossier string `json:"dossier"`
	Linked  string `json:"linked"`
}

// DossierState is what the state query answers: where the driver stands.
type DossierState struct {
	Dossier string    `json:"dossier"`
	NextAt  time.Time `json:"next_at,omitzero"`
	Closed  bool      `json:"closed"`
	Fired   int       `json:"fired"` // commands decided in this run
}

// Outcome is the answer of the fire update and of every activity.
type Outcome = engine.Outcome
