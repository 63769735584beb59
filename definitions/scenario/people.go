package scenario

import (
	"cmp"
	"slices"
	"strings"

	"motcua/engine"
)

// who names an actor.
func (t *teller) who(kind engine.ActorKind, id string) engine.Text {
	switch {
	case kind == engine.ActorClock:
		return engine.Text{VI: "đồng hồ", EN: "clock"}
	case kind == engine.ActorSystem && id == applicant:
		return engine.Text{VI: "người nộp", EN: "applicant"}
	case kind == engine.ActorSystem && id == system:
		return engine.Text{VI: "hệ thống", EN: "system"}
	}
	return both(t.name(id))
}

// name is an officer's, where the organisation knows it.
func (t *teller) name(id string) string {
	i := slices.IndexFunc(t.Organisation.Officers, func(o engine.Officer) bool { return o.ID == id })
	if i < 0 {
		return id
	}
	return t.Organisation.Officers[i].Name
}

func (t *teller) names(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = t.name(id)
	}
	return " (" + strings.Join(names, ", ") + ")"
}

// desk is where somebody has to act: where the dossier stands or, for the
// clock of a consultation, who was asked.
type desk struct{ department, role, holder string }

func (t *teller) desk(clock string) desk {
	if o, ok := t.c.OpinionOn(clock); ok {
		return desk{department: o.Department, role: o.Role}
	}
	return desk{t.c.Department, t.c.Role, t.c.Holder}
}

// recipients are the officers a role of the ladder means at a desk: its
// holder; those of the role in its department; for the head, the nearest
// department above that has one; for other roles, the agency.
func (t *teller) recipients(role string, at desk) []string {
	if role == engine.RoleHolder && at.holder != "" {
		return []string{at.holder}
	}
	wanted := role
	if role == engine.RoleHolder {
		wanted = at.role
	}
	nearest, found := 0, []string(nil)
	for _, o := range t.Organisation.Officers {
		for _, r := range o.Roles {
			distance := t.distance(role, r.Department, at)
			if r.Role != wanted || distance < 0 {
				continue
			}
			if len(found) == 0 || distance < nearest {
				nearest, found = distance, nil
			}
			if distance == nearest {
				found = append(found, o.ID)
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// distance is how far from the desk a department is, as far as a role is
// concerned; negative if it does not count.
func (t *teller) distance(role, department string, at desk) int {
	switch {
	case role == engine.RoleLeader || department == at.department:
		return 0
	case role == engine.RoleHead:
		return slices.Index(t.upwards(at.department), department)
	case role == engine.RoleHolder:
		return -1
	}
	return 1
}

// upwards is a department and those above it.
func (t *teller) upwards(from string) []string {
	var out []string
	for at := from; at != "" && !slices.Contains(out, at); {
		out = append(out, at)
		i := slices.IndexFunc(t.Organisation.Departments, func(d engine.Department) bool { return d.Code == at })
		if i < 0 {
			break
		}
		at = t.Organisation.Departments[i].Parent
	}
	return out
}

// state names a state in both languages.
func (t *teller) state(id string) string {
	s, ok := t.State(id)
	if !ok {
		return id
	}
	if s.Name.EN == "" {
		return s.Name.VI
	}
	return s.Name.VI + " / " + s.Name.EN
}

// event names an event as the state it left does, else as any state does.
func (t *teller) event(event, from, to string) engine.Text {
	name := t.EventName(event, from, to)
	if name.VI == "" {
		return both(event)
	}
	return engine.Text{VI: name.VI, EN: cmp.Or(name.EN, name.VI)}
}
