package postgres

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
)

// Impact counts the running dossiers of an agency by the version and the state
// they are in. Every version that was ever published is listed, also one that
// nothing runs under. Errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) Impact(ctx context.Context, agency, code string) (engine.Impact, error) {
	out, err := l.impact(ctx, agency, code)
	return out, coded(err, "impact of procedure %s", code)
}

func (l *Ledger) impact(ctx context.Context, agency, code string) (engine.Impact, error) {
	out := engine.Impact{Code: code, Versions: []engine.VersionImpact{}}
	records, err := l.VersionRecords(ctx, code, "")
	if err != nil {
		return out, err
	}
	records = slices.DeleteFunc(records, func(v engine.VersionRecord) bool { return v.PublishedAt.IsZero() })
	today, err := l.today(ctx)
	if err != nil {
		return out, err
	}
	for _, v := range records {
		if v.Effective.Covers(today) {
			out.InEffect = v.Version.Version
		}
		out.Versions = append(out.Versions, engine.VersionImpact{
			Version: v.Version.Version, State: v.State, Effective: v.Effective, States: []engine.StateImpact{},
		})
	}
	return out, l.countRunning(ctx, agency, records, &out)
}

func (l *Ledger) today(ctx context.Context) (calendar.Date, error) {
	var day calendar.Date
	var text string
	if err := l.pool.QueryRow(ctx, `SELECT (clock_timestamp() AT TIME ZONE interval '7 hours')::date::text`).Scan(&text); err != nil {
		return day, err
	}
	return day, day.UnmarshalText([]byte(text))
}

func (l *Ledger) countRunning(ctx context.Context, agency string, records []engine.VersionRecord, out *engine.Impact) error {
	rows, err := l.pool.Query(ctx, `
		SELECT d.procedure_version, d.state, count(*), count(*) FILTER (WHERE `+overdueSQL+`), count(*) FILTER (WHERE `+stepOverdueSQL+`)
		FROM dossiers d WHERE d.agency = $1 AND d.procedure_code = $2 AND d.closed_at IS NULL
		GROUP BY d.procedure_version, d.state ORDER BY d.procedure_version, count(*) DESC, d.state`, agency, out.Code)
	if err != nil {
		return err
	}
	var version int
	var s engine.StateImpact
	_, err = pgx.ForEachRow(rows, []any{&version, &s.State, &s.Dossiers, &s.Overdue, &s.StepOverdue}, func() error {
		for i := range out.Versions {
			if v := &out.Versions[i]; v.Version == version {
				v.Dossiers += s.Dossiers
				v.Overdue += s.Overdue
				v.States = append(v.States, s)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, v := range out.Versions {
		if err := l.nameStates(ctx, records[i], v.States); err != nil {
			return err
		}
	}
	return nil
}

// nameStates completes states with the words of their version.
func (l *Ledger) nameStates(ctx context.Context, v engine.VersionRecord, states []engine.StateImpact) error {
	if len(states) == 0 {
		return nil
	}
	m, err := l.machine(ctx, l.pool, engine.ProcedureRef{Code: v.Code, Version: v.Version.Version, SHA256: v.SHA256})
	if err != nil {
		return err
	}
	for i := range states {
		state, _ := m.State(states[i].State)
		states[i].Name = state.Name
	}
	return nil
}
