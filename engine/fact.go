package engine

import (
	"time"

	"motcua/engine/calendar"
)

// FactKind names what happened, in the past tense.
type FactKind string

// The kinds of fact.
const (
	FactDossierStarted     FactKind = "dossier-started"
	FactStateEntered       FactKind = "state-entered"
	FactDossierClosed      FactKind = "dossier-closed"
	FactComponentsReceived FactKind = "components-received"
	FactFormIssued         FactKind = "form-issued"
	FactClockStarted       FactKind = "clock-started"
	FactClockSuspended     FactKind = "clock-suspended"
	FactClockResumed       FactKind = "clock-resumed"
	FactClockStopped       FactKind = "clock-stopped"
	FactRungFired          FactKind = "rung-fired"
	FactHandoffSent        FactKind = "handoff-sent"
	FactHandoffAccepted    FactKind = "handoff-accepted"
	FactHandoffReturned    FactKind = "handoff-returned"
	FactDossierClaimed     FactKind = "dossier-claimed"
	FactDossierReleased    FactKind = "dossier-released"
	FactCommented          FactKind = "commented"
	FactFieldsReceived     FactKind = "fields-received"
	FactVariantChosen      FactKind = "variant-chosen"
	FactEventFired         FactKind = "event-fired"  // an event that left the dossier where it was
	FactEventSigned        FactKind = "event-signed" // one voice towards the quorum of an event
	FactDeadlineExtended   FactKind = "deadline-extended"
	FactDossierMigrated    FactKind = "dossier-migrated"

	FactConsultationStarted   FactKind = "consultation-started"
	FactOpinionGiven          FactKind = "opinion-given"
	FactConsultationConcluded FactKind = "consultation-concluded"
)

// FactKinds lists every kind of fact.
func FactKinds() []FactKind {
	return []FactKind{
		FactDossierStarted, FactStateEntered, FactDossierClosed, FactComponentsReceived, FactFormIssued,
		FactClockStarted, FactClockSuspended, FactClockResumed, FactClockStopped, FactRungFired,
		FactHandoffSent, FactHandoffAccepted, FactHandoffReturned, FactDossierClaimed, FactDossierReleased, FactCommented,
		FactFieldsReceived, FactVariantChosen, FactEventFired, FactEventSigned, FactDeadlineExtended,
		FactConsultationStarted, FactOpinionGiven, FactConsultationConcluded, FactDossierMigrated,
	}
}

// Fact is one thing that happened to a dossier: the unit of its record, never
// changed and never removed. Which of the optional parts are set follows from
// the kind.
type Fact struct {
	Seq  int64    `json:"seq"`
	Kind FactKind `json:"kind"`
	// At is the moment it became true. RecordedAt is when it was written, set
	// only where that was later: a rung fired after downtime keeps its own moment.
	At         time.Time `json:"at"`
	RecordedAt time.Time `json:"recorded_at,omitzero"`
	ActorKind  ActorKind `json:"actor_kind"`
	Actor      string    `json:"actor"`
	Command    string    `json:"command,omitempty"`

	Event      string      `json:"event,omitempty"`
	From       string      `json:"from,omitempty"` // state, or department of a handoff
	To         string      `json:"to,omitempty"`
	Department string      `json:"department,omitempty"`
	Role       string      `json:"role,omitempty"`
	Officer    string      `json:"officer,omitempty"`
	Comment    string      `json:"comment,omitempty"`
	Form       string      `json:"form,omitempty"`
	Outcome    string      `json:"outcome,omitempty"`
	Components []string    `json:"components,omitempty"`
	Handoff    *Handoff    `json:"handoff,omitempty"`
	Start      *Start      `json:"start,omitempty"`
	Dossier    string      `json:"dossier,omitempty"`
	Suspended  bool        `json:"suspended,omitempty"` // the state entered stops the legal clock until the applicant acts
	Basis      string      `json:"basis,omitempty"`     // the rule the event rests on
	Clock      *Clock      `json:"clock,omitempty"`
	Rung       *RungFiring `json:"rung,omitempty"`
	// Given are ids of fields; Fields holds the values of those among them
	// that conditions rest on, in canonical text. No other value is in a fact.
	Given     []string          `json:"given,omitempty"`
	Fields    map[string]string `json:"fields,omitempty"`
	Variant   string            `json:"variant,omitempty"`
	Consulted *Consulted        `json:"consulted,omitempty"`
	By        calendar.Duration `json:"by,omitzero"` // of an extension
	Migrated  *Migrated         `json:"migrated,omitempty"`
}

// RungFiring is a rung of the ladder that fired.
type RungFiring struct {
	Clock  string    `json:"clock"`
	Index  int       `json:"index"`
	Rung   string    `json:"rung"` // the rung as the definition says it, "100% of step"
	Moment time.Time `json:"moment"`
	Late   bool      `json:"late,omitempty"`
	Notify []string  `json:"notify,omitempty"`
	Raise  string    `json:"raise,omitempty"`
}
