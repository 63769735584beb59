package engine

import (
	"slices"

	"motcua/engine/calendar"
)

// reassign gives the dossier to another officer or, with none named, to the
// department's pool. Whoever holds it may pass it on to a colleague of the same
// role; a supervisor of the department may give it to anybody of the agency,
// who then acts in this step although the role is not theirs (ủy quyền xử lý
// một hồ sơ).
func (d *decider) reassign() error {
	a := d.cmd.Actor
	supervises := a.itself() || a.Supervises(d.c.Department)
	switch {
	case a.Agency != d.c.Agency && !a.itself():
		return refused(d.c, CodeForbidden, "only the dossier's own agency may reassign it")
	case !supervises && (a.ID != d.c.Holder || a.Kind != ActorOfficer):
		return refused(d.c, CodeWrongRole, "reassigning takes its holder or a supervisor of department %s", d.c.Department)
	case d.c.Handoff != nil:
		return refused(d.c, CodeHandoffPending, "department %s has not accepted the handoff yet", d.c.Department)
	case d.cmd.Comment == "":
		return refused(d.c, CodeCommentRequired, "reassigning needs a reason")
	case d.cmd.Officer == "" && d.c.Holder == "":
		return refused(d.c, CodeEventNotPermitted, "the dossier is in the department's pool already")
	case d.cmd.Officer == d.c.Holder:
		return refused(d.c, CodeEventNotPermitted, "the dossier is held by %q already", d.cmd.Officer)
	}
	if d.cmd.Officer != "" {
		if err := d.mayTake(d.cmd.Officer, supervises); err != nil {
			return err
		}
	}
	d.entrust(d.cmd.Officer, d.cmd.Comment)
	return nil
}

// mayTake says whether an officer may be given the dossier.
func (d *decider) mayTake(officer string, supervised bool) error {
	if d.Org == nil {
		return refused(d.c, CodeOfficerUnknown, "no officer %q at agency %s", officer, d.c.Agency)
	}
	who, ok := d.Org.Actor(officer, calendar.DateOf(d.now))
	if !ok {
		return refused(d.c, CodeOfficerUnknown, "no officer %q at agency %s", officer, d.c.Agency)
	}
	here, _ := d.State(d.c.State)
	switch {
	case separate(here, d.c, who) != nil:
		return separate(here, d.c, who)
	case !supervised && mayAct(here, d.c, who) != nil:
		return refused(d.c, CodeWrongRole, "officer %q does not hold the role of state %q", officer, d.c.State)
	}
	return nil
}

// entrust makes an officer the holder; without the role, by delegation.
func (d *decider) entrust(officer, why string) {
	f := Fact{Kind: FactDossierReassigned, Event: EventReassign, Officer: officer, From: d.c.Holder, Department: d.c.Department, Role: d.c.Role, Comment: why}
	if officer != "" && d.Org != nil {
		f.Delegated = !d.holdsStep(officer)
	}
	d.record(f)
}

// holdsStep says whether an officer holds one of the roles of the present step.
func (d *decider) holdsStep(officer string) bool {
	here, _ := d.State(d.c.State)
	return slices.ContainsFunc(append(here.actors(), RoleIn{Department: d.c.Department, Role: d.c.Role}), func(r RoleIn) bool {
		return d.Org.Holds(officer, r, calendar.DateOf(d.now))
	})
}

// orphaned puts a dossier back whose holder has left the agency: nobody would
// be allowed to touch it.
func (d *decider) orphaned() {
	if d.c.Holder == "" || d.Org == nil {
		return
	}
	if _, known := d.Org.Officer(d.c.Holder); known {
		return
	}
	actor := d.actor
	d.actor = Clockwork
	d.record(Fact{Kind: FactDossierReleased, Officer: d.c.Holder, Department: d.c.Department})
	d.actor = actor
}
