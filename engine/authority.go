package engine

import "slices"

// Verb is something a route or a page lets somebody do. Which callers may, and
// how far, is one table, [Authority]; what is not in it nobody may.
type Verb string

// Scope is how far a verb reaches. The zero Scope reaches nothing.
type Scope int

// The scopes, each wider than the one before.
const (
	ScopeNone       Scope = iota
	ScopeOwn              // what the caller holds, entered or was told
	ScopeDepartment       // what stands in, passed through or asks the departments the caller works in
	ScopeSubtree          // the same of the departments the caller supervises
	ScopeAgency           // everything of the caller's agency
	ScopeAll              // what belongs to no agency: procedures, calendars
)

// String names the scope as the generated page does.
func (s Scope) String() string {
	return []string{"none", "own", "department", "subtree", "agency", "all"}[s]
}

// Capacity is what a caller is to the authority table. A caller has as many as
// apply, and may do what any of them may.
type Capacity string

// The capacities. Offices are kept apart from the work on dossiers: who holds
// nothing but offices is no [CapacityOfficer].
const (
	CapacityAnybody       Capacity = "anybody"         // nobody has to be signed in
	CapacitySystem        Capacity = "system"          // a backend system with an API key
	CapacitySignedIn      Capacity = "signed-in"       // any person of the agency
	CapacityOfficer       Capacity = "officer"         // with a role in a department
	CapacityHead          Capacity = "head"            // of a department
	CapacityLeader        Capacity = "leader"          // of the agency
	CapacityAuthor        Capacity = "author"          // of procedures and calendars
	CapacityApprover      Capacity = "approver"        // of procedures and calendars
	CapacityAuditor       Capacity = "auditor"         // reads, and changes nothing
	CapacityAdministrator Capacity = "administrator"   // of the organisation, keys and webhooks
	CapacityPrivacy       Capacity = "privacy-officer" // of personal data
)

// Capacities are all of them, in the order of the generated page.
var Capacities = []Capacity{
	CapacityAnybody, CapacitySystem, CapacitySignedIn, CapacityOfficer, CapacityHead, CapacityLeader,
	CapacityAuthor, CapacityApprover, CapacityAuditor, CapacityAdministrator, CapacityPrivacy,
}

// Offices: roles that are not part of a procedure, in whichever department
// they are held.
const (
	RoleAuditor       = "auditor"         // đánh giá viên nội bộ, thanh tra
	RoleAdministrator = "administrator"   // quản trị hệ thống
	RolePrivacy       = "privacy-officer" // người phụ trách bảo vệ dữ liệu cá nhân
)

// Grant lets a capacity do something, as far as a scope.
type Grant struct {
	Capacity Capacity
	Scope    Scope
}

// Right is one row of the authority table.
type Right struct {
	Verb   Verb
	Name   Text
	Grants []Grant
}

// Known says whether a verb is in the table.
func (v Verb) Known() bool {
	return slices.ContainsFunc(Authority, func(r Right) bool { return r.Verb == v })
}

// Grants are who may do it; none for a verb that is not in the table.
func (v Verb) Grants() []Grant {
	i := slices.IndexFunc(Authority, func(r Right) bool { return r.Verb == v })
	if i < 0 {
		return nil
	}
	return Authority[i].Grants
}

// Public says whether anybody may, without signing in.
func (v Verb) Public() bool {
	return slices.ContainsFunc(v.Grants(), func(g Grant) bool { return g.Capacity == CapacityAnybody })
}

// May answers how far an actor may do something: the widest scope that any of
// the actor's capacities is granted. Whose key names verbs may do these only.
func May(a Actor, v Verb) Scope {
	scope := ScopeNone
	if len(a.Verbs) > 0 && !v.Public() && !slices.Contains(a.Verbs, v) {
		return scope
	}
	capacities := a.Capacities()
	for _, g := range v.Grants() {
		if slices.Contains(capacities, g.Capacity) {
			scope = max(scope, g.Scope)
		}
	}
	return scope
}

// Refused is the error of who may not.
func (v Verb) Refused(a Actor) error {
	if a.Kind == ActorOfficer {
		return Errorf(CodeWrongRole, "%s is not among what your roles allow", v)
	}
	return Errorf(CodeForbidden, "%s is not among what this key allows", v)
}

// Capacities are what an actor is to the authority table, those held in
// somebody's place included.
func (a Actor) Capacities() []Capacity {
	out := []Capacity{CapacityAnybody}
	switch {
	case a.Kind == ActorSystem && a.Agency != "":
		return append(out, CapacitySystem)
	case a.Kind != ActorOfficer || a.Agency == "":
		return out
	}
	out = append(out, CapacitySignedIn)
	for _, s := range []struct {
		capacity Capacity
		held     bool
	}{
		{CapacityOfficer, a.holds(func(r RoleIn) bool { return !office(r.Role) })},
		{CapacityHead, a.holds(func(r RoleIn) bool { return r.Role == RoleHead })},
		{CapacityLeader, a.leads()},
		{CapacityAuthor, a.Has(DepartmentQuality, RoleProcedureAuthor)},
		{CapacityApprover, a.Has(DepartmentQuality, RoleProcedureApprover)},
		{CapacityAuditor, a.holds(func(r RoleIn) bool { return r.Role == RoleAuditor })},
		{CapacityAdministrator, a.holds(func(r RoleIn) bool { return r.Role == RoleAdministrator })},
		{CapacityPrivacy, a.holds(func(r RoleIn) bool { return r.Role == RolePrivacy })},
	} {
		if s.held {
			out = append(out, s.capacity)
		}
	}
	return out
}

// office says whether a role is an office rather than part of the work.
func office(role string) bool {
	return role == RoleAuditor || role == RoleAdministrator || role == RolePrivacy
}

// holds says whether one of the roles an actor has, or holds in somebody's
// place, is meant.
func (a Actor) holds(meant func(RoleIn) bool) bool {
	return slices.ContainsFunc(a.Roles, meant) || slices.ContainsFunc(a.StandsIn, func(s StandIn) bool { return meant(s.RoleIn) })
}

// Departments are those the actor works in, those of whom they stand in for
// and those whose work came to theirs included, each once.
func (a Actor) Departments() []string {
	var out []string
	add := func(r RoleIn) {
		if !office(r.Role) && !slices.Contains(out, r.Department) {
			out = append(out, r.Department)
		}
	}
	for _, r := range a.Roles {
		add(r)
	}
	for _, s := range a.StandsIn {
		add(s.RoleIn)
	}
	return union(out, a.Formerly)
}

// Reach is what a scope means for one actor: which dossiers of the agency a
// list may show. Nothing that is asked for widens it.
type Reach struct {
	Agency string
	// Everything of the agency is within reach; otherwise what stands in one of
	// the Departments, and what the Officer holds.
	Everything  bool
	Departments []string
	Officer     string
}

// ReachOf is how far a scope takes an actor.
func ReachOf(a Actor, s Scope) Reach {
	r := Reach{Agency: a.Agency, Everything: s >= ScopeAgency, Officer: a.ID}
	switch {
	case s >= ScopeAgency || s == ScopeNone:
	case s == ScopeSubtree:
		r.Departments = a.Departments()
		for _, d := range a.Oversees {
			if !slices.Contains(r.Departments, d) {
				r.Departments = append(r.Departments, d)
			}
		}
	case s == ScopeDepartment:
		r.Departments = a.Departments()
	}
	return r
}
