package engine

import (
	"slices"

	"motcua/engine/calendar"
)

// Actor is an officer of the agency as of a day: with the roles of their own,
// those held for others, and the departments they supervise.
func (d *Directory) Actor(id string, day calendar.Date) (Actor, bool) {
	o, ok := d.Officer(id)
	if !ok {
		return Actor{}, false
	}
	a := Actor{Kind: ActorOfficer, ID: id, Agency: d.org.Agency.Code, Roles: o.Roles, StandsIn: d.standsIn(id, day)}
	a.Oversees = d.oversees(a)
	a.Formerly = d.formerly(a)
	return a, true
}

// Holds says whether an officer has a role on a day: their own, or that of
// somebody they stand in for.
func (d *Directory) Holds(id string, r RoleIn, day calendar.Date) bool {
	a, ok := d.Actor(id, day)
	return ok && a.Has(r.Department, r.Role)
}

// standsIn lists the roles held for others, in the order of the organisation.
func (d *Directory) standsIn(id string, day calendar.Date) []StandIn {
	replaced := d.replaced(id, day)
	if len(replaced) == 0 {
		return nil
	}
	var out []StandIn
	for _, o := range d.org.Officers {
		if !replaced[o.ID] {
			continue
		}
		for _, r := range o.Roles {
			out = append(out, StandIn{RoleIn: r, For: o.ID})
		}
	}
	return out
}

// replaced are those an officer stands in for: whose substitute they are, and
// those whom these would stand in for were they not away themselves. Who has
// delegated and goes on acting keeps what others gave them.
func (d *Directory) replaced(id string, day calendar.Date) map[string]bool {
	out := map[string]bool{}
	for queue := []string{id}; len(queue) > 0; queue = queue[1:] {
		for _, a := range d.stands[queue[0]] {
			if a.Officer == id || !a.Covers(day) || out[a.Officer] {
				continue
			}
			out[a.Officer] = true
			if d.away(a.Officer, day) {
				queue = append(queue, a.Officer)
			}
		}
	}
	return out
}

// oversees lists the departments an actor supervises, in the order of the
// organisation.
func (d *Directory) oversees(a Actor) []string {
	var out []string
	for _, u := range d.org.Departments {
		over := slices.ContainsFunc(d.upwards(u.Code), func(code string) bool { return a.Has(code, RoleHead) })
		if over || a.leads() {
			out = append(out, u.Code)
		}
	}
	return out
}

// leads says whether the actor is a leader of the agency, or stands in for one.
func (a Actor) leads() bool {
	return slices.ContainsFunc(a.Roles, func(r RoleIn) bool { return r.Role == RoleLeader }) ||
		slices.ContainsFunc(a.StandsIn, func(s StandIn) bool { return s.Role == RoleLeader })
}

// MayEnterAbsence decides whether an actor may put an absence on record: the
// officer it concerns, and whoever supervises a department they work in.
// Errors: CodeForbidden; CodeOfficerUnknown for an officer or a substitute the
// agency does not have; CodeInvalid where the days are in the wrong order, or
// on some day those away would stand in for each other in a circle.
func MayEnterAbsence(a Actor, d *Directory, abs Absence) error {
	o, ok := d.Officer(abs.Officer)
	if !ok {
		return Errorf(CodeOfficerUnknown, "agency %s has no officer %q", d.org.Agency.Code, abs.Officer)
	}
	if !a.mayExcuse(o, d.org.Agency.Code) {
		return Errorf(CodeForbidden, "the absence of %s is entered by themself or by a supervisor of theirs", o.ID)
	}
	if abs.From.IsZero() || abs.To.Before(abs.From) {
		return Errorf(CodeInvalid, "an absence has a first day and a last day that is not before it")
	}
	if abs.Substitute == "" {
		return nil
	}
	if _, ok := d.Officer(abs.Substitute); !ok {
		return Errorf(CodeOfficerUnknown, "agency %s has no officer %q", d.org.Agency.Code, abs.Substitute)
	}
	if abs.Substitute == abs.Officer {
		return Errorf(CodeInvalid, "%s cannot stand in for themself", abs.Officer)
	}
	if day, circular := d.circular(abs); circular {
		return Errorf(CodeInvalid, "on %s those away would stand in for each other in a circle", day)
	}
	return nil
}

func (a Actor) mayExcuse(o Officer, agency string) bool {
	if a.Kind != ActorOfficer || a.Agency != agency {
		return false
	}
	return a.ID == o.ID || slices.ContainsFunc(o.Roles, func(r RoleIn) bool { return a.Supervises(r.Department) })
}

// circular finds a day on which an absence that is to be added closes a circle
// of substitutes. Such days begin with one of the absences in it.
func (d *Directory) circular(abs Absence) (calendar.Date, bool) {
	if d.Circular(abs, abs.From) {
		return abs.From, true
	}
	for _, b := range d.org.Absences {
		if abs.Covers(b.From) && d.Circular(abs, b.From) {
			return b.From, true
		}
	}
	return calendar.Date{}, false
}

// Circular says whether on a day the substitutes of an absence lead back to
// the officer who is away, because each of them is away too.
func (d *Directory) Circular(abs Absence, day calendar.Date) bool {
	if abs.Present || abs.Substitute == "" || !abs.Covers(day) {
		return false
	}
	asked := []string{abs.Substitute}
	for next := 0; next < min(len(asked), maxSubstitutes); next++ {
		if asked[next] == abs.Officer {
			return true
		}
		for _, a := range d.absent[asked[next]] {
			if !a.Present && a.Substitute != "" && a.Covers(day) && !slices.Contains(asked, a.Substitute) {
				asked = append(asked, a.Substitute)
			}
		}
	}
	return false
}
