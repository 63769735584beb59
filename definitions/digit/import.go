package digit

import (
	"fmt"
	"strings"

	"motcua/definitions/draft"
	"motcua/engine"
	"motcua/engine/calendar"
)

// Options are what no configuration says.
type Options struct {
	// Effective is the first day of effect of every draft. Without it drafts
	// come into effect on 9999-12-31, which is never.
	Effective calendar.Date
}

// Draft is the definition made of one business service.
type Draft struct {
	Service string // its name, as DIGIT writes it
	// Name is unique within a file and can be the name of one.
	Name string
	Text []byte // YAML for definitions.Read, which finds the faults of the service
}

// Import makes a draft of each business service in a file. The same file
// always makes the same drafts. The error is CodeInvalid: the file is no
// workflow configuration.
func Import(data []byte, options Options) ([]Draft, error) {
	list, err := services(data)
	if err != nil {
		return nil, err
	}
	if options.Effective.IsZero() {
		options.Effective = unset
	}
	drafts, taken := make([]Draft, len(list)), map[string]bool{}
	for i, s := range list {
		m := newMaker(s)
		def := m.definition(options)
		name := def.Code
		for n := 2; taken[strings.ToLower(name)]; n++ { // some file systems know no capitals
			name = fmt.Sprintf("%s-%d", def.Code, n)
		}
		taken[strings.ToLower(name)] = true
		drafts[i] = Draft{Service: s.Name, Name: name, Text: draft.Write(def, m.remarks)}
	}
	return drafts, nil
}

// unset is the first day of drafts nobody gave one: it never comes.
var unset = calendar.NewDate(9999, 12, 31)

// maker makes one definition.
type maker struct {
	service
	states, events, roles *identifiers
	remarks               draft.Comments
}

func newMaker(s service) *maker {
	return &maker{service: s, states: newIdentifiers(), events: newIdentifiers(), roles: newIdentifiers(), remarks: draft.Comments{}}
}

// remark keeps original words beside a place.
func (m *maker) remark(place, format string, args ...any) {
	m.remarks.Add(place, "%s", draft.Clean(fmt.Sprintf(format, args...)))
}

func (m *maker) definition(options Options) engine.Definition {
	def := engine.Definition{
		Motcua: 1, Code: codeOf(m.Name), Version: 1, Name: m.name("/name", m.Name, "(unnamed)"),
		Level: "commune", Effective: engine.Effective{From: options.Effective},
	}
	def.Field, _ = draft.Cut(draft.Clean(m.Business), 200)
	m.head(def, options)
	order := m.order()
	for i, s := range order {
		def.States = append(def.States, m.state(fmt.Sprintf("/states/%d", i), s))
	}
	m.faults(order)
	m.limits(&def)
	return def
}

// head says once what is so of the whole draft.
func (m *maker) head(def engine.Definition, options Options) {
	m.remark("", "Draft of the eGov DIGIT workflow %q (business %q, tenant %q). Names are the originals: translate them.", m.Name, m.Business, m.Tenant)
	m.remark("", "DIGIT has no departments: every step belongs to the department \"office\". It gives roles to each action, the language to each step: where they differ, a remark says so.")
	if def.Code != m.Name {
		m.remark("/code", "original: %q", m.Name)
	}
	m.remark("/level", "not in the original")
	if options.Effective == unset {
		m.remark("/effective", "not in the original, and no day of effect: set the first one before publishing")
	}
}

// name is an original name as text for people. Long ones are cut, and whole
// beside it.
func (m *maker) name(place, original, otherwise string) engine.Text {
	clean := draft.Clean(original)
	if clean == "" {
		return engine.Text{VI: otherwise}
	}
	short, cut := draft.Cut(clean, 500)
	if cut {
		m.remark(place, "original: %s", clean)
	}
	return engine.Text{VI: short}
}
