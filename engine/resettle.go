package engine

import (
	"slices"
	"time"
)

// Reorganise moves a dossier to the departments that have its work now, of
// which the rules' directory knows: where it stands, the handoff that waits,
// what was asked of departments and has no answer, and who is to endorse what
// was proposed. A clock that runs keeps the office hours it began by, so no due
// moment moves. A dossier that concerns no dissolved department gets an empty
// decision.
//
// Errors: CodeNotFound, CodeForbidden, CodeDossierClosed.
func Reorganise(r Rules, c Case, cmd Command, now time.Time) (Decision, error) {
	now = now.Truncate(time.Millisecond)
	cmd.Event = EventReorganise
	switch {
	case !c.Started():
		return Decision{}, Errorf(CodeNotFound, "no such dossier")
	case c.Agency != cmd.Actor.Agency && !cmd.Actor.itself():
		return Decision{}, refused(c, CodeForbidden, "only the dossier's own agency may reorganise it")
	case c.Closed():
		return Decision{}, refused(c, CodeDossierClosed, "dossier is closed")
	}
	d := &decider{Rules: r, c: c, cmd: cmd, at: now, now: now, actor: cmd.Actor}
	d.catchUp()
	if d.c.Closed() { // time closed it just now; the next tick will
		return Decision{}, refused(d.c, CodeDossierClosed, "dossier is closed")
	}
	if !d.resettle(cmd.Actor, cmd.Comment) {
		return Decision{Case: c, Next: r.Next(c)}, nil
	}
	d.tellParent(c)
	return d.decision(), nil
}

// Permitted lists what the actor may do with the case, as [Machine.Permitted]
// does, also where a reorganisation has not reached the dossier yet.
func (r Rules) Permitted(c Case, a Actor) []Permitted {
	if f, ok := r.resettled(c); ok {
		c = moved(c, f)
	}
	return r.Machine.Permitted(c, a)
}

// resettle puts on record that departments of the dossier were succeeded by
// others, and what follows by itself: a department that was asked twice is
// asked once, what was handed over within one department has arrived, and a
// holder without a role there gives the dossier back. It says whether anything
// was.
func (d *decider) resettle(by Actor, why string) bool {
	f, ok := d.resettled(d.c)
	if !ok || d.c.Closed() {
		return false
	}
	actor := d.actor
	d.actor = by
	f.Comment = why
	d.record(f)
	d.actor = Clockwork
	d.joinRounds(f.Moved.Consulted)
	if h := d.c.Handoff; h != nil && h.FromDepartment == d.c.Department {
		d.acceptHandoff("")
	}
	d.letGo()
	d.actor = actor
	return true
}

// joinRounds ends the clocks of requests that another one of the same
// department stands for, and the rounds that wait for nobody else.
func (d *decider) joinRounds(rounds []Consulted) {
	for _, round := range rounds {
		for _, o := range round.Opinions {
			if k, ok := d.clockByID(o.Clock); ok && o.Withdrawn {
				d.end(k, VerdictSuperseded)
			}
		}
		i := slices.IndexFunc(d.c.Consulted, func(r Consulted) bool { return r.ID == round.ID })
		if now := d.c.Consulted[i]; now.Result == "" {
			d.conclude(now)
		}
	}
}

// letGo gives the dossier back to the department where its holder has no role
// any more: nobody else could touch it.
func (d *decider) letGo() {
	if d.c.Closed() || d.c.Holder == "" || d.c.Delegated || d.holdsStep(d.c.Holder) {
		return
	}
	d.record(Fact{Kind: FactDossierReleased, Officer: d.c.Holder, Department: d.c.Department})
}

// resettled is the fact that moves a case to the departments of today, if any
// of its own was dissolved.
func (r Rules) resettled(c Case) (Fact, bool) {
	if r.Org == nil || len(r.Org.heirs) == 0 || c.Closed() || !c.Started() {
		return Fact{}, false
	}
	m := Moved{
		Handoff: r.sender(c.Handoff), Signatures: r.signatures(c.Signatures), Consulted: r.rounds(c.Consulted), Proposals: r.proposals(c.Proposals),
	}
	f := Fact{Kind: FactDepartmentChanged, Event: EventReorganise, Role: c.Role, Moved: &m}
	if c.Department != "" {
		if now := r.Org.Present(r.Code, RoleIn{c.Department, c.Role}).Department; now != c.Department {
			f.From, f.To, f.Department = c.Department, now, now
		}
	}
	return f, f.To != "" || m.Handoff != nil || m.Signatures != nil || m.Consulted != nil || m.Proposals != nil
}
