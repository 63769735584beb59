package oidc_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"motcua/internal/oidc"
)

const (
	client = "motcua"
	secret = "s3cret"
	nonce  = "nonce-of-this-sign-in"
	code   = "code-1"
)

var began = time.Date(2026, time.November, 17, 8, 0, 0, 0, time.UTC)

// issuer answers as an issuer does, with keys of its own, and lies as it is
// told: tests change one thing of what it says.
type issuer struct {
	t   *testing.T
	url string
	key *rsa.PrivateKey

	mu       sync.Mutex
	away     bool                        // every answer is 503
	asked    map[string]int              // requests by path
	metadata func(map[string]any)        // changes what it says of itself
	claims   func(map[string]any)        // changes the claims of the token
	token    func(honest string) string  // changes the token once it is signed
	sign     func(map[string]any) string // signs in another way
	answer   func(http.ResponseWriter)   // answers the redemption in another way
	info     map[string]any              // what it says of the account on request
	form     url.Values                  // the redemption
	login    func() (id, key string, ok bool)
}

// The keys of the issuer and of somebody else: making one takes a while.
var ownKey, otherKey = sync.OnceValue(newKey), sync.OnceValue(newKey)

func newKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{t: t, key: ownKey(), asked: map[string]int{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", i.describe)
	mux.HandleFunc("GET /keys", i.keys)
	mux.HandleFunc("POST /token", i.redeem)
	mux.HandleFunc("GET /userinfo", func(w http.ResponseWriter, _ *http.Request) { say(w, i.info) })
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i.mu.Lock()
		defer i.mu.Unlock()
		i.asked[r.URL.Path]++
		if i.away {
			http.Error(w, "away", http.StatusServiceUnavailable)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	i.url = server.URL
	return i
}

func say(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (i *issuer) describe(w http.ResponseWriter, _ *http.Request) {
	said := map[string]any{
		"issuer": i.url, "authorization_endpoint": i.url + "/auth", "token_endpoint": i.url + "/token", "jwks_uri": i.url + "/keys",
		"end_session_endpoint": i.url + "/end?realm=vn", "id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"},
	}
	if i.metadata != nil {
		i.metadata(said)
	}
	say(w, said)
}

func (i *issuer) keys(w http.ResponseWriter, _ *http.Request) {
	say(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &i.key.PublicKey, KeyID: "k1", Algorithm: "RS256", Use: "sig"}}})
}

func (i *issuer) redeem(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	i.form = r.PostForm
	id, key, ok := r.BasicAuth()
	i.login = func() (string, string, bool) { return id, key, ok }
	if i.answer != nil {
		i.answer(w)
		return
	}
	claims := map[string]any{
		"iss": i.url, "sub": "sub-1", "aud": client, "nonce": nonce, "preferred_username": "lan.nguyen",
		"iat": began.Unix(), "exp": began.Add(5 * time.Minute).Unix(), "at_hash": half("access-1"),
	}
	if i.claims != nil {
		i.claims(claims)
	}
	signed := i.signed(i.key, "k1", claims)
	if i.sign != nil {
		signed = i.sign(claims)
	}
	if i.token != nil {
		signed = i.token(signed)
	}
	say(w, map[string]any{"access_token": "access-1", "token_type": "Bearer", "expires_in": 300, "id_token": signed})
}

func half(token string) string {
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

func (i *issuer) signed(key any, kid string, claims map[string]any) string {
	return i.signedBy(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: kid}}, claims)
}

func (i *issuer) signedBy(key jose.SigningKey, claims map[string]any) string {
	signer, err := jose.NewSigner(key, nil)
	require.NoError(i.t, err)
	text, err := json.Marshal(claims)
	require.NoError(i.t, err)
	object, err := signer.Sign(text)
	require.NoError(i.t, err)
	token, err := object.CompactSerialize()
	require.NoError(i.t, err)
	return token
}

func (i *issuer) times(path string) int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.asked[path]
}

// parts are the three of a token.
func parts(token string) []string { return strings.Split(token, ".") }

func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func encoded(v any) string {
	text, _ := json.Marshal(v)
	return base64.RawURLEncoding.EncodeToString(text)
}

// altered is a token with some claims changed and its signature kept.
func altered(t *testing.T, token string, changed map[string]any) string {
	t.Helper()
	p := parts(token)
	text, err := base64.RawURLEncoding.DecodeString(p[1])
	require.NoError(t, err)
	var claims map[string]any
	require.NoError(t, json.Unmarshal(text, &claims))
	maps.Copy(claims, changed)
	return p[0] + "." + encoded(claims) + "." + p[2]
}

// at is us, at a moment.
func (i *issuer) at(now *time.Time, log *strings.Builder, change ...func(*oidc.Options)) *oidc.Provider {
	o := oidc.Options{
		Issuer: i.url, ClientID: client, ClientSecret: secret, RedirectURL: "https://motcua.example.vn/sign-in/callback",
		SignedOutURL: "https://motcua.example.vn/sign-in", Log: slog.New(slog.NewTextHandler(log, nil)), Now: func() time.Time { return *now },
	}
	for _, c := range change {
		c(&o)
	}
	return oidc.New(o)
}
