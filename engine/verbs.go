package engine

import (
	"slices"
	"strings"
)

// back lets a supervisor return the dossier to an earlier step. Where the
// definition draws a way there, it is that way; anywhere else it is an
// override, and takes who may override.
func (d *decider) back() error {
	a, to := d.cmd.Actor, d.cmd.Target
	switch {
	case a.Agency != d.c.Agency:
		return refused(d.c, CodeForbidden, "only the dossier's own agency may return it")
	case !a.Supervises(d.c.Department):
		return refused(d.c, CodeWrongRole, "returning a dossier takes a supervisor of department %s", d.c.Department)
	case d.c.Handoff != nil:
		return refused(d.c, CodeHandoffPending, "department %s has not accepted the handoff yet", d.c.Department)
	case strings.TrimSpace(d.cmd.Comment) == "":
		return refused(d.c, CodeCommentRequired, "returning a dossier needs a reason")
	case to == "":
		return &Error{Code: CodeInvalid, Message: "say which step the dossier returns to", Path: "/target"}
	case !slices.Contains(d.earlier(d.c), to):
		return refused(d.c, CodeEventNotPermitted, "the dossier has not come through a step %q it could return to", to)
	}
	t, drawn := d.drawn(d.c, to)
	if !drawn {
		return d.beyond(Overrides{To: to})
	}
	state, _ := d.State(to)
	if err := d.conditions(t, state); err != nil {
		return err
	}
	t.Event = EventReturn
	d.happen(t, state, t.Basis)
	return nil
}

// beyond is an override that a verb of its own asks for.
func (d *decider) beyond(o Overrides) error {
	if err := d.mayOverride(d.c, d.cmd.Actor); err != nil {
		return err
	}
	return d.overruled(o)
}

// overruled does what an override says or, where the definition wants a second
// pair of eyes, puts it to them.
func (d *decider) overruled(o Overrides) error {
	if rule := d.Override; rule != nil && rule.Approval != nil {
		return d.propose(Proposal{Event: d.cmd.Event, Approval: *rule.Approval, Overrides: &o})
	}
	d.overrule(o)
	return nil
}

// earlier lists the steps a dossier has been in and somebody works in, other
// than the present one, in the order it came to them first.
func (m *Machine) earlier(c Case) []string {
	var out []string
	for _, e := range c.Entries {
		if s, ok := m.State(e.State); ok && e.State != c.State && !s.Final && !s.Suspended() && s.Department != "" {
			out = append(out, e.State)
		}
	}
	return out
}

// drawn is the way the definition has from the present step to another, for
// one officer by themself.
func (m *Machine) drawn(c Case, to string) (Transition, bool) {
	here, _ := m.State(c.State)
	i := slices.IndexFunc(here.On, func(t Transition) bool {
		return t.To == to && (t.By == "" || t.By == ByOfficer) && t.Approval == nil && t.Quorum.IsZero() && m.Holds(t.When, c)
	})
	if i < 0 {
		return Transition{}, false
	}
	return here.On[i], true
}

// returnable lists the steps that an actor may return a dossier to.
func (m *Machine) returnable(c Case, a Actor) []string {
	if c.Handoff != nil || !a.Supervises(c.Department) {
		return nil
	}
	anywhere := m.mayOverride(c, a) == nil
	return slices.DeleteFunc(m.earlier(c), func(to string) bool {
		_, drawn := m.drawn(c, to)
		return !drawn && !anywhere
	})
}

// withdraw ends a dossier because the applicant wants it back, where the step
// has no event for that. It is the applicant's wish and the supervisor's
// responsibility, past what the definition draws.
func (d *decider) withdraw() error {
	a := d.cmd.Actor
	end, ok := d.withdrawal(d.c)
	switch {
	case a.Agency != d.c.Agency:
		return refused(d.c, CodeForbidden, "only the dossier's own agency may withdraw it")
	case !a.Supervises(d.c.Department):
		return refused(d.c, CodeWrongRole, "withdrawing a dossier takes a supervisor of department %s", d.c.Department)
	case strings.TrimSpace(d.cmd.Comment) == "":
		return refused(d.c, CodeCommentRequired, "withdrawing a dossier needs a reason")
	case !ok:
		return refused(d.c, CodeEventNotPermitted, "the procedure has no end for a dossier that is withdrawn, or the step has an event of its own for it")
	}
	return d.overruled(Overrides{To: end})
}

// withdrawal is the state in which a withdrawn dossier ends; none where the
// present step has an event of its own that leads to such an end.
func (m *Machine) withdrawal(c Case) (string, bool) {
	here, _ := m.State(c.State)
	if here.Outcome != "" {
		return "", false // the result is decided: there is nothing to withdraw
	}
	for _, t := range here.On {
		if to, _ := m.State(t.To); to.Final && to.Outcome == outcomeWithdrawn && m.Holds(t.When, c) {
			return "", false
		}
	}
	for _, outcome := range []string{outcomeWithdrawn, outcomeStopped} {
		i := slices.IndexFunc(m.States, func(s State) bool { return s.Final && s.Outcome == outcome })
		if i >= 0 {
			return m.States[i].ID, true
		}
	}
	return "", false
}

// The outcomes a withdrawn dossier can have.
const (
	outcomeWithdrawn = "withdrawn"
	outcomeStopped   = "stopped"
)

// prolong is an extension a supervisor decides, within the bounds the
// definition sets for extensions; past them it is an override.
func (d *decider) prolong() error {
	a, by := d.cmd.Actor, d.cmd.Extend
	switch {
	case a.Agency != d.c.Agency:
		return refused(d.c, CodeForbidden, "only the dossier's own agency may extend it")
	case !a.Supervises(d.c.Department):
		return refused(d.c, CodeWrongRole, "extending a limit takes a supervisor of department %s", d.c.Department)
	case strings.TrimSpace(d.cmd.Comment) == "":
		return refused(d.c, CodeCommentRequired, "an extension needs a reason")
	case by.IsZero():
		return &Error{Code: CodeInvalid, Message: "say by how much the limit is extended", Path: "/extend"}
	case d.Extension == nil:
		return refused(d.c, CodeExtensionRefused, "the procedure allows no extension; an override goes past that")
	}
	if err := d.checkExtend(by, "/extend"); err != nil {
		return err
	}
	t := Transition{Event: EventExtend, Extend: by, Print: formApology}
	if err := d.mayExtend(t); err != nil {
		return err
	}
	d.happen(t, State{}, "")
	return nil
}

// formApology is the slip that tells the applicant of the new date.
const formApology = "apology"
