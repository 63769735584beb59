package engine

import "motcua/engine/calendar"

// State is one step of the internal process (bước). A step belongs to one
// department and one role, and to further actors where several do it together;
// a final state belongs to nobody.
type State struct {
	ID         string `yaml:"id" json:"id" validate:"required,max=64"`
	Name       Text   `yaml:"name" json:"name"`
	Department string `yaml:"department" json:"department,omitempty" validate:"max=64"`
	Role       string `yaml:"role" json:"role,omitempty" validate:"max=64"`
	// Actors are further roles that act in the step, beside Department and Role.
	Actors []RoleIn `yaml:"actors" json:"actors,omitempty" validate:"max=50,dive"`
	// Within is the step's own limit (hạn xử lý của bước).
	Within calendar.Duration `yaml:"within" json:"within,omitzero"`
	// Cell is the time cell the step shares with others, instead of Within.
	Cell string `yaml:"cell" json:"cell,omitempty" validate:"max=64"`
	// Stage is the agency's part of a chain the step belongs to.
	Stage string `yaml:"stage" json:"stage,omitempty" validate:"max=64"`
	// ZeroTime says on purpose that the step takes no counted time ("giờ hành
	// chính", "không tính").
	ZeroTime bool `yaml:"zero_time" json:"zero_time,omitempty"`
	// Clock is "suspended" where the legal clock stands still.
	Clock    string `yaml:"clock" json:"clock,omitempty" validate:"omitempty,oneof=running suspended"`
	WaitsFor string `yaml:"waits_for" json:"waits_for,omitempty" validate:"omitempty,oneof=applicant agency finance public"`
	// Expires ends the state by time alone: a posting period that is over, a
	// citizen whose silence is consent, a supplement that never came.
	Expires *Expiry `yaml:"expires" json:"expires,omitempty"`
	// MaxTimes is how often a dossier may enter the state; 0 is unbounded.
	MaxTimes int  `yaml:"max_times" json:"max_times,omitempty" validate:"min=0,max=100"`
	Final    bool `yaml:"final" json:"final,omitempty"`
	// Outcome is set on a state where the result is decided: entering it stops
	// the legal clock. Every final state has one.
	Outcome      string       `yaml:"outcome" json:"outcome,omitempty" validate:"omitempty,oneof=resolved refused withdrawn stopped"`
	PortalStatus int          `yaml:"portal_status" json:"portal_status,omitempty" validate:"min=0,max=10"`
	Handoff      *HandoffRule `yaml:"handoff" json:"handoff,omitempty"`
	// NotSameOfficerAs lists states whose officer may not act in this one.
	NotSameOfficerAs []string     `yaml:"not_same_officer_as" json:"not_same_officer_as,omitempty" validate:"max=20"`
	ISO              *ISO         `yaml:"iso" json:"iso,omitempty"`
	On               []Transition `yaml:"on" json:"on,omitempty" validate:"max=50,dive"`
}

// The outcomes a dossier can have.
const (
	OutcomeResolved  = "resolved"
	OutcomeRefused   = "refused"
	OutcomeWithdrawn = "withdrawn"
	OutcomeStopped   = "stopped"
)

// Suspended says whether the legal clock stands still in the state.
func (s State) Suspended() bool { return s.Clock == "suspended" }

// AwaitsApplicant says whether the state suspends the legal clock until the
// applicant acts: what [Suspension] bounds and counts.
func (s State) AwaitsApplicant() bool {
	return s.Suspended() && (s.WaitsFor == "" || s.WaitsFor == "applicant")
}

// Expiry is the event that time alone causes in a state.
type Expiry struct {
	After calendar.Duration `yaml:"after" json:"after"`
	Event string            `yaml:"event" json:"event" validate:"required,max=64"`
	// Basis is the rule that lets time decide.
	Basis string `yaml:"basis" json:"basis,omitempty" validate:"max=500"`
}

// HandoffRule makes entering a state of another department a handoff (bàn
// giao): sent, then accepted or returned, on a clock of its own.
type HandoffRule struct {
	AcceptWithin calendar.Duration `yaml:"accept_within" json:"accept_within,omitzero"`
	MayReturn    bool              `yaml:"may_return" json:"may_return,omitempty"`
	// Cutoff moves the acceptance clock of what is sent late in the day to the
	// next working day (chuyển hồ sơ sau 15 giờ).
	Cutoff *Cutoff `yaml:"cutoff" json:"cutoff,omitempty"`
	// InTransit says whose the time until acceptance is; empty: the sender's.
	InTransit string `yaml:"in_transit" json:"in_transit,omitempty" validate:"omitempty,oneof=sender receiver"`
	// StepClock says how the sender's step goes on when the handoff is
	// returned or recalled.
	StepClock string `yaml:"step_clock" json:"step_clock,omitempty" validate:"omitempty,oneof=fresh remaining"`
}

// Whose the time of a handoff is until it is accepted.
const (
	TransitSender   = "sender"
	TransitReceiver = "receiver"
)

// How the clock of a step goes on when a dossier comes back to it.
const (
	StepFresh     = "fresh"     // with its whole limit (the default)
	StepRemaining = "remaining" // with what its last visit left
)

// ISO ties a step to the clause of TCVN ISO 9001:2015 it is evidence for, and
// to the form it fills.
type ISO struct {
	Clause string `yaml:"clause" json:"clause,omitempty" validate:"max=20"`
	Form   string `yaml:"form" json:"form,omitempty" validate:"max=64"`
}

// Who may cause a transition.
const (
	ByOfficer      = "officer"      // the officers of the state's roles (the default)
	ByApplicant    = "applicant"    // also a backend system, on the applicant's behalf
	BySystem       = "system"       // also a backend system, on its own: a tax office that reports payment
	ByClock        = "clock"        // a due moment, and nobody else
	ByConsultation = "consultation" // the conclusion of the consultations, and nobody else
	ByLinks        = "links"        // the conclusion of linked dossiers, and nobody else
)

// How a legal clock goes on after a suspension.
const (
	ResumeContinue = "continue" // with what is left (regime R2, the default)
	ResumeRestart  = "restart"  // from the full limit (R1, Nghị định 61/2018 art. 19.4)
	ResumeRenew    = "renew"    // with the limit the transition gives (R3)
)

// Transition is one event a state answers to. The same event may stand several
// times in a state: of those the first whose When holds happens, and only the
// last may have none.
type Transition struct {
	Event string `yaml:"event" json:"event" validate:"required,max=64"`
	// To is the state entered. It may be left out where the event starts a
	// consultation, extends the limit or takes fields: the dossier then stays
	// where it is, and its step goes on.
	To      string    `yaml:"to" json:"to,omitempty" validate:"max=64"`
	Name    Text      `yaml:"name" json:"name"`
	When    Condition `yaml:"when" json:"when,omitzero" validate:"max=1000"`
	By      string    `yaml:"by" json:"by,omitempty" validate:"omitempty,oneof=officer applicant system clock consultation links"`
	Print   string    `yaml:"print" json:"print,omitempty" validate:"max=64"`
	Comment string    `yaml:"comment" json:"comment,omitempty" validate:"omitempty,oneof=required optional"`
	// Resume says how the legal clock goes on when the transition leaves a
	// suspended state.
	Resume string `yaml:"resume" json:"resume,omitempty" validate:"omitempty,oneof=continue restart renew"`
	// Limit is the legal limit from here on, with resume: renew.
	Limit calendar.Duration `yaml:"limit" json:"limit,omitzero"`
	// Extend lengthens the legal limits, within the bounds of [Extension].
	Extend calendar.Duration `yaml:"extend" json:"extend,omitzero"`
	// Start opens consultations.
	Start []string `yaml:"start" json:"start,omitempty" validate:"max=10"`
	// Link opens linked dossiers.
	Link []string `yaml:"link" json:"link,omitempty" validate:"max=10"`
	// StepClock says how the step entered goes on if it was entered before.
	StepClock string `yaml:"step_clock" json:"step_clock,omitempty" validate:"omitempty,oneof=fresh remaining"`
	// Approval is who must endorse the event before it happens.
	Approval *RoleIn `yaml:"approval" json:"approval,omitempty"`
	// Fields are the inputs that come with the event.
	Fields []string `yaml:"fields" json:"fields,omitempty" validate:"max=50"`
	// Quorum is how many different officers must fire the event before it
	// happens: a council that votes, several actors who sign together.
	Quorum Quorum   `yaml:"quorum" json:"quorum,omitzero"`
	Needs  []string `yaml:"needs" json:"needs,omitempty" validate:"max=10,dive,oneof=components-complete consultations-concluded"`
	// Basis is the rule the event rests on; it goes on record with it.
	Basis string `yaml:"basis" json:"basis,omitempty" validate:"max=500"`
}

// Stays says whether the transition leaves the dossier where it is.
func (t Transition) Stays() bool { return t.To == "" }

// What a transition can need.
const (
	NeedComponents    = "components-complete"
	NeedConsultations = "consultations-concluded"
)
