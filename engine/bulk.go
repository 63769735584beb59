package engine

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"motcua/engine/calendar"
)

// ActBulk is one verb of a supervisor on many dossiers.
const ActBulk ActKind = "bulk"

// MaxBulk is how many dossiers one act may be on: what can be looked through
// before it is confirmed, and is over within minutes.
const MaxBulk = 10_000

// Bulk is one verb on many dossiers: on those named, on those that pass a
// filter when the act begins, or on those another act was refused.
type Bulk struct {
	Event  string `json:"event"`
	Reason string `json:"reason"`

	Officer   string            `json:"officer,omitempty"`
	Halt      *HaltOrder        `json:"halt,omitempty"`
	Overrides *Overrides        `json:"overrides,omitempty"`
	Extend    calendar.Duration `json:"extend,omitzero"`
	Target    string            `json:"target,omitempty"`

	Dossiers []string `json:"dossiers,omitempty"`
	Filter   *Filter  `json:"filter,omitempty"`
	// Retry is an act whose refused dossiers are to be tried again.
	Retry string `json:"retry,omitempty"`
}

// QueryUnrecorded stands in the record of an act for the words of its filter:
// they may be somebody's name.
const QueryUnrecorded = "…"

// BulkRecord is what was asked and by which authority: who asked, with the
// roles held then.
type BulkRecord struct {
	Event     string            `json:"event"`
	Officer   string            `json:"officer,omitempty"`
	Halt      *HaltOrder        `json:"halt,omitempty"`
	Overrides *Overrides        `json:"overrides,omitempty"`
	Extend    calendar.Duration `json:"extend,omitzero"`
	Target    string            `json:"target,omitempty"`
	// Filter is the [Filter] it was frozen from; without one, dossiers were named.
	Filter    json.RawMessage `json:"filter,omitempty"`
	Retry     string          `json:"retry,omitempty"`
	Authority Actor           `json:"authority"`
}

// Record is what is told of the act; its dossiers are told with their results.
func (b Bulk) Record(a Actor) (*BulkRecord, error) {
	r := &BulkRecord{
		Event: b.Event, Officer: b.Officer, Halt: b.Halt, Overrides: b.Overrides, Extend: b.Extend, Target: b.Target, Retry: b.Retry, Authority: a,
	}
	if b.Filter == nil {
		return r, nil
	}
	var err error
	r.Filter, err = json.Marshal(b.Filter)
	return r, err
}

// BulkEvents are the verbs that may be given to many dossiers at once: those
// that mean the same on each.
func BulkEvents() []string {
	return []string{
		EventReassign, EventEscalate, EventAcknowledge, EventReturn, EventExtend, EventSuspend, EventResume, EventOverride, EventWithdraw, EventComment,
	}
}

// Command is the verb as it is given to one dossier.
func (b Bulk) Command(id, dossier string, a Actor) Command {
	return Command{
		ID: id, Dossier: dossier, Event: b.Event, Comment: b.Reason, Actor: a,
		Officer: b.Officer, Halt: b.Halt, Overrides: b.Overrides, Extend: b.Extend, Target: b.Target,
	}
}

// CheckBulk holds an act against what can be, whatever its dossiers. Errors:
// CodeWrongRole, CodeInvalid, CodeCommentRequired.
func CheckBulk(a Actor, b Bulk) error {
	if err := MayBulk(a); err != nil {
		return err
	}
	chosen := 0
	for _, given := range []bool{len(b.Dossiers) > 0, b.Filter != nil, b.Retry != ""} {
		if given {
			chosen++
		}
	}
	switch {
	case !slices.Contains(BulkEvents(), b.Event):
		return &Error{Code: CodeInvalid, Path: "/event", Message: "many dossiers take one of " + strings.Join(BulkEvents(), ", ")}
	case strings.TrimSpace(b.Reason) == "":
		return &Error{Code: CodeCommentRequired, Path: "/reason", Message: "an act on many dossiers takes a reason"}
	case chosen != 1:
		return &Error{Code: CodeInvalid, Path: "/dossiers", Message: "an act is on dossiers that are named, or on those that pass a filter"}
	case len(b.Dossiers) > MaxBulk:
		return TooMany(len(b.Dossiers), "/dossiers")
	}
	return nil
}

// TooMany refuses an act on more dossiers than one may be on.
func TooMany(n int, path string) error {
	return &Error{Code: CodeInvalid, Path: path, Message: fmt.Sprintf("one act is on at most %d dossiers, and these are %d or more: choose fewer", MaxBulk, n)}
}

// MayBulk says whether an actor may act on many dossiers at once: a supervisor,
// on what they supervise; each dossier asks again. Errors: CodeWrongRole.
func MayBulk(a Actor) error {
	if a.Kind == ActorOfficer && a.Agency != "" && (a.leads() || len(a.Oversees) > 0) {
		return nil
	}
	return Errorf(CodeWrongRole, "an act on many dossiers takes a head of department or a leader")
}

// BulkReach is what an act of theirs on many dossiers may select: a leader's,
// everything of the agency; a head's, what stands in the departments they
// supervise. What others hold elsewhere is not theirs to act on.
func BulkReach(a Actor) Reach {
	return Reach{Agency: a.Agency, Everything: a.Leads(), Departments: a.Oversees}
}

// Leads says whether the actor is a leader of the agency, who oversees what
// stands with no department too.
func (a Actor) Leads() bool { return a.Kind == ActorOfficer && a.leads() }
