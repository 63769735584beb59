package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// PutOrganisation makes an agency what org says, as the program itself.
// Departments that org no longer names stay, because dossiers may stand in
// them; officers it no longer names stay on record but may not act, and an act
// is put on record that gives the dossiers they hold back to their departments;
// it moves none yet, see [Ledger.ResumeActs]. An officer's id belongs to one
// agency for ever, and one whose departure was recorded does not come back. Its
// absences come beside those that officers have entered, which win where both
// begin on one day. What a reorganisation dissolved stays so.
// Errors: CodeInvalid, CodeUnavailable.
func (l *Ledger) PutOrganisation(ctx context.Context, org engine.Organisation) error {
	err := pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) error {
		_, err := l.putOrganisation(ctx, tx, org, byText)
		return err
	})
	return misfit(err, org.Agency.Code)
}

// putOrganisation writes an agency and says what of it changed.
func (l *Ledger) putOrganisation(ctx context.Context, tx pgx.Tx, org engine.Organisation, by string) (engine.OrganisationChanges, error) {
	known, err := organisationBefore(ctx, tx, org)
	if err != nil {
		return engine.OrganisationChanges{}, err
	}
	b, left := &pgx.Batch{}, []string{}
	queueAgency(b, org, &left)
	if len(known.Departments) == 0 {
		queueSuccessions(b, org.Agency.Code, org.Successions, 0)
	}
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return engine.OrganisationChanges{}, err
	}
	for i, o := range org.Officers {
		if err := putOfficer(ctx, tx, org.Agency.Code, i, o); err != nil {
			return engine.OrganisationChanges{}, err
		}
	}
	b = &pgx.Batch{}
	for _, a := range org.Absences {
		queueAbsence(b, org.Agency.Code, byText, a)
	}
	b.Queue(`UPDATE agencies SET entered_by = $2 WHERE code = $1`, org.Agency.Code, by)
	queueRevision(b, org.Agency.Code)
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return engine.OrganisationChanges{}, err
	}
	if err := l.dismiss(ctx, tx, left, org.Officers); err != nil {
		return engine.OrganisationChanges{}, err
	}
	after, _, err := readOrganisation(ctx, tx, org.Agency.Code)
	if err != nil {
		return engine.OrganisationChanges{}, err
	}
	changes := engine.CompareOrganisations(known, after)
	return changes, countHeld(ctx, tx, org.Agency.Code, changes.Officers)
}

// misfit words what the database refuses of an organisation.
func misfit(err error, agency string) error {
	switch {
	case isState(err, "23503"): // a reference to nothing
		return engine.Errorf(engine.CodeInvalid, "agency %s: a department or an officer is named that is not declared", agency)
	case isState(err, "23514"): // a check
		return engine.Errorf(engine.CodeInvalid, "agency %s: an absence ends before it begins, or somebody stands in for themself", agency)
	}
	return coded(err, "store agency %s", agency)
}

// organisationBefore is what the ledger has of an agency, empty for a new one,
// unless the text contradicts what became of its departments: only a
// reorganisation dissolves one, because it moves the dossiers, and none comes
// back.
func organisationBefore(ctx context.Context, tx pgx.Tx, org engine.Organisation) (engine.Organisation, error) {
	if _, err := tx.Exec(ctx, `SELECT FROM agencies WHERE code = $1 FOR NO KEY UPDATE`, org.Agency.Code); err != nil {
		return engine.Organisation{}, err
	}
	known, _, err := readOrganisation(ctx, tx, org.Agency.Code)
	if engine.CodeOf(err) == engine.CodeAgencyUnknown {
		return engine.Organisation{}, nil
	}
	if err != nil {
		return known, err
	}
	for i, d := range org.Departments {
		at := slices.IndexFunc(known.Departments, func(k engine.Department) bool { return k.Code == d.Code })
		gone := at >= 0 && known.Departments[at].Dissolved
		path := fmt.Sprintf("/departments/%d", i)
		switch {
		case gone && !d.Dissolved:
			return known, &engine.Error{Code: engine.CodeInvalid, Path: path + "/code", Message: fmt.Sprintf("department %q was dissolved by a reorganisation and does not come back", d.Code)}
		case d.Dissolved && !gone:
			return known, &engine.Error{Code: engine.CodeInvalid, Path: path + "/dissolved", Message: fmt.Sprintf("department %q is dissolved by a reorganisation, which moves its dossiers, not by an import", d.Code)}
		}
	}
	if len(org.Successions) > 0 && !slices.EqualFunc(org.Successions, known.Successions, sameSuccession) {
		return known, &engine.Error{Code: engine.CodeInvalid, Path: "/successions", Message: "what became of dissolved departments is changed by a reorganisation only"}
	}
	return known, nil
}

func sameSuccession(a, b engine.Succession) bool {
	return a.From == b.From && a.To == b.To && slices.Equal(a.Roles, b.Roles) && slices.Equal(a.Procedures, b.Procedures)
}

// dropped is the reason on the record of every dossier of an officer whom the
// organisation's text no longer names.
const dropped = "cán bộ không còn trong danh sách của cơ quan"

// dismiss signs out those who are no longer named and lists their dossiers.
func (l *Ledger) dismiss(ctx context.Context, tx pgx.Tx, before []string, named []engine.Officer) error {
	for _, id := range before {
		if slices.ContainsFunc(named, func(o engine.Officer) bool { return o.ID == id }) {
			continue
		}
		if _, err := tx.Exec(ctx, `DELETE FROM sessions WHERE officer = $1`, id); err != nil {
			return err
		}
		if err := l.listDeparture(ctx, tx, engine.Itself, id, "", dropped); err != nil {
			return err
		}
	}
	return nil
}

// queueAgency writes the agency itself, and takes all its officers off; before
// are those who were on.
func queueAgency(b *pgx.Batch, org engine.Organisation, before *[]string) {
	a := org.Agency
	b.Queue(`
		INSERT INTO agencies (code, name, level, calendar) VALUES ($1, $2, $3, $4)
		ON CONFLICT (code) DO UPDATE SET name = excluded.name, level = excluded.level, calendar = excluded.calendar, updated_at = now()`,
		a.Code, a.Name, a.Level, a.Calendar)
	for i, d := range org.Departments {
		b.Queue(`
			INSERT INTO departments (agency, code, name, parent, place, dissolved_at) VALUES ($1, $2, $3, nullif($4, ''), $5, CASE WHEN $6 THEN now() END)
			ON CONFLICT (agency, code) DO UPDATE SET name = excluded.name, parent = excluded.parent, place = excluded.place`,
			a.Code, d.Code, d.Name, d.Parent, i, d.Dissolved)
	}
	b.Queue(`DELETE FROM agency_partners WHERE agency = $1`, a.Code)
	for i, p := range a.Partners {
		b.Queue(`INSERT INTO agency_partners (agency, called, partner, place) VALUES ($1, $2, $3, $4)`, a.Code, p.As, p.Agency, i)
	}
	b.Queue(`UPDATE officers SET active = false WHERE agency = $1 AND active RETURNING id`, a.Code).Query(func(rows pgx.Rows) (err error) {
		*before, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	b.Queue(`DELETE FROM officer_roles WHERE agency = $1`, a.Code)
}

func putOfficer(ctx context.Context, tx pgx.Tx, agency string, place int, o engine.Officer) error {
	tag, err := tx.Exec(ctx, `
		INSERT INTO officers (id, agency, name, place, email, language, notify_by)
		VALUES ($1, $2, $3, $4, $5, coalesce(nullif($6, ''), 'vi'), coalesce(nullif($7, ''), 'email'))
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, active = officers.left_at IS NULL, place = excluded.place,
			email = excluded.email, language = excluded.language, notify_by = excluded.notify_by
		WHERE officers.agency = excluded.agency`,
		o.ID, agency, o.Name, place, o.Email, o.Language, o.Notify)
	if err != nil {
		return err
	}
	if tag.RowsAffected() == 0 {
		return engine.Errorf(engine.CodeInvalid, "officer %s belongs to another agency", o.ID)
	}
	departments, roles := make([]string, len(o.Roles)), make([]string, len(o.Roles))
	for i, r := range o.Roles {
		departments[i], roles[i] = r.Department, r.Role
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO officer_roles (officer, agency, department, role)
		SELECT $1, $2, r.department, r.role FROM unnest($3::text[], $4::text[]) AS r (department, role)
		ON CONFLICT DO NOTHING`, o.ID, agency, departments, roles)
	return err
}

// Officers lists every agency with its partners, its departments and those of
// its officers who may act.
func (l *Ledger) Officers(ctx context.Context) ([]engine.Organisation, error) {
	var list []engine.Organisation
	place := map[string]int{}
	b := &pgx.Batch{}
	b.Queue(`SELECT code, name, level, calendar FROM agencies ORDER BY code`).Query(func(rows pgx.Rows) error {
		var a engine.Agency
		_, err := pgx.ForEachRow(rows, []any{&a.Code, &a.Name, &a.Level, &a.Calendar}, func() error {
			place[a.Code] = len(list)
			list = append(list, engine.Organisation{Agency: a})
			a = engine.Agency{}
			return nil
		})
		return err
	})
	b.Queue(`SELECT agency, called, partner FROM agency_partners ORDER BY agency, place`).Query(func(rows pgx.Rows) error {
		var agency string
		var p engine.Partner
		_, err := pgx.ForEachRow(rows, []any{&agency, &p.As, &p.Agency}, func() error {
			if i, ok := place[agency]; ok {
				list[i].Agency.Partners = append(list[i].Agency.Partners, p)
			}
			return nil
		})
		return err
	})
	queueAllDepartments(b, place, &list)
	queueAllSuccessions(b, place, &list)
	b.Queue(officerSQL + ` WHERE o.active GROUP BY o.id ORDER BY o.id`).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			o, agency, err := scanOfficer(rows)
			if err != nil {
				return err
			}
			if i, ok := place[agency]; ok {
				list[i].Officers = append(list[i].Officers, o)
			}
		}
		return rows.Err()
	})
	return list, coded(l.pool.SendBatch(ctx, b).Close(), "list officers")
}

// queueAllDepartments reads the departments of every agency into its place.
func queueAllDepartments(b *pgx.Batch, place map[string]int, list *[]engine.Organisation) {
	b.Queue(`SELECT agency, code, name, coalesce(parent, ''), dissolved_at IS NOT NULL FROM departments ORDER BY agency, code`).Query(func(rows pgx.Rows) error {
		var agency string
		var d engine.Department
		_, err := pgx.ForEachRow(rows, []any{&agency, &d.Code, &d.Name, &d.Parent, &d.Dissolved}, func() error {
			if i, ok := place[agency]; ok {
				(*list)[i].Departments = append((*list)[i].Departments, d)
			}
			d = engine.Department{}
			return nil
		})
		return err
	})
}

// queueAllSuccessions reads what became of dissolved departments likewise.
func queueAllSuccessions(b *pgx.Batch, place map[string]int, list *[]engine.Organisation) {
	b.Queue(`SELECT agency, from_code, to_code, roles, procedures FROM department_successions ORDER BY agency, place`).Query(func(rows pgx.Rows) error {
		for rows.Next() {
			var agency string
			var s engine.Succession
			if err := rows.Scan(&agency, &s.From, &s.To, &s.Roles, &s.Procedures); err != nil {
				return err
			}
			if i, ok := place[agency]; ok {
				(*list)[i].Successions = append((*list)[i].Successions, s)
			}
		}
		return rows.Err()
	})
}

const officerSQL = `
SELECT o.id, o.agency, o.name,
	array_agg(r.department ORDER BY r.department, r.role) FILTER (WHERE r.role IS NOT NULL),
	array_agg(r.role ORDER BY r.department, r.role) FILTER (WHERE r.role IS NOT NULL)
FROM officers o LEFT JOIN officer_roles r ON r.officer = o.id`

func scanOfficer(row pgx.Row) (o engine.Officer, agency string, err error) {
	var departments, roles []string
	err = row.Scan(&o.ID, &agency, &o.Name, &departments, &roles)
	for i := range departments {
		o.Roles = append(o.Roles, engine.RoleIn{Department: departments[i], Role: roles[i]})
	}
	return o, agency, err
}
