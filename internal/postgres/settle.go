package postgres

import (
	"context"
	"time"

	"motcua/engine"
	"motcua/engine/calendar"
)

// settled is a filter with everything looked up that it leaves to the ledger:
// the moment, what the agency's calendar makes of its durations, the
// departments below the one it names, and what its words mean.
type settled struct {
	engine.Filter
	soonBy, idleSince time.Time
	departments       []string
	search            search
	behind            *place // the cursor
	cal               *calendar.Calendar
	org               *engine.Directory
}

// settleSQL reads the moment and what a filter is judged by, at once.
const settleSQL = `
SELECT clock_timestamp(), coalesce(a.revision, 0), coalesce(c.code, ''), coalesce(c.version, 0)
FROM (VALUES ($1::text)) AS asked (code)
LEFT JOIN agencies a ON a.code = asked.code
LEFT JOIN LATERAL (
	SELECT code, version FROM calendars WHERE code = a.calendar AND state = 'published' ORDER BY version DESC LIMIT 1
) c ON true`

// settle checks a filter and looks up what it rests on. Errors: CodeForbidden,
// CodeInvalid, CodeUnavailable.
func (l *Ledger) settle(ctx context.Context, f engine.Filter) (settled, error) {
	if err := f.Check(); err != nil {
		return settled{}, err
	}
	if f.Sort == "" {
		f.Sort = engine.OrderDue
	}
	s := settled{Filter: f}
	if f.Cursor != "" {
		p, err := parseCursor(f.Cursor, f.Sort)
		if err != nil {
			return s, err
		}
		s.behind, s.At = &p, p.moment()
	}
	var now time.Time
	var revision int64
	var ref engine.CalendarRef
	if err := l.pool.QueryRow(ctx, settleSQL, f.Reach.Agency).Scan(&now, &revision, &ref.Code, &ref.Version); err != nil {
		return s, coded(err, "read agency %s", f.Reach.Agency)
	}
	if s.At.IsZero() {
		s.At = now
	}
	s.At = s.At.Truncate(time.Microsecond).In(calendar.Zone())
	if revision == 0 { // no such agency, so nothing of it either
		return s, nil
	}
	if err := s.judge(ctx, l, ref); err != nil {
		return s, err
	}
	var err error
	if s.org, err = l.directory(ctx, l.pool, f.Reach.Agency, revision); err != nil {
		return s, err
	}
	s.departments = s.org.Below(f.Department)
	s.search, err = l.searchFor(ctx, f.Reach.Agency, f.Query)
	return s, err
}

// judge finds what the durations of a filter come to.
func (s *settled) judge(ctx context.Context, l *Ledger, ref engine.CalendarRef) error {
	if ref.Code == "" {
		return engine.Errorf(engine.CodeAgencyNotBound, "the calendar of agency %s is not in the ledger", s.Reach.Agency)
	}
	cal, err := l.calendar(ctx, l.pool, ref)
	if err != nil {
		return err
	}
	s.cal, s.soonBy, s.idleSince = cal, s.SoonBy(cal, s.At), s.IdleSince(cal, s.At)
	return nil
}
