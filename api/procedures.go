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
		Procedures []engine.Version `json:"procedures" doc:"Every published version"`
	}
}

// VersionView is a published version with its definition as data.
type VersionView struct {
	engine.Version
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
		access: caller.AnyActor, tag: "procedures", summary: "List the published versions of procedures",
	}, m.procedures)
	one := operation{
		id: "get-procedure-version", method: http.MethodGet, path: "/api/v1/procedures/{code}/versions/{n}",
		access: caller.AnyActor, tag: "procedures", summary: "Read one version: as data, as its exact text, or drawn",
	}
	register(a, one, m.version)
	text := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
	responses(a, one)["200"].Content = map[string]*huma.MediaType{
		mediaJSON: {Schema: a.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[VersionView](), true, "VersionView")},
		mediaYAML: text, mediaMermaid: text, mediaSVG: text,
	}
}

func (m *machineAPI) procedures(ctx context.Context, _ *struct{}) (*proceduresOutput, error) {
	versions, err := m.Procedures.Versions(ctx)
	if err != nil {
		return nil, err
	}
	out := &proceduresOutput{}
	out.Body.Procedures = append([]engine.Version{}, versions...)
	return out, nil
}

func (m *machineAPI) version(ctx context.Context, in *versionInput) (*versionOutput, error) {
	v, err := m.Procedures.Version(ctx, in.Code, in.Version)
	if err != nil {
		return nil, err
	}
	out := &versionOutput{ETag: `"` + v.SHA256 + `"`}
	switch format(in) {
	case "yaml":
		out.ContentType, out.Body = mediaYAML+"; charset=utf-8", v.Text
	case "mermaid":
		out.ContentType = mediaMermaid + "; charset=utf-8"
		out.Body, err = m.mermaid(v)
	case "svg":
		out.ContentType = mediaSVG
		out.Body, err = m.svg(ctx, v)
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

func (m *machineAPI) data(v engine.Version) (any, error) {
	view := VersionView{Version: v}
	if m.Compile == nil {
		return view, nil
	}
	machine, err := m.compile(v)
	if err != nil {
		return nil, err
	}
	view.Definition = &machine.Definition
	return view, nil
}

func (m *machineAPI) mermaid(v engine.Version) (any, error) {
	if m.Compile == nil || m.Mermaid == nil {
		return nil, errNoFormat
	}
	machine, err := m.compile(v)
	if err != nil {
		return nil, err
	}
	return []byte(m.Mermaid(machine, "")), nil
}

func (m *machineAPI) svg(ctx context.Context, v engine.Version) (any, error) {
	if m.Compile == nil || m.Draw == nil {
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
