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
	return d.inTime()
}

// inTime refuses an extension whose apology and new date would come too late:
// they must be given so long before the limit passes (Nghị định 118/2025).
func (d *decider) inTime() error {
	notice := d.Extension.Notice
	for _, k := range d.legal() {
		if !notice.IsZero() && k.Running() && d.now.After(d.Cal.Sub(k.Due, notice)) {
			return refused(d.c, CodeExtensionRefused, "the apology and the new date had to be given %s before the limit, by %s", notice, d.Cal.Sub(k.Due, notice).Format("02/01/2006 15:04"))
		}
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
	d.lengthen(t.Extend, ruleExtension)
}

// lengthen supersedes the legal clocks by longer ones.
func (d *decider) lengthen(by calendar.Duration, rule string) {
	for _, k := range d.legal() {
		longer := k.because(rule)
		longer.Breached = k.Overdue(d.at) // which only an override gets past
		longer.Budget.Value += by.Value
		longer.Extended = calendar.Duration{Value: k.Extended.Value + by.Value, Unit: by.Unit}
		d.takeOver(k, longer)
	}
}

// takeOver replaces a clock by one of the same kind with another budget or due
// moment, which goes on from what the old one had consumed.
func (d *decider) takeOver(old, successor Clock) {
	if successor.Running() {
		successor = d.Rules.due(successor)
		successor.Fired = d.fallen(successor)
	}
	d.succeed(old, successor)
}

// succeed ends a clock in favour of its successor.
func (d *decider) succeed(old, successor Clock) {
	f := Fact{Kind: FactClockStarted, Clock: &successor}
	for _, a := range d.c.Alarms {
		if a.Clock == old.ID {
			f.Alarm = &a
		}
	}
	d.end(old, VerdictSuperseded)
	successor.ID, successor.Succeeds = d.clockID(old.Kind), old.ID
	if f.Alarm != nil {
		f.Alarm.Clock = successor.ID
	}
	d.record(f)
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
