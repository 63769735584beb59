package postgres

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// reorganisationDeed moves dossiers to the departments that have their work now.
type reorganisationDeed struct {
	reorganisation
	act
	l *Ledger
	// after is the organisation that a preview decides by; otherwise it is that
	// of the ledger.
	after *engine.Directory
}

// concerned are the open dossiers that a dissolved department has to do with:
// those that stand there, wait there for anything or were sent from there, and
// those whose signature or endorsement is its own.
func (r reorganisationDeed) concerned() (string, []any) {
	return `
		SELECT d.code, true AS known FROM dossiers d
		WHERE d.agency = $1 AND d.closed_at IS NULL AND cardinality($2::text[]) > 0 AND (
			d.department = ANY ($2)
			OR EXISTS (SELECT FROM clocks k WHERE k.dossier_id = d.id AND k.kind = 'consultation' AND k.stopped_at IS NULL AND k.department = ANY ($2))
			OR EXISTS (SELECT FROM handoffs h WHERE h.dossier_id = d.id AND h.answer IS NULL AND h.from_department = ANY ($2))
			OR EXISTS (SELECT FROM jsonb_array_elements(d.snapshot -> 'signatures') s WHERE s ->> 'department' = ANY ($2))
			OR EXISTS (SELECT FROM jsonb_array_elements(d.snapshot -> 'proposals') p WHERE p -> 'approval' ->> 'department' = ANY ($2)))`,
		[]any{r.agency, append([]string{}, r.Dissolved...)}
}

// decide is the whole of a reorganisation for one dossier, but for the writing.
func (r reorganisationDeed) decide(ctx context.Context, db queryer, c concerned) (verdict, error) {
	rules, err := r.l.rules(ctx, db, c.kase, c.revision)
	if err != nil {
		return verdict{}, err
	}
	if r.after != nil {
		rules.Machine, rules.Org = r.after.Read(rules.Machine), r.after
	}
	d, err := engine.Reorganise(rules, c.kase, c.command(r.id, engine.EventReorganise, r.reason, r.actor), c.now)
	v, err := verdictOf(rules, c, d, nil, err)
	if v.outcome.Result == engine.ResultChanged && d.Case.Department != c.kase.Department && !d.Case.Closed() {
		v.outcome.Message = c.kase.Department + " → " + d.Case.Department
	}
	return v, err
}

// queueMoved lets the rows beside a dossier's own follow a reorganisation: who
// has to answer what, by which lists are made.
func queueMoved(b *pgx.Batch, id int64, f engine.Fact) {
	if f.To != "" {
		b.Queue(`UPDATE clocks SET department = $3 WHERE dossier_id = $1 AND stopped_at IS NULL AND department = $2 AND kind IN ('step', 'handoff')`, id, f.From, f.To)
		b.Queue(`UPDATE handoffs SET to_department = $3 WHERE dossier_id = $1 AND answer IS NULL AND to_department = $2`, id, f.From, f.To)
	}
	if f.Moved == nil {
		return
	}
	if h := f.Moved.Handoff; h != nil {
		b.Queue(`UPDATE handoffs SET from_department = $2 WHERE dossier_id = $1 AND answer IS NULL`, id, h.FromDepartment)
	}
	for _, round := range f.Moved.Consulted {
		for _, o := range round.Opinions {
			b.Queue(`UPDATE clocks SET department = $3 WHERE dossier_id = $1 AND id = $2 AND stopped_at IS NULL`, id, o.Clock, o.Department)
		}
	}
}

// relistReorganisations lists what a reorganisation left out: dossiers that
// were being moved to a department while it was dissolved.
func (l *Ledger) relistReorganisations(ctx context.Context) error {
	_, err := l.pool.Exec(ctx, `
		WITH listed AS (
			INSERT INTO act_results (act_id, dossier)
			SELECT u.dissolved_by, d.code FROM departments u
			JOIN dossiers d ON d.agency = u.agency AND d.department = u.code AND d.closed_at IS NULL
			WHERE u.dissolved_by IS NOT NULL
			ON CONFLICT (act_id, dossier) DO UPDATE SET result = 'pending', decided_at = NULL WHERE act_results.result IN ('changed', 'unchanged')
			RETURNING act_id
		)
		UPDATE acts SET finished_at = NULL WHERE finished_at IS NOT NULL AND id IN (SELECT act_id FROM listed)`)
	return coded(err, "look for dossiers of dissolved departments")
}

// digestOf is the digest of what an act asks.
func digestOf(body any) string {
	text, _ := json.Marshal(body) // what was stored as JSON before
	return sum(text)
}
