package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxAnswer bounds what is read of an answer: a dossier's facts are the most.
const maxAnswer = 16 << 20

// call is one request, however often it is sent.
type call struct {
	operation
	code    string // of the dossier in the path
	values  url.Values
	payload any
	key     string // makes a change safe to repeat
	ifMatch string
}

// send sends a call until it is answered, and reads the answer into out. It
// returns the headers of the answer.
func (c *Client) send(ctx context.Context, q call, out any) (http.Header, error) {
	if q.method != http.MethodGet && q.key == "" {
		return nil, errors.New("motcua: a change needs an idempotency key")
	}
	var body []byte
	if q.payload != nil {
		var err error
		if body, err = json.Marshal(q.payload); err != nil {
			return nil, fmt.Errorf("motcua: write request: %w", err)
		}
	}
	pause := c.options.Wait
	for attempt := 1; ; attempt++ {
		header, err := c.once(ctx, q, body, out)
		if err == nil || !again(err) {
			return header, err
		}
		if attempt == c.options.Attempts || !wait(ctx, c.pause(err, pause)) {
			return nil, given(ctx, q, err)
		}
		pause = min(2*pause, c.options.MaxWait)
	}
}

// once sends it one time.
func (c *Client) once(ctx context.Context, q call, body []byte, out any) (http.Header, error) {
	req, err := http.NewRequestWithContext(ctx, q.method, c.base+strings.ReplaceAll(q.path, "{code}", url.PathEscape(q.code)), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("motcua: %w", err)
	}
	req.URL.RawQuery = q.values.Encode()
	for name, value := range map[string]string{
		"Authorization": "Bearer " + c.key, "Accept": "application/json", "Accept-Language": c.options.Language,
		"User-Agent": c.options.UserAgent, "Idempotency-Key": q.key, "If-Match": q.ifMatch,
	} {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.options.HTTP.Do(req)
	if err != nil {
		return nil, &lostAnswer{err}
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, &lostAnswer{err}
	case len(text) > maxAnswer:
		return nil, fmt.Errorf("motcua: the answer is longer than %d bytes", maxAnswer)
	case res.StatusCode >= http.StatusMultipleChoices:
		err := refusal(res.StatusCode, text)
		var p *Problem
		if errors.As(err, &p) {
			p.RetryAfter = retryAfter(res.Header)
		}
		return nil, err
	}
	if err := json.Unmarshal(text, out); err != nil {
		return nil, fmt.Errorf("motcua: read answer: %w", err)
	}
	return res.Header, nil
}

// lostAnswer is a request whose answer did not come: it may have been carried
// out.
type lostAnswer struct{ err error }

func (e *lostAnswer) Error() string { return e.err.Error() }
func (e *lostAnswer) Unwrap() error { return e.err }

// again says whether a repetition could be answered otherwise: the server is
// away or asks to wait, a proxy could not reach it, the connection broke.
func again(err error) bool {
	var lost *lostAnswer
	var p *Problem
	var stranger *strangerError
	switch {
	case errors.As(err, &lost):
		return true
	case errors.As(err, &p):
		return p.Status == http.StatusServiceUnavailable || p.Status == http.StatusTooManyRequests
	case errors.As(err, &stranger):
		return stranger.status == http.StatusBadGateway || stranger.status == http.StatusServiceUnavailable || stranger.status == http.StatusGatewayTimeout
	}
	return false
}

// given is the error of a call that is given up.
func given(ctx context.Context, q call, err error) error {
	if ended := context.Cause(ctx); ended != nil && !errors.Is(err, ended) {
		err = fmt.Errorf("%w (%w)", err, ended)
	}
	var p *Problem
	if q.key != "" && !errors.As(err, &p) {
		return &LostError{Key: q.key, Err: err}
	}
	return err
}

// pause is how long to wait before the next attempt: as long as the server
// asks, else a growing time, drawn so that many clients do not come back at once.
func (c *Client) pause(err error, grown time.Duration) time.Duration {
	var p *Problem
	if errors.As(err, &p) && p.RetryAfter > 0 {
		return min(p.RetryAfter, c.options.MaxWait)
	}
	return grown/2 + rand.N(grown/2+1)
}

func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.Atoi(h.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(seconds) * time.Second
}
