package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
)

// Keys issues and revokes the API keys of an agency. What is given as text is
// the secret, and is given once. Errors: those of [engine.MayManageKeys] and
// [engine.CheckKey], CodeNotFound, CodeOfficerUnknown, CodeNeedsUnmet,
// CodeIdempotencyConflict, CodeUnavailable.
type Keys interface {
	// IssueKey makes a key; a repetition under the same id has no text any more.
	IssueKey(ctx context.Context, a engine.Actor, k engine.KeyRequest) (engine.KeyRecord, string, error)
	// RotateKey exchanges one for a new one; the old goes on for the overlap.
	RotateKey(ctx context.Context, a engine.Actor, id string, overlap, life time.Duration) (engine.KeyRecord, string, error)
	// WithdrawKey revokes one at once.
	WithdrawKey(ctx context.Context, a engine.Actor, id string) (engine.KeyRecord, error)
	// Keys lists those of an agency, newest first: the active ones, or all.
	Keys(ctx context.Context, agency string, all bool, cursor string, limit int) (list []engine.KeyRecord, next string, err error)
}

// KeyBody asks for an API key.
type KeyBody struct {
	Kind    string        `json:"kind" enum:"system,officer" doc:"Who acts by it: a backend system of the agency, or one of its officers"`
	Name    string        `json:"name" validate:"required,max=64,id" doc:"What it is for; a system acts under this name, so it stays when the key is exchanged" example:"portal"`
	Officer string        `json:"officer,omitempty" validate:"omitempty,max=64,id" doc:"With kind officer: who"`
	Verbs   []engine.Verb `json:"verbs,omitempty" validate:"max=50,unique" doc:"What it is for, by the verbs of the authority table; none: all that its bearer may"`
	Days    int           `json:"days,omitempty" minimum:"1" maximum:"1095" doc:"How long it is good for; by default 365"`
}

// Resolve applies the rules of content.
func (b *KeyBody) Resolve(huma.Context) []error { return check(b) }

// KeyRotation says how a key is exchanged.
type KeyRotation struct {
	OverlapHours *int `json:"overlap_hours,omitempty" minimum:"0" maximum:"720" doc:"How long the old key goes on working; by default 24, at most until it would have expired"`
	Days         int  `json:"days,omitempty" minimum:"1" maximum:"1095" doc:"How long the new one is good for; by default 365"`
}

type keyInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" doc:"A repetition under the same key issues no second one, and does not show the secret again"`
	Body KeyBody
}

type keyIDInput struct {
	ID  string `path:"id" maxLength:"64" pattern:"^[a-z0-9]+$"`
	Key string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" doc:"A key is revoked once, under whatever key"`
}

type keyRotateInput struct {
	ID   string `path:"id" maxLength:"64" pattern:"^[a-z0-9]+$"`
	Key  string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" doc:"A key is exchanged once, under whatever key: a repetition is refused"`
	Body *KeyRotation
}

type keysInput struct {
	All    bool   `query:"all" doc:"Also those that were revoked or have expired"`
	Cursor string `query:"cursor" maxLength:"64" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type keysOutput struct {
	Body struct {
		Keys []engine.KeyRecord `json:"keys" doc:"Newest first, without their secrets"`
		Next string             `json:"next,omitempty"`
	}
}

// IssuedKey is a key with its secret, which is shown this once.
type IssuedKey struct {
	engine.KeyRecord

	Secret string `json:"secret,omitempty" doc:"The bearer token; it cannot be read again" example:"mc_0a1b2c3d4e5f_…"`
}

type issuedOutput struct {
	Status int
	Body   IssuedKey
}

type keyOutput struct {
	Body engine.KeyRecord
}

const keysPath = "/api/v1/keys"

func (m *machineAPI) registerKeys(a huma.API) {
	register(a, operation{
		id: "list-keys", method: http.MethodGet, path: keysPath,
		verb: engine.VerbManageKeys, tag: "keys", summary: "List the API keys of the agency, and when each was last used",
	}, m.keys)
	register(a, operation{
		id: "issue-key", method: http.MethodPost, path: keysPath, status: http.StatusCreated, replays: true,
		verb: engine.VerbManageKeys, tag: "keys", summary: "Issue an API key; the secret is in the answer and nowhere else",
	}, m.issueKey)
	register(a, operation{
		id: "rotate-key", method: http.MethodPost, path: keysPath + "/{id}/rotate", status: http.StatusCreated,
		verb: engine.VerbManageKeys, tag: "keys", summary: "Exchange a key for a new one; both work for a while",
	}, m.rotateKey)
	register(a, operation{
		id: "revoke-key", method: http.MethodPost, path: keysPath + "/{id}/revoke", status: http.StatusOK,
		verb: engine.VerbManageKeys, tag: "keys", summary: "Revoke a key at once",
	}, m.revokeKey)
}

func (m *machineAPI) keys(ctx context.Context, in *keysInput) (*keysOutput, error) {
	list, next, err := m.Keys.Keys(ctx, caller.From(ctx).Actor.Agency, in.All, in.Cursor, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &keysOutput{}
	out.Body.Keys, out.Body.Next = append([]engine.KeyRecord{}, list...), next
	return out, nil
}

const aDay = 24 * time.Hour

func (m *machineAPI) issueKey(ctx context.Context, in *keyInput) (*issuedOutput, error) {
	actor, b := caller.From(ctx).Actor, in.Body
	k := engine.KeyRequest{Kind: engine.ActorKind(b.Kind), Name: b.Name, Officer: b.Officer, Verbs: b.Verbs, Life: time.Duration(b.Days) * aDay}
	if in.Key != "" {
		k.ID = commandID(actor, "key", in.Key)[:16]
	}
	record, secret, err := m.Keys.IssueKey(ctx, actor, k)
	if err != nil {
		return nil, err
	}
	out := &issuedOutput{Status: http.StatusCreated, Body: IssuedKey{KeyRecord: record, Secret: secret}}
	if secret == "" {
		out.Status = http.StatusOK
	}
	return out, nil
}

func (m *machineAPI) rotateKey(ctx context.Context, in *keyRotateInput) (*issuedOutput, error) {
	overlap, life := engine.KeyOverlap, time.Duration(0)
	if b := in.Body; b != nil {
		life = time.Duration(b.Days) * aDay
		if b.OverlapHours != nil {
			overlap = time.Duration(*b.OverlapHours) * time.Hour
		}
	}
	record, secret, err := m.Keys.RotateKey(ctx, caller.From(ctx).Actor, in.ID, overlap, life)
	return &issuedOutput{Status: http.StatusCreated, Body: IssuedKey{KeyRecord: record, Secret: secret}}, err
}

func (m *machineAPI) revokeKey(ctx context.Context, in *keyIDInput) (*keyOutput, error) {
	record, err := m.Keys.WithdrawKey(ctx, caller.From(ctx).Actor, in.ID)
	return &keyOutput{Body: record}, err
}
