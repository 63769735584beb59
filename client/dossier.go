package client

import (
	"context"
	"strconv"
	"time"
)

// Text is a text in Vietnamese and, mostly, in English.
type Text struct {
	VI string `json:"vi"`
	EN string `json:"en,omitempty"`
}

// Applicant is who asks.
type Applicant struct {
	Name    string `json:"name"`
	ID      string `json:"id,omitempty"`
	Phone   string `json:"phone,omitempty"`
	Email   string `json:"email,omitempty"`
	Address string `json:"address,omitempty"`
}

// StartRequest asks for a dossier.
type StartRequest struct {
	Agency     string         `json:"agency,omitempty"` // by default the key's own
	Procedure  string         `json:"procedure"`
	Channel    string         `json:"channel"` // direct, online or post
	Components []string       `json:"components,omitempty"`
	Comment    string         `json:"comment,omitempty"`
	Applicant  Applicant      `json:"applicant"`
	Fields     map[string]any `json:"fields,omitempty"`
}

// Event is fired on a dossier; what goes with which one is in docs/api.md.
type Event struct {
	Event      string         `json:"event"`
	Comment    string         `json:"comment,omitempty"`
	Components []string       `json:"components,omitempty"`
	Fields     map[string]any `json:"fields,omitempty"`
	Answer     *Opinion       `json:"answer,omitempty"`
	Officer    string         `json:"officer,omitempty"`
	Halt       *Halting       `json:"halt,omitempty"`
	Extend     string         `json:"extend,omitempty"` // with extend-limit: such as 2wd
	Overrides  *Overrides     `json:"overrides,omitempty"`
	Target     string         `json:"target,omitempty"`
	Slip       string         `json:"slip,omitempty"`

	// IfSeq fires it only while the dossier's last sequence is this one; 0 does
	// not look.
	IfSeq int64 `json:"-"`
}

// Opinion is what a consulted department says.
type Opinion struct {
	Consultation string `json:"consultation"`
	Department   string `json:"department,omitempty"`
	Says         string `json:"says,omitempty"` // agree or refuse
}

// Halting is how long all clocks are to stand still.
type Halting struct {
	Until time.Time `json:"until,omitzero"`
	Basis string    `json:"basis,omitempty"`
}

// Overrides is what is done past the definition.
type Overrides struct {
	To     string `json:"to,omitempty"`
	Extend string `json:"extend,omitempty"` // such as 2wd
}

// Answer says what became of a start or an event.
type Answer struct {
	Code      string      `json:"code"`
	Command   string      `json:"command,omitempty"`
	Seq       int64       `json:"seq"`
	State     string      `json:"state"`
	StateName Text        `json:"state_name"`
	Closed    bool        `json:"closed"`
	NextAt    time.Time   `json:"next_at,omitzero"`
	DueAt     time.Time   `json:"due_at,omitzero"` // the appointment; zero until the legal clock runs
	StepDueAt time.Time   `json:"step_due_at,omitzero"`
	Permitted []Permitted `json:"permitted"`

	// Replayed says that it is the answer to an earlier call with the same key.
	Replayed bool `json:"-"`
}

// Permitted is an event the caller may fire.
type Permitted struct {
	Event           string   `json:"event"`
	Name            Text     `json:"name"`
	To              string   `json:"to,omitempty"`
	States          []string `json:"states,omitempty"`
	CommentRequired bool     `json:"comment_required,omitempty"`
	Print           string   `json:"print,omitempty"`
	Fields          []string `json:"fields,omitempty"`
	Consultation    string   `json:"consultation,omitempty"`
	Department      string   `json:"department,omitempty"`
	Target          string   `json:"target,omitempty"`
}

// Record is a dossier as lists show it.
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
	PortalStatus   int       `json:"portal_status,omitempty"` // by the national portal's table of ten
	Department     string    `json:"department,omitempty"`
	Role           string    `json:"role,omitempty"`
	Holder         string    `json:"holder,omitempty"`
	HandoffPending bool      `json:"handoff_pending,omitempty"`
	StartedAt      time.Time `json:"started_at"`
	AcceptedAt     time.Time `json:"accepted_at,omitzero"`
	EnteredAt      time.Time `json:"entered_at"`
	ClosedAt       time.Time `json:"closed_at,omitzero"`
	Outcome        string    `json:"outcome,omitempty"`
	DueAt          time.Time `json:"due_at,omitzero"`
	DueProvisional bool      `json:"due_provisional,omitempty"`
	Overdue        bool      `json:"overdue"`
	StepDueAt      time.Time `json:"step_due_at,omitzero"`
	StepOverdue    bool      `json:"step_overdue"`
	Raised         string    `json:"raised,omitempty"`
	Seq            int64     `json:"seq"`
}

// Dossier is a record with what the caller may do.
type Dossier struct {
	Record
	// Personal says whether the applicant, Fields and what was written are in
	// full: to the system that supplied them they are.
	Personal  string         `json:"personal"`
	Fields    map[string]any `json:"fields,omitempty"`
	Permitted []Permitted    `json:"permitted"`
	Halts     []Halt         `json:"halts,omitempty"`
	Proposals []Proposal     `json:"proposals,omitempty"`
	Parent    *Parent        `json:"parent,omitempty"`
}

// Halt is a standstill of all clocks that no state declares.
type Halt struct {
	ID     string    `json:"id"`
	From   time.Time `json:"from"`
	Until  time.Time `json:"until,omitzero"`
	Reason string    `json:"reason,omitempty"`
	Basis  string    `json:"basis,omitempty"`
	Beside []string  `json:"beside,omitempty"`
	Outage bool      `json:"outage,omitempty"`
	Linked bool      `json:"linked,omitempty"`
}

// Proposal is an event that waits to be endorsed.
type Proposal struct {
	ID         string     `json:"id"`
	Event      string     `json:"event"`
	Officer    string     `json:"officer"`
	At         time.Time  `json:"at"`
	Approval   Role       `json:"approval"`
	Comment    string     `json:"comment,omitempty"`
	Components []string   `json:"components,omitempty"`
	Overrides  *Overrides `json:"overrides,omitempty"`
}

// Role is a role in a department.
type Role struct {
	Department string `json:"department,omitempty"`
	Role       string `json:"role"`
}

// Parent is the dossier this one is a part of.
type Parent struct {
	Dossier      string `json:"dossier"`
	Linked       string `json:"linked"`
	Acknowledged bool   `json:"acknowledged,omitempty"`
}

// Me is who the caller is taken for.
type Me struct {
	Kind   string            `json:"kind"` // system or officer
	ID     string            `json:"id"`
	Name   string            `json:"name,omitempty"`
	Agency string            `json:"agency"`
	Roles  []Role            `json:"roles"`
	May    map[string]string `json:"may"` // verbs, and how far each reaches
}

// Start opens a dossier, or returns the one an earlier call with the key opened.
func (c *Client) Start(ctx context.Context, key string, r StartRequest) (Answer, error) {
	return c.change(ctx, call{operation: startDossier, payload: r, key: key})
}

// Fire fires an event on a dossier, or returns the outcome of an earlier call
// with the key, a refusal too: ask again under a new key once it has moved on.
func (c *Client) Fire(ctx context.Context, key, code string, e Event) (Answer, error) {
	q := call{operation: fireEvent, code: code, payload: e, key: key}
	if e.IfSeq > 0 {
		q.ifMatch = strconv.Quote(strconv.FormatInt(e.IfSeq, 10))
	}
	return c.change(ctx, q)
}

func (c *Client) change(ctx context.Context, q call) (Answer, error) {
	var out Answer
	header, err := c.send(ctx, q, &out)
	out.Replayed = header.Get("Idempotency-Replayed") == "true"
	return out, err
}

// Dossier reads a dossier.
func (c *Client) Dossier(ctx context.Context, code string) (Dossier, error) {
	var out Dossier
	_, err := c.send(ctx, call{operation: getDossier, code: code}, &out)
	return out, err
}

// Me says who the key belongs to.
func (c *Client) Me(ctx context.Context) (Me, error) {
	var out Me
	_, err := c.send(ctx, call{operation: whoAmI}, &out)
	return out, err
}
