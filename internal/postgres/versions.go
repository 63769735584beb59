package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
)

// VersionRecord finds one version with its text and its place in the
// lifecycle. Errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) VersionRecord(ctx context.Context, code string, version int) (engine.VersionRecord, error) {
	list, err := records(ctx, l.pool, versionSQL+` WHERE code = $1 AND version = $2`, code, version)
	if err == nil && len(list) == 0 {
		return engine.VersionRecord{}, notFound("no version %d of procedure %s", version, code)
	}
	if err != nil {
		return engine.VersionRecord{}, coded(err, "read procedure %s version %d", code, version)
	}
	return list[0], nil
}

// VersionRecords lists versions by code and version, without their texts: those of one procedure,
// or of all when code is empty; those in one state, or in any. Without either
// it lists what was ever published. Errors: CodeNotFound for a procedure
// nobody stored, CodeUnavailable.
func (l *Ledger) VersionRecords(ctx context.Context, code string, state engine.VersionState) ([]engine.VersionRecord, error) {
	list, err := records(ctx, l.pool, listSQL+`
		WHERE ($1 = '' OR code = $1) AND CASE WHEN $2 <> '' THEN state = $2 ELSE $1 <> '' OR state IN ('published', 'retired') END
		ORDER BY code, version`, code, state)
	if err == nil && len(list) == 0 && code != "" && state == "" {
		return nil, notFound("no procedure %s", code)
	}
	return list, coded(err, "list versions")
}

const versionColumns = `code, version, name, level, field, sha256, coalesce(lower(effective)::text, ''), coalesce(upper(effective)::text, ''),
	state, authors, coalesce(approver, ''), findings, uploaded_at, published_at FROM procedure_versions`

const (
	versionSQL = `SELECT text, ` + versionColumns
	// listSQL leaves the texts where they are: a province has thousands.
	listSQL = `SELECT ''::bytea, ` + versionColumns
)

func records(ctx context.Context, db queryer, sql string, args ...any) ([]engine.VersionRecord, error) {
	rows, err := db.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanRecord)
}

func scanRecord(row pgx.CollectableRow) (engine.VersionRecord, error) {
	var v engine.VersionRecord
	var from, to string
	var findings []byte
	var published *time.Time
	err := row.Scan(&v.Text, &v.Code, &v.Version.Version, &v.Name, &v.Level, &v.Field, &v.SHA256, &from, &to,
		&v.State, &v.Authors, &v.Approver, &findings, &v.UploadedAt, &published)
	if err != nil {
		return v, err
	}
	if len(v.Text) == 0 {
		v.Text = nil
	}
	v.UploadedAt = v.UploadedAt.In(calendar.Zone())
	if published != nil {
		v.PublishedAt = published.In(calendar.Zone())
	}
	return v, errors.Join(v.Effective.From.UnmarshalText([]byte(from)), v.Effective.To.UnmarshalText([]byte(to)), json.Unmarshal(findings, &v.Findings))
}

// find locks a version and reads it; nil when nobody stored it.
func (c *control) find(ctx context.Context, code string, version int) (*engine.VersionRecord, error) {
	// NO KEY, because dossiers that refer to the version need not wait.
	list, err := records(ctx, c, versionSQL+` WHERE code = $1 AND version = $2 FOR NO KEY UPDATE`, code, version)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// days writes a range as PostgreSQL reads it. A draft may have none, or one
// that cannot be.
func days(e engine.Effective) *string {
	if e.From.IsZero() || !e.To.IsZero() && !e.To.After(e.From) {
		return nil
	}
	text := "[" + e.From.String() + ","
	if !e.To.IsZero() {
		text += e.To.String()
	}
	text += ")"
	return &text
}

func successorComment(d engine.Definition) string {
	return "version " + strconv.Itoa(d.Version) + " takes effect on " + d.Effective.From.String()
}

// wrongText is coded for texts of people: what the columns refuse of a draft
// that does not compile is the text's fault.
func wrongText(err error, format string, args ...any) error {
	if isState(err, "22000") || isState(err, "23514") || isState(err, "22P02") {
		return engine.Errorf(engine.CodeInvalid, "the definition says nothing that can be stored: its code, version or range of days is off")
	}
	return coded(err, format, args...)
}
