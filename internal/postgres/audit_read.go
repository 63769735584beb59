package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/audit"
	"motcua/engine/calendar"
)

// AuditKeys lists the public keys that days were sealed with, oldest first.
// Errors: CodeUnavailable.
func (l *Ledger) AuditKeys(ctx context.Context) ([]audit.SealKey, error) {
	keys, err := auditKeys(ctx, l.pool)
	return keys, coded(err, "list audit keys")
}

// AuditDigests hands over the digests of an agency's book and of the common
// one, or of all books, by book and day, for the days from and to (zero: no
// bound). Errors: those of use, CodeUnavailable.
func (l *Ledger) AuditDigests(ctx context.Context, agency string, from, to calendar.Date, use func(audit.Digest) error) error {
	if from.IsZero() {
		from = calendar.NewDate(1, time.January, 1)
	}
	if to.IsZero() {
		to = calendar.NewDate(9999, time.December, 31)
	}
	rows, err := l.pool.Query(ctx, digestsSQL, agency, from.String(), to.String())
	if err != nil {
		return coded(err, "list audit digests")
	}
	defer rows.Close()
	for rows.Next() {
		d, err := scanDigest(rows)
		if err == nil {
			err = use(d)
		}
		if err != nil {
			return coded(err, "list audit digests")
		}
	}
	return coded(rows.Err(), "list audit digests")
}

// AuditProof proves the newest sealed head of a dossier; nil where nothing of
// it is sealed yet. Errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) AuditProof(ctx context.Context, agency, dossier string) (*audit.Proof, error) {
	var p *audit.Proof
	err := pgx.BeginTxFunc(ctx, l.pool, snapshotRead, func(tx pgx.Tx) (err error) {
		p, err = proofOf(ctx, tx, agency, dossier)
		return err
	})
	return p, coded(err, "prove %s", dossier)
}

func proofOf(ctx context.Context, tx pgx.Tx, agency, dossier string) (*audit.Proof, error) {
	p := &audit.Proof{Leaf: audit.Leaf{Kind: audit.KindDossier, Name: dossier}}
	var book *string
	var day *time.Time
	err := tx.QueryRow(ctx, `
		SELECT l.book, l.day::timestamp, coalesce(l.seq, 0), coalesce(l.digest, '') FROM dossiers d
		LEFT JOIN LATERAL (SELECT book, day, seq, digest FROM audit_leaves WHERE kind = 'dossier' AND name = d.code ORDER BY day DESC LIMIT 1) l ON true
		WHERE d.code = $1 AND d.agency = $2`, dossier, agency).Scan(&book, &day, &p.Leaf.Seq, &p.Leaf.Digest)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, notFound("no dossier %s", dossier)
	}
	if err != nil || book == nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, digestsSQL, *book, dayOf(*day).String(), dayOf(*day).String())
	if err != nil {
		return nil, err
	}
	digests, err := pgx.CollectRows(rows, scanDigest)
	if err != nil {
		return nil, err
	}
	for _, d := range digests {
		if d.Book == *book {
			p.Digest = d
		}
	}
	keys, err := auditKeys(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, k := range keys {
		if k.ID == p.Digest.Key {
			p.Key = k
		}
	}
	p.Path, err = pathOf(ctx, tx, *book, dayOf(*day), p.Leaf)
	return p, err
}

// pathOf reads the leaves of a day once, to find the way from one to the root.
func pathOf(ctx context.Context, tx pgx.Tx, book string, day calendar.Date, leaf audit.Leaf) (audit.Path, error) {
	var index, size int64
	err := tx.QueryRow(ctx, `
		SELECT count(*) FILTER (WHERE (kind, name) < ($3 COLLATE "C", $4 COLLATE "C")), count(*) FROM audit_leaves WHERE book = $1 AND day = $2::date`,
		book, day.String(), leaf.Kind, leaf.Name).Scan(&index, &size)
	if err != nil {
		return audit.Path{}, err
	}
	prover, err := audit.NewProver(index, size)
	if err != nil {
		return audit.Path{}, err
	}
	if err := eachLeaf(ctx, tx, book, day, prover.Add); err != nil {
		return audit.Path{}, err
	}
	return prover.Path()
}

// SealedFacts returns the facts of a dossier as the bytes that were sealed,
// oldest first. Errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) SealedFacts(ctx context.Context, agency, dossier string) ([]audit.SealedFact, error) {
	return collect(ctx, l, "facts", agency, dossier, `
		SELECT f.body, f.body::text, f.digest, f.recorded_at FROM facts f JOIN dossiers d ON d.id = f.dossier_id
		WHERE d.code = $1 AND d.agency = $2 ORDER BY f.seq`,
		func(row pgx.CollectableRow) (f audit.SealedFact, err error) {
			err = row.Scan(&f.Fact, &f.Sealed, &f.Digest, &f.Recorded)
			f.Recorded = f.Recorded.In(calendar.Zone())
			return f, err
		})
}

// CommandRecords returns what was asked of a dossier, by whom with which
// roles, and what became of it, in the order it was asked; without the values
// of fields, which may be personal. Errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) CommandRecords(ctx context.Context, agency, dossier string) ([]audit.CommandRecord, error) {
	return collect(ctx, l, "commands", agency, dossier, `
		SELECT c.id, c.body ->> 'event', c.body -> 'actor', c.submitted_at, c.decided_at, c.outcome FROM commands c JOIN dossiers d ON d.id = c.dossier_id
		WHERE d.code = $1 AND d.agency = $2 ORDER BY c.submitted_at, c.id`,
		func(row pgx.CollectableRow) (c audit.CommandRecord, err error) {
			var decided *time.Time
			var outcome *engine.Outcome
			err = row.Scan(&c.ID, &c.Event, &c.Actor, &c.SubmittedAt, &decided, &outcome)
			c.SubmittedAt, c.DecidedAt = c.SubmittedAt.In(calendar.Zone()), orZero(decided)
			if outcome != nil {
				c.State, c.Refusal = outcome.State, outcome.Refusal
			}
			return c, err
		})
}

// PinnedDocuments returns the texts that dossiers were decided by, as they are
// stored. Errors: CodeInternal for one that is not there, CodeUnavailable.
func (l *Ledger) PinnedDocuments(ctx context.Context, procedures []engine.ProcedureRef, calendars []engine.CalendarRef) (definitions, schedules []audit.Document, err error) {
	for _, p := range procedures {
		d := audit.Document{Code: p.Code, Version: p.Version}
		var text []byte
		err := l.pool.QueryRow(ctx, `SELECT text, sha256 FROM procedure_versions WHERE code = $1 AND version = $2`, p.Code, p.Version).Scan(&text, &d.SHA256)
		if err != nil {
			return nil, nil, coded(err, "read procedure %s version %d", p.Code, p.Version)
		}
		d.Text = string(text)
		definitions = append(definitions, d)
	}
	for _, c := range calendars {
		d := audit.Document{Code: c.Code, Version: c.Version}
		err := l.pool.QueryRow(ctx, `SELECT spec, sha256 FROM calendars WHERE code = $1 AND version = $2`, c.Code, c.Version).Scan(&d.Text, &d.SHA256)
		if err != nil {
			return nil, nil, coded(err, "read calendar %s version %d", c.Code, c.Version)
		}
		schedules = append(schedules, d)
	}
	return definitions, schedules, nil
}
