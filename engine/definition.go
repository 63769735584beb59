package engine

import "motcua/engine/calendar"

// Definition is the text of one version of a procedure (thủ tục hành chính),
// as it stands in the file an admin uploads. It says nothing about how it is
// executed; [Compile] turns it into a [Machine] or lists what is wrong with it.
//
// The yaml and validate tags are the grammar: docs/writing-a-procedure.md
// explains each key.
type Definition struct {
	Motcua     int          `yaml:"motcua" json:"motcua" validate:"eq=1"`
	Code       string       `yaml:"code" json:"code" validate:"required,max=64"`
	Version    int          `yaml:"version" json:"version" validate:"min=1,max=100000"`
	Name       Text         `yaml:"name" json:"name"`
	Field      string       `yaml:"field" json:"field,omitempty" validate:"max=200"`
	Level      string       `yaml:"level" json:"level" validate:"oneof=commune province ministry internal"`
	LegalBasis []LegalBasis `yaml:"legal_basis" json:"legal_basis,omitempty" validate:"max=50,dive"`
	Effective  Effective    `yaml:"effective" json:"effective"`
	// Calendar is "agency" (the calendar of the agency that resolves the
	// dossier) or the code of one calendar. Empty means "agency".
	Calendar   string      `yaml:"calendar" json:"calendar,omitempty" validate:"max=64"`
	Result     *Result     `yaml:"result" json:"result,omitempty"`
	Limits     Limits      `yaml:"limits" json:"limits"`
	Suspension *Suspension `yaml:"suspension" json:"suspension,omitempty"`
	Components []Component `yaml:"components" json:"components,omitempty" validate:"max=100,dive"`
	Fields     []Field     `yaml:"fields" json:"fields,omitempty" validate:"max=200,dive"`
	States     []State     `yaml:"states" json:"states" validate:"min=1,max=200,dive"`
	Ladder     []Rung      `yaml:"ladder" json:"ladder,omitempty" validate:"max=50,dive"`
}

// Text is a name people read: Vietnamese always, English where there is one.
type Text struct {
	VI string `yaml:"vi" json:"vi" validate:"required,max=500"`
	EN string `yaml:"en" json:"en,omitempty" validate:"max=500"`
}

// LegalBasis is one document a procedure rests on (căn cứ pháp lý).
type LegalBasis struct {
	Ref      string `yaml:"ref" json:"ref" validate:"required,max=100"`
	Cites    string `yaml:"cites" json:"cites,omitempty" validate:"max=500"`
	Articles string `yaml:"articles" json:"articles,omitempty" validate:"max=200"`
}

// Effective is the range [From, To) of days on which new dossiers start under
// this version. A zero To is open.
type Effective struct {
	From calendar.Date `yaml:"from" json:"from"`
	To   calendar.Date `yaml:"to" json:"to,omitzero"`
}

// Covers says whether day lies in [From, To).
func (e Effective) Covers(day calendar.Date) bool {
	return !day.Before(e.From) && (e.To.IsZero() || day.Before(e.To))
}

// Result is what the citizen receives (kết quả giải quyết).
type Result struct {
	Code string `yaml:"code" json:"code,omitempty" validate:"max=64"`
	Name Text   `yaml:"name" json:"name"`
}

// Limits are the time limits of the whole dossier.
type Limits struct {
	// Statutory is the limit the law gives (thời hạn theo quy định); a breach
	// of it is permanent.
	Statutory calendar.Duration `yaml:"statutory" json:"statutory,omitzero"`
	// Committed is the shorter limit the agency promises (thời hạn cam kết).
	Committed calendar.Duration `yaml:"committed" json:"committed,omitzero"`
	// Starts names the state whose first entering starts both clocks: the
	// moment of valid acceptance (Nghị định 118/2025 art. 17 as amended by
	// 309/2026 art. 8.3).
	Starts string  `yaml:"starts" json:"starts,omitempty" validate:"max=64"`
	Cutoff *Cutoff `yaml:"cutoff" json:"cutoff,omitempty"`
	// WorkingDay says how many working hours the agency's step table counts as
	// one working day (8wh in every provincial table read). It is used only to
	// compare the sum of the steps with the limit, never to compute a due date.
	WorkingDay calendar.Duration `yaml:"working_day" json:"working_day,omitzero"`
}

// Cutoff is the rule that what is accepted after a time of day counts from the
// next working day (15:00 in Nghị định 118/2025 and the civil-status texts).
type Cutoff struct {
	At         calendar.TimeOfDay `yaml:"at" json:"at"`
	CountsFrom string             `yaml:"counts_from" json:"counts_from" validate:"oneof=next-working-day"`
}

// Suspension bounds the stops of the legal clock (tạm dừng tính thời hạn).
type Suspension struct {
	// Max is the longest one suspension may take; when it passes, the clock
	// fires OnExpiry on the suspended state.
	Max calendar.Duration `yaml:"max" json:"max"`
	// MaxTimes is how often a dossier may be suspended; 0 is unbounded.
	MaxTimes int    `yaml:"max_times" json:"max_times,omitempty" validate:"min=0,max=100"`
	OnExpiry string `yaml:"on_expiry" json:"on_expiry" validate:"required,max=64"`
}

// Component is a paper the dossier consists of (thành phần hồ sơ).
type Component struct {
	ID        string `yaml:"id" json:"id" validate:"required,max=64"`
	Name      Text   `yaml:"name" json:"name"`
	Originals int    `yaml:"originals" json:"originals,omitempty" validate:"min=0,max=100"`
	Copies    int    `yaml:"copies" json:"copies,omitempty" validate:"min=0,max=100"`
	Required  bool   `yaml:"required" json:"required,omitempty"`
}

// Field is a typed input of the dossier, checked when it starts.
type Field struct {
	ID       string `yaml:"id" json:"id" validate:"required,max=64"`
	Name     Text   `yaml:"name" json:"name"`
	Type     string `yaml:"type" json:"type" validate:"oneof=string bool integer date"`
	Required bool   `yaml:"required" json:"required,omitempty"`
	Personal bool   `yaml:"personal" json:"personal,omitempty"`
}

// State is one step of the internal process (bước). A step belongs to one
// department and one role; a final state belongs to nobody.
type State struct {
	ID         string `yaml:"id" json:"id" validate:"required,max=64"`
	Name       Text   `yaml:"name" json:"name"`
	Department string `yaml:"department" json:"department,omitempty" validate:"max=64"`
	Role       string `yaml:"role" json:"role,omitempty" validate:"max=64"`
	// Within is the step's own limit (hạn xử lý của bước).
	Within calendar.Duration `yaml:"within" json:"within,omitzero"`
	// Clock is "suspended" where the legal clock stands still.
	Clock    string `yaml:"clock" json:"clock,omitempty" validate:"omitempty,oneof=running suspended"`
	WaitsFor string `yaml:"waits_for" json:"waits_for,omitempty" validate:"omitempty,oneof=applicant agency finance"`
	Final    bool   `yaml:"final" json:"final,omitempty"`
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

// Suspended says whether the legal clock stands still in the state.
func (s State) Suspended() bool { return s.Clock == "suspended" }

// HandoffRule makes entering a state of another department a handoff (bàn
// giao): sent, then accepted or returned, on a clock of its own.
type HandoffRule struct {
	AcceptWithin calendar.Duration `yaml:"accept_within" json:"accept_within,omitzero"`
	MayReturn    bool              `yaml:"may_return" json:"may_return,omitempty"`
}

// ISO ties a step to the clause of TCVN ISO 9001:2015 it is evidence for, and
// to the form it fills.
type ISO struct {
	Clause string `yaml:"clause" json:"clause,omitempty" validate:"max=20"`
	Form   string `yaml:"form" json:"form,omitempty" validate:"max=64"`
}

// Who may cause a transition.
const (
	ByOfficer   = "officer"   // the officers of the state's role (the default)
	ByApplicant = "applicant" // also a backend system, on the applicant's behalf
	ByClock     = "clock"     // a due moment, and nobody else
)

// Transition is one event a state answers to.
type Transition struct {
	Event   string `yaml:"event" json:"event" validate:"required,max=64"`
	To      string `yaml:"to" json:"to" validate:"required,max=64"`
	Name    Text   `yaml:"name" json:"name"`
	By      string `yaml:"by" json:"by,omitempty" validate:"omitempty,oneof=officer applicant clock"`
	Print   string `yaml:"print" json:"print,omitempty" validate:"max=64"`
	Comment string `yaml:"comment" json:"comment,omitempty" validate:"omitempty,oneof=required optional"`
	// Resume says how the legal clock goes on when the transition leaves a
	// suspended state: "continue" with what is left (the default) or "restart"
	// from the full limit (Nghị định 61/2018 art. 19.4).
	Resume string   `yaml:"resume" json:"resume,omitempty" validate:"omitempty,oneof=continue restart"`
	Needs  []string `yaml:"needs" json:"needs,omitempty" validate:"max=10,dive,oneof=components-complete"`
}

// What a rung hangs on.
const (
	OfStep       = "step"       // the present step's clock
	OfDossier    = "dossier"    // the clock of the appointment date: committed, else statutory
	OfStatutory  = "statutory"  // the legal limit
	OfHandoff    = "handoff"    // the acceptance clock
	OfSuspension = "suspension" // the clock of a suspension
)

// Rung is one rung of the escalation ladder: a moment relative to a clock, and
// whom it tells. Exactly one of At, Before and After is set.
type Rung struct {
	At     Percent           `yaml:"at" json:"at,omitzero"`
	Before calendar.Duration `yaml:"before" json:"before,omitzero"`
	After  calendar.Duration `yaml:"after" json:"after,omitzero"`
	Of     string            `yaml:"of" json:"of" validate:"oneof=step dossier statutory handoff suspension"`
	Notify []string          `yaml:"notify" json:"notify,omitempty" validate:"max=10,dive,required,max=64"`
	Raise  string            `yaml:"raise" json:"raise,omitempty" validate:"omitempty,oneof=due-soon overdue escalated"`
}
