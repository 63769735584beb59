package caller

import (
	"context"
	"net/http"
	"strings"

	"motcua/engine"
)

// The cookie that proves a session. Browsers take a name with __Host- only from
// this very host, over TLS, for every path: no neighbour can plant one. Without
// TLS, on a machine of development, there is no such name.
const (
	SessionCookie    = "__Host-" + DevSessionCookie
	DevSessionCookie = "motcua_session"
)

// SessionStore keeps sessions. Errors: CodeUnauthenticated for a token that
// proves none, CodeUnavailable.
type SessionStore interface {
	// BeginSession stores a session and returns the token that proves it.
	BeginSession(ctx context.Context, s engine.Session, l engine.SessionLimits) (token string, err error)
	// ResumeSession finds the session of a token, and returns a new token where
	// the old one was exchanged.
	ResumeSession(ctx context.Context, token string, l engine.SessionLimits) (s engine.Session, fresh string, err error)
	// EndSession ends the session of a token.
	EndSession(ctx context.Context, token string) (engine.Session, error)
}

// Sessions carries the tokens of a store in cookies.
type Sessions struct {
	store  SessionStore
	limits engine.SessionLimits
	secure bool
}

// NewSessions makes sessions for pages that browsers reach over TLS, or not.
func NewSessions(store SessionStore, limits engine.SessionLimits, secure bool) *Sessions {
	return &Sessions{store: store, limits: limits.WithDefaults(), secure: secure}
}

// Begin signs an officer in. The token is always a new one, never one the
// browser came with, and the session it came with ends: nobody can fix the
// token of somebody else beforehand. Errors: CodeUnauthenticated for somebody
// who may not act, CodeUnavailable.
func (s *Sessions) Begin(w http.ResponseWriter, r *http.Request, session engine.Session) error {
	if token, ok := s.token(r); ok {
		if _, err := s.store.EndSession(r.Context(), token); err != nil && engine.CodeOf(err) != engine.CodeUnauthenticated {
			return err
		}
	}
	token, err := s.store.BeginSession(r.Context(), session, s.limits)
	if err != nil {
		return err
	}
	http.SetCookie(w, s.Cookie(DevSessionCookie, token, 0))
	return nil
}

// Resume finds who a request is signed in as, and hands the browser its new
// token where the old one was exchanged. Errors: CodeUnauthenticated,
// CodeUnavailable.
func (s *Sessions) Resume(w http.ResponseWriter, r *http.Request) (engine.Session, error) {
	token, ok := s.token(r)
	if !ok {
		return engine.Session{}, engine.Errorf(engine.CodeUnauthenticated, "nobody is signed in")
	}
	session, fresh, err := s.store.ResumeSession(r.Context(), token, s.limits)
	if err == nil && fresh != "" {
		http.SetCookie(w, s.Cookie(DevSessionCookie, fresh, 0))
	}
	return session, err
}

// End signs whoever asks out: the session is over wherever its token went. Who
// is not signed in is signed out. Errors: CodeUnavailable.
func (s *Sessions) End(w http.ResponseWriter, r *http.Request) (engine.Session, error) {
	var session engine.Session
	if token, ok := s.token(r); ok {
		var err error
		if session, err = s.store.EndSession(r.Context(), token); err != nil && engine.CodeOf(err) != engine.CodeUnauthenticated {
			return engine.Session{}, err
		}
	}
	http.SetCookie(w, s.Cookie(DevSessionCookie, "", -1))
	return session, nil
}

// Cookie makes a cookie that scripts and other sites cannot use. An age of 0
// lets it end with the browser: computers at a counter are shared.
func (s *Sessions) Cookie(name, value string, age int) *http.Cookie {
	return &http.Cookie{
		Name: s.Name(name), Value: value, Path: "/", MaxAge: age, Secure: s.secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

// Name is what a cookie is called here.
func (s *Sessions) Name(cookie string) string {
	if s.secure {
		return "__Host-" + cookie
	}
	return cookie
}

// token reads the cookie; what cannot be a token is not looked up.
func (s *Sessions) token(r *http.Request) (string, bool) {
	cookie, err := r.Cookie(s.Name(DevSessionCookie))
	if err != nil || cookie.Value == "" || len(cookie.Value) > 64 {
		return "", false
	}
	return cookie.Value, strings.Trim(cookie.Value, "abcdefghijklmnopqrstuvwxyz234567") == ""
}
