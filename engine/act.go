package engine

import (
	"errors"
	"strings"
	"time"

	"motcua/engine/calendar"
)

// ActKind says what one recorded act on many dossiers is.
type ActKind string

// The kinds of act.
const (
	ActMigration ActKind = "migration"  // to another version of their procedure
	ActCalendar  ActKind = "calendar"   // to another version of their calendar
	ActOutage    ActKind = "outage"     // a declared outage begins: all clocks stop
	ActOutageEnd ActKind = "outage-end" // it is over
	ActReassign  ActKind = "reassign"   // the dossiers of an officer who leaves

	ActReorganisation ActKind = "reorganisation" // the dossiers of dissolved departments
	ActOrganisation   ActKind = "organisation"   // an organisation was imported; it concerns no dossier by itself
)

// The results of an act for one dossier.
const (
	ResultPending   = "pending"   // not looked at yet
	ResultChanged   = "changed"   // done
	ResultRejected  = "refused"   // the dossier stays; code and message say why
	ResultUnchanged = "unchanged" // closed, or as the act wants it already
	ResultCancelled = "cancelled" // the act was ended before it came to it
)

// ActOutcome is what an act did, or in a preview would do, with one dossier.
type ActOutcome struct {
	Dossier string `json:"dossier"`
	Result  string `json:"result"`
	State   string `json:"state,omitempty"` // where it stands then
	Code    Code   `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
	// Moves are the due moments it moved.
	Moves []Move `json:"moves,omitempty"`
}

// ActOutcomeOf words what was decided for a case. An error that is none of the
// engine's words is returned as it is.
func ActOutcomeOf(c Case, d Decision, moves []Move, err error) (ActOutcome, error) {
	out := ActOutcome{Dossier: c.Dossier, Result: ResultRejected, State: c.State}
	var said *Error
	switch {
	case err == nil && len(d.Facts) == 0:
		out.Result, out.Message = ResultUnchanged, "it is as it should be already"
	case err == nil:
		out.Result, out.State, out.Moves = ResultChanged, d.Case.State, moves
	case errors.As(err, &said):
		out.Code, out.Message = said.Code, said.Message
		if said.Code == CodeDossierClosed {
			out.Result = ResultUnchanged
		}
	default:
		return ActOutcome{}, err
	}
	return out, nil
}

// Move is one due moment that moved, and by which rule.
type Move struct {
	Kind        ClockKind `json:"kind"`
	Subject     string    `json:"subject,omitempty"`
	Old         time.Time `json:"old,omitzero"`
	New         time.Time `json:"new,omitzero"`
	Provisional bool      `json:"provisional,omitempty"`
	Rule        Text      `json:"rule"`
}

// ActCounts tell the dossiers of an act by their results.
type ActCounts struct {
	Total     int `json:"total"`
	Pending   int `json:"pending"`
	Changed   int `json:"changed"`
	Refused   int `json:"refused"`
	Unchanged int `json:"unchanged"`
	Cancelled int `json:"cancelled,omitempty"`
	// Moved counts the dossiers with a due moment that moved.
	Moved int `json:"moved"`
	// Reasons counts those refused by why.
	Reasons map[Code]int `json:"reasons,omitempty"`
}

// ActCancelled is the state of an act that was ended before it was through.
const ActCancelled = "cancelled"

// Because counts some dossiers by why they were refused.
func (c *ActCounts) Because(result string, code Code, n int) {
	if result != ResultRejected || n == 0 {
		return
	}
	if c.Reasons == nil {
		c.Reasons = map[Code]int{}
	}
	c.Reasons[code] += n
}

// Add counts some dossiers with a result.
func (c *ActCounts) Add(result string, n int) {
	c.Total += n
	switch result {
	case ResultPending:
		c.Pending += n
	case ResultChanged:
		c.Changed += n
	case ResultRejected:
		c.Refused += n
	case ResultUnchanged:
		c.Unchanged += n
	case ResultCancelled:
		c.Cancelled += n
	}
}

// ActRecord is an act that was asked for and how far it has come.
type ActRecord struct {
	ID     string  `json:"id"`
	Kind   ActKind `json:"kind"`
	Agency string  `json:"agency,omitempty"` // empty: of all agencies
	// Subject is what it is about: the calendar's code and version, the outage, the officer.
	Subject    string    `json:"subject"`
	Reason     string    `json:"reason,omitempty"`
	Actor      string    `json:"actor"`
	CreatedAt  time.Time `json:"created_at"`
	FinishedAt time.Time `json:"finished_at,omitzero"`
	State      string    `json:"state"` // MigrationRunning, MigrationDone or ActCancelled
	Cancelled  string    `json:"cancelled_by,omitempty"`
	Counts     ActCounts `json:"counts"`
	// Bulk is what was asked, of an act on many dossiers.
	Bulk *BulkRecord `json:"bulk,omitempty"`
}

// ActPage is one page of outcomes, in the order of dossier codes. Counts tell
// all of them and come with the first page only.
type ActPage struct {
	Outcomes []ActOutcome `json:"outcomes"`
	Counts   *ActCounts   `json:"counts,omitempty"`
	Next     string       `json:"next,omitempty"`
}

// Outage is a declared outage of the systems that work rests on. While it
// lasts the clocks of the dossiers concerned stand still; they go on from the
// moment the system is back (Nghị định 301/2026 art. 3.4).
type Outage struct {
	ID string `json:"id"`
	// Agency whose dossiers are concerned, and Procedure; empty: all of them.
	Agency    string    `json:"agency,omitempty"`
	Procedure string    `json:"procedure,omitempty"`
	System    string    `json:"system"` // which: "VNeID", "Cổng dịch vụ công"
	Reason    string    `json:"reason"`
	Basis     string    `json:"basis,omitempty"`
	From      time.Time `json:"from"`
	Until     time.Time `json:"until,omitzero"` // zero while it lasts
	Declared  string    `json:"declared_by"`
	Ended     string    `json:"ended_by,omitempty"`
}

// CalendarRecord is one version of a calendar with its place in the lifecycle
// that procedures have too: it is checked, approved by somebody else, published.
type CalendarRecord struct {
	Spec        calendar.Spec `json:"spec"`
	SHA256      string        `json:"sha256"`
	State       VersionState  `json:"state"`
	Authors     []string      `json:"authors"`
	Approver    string        `json:"approver,omitempty"`
	Comment     string        `json:"comment,omitempty"`
	UploadedAt  time.Time     `json:"uploaded_at"`
	PublishedAt time.Time     `json:"published_at,omitzero"`
	// Act is the re-projection that its publication began.
	Act string `json:"act,omitempty"`
}

// MayDeclare says whether an actor may declare an outage for their agency, or
// its end: its leaders, and who approves its procedures. Errors: CodeWrongRole.
func MayDeclare(a Actor) error {
	if May(a, VerbDeclareOutage) > ScopeNone {
		return nil
	}
	return Errorf(CodeWrongRole, "to declare an outage takes role %s, or %s in department %s", RoleLeader, RoleProcedureApprover, DepartmentQuality)
}

// MayDismiss says whether an actor may record that an officer of their agency
// has left: its leaders. Errors: CodeWrongRole.
func MayDismiss(a Actor) error {
	if May(a, VerbDismissOfficer) > ScopeNone {
		return nil
	}
	return Errorf(CodeWrongRole, "to record that an officer has left takes role %s", RoleLeader)
}

// CheckOutage holds the declaration of an outage against what can be: it has
// begun by now and, where its end is given, is over. Errors: CodeInvalid,
// CodeCommentRequired.
func CheckOutage(o Outage, now time.Time) error {
	switch {
	case strings.TrimSpace(o.System) == "":
		return &Error{Code: CodeInvalid, Path: "/system", Message: "say which system is out"}
	case strings.TrimSpace(o.Reason) == "":
		return &Error{Code: CodeCommentRequired, Path: "/reason", Message: "an outage takes a reason"}
	case o.From.IsZero() || o.From.After(now):
		return &Error{Code: CodeInvalid, Path: "/from", Message: "an outage is declared once it has begun"}
	case o.Until.IsZero():
		return nil
	case !o.Until.After(o.From):
		return &Error{Code: CodeInvalid, Path: "/until", Message: "an outage ends after it began"}
	case o.Until.After(now):
		return &Error{Code: CodeInvalid, Path: "/until", Message: "the end of an outage is declared once it is over"}
	}
	return nil
}
