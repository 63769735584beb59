package postgres

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
)

// Versions lists the published versions by code and version, without their texts.
func (l *Ledger) Versions(ctx context.Context) ([]engine.Version, error) {
	rows, err := l.pool.Query(ctx, versionSQL+` ORDER BY code, version`)
	if err != nil {
		return nil, coded(err, "list procedures")
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (engine.Version, error) { return scanVersion(row) })
	return list, coded(err, "list procedures")
}

// Version finds one version with its text. Errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) Version(ctx context.Context, code string, version int) (engine.Version, error) {
	var text []byte
	v, err := scanVersion(l.pool.QueryRow(ctx, versionSQL+` WHERE code = $1 AND version = $2`, code, version))
	if errors.Is(err, pgx.ErrNoRows) {
		return engine.Version{}, notFound("no version %d of procedure %s", version, code)
	}
	if err == nil {
		err = l.pool.QueryRow(ctx, `SELECT text FROM procedure_versions WHERE code = $1 AND version = $2`, code, version).Scan(&text)
	}
	v.Text = text
	return v, coded(err, "read procedure %s version %d", code, version)
}

const versionSQL = `
SELECT code, version, name, level, field, sha256, lower(effective)::text, coalesce(upper(effective)::text, '')
FROM procedure_versions`

func scanVersion(row pgx.Row) (engine.Version, error) {
	var v engine.Version
	var from, to string
	if err := row.Scan(&v.Code, &v.Version, &v.Name, &v.Level, &v.Field, &v.SHA256, &from, &to); err != nil {
		return v, err
	}
	return v, errors.Join(v.Effective.From.UnmarshalText([]byte(from)), v.Effective.To.UnmarshalText([]byte(to)))
}

// PutVersion publishes a version with its exact text. The same text again
// changes nothing; another text under the same code and version is refused,
// and so is a version in effect on a day on which another one is. A version
// without an end is given one by its successor's first day. Errors:
// CodeInvalid, CodeUnavailable.
func (l *Ledger) PutVersion(ctx context.Context, m *engine.Machine, text []byte) error {
	if sum(text) != m.SHA256 {
		return engine.Errorf(engine.CodeInvalid, "procedure %s version %d was not compiled from this text", m.Code, m.Version)
	}
	err := pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) error {
		var stored string
		// Publishing is rare: one at a time, so that two successors do not both end the same version.
		if _, err := tx.Exec(ctx, `LOCK TABLE procedure_versions IN SHARE ROW EXCLUSIVE MODE`); err != nil {
			return err
		}
		err := tx.QueryRow(ctx, `SELECT sha256 FROM procedure_versions WHERE code = $1 AND version = $2`, m.Code, m.Version).Scan(&stored)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return insertVersion(ctx, tx, m, text)
		case err == nil && stored != m.SHA256:
			return engine.Errorf(engine.CodeInvalid, "procedure %s version %d is published with another text: give the new one a new version", m.Code, m.Version)
		}
		return err
	})
	if isState(err, "23P01") { // the exclusion constraint
		return &engine.Error{
			Code: engine.CodeInvalid, Path: "/effective",
			Message: "another version of procedure " + m.Code + " is in effect in the same time",
		}
	}
	return coded(err, "publish procedure %s version %d", m.Code, m.Version)
}

func insertVersion(ctx context.Context, tx pgx.Tx, m *engine.Machine, text []byte) error {
	var to *string
	if !m.Effective.To.IsZero() {
		end := m.Effective.To.String()
		to = &end
	}
	schedule := m.Calendar
	if schedule == "" {
		schedule = "agency"
	}
	if _, err := tx.Exec(ctx, `
		UPDATE procedure_versions SET effective = daterange(lower(effective), $2::date)
		WHERE code = $1 AND upper_inf(effective) AND lower(effective) < $2::date`, m.Code, m.Effective.From.String()); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO procedure_versions (code, version, text, sha256, name, level, field, calendar, effective)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, daterange($9::date, $10::date))`,
		m.Code, m.Version, text, m.SHA256, m.Name, m.Level, m.Field, schedule, m.Effective.From.String(), to)
	return err
}

// PutCalendar stores a version of a calendar. The same again changes nothing;
// another content under the same code and version is refused, because dossiers
// are pinned to it. Errors: CodeInvalid, CodeUnavailable.
func (l *Ledger) PutCalendar(ctx context.Context, spec calendar.Spec) error {
	c, err := calendar.New(spec)
	if err != nil {
		return engine.Errorf(engine.CodeInvalid, "%v", err)
	}
	text, err := json.Marshal(c.Spec()) // in order, so that equal calendars have equal texts
	if err != nil {
		return coded(err, "store calendar %s", c.Code())
	}
	if _, err := l.pool.Exec(ctx, `INSERT INTO calendars (code, version, spec, sha256) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		c.Code(), c.Version(), string(text), sum(text)); err != nil {
		return coded(err, "store calendar %s", c.Code())
	}
	var stored string
	if err := l.pool.QueryRow(ctx, `SELECT sha256 FROM calendars WHERE code = $1 AND version = $2`, c.Code(), c.Version()).Scan(&stored); err != nil {
		return coded(err, "store calendar %s", c.Code())
	}
	if stored != sum(text) {
		return engine.Errorf(engine.CodeInvalid, "calendar %s version %d is stored with another content: give the new one a new version", c.Code(), c.Version())
	}
	return nil
}
