package postgres

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/audit"
)

// Facts returns the whole record of a dossier, oldest first. What officers wrote
// is hidden: [Ledger.Disclose] shows it. Errors:
// CodeNotFound, CodeUnavailable.
func (l *Ledger) Facts(ctx context.Context, agency, dossier string) ([]engine.StoredFact, error) {
	return collect(ctx, l, "facts", agency, dossier, `
		SELECT f.body, f.digest, `+erasedSQL+` FROM facts f JOIN dossiers d ON d.id = f.dossier_id
		WHERE d.code = $1 AND d.agency = $2 ORDER BY f.seq`,
		func(row pgx.CollectableRow) (f engine.StoredFact, err error) {
			return f, scanHidden(row, &f.Fact, &f.Digest)
		})
}

// Clocks returns every clock of a dossier, oldest first, stopped ones
// included. A dossier whose procedure has no limits has none. Errors:
// CodeNotFound, CodeUnavailable.
func (l *Ledger) Clocks(ctx context.Context, agency, dossier string) ([]engine.Clock, error) {
	return collect(ctx, l, "clocks", agency, dossier, `
		SELECT k.body, `+erasedSQL+` FROM clocks k JOIN dossiers d ON d.id = k.dossier_id
		WHERE d.code = $1 AND d.agency = $2 ORDER BY k.seq`,
		func(row pgx.CollectableRow) (k engine.Clock, err error) { return k, scanHidden(row, &k) })
}

// erasedSQL says whether the personal data of dossier d was erased.
const erasedSQL = `EXISTS (SELECT FROM dossier_keys x WHERE x.dossier_id = d.id AND x.erased_at IS NOT NULL)`

// scanHidden reads a stored body with what officers wrote hidden, and the
// columns between it and the one that says whether it was erased.
func scanHidden(row pgx.CollectableRow, body any, more ...any) error {
	var stored []byte
	var erased bool
	if err := row.Scan(append(append([]any{&stored}, more...), &erased)...); err != nil {
		return err
	}
	return json.Unmarshal(hide(stored, erased), body)
}

// collect reads the rows that belong to a dossier. When there are none, it
// finds out whether there is such a dossier.
func collect[T any](ctx context.Context, l *Ledger, what, agency, dossier, sql string, scan pgx.RowToFunc[T]) ([]T, error) {
	rows, err := l.pool.Query(ctx, sql, dossier, agency)
	if err != nil {
		return nil, coded(err, "read %s of %s", what, dossier)
	}
	list, err := pgx.CollectRows(rows, scan)
	if err != nil || len(list) > 0 {
		return list, coded(err, "read %s of %s", what, dossier)
	}
	var id int64
	err = l.pool.QueryRow(ctx, `SELECT id FROM dossiers WHERE code = $1 AND agency = $2`, dossier, agency).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, notFound("no dossier %s", dossier)
	}
	return list, coded(err, "read %s of %s", what, dossier)
}

// Verify checks a dossier's chain, what was sealed of it, and that its stored
// case is what its facts make. The error, CodeInternal, names the first row
// that was altered, removed, moved or added; [Ledger.Audit] names them all.
// Further errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) Verify(ctx context.Context, dossier string) error {
	report, err := l.Audit(ctx, audit.Scope{Dossier: dossier})
	if err != nil || report.Intact {
		return err
	}
	return engine.Errorf(engine.CodeInternal, "record of %s", report.Findings[0].In("en"))
}
