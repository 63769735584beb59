package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// reorganisation is what the act of one asks of each dossier.
type reorganisation struct {
	engine.Reorganisation
	// Dissolved are the departments whose dossiers move.
	Dissolved []string `json:"dissolved"`
}

// PreviewReorganisation says what a reorganisation would make of the actor's
// agency, and what it would do now with each dossier it concerns, and changes
// nothing. The cursor is the last dossier of the page before. Errors: those of
// [engine.MayReorganise] and [engine.Organisation.Reorganised],
// CodeAgencyUnknown, CodeUnavailable.
func (l *Ledger) PreviewReorganisation(ctx context.Context, a engine.Actor, r engine.Reorganisation, cursor string, limit int) (engine.OrganisationChanges, engine.ActPage, error) {
	if err := engine.MayReorganise(a); err != nil {
		return engine.OrganisationChanges{}, engine.ActPage{}, err
	}
	before, _, err := readOrganisation(ctx, l.pool, a.Agency)
	if err != nil {
		return engine.OrganisationChanges{}, engine.ActPage{}, err
	}
	after, dissolved, err := before.Reorganised(r)
	if err != nil {
		return engine.OrganisationChanges{}, engine.ActPage{}, err
	}
	d := reorganisationDeed{
		reorganisation: reorganisation{r, dissolved}, act: act{agency: a.Agency, reason: r.Reason, actor: a}, l: l, after: engine.NewDirectory(after),
	}
	page, err := l.previewAct(ctx, d, cursor, pageSize(limit))
	return engine.CompareOrganisations(before, after), page, coded(err, "preview the reorganisation of %s", a.Agency)
}

// Reorganise changes the departments of the actor's agency, with the roles of
// its officers, and puts the act on record that moves the open dossiers; it
// moves none yet, see [Ledger.RunAct]. Whoever meets a dossier before the act
// does finds it moved all the same. The key is the id of the act: the same key
// is the same reorganisation. Errors: those of [Ledger.PreviewReorganisation],
// CodeIdempotencyConflict.
func (l *Ledger) Reorganise(ctx context.Context, a engine.Actor, key string, r engine.Reorganisation) (engine.OrganisationChanges, engine.ActRecord, error) {
	if err := engine.MayReorganise(a); err != nil {
		return engine.OrganisationChanges{}, engine.ActRecord{}, err
	}
	if key == "" {
		key = random(16)
	}
	changes := engine.CompareOrganisations(engine.Organisation{}, engine.Organisation{})
	err := pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) (err error) {
		if _, err := alone(ctx, tx, key); err != nil {
			return err
		}
		known, err := l.reorganisedBefore(ctx, tx, a, key, r)
		if err == nil && !known {
			changes, err = l.reorganise(ctx, tx, a, key, r)
		}
		return err
	})
	if err != nil {
		return changes, engine.ActRecord{}, coded(err, "reorganise %s", a.Agency)
	}
	record, err := l.Act(ctx, a.Agency, key)
	return changes, record, err
}

// reorganisedBefore says whether the request was carried out under its key.
func (l *Ledger) reorganisedBefore(ctx context.Context, tx pgx.Tx, a engine.Actor, key string, r engine.Reorganisation) (bool, error) {
	s, _, err := findAct(ctx, tx, key)
	if engine.CodeOf(err) == engine.CodeNotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if s.kind != engine.ActReorganisation || s.agency != a.Agency {
		return false, engine.Errorf(engine.CodeIdempotencyConflict, "the key was used for another request")
	}
	d, err := readDeed(s, func(o reorganisation) (deed, error) { return reorganisationDeed{reorganisation: o}, nil })
	if err != nil {
		return false, err
	}
	asked := d.(reorganisationDeed).reorganisation //nolint:forcetypeassert // made above
	asked.Reorganisation = r
	return true, sameAct(ctx, tx, s.act, digestOf(asked))
}

// reorganise writes the organisation anew and lists the dossiers.
func (l *Ledger) reorganise(ctx context.Context, tx pgx.Tx, a engine.Actor, key string, r engine.Reorganisation) (engine.OrganisationChanges, error) {
	if _, err := tx.Exec(ctx, `SELECT FROM agencies WHERE code = $1 FOR NO KEY UPDATE`, a.Agency); err != nil {
		return engine.OrganisationChanges{}, err
	}
	before, _, err := readOrganisation(ctx, tx, a.Agency)
	if err != nil {
		return engine.OrganisationChanges{}, err
	}
	after, dissolved, err := before.Reorganised(r)
	if err != nil {
		return engine.OrganisationChanges{}, err
	}
	changes := engine.CompareOrganisations(before, after)
	asked := reorganisation{r, dissolved}
	request := act{id: key, kind: engine.ActReorganisation, agency: a.Agency, subject: a.Agency, body: asked, reason: r.Reason, actor: a}
	if err := listAct(ctx, tx, request, reorganisationDeed{reorganisation: asked, act: request}); err != nil {
		return changes, err
	}
	b := &pgx.Batch{}
	queueReorganised(b, key, a, after, changes)
	return changes, tx.SendBatch(ctx, b).Close()
}

// queueReorganised writes what a reorganisation made of an organisation.
func queueReorganised(b *pgx.Batch, key string, a engine.Actor, after engine.Organisation, changes engine.OrganisationChanges) {
	for i, d := range after.Departments {
		b.Queue(`
			INSERT INTO departments (agency, code, name, parent, place) VALUES ($1, $2, $3, nullif($4, ''), $5)
			ON CONFLICT (agency, code) DO UPDATE SET name = excluded.name, parent = excluded.parent, place = excluded.place`,
			a.Agency, d.Code, d.Name, d.Parent, i)
	}
	for _, d := range changes.Departments {
		if d.Change == engine.ChangeDissolved {
			b.Queue(`UPDATE departments SET dissolved_at = clock_timestamp(), dissolved_by = $3 WHERE agency = $1 AND code = $2`, a.Agency, d.Code, key)
		}
	}
	queueSuccessions(b, a.Agency, after.Successions, len(after.Successions)-len(changes.Successions))
	for _, o := range changes.Officers {
		for _, r := range o.Lost {
			b.Queue(`DELETE FROM officer_roles WHERE officer = $1 AND agency = $2 AND department = $3 AND role = $4`, o.ID, a.Agency, r.Department, r.Role)
		}
		for _, r := range o.Gained {
			b.Queue(`INSERT INTO officer_roles (officer, agency, department, role) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, o.ID, a.Agency, r.Department, r.Role)
		}
	}
	b.Queue(`UPDATE agencies SET entered_by = $2 WHERE code = $1`, a.Agency, a.ID)
	queueRevision(b, a.Agency)
}

// queueSuccessions writes those from a place on.
func queueSuccessions(b *pgx.Batch, agency string, all []engine.Succession, from int) {
	for i, s := range all[from:] {
		b.Queue(`INSERT INTO department_successions (agency, place, from_code, to_code, roles, procedures) VALUES ($1, $2, $3, $4, $5, $6)`,
			agency, from+i, s.From, s.To, append([]string{}, s.Roles...), append([]string{}, s.Procedures...))
	}
}
