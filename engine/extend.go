package engine

import (
	"slices"

	"motcua/engine/calendar"
)

// mayExtend holds an extension against its bounds: how often, how much in all,
// and never once the limit has passed.
func (d *decider) mayExtend(t Transition) error {
	if t.Extend.IsZero() || d.Extension == nil { // Compile refuses the one without the other
		return nil
	}
	if len(d.legal()) == 0 {
		return refused(d.c, CodeExtensionRefused, "no legal limit runs")
	}
	if n := len(d.c.Extensions); n >= d.Extension.Times() {
		return refused(d.c, CodeExtensionRefused, "the limit was extended %d times, as often as the procedure allows", n)
	}
	total := t.Extend.Amount()
	for _, e := range d.c.Extensions {
		total += e.By.Amount()
	}
	if most := d.Extension.Max; !most.IsZero() && total > most.Amount() {
		return refused(d.c, CodeExtensionRefused, "all extensions together would exceed %s", d.Extension.Max)
	}
	if slices.ContainsFunc(d.legal(), func(k Clock) bool { return k.Overdue(d.now) }) {
		return refused(d.c, CodeExtensionRefused, "the limit has passed and can no longer be extended")
	}
	return nil
}

// extend lengthens the legal limits: each clock is superseded by a longer one,
// which takes over what was consumed; the old one stays readable.
func (d *decider) extend(t Transition) {
	if t.Extend.IsZero() {
		return
	}
	d.record(Fact{Kind: FactDeadlineExtended, Event: t.Event, Comment: d.cmd.Comment, Basis: t.Basis, By: t.Extend})
	for _, k := range d.legal() {
		longer := k
		longer.Budget.Value += t.Extend.Value
		longer.Extended = calendar.Duration{Value: k.Extended.Value + t.Extend.Value, Unit: t.Extend.Unit}
		d.takeOver(k, longer)
	}
}

// takeOver replaces a running clock by one of the same kind with another
// budget, which goes on from what the old one had consumed.
func (d *decider) takeOver(old, successor Clock) {
	d.end(old, VerdictSuperseded)
	successor.ID = d.clockID(old.Kind)
	if successor.Running() {
		successor = d.Rules.due(successor)
		successor.Fired = d.fallen(successor)
	}
	d.record(Fact{Kind: FactClockStarted, Clock: &successor})
}

// fallen lists the rungs of a clock whose moment has come: they fired on its
// predecessor, or would have. Those that its new due moment moved ahead are
// still to come.
func (d *decider) fallen(k Clock) []int {
	c := d.c // with the clock, which is not in the case yet
	c.Clocks = append(slices.Clone(c.Clocks), k)
	var out []int
	for i, g := range d.Ladder {
		if hangsOn(g, k, c) && !d.rungAt(g, k).After(d.at) {
			out = append(out, i)
		}
	}
	return out
}
