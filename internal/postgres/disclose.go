package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
)

// Disclose reads the personal data of a dossier in full, as far as the reading
// asks for it, and records that it was read: in one transaction, so that
// nothing is shown that is not on record. A backend system reads only what it
// supplied itself. Errors: CodeNotFound, CodeForbidden (of a system that did
// not supply it), CodeInvalid (no purpose), CodeUnavailable (a key is missing).
func (l *Ledger) Disclose(ctx context.Context, r engine.Reading) (engine.Disclosed, error) {
	var out engine.Disclosed
	if !r.Purpose.Valid() || len(r.Parts) == 0 {
		return out, &engine.Error{Code: engine.CodeInvalid, Path: "/purpose", Message: "personal data is read for one of the purposes"}
	}
	err := pgx.BeginTxFunc(ctx, l.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead}, func(tx pgx.Tx) error {
		d, err := l.find(ctx, tx, r)
		if err != nil {
			return err
		}
		if out, err = d.disclose(ctx, tx, r.Parts); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO readings (dossier_id, actor_kind, actor, agency, purpose, parts, fields) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			d.id, r.Actor.Kind, r.Actor.ID, r.Actor.Agency, r.Purpose, r.Parts, append([]string{}, slices.Sorted(maps.Keys(out.Fields))...))
		return err
	})
	if err != nil { // what was read is not on record, so it is not shown
		return engine.Disclosed{}, coded(err, "read personal data of %s", r.Dossier)
	}
	return out, nil
}

// personalRow is what a dossier's row holds that may be personal.
type personalRow struct {
	id        int64
	applicant []byte
	fields    map[string]any
	snapshot  []byte
	secret    []string // ids of the fields the definition calls personal
	safe      *safe
}

func (l *Ledger) find(ctx context.Context, tx pgx.Tx, r engine.Reading) (personalRow, error) {
	var d personalRow
	var ref engine.ProcedureRef
	var key storedKey
	var supplied bool
	err := tx.QueryRow(ctx, `
		SELECT d.id, d.applicant, d.fields, d.snapshot, d.procedure_code, d.procedure_version, d.procedure_sha256, `+keyOfSQL+`,
			EXISTS (SELECT FROM facts f WHERE f.dossier_id = d.id AND f.seq = 1 AND f.actor_kind = $3 AND f.actor = $4)
		FROM dossiers d WHERE d.code = $1 AND d.agency = $2`, r.Dossier, r.Agency, r.Actor.Kind, r.Actor.ID).
		Scan(&d.id, &d.applicant, &d.fields, &d.snapshot, &ref.Code, &ref.Version, &ref.SHA256, &key.wrapped, &key.erased, &supplied)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return d, notFound("no dossier %s", r.Dossier)
	case err != nil:
		return d, err
	case r.Actor.Kind == engine.ActorSystem && !supplied:
		return d, engine.Errorf(engine.CodeForbidden, "a system reads the personal data it supplied itself")
	}
	m, err := l.machine(ctx, tx, ref)
	if err != nil {
		return d, err
	}
	d.secret, d.safe = personal(m), l.safe(r.Dossier, key)
	return d, nil
}

func (d personalRow) disclose(ctx context.Context, tx pgx.Tx, parts []string) (out engine.Disclosed, err error) {
	if slices.Contains(parts, engine.PartApplicant) {
		out.Applicant, err = d.safe.openApplicant(d.applicant)
		if errors.Is(err, errDestroyed) {
			out.Applicant, err = engine.Applicant{Name: engine.Destroyed}, nil
		}
		if err != nil {
			return out, err
		}
	}
	if slices.Contains(parts, engine.PartFields) {
		if out.Fields, err = d.secrets(); err != nil {
			return out, err
		}
	}
	if slices.Contains(parts, engine.PartComments) {
		return out, d.remarks(ctx, tx, &out)
	}
	return out, json.Unmarshal(hide(d.snapshot, d.safe.destroyed), &out.Case)
}

// secrets are the personal fields in full.
func (d personalRow) secrets() (map[string]any, error) {
	stored := maps.Clone(d.fields)
	maps.DeleteFunc(stored, func(id string, value any) bool {
		envelope, isText := value.(string)
		return !slices.Contains(d.secret, id) && !(isText && strings.HasPrefix(envelope, envelopeHead))
	})
	if d.safe.destroyed {
		for id := range stored {
			stored[id] = engine.Destroyed
		}
		return stored, nil
	}
	return d.safe.openFields(stored)
}

// remarks reads the record with what officers wrote in it.
func (d personalRow) remarks(ctx context.Context, tx pgx.Tx, out *engine.Disclosed) error {
	if err := d.reveal(d.snapshot, &out.Case); err != nil {
		return err
	}
	rows, err := tx.Query(ctx, `SELECT body, digest FROM facts WHERE dossier_id = $1 ORDER BY seq`, d.id)
	if err != nil {
		return err
	}
	out.Facts, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (f engine.StoredFact, err error) {
		var body []byte
		if err := row.Scan(&body, &f.Digest); err != nil {
			return f, err
		}
		return f, d.reveal(body, &f.Fact)
	})
	if err != nil {
		return err
	}
	rows, err = tx.Query(ctx, `SELECT body FROM clocks WHERE dossier_id = $1 ORDER BY seq`, d.id)
	if err != nil {
		return err
	}
	out.Clocks, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (k engine.Clock, err error) {
		var body []byte
		if err := row.Scan(&body); err != nil {
			return k, err
		}
		return k, d.reveal(body, &k)
	})
	return err
}

func (d personalRow) reveal(stored []byte, into any) error {
	opened, err := d.safe.reveal(stored)
	if err != nil {
		return err
	}
	return json.Unmarshal(opened, into)
}

// Readings lists who read personal data of a dossier, the latest first, from
// before one of them (0: from the latest). Errors: CodeNotFound,
// CodeUnavailable.
func (l *Ledger) Readings(ctx context.Context, agency, dossier string, before int64, limit int) ([]engine.Reading, error) {
	var id int64
	err := l.pool.QueryRow(ctx, `SELECT id FROM dossiers WHERE code = $1 AND agency = $2`, dossier, agency).Scan(&id)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, notFound("no dossier %s", dossier)
	}
	if err != nil {
		return nil, coded(err, "list readings of %s", dossier)
	}
	rows, err := l.pool.Query(ctx, `
		SELECT id, at, actor_kind, actor, purpose, parts, fields FROM readings
		WHERE dossier_id = $1 AND ($2 = 0 OR id < $2) ORDER BY id DESC LIMIT $3`, id, before, pageSize(limit))
	if err != nil {
		return nil, coded(err, "list readings of %s", dossier)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (engine.Reading, error) {
		r := engine.Reading{Agency: agency, Dossier: dossier}
		err := row.Scan(&r.ID, &r.At, &r.Kind, &r.Reader, &r.Purpose, &r.Parts, &r.Fields)
		r.At = r.At.In(calendar.Zone())
		return r, err
	})
	return list, coded(err, "list readings of %s", dossier)
}
