package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/bundle"
	"motcua/api/caller"
	"motcua/api/problem"
	"motcua/definitions"
	"motcua/engine"
	"motcua/engine/calendar"
)

// Catalogue carries what is published from one environment to another.
type Catalogue interface {
	// Catalogue is every published version with its text, and every calendar.
	Catalogue(ctx context.Context) ([]engine.VersionRecord, []engine.StoredCalendar, error)
	// Import stores what is missing here, all of it or nothing. With
	// CodeNeedsUnmet the results say which versions stand against it.
	Import(ctx context.Context, in engine.CatalogueImport) ([]engine.ImportResult, error)
}

const (
	cataloguePath = "/api/v1/catalogue"
	mediaZIP      = "application/zip"
	// maxCatalogue holds the 2,500 procedures of a province several times over.
	maxCatalogue = 32 << 20
)

// bound is how many bytes a route takes.
func bound(path string) int64 {
	if path == cataloguePath {
		return maxCatalogue
	}
	return maxBody
}

type catalogueOutput struct {
	ContentType string `header:"Content-Type"`
	ETag        string `header:"ETag"`
	Body        []byte
}

type importInput struct {
	RawBody []byte `contentType:"application/zip" doc:"A bundle, as another environment exported it"`
}

type importOutput struct {
	Body struct {
		SHA256     string                `json:"sha256" doc:"Of the bundle; the trails of its versions name it"`
		Procedures []engine.ImportResult `json:"procedures"`
	}
}

func (m *machineAPI) registerCatalogue(a huma.API) {
	export := operation{
		id: "export-catalogue", method: http.MethodGet, path: cataloguePath,
		verb: engine.VerbExportCatalogue, tag: "catalogue", summary: "Export every published version and every calendar as a bundle",
	}
	register(a, export, m.exportCatalogue)
	responses(a, export)["200"].Content = map[string]*huma.MediaType{
		mediaZIP: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}
	register(a, operation{
		id: "import-catalogue", method: http.MethodPost, path: cataloguePath, status: http.StatusOK,
		verb: engine.VerbImportCatalogue, tag: "catalogue", summary: "Import a bundle; its versions still have to be approved here",
	}, m.importCatalogue)
}

func (m *machineAPI) exportCatalogue(ctx context.Context, _ *struct{}) (*catalogueOutput, error) {
	versions, calendars, err := m.Catalogue.Catalogue(ctx)
	if err != nil {
		return nil, err
	}
	data, err := bundle.New(versions, calendars).Write()
	if err != nil {
		return nil, err
	}
	return &catalogueOutput{ContentType: mediaZIP, ETag: `"` + bundle.Sum(data) + `"`, Body: data}, nil
}

func (m *machineAPI) importCatalogue(ctx context.Context, in *importInput) (*importOutput, error) {
	actor := caller.From(ctx).Actor
	if err := engine.MayControl(actor, engine.ActionImport); err != nil {
		return nil, err // before the bundle is unpacked for whoever may not store it
	}
	b, err := bundle.Read(in.RawBody)
	if err != nil {
		return nil, err
	}
	sum := bundle.Sum(in.RawBody)
	agencies, err := m.People.Officers(ctx)
	if err != nil {
		return nil, err
	}
	read, findings, err := unpack(b, agencies, "bundle "+sum)
	if err != nil {
		return nil, err
	}
	if findings.Err() != nil {
		return nil, problem.OfFindings(ctx, findings)
	}
	read.Actor = actor
	results, err := m.Catalogue.Import(ctx, read)
	if engine.CodeOf(err) == engine.CodeNeedsUnmet {
		return nil, conflicts(ctx, err, results)
	}
	if err != nil {
		return nil, err
	}
	out := &importOutput{}
	out.Body.SHA256, out.Body.Procedures = sum, append([]engine.ImportResult{}, results...)
	return out, nil
}

// unpack checks every text of a bundle as an upload would be.
func unpack(b bundle.Bundle, agencies []engine.Organisation, origin string) (in engine.CatalogueImport, all engine.Findings, err error) {
	for _, e := range b.Procedures {
		definition, findings := definitions.Inspect(e.Text, agencies)
		for i := range findings {
			findings[i].File = e.File
		}
		all = append(all, findings...)
		if findings.Err() == nil && (definition.Code != e.Code || definition.Version != e.Version) {
			return in, nil, engine.Errorf(engine.CodeInvalid, "file %q of the bundle is not %s version %d", e.File, e.Code, e.Version)
		}
		in.Uploads = append(in.Uploads, engine.Upload{Definition: definition, Text: e.Text, Findings: findings, Origin: origin})
	}
	for _, e := range b.Calendars {
		var spec calendar.Spec
		if err := json.Unmarshal(e.Text, &spec); err != nil || spec.Code != e.Code || spec.Version != e.Version {
			return in, nil, engine.Errorf(engine.CodeInvalid, "file %q of the bundle is not calendar %s version %d", e.File, e.Code, e.Version)
		}
		in.Calendars = append(in.Calendars, spec)
	}
	return in, all, nil
}

// conflicts tells which versions of a bundle stand here with another text.
func conflicts(ctx context.Context, err error, results []engine.ImportResult) *problem.Problem {
	p := problem.Of(ctx, err)
	for i, r := range results {
		if r.Result == engine.ImportConflict {
			p.Errors = append(p.Errors, problem.Fault{
				In: "body", Path: fmt.Sprintf("/procedures/%d", i),
				Message: fmt.Sprintf(caller.From(ctx).Lang.T("%s phiên bản %d đã có ở đây với nội dung khác", "%s version %d stands here with another text"), r.Code, r.Version),
			})
		}
	}
	return p
}
