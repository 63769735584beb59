package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
)

// Rules returns the machine and calendar a case is pinned to, and who works at
// its agency now. A text that does not have the pinned SHA-256 is CodeInternal:
// it is never executed.
func (l *Ledger) Rules(ctx context.Context, c engine.Case) (engine.Rules, error) {
	return l.rules(ctx, l.pool, c, 0)
}

// rules are those of a case, with its agency as of a revision that was read
// already; 0 asks for it.
func (l *Ledger) rules(ctx context.Context, db queryer, c engine.Case, revision int64) (engine.Rules, error) {
	m, err := l.machine(ctx, db, c.Procedure)
	if err != nil {
		return engine.Rules{}, err
	}
	cal, err := l.calendar(ctx, db, c.Calendar)
	if err != nil {
		return engine.Rules{}, err
	}
	org, err := l.directory(ctx, db, c.Agency, revision)
	if err != nil {
		return engine.Rules{}, err
	}
	return engine.Rules{Machine: org.Read(m), Cal: cal, Org: org}, nil
}

func (l *Ledger) machine(ctx context.Context, db queryer, ref engine.ProcedureRef) (*engine.Machine, error) {
	if m, ok := l.machines.get(ref.SHA256); ok {
		return m, nil
	}
	var text []byte
	err := db.QueryRow(ctx, `SELECT text FROM procedure_versions WHERE code = $1 AND version = $2`, ref.Code, ref.Version).Scan(&text)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, engine.Errorf(engine.CodeInternal, "procedure %s version %d is not in the ledger", ref.Code, ref.Version)
	}
	if err != nil {
		return nil, coded(err, "read procedure %s version %d", ref.Code, ref.Version)
	}
	if sum(text) != ref.SHA256 {
		return nil, engine.Errorf(engine.CodeInternal, "the text of procedure %s version %d is not the one that was published", ref.Code, ref.Version)
	}
	m, err := l.compile(text)
	if err != nil {
		return nil, coded(err, "compile procedure %s version %d", ref.Code, ref.Version)
	}
	if m.Ref() != ref {
		return nil, engine.Errorf(engine.CodeInternal, "the text of procedure %s version %d says %s version %d", ref.Code, ref.Version, m.Code, m.Version)
	}
	l.machines.put(ref.SHA256, m)
	return m, nil
}

func (l *Ledger) calendar(ctx context.Context, db queryer, ref engine.CalendarRef) (*calendar.Calendar, error) {
	if c, ok := l.calendars.get(ref); ok {
		return c, nil
	}
	var text, digest string
	err := db.QueryRow(ctx, `SELECT spec, sha256 FROM calendars WHERE code = $1 AND version = $2`, ref.Code, ref.Version).Scan(&text, &digest)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, engine.Errorf(engine.CodeInternal, "calendar %s version %d is not in the ledger", ref.Code, ref.Version)
	}
	if err != nil {
		return nil, coded(err, "read calendar %s version %d", ref.Code, ref.Version)
	}
	if sum([]byte(text)) != digest {
		return nil, engine.Errorf(engine.CodeInternal, "the text of calendar %s version %d was altered", ref.Code, ref.Version)
	}
	var spec calendar.Spec
	if err := json.Unmarshal([]byte(text), &spec); err != nil {
		return nil, coded(err, "read calendar %s version %d", ref.Code, ref.Version)
	}
	c, err := calendar.New(spec)
	if err != nil {
		return nil, coded(err, "read calendar %s version %d", ref.Code, ref.Version)
	}
	l.calendars.put(ref, c)
	return c, nil
}

// sum is the SHA-256 of a text in lower-case hex.
func sum(text []byte) string {
	digest := sha256.Sum256(text)
	return hex.EncodeToString(digest[:])
}
