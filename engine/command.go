package engine

import (
	"errors"
	"slices"
	"time"

	"motcua/engine/calendar"
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
	// StandsIn are the roles of officers who are away, held meanwhile.
	StandsIn []StandIn `json:"stands_in,omitempty"`
	// Oversees are the departments the actor supervises: those whose head they
	// are with all below, or all of them for a leader.
	Oversees []string `json:"oversees,omitempty"`
	// Formerly are dissolved departments whose work the actor's departments took
	// over.
	Formerly []string `json:"formerly,omitempty"`
	// Verbs are those that the actor's key is for; none: all that the actor may.
	Verbs []Verb `json:"verbs,omitempty"`
}

// StandIn is a role held in place of an officer who is away.
type StandIn struct {
	RoleIn
	For string `json:"for"`
}

// RoleIn is a role held in a department.
type RoleIn struct {
	Department string `yaml:"department" json:"department" validate:"required,max=64"`
	Role       string `yaml:"role" json:"role" validate:"required,max=64"`
}

// Has says whether the actor holds the role in the department, or stands in
// for somebody who does.
func (a Actor) Has(department, role string) bool {
	return slices.Contains(a.Roles, RoleIn{Department: department, Role: role}) || a.For(department, role) != ""
}

// For is the officer in whose place the actor holds the role; empty if the
// role is the actor's own or not theirs at all.
func (a Actor) For(department, role string) string {
	wanted := RoleIn{Department: department, Role: role}
	if slices.Contains(a.Roles, wanted) {
		return ""
	}
	for _, s := range a.StandsIn {
		if s.RoleIn == wanted {
			return s.For
		}
	}
	return ""
}

// Supervises says whether the actor stands above a department; above a step
// that belongs to none, only leaders do.
func (a Actor) Supervises(department string) bool {
	if department == "" {
		return a.Kind == ActorOfficer && a.leads()
	}
	return a.Kind == ActorOfficer && slices.Contains(a.Oversees, department)
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
	EventReproject     = "reproject"      // another version of the calendar; [Reproject] alone does it
	EventReorganise    = "reorganise"     // another department; [Reorganise] alone does it

	EventRecallHandoff   = "recall-handoff"   // take back what was not accepted yet
	EventWithdrawRequest = "withdraw-request" // a consultation is not needed any more
	EventReassign        = "reassign"         // give the dossier to another officer
	EventSuspend         = "suspend"          // stop all clocks, for a reason and a time
	EventResume          = "resume"           // let them run again
	EventOverride        = "override"         // past what the definition allows
	EventEndorse         = "endorse"          // agree to what another officer proposed
	EventTurnDown        = "turn-down"        // refuse it
	EventAcknowledge     = "acknowledge"      // a rung was seen
	EventEscalate        = "escalate"         // tell the next level above, now
	EventReturn          = "return-dossier"   // back to an earlier step
	EventWithdraw        = "withdraw-dossier" // the applicant wants it back, and the step has no event for that
	EventExtend          = "extend-limit"     // longer limits, within the bounds of the definition

	EventLinkOpened       = "link-opened"       // a linked dossier is open; the ledger says so
	EventLinkAcknowledged = "link-acknowledged" // somebody there has taken it up
	EventLinkPaused       = "link-paused"       // it stands still
	EventLinkResumed      = "link-resumed"      // it goes on
	EventLinkConcluded    = "link-concluded"    // it has ended
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
	{EventReproject, Text{VI: "Tính lại theo lịch mới", EN: "Re-project"}},
	{EventReorganise, Text{VI: "Sắp xếp lại tổ chức", EN: "Reorganise"}},
	{EventRecallHandoff, Text{VI: "Thu hồi bàn giao", EN: "Recall handoff"}},
	{EventWithdrawRequest, Text{VI: "Rút yêu cầu lấy ý kiến", EN: "Withdraw request"}},
	{EventReassign, Text{VI: "Phân công lại", EN: "Reassign"}},
	{EventSuspend, Text{VI: "Tạm dừng tính thời hạn", EN: "Suspend"}},
	{EventResume, Text{VI: "Tính tiếp thời hạn", EN: "Resume"}},
	{EventOverride, Text{VI: "Xử lý vượt quy trình", EN: "Override"}},
	{EventEndorse, Text{VI: "Phê duyệt đề xuất", EN: "Endorse"}},
	{EventTurnDown, Text{VI: "Không phê duyệt đề xuất", EN: "Turn down"}},
	{EventAcknowledge, Text{VI: "Xác nhận đã biết", EN: "Acknowledge"}},
	{EventEscalate, Text{VI: "Báo lên cấp trên", EN: "Escalate"}},
	{EventReturn, Text{VI: "Trả về bước trước", EN: "Return to an earlier step"}},
	{EventWithdraw, Text{VI: "Rút hồ sơ theo đề nghị của người nộp", EN: "Withdraw at the applicant's request"}},
	{EventExtend, Text{VI: "Gia hạn", EN: "Extend the limit"}},
	{EventLinkOpened, Text{VI: "Đã mở hồ sơ liên thông", EN: "Linked dossier opened"}},
	{EventLinkAcknowledged, Text{VI: "Cơ quan liên thông đã nhận", EN: "Linked dossier acknowledged"}},
	{EventLinkPaused, Text{VI: "Hồ sơ liên thông tạm dừng", EN: "Linked dossier paused"}},
	{EventLinkResumed, Text{VI: "Hồ sơ liên thông tính tiếp", EN: "Linked dossier resumed"}},
	{EventLinkConcluded, Text{VI: "Hồ sơ liên thông kết thúc", EN: "Linked dossier concluded"}},
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
	Answer *Answer        `json:"answer,omitempty"` // with EventAnswer and EventWithdrawRequest
	Actor  Actor          `json:"actor"`
	Start  *Start         `json:"start,omitempty"` // with EventStart only
	// IfSeq, where it is given, is the last sequence the caller has read: on a
	// dossier that has moved on since, the command is refused.
	IfSeq int64 `json:"if_seq,omitempty"`

	Officer   string     `json:"officer,omitempty"`   // with EventReassign: to whom; empty: to the department's pool
	Halt      *HaltOrder `json:"halt,omitempty"`      // with EventSuspend and EventResume
	Overrides *Overrides `json:"overrides,omitempty"` // with EventOverride
	// Target is with EventEndorse and EventTurnDown the proposal, with
	// EventAcknowledge the clock of the alarm, or none for all, with EventReturn
	// the step.
	Target string            `json:"target,omitempty"`
	Extend calendar.Duration `json:"extend,omitzero"`  // with EventExtend: by how much
	Slip   string            `json:"slip,omitempty"`   // the list many dossiers are handed over with
	Linked *Linked           `json:"linked,omitempty"` // with the events of links: what is told of the part
}

// HaltOrder asks for a halt, or for its end.
type HaltOrder struct {
	// Outage is the id of a declared outage; empty: a supervisor's own halt.
	Outage string `json:"outage,omitempty"`
	Basis  string `json:"basis,omitempty"`
	// From is when it began, not in the future; zero: now. It may lie in the
	// past for an outage only.
	From time.Time `json:"from,omitzero"`
	// Until is when it ends by itself or, of an outage that is over, when it
	// ended. A supervisor's halt always has one.
	Until time.Time `json:"until,omitzero"`
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
	// Parent is the dossier this one is a part of.
	Parent *Parent `json:"parent,omitempty"`
	// Outages are the declared outages that last: the dossier begins halted.
	Outages []Halt `json:"outages,omitempty"`
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
	// Tells are messages to other dossiers; what is to be opened is in the case.
	Tells []Tell
	Case  Case
	// Next is the next moment at which time alone changes something; zero if none.
	Next time.Time
	// Opens is from when on people are disturbed about it: its moment, or when
	// the office of the agency opens next.
	Opens time.Time
}

// Tell is a command to another dossier that follows from a decision: to the
// one this is a part of, or to a part of this one.
type Tell struct {
	// Dossier is its code.
	Dossier string  `json:"dossier"`
	Event   string  `json:"event"`
	Comment string  `json:"comment,omitempty"`
	Linked  *Linked `json:"linked,omitempty"`
	// Key makes the command's id, together with the dossier it follows from.
	Key string `json:"key"`
}

// Notice asks that officers be told of a rung.
type Notice struct {
	Clock  string    `json:"clock"`
	Rung   int       `json:"rung"`
	Moment time.Time `json:"moment"`
	// Text is the rung as the definition says it.
	Text string `json:"text"`
	// Level counts how often it has climbed.
	Level int `json:"level,omitempty"`
	// Officers are those found when it fired.
	Officers []string `json:"officers,omitempty"`
	// Deliver is when they are told: now, or when the office opens next.
	Deliver time.Time `json:"deliver"`
	Raise   string    `json:"raise,omitempty"`
	Subject string    `json:"subject,omitempty"` // the state concerned
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
	// Opens are the linked dossiers asked for and not open yet.
	Opens []string `json:"opens,omitempty"`
	// Child is the dossier that was opened, of [Outcome.Opens].
	Child string `json:"child,omitempty"`
	// Refusal is set when the command changed nothing.
	Refusal *Error `json:"refusal,omitempty"`
	// Repeated says the command had been decided before.
	Repeated bool `json:"repeated,omitempty"`
}

// Outcome says what the decision made of the dossier.
func (d Decision) Outcome(cmd Command) Outcome {
	return Outcome{
		Dossier: d.Case.Dossier, Command: cmd.ID, Seq: d.Case.Seq,
		State: d.Case.State, Closed: d.Case.Closed(), NextAt: d.Next, Opens: d.Case.unopened(),
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
