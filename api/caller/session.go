package caller

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// SessionCookie names the cookie of the development sign-in.
const SessionCookie = "motcua_session"

// sessionLife is one working day with overtime.
const sessionLife = 12 * time.Hour

// Sessions signs who is signed in into a cookie. There is no store behind it,
// so signing out forgets the cookie but cannot revoke a copy of it: good for
// development on one machine, which is all it is for.
type Sessions struct {
	key []byte
	now func() time.Time
}

// NewSessions makes sessions with a key, or with a random one that lives as
// long as the process.
func NewSessions(key []byte, now func() time.Time) *Sessions {
	if len(key) == 0 {
		key = make([]byte, 32)
		_, _ = rand.Read(key) // never fails: it ends the process instead
	}
	return &Sessions{key: key, now: now}
}

// Issue makes the cookie that says who is signed in.
func (s *Sessions) Issue(officer string) *http.Cookie {
	expires := s.now().Add(sessionLife)
	body := base64.RawURLEncoding.EncodeToString([]byte(officer)) + "." + strconv.FormatInt(expires.Unix(), 10)
	return s.cookie(body+"."+s.sign(body), int(sessionLife.Seconds()))
}

// Forget makes the cookie that ends a session.
func (s *Sessions) Forget() *http.Cookie { return s.cookie("", -1) }

func (s *Sessions) cookie(value string, maxAge int) *http.Cookie {
	// Not Secure: the sign-in is refused anywhere but on a loopback address,
	// which browsers reach without TLS.
	return &http.Cookie{
		Name: SessionCookie, Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
}

// Officer finds who a request is signed in as: false without a cookie, with
// one that is not ours, and after it expired.
func (s *Sessions) Officer(r *http.Request) (string, bool) {
	cookie, err := r.Cookie(SessionCookie)
	if err != nil {
		return "", false
	}
	at := strings.LastIndexByte(cookie.Value, '.')
	if at < 0 || !hmac.Equal([]byte(cookie.Value[at+1:]), []byte(s.sign(cookie.Value[:at]))) {
		return "", false
	}
	id, expires, _ := strings.Cut(cookie.Value[:at], ".")
	officer, err := base64.RawURLEncoding.DecodeString(id)
	unix, bad := strconv.ParseInt(expires, 10, 64)
	if err != nil || bad != nil || !s.now().Before(time.Unix(unix, 0)) {
		return "", false
	}
	return string(officer), true
}

func (s *Sessions) sign(body string) string {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte("motcua session v1\n" + body))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
