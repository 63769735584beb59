package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
)

// Overdue is derived when it is read: the very comparison of
// [engine.Clock.Overdue], on the projected columns.
const (
	overdueSQL     = `(d.due_breached OR (d.due_running AND d.due_at < now()))`
	stepOverdueSQL = `coalesce(d.step_due_at < now(), false)`
)

const recordSQL = `
SELECT d.code, d.agency, d.procedure_code, d.procedure_version, d.procedure_sha256, v.name, d.channel, d.applicant,
	` + keyOfSQL + `,
	d.status, d.state, d.department, d.role, d.holder, d.handoff_pending, d.started_at, d.accepted_at, d.entered_at,
	d.due_at, d.step_due_at, d.due_provisional, ` + overdueSQL + `, ` + stepOverdueSQL + `, d.raised, d.closed_at, d.outcome, d.seq`

// keyOfSQL are the columns of a [storedKey]. They are looked up row by row, so
// that a page of a list looks up no more than it shows.
const keyOfSQL = `(SELECT k.wrapped FROM dossier_keys k WHERE k.dossier_id = d.id),
	EXISTS (SELECT FROM dossier_keys k WHERE k.dossier_id = d.id AND k.erased_at IS NOT NULL)`

const fromSQL = `
FROM dossiers d JOIN procedure_versions v ON v.code = d.procedure_code AND v.version = d.procedure_version`

// scanned is a record before it has the names of its state, and where it
// stands in the order of lists.
type scanned struct {
	engine.Record
	sha256 string
	at     place

	applicant []byte // as stored
	key       storedKey
}

// scan reads the columns of recordSQL and any that follow them.
func (s *scanned) scan(row pgx.Row, more ...any) error {
	var accepted, due, stepDue, closed *time.Time
	r := &s.Record
	err := row.Scan(append([]any{
		&r.Code, &r.Agency, &r.Procedure, &r.Version, &s.sha256, &r.ProcedureName, &r.Channel, &s.applicant, &s.key.wrapped, &s.key.erased,
		&r.Status, &r.State, &r.Department, &r.Role, &r.Holder, &r.HandoffPending, &r.StartedAt, &accepted, &r.EnteredAt,
		&due, &stepDue, &r.DueProvisional, &r.Overdue, &r.StepOverdue, &r.Raised, &closed, &r.Outcome, &r.Seq,
	}, more...)...)
	r.StartedAt, r.EnteredAt = r.StartedAt.In(calendar.Zone()), r.EnteredAt.In(calendar.Zone())
	r.AcceptedAt, r.DueAt, r.StepDueAt, r.ClosedAt = orZero(accepted), orZero(due), orZero(stepDue), orZero(closed)
	return err
}

// named completes a record with the words of the version it is pinned to, and
// with what may be seen of the applicant without asking.
func (l *Ledger) named(ctx context.Context, s scanned) (engine.Record, error) {
	m, err := l.machine(ctx, l.pool, engine.ProcedureRef{Code: s.Procedure, Version: s.Version, SHA256: s.sha256})
	if err != nil {
		return engine.Record{}, err
	}
	s.Applicant = l.safe(s.Code, s.key).applicant(s.applicant)
	state, _ := m.State(s.State)
	s.StateName, s.PortalStatus = state.Name, state.PortalStatus
	return s.Record, nil
}

// Get reads a dossier of an agency. What is personal in it is masked, and what
// officers wrote is hidden: [Ledger.Disclose] shows it. Errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) Get(ctx context.Context, agency, dossier string) (engine.Record, engine.Case, error) {
	var s scanned
	var snapshot []byte
	row := l.pool.QueryRow(ctx, recordSQL+`, d.snapshot`+fromSQL+` WHERE d.code = $1 AND d.agency = $2`, dossier, agency)
	if err := s.scan(row, &snapshot); errors.Is(err, pgx.ErrNoRows) {
		return engine.Record{}, engine.Case{}, notFound("no dossier %s", dossier)
	} else if err != nil {
		return engine.Record{}, engine.Case{}, coded(err, "read %s", dossier)
	}
	var c engine.Case
	if err := json.Unmarshal(hide(snapshot, s.key.erased), &c); err != nil {
		return engine.Record{}, engine.Case{}, coded(err, "read %s", dossier)
	}
	r, err := l.named(ctx, s)
	return r, c, err
}
