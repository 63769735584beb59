package postgres

import (
	"context"

	"motcua/engine"
)

// withinSQL holds a dossier against a reach: it stands in one of the
// departments, has stood there or asks their opinion, or the officer holds it,
// has acted on it or was told of it.
const withinSQL = `
SELECT EXISTS (
	SELECT FROM dossiers d
	WHERE d.code = $1 AND d.agency = $2 AND (
		$3 OR d.department = ANY ($4) OR d.holder = $5
		OR EXISTS (SELECT FROM facts f WHERE f.dossier_id = d.id AND (
			f.kind IN ('state-entered', 'department-changed') AND f.body ->> 'department' = ANY ($4) OR f.actor_kind = 'officer' AND f.actor = $5))
		OR EXISTS (SELECT FROM clocks k WHERE k.dossier_id = d.id AND k.department = ANY ($4))
		OR EXISTS (SELECT FROM notifications n WHERE n.dossier_id = d.id AND n.officer = $5)
	)
)`

// Within says whether a dossier is within an officer's reach. One of another
// agency, or none at all, is not. Errors: CodeUnavailable.
func (l *Ledger) Within(ctx context.Context, r engine.Reach, dossier string) (bool, error) {
	departments := r.Departments
	if departments == nil {
		departments = []string{} // equal to any of none is false, to any of null is unknown
	}
	var within bool
	err := l.pool.QueryRow(ctx, withinSQL, dossier, r.Agency, r.Everything, departments, r.Officer).Scan(&within)
	return within, coded(err, "look whether %s is within reach", dossier)
}
