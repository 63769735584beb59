package engine

// Component is a paper the dossier consists of (thành phần hồ sơ).
type Component struct {
	ID        string `yaml:"id" json:"id" validate:"required,max=64"`
	Name      Text   `yaml:"name" json:"name"`
	Originals int    `yaml:"originals" json:"originals,omitempty" validate:"min=0,max=100"`
	Copies    int    `yaml:"copies" json:"copies,omitempty" validate:"min=0,max=100"`
	// Required is true, false, or the condition under which it is.
	Required Condition `yaml:"required" json:"required,omitzero" validate:"max=1000"`
	// Form is the sign of the form to fill in (mẫu đơn, tờ khai); informative.
	Form string `yaml:"form" json:"form,omitempty" validate:"max=100"`
}

// The types of a field.
const (
	TypeString  = "string"
	TypeBool    = "bool"
	TypeInteger = "integer"
	TypeNumber  = "number" // with decimals
	TypeDate    = "date"   // 2026-11-20
	TypeChoice  = "choice" // one of Choices
)

// Field is a typed input of the dossier. It is checked when the dossier
// starts or, where events list it, when one of those happens.
type Field struct {
	ID   string `yaml:"id" json:"id" validate:"required,max=64"`
	Name Text   `yaml:"name" json:"name"`
	Type string `yaml:"type" json:"type" validate:"oneof=string bool integer number date choice"`
	// Required is true, false, or the condition under which it is.
	Required Condition `yaml:"required" json:"required,omitzero" validate:"max=1000"`
	// Personal marks data about a person. Conditions may not use it, because
	// what they use becomes part of the record.
	Personal bool     `yaml:"personal" json:"personal,omitempty"`
	Choices  []Choice `yaml:"choices" json:"choices,omitempty" validate:"max=200,dive"`
	// Min and Max bound an integer or a number, and the length of a string.
	Min *int `yaml:"min" json:"min,omitempty"`
	Max *int `yaml:"max" json:"max,omitempty"`
	// Pattern is a regular expression (RE2) the whole string must match.
	Pattern string `yaml:"pattern" json:"pattern,omitempty" validate:"max=200"`
}

// Choice is one value of a field of type choice.
type Choice struct {
	ID   string `yaml:"id" json:"id" validate:"required,max=64"`
	Name Text   `yaml:"name" json:"name"`
}

// Fee is what the applicant pays (phí, lệ phí); informative.
type Fee struct {
	Name Text `yaml:"name" json:"name"`
	// Amount is in đồng; absent where the text gives no single number.
	Amount *int `yaml:"amount" json:"amount,omitempty" validate:"omitempty,min=0"`
	// When is the condition under which it is due.
	When Condition `yaml:"when" json:"when,omitzero" validate:"max=1000"`
	Note string    `yaml:"note" json:"note,omitempty" validate:"max=1000"`
}
