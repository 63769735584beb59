package postgres

import (
	"context"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
)

// maxViews bounds what one officer keeps, and what one finds.
const maxViews = 200

const viewSQL = `SELECT id, name, owner, share, coalesce(department, ''), query, updated_at FROM saved_views`

func scanView(row pgx.CollectableRow) (engine.View, error) {
	var v engine.View
	err := row.Scan(&v.ID, &v.Name, &v.Owner, &v.Share, &v.Department, &v.Query, &v.UpdatedAt)
	v.UpdatedAt = v.UpdatedAt.In(calendar.Zone())
	return v, err
}

// Views lists the views an officer finds, their own and those shared with
// them, by name. Errors: CodeUnavailable.
func (l *Ledger) Views(ctx context.Context, a engine.Actor) ([]engine.View, error) {
	rows, err := l.pool.Query(ctx, viewSQL+` WHERE agency = $1 AND (owner = $2 OR share <> 'own') ORDER BY name, id`, a.Agency, a.ID)
	if err != nil {
		return nil, coded(err, "list views")
	}
	list, err := pgx.CollectRows(rows, scanView)
	list = slices.DeleteFunc(list, func(v engine.View) bool { return !v.VisibleTo(a) })
	return list[:min(len(list), maxViews)], coded(err, "list views")
}

// View finds one that the officer may see. Errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) View(ctx context.Context, a engine.Actor, id string) (engine.View, error) {
	return readView(ctx, l.pool, a, id, "")
}

func readView(ctx context.Context, db queryer, a engine.Actor, id, lock string) (engine.View, error) {
	rows, err := db.Query(ctx, viewSQL+` WHERE id = $1 AND agency = $2`+lock, id, a.Agency)
	if err != nil {
		return engine.View{}, coded(err, "read view")
	}
	v, err := pgx.CollectExactlyOneRow(rows, scanView)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && !v.VisibleTo(a) {
		return engine.View{}, notFound("no view %s", id)
	}
	return v, coded(err, "read view")
}

// PutView keeps a view: without an id a new one, or the officer's own of that
// name as it is now, so that a repetition changes nothing. Errors:
// CodeWrongRole, CodeInvalid, CodeNotFound, CodeUnavailable.
func (l *Ledger) PutView(ctx context.Context, a engine.Actor, v engine.View) (engine.View, error) {
	if err := v.Allowed(a); err != nil {
		return v, err
	}
	if v.ID != "" {
		return l.changeView(ctx, a, v)
	}
	var kept int
	if err := l.pool.QueryRow(ctx, `SELECT count(*) FROM saved_views WHERE owner = $1`, a.ID).Scan(&kept); err != nil {
		return v, coded(err, "keep view")
	}
	if kept >= maxViews {
		return v, engine.Errorf(engine.CodeNeedsUnmet, "nobody keeps more than %d views", maxViews)
	}
	err := l.pool.QueryRow(ctx, `
		INSERT INTO saved_views (agency, owner, name, share, department, query) VALUES ($1, $2, $3, $4, nullif($5, ''), $6)
		ON CONFLICT (owner, name) DO UPDATE SET share = excluded.share, department = excluded.department, query = excluded.query, updated_at = now()
		RETURNING id`, a.Agency, a.ID, v.Name, v.Share, v.Department, v.Query).Scan(&v.ID)
	if err != nil {
		return v, viewError(err)
	}
	return l.View(ctx, a, v.ID)
}

func (l *Ledger) changeView(ctx context.Context, a engine.Actor, v engine.View) (engine.View, error) {
	err := pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) error {
		if err := mayChangeView(ctx, tx, a, v.ID); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `
			UPDATE saved_views SET name = $2, share = $3, department = nullif($4, ''), query = $5, updated_at = now() WHERE id = $1`,
			v.ID, v.Name, v.Share, v.Department, v.Query)
		return err
	})
	if err != nil {
		return v, viewError(err)
	}
	return l.View(ctx, a, v.ID)
}

// DropView forgets a view. Errors: CodeNotFound, CodeWrongRole, CodeUnavailable.
func (l *Ledger) DropView(ctx context.Context, a engine.Actor, id string) error {
	return coded(pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) error {
		if err := mayChangeView(ctx, tx, a, id); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM saved_views WHERE id = $1`, id)
		return err
	}), "drop view")
}

func mayChangeView(ctx context.Context, tx pgx.Tx, a engine.Actor, id string) error {
	v, err := readView(ctx, tx, a, id, ` FOR UPDATE`)
	if err == nil && !v.ChangedBy(a) {
		err = engine.Errorf(engine.CodeWrongRole, "the view is %s's", v.Owner)
	}
	return err
}

func viewError(err error) error {
	switch {
	case isState(err, "23505"):
		return &engine.Error{Code: engine.CodeInvalid, Path: "/name", Message: "another view of yours has that name"}
	case isState(err, "23503"):
		return &engine.Error{Code: engine.CodeInvalid, Path: "/department", Message: "there is no such department"}
	}
	return coded(err, "keep view")
}
