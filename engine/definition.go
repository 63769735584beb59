package engine

import "motcua/engine/calendar"

// Definition is the text of one version of a procedure (thủ tục hành chính),
// as it stands in the file an admin uploads. It says nothing about how it is
// executed; [Compile] turns it into a [Machine] or lists what is wrong with it.
//
// The yaml and validate tags are the grammar: docs/writing-a-procedure.md
// explains each key.
type Definition struct {
	Motcua     int          `yaml:"motcua" json:"motcua" validate:"eq=1"`
	Code       string       `yaml:"code" json:"code" validate:"required,max=64"`
	Version    int          `yaml:"version" json:"version" validate:"min=1,max=100000"`
	Name       Text         `yaml:"name" json:"name"`
	Field      string       `yaml:"field" json:"field,omitempty" validate:"max=200"`
	Level      string       `yaml:"level" json:"level" validate:"oneof=commune province ministry internal"`
	LegalBasis []LegalBasis `yaml:"legal_basis" json:"legal_basis,omitempty" validate:"max=50,dive"`
	// Cause is the document that made this version necessary (căn cứ ban hành):
	// a decision that announces the procedure, a law that changed. Publishing
	// needs it (ISO 9001 clause 7.5, control of documented information).
	Cause     *LegalBasis `yaml:"cause" json:"cause,omitempty"`
	Effective Effective   `yaml:"effective" json:"effective"`
	// Calendar is "agency" (the calendar of the agency that resolves the
	// dossier) or the code of one calendar. Empty means "agency".
	Calendar      string         `yaml:"calendar" json:"calendar,omitempty" validate:"max=64"`
	Result        *Result        `yaml:"result" json:"result,omitempty"`
	Limits        Limits         `yaml:"limits" json:"limits"`
	Variants      []Variant      `yaml:"variants" json:"variants,omitempty" validate:"max=50,dive"`
	Suspension    *Suspension    `yaml:"suspension" json:"suspension,omitempty"`
	Extension     *Extension     `yaml:"extension" json:"extension,omitempty"`
	Override      *Override      `yaml:"override" json:"override,omitempty"`
	Fees          []Fee          `yaml:"fees" json:"fees,omitempty" validate:"max=50,dive"`
	Components    []Component    `yaml:"components" json:"components,omitempty" validate:"max=100,dive"`
	Fields        []Field        `yaml:"fields" json:"fields,omitempty" validate:"max=200,dive"`
	Cells         []Cell         `yaml:"cells" json:"cells,omitempty" validate:"max=50,dive"`
	Stages        []Stage        `yaml:"stages" json:"stages,omitempty" validate:"max=50,dive"`
	Consultations []Consultation `yaml:"consultations" json:"consultations,omitempty" validate:"max=50,dive"`
	Links         []LinkRule     `yaml:"links" json:"links,omitempty" validate:"max=20,dive"`
	States        []State        `yaml:"states" json:"states" validate:"min=1,max=200,dive"`
	Ladder        []Rung         `yaml:"ladder" json:"ladder,omitempty" validate:"max=50,dive"`
}

// Text is a name people read: Vietnamese always, English where there is one.
type Text struct {
	VI string `yaml:"vi" json:"vi" validate:"required,max=500"`
	EN string `yaml:"en" json:"en,omitempty" validate:"max=500"`
}

// LegalBasis is one document a procedure rests on (căn cứ pháp lý).
type LegalBasis struct {
	Ref      string `yaml:"ref" json:"ref" validate:"required,max=100"`
	Cites    string `yaml:"cites" json:"cites,omitempty" validate:"max=500"`
	Articles string `yaml:"articles" json:"articles,omitempty" validate:"max=200"`
}

// Effective is the range [From, To) of days on which new dossiers start under
// this version. A zero To is open.
type Effective struct {
	From calendar.Date `yaml:"from" json:"from"`
	To   calendar.Date `yaml:"to" json:"to,omitzero"`
}

// Covers says whether day lies in [From, To).
func (e Effective) Covers(day calendar.Date) bool {
	return !day.Before(e.From) && (e.To.IsZero() || day.Before(e.To))
}

// Result is what the citizen receives (kết quả giải quyết).
type Result struct {
	Code string `yaml:"code" json:"code,omitempty" validate:"max=64"`
	Name Text   `yaml:"name" json:"name"`
}
