package client

import (
	"context"
	"encoding/json"
	"time"
)

// Fact is what happened to a dossier. What only some kinds carry is left as
// JSON, to be read by whoever needs it.
type Fact struct {
	Seq        int64             `json:"seq"`
	Kind       string            `json:"kind"`
	At         time.Time         `json:"at"`
	RecordedAt time.Time         `json:"recorded_at,omitzero"`
	ActorKind  string            `json:"actor_kind"`
	Actor      string            `json:"actor"`
	OnBehalf   string            `json:"on_behalf,omitempty"`
	Delegated  bool              `json:"delegated,omitempty"`
	Dossier    string            `json:"dossier,omitempty"`
	Command    string            `json:"command,omitempty"`
	Event      string            `json:"event,omitempty"`
	From       string            `json:"from,omitempty"`
	To         string            `json:"to,omitempty"`
	By         string            `json:"by,omitempty"`
	Department string            `json:"department,omitempty"`
	Role       string            `json:"role,omitempty"`
	Officer    string            `json:"officer,omitempty"`
	Comment    string            `json:"comment,omitempty"`
	Basis      string            `json:"basis,omitempty"`
	Form       string            `json:"form,omitempty"`
	Outcome    string            `json:"outcome,omitempty"`
	Variant    string            `json:"variant,omitempty"`
	Suspended  bool              `json:"suspended,omitempty"`
	Components []string          `json:"components,omitempty"`
	Given      []string          `json:"given,omitempty"`
	Fields     map[string]string `json:"fields,omitempty"`
	Digest     string            `json:"digest"`

	Start      json.RawMessage `json:"start,omitempty"`
	Clock      json.RawMessage `json:"clock,omitempty"`
	Handoff    json.RawMessage `json:"handoff,omitempty"`
	Halt       json.RawMessage `json:"halt,omitempty"`
	Rung       json.RawMessage `json:"rung,omitempty"`
	Alarm      json.RawMessage `json:"alarm,omitempty"`
	Escalation json.RawMessage `json:"escalation,omitempty"`
	Moved      json.RawMessage `json:"moved,omitempty"`
	Consulted  json.RawMessage `json:"consulted,omitempty"`
	Linked     json.RawMessage `json:"linked,omitempty"`
	Proposal   json.RawMessage `json:"proposal,omitempty"`
	Overrides  json.RawMessage `json:"overrides,omitempty"`
	Calendar   json.RawMessage `json:"calendar,omitempty"`
	Migrated   json.RawMessage `json:"migrated,omitempty"`
}

type factList struct {
	Code  string `json:"code"`
	Facts []Fact `json:"facts"`
}

// Facts reads what happened to a dossier, oldest first.
func (c *Client) Facts(ctx context.Context, code string) ([]Fact, error) {
	var out factList
	_, err := c.send(ctx, call{operation: listFacts, code: code}, &out)
	return out.Facts, err
}

// Clock is a limit of a dossier, with the account of its due moment.
type Clock struct {
	ID              string      `json:"id"`
	Kind            string      `json:"kind"`
	Subject         string      `json:"subject,omitempty"`
	Department      string      `json:"department,omitempty"`
	Budget          string      `json:"budget"` // such as 1wd
	Extended        string      `json:"extended,omitempty"`
	Consumed        int64       `json:"consumed,omitempty"`
	StartedAt       time.Time   `json:"started_at"`
	CountsFrom      time.Time   `json:"counts_from"`
	RunningSince    time.Time   `json:"running_since,omitzero"`
	StoppedAt       time.Time   `json:"stopped_at,omitzero"`
	Due             time.Time   `json:"due,omitzero"`
	Provisional     bool        `json:"provisional,omitempty"`
	Overdue         bool        `json:"overdue"`
	Breached        bool        `json:"breached,omitempty"`
	Verdict         string      `json:"verdict,omitempty"`
	Rule            string      `json:"rule,omitempty"`
	Raised          string      `json:"raised,omitempty"`
	Fired           []int       `json:"fired,omitempty"`
	Spans           []Span      `json:"spans,omitempty"`
	Succeeds        string      `json:"succeeds,omitempty"`
	CalendarVersion int         `json:"calendar_version,omitempty"`
	Explanation     Explanation `json:"explanation"`
}

// Span is a past stretch of a clock.
type Span struct {
	From      time.Time `json:"from"`
	To        time.Time `json:"to"`
	Suspended bool      `json:"suspended,omitempty"`
	Reason    string    `json:"reason,omitempty"`
	Basis     string    `json:"basis,omitempty"`
}

// Explanation says how a due moment came about.
type Explanation struct {
	Kind        string     `json:"kind"`
	AsOf        time.Time  `json:"as_of"`
	Budget      string     `json:"budget"`
	Consumed    int64      `json:"consumed"`
	Due         time.Time  `json:"due,omitzero"`
	StoppedAt   time.Time  `json:"stopped_at,omitzero"`
	Provisional bool       `json:"provisional,omitempty"`
	Overdue     bool       `json:"overdue,omitempty"`
	Verdict     string     `json:"verdict,omitempty"`
	Judgement   *Judgement `json:"judgement,omitempty"`
	Rules       []Text     `json:"rules"`
	Timeline    []Stretch  `json:"timeline"`
}

// Judgement compares a stopped clock with its due moment.
type Judgement struct {
	Minute string `json:"minute"`
	Day    string `json:"day"`
}

// Stretch is a stretch of time that makes up a due moment.
type Stretch struct {
	Kind   string    `json:"kind"`
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Counts bool      `json:"counts"`
	Rule   string    `json:"rule,omitempty"`
	Name   string    `json:"name,omitempty"`
	Basis  string    `json:"basis,omitempty"`
}

type clockList struct {
	Code   string  `json:"code"`
	Clocks []Clock `json:"clocks"`
}

// Clocks reads every clock of a dossier, oldest first.
func (c *Client) Clocks(ctx context.Context, code string) ([]Clock, error) {
	var out clockList
	_, err := c.send(ctx, call{operation: listClocks, code: code}, &out)
	return out.Clocks, err
}
