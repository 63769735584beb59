package engine

import (
	"time"

	"motcua/engine/calendar"
)

// Halt is a suspension that no state declares: a supervisor's, or a declared
// outage of the systems the work rests on (Nghị định 301/2026 art. 3.4: the
// time goes on from the moment the system is back). While one is open no clock
// of the dossier runs.
type Halt struct {
	ID string `json:"id"`
	// Outage is set where the halt is part of a declared outage, whose id it has.
	Outage bool `json:"outage,omitempty"`
	// Linked is set where it is a linked dossier that stands still, whose id it
	// has.
	Linked bool      `json:"linked,omitempty"`
	Reason string    `json:"reason,omitempty"`
	Basis  string    `json:"basis,omitempty"`
	From   time.Time `json:"from"`
	// Until ends it by itself; zero for an outage whose end is not known.
	Until time.Time `json:"until,omitzero"`
	// Beside are the reasons of halts that ended while this one was open.
	Beside []string `json:"beside,omitempty"`
}

// Proposal is an event an officer fired that waits for another's endorsement.
type Proposal struct {
	ID      string    `json:"id"`
	Event   string    `json:"event"`
	Officer string    `json:"officer"`
	At      time.Time `json:"at"`
	Comment string    `json:"comment,omitempty"`
	// Approval is the role that endorses it.
	Approval RoleIn `json:"approval"`
	// Overrides is what an override is to do.
	Overrides *Overrides `json:"overrides,omitempty"`
	// Components came with it.
	Components []string `json:"components,omitempty"`
}

// Overrides is what a supervisor's override does: another state, another
// limit, or both.
type Overrides struct {
	// To is the state the dossier is put into.
	To string `json:"to,omitempty"`
	// Extend lengthens the legal limits, also where they have passed.
	Extend calendar.Duration `json:"extend,omitzero"`
}

// StepUsed is what the last visit of a step used of its clock, in the base
// amount of the clock's unit.
type StepUsed struct {
	Subject  string `json:"subject"`
	Consumed int64  `json:"consumed"`
}

// Alarm is a rung whose firing asks to be acknowledged.
type Alarm struct {
	Clock string `json:"clock"` // id of the clock that waits: [ClockAlarm]
	Of    string `json:"of"`    // id of the clock the rung hangs on; empty: of none
	Rung  int    `json:"rung"`  // [NoRung] where somebody raised it
	// Told are the officers who may acknowledge: everyone told so far.
	Told []string `json:"told,omitempty"`
	// Level counts how often it has climbed.
	Level int `json:"level,omitempty"`
}

// Linked is one linked dossier, as the dossier it is a part of sees it.
type Linked struct {
	ID        string    `json:"id"`   // unique within the dossier
	Link      string    `json:"link"` // its id in the definition; empty: opened by a rung
	Procedure string    `json:"procedure"`
	Partner   string    `json:"partner,omitempty"`
	AskedAt   time.Time `json:"asked_at"`
	// Dossier is its code, once it is open.
	Dossier        string    `json:"dossier,omitempty"`
	OpenedAt       time.Time `json:"opened_at,omitzero"`
	AcknowledgedAt time.Time `json:"acknowledged_at,omitzero"`
	// Outcome is how it ended; empty while it runs.
	Outcome     string    `json:"outcome,omitempty"`
	ConcludedAt time.Time `json:"concluded_at,omitzero"`
	// Seq is that of what was last heard of its standing still or going on, and
	// At its moment: what comes out of order is not heard.
	Seq int64     `json:"seq,omitempty"`
	At  time.Time `json:"at,omitzero"`
	// Receipt and Clock are the ids of its two clocks.
	Receipt string `json:"receipt,omitempty"`
	Clock   string `json:"clock,omitempty"`
}

// Parent is the dossier a linked one is a part of.
type Parent struct {
	Dossier string `json:"dossier"`
	Linked  string `json:"linked"` // the id of the part there
	// Acknowledged says that the parent was told somebody took it up.
	Acknowledged bool `json:"acknowledged,omitempty"`
}
