package api

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	goyaml "go.yaml.in/yaml/v4"

	"motcua/engine"
)

// Calendars keeps the versions of calendars: what they say, and their way to
// publication.
type Calendars interface {
	CalendarReader
	CalendarLifecycle
}

// CalendarReader reads versions of calendars. Errors: CodeNotFound,
// CodeUnavailable.
type CalendarReader interface {
	// Calendars lists the published version of every calendar that new dossiers
	// start under.
	Calendars(ctx context.Context) ([]engine.CalendarRecord, error)
	// CalendarRecords lists every version of one, published or not, oldest first.
	CalendarRecords(ctx context.Context, code string) ([]engine.CalendarRecord, error)
	// CalendarTrail lists what was done to a version, oldest first.
	CalendarTrail(ctx context.Context, code string, version int) ([]engine.StoredVersionEvent, error)
}

type calendarsOutput struct {
	Body struct {
		Calendars []engine.CalendarRecord `json:"calendars" doc:"By code and version"`
	}
}

type calendarInput struct {
	Code string `path:"code" maxLength:"64" example:"vn-national"`
}

type calendarVersionInput struct {
	Code    string `path:"code" maxLength:"64" example:"vn-national"`
	Version int    `path:"n" minimum:"1" maximum:"100000"`
	Format  string `query:"format" enum:"json,yaml" doc:"By default JSON; yaml is the calendar alone, as it is uploaded"`
}

const (
	calendarsPath       = "/api/v1/calendars"
	calendarPath        = calendarsPath + "/{code}"
	calendarVersionPath = calendarPath + "/versions/{n}"
)

func (m *machineAPI) registerCalendars(a huma.API) {
	register(a, operation{
		id: "list-calendars", method: http.MethodGet, path: calendarsPath,
		verb: engine.VerbReadCalendars, tag: "calendars", summary: "List the calendars of working time",
	}, m.calendars)
	register(a, operation{
		id: "list-calendar-versions", method: http.MethodGet, path: calendarPath,
		verb: engine.VerbReadCalendars, tag: "calendars", summary: "List every version of a calendar, published or not",
	}, m.calendarVersions)
	one := operation{
		id: "get-calendar-version", method: http.MethodGet, path: calendarVersionPath,
		verb: engine.VerbReadCalendars, tag: "calendars", summary: "Read one version of a calendar",
	}
	register(a, one, m.calendarVersion)
	responses(a, one)["200"].Content = map[string]*huma.MediaType{
		mediaJSON: {Schema: a.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[engine.CalendarRecord](), true, "CalendarRecord")},
		mediaYAML: {Schema: &huma.Schema{Type: huma.TypeString}},
	}
	register(a, operation{
		id: "get-calendar-trail", method: http.MethodGet, path: calendarVersionPath + "/trail",
		verb: engine.VerbReadCalendars, tag: "calendars", summary: "Read who did what to a version of a calendar, and when",
	}, m.calendarTrail)
	m.registerCalendarLifecycle(a)
}

func (m *machineAPI) calendars(ctx context.Context, _ *struct{}) (*calendarsOutput, error) {
	records, err := m.Calendars.Calendars(ctx)
	return listed(records, err)
}

func (m *machineAPI) calendarVersions(ctx context.Context, in *calendarInput) (*calendarsOutput, error) {
	records, err := m.Calendars.CalendarRecords(ctx, in.Code)
	if err == nil && len(records) == 0 {
		err = engine.Errorf(engine.CodeNotFound, "no calendar %s", in.Code)
	}
	return listed(records, err)
}

func listed(records []engine.CalendarRecord, err error) (*calendarsOutput, error) {
	if err != nil {
		return nil, err
	}
	out := &calendarsOutput{}
	out.Body.Calendars = append([]engine.CalendarRecord{}, records...)
	return out, nil
}

func (m *machineAPI) calendarVersion(ctx context.Context, in *calendarVersionInput) (*versionOutput, error) {
	v, err := m.calendarRecord(ctx, in.Code, in.Version)
	if err != nil {
		return nil, err
	}
	out := &versionOutput{ETag: `"` + v.SHA256 + `"`, ContentType: mediaJSON, Body: v}
	if in.Format != "yaml" {
		return out, nil
	}
	text, err := goyaml.Dump(v.Spec)
	out.ContentType, out.Body = mediaYAML+"; charset=utf-8", text
	return out, err
}

func (m *machineAPI) calendarRecord(ctx context.Context, code string, version int) (engine.CalendarRecord, error) {
	records, err := m.Calendars.CalendarRecords(ctx, code)
	if err != nil {
		return engine.CalendarRecord{}, err
	}
	for _, v := range records {
		if v.Spec.Version == version {
			return v, nil
		}
	}
	return engine.CalendarRecord{}, engine.Errorf(engine.CodeNotFound, "no version %d of calendar %s", version, code)
}
