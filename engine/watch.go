package engine

import (
	"slices"
	"time"
)

// Watched is a dossier an officer wants to be told of.
type Watched struct {
	Dossier string    `json:"dossier"`
	State   string    `json:"state"`
	Closed  bool      `json:"closed,omitempty"`
	Since   time.Time `json:"since"`
}

// headlines are the kinds of fact that are news to who watches a dossier, the
// weightiest first. Clocks and papers that come with them are in the dossier.
var headlines = []FactKind{
	FactDossierClosed, FactOverridden, FactDossierEscalated, FactStateEntered, FactDossierSuspended, FactDossierResumed,
	FactDeadlineExtended, FactDossierReassigned, FactRungClimbed, FactRungFired, FactHandoffReturned, FactHandoffRecalled, FactHandoffAccepted,
	FactEventProposed, FactProposalEndorsed, FactProposalTurnedDown, FactConsultationConcluded, FactOpinionGiven, FactDossierMigrated,
	FactCalendarChanged, FactLinkConcluded, FactDossierClaimed, FactDossierReleased, FactRungAcknowledged, FactEventFired, FactEventSigned,
	FactCommented, FactFieldsReceived, FactComponentsReceived,
}

// Headline is the weightiest of the facts of one decision, and whether there is
// one that is news at all.
func Headline(facts []Fact) (Fact, bool) {
	for _, kind := range headlines {
		if i := slices.IndexFunc(facts, func(f Fact) bool { return f.Kind == kind }); i >= 0 {
			return facts[i], true
		}
	}
	return Fact{}, false
}
