package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
)

// Personal reads personal data in full, which is recorded, and destroys it.
// Everything outside the agency is CodeNotFound.
type Personal interface {
	// Disclose reads in full what a reading asks for, once it is on record.
	// Errors: CodeForbidden for a system that did not supply the data,
	// CodeInvalid without a purpose, CodeUnavailable where a key is missing.
	Disclose(ctx context.Context, r engine.Reading) (engine.Disclosed, error)
	// Readings lists who read, the latest first, from before an id (0: all).
	Readings(ctx context.Context, agency, dossier string, before int64, limit int) ([]engine.Reading, error)
	// Erase destroys the personal data of a closed dossier that was kept for
	// long enough (keep; negative: no rule), or by an early order.
	Erase(ctx context.Context, e engine.Erasure, keep time.Duration) (engine.Erased, error)
	// Erasable lists what was kept for long enough.
	Erasable(ctx context.Context, agency string, keep time.Duration, limit int) ([]string, error)
}

// Whether the personal data in an answer is shown in full.
const (
	shownMasked = "masked"
	shownFull   = "full"
)

type readInput struct {
	Code    string `path:"code" maxLength:"64" doc:"Code of the dossier" example:"H26-261120-0001"`
	Purpose string `query:"purpose" enum:"processing,supervision,complaint,audit,data-subject" doc:"Why personal data is read in full; the reading is recorded with it. Who works on the dossier reads it without saying so"`
}

// disclose reads personal data in full, if the caller may and does: who works
// on the dossier, and the system that supplied it, always; anybody else in
// whose scope it lies, for a purpose they name. Otherwise there is nothing, and
// what is shown stays masked.
func (m *machineAPI) disclose(ctx context.Context, c engine.Case, purpose string, parts ...string) (*engine.Disclosed, error) {
	a, p := caller.From(ctx).Actor, engine.Purpose(purpose)
	own := a.Kind == engine.ActorSystem || c.WorksOn(a)
	scope := engine.May(a, engine.VerbReadPersonal)
	switch {
	case p == "" && (!own || scope == engine.ScopeNone):
		return nil, nil //nolint:nilnil // not in full: the masked reading stands
	case scope == engine.ScopeNone:
		return nil, engine.VerbReadPersonal.Refused(a)
	case p == "":
		p = engine.PurposeProcessing
	}
	if scope < engine.ScopeAgency && !own {
		within, err := m.Reaches.Within(ctx, engine.ReachOf(a, scope), c.Dossier)
		if err != nil {
			return nil, err
		}
		if !within {
			return nil, engine.VerbReadPersonal.Refused(a)
		}
	}
	d, err := m.Personal.Disclose(ctx, engine.Reading{Actor: a, Agency: a.Agency, Dossier: c.Dossier, Purpose: p, Parts: parts})
	if purpose == "" && engine.CodeOf(err) == engine.CodeForbidden { // a system that supplied something else
		return nil, nil //nolint:nilnil // as above
	}
	if err != nil {
		return nil, err
	}
	return &d, nil
}

// PersonalView is the personal data of a dossier in full.
type PersonalView struct {
	Code      string           `json:"code"`
	Applicant engine.Applicant `json:"applicant"`
	Fields    map[string]any   `json:"fields" doc:"The fields the procedure calls personal"`
	Comments  []Remark         `json:"comments" doc:"What was written, oldest first"`
}

// Remark is what somebody wrote into the record.
type Remark struct {
	Seq     int64     `json:"seq" doc:"Of the fact it is in"`
	At      time.Time `json:"at"`
	Actor   string    `json:"actor"`
	Comment string    `json:"comment"`
}

type personalOutput struct{ Body PersonalView }

type readingsInput struct {
	Code   string `path:"code" maxLength:"64" doc:"Code of the dossier" example:"H26-261120-0001"`
	Before int64  `query:"before" minimum:"0" doc:"Go on from before this id"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type readingsOutput struct {
	Body struct {
		Code     string           `json:"code"`
		Readings []engine.Reading `json:"readings" doc:"The latest first"`
	}
}

// ErasureBody orders an erasure.
type ErasureBody struct {
	Basis string `json:"basis" validate:"required,max=500,plain" doc:"The rule or decision it rests on; it goes on record, so it names nobody"`
	Early bool   `json:"early,omitempty" doc:"By an order, before the time of retention is over"`
}

type erasureInput struct {
	Code string `path:"code" maxLength:"64" doc:"Code of the dossier" example:"H26-261120-0001"`
	Body ErasureBody
}

type erasureOutput struct{ Body engine.Erased }

type erasableInput struct {
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type erasableOutput struct {
	Body struct {
		Dossiers []string `json:"dossiers" doc:"The longest closed first"`
	}
}

func (m *machineAPI) registerPersonal(a huma.API) {
	register(a, operation{
		id: "read-personal-data", method: http.MethodGet, path: "/api/v1/dossiers/{code}/personal-data",
		verb: engine.VerbReadPersonal, tag: "personal data", summary: "Read the personal data of a dossier in full, on record",
	}, m.readPersonal)
	register(a, operation{
		id: "list-readings", method: http.MethodGet, path: "/api/v1/dossiers/{code}/readings",
		verb: engine.VerbReadReadings, tag: "personal data", summary: "List who read the personal data of a dossier, and why",
	}, m.readings)
	register(a, operation{
		id: "erase-personal-data", method: http.MethodPost, path: "/api/v1/dossiers/{code}/erasure", status: http.StatusOK,
		verb: engine.VerbErasePersonal, tag: "personal data", summary: "Destroy the personal data of a closed dossier",
	}, m.erase)
	register(a, operation{
		id: "list-erasable", method: http.MethodGet, path: "/api/v1/erasures/due",
		verb: engine.VerbErasePersonal, tag: "personal data", summary: "List closed dossiers whose time of retention is over",
	}, m.erasable)
}

func (m *machineAPI) readPersonal(ctx context.Context, in *readInput) (*personalOutput, error) {
	_, c, err := m.Dossiers.Get(ctx, caller.From(ctx).Actor.Agency, in.Code)
	if err != nil {
		return nil, err
	}
	d, err := m.disclose(ctx, c, in.Purpose, engine.PartApplicant, engine.PartFields, engine.PartComments)
	if err != nil {
		return nil, err
	}
	if d == nil {
		return nil, &engine.Error{Code: engine.CodeInvalid, Path: "/purpose", Message: "whoever does not work on the dossier says for which purpose they read"}
	}
	view := PersonalView{Code: in.Code, Applicant: d.Applicant, Fields: d.Fields, Comments: []Remark{}}
	if view.Fields == nil {
		view.Fields = map[string]any{}
	}
	for _, f := range d.Facts {
		if f.Comment != "" {
			view.Comments = append(view.Comments, Remark{Seq: f.Seq, At: f.At, Actor: f.Actor, Comment: f.Comment})
		}
	}
	return &personalOutput{Body: view}, nil
}

func (m *machineAPI) readings(ctx context.Context, in *readingsInput) (*readingsOutput, error) {
	list, err := m.Personal.Readings(ctx, caller.From(ctx).Actor.Agency, in.Code, in.Before, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &readingsOutput{}
	out.Body.Code, out.Body.Readings = in.Code, append([]engine.Reading{}, list...)
	return out, nil
}

func (m *machineAPI) erase(ctx context.Context, in *erasureInput) (*erasureOutput, error) {
	erased, err := m.Personal.Erase(ctx, engine.Erasure{
		ID: caller.RandomID(), Dossier: in.Code, Actor: caller.From(ctx).Actor, Basis: in.Body.Basis, Early: in.Body.Early,
	}, m.Keep)
	if err != nil {
		return nil, err
	}
	return &erasureOutput{Body: erased}, nil
}

func (m *machineAPI) erasable(ctx context.Context, in *erasableInput) (*erasableOutput, error) {
	out := &erasableOutput{}
	out.Body.Dossiers = []string{}
	if m.Keep < 0 { // no rule: nothing is ever over
		return out, nil
	}
	list, err := m.Personal.Erasable(ctx, caller.From(ctx).Actor.Agency, m.Keep, in.Limit)
	out.Body.Dossiers = append(out.Body.Dossiers, list...)
	return out, err
}
