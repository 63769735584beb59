package engine

import (
	"slices"
	"time"

	"motcua/engine/calendar"
)

// Tally counts open dossiers: all that pass a filter, or those of one
// department or procedure among them.
type Tally struct {
	Open      int          `json:"open"`
	Running   int          `json:"running"`
	Suspended int          `json:"suspended"`
	DueToday  int          `json:"due_today" doc:"Not overdue, and due before the day is over"`
	Lists     map[List]int `json:"lists" doc:"By list: what the list of that name lists"`
	Ageing    Ageing       `json:"ageing"`
}

// Ageing is how late the overdue dossiers are, by the working days since the
// day their soonest due moment fell on: neither that day nor what the office
// was closed counts. Together they are all that are overdue.
type Ageing struct {
	Under1 int `json:"under_1" doc:"Due today, or since then no working day has begun"`
	From1  int `json:"from_1" doc:"One working day to less than three"`
	From3  int `json:"from_3" doc:"Three to less than seven"`
	From7  int `json:"from_7" doc:"Seven or more"`
	// Standing are those that were overdue when their clock stopped: they grow
	// no older while it stands still.
	Standing int `json:"standing" doc:"Were overdue when their clock stopped, and grow no older meanwhile"`
}

// Sum is how many are overdue.
func (a Ageing) Sum() int { return a.Under1 + a.From1 + a.From3 + a.From7 + a.Standing }

// AgeingDays are the bounds between the ages, in working days.
var AgeingDays = [3]int64{1, 3, 7}

// AgeingSince are the moments before which something was due that is as late
// as each of [AgeingDays].
func AgeingSince(cal *calendar.Calendar, now time.Time) [3]time.Time {
	var out [3]time.Time
	for i, days := range AgeingDays {
		day := closed(cal.Sub(now, calendar.Duration{Value: days, Unit: calendar.WorkingDay}))
		out[i] = day.AddDays(1).Midnight()
	}
	return out
}

// Add adds another tally to it.
func (t *Tally) Add(o Tally) {
	t.Open, t.Running, t.Suspended, t.DueToday = t.Open+o.Open, t.Running+o.Running, t.Suspended+o.Suspended, t.DueToday+o.DueToday
	if t.Lists == nil {
		t.Lists = make(map[List]int, len(Lists()))
	}
	for _, l := range Lists() {
		t.Lists[l] += o.Lists[l]
	}
	a, b := &t.Ageing, o.Ageing
	a.Under1, a.From1, a.From3, a.From7, a.Standing = a.Under1+b.Under1, a.From1+b.From1, a.From3+b.From3, a.From7+b.From7, a.Standing+b.Standing
}

// DepartmentTally is that of a department with those below it.
type DepartmentTally struct {
	Department string `json:"department"`
	Tally
}

// ProcedureTally is that of a procedure.
type ProcedureTally struct {
	Procedure string `json:"procedure"`
	Name      Text   `json:"name" doc:"Of its latest version"`
	Tally
}

// Board is what supervisors watch.
type Board struct {
	At          time.Time         `json:"at" doc:"The moment it was judged at"`
	Total       Tally             `json:"total"`
	Departments []DepartmentTally `json:"departments" doc:"In the order of the organisation, each with those below it"`
	Procedures  []ProcedureTally  `json:"procedures" doc:"Those with open dossiers, the most overdue first"`
}

// Workload is what an officer has on their desk.
type Workload struct {
	Officer  string `json:"officer"`
	Name     string `json:"name"`
	Held     int    `json:"held"`
	Overdue  int    `json:"overdue"`
	DueToday int    `json:"due_today"`
	Stuck    int    `json:"stuck"`
	Done     int    `json:"done_last_7_days" doc:"Steps taken in the last seven days, of whatever dossier"`
}

// DonePeriod is how far back [Workload].Done looks.
const DonePeriod = 7 * 24 * time.Hour

// Desks are the officers whose workload somebody with a reach may see: those
// who work in the departments within it and, where departments are asked for,
// in one of them.
func (d *Directory) Desks(r Reach, departments []string) []Officer {
	var out []Officer
	for _, o := range d.org.Officers {
		within := func(p RoleIn) bool {
			return !office(p.Role) && (r.Everything || slices.Contains(r.Departments, p.Department)) &&
				(len(departments) == 0 || slices.Contains(departments, p.Department))
		}
		if slices.ContainsFunc(o.Roles, within) || o.ID == r.Officer && len(departments) == 0 && !r.Everything {
			out = append(out, o)
		}
	}
	return out
}

// Summed brings the tallies of single departments into the order of the
// organisation, each with those below it. Departments outside the reach are
// left out unless something within it stands there.
func (d *Directory) Summed(r Reach, single map[string]Tally) []DepartmentTally {
	out := []DepartmentTally{}
	for _, u := range d.org.Departments {
		sum := DepartmentTally{Department: u.Code}
		_, here := single[u.Code]
		if !here && !r.Everything && !slices.Contains(r.Departments, u.Code) {
			continue
		}
		for _, code := range d.Below(u.Code) {
			sum.Add(single[code])
		}
		out = append(out, sum)
	}
	return out
}
