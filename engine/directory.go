package engine

import (
	"slices"
	"sync"

	"motcua/engine/calendar"
)

// Directory is an organisation made ready to be asked who holds a role: by the
// tree of departments and by who is away on a day. It is immutable and safe to
// share; the organisation it was made of must not be changed afterwards.
type Directory struct {
	org     Organisation
	place   map[string]int       // of an officer, in the order of the organisation
	parents map[string]string    // of the departments
	absent  map[string][]Absence // by officer
	stands  map[string][]Absence // by substitute
	heirs   map[string][]Succession
	read    sync.Map // of machines, as [Directory.Read] reads them
}

// maxSubstitutes is how many of those who stand in for each other are asked
// before nobody counts as there.
const maxSubstitutes = 16

// NewDirectory makes a directory of an organisation.
func NewDirectory(org Organisation) *Directory {
	d := &Directory{
		org:     org,
		place:   make(map[string]int, len(org.Officers)),
		parents: make(map[string]string, len(org.Departments)),
		absent:  make(map[string][]Absence, len(org.Absences)),
		stands:  make(map[string][]Absence, len(org.Absences)),
		heirs:   make(map[string][]Succession, len(org.Successions)),
	}
	for i, o := range org.Officers {
		d.place[o.ID] = i
	}
	for _, u := range org.Departments {
		d.parents[u.Code] = u.Parent
	}
	for _, s := range org.Successions {
		d.heirs[s.From] = append(d.heirs[s.From], s)
		if s.rest() { // whoever is looked for above a dissolved department is found above its successor
			d.parents[s.From] = s.To
		}
	}
	for _, a := range org.Absences {
		d.absent[a.Officer] = append(d.absent[a.Officer], a)
		d.stands[a.Substitute] = append(d.stands[a.Substitute], a)
	}
	return d
}

// Place is where a dossier stands when somebody is looked for.
type Place struct {
	Department string
	Role       string // of the step
	Holder     string
}

// Find looks for whom a role of a ladder means at a place on a day: the
// holder, the nearest head, the leaders of the agency, or those of another
// role nearest to the place. Who is away is replaced by whoever stands in for
// them, or left out. When that leaves nobody, the search climbs to the heads
// above and then to the leaders; no officers are returned only where none of
// them is there either. Officers come in the order of the organisation.
func (d *Directory) Find(role string, at Place, day calendar.Date) Told {
	if found := d.meant(role, at, day); len(found) > 0 {
		return Told{Role: role, Officers: found}
	}
	for _, l := range d.levels(at.Department) {
		if found := d.at(l, day); len(found) > 0 {
			return Told{Role: role, Officers: found, Climbed: true}
		}
	}
	return Told{Role: role}
}

// Above is the next level over those told of a rung that nobody acknowledged:
// the first of the head of the department, the heads of the departments above
// it and the leaders that has an officer who was not told yet. Only those not
// told are returned. Role says which level it is and is empty when there is
// none left.
func (d *Directory) Above(at Place, told []string, day calendar.Date) Told {
	for _, l := range d.levels(at.Department) {
		found := slices.DeleteFunc(d.at(l, day), func(id string) bool { return slices.Contains(told, id) })
		if len(found) > 0 {
			return Told{Role: l.Role, Officers: found}
		}
	}
	return Told{}
}

// meant are the officers a role means, before the search climbs.
func (d *Directory) meant(role string, at Place, day calendar.Date) []string {
	switch role {
	case RoleHolder:
		return d.holding(at, day)
	case RoleHead:
		return d.nearest(RoleHead, at.Department, day)
	case RoleLeader:
		return d.at(RoleIn{Role: RoleLeader}, day)
	}
	if found := d.nearest(role, at.Department, day); len(found) > 0 {
		return found
	}
	return d.at(RoleIn{Role: role}, day)
}

// holding is the holder of a dossier or, where nobody holds it or the holder
// has left or is away without anybody standing in, everyone who could claim it.
func (d *Directory) holding(at Place, day calendar.Date) []string {
	if found := d.present([]string{at.Holder}, day); len(found) > 0 {
		return found
	}
	return d.at(RoleIn{Department: at.Department, Role: at.Role}, day)
}

// nearest are those of a role in a department, else in the nearest department
// above it that has one.
func (d *Directory) nearest(role, department string, day calendar.Date) []string {
	for _, code := range d.upwards(department) {
		if found := d.at(RoleIn{Department: code, Role: role}, day); len(found) > 0 {
			return found
		}
	}
	return nil
}

// levels are who stands over a department, from near to far: the heads of it
// and of those above it, then the leaders of the agency.
func (d *Directory) levels(department string) []RoleIn {
	var out []RoleIn
	for _, code := range d.upwards(department) {
		out = append(out, RoleIn{Department: code, Role: RoleHead})
	}
	return append(out, RoleIn{Role: RoleLeader})
}

// upwards is a department and those above it; a cycle ends where it closes.
func (d *Directory) upwards(department string) []string {
	var out []string
	for at := department; at != "" && !slices.Contains(out, at); at = d.parents[at] {
		out = append(out, at)
	}
	return out
}

// at are those who are there of a role in a department, or of a role anywhere
// at the agency where the department is left out.
func (d *Directory) at(wanted RoleIn, day calendar.Date) []string {
	var ids []string
	for _, o := range d.org.Officers {
		if slices.ContainsFunc(o.Roles, func(r RoleIn) bool {
			return r.Role == wanted.Role && (wanted.Department == "" || r.Department == wanted.Department)
		}) {
			ids = append(ids, o.ID)
		}
	}
	return d.present(ids, day)
}

// present replaces those who are away by whoever stands in for them, and drops
// those for whom nobody does and those who have left.
func (d *Directory) present(ids []string, day calendar.Date) []string {
	var out []string
	for _, id := range ids {
		if there := d.instead(id, day, &[]string{}); there != "" {
			out = append(out, there)
		}
	}
	slices.SortFunc(out, func(a, b string) int { return d.place[a] - d.place[b] })
	return slices.Compact(out)
}

// instead is an officer who is there, else the first who stands in for them,
// whose own absence is followed likewise. Nobody is asked twice.
func (d *Directory) instead(id string, day calendar.Date, asked *[]string) string {
	if _, active := d.place[id]; !active || slices.Contains(*asked, id) || len(*asked) == maxSubstitutes {
		return ""
	}
	if !d.away(id, day) {
		return id
	}
	*asked = append(*asked, id)
	for _, a := range d.absent[id] {
		if a.Present || !a.Covers(day) {
			continue
		}
		if there := d.instead(a.Substitute, day, asked); there != "" {
			return there
		}
	}
	return ""
}

// away says whether an officer is absent on a day. One who has delegated and
// goes on acting is not.
func (d *Directory) away(id string, day calendar.Date) bool {
	return slices.ContainsFunc(d.absent[id], func(a Absence) bool { return !a.Present && a.Covers(day) })
}

// Officer finds an officer of the agency; one who has left is not found.
func (d *Directory) Officer(id string) (Officer, bool) {
	i, ok := d.place[id]
	if !ok {
		return Officer{}, false
	}
	return d.org.Officers[i], true
}

// Partner is the agency that the agency calls for under a name.
func (d *Directory) Partner(as string) (agency string, ok bool) {
	for _, p := range d.org.Agency.Partners {
		if p.As == as {
			return p.Agency, true
		}
	}
	return "", false
}

// Below is a department with all that are below it, in the order of the
// organisation; a department that is not known is by itself, and none is none.
func (d *Directory) Below(department string) []string {
	if department == "" {
		return nil
	}
	out := []string{department}
	for _, u := range d.org.Departments {
		if u.Code != department && slices.Contains(d.upwards(u.Code), department) {
			out = append(out, u.Code)
		}
	}
	return out
}

// Departments are those of the agency, in the order of the organisation.
func (d *Directory) Departments() []Department { return d.org.Departments }

// Officers are those of the agency who have not left, in its order.
func (d *Directory) Officers() []Officer { return d.org.Officers }
