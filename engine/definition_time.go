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
	Starts string `yaml:"starts" json:"starts,omitempty" validate:"max=64"`
	// StartsOn is "entry" (the default), or "receipt" where the clocks start
	// when the department of that state accepts the handoff: the moment the
	// competent agency gets a dossier that was filed elsewhere (phi địa giới;
	// Nghị định 309/2026 art. 8.3).
	StartsOn string  `yaml:"starts_on" json:"starts_on,omitempty" validate:"omitempty,oneof=entry receipt"`
	Cutoff   *Cutoff `yaml:"cutoff" json:"cutoff,omitempty"`
	// Intake is the clock before acceptance.
	Intake *Intake `yaml:"intake" json:"intake,omitempty"`
	// WorkingDay says how many working hours the agency's step table counts as
	// one working day (8wh in every provincial table read). It is used only to
	// compare the sum of the steps with the limit, never to compute a due date.
	WorkingDay calendar.Duration `yaml:"working_day" json:"working_day,omitzero"`
}

// When a legal clock starts.
const (
	StartsOnEntry   = "entry"
	StartsOnReceipt = "receipt"
)

// Intake is how long the agency may take to answer a filing before it accepts
// it: 8 working hours for one that came online (Nghị định 297/2025). It ends
// when the dossier is accepted, the applicant is asked for more, or the result
// is decided.
type Intake struct {
	Within calendar.Duration `yaml:"within" json:"within"`
	// Channels are those it runs for; empty: all of them.
	Channels []string `yaml:"channels" json:"channels,omitempty" validate:"max=3,dive,oneof=direct online post"`
}

// Cutoff is the rule that what comes late in the day counts from the next
// working day. Exactly one of At and BeforeClose is set.
type Cutoff struct {
	// At is a time of day: 15:00 in Nghị định 118/2025 and the civil-status texts.
	At calendar.TimeOfDay `yaml:"at" json:"at,omitzero"`
	// BeforeClose is how long before the agency closes: the last hour (1h) in
	// Nghị định 297/2025; 0m is what comes after closing.
	BeforeClose calendar.Duration `yaml:"before_close" json:"before_close,omitzero"`
	CountsFrom  string            `yaml:"counts_from" json:"counts_from" validate:"oneof=next-working-day"`
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
	// Notice is how long before the due moment the apology and the new date
	// (mẫu 04) must have been given; later the limit cannot be extended. One day
	// by Nghị định 118/2025; none where the limit itself is shorter.
	Notice calendar.Duration `yaml:"notice" json:"notice,omitzero"`
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
	Join Quorum `yaml:"join" json:"join,omitzero"`
	// Lead is the department among those asked whose answer is the result (cơ
	// quan chủ trì): it gathers what the others say, and without it the
	// consultation is not concluded.
	Lead  string `yaml:"lead" json:"lead,omitempty" validate:"max=64"`
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
	OfIntake       = "intake"       // the answer to a filing, before acceptance
	OfLink         = "link"         // one linked dossier's part
	OfReceipt      = "receipt"      // the acknowledgement of a linked dossier by the next agency
)

// Rung is one rung of the escalation ladder: a moment relative to a clock,
// whom it tells and what it does. Exactly one of At, Since, Before and After
// is set.
type Rung struct {
	At Percent `yaml:"at" json:"at,omitzero"`
	// Since counts from the moment the clock began to count.
	Since  calendar.Duration `yaml:"since" json:"since,omitzero"`
	Before calendar.Duration `yaml:"before" json:"before,omitzero"`
	After  calendar.Duration `yaml:"after" json:"after,omitzero"`
	Of     string            `yaml:"of" json:"of" validate:"oneof=step dossier statutory stage handoff suspension wait consultation intake link receipt"`
	// Notify lists roles; whoever holds them when the rung fires is told.
	Notify []string `yaml:"notify" json:"notify,omitempty" validate:"max=10,dive,required,max=64"`
	Raise  string   `yaml:"raise" json:"raise,omitempty" validate:"omitempty,oneof=due-soon overdue escalated"`
	// AcknowledgeWithin asks one of those told to say that they have seen it;
	// when nobody does, the rung climbs to the next supervisor.
	AcknowledgeWithin calendar.Duration `yaml:"acknowledge_within" json:"acknowledge_within,omitzero"`
	// Reassign gives the dossier to whoever holds a role.
	Reassign string `yaml:"reassign" json:"reassign,omitempty" validate:"max=64"`
	// Fire is an event of the state the dossier stands in. One that decides the
	// case may hang on a legal clock only, and names its Basis.
	Fire  string `yaml:"fire" json:"fire,omitempty" validate:"max=64"`
	Basis string `yaml:"basis" json:"basis,omitempty" validate:"max=500"`
	// Open starts a dossier of another procedure at the same agency, such as
	// one of corrective action (hành động khắc phục).
	Open string `yaml:"open" json:"open,omitempty" validate:"max=64"`
}
