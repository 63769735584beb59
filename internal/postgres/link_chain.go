package postgres

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// Chain lists the linked dossiers of a dossier of an agency as far as that
// agency, and the citizen, may see them: where each stands and until when.
// Errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) Chain(ctx context.Context, agency, dossier string) ([]engine.ChainPart, error) {
	var c engine.Case
	var id int64
	err := l.pool.QueryRow(ctx, `SELECT id, snapshot FROM dossiers WHERE code = $1 AND agency = $2`, dossier, agency).Scan(&id, &c)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, notFound("no dossier %s", dossier)
	}
	if err != nil {
		return nil, coded(err, "read links of %s", dossier)
	}
	m, err := l.machine(ctx, l.pool, c.Procedure)
	if err != nil {
		return nil, err
	}
	parts := make([]engine.ChainPart, len(c.Linked))
	for i, part := range c.Linked {
		parts[i] = link(m, c, part)
	}
	return parts, coded(l.follow(ctx, id, parts), "read links of %s", dossier)
}

// link is a linked dossier as the one it is a part of knows it.
func link(m *engine.Machine, c engine.Case, l engine.Linked) engine.ChainPart {
	p := engine.ChainPart{ID: l.ID, Link: l.Link, Procedure: l.Procedure, Dossier: l.Dossier, Outcome: l.Outcome}
	if rule, linked := m.LinkRule(l); linked {
		p.Name = rule.Name
	}
	for _, k := range c.Clocks {
		if k.ID == l.Clock {
			p.Due = k.Due
		}
	}
	return p
}

const followSQL = `
SELECT d.linked_id, d.agency, a.name, v.name, d.procedure_code, d.procedure_version, d.procedure_sha256, d.state, d.status, d.due_at, d.outcome
FROM dossiers d JOIN agencies a ON a.code = d.agency
JOIN procedure_versions v ON v.code = d.procedure_code AND v.version = d.procedure_version
WHERE d.parent_id = $1`

// followed is a part that is open, as its own row shows it.
type followed struct {
	engine.ChainPart
	ref engine.ProcedureRef
	due *time.Time
}

// follow completes the parts that are open by their own rows.
func (l *Ledger) follow(ctx context.Context, id int64, parts []engine.ChainPart) error {
	rows, err := l.pool.Query(ctx, followSQL, id)
	if err != nil {
		return err
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (f followed, err error) {
		return f, row.Scan(&f.ID, &f.Agency, &f.AgencyName, &f.ProcedureName, &f.ref.Code, &f.ref.Version, &f.ref.SHA256,
			&f.State, &f.Status, &f.due, &f.Outcome)
	})
	if err != nil {
		return err
	}
	for _, f := range list {
		m, err := l.machine(ctx, l.pool, f.ref)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(parts, func(p engine.ChainPart) bool { return p.ID == f.ID }); i >= 0 {
			f.complete(&parts[i], m)
		}
	}
	return nil
}

func (f followed) complete(p *engine.ChainPart, m *engine.Machine) {
	state, _ := m.State(f.State)
	p.Agency, p.AgencyName, p.ProcedureName = f.Agency, f.AgencyName, f.ProcedureName
	p.State, p.StateName, p.Status = f.State, state.Name, f.Status
	p.Outcome = cmp.Or(f.Outcome, p.Outcome)
	if f.due != nil {
		p.Due = orZero(f.due)
	}
}
