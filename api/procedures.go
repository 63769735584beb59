package api

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
)

type proceduresOutput struct {
	Body struct {
		Procedures []engine.VersionRecord `json:"procedures" doc:"Versions by code and version"`
	}
}

type proceduresInput struct {
	State string `query:"state" enum:"draft,checked,approved,published,retired" doc:"Only versions in this state; by default those that were ever published"`
}

// VersionView is a version with its definition as data; of a draft with errors
// there is none.
type VersionView struct {
	engine.VersionRecord
	Definition *engine.Definition `json:"definition,omitempty"`
}

type versionInput struct {
	Code    string `path:"code" maxLength:"64" example:"1.001193"`
	Version int    `path:"n" minimum:"1" maximum:"100000"`
	Format  string `query:"format" enum:"json,yaml,mermaid,svg" doc:"By default what Accept asks for, else JSON"`
	Accept  string `header:"Accept" hidden:"true"`
}

type versionOutput struct {
	ContentType string `header:"Content-Type"`
	ETag        string `header:"ETag"`
	Body        any
}

// The formats of a version, by their media types.
const (
	mediaJSON    = "application/json"
	mediaYAML    = "application/yaml"
	mediaMermaid = "text/vnd.mermaid"
	mediaSVG     = "image/svg+xml"
)

func (m *machineAPI) registerProcedures(a huma.API) {
	register(a, operation{
		id: "list-procedures", method: http.MethodGet, path: "/api/v1/procedures",
		verb: engine.VerbReadProcedures, tag: "procedures", summary: "List versions of procedures",
	}, m.procedures)
	one := operation{
		id: "get-procedure-version", method: http.MethodGet, path: "/api/v1/procedures/{code}/versions/{n}",
		verb: engine.VerbReadProcedures, tag: "procedures", summary: "Read one version: as data, as its exact text, or drawn",
	}
	register(a, one, m.version)
	text := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
	responses(a, one)["200"].Content = map[string]*huma.MediaType{
		mediaJSON: {Schema: a.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[VersionView](), true, "VersionView")},
		mediaYAML: text, mediaMermaid: text, mediaSVG: text,
	}
}

func (m *machineAPI) procedures(ctx context.Context, in *proceduresInput) (*proceduresOutput, error) {
	return m.records(ctx, "", engine.VersionState(in.State))
}

func (m *machineAPI) records(ctx context.Context, code string, state engine.VersionState) (*proceduresOutput, error) {
	records, err := m.Versions.VersionRecords(ctx, code, state)
	if err != nil {
		return nil, err
	}
	out := &proceduresOutput{}
	out.Body.Procedures = append([]engine.VersionRecord{}, records...)
	return out, nil
}

func (m *machineAPI) version(ctx context.Context, in *versionInput) (*versionOutput, error) {
	v, err := m.Versions.VersionRecord(ctx, in.Code, in.Version)
	if err != nil {
		return nil, err
	}
	out := &versionOutput{ETag: `"` + v.SHA256 + `"`}
	wanted := format(in)
	if (wanted == "mermaid" || wanted == "svg") && !m.compiles(v) {
		return nil, errNoFormat
	}
	switch wanted {
	case "yaml":
		out.ContentType, out.Body = mediaYAML+"; charset=utf-8", v.Text
	case "mermaid":
		out.ContentType = mediaMermaid + "; charset=utf-8"
		out.Body, err = m.mermaid(v.Version)
	case "svg":
		out.ContentType = mediaSVG
		out.Body, err = m.svg(ctx, v.Version)
	default:
		out.ContentType = mediaJSON
		out.Body, err = m.data(v)
	}
	if err != nil {
		return nil, err
	}
	return out, nil
}

// format is what the client wants: said outright, or the first known media
// type it accepts.
func format(in *versionInput) string {
	if in.Format != "" {
		return in.Format
	}
	for part := range strings.SplitSeq(in.Accept, ",") {
		media, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		switch media {
		case mediaYAML, "text/yaml", "application/x-yaml":
			return "yaml"
		case mediaMermaid:
			return "mermaid"
		case mediaSVG:
			return "svg"
		case mediaJSON:
			return "json"
		}
	}
	return "json"
}

// compiles says whether there is a machine to show: a draft may have errors.
func (m *machineAPI) compiles(v engine.VersionRecord) bool {
	return m.Compile != nil && v.Findings.Err() == nil
}

func (m *machineAPI) data(v engine.VersionRecord) (any, error) {
	view := VersionView{VersionRecord: v}
	if !m.compiles(v) {
		return view, nil
	}
	machine, err := m.compile(v.Version)
	if err != nil {
		return nil, err
	}
	view.Definition = &machine.Definition
	return view, nil
}

func (m *machineAPI) mermaid(v engine.Version) (any, error) {
	if m.Mermaid == nil {
		return nil, errNoFormat
	}
	machine, err := m.compile(v)
	if err != nil {
		return nil, err
	}
	return []byte(m.Mermaid(machine, "")), nil
}

func (m *machineAPI) svg(ctx context.Context, v engine.Version) (any, error) {
	if m.Draw == nil {
		return nil, errNoFormat
	}
	machine, err := m.compile(v)
	if err != nil {
		return nil, err
	}
	drawing, err := m.Draw(ctx, machine, caller.From(ctx).Lang.Tag(), "", nil)
	return bytes.TrimSpace(drawing), err
}

// compile reads a published version. It was linted before it was published, so
// that it does not compile is our fault, not the reader's.
func (m *machineAPI) compile(v engine.Version) (*engine.Machine, error) {
	machine, err := m.Compile(v.Text)
	if err != nil {
		return nil, fmt.Errorf("compile %s version %d: %w", v.Code, v.Version, err)
	}
	return machine, nil
}
