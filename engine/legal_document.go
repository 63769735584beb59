package engine

import (
	"time"

	"motcua/engine/calendar"
)

// UpdateProcedure is the code of the internal procedure that brings another
// one up to date after a change of law (Quyết định 19/2014/QĐ-TTg art. 4: within
// three months).
const UpdateProcedure = "QT.CNQT"

// What a version rests on a document as.
const (
	LegalRoleBasis = "basis" // căn cứ pháp lý
	LegalRoleCause = "cause" // căn cứ ban hành
)

// LegalDocument is a document that published procedures rest on, with what is
// known of its changes.
type LegalDocument struct {
	Ref        string        `json:"ref"`
	Title      string        `json:"title,omitempty"`
	Procedures []LegalUse    `json:"procedures"`
	Changes    []LegalChange `json:"changes,omitempty"`
}

// LegalUse is a published version that rests on a document.
type LegalUse struct {
	Code     string `json:"code"`
	Version  int    `json:"version"`
	Name     Text   `json:"name"`
	Role     string `json:"role"`
	Articles string `json:"articles,omitempty"`
}

// LegalChange is a change of a document (sửa đổi, thay thế, bãi bỏ).
type LegalChange struct {
	ByRef         string        `json:"by_ref"` // the document that makes the change
	EffectiveFrom calendar.Date `json:"effective_from"`
	Note          string        `json:"note,omitempty"`
	Actor         string        `json:"actor"`
	At            time.Time     `json:"at"`
	Tasks         []UpdateTask  `json:"tasks"`
}

// UpdateTask is the dossier of [UpdateProcedure] opened for one procedure.
type UpdateTask struct {
	Procedure string `json:"procedure"`
	Version   int    `json:"version"` // in effect, or to be, when the change was entered
	Dossier   string `json:"dossier"`
	Closed    bool   `json:"closed"`
}

// LegalChangeRequest enters a change of a document.
type LegalChangeRequest struct {
	Actor         Actor
	Ref           string
	ByRef         string
	EffectiveFrom calendar.Date
	Note          string
}

// LegalBases lists what a definition rests on, its cause last.
func (d Definition) LegalBases() (bases []LegalBasis, roles []string) {
	for _, b := range d.LegalBasis {
		bases, roles = append(bases, b), append(roles, LegalRoleBasis)
	}
	if d.Cause != nil {
		bases, roles = append(bases, *d.Cause), append(roles, LegalRoleCause)
	}
	return bases, roles
}
