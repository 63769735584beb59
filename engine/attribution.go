package engine

import (
	"slices"
	"time"

	"motcua/engine/calendar"
)

// ShareKind says what a department did with a stretch of a dossier's life.
type ShareKind string

// The kinds of share.
const (
	ShareWorking   ShareKind = "working"    // the dossier stood there
	ShareInTransit ShareKind = "in-transit" // it was sent and not accepted yet
	ShareWaiting   ShareKind = "waiting"    // the step waited for the applicant or somebody else, and the legal clock stood still
	ShareHalted    ShareKind = "halted"     // a supervisor or an outage had stopped all clocks
)

// Share is a stretch of a dossier's life and the one department it belongs to.
type Share struct {
	Department string    `json:"department"`
	From       time.Time `json:"from"`
	To         time.Time `json:"to"`
	Kind       ShareKind `json:"kind"`
}

// Attribute shares out a dossier's life among the departments, from its start
// to its closing or, while it runs, to now: every millisecond belongs to
// exactly one. The shares are in order, without gaps or overlaps, and
// neighbours differ. A state without a department, such as one that waits for
// the applicant, belongs to the department that had the dossier before. Time
// in transit is the sender's, unless the handoff says that it is the
// receiver's. It rests on the facts alone.
func Attribute(facts []Fact, now time.Time) []Share {
	var a attribution
	for _, f := range facts {
		a.until(f.At)
		a.take(f)
	}
	if !a.begun {
		return nil
	}
	if !a.closed {
		a.until(now)
	}
	return a.joined()
}

// attribution is where a dossier stands while its facts are read.
type attribution struct {
	begun, closed bool
	at            time.Time // what lies before is shared out
	department    string
	transit       *Handoff
	awaits        bool     // the state entered waits for the applicant
	still         []string // ids of the legal clocks that stand still
	waited        bool     // they did when the halt began that stops them now
	halts         []haltSpan
	shares        []Share
}

// until gives the time up to a moment to whoever has it. A fact that was
// written with an earlier moment than the one before it moves nothing.
func (a *attribution) until(moment time.Time) {
	if !a.begun || a.closed || !moment.After(a.at) {
		return
	}
	a.shares = append(a.shares, Share{Department: a.owner(), From: a.at, To: moment, Kind: a.kind()})
	a.at = moment
}

func (a *attribution) owner() string {
	if a.transit != nil && a.transit.InTransit != TransitReceiver {
		return a.transit.FromDepartment
	}
	return a.department
}

func (a *attribution) kind() ShareKind {
	switch {
	case a.transit != nil:
		return ShareInTransit
	case a.awaits || a.waits():
		return ShareWaiting
	}
	return ShareWorking
}

// waits says whether the state lets the legal clocks stand still. During a halt
// all of them do, whatever the state says.
func (a *attribution) waits() bool {
	if a.halting() {
		return a.waited
	}
	return len(a.still) > 0
}

// take reads what a fact makes of it.
func (a *attribution) take(f Fact) {
	switch f.Kind {
	case FactDossierStarted:
		a.begun, a.at = true, f.At
	case FactStateEntered:
		a.stand(f.Department)
		a.awaits, a.waited, a.transit = f.Suspended, false, nil
	case FactDossierMigrated:
		a.stand(f.Department)
	case FactDepartmentChanged:
		a.stand(f.Department)
		if f.Moved != nil && f.Moved.Handoff != nil {
			a.transit = f.Moved.Handoff
		}
	case FactHandoffSent:
		a.transit = f.Handoff
	case FactHandoffAccepted:
		a.transit = nil
	case FactHandoffReturned, FactHandoffRecalled:
		if a.transit != nil { // the state entered next says the same
			a.stand(a.transit.FromDepartment)
		}
		a.transit = nil
	case FactClockStarted, FactClockSuspended, FactClockResumed, FactClockStopped:
		a.clock(*f.Clock)
	case FactDossierSuspended:
		a.halt(f)
	case FactDossierResumed:
		a.resume(f)
	case FactDossierClosed:
		a.closed = true
	default: // the rest changes neither where it stands nor whether it waits
	}
}

func (a *attribution) stand(department string) {
	if department != "" {
		a.department = department
	}
}

// clock keeps which of the legal clocks stand still.
func (a *attribution) clock(k Clock) {
	if k.Kind != ClockStatutory && k.Kind != ClockCommitted {
		return
	}
	a.still = slices.DeleteFunc(a.still, func(id string) bool { return id == k.ID })
	if k.Open() && !k.Running() {
		a.still = append(a.still, k.ID)
	}
}

// joined lays the halts over the shares and joins neighbours that are equal.
func (a *attribution) joined() []Share {
	var out []Share
	for _, s := range a.shares {
		for _, part := range a.cut(s) {
			if n := len(out); n > 0 && out[n-1].Department == part.Department && out[n-1].Kind == part.Kind {
				out[n-1].To = part.To
				continue
			}
			out = append(out, part)
		}
	}
	return out
}

// DepartmentTime is how much of a dossier's life one department had.
type DepartmentTime struct {
	Department string `json:"department"`
	// Elapsed is all of it; the four below are its parts, by [ShareKind]. In
	// JSON they are nanoseconds.
	Elapsed   time.Duration `json:"elapsed"`
	Working   time.Duration `json:"working"`
	InTransit time.Duration `json:"in_transit"`
	Waiting   time.Duration `json:"waiting"`
	Halted    time.Duration `json:"halted"`
	// Office is the working time by the calendar within Working and InTransit:
	// what the department could have worked on it. Zero without a calendar.
	Office time.Duration `json:"office"`
}

// Totals adds up the shares of each department, in the order in which they
// first had the dossier. Without a calendar no working time is told.
func Totals(shares []Share, cal *calendar.Calendar) []DepartmentTime {
	var out []DepartmentTime
	for _, s := range shares {
		i := slices.IndexFunc(out, func(d DepartmentTime) bool { return d.Department == s.Department })
		if i < 0 {
			i, out = len(out), append(out, DepartmentTime{Department: s.Department})
		}
		out[i].add(s, cal)
	}
	return out
}

func (d *DepartmentTime) add(s Share, cal *calendar.Calendar) {
	elapsed := s.To.Sub(s.From)
	d.Elapsed += elapsed
	switch s.Kind {
	case ShareInTransit:
		d.InTransit += elapsed
	case ShareWaiting:
		d.Waiting += elapsed
	case ShareHalted:
		d.Halted += elapsed
	default:
		d.Working += elapsed
	}
	if cal != nil && (s.Kind == ShareWorking || s.Kind == ShareInTransit) {
		d.Office += cal.WorkingTime(s.From, s.To)
	}
}
