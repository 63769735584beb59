package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
)

// Calendars lists the published version of every calendar that new dossiers
// start under, by code. Errors: CodeUnavailable.
func (l *Ledger) Calendars(ctx context.Context) ([]engine.CalendarRecord, error) {
	list, err := calendarVersions(ctx, l.pool, calendarSQL+`
		WHERE state = 'published' AND NOT EXISTS (
			SELECT FROM calendars later WHERE later.code = calendars.code AND later.version > calendars.version AND later.state = 'published')
		ORDER BY code`)
	return recordsOf(list), coded(err, "list calendars")
}

// CalendarRecords lists every version of a calendar, published or not, oldest
// first. Errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) CalendarRecords(ctx context.Context, code string) ([]engine.CalendarRecord, error) {
	list, err := calendarVersions(ctx, l.pool, calendarSQL+` WHERE code = $1 ORDER BY version`, code)
	if err == nil && len(list) == 0 {
		return nil, notFound("no calendar %s", code)
	}
	return recordsOf(list), coded(err, "list versions of calendar %s", code)
}

// calendarVersion is a version as it is stored: complete, and as it was
// uploaded, without what it has of its base.
type calendarVersion struct {
	engine.CalendarRecord
	own calendar.Spec
}

func recordsOf(list []calendarVersion) []engine.CalendarRecord {
	out := make([]engine.CalendarRecord, len(list))
	for i, v := range list {
		out[i] = v.CalendarRecord
	}
	return out
}

const calendarSQL = `
SELECT spec, own, sha256, state, authors, coalesce(approver, ''), comment, uploaded_at, published_at, coalesce(act, '') FROM calendars`

func calendarVersions(ctx context.Context, db queryer, sql string, args ...any) ([]calendarVersion, error) {
	rows, err := db.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanCalendar)
}

func scanCalendar(row pgx.CollectableRow) (calendarVersion, error) {
	var v calendarVersion
	var spec, own []byte
	var published *time.Time
	err := row.Scan(&spec, &own, &v.SHA256, &v.State, &v.Authors, &v.Approver, &v.Comment, &v.UploadedAt, &published, &v.Act)
	if err != nil {
		return v, err
	}
	v.UploadedAt, v.PublishedAt = v.UploadedAt.In(calendar.Zone()), orZero(published)
	if err := json.Unmarshal(spec, &v.Spec); err != nil {
		return v, err
	}
	return v, json.Unmarshal(own, &v.own)
}

// oneCalendar finds a version; nil when nobody stored it.
func oneCalendar(ctx context.Context, db queryer, code string, version int) (*calendarVersion, error) {
	list, err := calendarVersions(ctx, db, calendarSQL+` WHERE code = $1 AND version = $2`, code, version)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// standing is what is published of a calendar and of its base.
func standing(ctx context.Context, db queryer, spec calendar.Spec) (engine.CalendarStanding, error) {
	var s engine.CalendarStanding
	err := db.QueryRow(ctx, `
		SELECT coalesce(max(version) FILTER (WHERE code = $1), 0), coalesce(max(version) FILTER (WHERE code = $2), 0)
		FROM calendars WHERE code IN ($1, $2) AND state = 'published'`, spec.Code, spec.Base).Scan(&s.Published, &s.Base)
	return s, err
}
