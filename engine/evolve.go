package engine

import (
	"slices"
	"time"
)

// Fold evolves an empty case through a dossier's whole record.
func Fold(facts []Fact) Case {
	var c Case
	for _, f := range facts {
		c = Evolve(c, f)
	}
	return c
}

// Evolve is what a fact makes of a case. It is total: a fact of an unknown
// kind moves only the sequence. It never changes the case it was given.
func Evolve(c Case, f Fact) Case {
	c.Seq = f.Seq
	switch f.Kind {
	case FactDossierStarted:
		c = started(c, f)
	case FactStateEntered:
		c = entered(c, f)
	case FactDossierClosed:
		c.ClosedAt, c.Outcome = f.At, f.Outcome
		c.Department, c.Role, c.Holder = "", "", ""
		c.ReturnedAt, c.Waiting = time.Time{}, false
	case FactComponentsReceived:
		c.Components = union(c.Components, f.Components)
	case FactFieldsReceived:
		c = receiveFields(c, f.Given, f.Fields)
	case FactVariantChosen:
		c.Variant = f.Variant
	case FactEventSigned:
		c.Signatures = append(slices.Clone(c.Signatures), Signature{Event: f.Event, Officer: f.Officer, RoleIn: RoleIn{Department: f.Department, Role: f.Role}})
	case FactDeadlineExtended:
		c.Extensions = append(slices.Clone(c.Extensions), Extended{At: f.At, By: f.By})
	case FactConsultationStarted:
		c.Consulted = append(slices.Clone(c.Consulted), *f.Consulted)
	case FactOpinionGiven, FactConsultationConcluded:
		c.Consulted = consulted(c.Consulted, *f.Consulted)
	case FactDossierMigrated:
		c = migrated(c, f)
	case FactHandoffSent:
		c.Handoff = f.Handoff
	case FactHandoffAccepted, FactHandoffReturned, FactHandoffRecalled:
		c.Handoff = nil
	case FactDossierClaimed:
		c.Holder, c.Delegated = f.Officer, false
	case FactDossierReassigned:
		c.Holder, c.Delegated = f.Officer, f.Delegated
	case FactDossierReleased:
		c.Holder, c.Delegated = "", false
	case FactEventProposed:
		c.Proposals = append(slices.Clone(c.Proposals), *f.Proposal)
	case FactProposalEndorsed:
		c.Acted = union(c.Acted, []Acted{{State: c.State, Officer: f.Officer}})
		c.Proposals = answered(c.Proposals, *f.Proposal)
	case FactProposalTurnedDown:
		c.Proposals = answered(c.Proposals, *f.Proposal)
	case FactDossierSuspended:
		c.Halts, c.Linked = append(slices.Clone(c.Halts), *f.Halt), heard(c.Linked, f)
	case FactDossierResumed:
		c.Halts = beside(slices.DeleteFunc(slices.Clone(c.Halts), func(h Halt) bool { return h.ID == f.Halt.ID }), *f.Halt)
		c.Linked = heard(c.Linked, f)
	case FactCalendarChanged:
		c.Calendar = f.Calendar.To
	case FactDepartmentChanged:
		c = moved(c, f)
	case FactLinkStarted:
		c.Linked = append(slices.Clone(c.Linked), *f.Linked)
	case FactLinkOpened, FactLinkAcknowledged, FactLinkConcluded:
		c.Linked = told(c.Linked, *f.Linked)
	default:
		c = evolveClocks(c, f)
	}
	return takenUp(stirred(c, f), f)
}

func started(c Case, f Fact) Case {
	c.Model, c.Dossier = CaseModel, f.Dossier
	c.Agency, c.Channel = f.Start.Agency, f.Start.Channel
	c.Procedure, c.Calendar = f.Start.Procedure, f.Start.Calendar
	c.StartedAt, c.Parent = f.At, f.Start.Parent
	return c
}

func entered(c Case, f Fact) Case {
	if f.ActorKind == ActorOfficer && f.From != "" {
		c.Acted = union(c.Acted, []Acted{{State: f.From, Officer: f.Actor}})
	}
	c.ReturnedAt = returnedAt(c, f)
	c.State, c.EnteredAt, c.Waiting = f.To, f.At, f.Suspended
	c.Department, c.Role, c.Holder = f.Department, f.Role, ""
	c.Visits++
	c.Entries = counted(c.Entries, f.To)
	c.Signatures, c.Proposals, c.Handoff, c.Delegated = nil, nil, nil, false
	if f.Suspended {
		c.Suspensions++
	}
	return c
}

// counted adds one entry of a state.
func counted(entries []Entry, state string) []Entry {
	out := slices.Clone(entries)
	if i := slices.IndexFunc(out, func(e Entry) bool { return e.State == state }); i >= 0 {
		out[i].Times++
		return out
	}
	return append(out, Entry{State: state, Times: 1})
}

func consulted(rounds []Consulted, round Consulted) []Consulted {
	out := slices.Clone(rounds)
	for i := range out {
		if out[i].ID == round.ID {
			out[i] = round
		}
	}
	return out
}

func replaced(clocks []Clock, k Clock) []Clock {
	out := slices.Clone(clocks)
	for i := range out {
		if out[i].ID == k.ID {
			out[i] = k
		}
	}
	return out
}

func without(clocks []Clock, id string) []Clock {
	return slices.DeleteFunc(slices.Clone(clocks), func(k Clock) bool { return k.ID == id })
}

func fired(clocks []Clock, r RungFiring) []Clock {
	out := slices.Clone(clocks)
	for i := range out {
		if out[i].ID == r.Clock {
			out[i].Fired = append(slices.Clone(out[i].Fired), r.Index)
			if r.Raise != "" {
				out[i].Raised = r.Raise
			}
		}
	}
	return out
}

// union appends what is new, keeping the order of arrival.
func union[T comparable](have, more []T) []T {
	out := slices.Clone(have)
	for _, x := range more {
		if !slices.Contains(out, x) {
			out = append(out, x)
		}
	}
	return out
}

// lateAfter is how much later than its moment a due moment may be noticed
// before the record calls it late.
const lateAfter = time.Minute
