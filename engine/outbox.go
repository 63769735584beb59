package engine

import "time"

// Errand is something the ledger asks of a dossier's workflow, or has to tell
// another dossier, left in the same transaction as the change it follows from.
// It is delivered at least once, so whoever receives it must not mind a
// repetition.
type Errand struct {
	ID       int64
	Kind     string
	Dossier  string
	NextAt   time.Time // the dossier's next due moment when the errand was left; zero if none
	Attempts int       // this one included
	Command  *Command  // of a tell: what the dossier is to decide
}

// The kinds of errand.
const (
	ErrandStart = "start" // start the workflow of a new dossier
	ErrandWake  = "wake"  // the dossier changed, or time did, without its workflow
	ErrandTell  = "tell"  // another dossier has something to tell this one
)
