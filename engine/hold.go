package engine

import (
	"slices"
	"strings"
)

// hold is what an officer does with a dossier without moving it.
func (d *decider) hold() error {
	a := d.cmd.Actor
	if d.cmd.Event == EventComment {
		return d.comment()
	}
	here, _ := d.State(d.c.State)
	if err := mayHold(here, d.c, a); err != nil {
		return err
	}
	held := d.c.Holder != ""
	switch {
	case d.cmd.Event == EventClaim && held, d.cmd.Event == EventRelease && !held:
		return refused(d.c, CodeEventNotPermitted, "event %q is not permitted in state %q", d.cmd.Event, d.c.State)
	case d.cmd.Event == EventClaim:
		d.record(Fact{Kind: FactDossierClaimed, Officer: a.ID, Department: d.c.Department})
	default:
		d.record(Fact{Kind: FactDossierReleased, Officer: a.ID, Department: d.c.Department})
	}
	return nil
}

func (d *decider) comment() error {
	switch {
	case d.cmd.Actor.Agency != d.c.Agency:
		return refused(d.c, CodeForbidden, "only the dossier's own agency may comment")
	case d.cmd.Comment == "":
		return refused(d.c, CodeCommentRequired, "a comment needs words")
	}
	d.record(Fact{Kind: FactCommented, Comment: d.cmd.Comment})
	return nil
}

// receive records the papers and fields that come with the command, and what
// case of the procedure they make of the dossier.
func (d *decider) receive() {
	if given, texts := d.given(); len(given) > 0 {
		d.record(Fact{Kind: FactFieldsReceived, Given: given, Fields: texts})
	}
	if fresh := union(d.c.Components, d.cmd.Components); len(fresh) > len(d.c.Components) {
		d.record(Fact{Kind: FactComponentsReceived, Components: fresh[len(d.c.Components):]})
	}
	d.settle()
}

func (d *decider) checkComponents() error {
	for _, id := range d.cmd.Components {
		if !slices.ContainsFunc(d.Components, func(c Component) bool { return c.ID == id }) {
			return Errorf(CodeInvalid, "procedure %s has no component %q", d.Code, id)
		}
	}
	return nil
}

// missing lists the required papers not yet handed in, this command's included.
func (d *decider) missing() []string {
	foreseen := d.foreseen()
	var out []string
	for _, c := range d.Components {
		if !c.Required.IsZero() && d.Holds(c.Required, foreseen) && !slices.Contains(foreseen.Components, c.ID) {
			out = append(out, c.ID)
		}
	}
	return out
}

func join(ids []string) string { return strings.Join(ids, ", ") }
