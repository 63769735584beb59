package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
)

// migrationPlan is a migration with the two machines it lies between. Preview
// and apply decide by it, so that they cannot differ.
type migrationPlan struct {
	engine.Migration
	l     *Ledger
	id    string
	actor engine.Actor
	from  *engine.Machine
	to    *engine.Machine
}

// plan reads both versions and checks what can be checked without a dossier.
func (l *Ledger) plan(ctx context.Context, db queryer, a engine.Actor, id string, m engine.Migration) (migrationPlan, error) {
	p := migrationPlan{Migration: m, l: l, id: id, actor: a}
	if err := engine.MayControl(a, engine.ActionMigrate); err != nil {
		return p, err
	}
	var err error
	if p.from, err = l.versionMachine(ctx, db, m.Code, m.From); err != nil {
		return p, err
	}
	if p.to, err = l.versionMachine(ctx, db, m.Code, m.To); err != nil {
		return p, err
	}
	if err := engine.CheckMigration(p.from, p.to, m); err != nil {
		return p, err
	}
	return p, p.bound(ctx, db)
}

// versionMachine compiles a stored version. One that does not compile can be a
// draft only.
func (l *Ledger) versionMachine(ctx context.Context, db queryer, code string, version int) (*engine.Machine, error) {
	ref := engine.ProcedureRef{Code: code, Version: version}
	var state engine.VersionState
	err := db.QueryRow(ctx, `SELECT sha256, state FROM procedure_versions WHERE code = $1 AND version = $2`, code, version).Scan(&ref.SHA256, &state)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, notFound("no version %d of procedure %s", version, code)
	case err != nil:
		return nil, err
	case state == engine.VersionDraft:
		return nil, engine.Errorf(engine.CodeNeedsUnmet, "procedure %s version %d is a draft", code, version)
	}
	return l.machine(ctx, db, ref)
}

// bound refuses a version that needs a department the agency does not have, as
// a start under it would be.
func (p migrationPlan) bound(ctx context.Context, db queryer) error {
	needed := make([]string, 0, len(p.to.States))
	for _, s := range p.to.States {
		if s.Department != "" {
			needed = append(needed, s.Department)
		}
	}
	var missing string
	err := db.QueryRow(ctx, `
		SELECT n FROM unnest($2::text[]) WITH ORDINALITY AS needed (n, place)
		WHERE NOT EXISTS (SELECT FROM departments WHERE agency = $1 AND code = n) ORDER BY place LIMIT 1`, p.actor.Agency, needed).Scan(&missing)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	return engine.Errorf(engine.CodeAgencyNotBound, "agency %s has no department %q, which version %d needs", p.actor.Agency, missing, p.To)
}

// inEffect refuses a version that dossiers may not start under yet: it may be
// previewed, not applied.
func (p migrationPlan) inEffect(ctx context.Context, db queryer, now time.Time) error {
	var state engine.VersionState
	var begun bool
	err := db.QueryRow(ctx, `
		SELECT state, coalesce(lower(effective) <= $3::date, false) FROM procedure_versions WHERE code = $1 AND version = $2`,
		p.Code, p.To, calendar.DateOf(now).String()).Scan(&state, &begun)
	switch {
	case err != nil:
		return err
	case state != engine.VersionPublished && state != engine.VersionRetired:
		return engine.Errorf(engine.CodeNeedsUnmet, "version %d is %s: dossiers are migrated to a published version", p.To, state)
	case !begun:
		return engine.Errorf(engine.CodeNeedsUnmet, "version %d is not in effect yet: dossiers are migrated once it is", p.To)
	}
	return nil
}

// concerned lists the running dossiers of the version, or the codes that were
// named. It is scoped by agency and procedure.
func (p migrationPlan) concerned() (string, []any) {
	listed := p.Dossiers
	if listed == nil {
		listed = []string{}
	}
	return `
		SELECT asked.code, d.id IS NOT NULL AS known
		FROM (
			SELECT code FROM dossiers
			WHERE cardinality($4::text[]) = 0 AND agency = $1 AND procedure_code = $2 AND procedure_version = $3 AND closed_at IS NULL
			UNION
			SELECT code COLLATE "C" FROM unnest($4::text[]) AS named (code)
		) AS asked
		LEFT JOIN dossiers d ON d.code = asked.code AND d.agency = $1 AND d.procedure_code = $2`,
		[]any{p.actor.Agency, p.Code, p.From, listed}
}

// decide is the whole of a migration for one dossier, but for the writing.
func (p migrationPlan) decide(ctx context.Context, db queryer, c concerned) (verdict, error) {
	rules, err := p.l.rules(ctx, db, c.kase, c.revision)
	if err != nil {
		return verdict{}, err
	}
	from, to := rules, rules
	from.Machine, to.Machine = rules.Org.Read(p.from), rules.Org.Read(p.to)
	cmd := c.command(p.id, engine.EventMigrate, p.Reason, p.actor)
	cmd.Fields = c.fields
	d, err := engine.Migrate(from, to, c.kase, p.Migration, cmd, c.now)
	v, err := verdictOf(to, c, d, nil, err)
	if v.outcome.Result == engine.ResultUnchanged && v.outcome.Code == "" {
		v.outcome.Message = "it runs under that version already"
	}
	return v, err
}
