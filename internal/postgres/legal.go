package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
)

// index enters what a version rests on into the register of legal documents.
func (c *control) index(ctx context.Context, d engine.Definition) error {
	b := &pgx.Batch{}
	bases, roles := d.LegalBases()
	for i, basis := range bases {
		b.Queue(`
			INSERT INTO legal_documents (ref, title) VALUES ($1, $2)
			ON CONFLICT (ref) DO UPDATE SET title = excluded.title WHERE excluded.title <> ''`, basis.Ref, basis.Cites)
		b.Queue(`INSERT INTO legal_bases (ref, code, version, role, articles) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
			basis.Ref, d.Code, d.Version, roles[i], basis.Articles)
	}
	return c.SendBatch(ctx, b).Close()
}

// useSQL selects the versions that are or will be in effect and rest on a document.
const useSQL = `
SELECT b.ref, b.code, b.version, v.name, b.role, b.articles
FROM legal_bases b JOIN procedure_versions v USING (code, version)
WHERE ($1 = '' OR b.ref = $1) AND v.state = 'published'
	AND (upper_inf(v.effective) OR upper(v.effective) > (clock_timestamp() AT TIME ZONE interval '7 hours')::date)
ORDER BY b.ref, b.code, b.version, b.role`

const changeSQL = `
SELECT c.id, c.ref, c.by_ref, c.effective_from::text, c.note, c.agency, c.actor, c.created_at
FROM legal_changes c WHERE ($1 = '' OR c.ref = $1) ORDER BY c.ref, c.effective_from, c.id`

const taskSQL = `
SELECT t.change, t.procedure, t.version, t.dossier, d.closed_at IS NOT NULL
FROM update_tasks t JOIN legal_changes c ON c.id = t.change JOIN dossiers d ON d.code = t.dossier
WHERE ($1 = '' OR c.ref = $1) ORDER BY t.change, t.procedure`

// storedChange is a change with what the register keeps beside it.
type storedChange struct {
	engine.LegalChange
	id          int64
	ref, agency string
}

// LegalDocuments is the register: every document that published procedures
// rest on, by its ref, with those procedures, its changes and the update tasks.
func (l *Ledger) LegalDocuments(ctx context.Context) ([]engine.LegalDocument, error) {
	list, _, err := l.register(ctx, "")
	return list, coded(err, "list legal documents")
}

// register reads one document, or all when ref is empty, at one moment.
func (l *Ledger) register(ctx context.Context, ref string) (list []engine.LegalDocument, changes []storedChange, err error) {
	err = pgx.BeginTxFunc(ctx, l.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		if list, err = collectRows(ctx, tx, `SELECT ref, title FROM legal_documents WHERE $1 = '' OR ref = $1 ORDER BY ref`, ref, scanDocument); err != nil {
			return err
		}
		place := make(map[string]int, len(list))
		for i, d := range list {
			place[d.Ref] = i
		}
		uses, err := collectRows(ctx, tx, useSQL, ref, scanUse)
		if err != nil {
			return err
		}
		for _, u := range uses {
			d := &list[place[u.ref]]
			d.Procedures = append(d.Procedures, u.LegalUse)
		}
		if changes, err = readChanges(ctx, tx, ref); err != nil {
			return err
		}
		for _, c := range changes {
			d := &list[place[c.ref]]
			d.Changes = append(d.Changes, c.LegalChange)
		}
		return nil
	})
	return list, changes, err
}

func readChanges(ctx context.Context, db queryer, ref string) ([]storedChange, error) {
	changes, err := collectRows(ctx, db, changeSQL, ref, scanChange)
	if err != nil {
		return nil, err
	}
	tasks, err := collectRows(ctx, db, taskSQL, ref, scanTask)
	if err != nil {
		return nil, err
	}
	for _, t := range tasks {
		for i := range changes {
			if changes[i].id == t.change {
				changes[i].Tasks = append(changes[i].Tasks, t.UpdateTask)
			}
		}
	}
	return changes, nil
}

func collectRows[T any](ctx context.Context, db queryer, sql, ref string, scan pgx.RowToFunc[T]) ([]T, error) {
	rows, err := db.Query(ctx, sql, ref)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scan)
}

func scanDocument(row pgx.CollectableRow) (engine.LegalDocument, error) {
	d := engine.LegalDocument{Procedures: []engine.LegalUse{}}
	return d, row.Scan(&d.Ref, &d.Title)
}

// storedUse is a use with the document it is of.
type storedUse struct {
	engine.LegalUse
	ref string
}

func scanUse(row pgx.CollectableRow) (u storedUse, err error) {
	return u, row.Scan(&u.ref, &u.Code, &u.Version, &u.Name, &u.Role, &u.Articles)
}

func scanChange(row pgx.CollectableRow) (storedChange, error) {
	c := storedChange{LegalChange: engine.LegalChange{Tasks: []engine.UpdateTask{}}}
	var from string
	err := row.Scan(&c.id, &c.ref, &c.ByRef, &from, &c.Note, &c.agency, &c.Actor, &c.At)
	c.At = c.At.In(calendar.Zone()).Truncate(time.Microsecond)
	return c, errors.Join(err, c.EffectiveFrom.UnmarshalText([]byte(from)))
}

// storedTask is a task with the change it is of.
type storedTask struct {
	engine.UpdateTask
	change int64
}

func scanTask(row pgx.CollectableRow) (t storedTask, err error) {
	return t, row.Scan(&t.change, &t.Procedure, &t.Version, &t.Dossier, &t.Closed)
}
