package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
)

// Mails is the log of notifications that are sent outside the pages. Errors:
// CodeUnavailable.
type Mails interface {
	// MailDeliveries lists an agency's, newest first.
	MailDeliveries(ctx context.Context, f engine.MailLog) ([]engine.MailDelivery, error)
}

type mailsInput struct {
	State  engine.MailState `query:"state" enum:"pending,sent,dead" doc:"Only these; by default all"`
	Before int64            `query:"before" minimum:"0" doc:"Only notifications with a lower number: the last one of the page before"`
	Limit  int              `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type mailsOutput struct {
	Body struct {
		Deliveries []engine.MailDelivery `json:"deliveries" doc:"Newest first"`
	}
}

func (m *machineAPI) registerMails(a huma.API) {
	register(a, operation{
		id: "list-notification-deliveries", method: http.MethodGet, path: "/api/v1/notifications/deliveries",
		verb: engine.VerbReadDeliveries, tag: "organisation", summary: "List what became of notifications by mail, newest first",
	}, m.mails)
}

func (m *machineAPI) mails(ctx context.Context, in *mailsInput) (*mailsOutput, error) {
	list, err := m.Mails.MailDeliveries(ctx, engine.MailLog{
		Agency: caller.From(ctx).Actor.Agency, State: in.State, Before: in.Before, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	out := &mailsOutput{}
	out.Body.Deliveries = append([]engine.MailDelivery{}, list...)
	return out, nil
}
