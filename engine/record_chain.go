package engine

import "time"

// ChainPart is one linked dossier as the dossier it is a part of may see it:
// where it stands and until when, and nothing of what is in it.
type ChainPart struct {
	ID   string `json:"id"`             // unique within the dossier
	Link string `json:"link,omitempty"` // its id in the definition; empty: opened by a rung
	Name Text   `json:"name,omitzero"`  // as the definition calls the part

	Procedure     string `json:"procedure"`
	ProcedureName Text   `json:"procedure_name,omitzero"`
	Agency        string `json:"agency,omitempty"`
	AgencyName    Text   `json:"agency_name,omitzero"`

	// What follows is known once it is open.
	Dossier   string `json:"dossier,omitempty"`
	State     string `json:"state,omitempty"`
	StateName Text   `json:"state_name,omitzero"`
	Status    string `json:"status,omitempty"`
	// Due is its own appointment or, where it has none, what this dossier
	// allows the part.
	Due     time.Time `json:"due,omitzero"`
	Outcome string    `json:"outcome,omitempty"`
}
