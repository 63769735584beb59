package engine

import "time"

// Slipped is one dossier on the list many were handed over with (phiếu bàn
// giao), and what the receiving department answered.
type Slipped struct {
	Dossier        string    `json:"dossier"`
	FromDepartment string    `json:"from_department"`
	ToDepartment   string    `json:"to_department"`
	SentAt         time.Time `json:"sent_at"`
	// Answer is how the handoff ended: "accepted", "returned" or "recalled";
	// empty while it waits.
	Answer     string    `json:"answer,omitempty"`
	AnsweredAt time.Time `json:"answered_at,omitzero"`
	AnsweredBy string    `json:"answered_by,omitempty"`
}
