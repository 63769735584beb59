package engine

import (
	"slices"
	"strconv"

	"motcua/engine/calendar"
)

// carryClocks lets every open clock go on under the new version. The committed
// limit comes first: where the new version promises nothing, the statutory one
// becomes the appointment and inherits what was said of it.
func (g *migrator) carryClocks() error {
	open := slices.Clone(g.c.Clocks)
	slices.SortStableFunc(open, func(a, b Clock) int {
		switch {
		case a.Kind == ClockCommitted && b.Kind != ClockCommitted:
			return -1
		case b.Kind == ClockCommitted && a.Kind != ClockCommitted:
			return 1
		}
		return 0
	})
	for _, k := range open {
		if err := g.carry(k); err != nil {
			return err
		}
	}
	return nil
}

// carry replaces a clock by one with the new version's limit, less what was
// consumed. A clock for which nothing changes goes on as it is.
func (g *migrator) carry(k Clock) error {
	if k.Kind == ClockAlarm {
		g.carryAlarm(k)
		return nil
	}
	next := k
	next.Subject = g.subject(k)
	next.Budget = g.budget(k)
	switch {
	case next.Budget.IsZero():
		if k.Kind == ClockCommitted {
			g.promised = k.Fired
		}
		g.end(k, VerdictSuperseded)
		return nil
	case next.Budget.Unit != k.Budget.Unit:
		return stays(g.before, "units differ: %s of the %s clock were counted in %s, and version %d gives %s",
			k.Budget, k.Kind, k.Budget.Unit, g.Version, next.Budget)
	}
	next.Consumed = min(k.Consumed, next.Budget.Amount())
	if next.Running() {
		next = g.due(next)
	}
	next.Fired, next.Raised = g.fallenRungs(k, next)
	late := next.Overdue(g.at) || k.Consumed > next.Budget.Amount()
	if late && !k.Overdue(g.at) && !g.migration.AllowOverdue {
		return stays(g.before, "version %d gives the %s clock %s, by which the dossier would be overdue; it is not by version %d",
			g.Version, k.Kind, next.Budget, g.from.Version)
	}
	if next.Budget == k.Budget && next.Subject == k.Subject && slices.Equal(next.Fired, k.Fired) {
		return nil
	}
	next.Breached = k.Overdue(g.at) // a breach stays a breach
	g.succeed(k, next.because(ruleMigration))
	return nil
}

// carryAlarm lets a rung go on waiting to be acknowledged under its place in
// the new ladder. It is void where the new version has no such rung, or not the
// clock it hangs on.
func (g *migrator) carryAlarm(k Clock) {
	i := slices.IndexFunc(g.c.Alarms, func(a Alarm) bool { return a.Clock == k.ID })
	if i < 0 {
		g.end(k, VerdictSuperseded)
		return
	}
	a := g.c.Alarms[i]
	if a.Raised() { // no rung is behind it
		return
	}
	rung := slices.Index(rungIDs(g.Ladder), rungIDs(g.from.Ladder)[a.Rung])
	_, hangs := g.clockByID(a.Of)
	if rung == a.Rung && hangs {
		return
	}
	g.end(k, VerdictSuperseded)
	if rung < 0 || !hangs {
		return
	}
	next := k.because(ruleMigration)
	next.ID, next.Succeeds = g.clockID(k.Kind), k.ID
	a.Clock, a.Rung = next.ID, rung
	g.record(Fact{Kind: FactClockStarted, Clock: &next, Alarm: &a})
}

// subject is what the successor belongs to.
func (g *migrator) subject(k Clock) string {
	switch k.Kind {
	case ClockStep:
		if g.there.Cell != "" {
			return g.there.Cell
		}
		return g.there.ID
	case ClockStage:
		if g.here.Stage != "" && g.there.Stage != "" {
			return g.there.Stage
		}
		return k.Subject
	case ClockConsultation, ClockLink, ClockReceipt:
		return k.Subject
	}
	return renamed(g.migration.States, k.Subject)
}

// budget is the limit the new version gives a clock; zero: none.
func (g *migrator) budget(k Clock) calendar.Duration {
	switch k.Kind {
	case ClockStatutory, ClockCommitted:
		return g.legalBudget(k)
	case ClockStep:
		return g.WithinOf(g.c.Variant, g.there)
	case ClockStage:
		return g.stageWithin(g.c.Variant, g.subject(k))
	case ClockHandoff:
		if g.there.Handoff != nil {
			return g.there.Handoff.AcceptWithin
		}
	case ClockSuspension, ClockWait:
		e, _ := g.expiry(g.there)
		return e.After
	case ClockStandstill:
		if g.Suspension != nil {
			return g.Suspension.Total
		}
	case ClockConsultation:
		c, _ := g.consultation(k.Subject)
		return g.consultWithin(g.c.Variant, c)
	case ClockIntake:
		if g.Limits.Intake != nil {
			return g.Limits.Intake.Within
		}
	case ClockLink:
		l, _ := g.linkRule(k.Subject)
		return l.Within
	case ClockReceipt:
		l, _ := g.linkRule(k.Subject)
		return l.AcknowledgeWithin
	}
	return calendar.Duration{}
}

// legalBudget is the new version's limit, as much longer as the old one was
// extended. A limit that an event of its own gave the dossier stays.
func (g *migrator) legalBudget(k Clock) calendar.Duration {
	before, after := g.from.LimitsOf(g.before.Variant), g.LimitsOf(g.c.Variant)
	own, next := before.Statutory, after.Statutory
	if k.Kind == ClockCommitted {
		own, next = before.Committed, after.Committed
	}
	var extended int64
	for _, e := range g.c.Extensions {
		extended += e.By.Value
	}
	own.Value += extended
	switch {
	case own != k.Budget:
		return k.Budget
	case !next.IsZero():
		next.Value += extended
	}
	return next
}

// fallenRungs lists the rungs of the new ladder that need not fire any more on
// a successor, and what the last of them raised: those that fired on its
// predecessor and whose moment, by the new limit, has come too. One whose
// moment the new limit moved ahead is still to come; one that never fired and
// is past by the new limit fires at once.
func (g *migrator) fallenRungs(k, next Clock) (fired []int, raised string) {
	if !next.Running() { // as if it resumed now
		next.RunningSince = later(g.at, next.CountsFrom)
		next = g.due(next)
	}
	before, after := rungIDs(g.from.Ladder), rungIDs(g.Ladder)
	said := k.Fired
	if k.Kind == ClockStatutory {
		said = union(g.promised, k.Fired)
	}
	for _, i := range said {
		j := slices.Index(after, before[i])
		if j < 0 || g.rungAt(g.Ladder[j], next).After(g.at) {
			continue
		}
		fired = append(fired, j)
		if g.Ladder[j].Raise != "" {
			raised = g.Ladder[j].Raise
		}
	}
	return fired, raised
}

// rungIDs tell the rungs of a ladder apart by what they say, and those that
// say the same by their order.
func rungIDs(ladder []Rung) []string {
	ids := make([]string, len(ladder))
	for i, r := range ladder {
		id := r.String()
		for n := 2; slices.Contains(ids[:i], id); n++ {
			id = r.String() + "/" + strconv.Itoa(n)
		}
		ids[i] = id
	}
	return ids
}

// startNew sets the clocks going that only the new version has. They start now,
// with the full limit; but a promise that is new is not made to dossiers that
// were given their appointment without it.
func (g *migrator) startNew() {
	if g.c.Handoff == nil && g.from.WithinOf(g.before.Variant, g.here).IsZero() {
		g.startStep(g.there, "")
	}
	if _, had := g.c.Clock(ClockStage); !had {
		g.startStage(g.there)
		if k, ok := g.c.Clock(ClockStage); ok && g.there.Suspended() {
			k = g.suspend(k, g.at)
			g.record(Fact{Kind: FactClockSuspended, Clock: &k})
		}
	}
	if _, had := g.from.expiry(g.here); !had {
		if e, has := g.expiry(g.there); has {
			kind := ClockWait
			if g.there.Suspended() {
				kind = ClockSuspension
			}
			g.startClock(kind, g.there, e.After, nil)
		}
	}
	if _, had := g.c.Clock(ClockStandstill); !had && g.there.AwaitsApplicant() && g.Suspension != nil {
		g.startClock(ClockStandstill, g.there, g.Suspension.Total, nil)
	}
}
