package engine

import "time"

// Record is a dossier as people read it: the case, what is derived from it,
// and the words of the procedure it is pinned to.
type Record struct {
	Code           string    `json:"code"`
	Agency         string    `json:"agency"`
	Procedure      string    `json:"procedure"`
	Version        int       `json:"version"`
	ProcedureName  Text      `json:"procedure_name"`
	Channel        string    `json:"channel"`
	Applicant      Applicant `json:"applicant"`
	Status         string    `json:"status"` // running, suspended or closed
	State          string    `json:"state"`
	StateName      Text      `json:"state_name"`
	PortalStatus   int       `json:"portal_status,omitempty"`
	Department     string    `json:"department,omitempty"`
	Role           string    `json:"role,omitempty"`
	Holder         string    `json:"holder,omitempty"`
	HandoffPending bool      `json:"handoff_pending,omitempty"`
	StartedAt      time.Time `json:"started_at"`
	AcceptedAt     time.Time `json:"accepted_at,omitzero"`
	EnteredAt      time.Time `json:"entered_at"`
	DueAt          time.Time `json:"due_at,omitzero"`      // the appointment date
	StepDueAt      time.Time `json:"step_due_at,omitzero"` // step or handoff, whichever runs
	DueProvisional bool      `json:"due_provisional,omitempty"`
	Overdue        bool      `json:"overdue"`
	StepOverdue    bool      `json:"step_overdue"`
	Raised         string    `json:"raised,omitempty"` // the highest a rung raised it
	ClosedAt       time.Time `json:"closed_at,omitzero"`
	Outcome        string    `json:"outcome,omitempty"`
	Seq            int64     `json:"seq"`
}

// Statuses of a record.
const (
	StatusRunning   = "running"
	StatusSuspended = "suspended"
	StatusClosed    = "closed"
)

// Applicant is who asks (người nộp hồ sơ). It is personal data: it stays in
// the ledger's own table, out of facts, histories and logs.
type Applicant struct {
	Name    string `json:"name" validate:"required,max=200"`
	ID      string `json:"id,omitempty" validate:"max=64"`
	Phone   string `json:"phone,omitempty" validate:"max=32"`
	Email   string `json:"email,omitempty" validate:"omitempty,email,max=200"`
	Address string `json:"address,omitempty" validate:"max=500"`
}

// StoredFact is a fact with its link in the dossier's chain.
type StoredFact struct {
	Fact
	Digest Digest `json:"digest"`
}

// Status derives the status of a case.
func (c Case) Status() string {
	switch k, ok := c.Appointment(); {
	case c.Closed():
		return StatusClosed
	case c.Halted():
		return StatusSuspended
	case ok && !k.Running():
		return StatusSuspended
	}
	if _, ok := c.Clock(ClockSuspension); ok {
		return StatusSuspended
	}
	return StatusRunning
}

// StartRequest asks for a new dossier.
type StartRequest struct {
	// Key makes the request idempotent together with who asks; Digest tells a
	// repetition of the same request from another one under the same key.
	Key        string
	Digest     string
	Actor      Actor
	Agency     string
	Procedure  string
	Channel    string
	Components []string
	Comment    string
	Applicant  Applicant
	Fields     map[string]any
}

// Started is the answer to a StartRequest.
type Started struct {
	Outcome
	Code     string
	Repeated bool // the key had been used for the same request
}

// Version describes one published version of a procedure.
type Version struct {
	Code      string    `json:"code"`
	Version   int       `json:"version"`
	Name      Text      `json:"name"`
	Level     string    `json:"level"`
	Field     string    `json:"field,omitempty"`
	SHA256    string    `json:"sha256"`
	Effective Effective `json:"effective"`
	Text      []byte    `json:"-"`
}

// Notification is what a rung told one officer, or what happened to a dossier
// the officer watches.
type Notification struct {
	ID        int64     `json:"id"`
	Dossier   string    `json:"dossier"`
	State     string    `json:"state"`
	Rung      string    `json:"rung"`
	Raise     string    `json:"raise,omitempty"`
	Fact      FactKind  `json:"fact,omitempty"` // what happened to a dossier that is watched; then there is no rung
	Moment    time.Time `json:"moment"`
	CreatedAt time.Time `json:"created_at"`
}
