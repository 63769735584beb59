package engine

import (
	"slices"
	"strconv"
)

// propose puts an event on record that waits for another officer to endorse it.
func (d *decider) propose(p Proposal) error {
	if slices.ContainsFunc(d.c.Proposals, func(o Proposal) bool { return o.Event == p.Event }) {
		return refused(d.c, CodeEventNotPermitted, "event %q waits to be endorsed", p.Event)
	}
	p.ID = "proposal-" + strconv.FormatInt(d.c.Seq+1, 10)
	p.Officer, p.At, p.Comment, p.Components = d.cmd.Actor.ID, d.at, d.cmd.Comment, d.cmd.Components
	d.record(Fact{Kind: FactEventProposed, Event: p.Event, Officer: p.Officer, Comment: p.Comment, Proposal: &p})
	return nil
}

// answerProposal endorses or turns down what another officer proposed. What is
// endorsed happens as if it had been fired now, with the words it was proposed
// with; what has become impossible meanwhile is refused and goes on waiting.
func (d *decider) answerProposal() error {
	i := slices.IndexFunc(d.c.Proposals, func(p Proposal) bool { return d.cmd.Target == "" || p.ID == d.cmd.Target })
	if i < 0 {
		return refused(d.c, CodeEventNotPermitted, "no such event waits to be endorsed")
	}
	p := d.c.Proposals[i]
	if err := mayEndorse(p, d.c, d.cmd.Actor); err != nil {
		return err
	}
	if d.cmd.Event == EventTurnDown {
		if d.cmd.Comment == "" {
			return refused(d.c, CodeCommentRequired, "turning down needs a reason")
		}
		d.record(Fact{Kind: FactProposalTurnedDown, Event: p.Event, Officer: p.Officer, Comment: d.cmd.Comment, Proposal: &p})
		return nil
	}
	return d.endorse(p)
}

func (d *decider) endorse(p Proposal) error {
	d.record(Fact{Kind: FactProposalEndorsed, Event: p.Event, Officer: p.Officer, Comment: d.cmd.Comment, Proposal: &p})
	given := d.cmd
	defer func() { d.cmd = given }()
	d.cmd.Event, d.cmd.Comment = p.Event, p.Comment
	if p.Overrides != nil {
		if err := d.checkOverrides(*p.Overrides); err != nil {
			return err
		}
		d.overrule(*p.Overrides)
		return nil
	}
	t, to, err := d.Step(d.c, p.Event)
	if err != nil {
		return err
	}
	if err := d.conditions(t, to); err != nil {
		return err
	}
	d.happen(t, to, t.Basis)
	return nil
}
