package engine

import "slices"

// checkState finds the state of the new version. A migration decides nothing:
// it neither closes, nor gives a result, nor stops or starts the legal clock.
func (g *migrator) checkState(to *Machine) error {
	g.here, _ = g.from.State(g.c.State)
	id := renamed(g.migration.States, g.c.State)
	var ok bool
	if g.there, ok = to.State(id); !ok {
		return stays(g.c, "version %d has no state %q: say which of its states stands for it", to.Version, id)
	}
	switch {
	case g.there.Final:
		return stays(g.c, "state %q of version %d is final: a migration closes no dossier", id, to.Version)
	case g.here.Outcome != g.there.Outcome:
		return stays(g.c, "the result is decided in only one of the states %q and %q", g.c.State, id)
	case g.here.Suspended() != g.there.Suspended() || g.here.AwaitsApplicant() != g.there.AwaitsApplicant():
		return stays(g.c, "the legal clock stands still in only one of the states %q and %q, or not for the same reason", g.c.State, id)
	}
	return nil
}

// checkPending holds what is under way against the new version: a handoff, a
// quorum, consultations.
func (g *migrator) checkPending(to *Machine) error {
	if err := g.checkHandoff(to); err != nil {
		return err
	}
	for _, s := range g.c.Signatures {
		if !slices.ContainsFunc(g.there.On, func(t Transition) bool { return t.Event == s.Event && !t.Quorum.IsZero() }) {
			return stays(g.c, "officers have signed for event %q, for which state %q of version %d takes no signatures", s.Event, g.there.ID, to.Version)
		}
	}
	for _, round := range g.c.Consulted {
		if _, ok := to.consultation(round.Consultation); round.Result == "" && !ok {
			return stays(g.c, "consultation %q is open and version %d has none such", round.Consultation, to.Version)
		}
	}
	for _, part := range g.c.Linked {
		if _, ok := to.linkRule(part.Link); part.Link != "" && part.Outcome == "" && !ok {
			return stays(g.c, "linked dossier %q is open and version %d has none such", part.Link, to.Version)
		}
	}
	for _, p := range g.c.Proposals {
		if p.Overrides == nil && !slices.ContainsFunc(g.there.On, func(t Transition) bool { return t.Event == p.Event && t.Approval != nil }) {
			return stays(g.c, "event %q waits to be endorsed, and in state %q of version %d it needs no endorsement", p.Event, g.there.ID, to.Version)
		}
	}
	return nil
}

func (g *migrator) checkHandoff(to *Machine) error {
	h := g.c.Handoff
	if h == nil {
		return nil
	}
	if g.there.Department != g.c.Department {
		return stays(g.c, "a handoff to department %s is pending, and state %q of version %d belongs to %s", g.c.Department, g.there.ID, to.Version, g.there.Department)
	}
	back, ok := to.State(renamed(g.migration.States, h.FromState))
	if h.MayReturn && (!ok || back.Department != h.FromDepartment || back.Final || back.Suspended() || back.Outcome != "") {
		return stays(g.c, "a handoff is pending that may be returned to state %q of department %s, which version %d does not have", h.FromState, h.FromDepartment, to.Version)
	}
	return nil
}

// checkLegal refuses what would leave the dossier without the limit the new
// version gives it, or with one nobody can tell.
func (g *migrator) checkLegal(to *Machine) error {
	legal := g.legal()
	limits := to.LimitsOf(g.c.Variant)
	if _, known := to.variant(g.c.Variant); g.c.Variant != "" && !known && len(legal) > 0 {
		return stays(g.c, "its limit runs as that of variant %q, which version %d does not have", g.c.Variant, to.Version)
	}
	_, statutory := g.c.Clock(ClockStatutory)
	passed := slices.ContainsFunc(g.c.Entries, func(e Entry) bool { return renamed(g.migration.States, e.State) == limits.Starts })
	switch {
	case limits.Statutory.IsZero() && limits.Committed.IsZero() && !statutory:
		return nil
	case g.c.AcceptedAt.IsZero() && passed:
		return stays(g.c, "the limit of version %d starts in state %q, which the dossier has entered before", to.Version, limits.Starts)
	case statutory && limits.Statutory.IsZero():
		return stays(g.c, "its statutory limit runs and version %d has none", to.Version)
	case !statutory && len(legal) > 0 && !limits.Statutory.IsZero():
		return stays(g.c, "version %d has a statutory limit, and none runs for the dossier", to.Version)
	}
	return nil
}
