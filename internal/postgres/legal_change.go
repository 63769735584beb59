package postgres

import (
	"context"
	"slices"

	"motcua/engine"
)

// registrar is who the update tasks are started by, so that the same task is
// the same start whoever enters the change.
const registrar = "legal-register"

// ChangeDocument enters a change of a document and opens one update task for
// every procedure that rests on it, unless it is open already. Repeating it
// enters nothing and starts nothing twice; it takes up what was left when it
// broke off. Errors: CodeWrongRole, CodeNotFound, those of [Ledger.Start] for
// [engine.UpdateProcedure], CodeUnavailable.
func (l *Ledger) ChangeDocument(ctx context.Context, r engine.LegalChangeRequest) (engine.LegalChange, error) {
	if err := engine.MayControl(r.Actor, engine.ActionUpload); err != nil {
		return engine.LegalChange{}, err
	}
	_, err := l.pool.Exec(ctx, `
		INSERT INTO legal_changes (ref, by_ref, effective_from, note, agency, actor, created_at)
		SELECT ref, $2, $3::date, $4, $5, $6, clock_timestamp() FROM legal_documents WHERE ref = $1
		ON CONFLICT (ref, by_ref, effective_from) DO NOTHING`,
		r.Ref, r.ByRef, r.EffectiveFrom.String(), r.Note, r.Actor.Agency, r.Actor.ID)
	if err != nil {
		return engine.LegalChange{}, coded(err, "enter a change of %s", r.Ref)
	}
	document, change, err := l.entered(ctx, r)
	if err != nil {
		return engine.LegalChange{}, coded(err, "enter a change of %s", r.Ref)
	}
	for _, use := range latest(document.Procedures) {
		if slices.ContainsFunc(change.Tasks, func(t engine.UpdateTask) bool { return t.Procedure == use.Code }) {
			continue
		}
		if err := l.openTask(ctx, change, use); err != nil {
			return engine.LegalChange{}, coded(err, "open the update task of %s", use.Code)
		}
	}
	_, change, err = l.entered(ctx, r)
	return change.LegalChange, coded(err, "enter a change of %s", r.Ref)
}

// entered finds a document and the change of it that a request is about.
func (l *Ledger) entered(ctx context.Context, r engine.LegalChangeRequest) (engine.LegalDocument, storedChange, error) {
	documents, changes, err := l.register(ctx, r.Ref)
	if err != nil {
		return engine.LegalDocument{}, storedChange{}, err
	}
	i := slices.IndexFunc(changes, func(c storedChange) bool { return c.ByRef == r.ByRef && c.EffectiveFrom == r.EffectiveFrom })
	if len(documents) == 0 || i < 0 {
		return engine.LegalDocument{}, storedChange{}, notFound("no published procedure rests on this document")
	}
	return documents[0], changes[i], nil
}

// latest keeps of each procedure its last version, and of that one use.
func latest(uses []engine.LegalUse) []engine.LegalUse {
	var out []engine.LegalUse
	for _, u := range uses { // by code and version
		if n := len(out); n > 0 && out[n-1].Code == u.Code {
			out[n-1] = u
			continue
		}
		out = append(out, u)
	}
	return out
}

func (l *Ledger) openTask(ctx context.Context, c storedChange, use engine.LegalUse) error {
	key := sum([]byte(c.ref + "\x00" + c.ByRef + "\x00" + c.EffectiveFrom.String() + "\x00" + use.Code))
	started, err := l.Start(ctx, engine.StartRequest{
		Key: key, Digest: key, Agency: c.agency, Procedure: engine.UpdateProcedure, Channel: "direct",
		Actor:     engine.Actor{Kind: engine.ActorSystem, ID: registrar, Agency: c.agency},
		Applicant: engine.Applicant{Name: "Ban ISO"},
		Comment:   c.Note,
		Fields: map[string]any{
			"document.ref": c.ref, "document.changed_by": c.ByRef, "document.effective_from": c.EffectiveFrom.String(),
			"procedure.code": use.Code, "procedure.version": use.Version,
		},
	})
	if err != nil {
		return err
	}
	_, err = l.pool.Exec(ctx, `INSERT INTO update_tasks (change, procedure, version, dossier) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		c.id, use.Code, use.Version, started.Code)
	return err
}
