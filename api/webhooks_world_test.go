package api_test

import (
	"context"
	"slices"
	"sync"
	"time"

	"motcua/engine"
)

// hooks keeps subscriptions in memory, and the deliveries a test puts there.
type hooks struct {
	mu         sync.Mutex
	list       []engine.Webhook
	deliveries []engine.DeliveryRecord // newest first
	overlap    time.Duration           // of the last rotation
	replay     engine.Replay           // the last one
}

func newHooks() *hooks { return &hooks{} }

func (h *hooks) find(agency, id string) (*engine.Webhook, error) {
	i := slices.IndexFunc(h.list, func(w engine.Webhook) bool { return w.ID == id && w.Agency == agency })
	if i < 0 {
		return nil, engine.Errorf(engine.CodeNotFound, "no webhook %s", id)
	}
	return &h.list[i], nil
}

func (h *hooks) CreateWebhook(_ context.Context, a engine.Actor, key string, w engine.Webhook) (engine.IssuedWebhook, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := engine.CheckWebhook(w, false); err != nil {
		return engine.IssuedWebhook{}, err
	}
	if known, err := h.find(a.Agency, key); err == nil {
		return engine.IssuedWebhook{Webhook: *known}, nil
	}
	w.ID, w.Agency, w.CreatedBy, w.CreatedAt = key, a.Agency, a.ID, began
	h.list = append(h.list, w)
	return engine.IssuedWebhook{Webhook: w, Secret: "whsec_c2VjcmV0"}, nil
}

func (h *hooks) Webhooks(_ context.Context, agency string) ([]engine.Webhook, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(h.list), func(w engine.Webhook) bool { return w.Agency != agency }), nil
}

func (h *hooks) Webhook(_ context.Context, agency, id string) (engine.Webhook, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	w, err := h.find(agency, id)
	if err != nil {
		return engine.Webhook{}, err
	}
	return *w, nil
}

func (h *hooks) ChangeWebhook(_ context.Context, a engine.Actor, w engine.Webhook) (engine.Webhook, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	known, err := h.find(a.Agency, w.ID)
	if err == nil {
		err = engine.CheckWebhook(w, false)
	}
	if err != nil {
		return engine.Webhook{}, err
	}
	w.CreatedAt, w.CreatedBy = known.CreatedAt, known.CreatedBy
	*known = w
	return w, nil
}

func (h *hooks) DeleteWebhook(_ context.Context, agency, id string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, err := h.find(agency, id); err != nil {
		return err
	}
	h.list = slices.DeleteFunc(h.list, func(w engine.Webhook) bool { return w.ID == id })
	return nil
}

func (h *hooks) RotateWebhook(_ context.Context, agency, id string, overlap time.Duration) (engine.IssuedWebhook, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	w, err := h.find(agency, id)
	if err != nil {
		return engine.IssuedWebhook{}, err
	}
	h.overlap = overlap
	return engine.IssuedWebhook{Webhook: *w, Secret: "whsec_YW5vdGhlcg=="}, nil
}

func (h *hooks) Deliveries(_ context.Context, agency, webhook string, f engine.DeliveryFilter) ([]engine.DeliveryRecord, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, err := h.find(agency, webhook); err != nil {
		return nil, err
	}
	var out []engine.DeliveryRecord
	for _, d := range h.deliveries {
		if len(out) < f.Limit && (f.State == "" || d.State == f.State) && (f.Before == 0 || d.ID < f.Before) {
			out = append(out, d)
		}
	}
	return out, nil
}

func (h *hooks) Replay(_ context.Context, agency, webhook string, r engine.Replay) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, err := h.find(agency, webhook); err != nil {
		return 0, err
	}
	h.replay = r
	return max(len(r.IDs), 1), nil
}
