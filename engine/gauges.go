package engine

// Gauges are what a ledger shows those who watch over an installation. They
// count, and name agencies at most: neither dossiers nor people.
type Gauges struct {
	Open      []OpenGauge
	Outbox    int64   // errands that wait
	OutboxAge float64 // seconds since the oldest of them was left; none: zero
	// Overslept dossiers are open and should have woken two minutes ago.
	Overslept int64
	// Waiting and Dead are deliveries to subscribers.
	Waiting, Dead int64
	// Rungs is how many people rungs told within the last hour, and the rest how
	// many seconds after their moments: half of them, all but a twentieth, the last.
	Rungs                           int64
	LateHalf, LateMost, LateMaximum float64
}

// OpenGauge counts the open dossiers of an agency in one status.
type OpenGauge struct {
	Agency, Status          string
	Count, DueSoon, Overdue int64
}
