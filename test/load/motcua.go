package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"motcua/api"
	"motcua/engine"
	"motcua/workflows/contract"
)

// viaAPI is the whole: a dossier over HTTP, driven by its workflow.
type viaAPI struct {
	server, key string
	http        *http.Client
}

func newViaAPI(s *stack, atOnce int) *viaAPI {
	return &viaAPI{server: s.server, key: s.key, http: &http.Client{
		Transport: &http.Transport{MaxIdleConnsPerHost: atOnce, MaxConnsPerHost: 2 * atOnce},
	}}
}

func (v *viaAPI) name() string { return "motcua" }

func (v *viaAPI) workflow(id string) string { return contract.WorkflowID(id) }

func (v *viaAPI) start(ctx context.Context, key string) (string, error) {
	return v.open(ctx, startFive(key))
}

func (v *viaAPI) open(ctx context.Context, r engine.StartRequest) (string, error) {
	var a api.Answer
	err := v.post(ctx, "/api/v1/dossiers", r.Key, api.StartBody{
		Procedure: r.Procedure, Channel: r.Channel, Components: r.Components, Applicant: r.Applicant, Fields: r.Fields,
	}, &a)
	return a.Code, err
}

func (v *viaAPI) step(ctx context.Context, id string, i int) (bool, error) {
	return v.fire(ctx, id, events[i])
}

func (v *viaAPI) fire(ctx context.Context, id, event string) (bool, error) {
	var a api.Answer
	err := v.post(ctx, "/api/v1/dossiers/"+url.PathEscape(id)+"/events", event, api.EventBody{Event: event}, &a)
	return a.Closed, err
}

func (v *viaAPI) post(ctx context.Context, path, key string, body, out any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return v.call(ctx, http.MethodPost, path, key, bytes.NewReader(text), out)
}

func (v *viaAPI) call(ctx context.Context, method, path, key string, body io.Reader, out any) error {
	req, err := http.NewRequestWithContext(ctx, method, v.server+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+v.key)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := v.http.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("%s %s: %d %s", method, path, res.StatusCode, answer)
	}
	return json.Unmarshal(answer, out)
}

// verify reads the record back as an auditor would and links it anew.
func (v *viaAPI) verify(ctx context.Context, id string) error {
	var page struct {
		Facts []engine.StoredFact `json:"facts"`
	}
	if err := v.call(ctx, http.MethodGet, "/api/v1/dossiers/"+url.PathEscape(id)+"/facts", "", nil, &page); err != nil {
		return err
	}
	var link engine.Digest
	for _, f := range page.Facts {
		var err error
		if _, link, err = engine.Seal(link, id, f.Fact); err != nil {
			return err
		}
		if link != f.Digest {
			return fmt.Errorf("%s: the chain breaks at fact %d", id, f.Seq)
		}
	}
	if c := engine.Fold(unlinked(page.Facts)); !c.Closed() {
		return fmt.Errorf("%s: its facts leave it open in %s", id, c.State)
	}
	return nil
}

func unlinked(list []engine.StoredFact) []engine.Fact {
	out := make([]engine.Fact, len(list))
	for i, f := range list {
		out[i] = f.Fact
	}
	return out
}
