package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"motcua/engine"
)

type versionsInput struct {
	Code string `path:"code" maxLength:"64" example:"1.001193"`
}

type trailInput struct {
	Code    string `path:"code" maxLength:"64" example:"1.001193"`
	Version int    `path:"n" minimum:"1" maximum:"100000"`
}

type trailOutput struct {
	Body struct {
		Code    string                      `json:"code"`
		Version int                         `json:"version"`
		Trail   []engine.StoredVersionEvent `json:"trail" doc:"What was done to the version, oldest first, each entry with its digest"`
	}
}

func (m *machineAPI) registerTrail(a huma.API) {
	register(a, operation{
		id: "list-procedure-versions", method: http.MethodGet, path: "/api/v1/procedures/{code}/versions",
		verb: engine.VerbReadProcedures, tag: "procedures", summary: "List every version of a procedure, published or not",
	}, m.versions)
	register(a, operation{
		id: "get-procedure-trail", method: http.MethodGet, path: versionPath + "/trail",
		verb: engine.VerbReadProcedures, tag: "procedures", summary: "Read who did what to a version, and when",
	}, m.trail)
}

func (m *machineAPI) versions(ctx context.Context, in *versionsInput) (*proceduresOutput, error) {
	return m.records(ctx, in.Code, "")
}

func (m *machineAPI) trail(ctx context.Context, in *trailInput) (*trailOutput, error) {
	trail, err := m.Versions.Trail(ctx, in.Code, in.Version)
	return trailOf(in, trail, err)
}

func (m *machineAPI) calendarTrail(ctx context.Context, in *trailInput) (*trailOutput, error) {
	trail, err := m.Calendars.CalendarTrail(ctx, in.Code, in.Version)
	return trailOf(in, trail, err)
}

func trailOf(in *trailInput, trail []engine.StoredVersionEvent, err error) (*trailOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &trailOutput{}
	out.Body.Code, out.Body.Version = in.Code, in.Version
	out.Body.Trail = append([]engine.StoredVersionEvent{}, trail...)
	return out, nil
}
