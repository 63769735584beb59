package scenario

import (
	"slices"

	"motcua/definitions"
	"motcua/engine"
	"motcua/engine/calendar"
)

// Setting is what a scenario runs on.
type Setting struct {
	engine.Rules
	Organisation engine.Organisation
}

// setting puts together what a dossier runs on. The directory also knows the
// officers that only the script names, without a role, so that what they hold
// is not taken for held by somebody who has left.
func (s *Scenario) setting(m *engine.Machine, cal *calendar.Calendar, org engine.Organisation) Setting {
	all := org
	all.Officers = append(slices.Clone(org.Officers), s.strangers(org)...)
	return Setting{Rules: engine.Rules{Machine: m, Cal: cal, Org: engine.NewDirectory(all)}, Organisation: org}
}

// strangers are the officers the script names and the organisation does not
// know.
func (s *Scenario) strangers(org engine.Organisation) []engine.Officer {
	var out []engine.Officer
	for _, step := range s.Steps {
		id := step.By.id()
		known := func(o engine.Officer) bool { return o.ID == id }
		if step.By.Kind == "" && !slices.ContainsFunc(org.Officers, known) && !slices.ContainsFunc(out, known) {
			out = append(out, engine.Officer{ID: id, Name: id})
		}
	}
	return out
}

// Setting completes what the scenario brings of its own: by a machine (nil
// where it brings one), the shipped calendar it names, and an example agency
// that can work on the procedure. Errors: [engine.Findings], CodeInvalid.
func (s *Scenario) Setting(m *engine.Machine) (Setting, error) {
	if s.Machine != nil {
		m = s.Machine
	}
	if m == nil {
		return Setting{}, engine.Errorf(engine.CodeInvalid, "%s brings no definition.yaml: name the procedure it is played on", s.File)
	}
	cal, err := s.calendar()
	if err != nil {
		return Setting{}, err
	}
	org, err := s.organisation(m)
	return s.setting(m, cal, org), err
}

func (s *Scenario) calendar() (*calendar.Calendar, error) {
	if s.Cal != nil {
		return s.Cal, nil
	}
	if s.Calendar == "" {
		return definitions.NationalCalendar()
	}
	shipped, err := definitions.Calendars()
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(shipped, func(spec calendar.Spec) bool { return spec.Code == s.Calendar })
	if i < 0 {
		c := &checker{}
		c.errorf("/calendar", "unknown-calendar", "no calendar %q ships", "không có lịch %q", s.Calendar)
		return nil, s.place(c.findings)
	}
	return calendar.New(shipped[i])
}

// organisation is an example agency of the procedure's level (an internal one
// runs at any): the first that has somebody for every role, else the first.
func (s *Scenario) organisation(m *engine.Machine) (engine.Organisation, error) {
	if s.Organisation != nil {
		return *s.Organisation, nil
	}
	examples, err := definitions.ExampleOrganisations()
	if err != nil {
		return engine.Organisation{}, err
	}
	examples = slices.DeleteFunc(examples, func(o engine.Organisation) bool { return o.Agency.Level != m.Level && m.Level != "internal" })
	for _, o := range examples {
		if len(definitions.Unbound(m, o)) == 0 {
			return o, nil
		}
	}
	if len(examples) > 0 {
		return examples[0], nil
	}
	return engine.Organisation{Agency: engine.Agency{Code: "H00", Level: m.Level}}, nil
}
