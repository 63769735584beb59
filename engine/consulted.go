package engine

import (
	"time"

	"motcua/engine/calendar"
)

// Entry counts how often a dossier entered a state.
type Entry struct {
	State string `json:"state"`
	Times int    `json:"times"`
}

// Extended is one extension that was granted.
type Extended struct {
	At time.Time         `json:"at"`
	By calendar.Duration `json:"by"`
}

// The results of a consultation. It is open until it has one.
const (
	ResultAgreed  = "agreed"  // nobody counted refused
	ResultRefused = "refused" // somebody did
	// ResultWithdrawn: the dossier was decided before it was concluded.
	ResultWithdrawn = "withdrawn"
)

// Consulted is one round of a consultation: whom it asked and what they said.
type Consulted struct {
	ID           string    `json:"id"`           // unique within the dossier
	Consultation string    `json:"consultation"` // its id in the definition
	AskedAt      time.Time `json:"asked_at"`
	Opinions     []Opinion `json:"opinions"`
	Result       string    `json:"result,omitempty"`
	ConcludedAt  time.Time `json:"concluded_at,omitzero"`
}

// Opinion is what one department was asked and said.
type Opinion struct {
	Department string    `json:"department"`
	Role       string    `json:"role"`
	Clock      string    `json:"clock"` // id of its clock
	Says       string    `json:"says,omitempty"`
	At         time.Time `json:"at,omitzero"`
	Officer    string    `json:"officer,omitempty"`
	Silent     bool      `json:"silent,omitempty"` // time answered by the declared meaning of silence
	// Withdrawn says that the request was taken back before it was answered.
	Withdrawn bool `json:"withdrawn,omitempty"`
	// Late is an answer that came after silence had spoken, or after the
	// consultation was concluded: on record, not counted.
	Late string `json:"late,omitempty"`
}
