package api

import (
	"context"
	"errors"
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

// Versions reads versions of procedures with their place in the lifecycle.
type Versions interface {
	// VersionRecord finds one with its text. Errors: CodeNotFound.
	VersionRecord(ctx context.Context, code string, version int) (engine.VersionRecord, error)
	// VersionRecords lists those of a procedure or, with an empty code, of all;
	// in one state or in any. With neither it lists what was ever published.
	VersionRecords(ctx context.Context, code string, state engine.VersionState) ([]engine.VersionRecord, error)
	// Trail lists what was done to a version, oldest first. Errors: CodeNotFound.
	Trail(ctx context.Context, code string, version int) ([]engine.StoredVersionEvent, error)
}

// Lifecycle changes versions of procedures. It decides by the roles of the
// actor; the errors are those of [engine.DecideUpload], [engine.DecideVersion]
// and [engine.CheckPublish].
type Lifecycle interface {
	Upload(ctx context.Context, u engine.Upload) (engine.Uploaded, error)
	Control(ctx context.Context, c engine.VersionCommand) (engine.VersionRecord, error)
}

type uploadInput struct {
	Draft       bool   `query:"draft" doc:"Store the text whatever is wrong with it; a draft cannot be approved"`
	ContentType string `header:"Content-Type" hidden:"true"`
	RawBody     []byte `contentType:"application/yaml" doc:"The definition, byte by byte as it is to be kept"`
}

type uploadOutput struct {
	Status   int
	Location string `header:"Location"`
	ETag     string `header:"ETag"`
	Body     engine.Uploaded
}

// StepBody goes with a step in the life of a version.
type StepBody struct {
	Comment string `json:"comment,omitempty" validate:"max=4000,plain" doc:"Goes on the version's trail; a rejection needs one"`
	SHA256  string `json:"sha256,omitempty" validate:"omitempty,len=64,hexadecimal" doc:"The text that is meant; the step is refused when another one has replaced it"`
}

// Resolve applies the rules of content.
func (b *StepBody) Resolve(huma.Context) []error { return check(b) }

type stepInput struct {
	Code    string `path:"code" maxLength:"64" example:"1.001193"`
	Version int    `path:"n" minimum:"1" maximum:"100000"`
	Body    *StepBody
}

// RetireBody fixes the end of a version.
type RetireBody struct {
	To      string `json:"to" format:"date" validate:"required" doc:"The first day the version is no longer in effect; tomorrow at the earliest" example:"2027-01-01"`
	Comment string `json:"comment" validate:"required,max=4000,plain" doc:"Why; goes on the version's trail"`
}

// Resolve applies the rules of content.
func (b *RetireBody) Resolve(huma.Context) []error { return check(b) }

type retireInput struct {
	Code    string `path:"code" maxLength:"64" example:"1.001193"`
	Version int    `path:"n" minimum:"1" maximum:"100000"`
	Body    RetireBody
}

type recordOutput struct {
	ETag string `header:"ETag"`
	Body engine.VersionRecord
}

const versionPath = "/api/v1/procedures/{code}/versions/{n}"

func (m *machineAPI) registerLifecycle(a huma.API) {
	upload := operation{
		id: "upload-procedure-version", method: http.MethodPost, path: "/api/v1/procedures", status: http.StatusCreated,
		verb: engine.VerbAuthorProcedure, tag: "procedures", summary: "Upload the text of a version; it is checked before it is stored",
	}
	register(a, upload, m.upload)
	known := *responses(a, upload)["201"]
	known.Description = "The text replaced another one, or stood there already"
	responses(a, upload)["200"] = &known
	for _, step := range []struct {
		action  engine.VersionAction
		summary string
	}{
		{engine.ActionApprove, "Approve a checked version; none of its authors may"},
		{engine.ActionReject, "Send a version back to its authors"},
		{engine.ActionPublish, "Publish an approved version: its text never changes any more"},
	} {
		register(a, operation{
			id: string(step.action) + "-procedure-version", method: http.MethodPost, path: versionPath + "/" + string(step.action),
			verb: engine.VerbApproveVersion, tag: "procedures", summary: step.summary,
		}, func(ctx context.Context, in *stepInput) (*recordOutput, error) {
			c := engine.VersionCommand{Code: in.Code, Version: in.Version, Action: step.action}
			if in.Body != nil {
				c.Comment, c.SHA256 = in.Body.Comment, in.Body.SHA256
			}
			return m.control(ctx, c)
		})
	}
	register(a, operation{
		id: "retire-procedure-version", method: http.MethodPost, path: versionPath + "/retire",
		verb: engine.VerbApproveVersion, tag: "procedures", summary: "Fix the day a published version ends; running dossiers keep to it",
	}, m.retire)
	m.registerTrail(a)
}

// upload stores a text that passed the check, or any text as a draft.
func (m *machineAPI) upload(ctx context.Context, in *uploadInput) (*uploadOutput, error) {
	if !yaml(in.ContentType) {
		return nil, engine.Errorf(problem.CodeMediaType, "send the definition as %s", mediaYAML)
	}
	actor := caller.From(ctx).Actor
	if err := engine.MayControl(actor, engine.ActionUpload); err != nil {
		return nil, err // before the text is read for whoever may not store it
	}
	agencies, err := m.People.Officers(ctx)
	if err != nil {
		return nil, err
	}
	definition, findings := definitions.Inspect(in.RawBody, agencies)
	if !named(definition) {
		return nil, problem.OfFindings(ctx, findings) // not even a draft can be kept of it
	}
	up, err := m.Lifecycle.Upload(ctx, engine.Upload{
		Actor: actor, Definition: definition, Text: in.RawBody, Findings: findings, Draft: in.Draft,
	})
	var wrong engine.Findings
	if errors.As(err, &wrong) {
		return nil, problem.OfFindings(ctx, wrong)
	}
	if err != nil {
		return nil, err
	}
	out := &uploadOutput{Status: http.StatusOK, ETag: `"` + up.SHA256 + `"`, Body: up}
	if up.Created {
		out.Status = http.StatusCreated
	}
	out.Location = strings.NewReplacer("{code}", up.Code, "{n}", strconv.Itoa(up.Version.Version)).Replace(versionPath)
	return out, nil
}

// named says whether a text says which version it is of, in a way that fits
// the paths above. Where it does not, lint has found that.
func named(d engine.Definition) bool {
	return len(d.Code) <= 64 && id.MatchString(d.Code) && d.Version >= 1 && d.Version <= 100_000
}

// yaml says whether a body is of one of the names YAML goes by.
func yaml(contentType string) bool {
	media, _, _ := strings.Cut(contentType, ";")
	switch strings.ToLower(strings.TrimSpace(media)) {
	case mediaYAML, "text/yaml", "application/x-yaml":
		return true
	}
	return false
}

func (m *machineAPI) control(ctx context.Context, c engine.VersionCommand) (*recordOutput, error) {
	c.Actor = caller.From(ctx).Actor
	v, err := m.Lifecycle.Control(ctx, c)
	if err != nil {
		return nil, err
	}
	return &recordOutput{ETag: `"` + v.SHA256 + `"`, Body: v}, nil
}

func (m *machineAPI) retire(ctx context.Context, in *retireInput) (*recordOutput, error) {
	var to calendar.Date
	if err := to.UnmarshalText([]byte(in.Body.To)); err != nil {
		return nil, &engine.Error{Code: engine.CodeInvalid, Path: "/to", Message: "not a day such as 2027-01-01"}
	}
	return m.control(ctx, engine.VersionCommand{
		Code: in.Code, Version: in.Version, Action: engine.ActionRetire, Comment: in.Body.Comment, To: to,
	})
}
