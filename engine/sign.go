package engine

import "slices"

// Signature is an officer who fired an event that waits for its quorum, and
// the role in which.
type Signature struct {
	Event   string `json:"event"`
	Officer string `json:"officer"`
	RoleIn
}

// actors are the roles that act in a step: its own, then the further ones.
func (s State) actors() []RoleIn {
	return append([]RoleIn{{Department: s.Department, Role: s.Role}}, s.Actors...)
}

// signs says in which of the step's roles an officer would sign the event: the
// first of theirs that nobody has signed in yet, else any of theirs.
func (s State) signs(c Case, t Transition, a Actor) (RoleIn, bool) {
	var theirs []RoleIn
	for _, r := range s.actors() {
		if a.Has(r.Department, r.Role) {
			theirs = append(theirs, r)
		}
	}
	for _, r := range theirs {
		if !slices.ContainsFunc(c.Signatures, func(g Signature) bool { return g.Event == t.Event && g.RoleIn == r }) {
			return r, true
		}
	}
	if len(theirs) == 0 {
		return RoleIn{}, false
	}
	return theirs[0], true
}

// sign records that the officer fired an event with a quorum, and says whether
// enough have: each actor of the step for "all", else so many officers.
func (d *decider) sign(s State, t Transition) (enough bool) {
	if t.Quorum.IsZero() {
		return true
	}
	role, _ := s.signs(d.c, t, d.cmd.Actor)
	d.record(Fact{Kind: FactEventSigned, Event: t.Event, Officer: d.cmd.Actor.ID, Department: role.Department, Role: role.Role, Comment: d.cmd.Comment})
	return d.c.signed(s, t)
}

func (c Case) signed(s State, t Transition) bool {
	officers := 0
	roles := s.actors()
	for _, g := range c.Signatures {
		if g.Event == t.Event {
			officers++
			roles = slices.DeleteFunc(roles, func(r RoleIn) bool { return r == g.RoleIn })
		}
	}
	if t.Quorum.All() {
		return len(roles) == 0
	}
	return officers >= t.Quorum.Of(0)
}
