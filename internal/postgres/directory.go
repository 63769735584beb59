package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"sync"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// directories keeps, of each agency, the directory of its last known revision.
type directories struct {
	mu   sync.RWMutex
	held map[string]revised
}

type revised struct {
	*engine.Directory
	revision int64
}

func (d *directories) get(agency string, revision int64) (*engine.Directory, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	r, ok := d.held[agency]
	return r.Directory, ok && r.revision == revision
}

// put keeps a directory unless a later one is held: two that read at the same
// moment may arrive in either order.
func (d *directories) put(agency string, r revised) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.held[agency].revision < r.revision {
		d.held[agency] = r
	}
}

// directory is who works at an agency as of a revision, or of a later one if
// it has moved since; revision 0 asks for the present one. It costs a round
// trip to ask, and one where the revision is new. It is not for a transaction
// that has changed the organisation itself: what that one sees would be kept
// for others, and it may yet be rolled back. Errors: CodeAgencyUnknown,
// CodeUnavailable.
func (l *Ledger) directory(ctx context.Context, db queryer, agency string, revision int64) (*engine.Directory, error) {
	if revision == 0 {
		err := db.QueryRow(ctx, `SELECT revision FROM agencies WHERE code = $1`, agency).Scan(&revision)
		if err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return nil, coded(err, "read agency %s", agency)
		}
	}
	if d, ok := l.directories.get(agency, revision); ok {
		return d, nil
	}
	org, revision, err := readOrganisation(ctx, db, agency)
	if err != nil {
		return nil, err
	}
	d := engine.NewDirectory(org)
	l.directories.put(agency, revised{d, revision})
	return d, nil
}

// organisationSQL reads an agency as of one moment: one statement sees one
// state of the tables. What an absence of more than a year ago was for has
// long been decided.
const organisationSQL = `
SELECT a.revision, json_build_object(
	'agency', json_build_object('code', a.code, 'name', a.name, 'level', a.level, 'calendar', a.calendar, 'partners', (
		SELECT json_agg(json_build_object('as', p.called, 'agency', p.partner) ORDER BY p.place)
		FROM agency_partners p WHERE p.agency = a.code)),
	'departments', (
		SELECT json_agg(json_build_object('code', d.code, 'name', d.name, 'parent', coalesce(d.parent, ''),
			'dissolved', d.dissolved_at IS NOT NULL) ORDER BY d.place, d.code)
		FROM departments d WHERE d.agency = a.code),
	'successions', (
		SELECT json_agg(json_build_object('from', s.from_code, 'to', s.to_code, 'roles', s.roles, 'procedures', s.procedures) ORDER BY s.place)
		FROM department_successions s WHERE s.agency = a.code),
	'officers', (
		SELECT json_agg(json_build_object('id', o.id, 'name', o.name, 'email', o.email,
			'language', CASE o.language WHEN 'vi' THEN '' ELSE o.language END, 'notify', CASE o.notify_by WHEN 'email' THEN '' ELSE o.notify_by END, 'roles', (
			SELECT json_agg(json_build_object('department', r.department, 'role', r.role) ORDER BY r.department, r.role)
			FROM officer_roles r WHERE r.officer = o.id)) ORDER BY o.place, o.id)
		FROM officers o WHERE o.agency = a.code AND o.active),
	'absences', (
		SELECT json_agg(json_build_object('officer', s.officer, 'substitute', coalesce(s.substitute, ''),
			'from', s.from_day, 'to', s.to_day, 'present', s.present, 'basis', s.basis) ORDER BY s.from_day, s.officer)
		FROM absences s WHERE s.agency = a.code AND s.to_day >= current_date - 366 AND s.to_day >= s.from_day))
FROM agencies a WHERE a.code = $1`

func readOrganisation(ctx context.Context, db queryer, agency string) (engine.Organisation, int64, error) {
	var org engine.Organisation
	var revision int64
	var text []byte
	err := db.QueryRow(ctx, organisationSQL, agency).Scan(&revision, &text)
	if errors.Is(err, pgx.ErrNoRows) {
		return org, 0, engine.Errorf(engine.CodeAgencyUnknown, "no agency %q", agency)
	}
	if err == nil {
		err = json.Unmarshal(text, &org)
	}
	return org, revision, coded(err, "read agency %s", agency)
}

// queueRevision says that something of an agency's organisation has changed.
// It belongs into the transaction that changes it.
func queueRevision(b *pgx.Batch, agency string) {
	b.Queue(`UPDATE agencies SET revision = revision + 1, updated_at = now() WHERE code = $1`, agency)
}

// todaySQL is the civil day of the database's clock, as text.
const todaySQL = `to_char(clock_timestamp() AT TIME ZONE interval '7 hours', 'YYYY-MM-DD')`
