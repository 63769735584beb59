package engine

import (
	"slices"
	"time"
)

// View is a filter of lists that somebody keeps under a name, for themselves
// or for others. It shows everybody what is within their own reach, and lets
// nobody see more.
type View struct {
	ID         string    `json:"id"`
	Name       string    `json:"name"`
	Owner      string    `json:"owner" doc:"Id of the officer who keeps it"`
	Share      Sharing   `json:"share" enum:"own,department,agency" doc:"Who else finds it"`
	Department string    `json:"department,omitempty" doc:"With share: department"`
	Query      string    `json:"query" doc:"The filter, as the parameters of a list" example:"department=one-stop&list=overdue"`
	UpdatedAt  time.Time `json:"updated_at" doc:"When it was last changed"`
}

// Sharing is who else finds a view among theirs.
type Sharing string

// Whom a view is shared with.
const (
	ShareOwn        Sharing = "own"        // nobody
	ShareDepartment Sharing = "department" // those who work in a department or supervise it
	ShareAgency     Sharing = "agency"     // everybody of the agency
)

// VisibleTo says whether an officer of the view's agency finds it.
func (v View) VisibleTo(a Actor) bool {
	switch v.Share {
	case ShareAgency:
		return true
	case ShareDepartment:
		return v.Owner == a.ID || slices.Contains(viewDepartments(a), v.Department)
	}
	return v.Owner == a.ID
}

// viewDepartments are those whose views an officer finds.
func viewDepartments(a Actor) []string { return append(a.Departments(), a.Oversees...) }

// Allowed refuses a view that an officer may not keep: one for a department
// that is not theirs or, without the reach of the agency, for all of it.
// Errors: CodeInvalid, CodeWrongRole.
func (v View) Allowed(a Actor) error {
	switch {
	case v.Share == ShareOwn && v.Department == "":
		return nil
	case v.Share == ShareAgency && v.Department == "":
		if May(a, VerbListDossiers) < ScopeAgency {
			return Errorf(CodeWrongRole, "only who sees all of the agency shares a view with all of it")
		}
		return nil
	case v.Share == ShareDepartment && v.Department != "":
		if !slices.Contains(viewDepartments(a), v.Department) {
			return Errorf(CodeWrongRole, "department %s is not among yours", v.Department)
		}
		return nil
	}
	return &Error{Code: CodeInvalid, Path: "/share", Message: "share is own, agency, or department with the department"}
}

// ChangedBy says whether an officer may change or drop the view: its owner
// and, so that none outlives them for ever, who sees all of the agency.
func (v View) ChangedBy(a Actor) bool {
	return v.Owner == a.ID || v.Share != ShareOwn && May(a, VerbListDossiers) >= ScopeAgency
}
