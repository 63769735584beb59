package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
)

// Deliveries reads what is and was on its way to subscribers.
type Deliveries interface {
	// Deliveries lists those of a subscription, newest first. Errors:
	// CodeNotFound, CodeUnavailable.
	Deliveries(ctx context.Context, agency, webhook string, f engine.DeliveryFilter) ([]engine.DeliveryRecord, error)
	// Replay sends some again, under the ids they had, and says how many. Errors:
	// CodeNotFound, CodeUnavailable.
	Replay(ctx context.Context, agency, webhook string, r engine.Replay) (int, error)
}

// ReplayBody says which deliveries to send again: some by id, or those announced
// in a range of time, or all.
type ReplayBody struct {
	Deliveries []int64   `json:"deliveries,omitempty" validate:"max=1000" maxItems:"1000" doc:"Their ids; by default all in the range"`
	From       time.Time `json:"from,omitzero" doc:"Announced at or after"`
	To         time.Time `json:"to,omitzero" doc:"Announced before"`
	State      string    `json:"state,omitempty" validate:"omitempty,oneof=dead delivered" enum:"dead,delivered" doc:"By default those that are dead"`
}

// Resolve applies the rules of content.
func (b *ReplayBody) Resolve(huma.Context) []error { return check(b) }

type deliveriesInput struct {
	ID     string `path:"id" maxLength:"64"`
	State  string `query:"state" enum:"pending,delivered,dead" doc:"Only those in this state"`
	Cursor string `query:"cursor" maxLength:"20" pattern:"^[0-9]+$" doc:"From the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type deliveriesOutput struct {
	Body struct {
		Deliveries []engine.DeliveryRecord `json:"deliveries" doc:"Newest first"`
		Next       string                  `json:"next,omitempty" doc:"Cursor of the next page"`
	}
}

type replayInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body *ReplayBody
}

type replayOutput struct {
	Body struct {
		Replayed int `json:"replayed" doc:"How many are sent again; at most 10000 at once, so ask again until it is 0"`
	}
}

func (m *machineAPI) registerDeliveries(a huma.API, op func(id, method, path, summary string) operation) {
	register(a, op("list-deliveries", http.MethodGet, "/{id}/deliveries", "List deliveries of a subscription, with their last attempts"), m.deliveries)
	register(a, op("replay-deliveries", http.MethodPost, "/{id}/replay", "Send deliveries again: dead ones, or delivered ones where asked"), m.replay)
}

func (m *machineAPI) deliveries(ctx context.Context, in *deliveriesInput) (*deliveriesOutput, error) {
	before := int64(0)
	if in.Cursor != "" {
		var err error
		if before, err = strconv.ParseInt(in.Cursor, 10, 64); err != nil {
			return nil, &engine.Error{Code: engine.CodeInvalid, Message: "the cursor is not one of ours"}
		}
	}
	list, err := m.Deliveries.Deliveries(ctx, caller.From(ctx).Actor.Agency, in.ID, engine.DeliveryFilter{State: in.State, Before: before, Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	out := &deliveriesOutput{}
	if len(list) > in.Limit {
		list = list[:in.Limit]
		out.Body.Next = strconv.FormatInt(list[in.Limit-1].ID, 10)
	}
	out.Body.Deliveries = append([]engine.DeliveryRecord{}, list...)
	return out, nil
}

func (m *machineAPI) replay(ctx context.Context, in *replayInput) (*replayOutput, error) {
	r := engine.Replay{}
	if b := in.Body; b != nil {
		r = engine.Replay{IDs: b.Deliveries, From: b.From, To: b.To, State: b.State}
	}
	n, err := m.Deliveries.Replay(ctx, caller.From(ctx).Actor.Agency, in.ID, r)
	if err != nil {
		return nil, err
	}
	out := &replayOutput{}
	out.Body.Replayed = n
	return out, nil
}
