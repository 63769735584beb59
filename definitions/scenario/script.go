package scenario

import (
	"fmt"
	"strings"
	"time"

	"motcua/engine"
	"motcua/engine/calendar"
)

// Script is what scenario.yaml says; its yaml tags are the grammar that
// docs/simulation.md explains.
type Script struct {
	Name engine.Text `yaml:"name"`
	// Calendar is the code of a shipped calendar; empty means "vn-national".
	Calendar string `yaml:"calendar"`
	Start    Start  `yaml:"start"`
	Steps    []Step `yaml:"steps"`
}

// Start opens the dossier. By is the applicant where nobody is named.
type Start struct {
	At         Moment   `yaml:"at"`
	By         By       `yaml:"by"`
	Channel    string   `yaml:"channel"`
	Comment    string   `yaml:"comment"`
	Components []string `yaml:"components"`
	Fields     []Input  `yaml:"fields"`
	Expect     *Expect  `yaml:"expect"`
}

// Step is one thing that happens, or time that passes. Exactly one of At,
// After (since the step before) and Until is set; Until fires nothing. Of names
// the linked dossier it happens to, by its link in the definition or, for one
// that a rung opened, by its procedure; By is then of that dossier's agency.
type Step struct {
	At         Moment            `yaml:"at"`
	After      calendar.Duration `yaml:"after"`
	Until      Moment            `yaml:"until"`
	Of         string            `yaml:"of"`
	Fire       string            `yaml:"fire"`
	By         By                `yaml:"by"`
	Comment    string            `yaml:"comment"`
	Components []string          `yaml:"components"`
	Fields     []Input           `yaml:"fields"`
	Answer     *Answer           `yaml:"answer"`
	Officer    string            `yaml:"officer"` // to whom reassign gives the dossier; empty: to the pool
	Halt       *Halt             `yaml:"halt"`
	Overrides  *Overrides        `yaml:"overrides"`
	Target     string            `yaml:"target"` // which proposal or alarm is answered, where there are several; to which step return-dossier leads
	Extend     calendar.Duration `yaml:"extend"` // by how much extend-limit lengthens the limits
	Expect     *Expect           `yaml:"expect"`
}

// Input is the value of a field, written as text whatever its type.
type Input struct {
	ID    string `yaml:"id"`
	Value Value  `yaml:"value"`
}

// Answer is the opinion of the department in whose name By acts, or the
// request of one that is withdrawn.
type Answer struct {
	Consultation string `yaml:"consultation"`
	Says         string `yaml:"says"`
	Department   string `yaml:"department"` // with withdraw-request: whose; empty: everybody's
}

// Expect is what must be true after a step. What is not said is not looked at.
type Expect struct {
	State string `yaml:"state"`
	// Refused is the code of the refusal; without it, the event must happen.
	Refused string `yaml:"refused"`
	// Due is the appointment, StepDue the due moment of the present step.
	Due     *Due   `yaml:"due"`
	StepDue *Due   `yaml:"step_due"`
	Raised  string `yaml:"raised"` // the highest rung raised: due-soon, overdue, escalated or none
	Variant string `yaml:"variant"`
	Closed  *bool  `yaml:"closed"`
}

// Value is a single YAML value, quoted or not.
type Value string

// UnmarshalText takes the value as it is written.
func (v *Value) UnmarshalText(text []byte) error {
	*v = Value(text)
	return nil
}

// The years a scenario may play in.
const (
	firstYear = 2000
	lastYear  = 2199
)

// Moment is a civil moment in Viet Nam, "2026-11-18 08:00", with seconds where
// they matter.
type Moment struct{ time.Time }

// UnmarshalText reads "2026-11-18 08:00" or "2026-11-18 08:00:30".
func (m *Moment) UnmarshalText(text []byte) error {
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05"} {
		t, err := time.ParseInLocation(layout, string(text), calendar.Zone())
		if err == nil && t.Year() >= firstYear && t.Year() <= lastYear {
			m.Time = t
			return nil
		}
	}
	return fmt.Errorf(`%q is not a moment such as "2026-11-18 08:00" of the years %d to %d`, text, firstYear, lastYear)
}

// Due is an expected due moment, or none.
type Due struct{ Moment }

// UnmarshalText reads a moment, or "none" where no clock runs.
func (d *Due) UnmarshalText(text []byte) error {
	if string(text) == "none" {
		*d = Due{}
		return nil
	}
	return d.Moment.UnmarshalText(text)
}

// By is who acts: the applicant, a system, or a role in a department, held by
// a named officer or by nobody in particular.
type By struct {
	Kind    string // "applicant", "system", or empty for an officer
	Role    engine.RoleIn
	Officer string // empty: nobody in particular
}

// The actors that are no officers.
const (
	applicant = "applicant"
	system    = "system"
)

// IsZero says whether nobody was named.
func (b By) IsZero() bool { return b == By{} }

// id is what an officer is called in the record: the name or, for nobody in
// particular, the role.
func (b By) id() string {
	if b.Officer != "" {
		return b.Officer
	}
	return b.Role.Department + "/" + b.Role.Role
}

// UnmarshalText reads applicant, system, DEPARTMENT/ROLE or
// DEPARTMENT/ROLE/OFFICER.
func (b *By) UnmarshalText(text []byte) error {
	said := string(text)
	if said == applicant || said == system {
		*b = By{Kind: said}
		return nil
	}
	parts := strings.Split(said, "/")
	if len(parts) < 2 || len(parts) > 3 || strings.Contains("/"+said+"/", "//") {
		return fmt.Errorf("%q is not applicant, system, DEPARTMENT/ROLE or DEPARTMENT/ROLE/OFFICER", said)
	}
	*b = By{Role: engine.RoleIn{Department: parts[0], Role: parts[1]}}
	if len(parts) == 3 {
		b.Officer = parts[2]
	}
	return nil
}
