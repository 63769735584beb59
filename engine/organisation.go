package engine

import "motcua/engine/calendar"

// Organisation is an agency (cơ quan) with its departments, officers and what
// they may do.
type Organisation struct {
	Agency      Agency       `yaml:"agency" json:"agency"`
	Departments []Department `yaml:"departments" json:"departments" validate:"min=1,max=500,dive"`
	Officers    []Officer    `yaml:"officers" json:"officers" validate:"max=5000,dive"`
	// Absences are when officers are away, and who stands in for them.
	Absences []Absence `yaml:"absences" json:"absences,omitempty" validate:"max=5000,dive"`
	// Successions say what became of dissolved departments.
	Successions []Succession `yaml:"successions" json:"successions,omitempty" validate:"max=2000,dive"`
}

// Absence is the time an officer is away: on leave, on a mission, or because
// the powers were delegated (ủy quyền) for a while.
type Absence struct {
	Officer string `yaml:"officer" json:"officer" validate:"required,max=64"`
	// Substitute acts with the officer's roles meanwhile; empty: nobody does.
	Substitute string `yaml:"substitute" json:"substitute,omitempty" validate:"max=64"`
	// From and To are the first and the last day.
	From calendar.Date `yaml:"from" json:"from"`
	To   calendar.Date `yaml:"to" json:"to"`
	// Present says that the officer goes on acting beside the substitute: a
	// delegation rather than a leave.
	Present bool `yaml:"present" json:"present,omitempty"`
	// Basis is the decision it rests on.
	Basis string `yaml:"basis" json:"basis,omitempty" validate:"max=500"`
}

// Covers says whether day lies within the absence.
func (a Absence) Covers(day calendar.Date) bool {
	return !day.Before(a.From) && !day.After(a.To)
}

// Agency is an authority that receives or resolves dossiers. Its code is the
// head of every dossier code it issues.
type Agency struct {
	Code     string `yaml:"code" json:"code" validate:"required,max=35"`
	Name     Text   `yaml:"name" json:"name"`
	Level    string `yaml:"level" json:"level" validate:"oneof=commune province ministry"`
	Calendar string `yaml:"calendar" json:"calendar" validate:"required,max=64"`
	// Partners are the agencies that carry out parts of its dossiers.
	Partners []Partner `yaml:"partners" json:"partners,omitempty" validate:"max=100,dive"`
}

// Partner is an agency under the name by which definitions call for it: the
// police, the social insurance that is competent for this agency's area.
type Partner struct {
	As     string `yaml:"as" json:"as" validate:"required,max=64"`
	Agency string `yaml:"agency" json:"agency" validate:"required,max=35"`
}

// Department is a unit of an agency (đơn vị, bộ phận); Parent makes them a tree.
type Department struct {
	Code   string `yaml:"code" json:"code" validate:"required,max=64"`
	Name   Text   `yaml:"name" json:"name"`
	Parent string `yaml:"parent" json:"parent,omitempty" validate:"max=64"`
	// Dissolved says that a reorganisation gave its work to others: it stays on
	// record, because facts name it, and nobody works in it any more.
	Dissolved bool `yaml:"dissolved" json:"dissolved,omitempty"`
}

// Officer is a person of an agency (cán bộ, công chức) with roles in
// departments.
type Officer struct {
	ID    string   `yaml:"id" json:"id" validate:"required,max=64"`
	Name  string   `yaml:"name" json:"name" validate:"required,max=200"`
	Roles []RoleIn `yaml:"roles" json:"roles" validate:"max=50,dive"`
	// Email is the office address that notifications go to; empty: none are sent.
	Email string `yaml:"email" json:"email,omitempty" validate:"omitempty,max=254,email"`
	// Language is the one they are written in: vi, which is also what empty means, or en.
	Language string `yaml:"language" json:"language,omitempty" validate:"omitempty,oneof=vi en"`
	// Notify is email, which is also what empty means, or none.
	Notify string `yaml:"notify" json:"notify,omitempty" validate:"omitempty,oneof=email none"`
}

// sameContact says whether two officers are told the same way.
func sameContact(a, b Officer) bool {
	return a.Email == b.Email && a.Language == b.Language && a.Notify == b.Notify
}

// Roles the ladder can name beside the roles of steps; they are resolved in
// the department that holds the dossier, then in its parents.
const (
	RoleHolder = "holder" // the officer who holds the dossier, else everyone of the step's role
	RoleHead   = "head"   // head of department (trưởng phòng)
	RoleLeader = "leader" // leader of the agency (lãnh đạo cơ quan)
)
