package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/api/problem"
	"motcua/engine"
)

// Answers keep what requests were answered, for repetitions under their
// idempotency keys.
type Answers interface {
	// ClaimAnswer takes a key, or returns the answer a repetition gets. Errors:
	// CodeIdempotencyConflict, CodeUnavailable.
	ClaimAnswer(ctx context.Context, k engine.AnswerKey, digest string) (*engine.KeptAnswer, error)
	// KeepAnswer stores the answer behind a claim. Errors: CodeUnavailable.
	KeepAnswer(ctx context.Context, k engine.AnswerKey, a engine.KeptAnswer) error
	// DropAnswer gives a claim back. Errors: CodeUnavailable.
	DropAnswer(ctx context.Context, k engine.AnswerKey) error
}

const (
	keyHeader    = "Idempotency-Key"
	replayHeader = "Idempotency-Replayed"
	maxKey       = 200
	// keepTimeout is how long storing an answer may take once it is given.
	keepTimeout = 5 * time.Second
)

// keptHeaders are those of an answer that a repetition gets too.
var keptHeaders = []string{"Content-Type", "Location", "ETag"}

// keepsItself says whether an input has a key of its own: what its handler does
// is on record under it, and a repetition finds the record.
func keepsItself[I any]() bool {
	_, own := reflect.TypeFor[I]().FieldByName("Key")
	return own
}

// keyParameter describes the header where no handler takes it.
func keyParameter() *huma.Param {
	longest := maxKey
	return &huma.Param{
		Name: keyHeader, In: "header", Description: "A repetition under the same key, within three days, is answered as the first request was, and nothing happens twice",
		Schema: &huma.Schema{Type: huma.TypeString, MaxLength: &longest, Pattern: "^[!-~]+$"}, Example: "portal-000124",
	}
}

// kept answers repetitions of a request under its key, and remembers what the
// first was answered. An answer of our own fault is not remembered: then the
// request may be made again.
func (m *machineAPI) kept(next http.Handler, secret bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key, ctx := r.Header.Get(keyHeader), r.Context()
		if key == "" {
			next.ServeHTTP(w, r)
			return
		}
		k, digest, err := keyed(r, key)
		var before *engine.KeptAnswer
		if err == nil {
			before, err = m.Answers.ClaimAnswer(ctx, k, digest)
		}
		switch {
		case err != nil:
			problem.Of(ctx, err).Write(w)
		case before != nil:
			replay(w, before)
		default:
			m.keep(ctx, k, w, secret, func(w http.ResponseWriter) { next.ServeHTTP(w, r) })
		}
	})
}

// keyed names a request and sums up what it asks. Its body is read, and put
// back for whoever reads it next.
func keyed(r *http.Request, key string) (engine.AnswerKey, string, error) {
	if len(key) > maxKey || !plain(key) {
		return engine.AnswerKey{}, "", &engine.Error{Code: engine.CodeInvalid, Message: "an idempotency key is printable ASCII, 200 characters at most"}
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return engine.AnswerKey{}, "", engine.Errorf(engine.CodeTooLarge, "the body is too large")
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	h := sha256.New()
	for _, part := range [][]byte{[]byte(r.Method), []byte(r.URL.RequestURI()), body} {
		sum := sha256.Sum256(part)
		h.Write(sum[:])
	}
	a := caller.From(r.Context()).Actor
	return engine.AnswerKey{Agency: a.Agency, Kind: a.Kind, Actor: a.ID, Key: key}, hex.EncodeToString(h.Sum(nil)), nil
}

// keep carries a request out and stores its answer before it is given: whoever
// has it can rely on getting it again. A secret is told once, and not stored.
func (m *machineAPI) keep(ctx context.Context, k engine.AnswerKey, w http.ResponseWriter, secret bool, serve func(http.ResponseWriter)) {
	seen := &recorded{header: w.Header(), status: http.StatusOK}
	done := false
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), requestTimeout+keepTimeout)
	defer cancel()
	defer func() {
		if !done { // it panicked: the claim must not outlive it
			_ = m.Answers.DropAnswer(ctx, k)
		}
	}()
	serve(seen)
	done = true
	var err error
	if seen.status >= http.StatusInternalServerError || seen.status == http.StatusTooManyRequests {
		err = m.Answers.DropAnswer(ctx, k)
	} else {
		err = m.Answers.KeepAnswer(ctx, k, seen.answer(secret))
	}
	if err != nil {
		m.Logger.WarnContext(ctx, "keep an answer", "code", engine.CodeOf(err), "trace_id", caller.From(ctx).Trace)
	}
	w.WriteHeader(seen.status)
	_, _ = w.Write(seen.body.Bytes()) // the client may be gone
}

// recorded holds an answer back until it is stored.
type recorded struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *recorded) Header() http.Header         { return a.header }
func (a *recorded) WriteHeader(status int)      { a.status = status }
func (a *recorded) Write(b []byte) (int, error) { return a.body.Write(b) }

func (a *recorded) answer(secret bool) engine.KeptAnswer {
	kept := engine.KeptAnswer{Status: a.status, Headers: map[string]string{}}
	for _, name := range keptHeaders {
		if value := a.header.Get(name); value != "" {
			kept.Headers[name] = value
		}
	}
	if !secret || a.status >= http.StatusBadRequest {
		kept.Body = a.body.Bytes()
	}
	return kept
}

// replay gives an answer again. One that told a secret is given without it.
func replay(w http.ResponseWriter, a *engine.KeptAnswer) {
	for name, value := range a.Headers {
		w.Header().Set(name, value)
	}
	w.Header().Set(replayHeader, "true")
	if len(a.Body) == 0 {
		w.Header().Del("Content-Type")
	}
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Body) // the client may be gone
}
