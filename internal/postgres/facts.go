package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// Facts returns the whole record of a dossier, oldest first. Errors:
// CodeNotFound, CodeUnavailable.
func (l *Ledger) Facts(ctx context.Context, agency, dossier string) ([]engine.StoredFact, error) {
	return collect(ctx, l, "facts", agency, dossier, `
		SELECT f.body, f.digest FROM facts f JOIN dossiers d ON d.id = f.dossier_id
		WHERE d.code = $1 AND d.agency = $2 ORDER BY f.seq`,
		func(row pgx.CollectableRow) (f engine.StoredFact, err error) {
			return f, row.Scan(&f.Fact, &f.Digest)
		})
}

// Clocks returns every clock of a dossier, oldest first, stopped ones
// included. A dossier whose procedure has no limits has none. Errors:
// CodeNotFound, CodeUnavailable.
func (l *Ledger) Clocks(ctx context.Context, agency, dossier string) ([]engine.Clock, error) {
	return collect(ctx, l, "clocks", agency, dossier, `
		SELECT k.body FROM clocks k JOIN dossiers d ON d.id = k.dossier_id
		WHERE d.code = $1 AND d.agency = $2 ORDER BY k.seq`,
		func(row pgx.CollectableRow) (k engine.Clock, err error) { return k, row.Scan(&k) })
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

// Verify recomputes a dossier's chain from the stored bytes and folds its
// facts. The error, CodeInternal, names the first row that was altered,
// removed or added, or says that the stored case is not what the facts make.
// A whole record replaced by another consistent one is beyond a chain: that
// takes a digest kept elsewhere. Further errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) Verify(ctx context.Context, dossier string) error {
	return coded(pgx.BeginTxFunc(ctx, l.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		return verify(ctx, tx, dossier)
	}), "verify %s", dossier)
}

// storedRow is a fact as it is stored: the sealed bytes and the columns beside them.
type storedRow struct {
	seq       int64
	kind      string
	at        time.Time
	actorKind string
	actor     string
	command   string
	body      string
	digest    engine.Digest
}

func verify(ctx context.Context, db queryer, dossier string) error {
	var id int64
	var stored engine.Case
	var head engine.Digest
	err := db.QueryRow(ctx, `SELECT id, snapshot, digest FROM dossiers WHERE code = $1`, dossier).Scan(&id, &stored, &head)
	if errors.Is(err, pgx.ErrNoRows) {
		return notFound("no dossier %s", dossier)
	}
	if err != nil {
		return err
	}
	rows, err := db.Query(ctx, `
		SELECT seq, kind, at, actor_kind, actor, command_id, body::text, digest
		FROM facts WHERE dossier_id = $1 ORDER BY seq`, id)
	if err != nil {
		return err
	}
	list, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (f storedRow, err error) {
		return f, r.Scan(&f.seq, &f.kind, &f.at, &f.actorKind, &f.actor, &f.command, &f.body, &f.digest)
	})
	if err != nil {
		return err
	}
	folded, link, err := rechain(dossier, list)
	if err != nil {
		return err
	}
	if link != head {
		return broken(dossier, folded.Seq, "is not the last: facts were removed or added")
	}
	if stored.Model != engine.CaseModel { // of an earlier program; the next change makes it anew
		return nil
	}
	return sameCase(dossier, folded, stored)
}

// rechain links the stored bytes anew and folds what they say.
func rechain(dossier string, list []storedRow) (engine.Case, engine.Digest, error) {
	var c engine.Case
	var link engine.Digest
	for i, f := range list {
		seq := int64(i + 1)
		if f.seq != seq {
			return c, link, broken(dossier, seq, "is missing")
		}
		if link = engine.Link(link, dossier, []byte(f.body)); link != f.digest {
			return c, link, broken(dossier, seq, "was altered, or a fact before it was")
		}
		var fact engine.Fact
		if err := json.Unmarshal([]byte(f.body), &fact); err != nil {
			return c, link, broken(dossier, seq, "cannot be read")
		}
		if !f.says(fact) {
			return c, link, broken(dossier, seq, "has columns that contradict its body")
		}
		c = engine.Evolve(c, fact)
	}
	return c, link, nil
}

// says holds the columns, which queries trust, against the sealed body.
func (f storedRow) says(fact engine.Fact) bool {
	return fact.Seq == f.seq && string(fact.Kind) == f.kind && fact.At.Equal(f.at) &&
		string(fact.ActorKind) == f.actorKind && fact.Actor == f.actor && fact.Command == f.command
}

func broken(dossier string, seq int64, what string) error {
	return engine.Errorf(engine.CodeInternal, "record of %s: fact %d %s", dossier, seq, what)
}

// sameCase compares by text: what the two cases say, not how their moments are held.
func sameCase(dossier string, folded, stored engine.Case) error {
	want, err := json.Marshal(folded)
	if err != nil {
		return err
	}
	have, err := json.Marshal(stored)
	if err != nil {
		return err
	}
	if string(want) != string(have) {
		return engine.Errorf(engine.CodeInternal, "record of %s: the stored case is not what its facts make", dossier)
	}
	return nil
}
