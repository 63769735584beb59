package web

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	"motcua/api/caller"
	"motcua/api/problem"
	"motcua/engine"
)

// Issuer signs people in elsewhere, by OpenID Connect.
type Issuer interface {
	// Name is the issuer's URL.
	Name() string
	// Ready says whether people can be sent there. Errors: CodeUnavailable.
	Ready(ctx context.Context) error
	// Begin is where a browser is sent to. Errors: CodeUnavailable.
	Begin(ctx context.Context, state, nonce, verifier string) (string, error)
	// Redeem says whom the issuer vouches for. Errors: CodeUnauthenticated,
	// CodeUnavailable.
	Redeem(ctx context.Context, code, nonce, verifier string) (engine.Identity, error)
	// EndURL is where a browser ends its session there too; empty: it cannot.
	EndURL(ctx context.Context) string
}

// Accounts knows which account of which issuer is which officer. Errors:
// CodeForbidden for every account that is nobody's, CodeUnavailable.
type Accounts interface {
	Identify(ctx context.Context, who engine.Identity) (officer string, err error)
}

// CallbackPath is where the issuer sends browsers back to, SignedOutPath where
// it does so after they have signed out there.
const (
	CallbackPath  = "/sign-in/callback"
	SignedOutPath = "/sign-in"
)

const (
	attemptCookie = "motcua_sign_in"
	// attemptLife is how long somebody may take at the issuer, in seconds.
	attemptLife = 15 * 60
	// maxNext is the longest way back that is remembered.
	maxNext = 1024
)

// attempt is a sign-in under way, known to the browser alone: a secret in a
// cookie from which everything else follows. What the issuer and addresses see
// of it does not lead back to it, so only the browser that began a sign-in can
// end it, and the server remembers nothing of those who never do.
type attempt struct {
	secret []byte
	next   string
}

func newAttempt(next string) attempt {
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails: it ends the process instead
	if len(next) > maxNext {
		next = "/"
	}
	return attempt{secret, next}
}

func (a attempt) String() string {
	return base64.RawURLEncoding.EncodeToString(a.secret) + "." + base64.RawURLEncoding.EncodeToString([]byte(a.next))
}

func (a attempt) derived(name string) string {
	mac := hmac.New(sha256.New, a.secret)
	mac.Write([]byte("motcua sign-in v1 " + name))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func (a attempt) state() string    { return a.derived("state") }
func (a attempt) nonce() string    { return a.derived("nonce") }
func (a attempt) verifier() string { return a.derived("verifier") }

// attemptOf reads the sign-in a browser has under way, if it is the one that
// comes back with state.
func (s *Site) attemptOf(r *http.Request, state string) (attempt, bool) {
	cookie, err := r.Cookie(s.Sessions.Name(attemptCookie))
	if err != nil {
		return attempt{}, false
	}
	secret, next, _ := strings.Cut(cookie.Value, ".")
	var a attempt
	var back []byte
	if a.secret, err = base64.RawURLEncoding.DecodeString(secret); err != nil || len(a.secret) != 32 {
		return attempt{}, false
	}
	if back, err = base64.RawURLEncoding.DecodeString(next); err != nil {
		return attempt{}, false
	}
	a.next = local(string(back))
	return a, subtle.ConstantTimeCompare([]byte(a.state()), []byte(state)) == 1
}

// beginSignIn sends the browser to the issuer.
func (s *Site) beginSignIn(w http.ResponseWriter, r *http.Request) error {
	a := newAttempt(local(r.URL.Query().Get("next")))
	to, err := s.Issuer.Begin(r.Context(), a.state(), a.nonce(), a.verifier())
	if err != nil {
		return s.turnAway(w, r, err)
	}
	http.SetCookie(w, s.Sessions.Cookie(attemptCookie, a.String(), attemptLife))
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// endSignIn takes the browser back from the issuer and, if it vouches for an
// officer, signs them in.
func (s *Site) endSignIn(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	a, ok := s.attemptOf(r, q.Get("state"))
	http.SetCookie(w, s.Sessions.Cookie(attemptCookie, "", -1))
	// An issuer that says its name must be the one we sent the browser to.
	if named := q.Get("iss"); !ok || named != "" && named != s.Issuer.Name() {
		return s.turnAway(w, r, engine.Errorf(engine.CodeUnauthenticated, "no such sign-in is under way"))
	}
	if q.Get("error") != "" || q.Get("code") == "" {
		return s.turnAway(w, r, engine.Errorf(engine.CodeUnauthenticated, "the issuer did not sign anybody in"))
	}
	who, err := s.Issuer.Redeem(r.Context(), q.Get("code"), a.nonce(), a.verifier())
	if err != nil {
		return s.turnAway(w, r, err)
	}
	officer, err := s.Accounts.Identify(r.Context(), who)
	if err != nil {
		return s.turnAway(w, r, err)
	}
	if err := s.enter(w, r, engine.Session{Officer: officer, Issuer: who.Issuer}); err != nil {
		return s.turnAway(w, r, err)
	}
	http.Redirect(w, r, a.next, http.StatusSeeOther)
	return nil
}

// enter begins a session; the log line of the request names who it is.
func (s *Site) enter(w http.ResponseWriter, r *http.Request, session engine.Session) error {
	officer, actor, err := s.People.Officer(r.Context(), session.Officer)
	if engine.CodeOf(err) == engine.CodeUnauthenticated {
		err = engine.Errorf(engine.CodeForbidden, "the account is not that of an officer who may act here")
	}
	if err != nil {
		return err
	}
	if err := s.Sessions.Begin(w, r, session); err != nil {
		return err
	}
	call := caller.From(r.Context())
	call.Officer, call.Actor = officer, actor
	return nil
}

// turnAway says that nobody was signed in, and why as far as it concerns whoever
// tries: what an account lacks is the same for every account.
func (s *Site) turnAway(w http.ResponseWriter, r *http.Request, err error) error {
	p := problem.Of(r.Context(), err)
	if p.Status == http.StatusInternalServerError {
		return err
	}
	p.Headers(w.Header().Set)
	lang := caller.From(r.Context()).Lang
	frame := s.frame(r, lang.T("Chưa đăng nhập được", "Not signed in"))
	frame.Other = "/sign-in?" + query("lang", otherLang(lang).Tag()) // not this page: its address holds a code
	s.render(w, r, p.Status, frame, turnedAway(lang, p))
	return nil
}

// issuerHost is what people know the issuer by.
func (s *Site) issuerHost() string {
	u, err := url.Parse(s.Issuer.Name())
	if err != nil {
		return s.Issuer.Name()
	}
	return u.Host
}
