package engine

import (
	"slices"
	"time"
)

// What supervisors look for in a dossier that no clock says: that nothing has
// happened for long, that it came back, whom it waits for. All of it is the
// fold of facts like the rest, so that a list of it needs no job to be right.

// Moves says whether a fact is something that was done with the dossier, as
// opposed to talk about it, to what time does by itself, and to changes of the
// rules it runs under: a dossier in which nothing moves is stuck, however
// often rungs tell of it and supervisors ask about it.
func (f Fact) Moves() bool {
	switch f.Kind {
	case FactDossierStarted, FactStateEntered, FactDossierClosed:
		return true // by a due moment too: it is another step then
	case FactDossierResumed:
		return true // it could not move before
	case FactEventFired, FactEventSigned, FactEventProposed, FactProposalEndorsed, FactProposalTurnedDown,
		FactComponentsReceived, FactFieldsReceived, FactFormIssued, FactDeadlineExtended, FactOverridden,
		FactHandoffSent, FactHandoffAccepted, FactHandoffReturned, FactHandoffRecalled,
		FactDossierClaimed, FactDossierReleased, FactDossierReassigned, FactDossierSuspended,
		FactConsultationStarted, FactOpinionGiven, FactConsultationConcluded,
		FactLinkStarted, FactLinkOpened, FactLinkAcknowledged, FactLinkConcluded:
		return f.ActorKind != ActorClock
	default:
		return false
	}
}

// stirred notes what moved a dossier, and where it stands.
func stirred(c Case, f Fact) Case {
	if f.Moves() {
		c.ActedAt = f.At
	}
	if c.Department != "" {
		c.LastDepartment = c.Department
	}
	switch {
	case f.Kind == FactRungClimbed && f.Rung.Nobody:
		c.UnheardAt = f.At
	case f.Kind == FactStateEntered || f.Kind == FactDossierClosed || f.Kind == FactRungAcknowledged:
		c.UnheardAt = time.Time{}
	}
	return c
}

// returnedAt is when the step that is being entered gets the dossier back: a
// step it has been through. Who takes back what was not accepted yet gets
// nothing back, nor does the step that a supplement goes on in.
func returnedAt(c Case, f Fact) time.Time {
	again := slices.ContainsFunc(c.Entries, func(e Entry) bool { return e.State == f.To })
	if !again || c.Waiting || f.Event == EventRecallHandoff {
		return time.Time{}
	}
	return f.At
}

// AlarmedAt is since when a rung waits to be acknowledged, or has ceased to
// wait because there was nobody left to tell; zero if none is.
func (c Case) AlarmedAt() time.Time {
	since := c.UnheardAt
	for _, k := range c.Clocks {
		if k.Kind == ClockAlarm {
			since = soonest(since, k.StartedAt)
		}
	}
	return since
}

// UnansweredSince is since when a department that was asked has not answered;
// zero if nobody owes an answer.
func (c Case) UnansweredSince() time.Time {
	var since time.Time
	for _, round := range c.Consulted {
		owed := func(o Opinion) bool { return o.Says == "" && !o.Withdrawn }
		if round.Result == "" && slices.ContainsFunc(round.Opinions, owed) {
			since = soonest(since, round.AskedAt)
		}
	}
	return since
}

// soonest is the first of two moments, of which either may be missing.
func soonest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
