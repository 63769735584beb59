package engine

import (
	"slices"
	"strconv"
	"strings"
)

// Migration moves running dossiers from the version of a procedure they were
// started under to another one. Publishing a version never does: who wants
// that says so, from where to where, and why.
type Migration struct {
	Code string `json:"code"`
	From int    `json:"from"`
	To   int    `json:"to"`
	// States says where dossiers go that stand in a state which the other
	// version calls otherwise. A state not named goes to the one with its id.
	States []StateMapping `json:"states,omitempty"`
	Reason string         `json:"reason"`
	// AllowOverdue takes dossiers along that only the other version's shorter
	// limits make overdue.
	AllowOverdue bool `json:"allow_overdue,omitempty"`
	// Dossiers restricts it to these codes; empty: all running ones.
	Dossiers []string `json:"dossiers,omitempty"`
}

// StateMapping says which state of the new version stands for one of the old.
type StateMapping struct {
	From string `json:"from" validate:"required,max=64"`
	To   string `json:"to" validate:"required,max=64"`
}

// Migrated is what a dossier's record keeps of its migration.
type Migrated struct {
	From         ProcedureRef   `json:"from"`
	To           ProcedureRef   `json:"to"`
	States       []StateMapping `json:"states,omitempty"`
	AllowOverdue bool           `json:"allow_overdue,omitempty"`
}

// ActionMigrate is what [MayControl] asks for whoever migrates dossiers. It is
// no step in the life of a version.
const ActionMigrate VersionAction = "migrate"

// CheckMigration says whether a migration makes sense between two versions,
// whatever the dossiers. Errors: CodeInvalid, CodeCommentRequired,
// CodeMigrationRefused.
func CheckMigration(from, to *Machine, m Migration) error {
	switch {
	case from.Code != m.Code || to.Code != m.Code || from.Version != m.From || to.Version != m.To:
		return Errorf(CodeInvalid, "the migration is not one from %s version %d to %s version %d", from.Code, from.Version, to.Code, to.Version)
	case m.From == m.To:
		return &Error{Code: CodeInvalid, Path: "/to", Message: "a migration leads to another version"}
	case strings.TrimSpace(m.Reason) == "":
		return &Error{Code: CodeCommentRequired, Path: "/reason", Message: "a migration takes a reason"}
	case from.calendarCode() != to.calendarCode():
		return Errorf(CodeMigrationRefused, "version %d counts by calendar %q and version %d by %q: what was used of a limit has no meaning there",
			m.From, from.calendarCode(), m.To, to.calendarCode())
	}
	return checkMapping(from, to, m.States)
}

func checkMapping(from, to *Machine, states []StateMapping) error {
	for i, s := range states {
		path := "/states/" + strconv.Itoa(i)
		if _, ok := from.State(s.From); !ok {
			return &Error{Code: CodeInvalid, Path: path + "/from", Message: "version " + strconv.Itoa(from.Version) + " has no state " + s.From}
		}
		if _, ok := to.State(s.To); !ok {
			return &Error{Code: CodeInvalid, Path: path + "/to", Message: "version " + strconv.Itoa(to.Version) + " has no state " + s.To}
		}
		if slices.ContainsFunc(states[:i], func(o StateMapping) bool { return o.From == s.From }) {
			return &Error{Code: CodeInvalid, Path: path + "/from", Message: "state " + s.From + " is mapped twice"}
		}
	}
	return nil
}

// calendarCode is the calendar of a definition, said out.
func (m *Machine) calendarCode() string {
	if m.Calendar == "" {
		return "agency"
	}
	return m.Calendar
}

// renamed is the state that stands for another one after a migration.
func renamed(states []StateMapping, id string) string {
	for _, s := range states {
		if s.From == id {
			return s.To
		}
	}
	return id
}

// migrated stands a case in the other version. What it remembers of states
// goes along, so that duties stay separate and bounds stay counted.
func migrated(c Case, f Fact) Case {
	states := f.Migrated.States
	c.Procedure, c.State = f.Migrated.To, f.To
	c.Department, c.Role, c.Holder = f.Department, f.Role, f.Officer
	acted := make([]Acted, len(c.Acted))
	for i, a := range c.Acted {
		acted[i] = Acted{State: renamed(states, a.State), Officer: a.Officer}
	}
	c.Acted = union(nil, acted)
	var entries []Entry
	for _, e := range c.Entries {
		entries = tallied(entries, Entry{State: renamed(states, e.State), Times: e.Times})
	}
	c.Entries = entries
	if c.Handoff != nil {
		h := *c.Handoff
		h.FromState = renamed(states, h.FromState)
		c.Handoff = &h
	}
	return c
}

// tallied adds the entries of a state to those it has.
func tallied(entries []Entry, e Entry) []Entry {
	if i := slices.IndexFunc(entries, func(o Entry) bool { return o.State == e.State }); i >= 0 {
		entries[i].Times += e.Times
		return entries
	}
	return append(entries, e)
}

// succeeded lets the opinions asked for follow a clock to its successor.
func succeeded(rounds []Consulted, k Clock) []Consulted {
	out := slices.Clone(rounds)
	for i := range out {
		j := slices.IndexFunc(out[i].Opinions, func(o Opinion) bool { return o.Clock == k.Succeeds })
		if j >= 0 {
			out[i].Opinions = slices.Clone(out[i].Opinions)
			out[i].Opinions[j].Clock = k.ID
		}
	}
	return out
}
