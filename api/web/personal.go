package web

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"motcua/api/caller"
	"motcua/engine"
)

// personal is what a dossier's page shows of personal data: masked, with a way
// to ask for it, or in full.
type personal struct {
	Applicant engine.Applicant
	Fields    []shownField
	Full      bool
	MayAsk    bool // the reader may see it in full by saying why
}

// shownField is a personal field with its value.
type shownField struct{ Name, Value string }

// record reads the facts and clocks of a dossier, with what officers wrote if
// it is disclosed; the case then holds their reasons, too.
func (s *Site) record(ctx context.Context, c *engine.Case, purpose string) ([]engine.StoredFact, []engine.Clock, *engine.Disclosed, error) {
	d, err := s.Disclose(ctx, *c, purpose)
	if err != nil {
		return nil, nil, nil, err
	}
	if d != nil {
		c.Halts, c.Proposals = d.Case.Halts, d.Case.Proposals
		return d.Facts, d.Clocks, d, nil
	}
	agency := caller.From(ctx).Actor.Agency
	facts, err := s.Dossiers.Facts(ctx, agency, c.Dossier)
	if err != nil {
		return nil, nil, nil, err
	}
	clocks, err := s.Dossiers.Clocks(ctx, agency, c.Dossier)
	return facts, clocks, nil, err
}

func personalOf(call *caller.Call, m *engine.Machine, masked engine.Applicant, d *engine.Disclosed) personal {
	if d == nil {
		return personal{Applicant: masked, MayAsk: engine.May(call.Actor, engine.VerbReadPersonal) > engine.ScopeNone}
	}
	p := personal{Applicant: d.Applicant, Full: true}
	for _, f := range m.Fields {
		if value, given := d.Fields[f.ID]; given {
			p.Fields = append(p.Fields, shownField{Name: call.Lang.Text(f.Name), Value: fmt.Sprint(value)})
		}
	}
	return p
}

// purposes are those a form offers: who works on a dossier need not ask.
func purposes() []engine.Purpose {
	return slices.DeleteFunc(engine.Purposes(), func(p engine.Purpose) bool { return p == engine.PurposeProcessing })
}

// personal shows a dossier with its personal data in full, once, for the
// purpose the form names. It is a form and no link, for it leaves a record.
func (s *Site) personal(w http.ResponseWriter, r *http.Request) error {
	if err := parse(r); err != nil {
		return err
	}
	purpose := r.PostForm.Get("purpose")
	if !engine.Purpose(purpose).Valid() {
		return &engine.Error{Code: engine.CodeInvalid, Path: "/purpose", Message: "personal data is read for one of the purposes"}
	}
	v, err := s.look(r, purpose)
	if err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, s.frame(r, v.Record.Code), dossierPage(v))
	return nil
}
