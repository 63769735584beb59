package postgres

import (
	"time"

	"motcua/engine"
	"motcua/engine/calendar"
)

// appointment is the appointment date (hẹn trả kết quả) as the row shows it.
// It outlives its clock: a closed dossier still says what it had promised.
type appointment struct {
	due         *time.Time
	running     bool
	breached    bool
	provisional bool
}

// appointmentAfter derives the appointment after a decision.
func appointmentAfter(before appointment, d engine.Decision) appointment {
	if k, ok := d.Case.Appointment(); ok {
		return appointmentOf(k)
	}
	after := before
	after.running = false
	for _, kind := range []engine.ClockKind{engine.ClockStatutory, engine.ClockCommitted} { // the committed one wins
		for _, k := range d.Stopped {
			if k.Kind == kind && k.Verdict != engine.VerdictSuperseded {
				after = appointmentOf(k)
			}
		}
	}
	return after
}

func appointmentOf(k engine.Clock) appointment {
	return appointment{due: moment(k.Due), running: k.Running(), breached: k.Breached, provisional: k.Provisional}
}

// moment is a time as a column that may be null.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// orZero is a column that may be null as a time, in the zone of the engine.
func orZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.In(calendar.Zone())
}

// projected lists the columns that follow from a decision, in the order of
// projection.
const projected = `status, state, department, role, holder, handoff_pending, accepted_at, entered_at,
	due_at, due_running, due_breached, due_provisional, step_due_at, raised, rank, next_at, closed_at, outcome,
	acted_at, returned_at, waiting, last_department, alarmed_at, asked_at,
	snapshot, seq, digest`

// projectedColumns is how many there are.
const projectedColumns = 27

func projection(d engine.Decision, a appointment, digest engine.Digest) []any {
	c := d.Case
	step := c.StepDue()
	return []any{
		c.Status(), c.State, c.Department, c.Role, c.Holder, c.Handoff != nil, moment(c.AcceptedAt), c.EnteredAt,
		a.due, a.running, a.breached, a.provisional, moment(step), c.Raised(), rank(c, a, step), moment(d.Next), moment(c.ClosedAt), c.Outcome,
		c.ActedAt, moment(c.ReturnedAt), c.Waiting, c.LastDepartment, moment(c.AlarmedAt()), moment(c.UnansweredSince()),
		c, c.Seq, string(digest),
	}
}

// The order of lists is one number, so that a page ends at (rank, id) and the
// next begins behind it: open dossiers by their soonest running due moment in
// microseconds, then those without one, then the closed, latest first. All
// moments of the years 1 to 9999 lie between the bounds.
const (
	rankNotDue = 4_000_000_000_000_000_000
	rankClosed = 8_000_000_000_000_000_000
)

func rank(c engine.Case, a appointment, step time.Time) int64 {
	if c.Closed() {
		return rankClosed - c.ClosedAt.UnixMicro()
	}
	soonest := int64(rankNotDue)
	if a.running {
		soonest = a.due.UnixMicro()
	}
	if !step.IsZero() {
		soonest = min(soonest, step.UnixMicro())
	}
	return soonest
}
