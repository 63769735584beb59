package engine

import "motcua/engine/calendar"

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

// Variant is a case of the procedure with other limits (trường hợp): by what
// is asked, by the channel it came through, by the area. The first variant
// whose condition holds is the dossier's, settled when the legal clock starts;
// with none, the limits above hold.
type Variant struct {
	ID   string    `yaml:"id" json:"id" validate:"required,max=64"`
	Name Text      `yaml:"name" json:"name"`
	When Condition `yaml:"when" json:"when" validate:"required,max=1000"`
	// Statutory and Committed replace those of [Limits] where they are given.
	Statutory calendar.Duration `yaml:"statutory" json:"statutory,omitzero"`
	Committed calendar.Duration `yaml:"committed" json:"committed,omitzero"`
	// Steps are the limits of steps, cells, stages and consultations that differ.
	Steps []StepLimit `yaml:"steps" json:"steps,omitempty" validate:"max=200,dive"`
}

// StepLimit replaces one limit within a [Variant]. Exactly one of State, Cell,
// Stage and Consultation is named.
type StepLimit struct {
	State        string            `yaml:"state" json:"state,omitempty" validate:"max=64"`
	Cell         string            `yaml:"cell" json:"cell,omitempty" validate:"max=64"`
	Stage        string            `yaml:"stage" json:"stage,omitempty" validate:"max=64"`
	Consultation string            `yaml:"consultation" json:"consultation,omitempty" validate:"max=64"`
	Within       calendar.Duration `yaml:"within" json:"within"`
}

// Cell is one time cell of a step table shared by several steps: one clock
// that runs while the dossier stands in any of them.
type Cell struct {
	ID     string            `yaml:"id" json:"id" validate:"required,max=64"`
	Name   Text              `yaml:"name" json:"name"`
	Within calendar.Duration `yaml:"within" json:"within"`
}

// Stage is the part of a chain over agencies or levels that one agency
// answers for (liên thông xã, tỉnh), with a sub-total of its own.
type Stage struct {
	ID   string `yaml:"id" json:"id" validate:"required,max=64"`
	Name Text   `yaml:"name" json:"name"`
	// Level is that of the agency; informative.
	Level  string            `yaml:"level" json:"level,omitempty" validate:"omitempty,oneof=commune province ministry"`
	Within calendar.Duration `yaml:"within" json:"within,omitzero"`
}

// Suspension bounds how long the legal clock may wait for the applicant (tạm
// dừng tính thời hạn). A state that waits for somebody else, or has an expiry
// of its own, is not concerned.
type Suspension struct {
	// Max is the longest one suspension may take; when it passes, the clock
	// fires OnExpiry on the suspended state.
	Max calendar.Duration `yaml:"max" json:"max"`
	// MaxTimes is how often a dossier may be suspended; 0 is unbounded.
	MaxTimes int `yaml:"max_times" json:"max_times,omitempty" validate:"min=0,max=100"`
	// Total bounds all suspensions of a dossier together (12 months in
	// 1.012344); when it is used up, the clock fires OnExpiry too.
	Total    calendar.Duration `yaml:"total" json:"total,omitzero"`
	OnExpiry string            `yaml:"on_expiry" json:"on_expiry" validate:"required,max=64"`
}

// Extension bounds how a running legal limit may be lengthened (gia hạn),
// never once it has passed.
type Extension struct {
	// Max is the most all extensions of a dossier may add together; none where
	// the law sets no longest extension.
	Max calendar.Duration `yaml:"max" json:"max,omitzero"`
	// MaxTimes is how often; 0 is once, as Nghị định 118/2025 allows.
	MaxTimes int `yaml:"max_times" json:"max_times,omitempty" validate:"min=0,max=100"`
}

// Times is how often the limit may be extended.
func (e Extension) Times() int { return max(e.MaxTimes, 1) }

// What the silence of a consulted department means.
const (
	SilenceAgree    = "agree"    // counted as agreement
	SilenceRefuse   = "refuse"   // counted as refusal
	SilenceEscalate = "escalate" // means nothing: the ladder speaks, the answer stays due
)

// Consultation asks departments for their opinion (lấy ý kiến), all at once,
// each on a clock of its own.
type Consultation struct {
	ID   string `yaml:"id" json:"id" validate:"required,max=64"`
	Name Text   `yaml:"name" json:"name"`
	// Ask lists who must answer: a role in a department.
	Ask     []RoleIn          `yaml:"ask" json:"ask" validate:"min=1,max=50,dive"`
	Within  calendar.Duration `yaml:"within" json:"within"`
	Silence string            `yaml:"silence" json:"silence" validate:"oneof=agree refuse escalate"`
	// Join says how many answers conclude it; all of them when left out.
	Join  Quorum `yaml:"join" json:"join,omitzero"`
	Basis string `yaml:"basis" json:"basis,omitempty" validate:"max=500"`
}

// What a rung hangs on.
const (
	OfStep         = "step"         // the present step's clock, or that of its cell
	OfDossier      = "dossier"      // the clock of the appointment date: committed, else statutory
	OfStatutory    = "statutory"    // the legal limit
	OfStage        = "stage"        // the sub-total of the present stage
	OfHandoff      = "handoff"      // the acceptance clock
	OfSuspension   = "suspension"   // the clock of a suspension
	OfWait         = "wait"         // the expiry of a state in which the legal clock runs
	OfConsultation = "consultation" // one asked department's answer
)

// Rung is one rung of the escalation ladder: a moment relative to a clock, and
// whom it tells. Exactly one of At, Before and After is set.
type Rung struct {
	At     Percent           `yaml:"at" json:"at,omitzero"`
	Before calendar.Duration `yaml:"before" json:"before,omitzero"`
	After  calendar.Duration `yaml:"after" json:"after,omitzero"`
	Of     string            `yaml:"of" json:"of" validate:"oneof=step dossier statutory stage handoff suspension wait consultation"`
	Notify []string          `yaml:"notify" json:"notify,omitempty" validate:"max=10,dive,required,max=64"`
	Raise  string            `yaml:"raise" json:"raise,omitempty" validate:"omitempty,oneof=due-soon overdue escalated"`
}
