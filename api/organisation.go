package api

import (
	"context"
	"errors"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/api/problem"
	"motcua/definitions"
	"motcua/definitions/draft"
	"motcua/engine"
)

// Organisations reads and changes what an agency is: its departments, who
// works there, and what became of departments that were dissolved. Errors:
// those of [engine.MayReorganise] and [engine.Organisation.Reorganised],
// CodeInvalid, CodeAgencyUnknown, CodeIdempotencyConflict, CodeUnavailable.
type Organisations interface {
	// Organisation is an agency as it is now.
	Organisation(ctx context.Context, agency string) (engine.Organisation, error)
	// ImportOrganisation makes the actor's agency what org says and tells what
	// changed; as a preview, it changes nothing.
	ImportOrganisation(ctx context.Context, a engine.Actor, org engine.Organisation, preview bool) (engine.OrganisationChanges, error)
	// PreviewReorganisation says what a reorganisation would do now, and does nothing.
	PreviewReorganisation(ctx context.Context, a engine.Actor, r engine.Reorganisation, cursor string, limit int) (engine.OrganisationChanges, engine.ActPage, error)
	// Reorganise changes the departments and puts the act on record that moves
	// the dossiers; it moves none yet. The same key is the same reorganisation.
	Reorganise(ctx context.Context, a engine.Actor, key string, r engine.Reorganisation) (engine.OrganisationChanges, engine.ActRecord, error)
}

type organisationInput struct {
	Format string `query:"format" enum:"json,yaml" doc:"By default what Accept asks for, else JSON; yaml is what an import takes"`
	Accept string `header:"Accept" hidden:"true"`
}

type organisationImportInput struct {
	Preview     bool   `query:"preview" doc:"Say what would change, and change nothing"`
	ContentType string `header:"Content-Type" hidden:"true"`
	RawBody     []byte `contentType:"application/yaml" doc:"The organisation of the caller's agency, whole"`
}

type organisationImportOutput struct {
	Body OrganisationImport
}

// OrganisationImport is what an import changes, or would.
type OrganisationImport struct {
	engine.OrganisationChanges

	Preview bool `json:"preview,omitempty" doc:"Nothing was changed"`
}

// ReorganisationBody asks for a reorganisation or, first, for its preview.
type ReorganisationBody struct {
	Reason  string                    `json:"reason" validate:"required,max=4000,plain" doc:"The decision it rests on; goes on the record of every dossier moved"`
	Changes []engine.DepartmentChange `json:"changes" validate:"min=1,max=50,dive" doc:"In order; each is one of merge, split, rename and move"`
	Preview bool                      `json:"preview,omitempty" doc:"Say what would happen, and change nothing"`
	Cursor  string                    `json:"cursor,omitempty" validate:"max=64,plain" doc:"With preview: next of the page before"`
	Limit   int                       `json:"limit,omitempty" minimum:"1" maximum:"500" doc:"With preview: at most so many outcomes on a page; by default 50"`
}

// Resolve applies the rules of content.
func (b *ReorganisationBody) Resolve(huma.Context) []error { return check(b) }

type reorganiseInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" doc:"A repetition under the same key is the same reorganisation"`
	Body ReorganisationBody
}

// ReorganisationView is what a reorganisation makes of the organisation, and
// the act that carries it to the dossiers.
type ReorganisationView struct {
	Organisation engine.OrganisationChanges `json:"organisation"`
	Act          engine.ActRecord           `json:"act"`
}

// ReorganisationPreview is what a reorganisation would make of the
// organisation, and what it would do with each dossier.
type ReorganisationPreview struct {
	Organisation engine.OrganisationChanges `json:"organisation"`
	Dossiers     engine.ActPage             `json:"dossiers"`
}

type reorganiseOutput struct {
	Status   int
	Location string `header:"Location"`
	Body     any    // a ReorganisationPreview, else a ReorganisationView
}

const (
	organisationPath    = "/api/v1/organisation"
	reorganisationsPath = organisationPath + "/reorganisations"
)

func (m *machineAPI) registerOrganisation(a huma.API) {
	one := operation{
		id: "get-organisation", method: http.MethodGet, path: organisationPath,
		verb: engine.VerbReadOrganisation, tag: "organisation", summary: "Read the agency: departments, officers, absences, successions of departments",
	}
	register(a, one, m.organisation)
	schemas := a.OpenAPI().Components.Schemas
	responses(a, one)["200"].Content = map[string]*huma.MediaType{
		mediaJSON: {Schema: schemas.Schema(reflect.TypeFor[engine.Organisation](), true, "Organisation")},
		mediaYAML: {Schema: &huma.Schema{Type: huma.TypeString}},
	}
	register(a, operation{
		id: "import-organisation", method: http.MethodPut, path: organisationPath,
		verb: engine.VerbChangeOrganisation, tag: "organisation", summary: "Make the agency what a text says, or preview it",
	}, m.importOrganisation)
	reorganise := operation{
		id: "reorganise", method: http.MethodPost, path: reorganisationsPath, status: http.StatusAccepted,
		verb: engine.VerbChangeOrganisation, tag: "organisation", summary: "Merge, split, rename or move departments with their dossiers, or preview it",
	}
	register(a, reorganise, m.reorganise)
	answers := responses(a, reorganise)
	accepted, preview := *answers["202"], *answers["202"]
	accepted.Description = "The departments have changed; the dossiers follow by themselves; Location says where the progress is"
	accepted.Content = map[string]*huma.MediaType{mediaJSON: {Schema: schemas.Schema(reflect.TypeFor[ReorganisationView](), true, "ReorganisationView")}}
	preview.Description = "What would happen"
	preview.Content = map[string]*huma.MediaType{mediaJSON: {Schema: schemas.Schema(reflect.TypeFor[ReorganisationPreview](), true, "ReorganisationPreview")}}
	answers["202"], answers["200"] = &accepted, &preview
}

func (m *machineAPI) organisation(ctx context.Context, in *organisationInput) (*versionOutput, error) {
	org, err := m.Organisations.Organisation(ctx, caller.From(ctx).Actor.Agency)
	if err != nil {
		return nil, err
	}
	if format(&versionInput{Format: in.Format, Accept: in.Accept}) == "yaml" {
		return &versionOutput{ContentType: mediaYAML + "; charset=utf-8", Body: draft.WriteOrganisation(org)}, nil
	}
	return &versionOutput{ContentType: mediaJSON, Body: org}, nil
}

func (m *machineAPI) importOrganisation(ctx context.Context, in *organisationImportInput) (*organisationImportOutput, error) {
	if !yaml(in.ContentType) {
		return nil, engine.Errorf(problem.CodeMediaType, "send the organisation as %s", mediaYAML)
	}
	org, findings := definitions.ReadOrganisation("", in.RawBody)
	if org == nil {
		return nil, ofOrganisation(ctx, findings)
	}
	changes, err := m.Organisations.ImportOrganisation(ctx, caller.From(ctx).Actor, *org, in.Preview)
	var said *engine.Error
	if errors.As(err, &said) && said.Code == engine.CodeInvalid && said.Path != "" {
		return nil, ofOrganisation(ctx, definitions.PlaceInOrganisation("", in.RawBody, said))
	}
	if err != nil {
		return nil, err
	}
	if !in.Preview { // who has left leaves dossiers behind
		m.runner.run(ctx, "acts", m.Acts.ResumeActs)
	}
	return &organisationImportOutput{Body: OrganisationImport{OrganisationChanges: changes, Preview: in.Preview}}, nil
}

func ofOrganisation(ctx context.Context, findings engine.Findings) error {
	p := problem.OfFindings(ctx, findings)
	p.Detail = "the organisation is not valid"
	return p
}

func (m *machineAPI) reorganise(ctx context.Context, in *reorganiseInput) (*reorganiseOutput, error) {
	actor, asked := caller.From(ctx).Actor, engine.Reorganisation{Reason: in.Body.Reason, Changes: in.Body.Changes}
	if in.Body.Preview {
		changes, page, err := m.Organisations.PreviewReorganisation(ctx, actor, asked, in.Body.Cursor, in.Body.Limit)
		return &reorganiseOutput{Status: http.StatusOK, Body: ReorganisationPreview{Organisation: changes, Dossiers: page}}, err
	}
	changes, act, err := m.Organisations.Reorganise(ctx, actor, commandID(actor, "reorganisation", in.Key), asked)
	if err != nil {
		return nil, err
	}
	return &reorganiseOutput{
		Status: http.StatusAccepted, Location: m.begun(ctx, act.ID), Body: ReorganisationView{Organisation: changes, Act: act},
	}, nil
}
