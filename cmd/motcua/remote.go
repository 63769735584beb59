package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"motcua/api/problem"
	"motcua/engine"
)

// callTimeout is longer than the server takes for any request.
const callTimeout = 30 * time.Second

// remote is the server commands talk to.
type remote struct{ server, as, dir string }

// flags are how a command line says which server is meant, and as whom.
func (r *remote) flags(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&r.server, "server", "", "address of the server (default $MOTCUA_SERVER, else the local stack's)")
	f.StringVar(&r.as, "as", "", "act by the key of this name in the local stack's credentials (else $MOTCUA_API_KEY)")
	f.StringVar(&r.dir, "dir", ".motcua", "directory of the local stack")
}

// request is one call of the API.
type request struct {
	method, path string
	query        url.Values
	key          string // makes a change safe to repeat; invented when empty
	body         any    // becomes JSON, unless media says that it is bytes of another kind
	media        string
}

// get reads from a path below /api/v1.
func (r *remote) get(ctx context.Context, path string, query url.Values, out any) error {
	return r.call(ctx, request{method: http.MethodGet, path: path, query: query}, out)
}

// post changes something once: if the answer is lost, the error says how to
// ask again without doing it twice.
func (r *remote) post(ctx context.Context, path, key string, body, out any) error {
	invented := key == ""
	if invented {
		key = strings.ToLower(rand.Text())
	}
	err := r.call(ctx, request{method: http.MethodPost, path: path, key: key, body: body}, out)
	var lost *lostError
	if errors.As(err, &lost) && invented {
		return engine.Errorf(engine.CodeUnavailable, "%s; it may have happened: repeat it with --idempotency-key %s, which cannot do it twice", lost.reason, key)
	}
	return err
}

// lostError is a request that was sent and not answered.
type lostError struct{ reason string }

func (e *lostError) Error() string { return e.reason }

// Unwrap gives it its code.
func (e *lostError) Unwrap() error { return engine.Errorf(engine.CodeUnavailable, "%s", e.reason) }

// call sends a request and reads the answer into out. A refusal comes back as
// the problem the server told.
func (r *remote) call(ctx context.Context, q request, out any) error {
	server, secret, err := r.resolve()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	req, err := q.build(ctx, server, secret)
	if err != nil {
		return err
	}
	res, err := httpClient.Do(req)
	if err != nil {
		return unreachable(ctx, server, err)
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 64<<20))
	if err != nil {
		return unreachable(ctx, server, err)
	}
	if res.StatusCode >= http.StatusMultipleChoices {
		return refusal(server, res.StatusCode, answer)
	}
	if raw, ok := out.(*[]byte); ok {
		*raw = answer
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return stranger(server, res.StatusCode)
	}
	return nil
}

// httpClient follows no redirect: the API has none, and a key goes to no third party.
var httpClient = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func (q request) build(ctx context.Context, server, secret string) (*http.Request, error) {
	var body io.Reader
	if raw, ok := q.body.([]byte); ok {
		body = bytes.NewReader(raw)
	} else if q.body != nil {
		text, err := json.Marshal(q.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(text)
	}
	address := server + "/api/v1" + q.path
	if len(q.query) > 0 {
		address += "?" + q.query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, q.method, address, body)
	if err != nil {
		return nil, usageError{err}
	}
	req.Header.Set("Authorization", "Bearer "+secret)
	req.Header.Set("Accept-Language", "en")
	if body != nil {
		req.Header.Set("Content-Type", first(q.media, "application/json"))
	}
	if q.key != "" {
		req.Header.Set("Idempotency-Key", q.key)
	}
	return req, nil
}

// unreachable tells a server that is not there from one that did not answer.
func unreachable(ctx context.Context, server string, err error) error {
	var inner *url.Error
	if errors.As(err, &inner) {
		err = inner.Err // without the address said twice
	}
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return fmt.Errorf("interrupted: %w", ctx.Err())
	case isDial(err):
		return engine.Errorf(engine.CodeUnavailable,
			"no server answers at %s (%v); start one with motcua dev, or name another with --server or MOTCUA_SERVER", server, err)
	}
	return &lostError{fmt.Sprintf("%s did not answer (%v)", server, err)}
}

func isDial(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// stranger is something that answers, but not as this server does.
func stranger(server string, status int) error {
	return engine.Errorf(engine.CodeUnavailable, "what answers at %s (with status %d) is no motcua server; is --server right?", server, status)
}

// refusal reads an RFC 9457 problem.
func refusal(server string, status int, body []byte) error {
	var p problem.Problem
	if err := json.Unmarshal(body, &p); err != nil || p.Code == "" {
		return stranger(server, status)
	}
	p.Status = status
	message := p.Detail
	if message == "" {
		message = lowered(p.Title)
	}
	for _, f := range p.Errors {
		if said := strings.TrimPrefix(f.Path+": "+f.Message, ": "); f.Message != p.Detail {
			message += "; " + said
		}
	}
	return &told{&p, message}
}

// told is a problem with its message put together for people.
type told struct {
	*problem.Problem
	message string
}

func (t *told) Error() string { return t.message }
func (t *told) Unwrap() error { return t.Problem }

// lowered makes a title part of a sentence.
func lowered(title string) string {
	if title == "" {
		return "refused"
	}
	return strings.ToLower(title[:1]) + title[1:]
}

// resolve finds server and key: flags first, then the environment, then the
// credentials of the local stack.
func (r *remote) resolve() (server, key string, err error) {
	local, err := readCredentials(r.dir)
	if err != nil {
		return "", "", err
	}
	key = strings.TrimSpace(os.Getenv("MOTCUA_API_KEY"))
	if r.as != "" {
		if key, err = local.key(r.dir, r.as); err != nil {
			return "", "", err
		}
	}
	server = first(r.server, os.Getenv("MOTCUA_SERVER"), local.Server)
	if server == "" {
		return "", "", usagef("which server? give --server, set MOTCUA_SERVER, or start one here with motcua dev")
	}
	u, err := url.Parse(server)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" {
		return "", "", usagef("the server is %q, not an address such as http://127.0.0.1:8080", server)
	}
	if key == "" {
		return "", "", usagef("as whom? give --as NAME, a name in %s, or set MOTCUA_API_KEY", credentialsPath(r.dir))
	}
	return strings.TrimRight(server, "/"), key, nil
}

func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
