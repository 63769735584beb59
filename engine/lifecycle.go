package engine

import (
	"slices"
	"strings"

	"motcua/engine/calendar"
)

// VersionState is where one version of a procedure stands in its lifecycle as
// a controlled document (ISO 9001:2015 clause 7.5, control of documented
// information).
type VersionState string

// The states of a version, in the order it passes them.
const (
	VersionDraft     VersionState = "draft"     // saved, or sent back; it cannot be approved
	VersionChecked   VersionState = "checked"   // lint found no error in it
	VersionApproved  VersionState = "approved"  // by an officer who is none of its authors
	VersionPublished VersionState = "published" // immutable; dossiers start under it while it is in effect
	VersionRetired   VersionState = "retired"   // its last day is fixed; running dossiers stay with it
)

// VersionStates lists the states in the order a version passes them.
func VersionStates() []VersionState {
	return []VersionState{VersionDraft, VersionChecked, VersionApproved, VersionPublished, VersionRetired}
}

// VersionAction is a step in the life of a version.
type VersionAction string

// What is done to a version; each step is an entry of its trail.
const (
	ActionUpload  VersionAction = "upload"  // a text was stored, or replaced another
	ActionImport  VersionAction = "import"  // a text came with a catalogue bundle
	ActionApprove VersionAction = "approve" // another officer agrees
	ActionReject  VersionAction = "reject"  // sent back to its authors
	ActionPublish VersionAction = "publish" // dossiers may start under it
	ActionRetire  VersionAction = "retire"  // its last day was fixed
	ActionSucceed VersionAction = "succeed" // a successor was published and ended its open range
)

// Who keeps the procedures: the quality board (ban ISO) of an agency.
const (
	DepartmentQuality     = "quality"
	RoleProcedureAuthor   = "procedure-author"   // uploads
	RoleProcedureApprover = "procedure-approver" // approves, rejects, publishes, retires
)

// versionEdges is the whole lifecycle. A text may be replaced until it is
// published, which costs it its approval.
var versionEdges = []struct {
	from   VersionState // "" is a version nobody stored yet
	action VersionAction
	to     VersionState
}{
	{"", ActionUpload, VersionDraft},
	{"", ActionUpload, VersionChecked},
	{"", ActionImport, VersionChecked},
	{VersionDraft, ActionUpload, VersionDraft},
	{VersionDraft, ActionUpload, VersionChecked},
	{VersionChecked, ActionUpload, VersionDraft},
	{VersionChecked, ActionUpload, VersionChecked},
	{VersionChecked, ActionReject, VersionDraft},
	{VersionChecked, ActionApprove, VersionApproved},
	{VersionApproved, ActionUpload, VersionDraft},
	{VersionApproved, ActionUpload, VersionChecked},
	{VersionApproved, ActionReject, VersionDraft},
	{VersionApproved, ActionPublish, VersionPublished},
	{VersionPublished, ActionSucceed, VersionPublished},
	{VersionPublished, ActionRetire, VersionRetired},
}

// MayBecome says whether any step leads from one state to another.
func (s VersionState) MayBecome(to VersionState) bool {
	for _, e := range versionEdges {
		if e.from == s && e.to == to {
			return true
		}
	}
	return false
}

// after finds where an action leads from a state; upload may lead to two.
func (s VersionState) after(action VersionAction) []VersionState {
	var out []VersionState
	for _, e := range versionEdges {
		if e.from == s && e.action == action {
			out = append(out, e.to)
		}
	}
	return out
}

// MayControl says whether an actor may take such steps at all. A backend
// system never may. Errors: CodeWrongRole.
func MayControl(a Actor, action VersionAction) error {
	role := RoleProcedureApprover
	if action == ActionUpload || action == ActionImport {
		role = RoleProcedureAuthor
	}
	if a.Kind != ActorOfficer || !a.Has(DepartmentQuality, role) {
		return Errorf(CodeWrongRole, "to %s a procedure takes role %s in department %s", action, role, DepartmentQuality)
	}
	return nil
}

// DecideVersion answers where a step leads the version, or why it may not be
// taken. Publishing has conditions of its own besides: see [CheckPublish].
// Errors: CodeWrongRole, CodeEventNotPermitted, CodeNeedsUnmet,
// CodeSameOfficer, CodeCommentRequired, CodeInvalid.
func DecideVersion(v VersionRecord, c VersionCommand, today calendar.Date) (VersionState, error) {
	if err := MayControl(c.Actor, c.Action); err != nil {
		return "", err
	}
	to := v.State.after(c.Action)
	if len(to) != 1 { // an upload is decided by its findings, see [DecideUpload]
		return "", notInState(v, c.Action)
	}
	switch {
	case c.SHA256 != "" && c.SHA256 != v.SHA256:
		return "", Errorf(CodeNeedsUnmet, "another text stands under the version by now, %s: read it first", v.SHA256)
	case c.Action == ActionApprove && slices.Contains(v.Authors, c.Actor.ID):
		return "", Errorf(CodeSameOfficer, "%s is an author of this text: another officer must approve it", c.Actor.ID)
	case (c.Action == ActionReject || c.Action == ActionRetire) && strings.TrimSpace(c.Comment) == "":
		return "", Errorf(CodeCommentRequired, "to %s a version takes a reason", c.Action)
	case c.Action == ActionRetire:
		if err := checkRetire(v, c.To, today); err != nil {
			return "", err
		}
	}
	return to[0], nil
}

// DecideUpload answers the state a text is stored in: draft when that was
// asked for, else checked. Known is nil for a version nobody stored yet.
// Errors: CodeWrongRole, CodeEventNotPermitted, and the [Findings] of a text
// with errors that was not meant as a draft.
func DecideUpload(known *VersionRecord, u Upload) (VersionState, error) {
	action, from, to := u.Action(), VersionState(""), VersionChecked
	if err := MayControl(u.Actor, action); err != nil {
		return "", err
	}
	if known != nil {
		from = known.State
	}
	if u.Draft {
		to = VersionDraft
	} else if err := u.Findings.Err(); err != nil {
		return "", err
	}
	if !slices.Contains(from.after(action), to) {
		return "", notInState(*known, action)
	}
	return to, nil
}

func notInState(v VersionRecord, action VersionAction) error {
	refusal := Errorf(CodeEventNotPermitted, "procedure %s version %d is %s: it cannot %s now", v.Code, v.Version.Version, v.State, action)
	refusal.State = string(v.State)
	return refusal
}

// checkRetire keeps the end of a version ahead of today, so that nobody who
// starts a dossier is taken by surprise, and within its range.
func checkRetire(v VersionRecord, to, today calendar.Date) error {
	var why string
	switch end := v.Effective.To; {
	case !to.After(today):
		why = "may not lie before tomorrow"
	case !to.After(v.Effective.From):
		why = "must lie after " + v.Effective.From.String() + ", its first day"
	case !end.IsZero() && to.After(end):
		why = "may not lie after " + end.String() + ", where its range ends already"
	default:
		return nil
	}
	return &Error{Code: CodeInvalid, Path: "/to", Message: "the day the version ends " + why}
}

// CheckPublish holds an approved version to the conditions of publishing,
// given every version of the code that was published before. It returns the
// version whose open range the new one ends, if there is one. The conditions:
//
//   - the definition names its cause;
//   - the sum rule holds: no finding about sums, except at level internal;
//   - its first day is not past, unless it is the code's first version: which
//     version was in effect on a day that is over never changes;
//   - its range is shared with no other published version.
//
// Errors: CodeNeedsUnmet.
func CheckPublish(def Definition, findings Findings, published []Version, today calendar.Date) (ended *Version, err error) {
	if def.Cause == nil {
		return nil, Errorf(CodeNeedsUnmet, "the definition names no cause: the document that made this version necessary")
	}
	for _, f := range findings {
		if strings.HasPrefix(f.Code, "sum-") && def.Level != "internal" {
			return nil, Errorf(CodeNeedsUnmet, "the sum rule does not hold: %s: %s", f.Code, f.Message)
		}
	}
	if len(published) > 0 && def.Effective.From.Before(today) {
		return nil, Errorf(CodeNeedsUnmet, "effective.from %s is past: only the first version of a procedure may begin before the day it is published", def.Effective.From)
	}
	for i, other := range published {
		switch {
		case !overlap(other.Effective, def.Effective):
		case other.Effective.To.IsZero() && other.Effective.From.Before(def.Effective.From):
			ended = &published[i]
		default:
			return nil, Errorf(CodeNeedsUnmet, "version %d is in effect in the same time, %s", other.Version, other.Effective.days())
		}
	}
	return ended, nil
}

func overlap(a, b Effective) bool {
	return (a.To.IsZero() || b.From.Before(a.To)) && (b.To.IsZero() || a.From.Before(b.To))
}

func (e Effective) days() string {
	if e.To.IsZero() {
		return "from " + e.From.String()
	}
	return "from " + e.From.String() + " to before " + e.To.String()
}
