package api_test

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"strings"
	"sync"
	"time"

	"motcua/engine"
)

// door keeps sessions and accounts in memory, by the world's clock.
type door struct {
	w        *world
	mu       sync.Mutex
	open     map[string]*stay
	accounts map[string]string // by issuer and subject
	broken   error
}

type stay struct {
	engine.Session
	rotated time.Time
}

func newDoor(w *world) *door {
	return &door{w: w, open: map[string]*stay{}, accounts: map[string]string{}}
}

func newToken() string {
	raw := make([]byte, 32)
	_, _ = rand.Read(raw)
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw))
}

func (d *door) BeginSession(ctx context.Context, s engine.Session, _ engine.SessionLimits) (string, error) {
	if _, _, err := d.w.Officer(ctx, s.Officer); err != nil {
		return "", err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken != nil {
		return "", d.broken
	}
	s.StartedAt, s.SeenAt = d.w.clock(), d.w.clock()
	token := newToken()
	d.open[token] = &stay{Session: s, rotated: s.StartedAt}
	return token, nil
}

func (d *door) ResumeSession(_ context.Context, token string, l engine.SessionLimits) (engine.Session, string, error) {
	now := d.w.clock()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken != nil {
		return engine.Session{}, "", d.broken
	}
	s, ok := d.open[token]
	if !ok || now.Sub(s.StartedAt) >= l.Absolute || now.Sub(s.SeenAt) >= l.Idle {
		delete(d.open, token)
		return engine.Session{}, "", engine.Errorf(engine.CodeUnauthenticated, "the session is over")
	}
	s.SeenAt = now
	if now.Sub(s.rotated) < l.Rotate {
		return s.Session, "", nil
	}
	fresh := newToken()
	s.rotated = now
	delete(d.open, token)
	d.open[fresh] = s
	return s.Session, fresh, nil
}

func (d *door) EndSession(_ context.Context, token string) (engine.Session, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.broken != nil {
		return engine.Session{}, d.broken
	}
	s, ok := d.open[token]
	if !ok {
		return engine.Session{}, engine.Errorf(engine.CodeUnauthenticated, "the session is over")
	}
	delete(d.open, token)
	return s.Session, nil
}

func (d *door) EndSessions(ctx context.Context, agency, officer string) (int, error) {
	if _, a, err := d.w.Officer(ctx, officer); err != nil || a.Agency != agency {
		return 0, engine.Errorf(engine.CodeOfficerUnknown, "agency %s has no officer %q", agency, officer)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	ended := 0
	for token, s := range d.open {
		if s.Officer == officer {
			delete(d.open, token)
			ended++
		}
	}
	return ended, nil
}

func (d *door) Identify(ctx context.Context, who engine.Identity) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	officer, linked := d.accounts[who.Issuer+" "+who.Subject]
	if !linked {
		officer = who.Claimed
	}
	if _, _, err := d.w.Officer(ctx, officer); err != nil {
		return "", engine.Errorf(engine.CodeForbidden, "the account is not that of an officer who may act here")
	}
	return officer, nil
}

func (d *door) LinkIdentity(ctx context.Context, a engine.Actor, officer string, who engine.Identity) error {
	if _, err := d.EndSessions(ctx, a.Agency, officer); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.accounts[who.Issuer+" "+who.Subject] = officer
	return nil
}

// oracle is an issuer that signs in whoever the test says, if what was begun
// is what is redeemed.
type oracle struct {
	away     error
	end      string
	who      engine.Identity
	state    string
	nonce    string
	verifier string
	fault    error // what Redeem answers
}

const oracleName = "https://id.example.vn"

func (o *oracle) Name() string                  { return oracleName }
func (o *oracle) Ready(context.Context) error   { return o.away }
func (o *oracle) EndURL(context.Context) string { return o.end }

func (o *oracle) Begin(_ context.Context, state, nonce, verifier string) (string, error) {
	o.state, o.nonce, o.verifier = state, nonce, verifier
	return oracleName + "/auth?state=" + state, o.away
}

func (o *oracle) Redeem(_ context.Context, code, nonce, verifier string) (engine.Identity, error) {
	if o.fault != nil {
		return engine.Identity{}, o.fault
	}
	if code != "code-1" || nonce != o.nonce || verifier != o.verifier {
		return engine.Identity{}, engine.Errorf(engine.CodeUnauthenticated, "the token of the issuer is not valid")
	}
	return o.who, nil
}
