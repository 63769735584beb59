// Package oidc signs people in at an issuer of OpenID Connect: the
// authorization code flow with PKCE. It finds the issuer by discovery, when it
// is first needed and again until it answers, so that motcua starts while the
// issuer is away. It decides who somebody is at the issuer, not which officer
// that is.
package oidc

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"motcua/engine"
)

const (
	// requestTime bounds a question to the issuer; people wait for the answer.
	requestTime = 5 * time.Second
	// maxAnswer bounds what the issuer may answer, in bytes.
	maxAnswer = 1 << 20
	// metadataLife is how long what the issuer says of itself is believed.
	// Its keys are another matter: an unknown one is looked for at once.
	metadataLife = time.Hour
	// retryAfter is how long an issuer that is away is not asked again.
	retryAfter = 5 * time.Second
)

// Options say which issuer is trusted, and as whom it knows us.
type Options struct {
	Issuer       string // the issuer's URL, exactly as its tokens say it
	ClientID     string
	ClientSecret string // empty: a public client, protected by PKCE alone
	// RedirectURL and SignedOutURL are where the issuer sends the browser
	// back to, as they are registered there.
	RedirectURL, SignedOutURL string
	// Claim names the officer; by default preferred_username.
	Claim  string
	Scopes []string // by default openid and profile
	Log    *slog.Logger
	// Now is the clock; tests set it.
	Now func() time.Time
}

// Provider is an issuer seen from here. It is safe for concurrent use.
type Provider struct {
	Options
	http *http.Client

	mu     sync.Mutex
	found  *found    // nil until the issuer has answered
	again  time.Time // when to ask it again
	failed error     // what came of the last question
}

// found is what the issuer says of itself.
type found struct {
	provider *oidc.Provider
	verifier *oidc.IDTokenVerifier
	oauth    oauth2.Config
	end      string // where sessions at the issuer end; empty: it does not say
}

// New makes a provider. It asks the issuer nothing yet.
func New(o Options) *Provider {
	if o.Claim == "" {
		o.Claim = "preferred_username"
	}
	if len(o.Scopes) == 0 {
		o.Scopes = []string{oidc.ScopeOpenID, "profile"}
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	refuse := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Provider{Options: o, http: &http.Client{Transport: bounded{http.DefaultTransport}, Timeout: requestTime, CheckRedirect: refuse}}
}

// Name is the issuer's URL.
func (p *Provider) Name() string { return p.Issuer }

// Ready says whether people can be sent to the issuer. Errors: CodeUnavailable.
func (p *Provider) Ready(ctx context.Context) error {
	_, err := p.discover(ctx)
	return err
}

// Begin is where a browser is sent to sign in. The issuer sends it back with
// the state; the nonce comes back in the token, and the verifier is shown when
// the code is redeemed. Errors: CodeUnavailable.
func (p *Provider) Begin(ctx context.Context, state, nonce, verifier string) (string, error) {
	f, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	return f.oauth.AuthCodeURL(state, oidc.Nonce(nonce), oauth2.S256ChallengeOption(verifier)), nil
}

// EndURL is where a browser is sent to end its session at the issuer too;
// empty when the issuer does not offer it or is away. The address names nobody:
// the issuer knows its session by its own cookie.
func (p *Provider) EndURL(ctx context.Context) string {
	f, err := p.discover(ctx)
	if err != nil || f.end == "" {
		return ""
	}
	end, err := url.Parse(f.end)
	if err != nil {
		return ""
	}
	q := end.Query()
	q.Set("client_id", p.ClientID)
	q.Set("post_logout_redirect_uri", p.SignedOutURL)
	end.RawQuery = q.Encode()
	return end.String()
}

// discover asks the issuer what it says of itself, unless it has said so
// lately or was away a moment ago. Those who come meanwhile wait for the answer.
func (p *Provider) discover(ctx context.Context) (*found, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.Now()
	if now.Before(p.again) {
		return p.found, p.failed
	}
	// The answer is for everybody, so it does not end with the request that asked.
	f, err := p.ask(oidc.ClientContext(context.WithoutCancel(ctx), p.http))
	if err == nil {
		p.found, p.failed, p.again = f, nil, now.Add(metadataLife)
		return f, nil
	}
	p.Log.WarnContext(ctx, "the issuer of sign-ins does not answer", "issuer", p.Issuer, "error", err)
	p.again = p.Now().Add(retryAfter)
	if p.found == nil {
		p.failed = engine.Errorf(engine.CodeUnavailable, "the issuer of sign-ins cannot be reached")
	}
	return p.found, p.failed // what it said before still holds
}

func (p *Provider) ask(ctx context.Context) (*found, error) {
	provider, err := oidc.NewProvider(ctx, p.Issuer)
	if err != nil {
		return nil, err
	}
	var said struct {
		End     string   `json:"end_session_endpoint"`
		Methods []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err := provider.Claims(&said); err != nil {
		return nil, err
	}
	endpoint := provider.Endpoint()
	if endpoint.AuthURL == "" || endpoint.TokenURL == "" {
		return nil, errors.New("the issuer names no endpoints for the authorization code flow")
	}
	endpoint.AuthStyle = p.style(said.Methods)
	return &found{
		provider: provider,
		verifier: provider.VerifierContext(ctx, &oidc.Config{ClientID: p.ClientID, Now: p.Now}),
		oauth: oauth2.Config{
			ClientID: p.ClientID, ClientSecret: p.ClientSecret, Endpoint: endpoint, RedirectURL: p.RedirectURL, Scopes: p.Scopes,
		},
		end: said.End,
	}, nil
}

// style is how we show who we are: in the header, which is what issuers take
// that say nothing, or in the body.
func (p *Provider) style(methods []string) oauth2.AuthStyle {
	basic := len(methods) == 0
	for _, m := range methods {
		basic = basic || m == "client_secret_basic"
	}
	if p.ClientSecret != "" && basic {
		return oauth2.AuthStyleInHeader
	}
	return oauth2.AuthStyleInParams
}

// bounded reads no more of an answer than it may hold.
type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	res.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(res.Body, maxAnswer), res.Body}
	return res, nil
}

// claimed reads the officer's id out of claims; what is no id is none.
func claimed(claims map[string]any, name string) string {
	value, _ := claims[name].(string)
	if len(value) > 64 {
		return ""
	}
	return strings.TrimSpace(value)
}
