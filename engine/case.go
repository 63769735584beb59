package engine

import (
	"slices"
	"time"

	"motcua/engine/calendar"
)

// Case is what a dossier (hồ sơ) is at one moment, as far as deciding needs to
// know: where it stands, who holds it and which clocks run. It holds no
// personal data. It is the fold of the dossier's facts by [Evolve], so a
// stored Case is only ever a cache of them.
type Case struct {
	// Model is how [Evolve] made it: [CaseModel] of the program that did. A
	// stored case of another model is folded anew from its facts.
	Model     int          `json:"model,omitempty"`
	Dossier   string       `json:"dossier"`
	Agency    string       `json:"agency"`
	Procedure ProcedureRef `json:"procedure"`
	Calendar  CalendarRef  `json:"calendar"`
	Channel   string       `json:"channel,omitempty"`
	// Variant is the case of the procedure the dossier is; empty: none of them.
	Variant string `json:"variant,omitempty"`
	// Fields are the inputs that conditions rest on, in canonical text.
	Fields map[string]string `json:"fields,omitempty"`
	Given  []string          `json:"given,omitempty"` // ids of all fields given so far

	Seq        int64     `json:"seq"` // sequence of the last fact
	State      string    `json:"state"`
	Department string    `json:"department,omitempty"`
	Role       string    `json:"role,omitempty"`
	Holder     string    `json:"holder,omitempty"` // officer id; empty: the department's pool
	StartedAt  time.Time `json:"started_at"`
	EnteredAt  time.Time `json:"entered_at"`
	AcceptedAt time.Time `json:"accepted_at,omitzero"` // the legal clock started
	// ActedAt is when something last moved the dossier on: see [Fact.Moves].
	ActedAt time.Time `json:"acted_at,omitzero"`
	// ReturnedAt is when it came back to the present step, which it had been
	// through before; zero in a step that it is in for the first time.
	ReturnedAt time.Time `json:"returned_at,omitzero"`
	// UnheardAt is when a rung of the present step had climbed to where there
	// is nobody above, and nobody had acknowledged it.
	UnheardAt time.Time `json:"unheard_at,omitzero"`
	// Waiting says that the applicant has to act.
	Waiting bool `json:"waiting,omitempty"`
	// LastDepartment is where it stands or, once closed, stood last.
	LastDepartment string `json:"last_department,omitempty"`
	Visits         int    `json:"visits"` // how many steps were entered

	Clocks      []Clock     `json:"clocks,omitempty"` // the open ones, oldest first
	Handoff     *Handoff    `json:"handoff,omitempty"`
	Acted       []Acted     `json:"acted,omitempty"`
	Components  []string    `json:"components,omitempty"`
	Suspensions int         `json:"suspensions,omitempty"`
	Entries     []Entry     `json:"entries,omitempty"`
	Extensions  []Extended  `json:"extensions,omitempty"`
	Signatures  []Signature `json:"signatures,omitempty"` // who fired an event that waits for its quorum
	Consulted   []Consulted `json:"consulted,omitempty"`
	Halts       []Halt      `json:"halts,omitempty"`     // open suspensions that no state declares
	Proposals   []Proposal  `json:"proposals,omitempty"` // events that wait to be endorsed
	Steps       []StepUsed  `json:"steps,omitempty"`     // what past visits used of the clocks of steps
	Delegated   bool        `json:"delegated,omitempty"` // the holder acts without holding the step's role
	Alarms      []Alarm     `json:"alarms,omitempty"`    // rungs that wait to be acknowledged
	Linked      []Linked    `json:"linked,omitempty"`
	Parent      *Parent     `json:"parent,omitempty"` // the dossier this one is a part of
	Outcome     string      `json:"outcome,omitempty"`
	ClosedAt    time.Time   `json:"closed_at,omitzero"`
}

// CaseModel counts the ways in which [Evolve] has made cases. It moves when the
// same facts make another case than before: something more is remembered.
const CaseModel = 3

// ProcedureRef pins the exact text a dossier is executed by.
type ProcedureRef struct {
	Code    string `json:"code"`
	Version int    `json:"version"`
	SHA256  string `json:"sha256"`
}

// CalendarRef pins the calendar a dossier's due moments are computed with.
type CalendarRef struct {
	Code    string `json:"code"`
	Version int    `json:"version"`
}

// Acted remembers which officer took which step, for separation of duties.
type Acted struct {
	State   string `json:"state"`
	Officer string `json:"officer"`
}

// Handoff is a handoff that waits to be accepted.
type Handoff struct {
	FromState      string    `json:"from_state"`
	FromDepartment string    `json:"from_department"`
	SentAt         time.Time `json:"sent_at"`
	MayReturn      bool      `json:"may_return,omitempty"`
	// InTransit is whose the time until acceptance is; empty: the sender's.
	InTransit string `json:"in_transit,omitempty"`
	// Slip is the list it was handed over with, where many were at once.
	Slip string `json:"slip,omitempty"`
	// StepClock is how the receiver's step goes on once it begins.
	StepClock string `json:"step_clock,omitempty"`
}

// Under is the case by the calendar that one of its clocks was computed with.
func (c Case) Under(k Clock) Case {
	if k.CalendarVersion > 0 {
		c.Calendar.Version = k.CalendarVersion
	}
	return c
}

// Started says whether the case exists.
func (c Case) Started() bool { return c.Seq > 0 }

// Closed says whether the dossier has reached a final state.
func (c Case) Closed() bool { return !c.ClosedAt.IsZero() }

// Clock returns the open clock of a kind.
func (c Case) Clock(kind ClockKind) (Clock, bool) {
	i := slices.IndexFunc(c.Clocks, func(k Clock) bool { return k.Kind == kind })
	if i < 0 {
		return Clock{}, false
	}
	return c.Clocks[i], true
}

// Appointment returns the clock whose due moment the citizen was given (hẹn
// trả kết quả): the committed one where there is one, else the statutory.
func (c Case) Appointment() (Clock, bool) {
	if k, ok := c.Clock(ClockCommitted); ok {
		return k, true
	}
	return c.Clock(ClockStatutory)
}

// StepDue is when the present step, or the acceptance of its handoff, is due:
// whichever comes first, for within a cell both run. It is zero where neither
// has a limit.
func (c Case) StepDue() time.Time {
	var due time.Time
	for _, kind := range []ClockKind{ClockStep, ClockHandoff} {
		if k, ok := c.Clock(kind); ok && (due.IsZero() || k.Due.Before(due)) {
			due = k.Due
		}
	}
	return due
}

// Raises lists what a rung can raise a clock to, the lowest first.
func Raises() []string { return []string{"due-soon", "overdue", raiseHighest} }

const raiseHighest = "escalated"

// Raised is the highest that a rung raised one of the open clocks, empty if
// none did: a step that is over no longer raises the dossier.
func (c Case) Raised() string {
	highest := ""
	for _, raise := range Raises() {
		if slices.ContainsFunc(c.Clocks, func(k Clock) bool { return k.Raised == raise }) {
			highest = raise
		}
	}
	return highest
}

// HasActed says whether the officer took the step.
func (c Case) HasActed(state, officer string) bool {
	return officer != "" && slices.Contains(c.Acted, Acted{State: state, Officer: officer})
}

// ClockKind says what a clock measures.
type ClockKind string

// The kinds of clock.
const (
	ClockStatutory    ClockKind = "statutory"    // the law's limit; a breach is permanent
	ClockCommitted    ClockKind = "committed"    // the agency's promise
	ClockStep         ClockKind = "step"         // one step
	ClockHandoff      ClockKind = "handoff"      // sent, not yet accepted
	ClockStage        ClockKind = "stage"        // the sub-total of one agency in a chain
	ClockSuspension   ClockKind = "suspension"   // how long the legal clock may stand still this time
	ClockStandstill   ClockKind = "standstill"   // how long it may over all suspensions
	ClockWait         ClockKind = "wait"         // until a state in which it runs expires
	ClockConsultation ClockKind = "consultation" // until a department asked must have answered
	ClockIntake       ClockKind = "intake"       // the answer to a filing, before acceptance
	ClockLink         ClockKind = "link"         // a linked dossier's part
	ClockReceipt      ClockKind = "receipt"      // until the next agency has taken up a linked dossier
	ClockAlarm        ClockKind = "alarm"        // until somebody has acknowledged a rung
)

// Verdict is how a clock ended.
type Verdict string

// The verdicts of a stopped clock.
const (
	VerdictMet        Verdict = "met"
	VerdictViolated   Verdict = "violated"
	VerdictSuperseded Verdict = "superseded" // replaced by another clock
)

// Clock is a legal clock kept as a ledger: a budget, what is consumed of it,
// and since when it runs. The due moment follows from those and the calendar;
// while the clock stands still there is none. Suspending consumes what was
// used and resuming grants what is left, however long the stop took.
type Clock struct {
	ID         string            `json:"id"`
	Kind       ClockKind         `json:"kind"`
	Subject    string            `json:"subject,omitempty"` // the state it belongs to
	Department string            `json:"department,omitempty"`
	Budget     calendar.Duration `json:"budget"`
	// Consumed is in the budget's base amount (calendar.Duration.Amount).
	Consumed  int64     `json:"consumed,omitempty"`
	StartedAt time.Time `json:"started_at"`
	// CountsFrom is the first moment that may count: StartedAt, or later after
	// a cut-off.
	CountsFrom time.Time `json:"counts_from"`
	// RunningSince is the moment the present stretch counts from. Zero while
	// suspended or stopped.
	RunningSince time.Time `json:"running_since,omitzero"`
	Due          time.Time `json:"due,omitzero"`
	// Extended is what extensions added to the budget.
	Extended calendar.Duration `json:"extended,omitzero"`
	// CalendarVersion is that of the dossier's calendar the due moment was last
	// computed with: a clock that has ended is explained by it for ever.
	CalendarVersion int `json:"calendar_version,omitempty"`
	// Rule names what moved the start or the end, for the explanation.
	Rule string `json:"rule,omitempty"`
	// Breached stays once the due moment has passed, whatever comes after.
	Breached    bool      `json:"breached,omitempty"`
	Provisional bool      `json:"provisional,omitempty"`
	Spans       []Span    `json:"spans,omitempty"` // the past stretches
	Fired       []int     `json:"fired,omitempty"` // rungs of the ladder, by index
	Raised      string    `json:"raised,omitempty"`
	StoppedAt   time.Time `json:"stopped_at,omitzero"`
	Verdict     Verdict   `json:"verdict,omitempty"`
	// Succeeds is the clock it took over from: by an extension, a migration, a
	// new calendar, an override.
	Succeeds string `json:"succeeds,omitempty"`
}

// Span is a past stretch of a clock, running or suspended.
type Span struct {
	From      time.Time `json:"from"`
	To        time.Time `json:"to"`
	Suspended bool      `json:"suspended,omitempty"`
	Reason    string    `json:"reason,omitempty"` // the state that suspended it, or the reason of the halt
	Basis     string    `json:"basis,omitempty"`  // of the halt
}

// Running says whether the clock counts.
func (k Clock) Running() bool { return !k.RunningSince.IsZero() }

// Open says whether the clock has not been stopped.
func (k Clock) Open() bool { return k.StoppedAt.IsZero() }

// Overdue says whether the due moment has passed at now, or had when the clock
// stopped. It is derived, never stored.
func (k Clock) Overdue(now time.Time) bool {
	return k.Breached || k.Open() && k.Running() && now.After(k.Due)
}
