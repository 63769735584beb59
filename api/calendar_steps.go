package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/api/problem"
	"motcua/definitions"
	"motcua/engine"
	"motcua/engine/calendar"
)

// CalendarLifecycle changes versions of calendars, by the roles of the actor.
// Errors: CodeWrongRole, CodeNotFound, CodeEventNotPermitted, CodeNeedsUnmet,
// CodeSameOfficer, CodeCommentRequired, CodeIdempotencyConflict,
// CodeUnavailable.
type CalendarLifecycle interface {
	// UploadCalendar stores a version until it is published.
	UploadCalendar(ctx context.Context, a engine.Actor, spec calendar.Spec, draft bool) (engine.CalendarRecord, error)
	// ControlCalendar approves a version or sends it back.
	ControlCalendar(ctx context.Context, c engine.VersionCommand) (engine.CalendarRecord, error)
	// PreviewCalendar says which open due moments its publication would move
	// now, and moves none.
	PreviewCalendar(ctx context.Context, a engine.Actor, code string, version int, cursor string, limit int) (engine.ActPage, error)
	// PublishCalendar publishes a version and puts the act on record that
	// computes the open due moments anew; it moves none yet. The same key is the
	// same publication.
	PublishCalendar(ctx context.Context, a engine.Actor, code string, version int, comment, key string) (engine.CalendarRecord, error)
}

type calendarUploadOutput struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     engine.CalendarRecord
}

type calendarStepInput struct {
	Code    string `path:"code" maxLength:"64" example:"vn-national"`
	Version int    `path:"n" minimum:"1" maximum:"100000"`
	Key     string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" doc:"A repetition under the same key is not applied twice"`
	Body    *StepBody
}

type calendarPreviewInput struct {
	Code    string `path:"code" maxLength:"64" example:"vn-national"`
	Version int    `path:"n" minimum:"1" maximum:"100000"`
	Cursor  string `query:"cursor" maxLength:"64" doc:"next of the page before"`
	Limit   int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

type calendarOutput struct {
	Status   int
	Location string `header:"Location" doc:"Of a publication: where the progress of the act is"`
	ETag     string `header:"ETag"`
	Body     engine.CalendarRecord
}

func (m *machineAPI) registerCalendarLifecycle(a huma.API) {
	register(a, operation{
		id: "upload-calendar-version", method: http.MethodPost, path: calendarsPath, status: http.StatusCreated,
		verb: engine.VerbAuthorCalendar, tag: "calendars", summary: "Upload a version of a calendar; it is checked before it is stored",
	}, m.uploadCalendar)
	for _, step := range []struct {
		action  engine.VersionAction
		summary string
	}{
		{engine.ActionApprove, "Approve a checked version of a calendar; none of its authors may"},
		{engine.ActionReject, "Send a version of a calendar back to its authors"},
	} {
		register(a, operation{
			id: string(step.action) + "-calendar-version", method: http.MethodPost, path: calendarVersionPath + "/" + string(step.action), status: http.StatusOK,
			verb: engine.VerbApproveCalendar, tag: "calendars", summary: step.summary,
		}, func(ctx context.Context, in *calendarStepInput) (*calendarOutput, error) {
			return m.controlCalendar(ctx, in, step.action)
		})
	}
	register(a, operation{
		id: "preview-calendar-version", method: http.MethodGet, path: calendarVersionPath + "/preview",
		verb: engine.VerbPreviewCalendar, tag: "calendars", summary: "List the open due moments a publication would move: from when to when, and by which rule",
	}, m.previewCalendar)
	register(a, operation{
		id: "publish-calendar-version", method: http.MethodPost, path: calendarVersionPath + "/publish", status: http.StatusAccepted,
		verb: engine.VerbApproveCalendar, tag: "calendars", summary: "Publish an approved version; the due moments of running dossiers are then computed anew",
	}, m.publishCalendar)
}

// uploadCalendar stores a calendar that passed the check.
func (m *machineAPI) uploadCalendar(ctx context.Context, in *uploadInput) (*calendarUploadOutput, error) {
	if !yaml(in.ContentType) {
		return nil, engine.Errorf(problem.CodeMediaType, "send the calendar as %s", mediaYAML)
	}
	actor := caller.From(ctx).Actor
	if err := engine.MayControl(actor, engine.ActionUpload); err != nil {
		return nil, err // before the text is read for whoever may not store it
	}
	spec, err := definitions.DecodeCalendar("", in.RawBody)
	if err != nil {
		return nil, problem.OfFindings(ctx, definitions.CalendarFindings(err))
	}
	if len(spec.Code) > 64 || !id.MatchString(spec.Code) || spec.Version > 100_000 { // must fit the paths
		return nil, engine.Errorf(engine.CodeInvalid, "code and version of the calendar are too long")
	}
	record, err := m.Calendars.UploadCalendar(ctx, actor, spec, in.Draft)
	if err != nil {
		return nil, err
	}
	return &calendarUploadOutput{
		ETag: `"` + record.SHA256 + `"`, Body: record,
		Location: strings.NewReplacer("{code}", spec.Code, "{n}", strconv.Itoa(spec.Version)).Replace(calendarVersionPath),
	}, nil
}

func (m *machineAPI) controlCalendar(ctx context.Context, in *calendarStepInput, action engine.VersionAction) (*calendarOutput, error) {
	c := engine.VersionCommand{Code: in.Code, Version: in.Version, Action: action, Actor: caller.From(ctx).Actor}
	if in.Body != nil {
		c.Comment, c.SHA256 = in.Body.Comment, in.Body.SHA256
	}
	record, err := m.Calendars.ControlCalendar(ctx, c)
	return &calendarOutput{Status: http.StatusOK, ETag: `"` + record.SHA256 + `"`, Body: record}, err
}

func (m *machineAPI) previewCalendar(ctx context.Context, in *calendarPreviewInput) (*actPageOutput, error) {
	page, err := m.Calendars.PreviewCalendar(ctx, caller.From(ctx).Actor, in.Code, in.Version, in.Cursor, in.Limit)
	page.Outcomes = append([]engine.ActOutcome{}, page.Outcomes...)
	return &actPageOutput{Body: page}, err
}

func (m *machineAPI) publishCalendar(ctx context.Context, in *calendarStepInput) (*calendarOutput, error) {
	actor, comment := caller.From(ctx).Actor, ""
	if in.Body != nil {
		comment = in.Body.Comment
		if err := m.sameCalendar(ctx, in); err != nil {
			return nil, err
		}
	}
	key := commandID(actor, "calendar "+in.Code+" "+strconv.Itoa(in.Version), in.Key)
	record, err := m.Calendars.PublishCalendar(ctx, actor, in.Code, in.Version, comment, key)
	if err != nil {
		return nil, err
	}
	out := &calendarOutput{Status: http.StatusAccepted, ETag: `"` + record.SHA256 + `"`, Body: record}
	if record.Act != "" {
		out.Location = m.begun(ctx, record.Act)
	}
	return out, nil
}

// sameCalendar refuses to publish another text than the one that was read. An
// approved text cannot be replaced without losing its approval, so what is
// approved here is what will be published.
func (m *machineAPI) sameCalendar(ctx context.Context, in *calendarStepInput) error {
	if in.Body.SHA256 == "" {
		return nil
	}
	record, err := m.calendarRecord(ctx, in.Code, in.Version)
	if err == nil && record.SHA256 != in.Body.SHA256 {
		err = engine.Errorf(engine.CodeNeedsUnmet, "another text stands under the version by now, %s: read it first", record.SHA256)
	}
	return err
}
