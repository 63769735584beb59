package audit

import "motcua/engine/calendar"

// Scope is what a verification is about; zero values mean everything.
type Scope struct {
	Dossier string
	Agency  string
	// Since leaves out dossiers to which nothing was recorded on or after the
	// day, and digests of days before it.
	Since calendar.Date
	// Progress hears how many of the dossiers were looked at, of how many.
	Progress func(done, of int64)
}

// Whole says whether everything is meant, also what belongs to no agency.
func (s Scope) Whole() bool { return s.Dossier == "" && s.Agency == "" }
