package engine

import "motcua/engine/calendar"

// LinkRule is a linked dossier (hồ sơ liên thông): a part of this one that another
// procedure carries out, at this agency or at a partner of it. Both go by the
// code of this dossier to the citizen; each has its own limits.
type LinkRule struct {
	ID   string `yaml:"id" json:"id" validate:"required,max=64"`
	Name Text   `yaml:"name" json:"name"`
	// Procedure is the code of the part's procedure.
	Procedure string `yaml:"procedure" json:"procedure" validate:"required,max=64"`
	// Partner says which partner of the agency carries it out (see
	// [Agency.Partners]); empty: the agency itself.
	Partner string `yaml:"partner" json:"partner,omitempty" validate:"max=64"`
	// Within is how long the part may take, as this dossier sees it.
	Within calendar.Duration `yaml:"within" json:"within,omitzero"`
	// AcknowledgeWithin is how soon somebody there must have taken it up (2
	// working hours by Nghị định 301/2026).
	AcknowledgeWithin calendar.Duration `yaml:"acknowledge_within" json:"acknowledge_within,omitzero"`
	// Cutoff moves the beginning of Within to the next working day, as it does
	// for the part itself.
	Cutoff *Cutoff `yaml:"cutoff" json:"cutoff,omitempty"`
	// Pauses says that the whole stands still while the part does: what the
	// applicant or a householder takes there does not count here either (Nghị
	// định 301/2026 art. 3.4).
	Pauses bool `yaml:"pauses" json:"pauses,omitempty"`
	// Fields and Components are handed on with it.
	Fields     []Handed `yaml:"fields" json:"fields,omitempty" validate:"max=100,dive"`
	Components []Handed `yaml:"components" json:"components,omitempty" validate:"max=100,dive"`
	// Cancel is the event fired there when this dossier ends before the part
	// does; without it the part goes on.
	Cancel string `yaml:"cancel" json:"cancel,omitempty" validate:"max=64"`
	Basis  string `yaml:"basis" json:"basis,omitempty" validate:"max=500"`
}

// Handed is a field or a paper that a linked dossier takes over, and what it
// is called there.
type Handed struct {
	ID string `yaml:"id" json:"id" validate:"required,max=100"`
	// As is its id there; empty: the same.
	As string `yaml:"as" json:"as,omitempty" validate:"max=100"`
}

// There is the id under which a linked dossier takes it over.
func (h Handed) There() string {
	if h.As != "" {
		return h.As
	}
	return h.ID
}

// Override says who may put a dossier into another state, or move its limit,
// past what the definition allows. Without it a leader of the agency may.
type Override struct {
	// By lists roles of supervisors: [RoleHead], [RoleLeader].
	By []string `yaml:"by" json:"by,omitempty" validate:"max=5,dive,oneof=head leader"`
	// Approval is who must endorse it before it happens.
	Approval *RoleIn `yaml:"approval" json:"approval,omitempty"`
	Basis    string  `yaml:"basis" json:"basis,omitempty" validate:"max=500"`
}
