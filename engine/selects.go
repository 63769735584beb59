package engine

import (
	"slices"
	"time"

	"motcua/engine/calendar"
)

// Selects says whether a filter selects a dossier, all but its Query, which
// rests on what no case holds: what a filter means, in the engine's words.
// Whoever keeps dossiers in tables asks the tables instead, and is held to
// this. The record is asked only for what a closed dossier had been.
func (f Filter) Selects(c Case, r Record, org *Directory, cal *calendar.Calendar) bool {
	due := c.soonestDue()
	return f.Reach.reaches(c) && f.is(c) &&
		(f.List == "" || !c.Closed() && f.lists(f.List, c, cal)) &&
		(f.Department == "" || slices.Contains(org.Below(f.Department), c.LastDepartment)) &&
		(f.Overdue == nil || *f.Overdue == (c.overdueAt(f.At) || c.Closed() && r.Overdue)) &&
		(f.Due.IsZero() || !due.IsZero() && f.Due.Holds(due)) && f.Started.Holds(c.StartedAt) && f.Entered.Holds(c.EnteredAt) &&
		(f.Closed.IsZero() || c.Closed() && f.Closed.Holds(c.ClosedAt))
}

// reaches says whether a dossier is within reach of a list.
func (r Reach) reaches(c Case) bool {
	return r.Agency == c.Agency &&
		(r.Everything || slices.Contains(r.Departments, c.LastDepartment) || r.Officer != "" && r.Officer == c.Holder)
}

// is holds what has to be equal against the case.
func (f Filter) is(c Case) bool {
	if f.Holder == HolderNobody && (c.Closed() || c.Holder != "") {
		return false
	}
	for _, equal := range [][2]string{
		{f.Status, c.Status()}, {f.Procedure, c.Procedure.Code}, {f.Channel, c.Channel}, {f.State, c.State},
	} {
		if equal[0] != "" && equal[0] != equal[1] {
			return false
		}
	}
	return f.Holder == "" || f.Holder == HolderNobody || f.Holder == c.Holder
}

// lists says of an open dossier whether a list has it.
func (f Filter) lists(list List, c Case, cal *calendar.Calendar) bool {
	switch list {
	case ListOverdue:
		return c.overdueAt(f.At)
	case ListDueSoon:
		due := c.soonestDue()
		return !c.overdueAt(f.At) && !due.IsZero() && due.Before(f.SoonBy(cal, f.At))
	case ListStuck:
		return c.Status() == StatusRunning && c.ActedAt.Before(f.IdleSince(cal, f.At))
	case ListUnaccepted:
		return c.Handoff != nil
	case ListUnacknowledged:
		return !c.AlarmedAt().IsZero()
	case ListUnanswered:
		return !c.UnansweredSince().IsZero()
	case ListWaiting:
		return c.Waiting
	case ListReturned:
		return !c.ReturnedAt.IsZero()
	}
	return false
}

// soonestDue is when the dossier or its present step is due, whichever comes
// first; zero where nothing of it runs.
func (c Case) soonestDue() time.Time {
	due := c.StepDue()
	if k, ok := c.Appointment(); ok && k.Running() {
		due = soonest(due, k.Due)
	}
	return due
}

// overdueAt says whether the dossier or its present step is overdue at a moment.
func (c Case) overdueAt(at time.Time) bool {
	if k, ok := c.Appointment(); ok && k.Breached {
		return true
	}
	due := c.soonestDue()
	return !c.Closed() && !due.IsZero() && due.Before(at)
}
