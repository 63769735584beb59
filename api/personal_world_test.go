package api_test

import (
	"context"
	"slices"
	"time"

	"motcua/engine"
)

// Disclose reads in full and remembers that it did. Of systems, the portal
// supplied everything.
func (w *world) Disclose(_ context.Context, r engine.Reading) (engine.Disclosed, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, known := w.cases[r.Dossier]
	switch {
	case !known || c.Agency != r.Agency:
		return engine.Disclosed{}, engine.Errorf(engine.CodeNotFound, "no such dossier %q at %q", r.Dossier, r.Agency)
	case !r.Purpose.Valid():
		return engine.Disclosed{}, engine.Errorf(engine.CodeInvalid, "no purpose")
	case r.Actor.Kind == engine.ActorSystem && r.Actor.ID != "portal":
		return engine.Disclosed{}, engine.Errorf(engine.CodeForbidden, "not the supplier")
	}
	w.read = append(w.read, r)
	d := engine.Disclosed{Case: c, Facts: slices.Clone(w.facts[r.Dossier])}
	d.Clocks = append(slices.Clone(w.stopped[r.Dossier]), c.Clocks...)
	if slices.Contains(r.Parts, engine.PartApplicant) {
		d.Applicant = w.applicant(r.Dossier)
	}
	if slices.Contains(r.Parts, engine.PartFields) {
		d.Fields = map[string]any{"child.full_name": "Trần Minh Khôi"}
	}
	return d, w.broken
}

// Readings lists what was read, the latest first.
func (w *world) Readings(_ context.Context, _, dossier string, _ int64, _ int) ([]engine.Reading, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []engine.Reading
	for i, r := range slices.Backward(w.read) {
		if r.Dossier == dossier {
			r.ID, r.Kind, r.Reader = int64(i+1), r.Actor.Kind, r.Actor.ID
			out = append(out, r)
		}
	}
	return out, nil
}

// Erase remembers what was ordered, once the engine agrees.
func (w *world) Erase(_ context.Context, e engine.Erasure, keep time.Duration) (engine.Erased, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	d, err := engine.Erase(w.rules, w.cases[e.Dossier], e, keep, w.now)
	if err != nil {
		return engine.Erased{}, err
	}
	w.cases[e.Dossier], w.erased = d.Case, append(w.erased, e)
	return engine.Erased{Dossier: e.Dossier, Seq: d.Case.Seq, At: w.now}, nil
}

// Erasable lists closed dossiers.
func (w *world) Erasable(_ context.Context, agency string, keep time.Duration, _ int) ([]string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for code, c := range w.cases {
		if c.Agency == agency && c.Closed() && c.ClosedAt.Add(keep).Before(w.now) {
			out = append(out, code)
		}
	}
	return out, nil
}
