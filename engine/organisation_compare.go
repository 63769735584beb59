package engine

import "slices"

// How something of an organisation changes.
const (
	ChangeAdded     = "added"
	ChangeChanged   = "changed"
	ChangeDissolved = "dissolved"
	ChangeLeft      = "left"
)

// OrganisationChanges are what an import or a reorganisation changes.
type OrganisationChanges struct {
	// Agency names what changes of the agency itself.
	Agency      []string            `json:"agency"`
	Departments []ChangedDepartment `json:"departments"`
	Officers    []ChangedOfficer    `json:"officers"`
	// Absences are those that come or change.
	Absences    []Absence    `json:"absences"`
	Successions []Succession `json:"successions"`
}

// ChangedDepartment is a department as it is then.
type ChangedDepartment struct {
	Department
	Change string `json:"change"`
}

// ChangedOfficer is an officer who comes, leaves or gets other roles.
type ChangedOfficer struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Change string   `json:"change"`
	Gained []RoleIn `json:"gained,omitempty"`
	Lost   []RoleIn `json:"lost,omitempty"`
	// Dossiers counts the open ones that go back to their departments, because
	// who holds them leaves.
	Dossiers int `json:"dossiers,omitempty"`
}

// None says whether nothing changes.
func (c OrganisationChanges) None() bool {
	return len(c.Agency)+len(c.Departments)+len(c.Officers)+len(c.Absences)+len(c.Successions) == 0
}

// CompareOrganisations says what the organisation after has that the one
// before has not, and the other way round.
func CompareOrganisations(before, after Organisation) OrganisationChanges {
	c := OrganisationChanges{
		Agency: comparedAgency(before.Agency, after.Agency), Departments: []ChangedDepartment{}, Officers: comparedOfficers(before.Officers, after.Officers),
		Absences: added(before.Absences, after.Absences), Successions: []Succession{},
	}
	for _, d := range after.Departments {
		i := slices.IndexFunc(before.Departments, func(b Department) bool { return b.Code == d.Code })
		switch {
		case i < 0:
			c.Departments = append(c.Departments, ChangedDepartment{d, ChangeAdded})
		case d.Dissolved && !before.Departments[i].Dissolved:
			c.Departments = append(c.Departments, ChangedDepartment{d, ChangeDissolved})
		case d != before.Departments[i]:
			c.Departments = append(c.Departments, ChangedDepartment{d, ChangeChanged})
		}
	}
	if len(after.Successions) > len(before.Successions) { // they are only ever added
		c.Successions = append(c.Successions, after.Successions[len(before.Successions):]...)
	}
	return c
}

func comparedAgency(before, after Agency) []string {
	out := []string{}
	for _, field := range []struct {
		name    string
		differs bool
	}{
		{"name", before.Name != after.Name},
		{"level", before.Level != after.Level},
		{"calendar", before.Calendar != after.Calendar},
		{"partners", !slices.Equal(before.Partners, after.Partners)},
	} {
		if field.differs {
			out = append(out, field.name)
		}
	}
	return out
}

func comparedOfficers(before, after []Officer) []ChangedOfficer {
	out := []ChangedOfficer{}
	for _, o := range after {
		i := slices.IndexFunc(before, func(b Officer) bool { return b.ID == o.ID })
		if i < 0 {
			out = append(out, ChangedOfficer{ID: o.ID, Name: o.Name, Change: ChangeAdded, Gained: o.Roles})
			continue
		}
		was := before[i]
		c := ChangedOfficer{ID: o.ID, Name: o.Name, Change: ChangeChanged, Gained: added(was.Roles, o.Roles), Lost: added(o.Roles, was.Roles)}
		if was.Name != o.Name || !sameContact(was, o) || len(c.Gained)+len(c.Lost) > 0 {
			out = append(out, c)
		}
	}
	for _, o := range before {
		if !slices.ContainsFunc(after, func(a Officer) bool { return a.ID == o.ID }) {
			out = append(out, ChangedOfficer{ID: o.ID, Name: o.Name, Change: ChangeLeft, Lost: o.Roles})
		}
	}
	return out
}

// added lists what of after is not in before.
func added[T comparable](before, after []T) []T {
	out := []T{}
	for _, x := range after {
		if !slices.Contains(before, x) {
			out = append(out, x)
		}
	}
	return out
}
