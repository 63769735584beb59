package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
)

// Webhooks keeps the subscriptions of agencies.
type Webhooks interface {
	// CreateWebhook puts one on record under a key, which is its id; only the
	// first answer holds the secret. Errors: CodeInvalid,
	// CodeIdempotencyConflict, CodeUnavailable.
	CreateWebhook(ctx context.Context, a engine.Actor, key string, w engine.Webhook) (engine.IssuedWebhook, error)
	// Webhooks lists those of an agency; Webhook finds one. Errors: CodeNotFound,
	// CodeUnavailable.
	Webhooks(ctx context.Context, agency string) ([]engine.Webhook, error)
	Webhook(ctx context.Context, agency, id string) (engine.Webhook, error)
	// ChangeWebhook replaces what one asks for and whether it is enabled. Errors:
	// CodeNotFound, CodeInvalid, CodeUnavailable.
	ChangeWebhook(ctx context.Context, a engine.Actor, w engine.Webhook) (engine.Webhook, error)
	// DeleteWebhook ends one. Errors: CodeNotFound, CodeUnavailable.
	DeleteWebhook(ctx context.Context, agency, id string) error
	// RotateWebhook makes a new secret beside the present one, which stays valid
	// for the overlap. Errors: CodeNotFound, CodeUnavailable.
	RotateWebhook(ctx context.Context, agency, id string, overlap time.Duration) (engine.IssuedWebhook, error)
}

// Overlaps of a rotation, in hours: how long two secrets are valid.
const (
	defaultOverlap = 24
	maxOverlap     = 30 * 24
)

// WebhookBody asks for a subscription.
type WebhookBody struct {
	URL         string   `json:"url" validate:"required,max=1000,plain" doc:"Where to send; https only" example:"https://portal.example/hooks/motcua"`
	Description string   `json:"description,omitempty" validate:"max=200,plain"`
	Types       []string `json:"types,omitempty" validate:"max=100,dive,max=100,id" maxItems:"100" doc:"Types of event; by default all" example:"[\"vn.motcua.portal.status\"]"`
	Procedures  []string `json:"procedures,omitempty" validate:"max=200,dive,max=64,id" maxItems:"200" doc:"Codes of procedures; by default all"`
	Departments []string `json:"departments,omitempty" validate:"max=200,dive,max=64,id" maxItems:"200" doc:"Departments the dossier stands in or leaves; by default all"`
	StatusOnly  bool     `json:"status_only,omitempty" doc:"Only changes of state and of the portal's status"`
}

// Resolve applies the rules of content.
func (b *WebhookBody) Resolve(huma.Context) []error { return check(b) }

// WebhookChangeBody replaces what a subscription asks for.
type WebhookChangeBody struct {
	WebhookBody
	Enabled bool `json:"enabled" doc:"false: nothing is sent; what happens meanwhile waits, as for a subscriber that is away"`
}

// Resolve applies the rules of content.
func (b *WebhookChangeBody) Resolve(huma.Context) []error { return check(b) }

// WebhookRotateBody asks for a new secret.
type WebhookRotateBody struct {
	OverlapHours *int `json:"overlap_hours,omitempty" validate:"omitempty,min=0,max=720" minimum:"0" maximum:"720" doc:"How long the old secret stays valid beside the new one; by default 24, at most 720"`
}

// Resolve applies the rules of content.
func (b *WebhookRotateBody) Resolve(huma.Context) []error { return check(b) }

type webhookInput struct {
	ID string `path:"id" maxLength:"64"`
}

type webhookCreateInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" doc:"A repetition under the same key is the same subscription, and does not show the secret again"`
	Body WebhookBody
}

type webhookChangeInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body WebhookChangeBody
}

type webhookRotateInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body *WebhookRotateBody
}

type webhookOutput struct{ Body engine.Webhook }

type issuedWebhookOutput struct{ Body engine.IssuedWebhook }

type webhooksOutput struct {
	Body struct {
		Webhooks []engine.Webhook `json:"webhooks" doc:"Oldest first"`
		Types    []string         `json:"types" doc:"The types of event there are"`
	}
}

const webhooksPath = "/api/v1/webhooks"

func (m *machineAPI) registerWebhooks(a huma.API) {
	op := func(id, method, path, summary string) operation {
		return operation{id: id, method: method, path: webhooksPath + path, verb: engine.VerbManageWebhooks, tag: "webhooks", summary: summary}
	}
	created := op("create-webhook", http.MethodPost, "", "Subscribe to what happens to the agency's dossiers; the secret is in the answer, and never again")
	created.status, created.secret = http.StatusCreated, true
	register(a, created, m.createWebhook)
	register(a, op("list-webhooks", http.MethodGet, "", "List the agency's subscriptions"), m.webhooks)
	register(a, op("get-webhook", http.MethodGet, "/{id}", "Read a subscription"), m.webhook)
	register(a, op("change-webhook", http.MethodPost, "/{id}", "Replace what a subscription asks for, enable or disable it"), m.changeWebhook)
	rotated := op("rotate-webhook", http.MethodPost, "/{id}/rotate", "Make a new secret; both are valid for an overlap")
	rotated.secret = true
	register(a, rotated, m.rotateWebhook)
	register(a, op("delete-webhook", http.MethodPost, "/{id}/delete", "End a subscription and forget its deliveries"), m.deleteWebhook)
	m.registerDeliveries(a, op)
}

func (b WebhookBody) webhook() engine.Webhook {
	return engine.Webhook{
		URL: b.URL, Description: b.Description, Types: b.Types, Procedures: b.Procedures, Departments: b.Departments,
		StatusOnly: b.StatusOnly, Enabled: true,
	}
}

func (m *machineAPI) createWebhook(ctx context.Context, in *webhookCreateInput) (*issuedWebhookOutput, error) {
	actor := caller.From(ctx).Actor
	w := in.Body.webhook()
	w.Agency = actor.Agency
	made, err := m.Webhooks.CreateWebhook(ctx, actor, commandID(actor, "webhook", in.Key), w)
	if err != nil {
		return nil, err
	}
	return &issuedWebhookOutput{Body: made}, nil
}

func (m *machineAPI) webhooks(ctx context.Context, _ *struct{}) (*webhooksOutput, error) {
	list, err := m.Webhooks.Webhooks(ctx, caller.From(ctx).Actor.Agency)
	if err != nil {
		return nil, err
	}
	out := &webhooksOutput{}
	out.Body.Webhooks, out.Body.Types = append([]engine.Webhook{}, list...), engine.AnnouncementTypes()
	return out, nil
}

func (m *machineAPI) webhook(ctx context.Context, in *webhookInput) (*webhookOutput, error) {
	w, err := m.Webhooks.Webhook(ctx, caller.From(ctx).Actor.Agency, in.ID)
	if err != nil {
		return nil, err
	}
	return &webhookOutput{Body: w}, nil
}

func (m *machineAPI) changeWebhook(ctx context.Context, in *webhookChangeInput) (*webhookOutput, error) {
	actor := caller.From(ctx).Actor
	w := in.Body.webhook()
	w.ID, w.Agency, w.Enabled = in.ID, actor.Agency, in.Body.Enabled
	changed, err := m.Webhooks.ChangeWebhook(ctx, actor, w)
	if err != nil {
		return nil, err
	}
	return &webhookOutput{Body: changed}, nil
}

func (m *machineAPI) rotateWebhook(ctx context.Context, in *webhookRotateInput) (*issuedWebhookOutput, error) {
	hours := defaultOverlap
	if in.Body != nil && in.Body.OverlapHours != nil {
		hours = min(*in.Body.OverlapHours, maxOverlap)
	}
	made, err := m.Webhooks.RotateWebhook(ctx, caller.From(ctx).Actor.Agency, in.ID, time.Duration(hours)*time.Hour)
	if err != nil {
		return nil, err
	}
	return &issuedWebhookOutput{Body: made}, nil
}

func (m *machineAPI) deleteWebhook(ctx context.Context, in *webhookInput) (*struct{}, error) {
	return &struct{}{}, m.Webhooks.DeleteWebhook(ctx, caller.From(ctx).Actor.Agency, in.ID)
}
