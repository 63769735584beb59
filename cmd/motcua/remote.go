package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"motcua/engine"
)

// remote is the server the dossier commands talk to.
type remote struct{ server, as, dir string }

// call sends a request and reads the answer into out. A problem comes back as
// an error with its code.
func (r *remote) call(ctx context.Context, method, path, key string, body, out any) error {
	server, secret, err := r.resolve()
	if err != nil {
		return err
	}
	payload, err := json.Marshal(body)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, server+path, bytes.NewReader(payload))
	if err != nil {
		return usageError{err}
	}
	req.Header.Set("Authorization", "Bearer "+secret)
	req.Header.Set("Accept-Language", "en")
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return engine.Errorf(engine.CodeUnavailable, "%v", err)
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 16<<20))
	if err != nil {
		return engine.Errorf(engine.CodeUnavailable, "%v", err)
	}
	if res.StatusCode >= http.StatusBadRequest {
		return problem(res.StatusCode, answer)
	}
	return json.Unmarshal(answer, out)
}

// problem reads an RFC 9457 problem.
func problem(status int, body []byte) error {
	var p struct {
		Code   engine.Code `json:"code"`
		Title  string      `json:"title"`
		Detail string      `json:"detail"`
		State  string      `json:"state"`
		Errors []struct {
			Path    string `json:"path"`
			Message string `json:"message"`
		} `json:"errors"`
	}
	if err := json.Unmarshal(body, &p); err != nil || p.Code == "" {
		return engine.Errorf(engine.CodeUnavailable, "the server answered %d without a problem", status)
	}
	e := engine.Errorf(p.Code, "%s", p.Title)
	if p.Detail != "" {
		e.Message = p.Detail
	}
	for _, f := range p.Errors {
		e.Message += fmt.Sprintf("; %s: %s", f.Path, f.Message)
	}
	e.State = p.State
	return e
}

// resolve finds server and key: flags first, then the environment, then the
// credentials of the local stack.
func (r *remote) resolve() (server, key string, err error) {
	local, err := readCredentials(r.dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", "", err
	}
	server, key = first(r.server, os.Getenv("MOTCUA_SERVER"), local.Server), os.Getenv("MOTCUA_API_KEY")
	if r.as != "" {
		if key = local.Keys[r.as]; key == "" {
			return "", "", usageError{fmt.Errorf("%s holds no key named %q", r.dir+"/"+credentialsFile, r.as)}
		}
	}
	switch {
	case server == "":
		return "", "", usageError{errors.New("which server? give --server, set MOTCUA_SERVER, or start one here with motcua dev")}
	case key == "":
		return "", "", usageError{errors.New("no key: give --as NAME or set MOTCUA_API_KEY")}
	}
	return server, key, nil
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
