package engine

import (
	"errors"
	"slices"
	"time"
)

// ActorKind says what sort of being acts.
type ActorKind string

// The kinds of actor.
const (
	ActorOfficer ActorKind = "officer" // a person with roles in departments
	ActorSystem  ActorKind = "system"  // a backend with an API key
	ActorClock   ActorKind = "clock"   // a due moment
)

// Actor is who commands. Roles are those that hold at the moment of the
// command, in the dossier's agency; they are not recorded in facts.
type Actor struct {
	Kind   ActorKind `json:"kind"`
	ID     string    `json:"id"`
	Agency string    `json:"agency,omitempty"`
	Roles  []RoleIn  `json:"roles,omitempty"`
}

// RoleIn is a role held in a department.
type RoleIn struct {
	Department string `yaml:"department" json:"department" validate:"required,max=64"`
	Role       string `yaml:"role" json:"role" validate:"required,max=64"`
}

// Has says whether the actor holds the role in the department.
func (a Actor) Has(department, role string) bool {
	return slices.Contains(a.Roles, RoleIn{Department: department, Role: role})
}

// Clockwork is the actor of everything a due moment causes.
var Clockwork = Actor{Kind: ActorClock, ID: "clock"}

// Events every procedure knows; a definition may not declare them.
const (
	EventStart         = "start"          // opens the dossier
	EventTick          = "tick"           // a due moment has come, or a look at the clock
	EventAcceptHandoff = "accept-handoff" // take over what another department sent
	EventReturnHandoff = "return-handoff" // send it back, with a reason
	EventClaim         = "claim"          // take the dossier from the department's pool
	EventRelease       = "release"        // put it back
	EventComment       = "comment"        // put a remark on record
	EventAnswer        = "answer"         // give the opinion a consultation asked for
	EventMigrate       = "migrate"        // another version of the procedure; [Migrate] alone does it
)

// reservedEvents are those events and what they are called.
var reservedEvents = []struct {
	event string
	name  Text
}{
	{EventStart, Text{VI: "Mở hồ sơ", EN: "Start"}},
	{EventTick, Text{VI: "Xem lại thời hạn", EN: "Look at the clock"}},
	{EventAcceptHandoff, Text{VI: "Nhận bàn giao", EN: "Accept handoff"}},
	{EventReturnHandoff, Text{VI: "Trả lại bàn giao", EN: "Return handoff"}},
	{EventClaim, Text{VI: "Nhận xử lý", EN: "Claim"}},
	{EventRelease, Text{VI: "Trả về hàng chờ", EN: "Release"}},
	{EventComment, Text{VI: "Ghi chú", EN: "Comment"}},
	{EventAnswer, Text{VI: "Cho ý kiến", EN: "Answer"}},
	{EventMigrate, Text{VI: "Chuyển phiên bản", EN: "Migrate"}},
}

// ReservedEvents lists the events a definition may not declare.
func ReservedEvents() []string {
	events := make([]string, len(reservedEvents))
	for i, r := range reservedEvents {
		events[i] = r.event
	}
	return events
}

// ReservedName is what an event that every procedure knows is called; it is
// empty for the events of definitions.
func ReservedName(event string) Text {
	for _, r := range reservedEvents {
		if r.event == event {
			return r.name
		}
	}
	return Text{}
}

// Command is a wish to change a dossier. ID makes it idempotent: the ledger
// decides one ID once and answers every repetition with the first outcome.
type Command struct {
	ID         string   `json:"id"`
	Dossier    string   `json:"dossier"`
	Event      string   `json:"event"`
	Comment    string   `json:"comment,omitempty"`
	Components []string `json:"components,omitempty"` // papers handed in with it
	// Fields are inputs that come with the event, by field id. They may be
	// personal: only what conditions rest on goes into facts.
	Fields map[string]any `json:"fields,omitempty"`
	Answer *Answer        `json:"answer,omitempty"` // with EventAnswer only
	Actor  Actor          `json:"actor"`
	Start  *Start         `json:"start,omitempty"` // with EventStart only
}

// Answer is what a consulted department says.
type Answer struct {
	Consultation string `json:"consultation"` // its id in the definition
	Department   string `json:"department"`
	Says         string `json:"says"` // AnswerAgree or AnswerRefuse
}

// The answers to a consultation.
const (
	AnswerAgree  = "agree"
	AnswerRefuse = "refuse"
)

// Start carries what opening a dossier needs to decide.
type Start struct {
	Agency    string       `json:"agency"`
	Channel   string       `json:"channel"`
	Procedure ProcedureRef `json:"procedure"`
	Calendar  CalendarRef  `json:"calendar"`
}

// Tick is the command a timer gives.
func Tick(dossier string) Command {
	return Command{Dossier: dossier, Event: EventTick, Actor: Clockwork}
}

// Decision is the answer to a command: what happened, what the world must be
// told, and the case that follows. It is empty when nothing changed.
type Decision struct {
	Facts   []Fact
	Notices []Notice
	// Stopped are the clocks that ended with this decision, in their last shape.
	Stopped []Clock
	Case    Case
	// Next is the next moment at which time alone changes something; zero if none.
	Next time.Time
}

// Notice asks that the holders of some roles be told of a rung.
type Notice struct {
	Clock   string    `json:"clock"`
	Rung    int       `json:"rung"`
	Moment  time.Time `json:"moment"`
	Roles   []string  `json:"roles"`
	Raise   string    `json:"raise,omitempty"`
	Subject string    `json:"subject,omitempty"` // the state concerned
	// Department and Role are who has to act at that moment: where the dossier
	// stands or, for a consultation, who was asked.
	Department string `json:"department,omitempty"`
	Role       string `json:"role,omitempty"`
	Holder     string `json:"holder,omitempty"`
}

// Outcome is what the ledger answers to a command. It travels through the
// workflow's history, so it holds ids, states and moments, nothing personal.
type Outcome struct {
	Dossier string    `json:"dossier"`
	Command string    `json:"command,omitempty"`
	Seq     int64     `json:"seq"`
	State   string    `json:"state"`
	Closed  bool      `json:"closed,omitempty"`
	NextAt  time.Time `json:"next_at,omitzero"`
	// Refusal is set when the command changed nothing.
	Refusal *Error `json:"refusal,omitempty"`
	// Repeated says the command had been decided before.
	Repeated bool `json:"repeated,omitempty"`
}

// Outcome says what the decision made of the dossier.
func (d Decision) Outcome(cmd Command) Outcome {
	return Outcome{
		Dossier: d.Case.Dossier, Command: cmd.ID, Seq: d.Case.Seq,
		State: d.Case.State, Closed: d.Case.Closed(), NextAt: d.Next,
	}
}

// Refused is the outcome of a command that [Decide] answered with an error: a
// refusal, which changes nothing. An error that is none of the engine's words
// is returned as it is.
func Refused(r Rules, c Case, cmd Command, err error) (Outcome, error) {
	var refusal *Error
	if !errors.As(err, &refusal) {
		return Outcome{}, err
	}
	out := Decision{Case: c, Next: r.Next(c)}.Outcome(cmd)
	out.Dossier, out.Refusal = cmd.Dossier, refusal
	return out, nil
}
