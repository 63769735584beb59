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

	FactCalendarChanged    FactKind = "calendar-changed"
	FactDossierSuspended   FactKind = "dossier-suspended" // by a supervisor or an outage, not by a state
	FactDossierResumed     FactKind = "dossier-resumed"
	FactDossierReassigned  FactKind = "dossier-reassigned"
	FactOverridden         FactKind = "overridden"
	FactEventProposed      FactKind = "event-proposed"
	FactProposalEndorsed   FactKind = "proposal-endorsed"
	FactProposalTurnedDown FactKind = "proposal-turned-down"
	FactHandoffRecalled    FactKind = "handoff-recalled"
	FactRungClimbed        FactKind = "rung-climbed"
	FactRungAcknowledged   FactKind = "rung-acknowledged"
	FactDossierEscalated   FactKind = "dossier-escalated" // by somebody, and as often as it climbed
	FactLinkStarted        FactKind = "link-started"
	FactLinkOpened         FactKind = "link-opened"
	FactLinkAcknowledged   FactKind = "link-acknowledged"
	FactLinkConcluded      FactKind = "link-concluded"
	FactPersonalErased     FactKind = "personal-data-erased"

	FactDepartmentChanged FactKind = "department-changed" // a reorganisation gave its work to another

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
		FactCalendarChanged, FactDossierSuspended, FactDossierResumed, FactDossierReassigned, FactOverridden,
		FactEventProposed, FactProposalEndorsed, FactProposalTurnedDown, FactHandoffRecalled, FactRungClimbed, FactRungAcknowledged, FactDossierEscalated,
		FactLinkStarted, FactLinkOpened, FactLinkAcknowledged, FactLinkConcluded, FactPersonalErased, FactDepartmentChanged,
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

	// OnBehalf is the officer whose role the actor used, standing in.
	OnBehalf  string          `json:"on_behalf,omitempty"`
	Calendar  *CalendarChange `json:"calendar,omitempty"`
	Halt      *Halt           `json:"halt,omitempty"`
	Proposal  *Proposal       `json:"proposal,omitempty"`
	Overrides *Overrides      `json:"overrides,omitempty"`
	Alarm     *Alarm          `json:"alarm,omitempty"`
	Linked    *Linked         `json:"linked,omitempty"`
	Delegated bool            `json:"delegated,omitempty"`

	Escalation *Escalation `json:"escalation,omitempty"`
	Moved      *Moved      `json:"moved,omitempty"`
}

// CalendarChange is the version a dossier's moments were computed with, and
// the one they are computed with from now on.
type CalendarChange struct {
	From CalendarRef `json:"from"`
	To   CalendarRef `json:"to"`
}

// Moved is what a reorganisation changed of a dossier beside the department it
// stands in, in its new shape.
type Moved struct {
	Handoff    *Handoff    `json:"handoff,omitempty"` // the one that waits
	Signatures []Signature `json:"signatures,omitempty"`
	Consulted  []Consulted `json:"consulted,omitempty"` // rounds that are open
	Proposals  []Proposal  `json:"proposals,omitempty"`
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
	// Told is who was told, by role; empty where nobody was asked to be, or the
	// organisation is not known.
	Told []Told `json:"told,omitempty"`
	// Nobody says that no officer was found at all, in no role and no level above.
	Nobody bool   `json:"nobody,omitempty"`
	Event  string `json:"event,omitempty"` // it fired
	Open   string `json:"open,omitempty"`  // the procedure it opened a dossier of
}

// Told is whom a rung told: a role, and the officers found in it. Climbed says
// that nobody held the role and who stands above was told instead.
type Told struct {
	Role     string   `json:"role"`
	Officers []string `json:"officers,omitempty"`
	Climbed  bool     `json:"climbed,omitempty"`
}
