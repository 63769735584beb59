package engine

// Organisation is an agency (cơ quan) with its departments, officers and what
// they may do.
type Organisation struct {
	Agency      Agency       `yaml:"agency" json:"agency"`
	Departments []Department `yaml:"departments" json:"departments" validate:"min=1,max=500,dive"`
	Officers    []Officer    `yaml:"officers" json:"officers" validate:"max=5000,dive"`
}

// Agency is an authority that receives or resolves dossiers. Its code is the
// head of every dossier code it issues.
type Agency struct {
	Code     string `yaml:"code" json:"code" validate:"required,max=35"`
	Name     Text   `yaml:"name" json:"name"`
	Level    string `yaml:"level" json:"level" validate:"oneof=commune province ministry"`
	Calendar string `yaml:"calendar" json:"calendar" validate:"required,max=64"`
}

// Department is a unit of an agency (đơn vị, bộ phận); Parent makes them a tree.
type Department struct {
	Code   string `yaml:"code" json:"code" validate:"required,max=64"`
	Name   Text   `yaml:"name" json:"name"`
	Parent string `yaml:"parent" json:"parent,omitempty" validate:"max=64"`
}

// Officer is a person of an agency (cán bộ, công chức) with roles in
// departments.
type Officer struct {
	ID    string   `yaml:"id" json:"id" validate:"required,max=64"`
	Name  string   `yaml:"name" json:"name" validate:"required,max=200"`
	Roles []RoleIn `yaml:"roles" json:"roles" validate:"max=50,dive"`
}

// Roles the ladder can name beside the roles of steps; they are resolved in
// the department that holds the dossier, then in its parents.
const (
	RoleHolder = "holder" // the officer who holds the dossier, else everyone of the step's role
	RoleHead   = "head"   // head of department (trưởng phòng)
	RoleLeader = "leader" // leader of the agency (lãnh đạo cơ quan)
)
