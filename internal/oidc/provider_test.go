package oidc_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/internal/oidc"
)

func TestBegin(t *testing.T) {
	i, now, log := newIssuer(t), began, strings.Builder{}
	p := i.at(&now, &log)
	require.Zero(t, i.times("/.well-known/openid-configuration"), "nothing is asked before it is needed")
	to, err := p.Begin(t.Context(), "state-1", "nonce-1", "verifier-1")
	require.NoError(t, err)
	u, err := url.Parse(to)
	require.NoError(t, err)
	require.Equal(t, i.url+"/auth", u.Scheme+"://"+u.Host+u.Path)
	require.Equal(t, url.Values{
		"response_type": {"code"}, "client_id": {client}, "redirect_uri": {"https://motcua.example.vn/sign-in/callback"},
		"scope": {"openid profile"}, "state": {"state-1"}, "nonce": {"nonce-1"},
		"code_challenge": {challengeOf("verifier-1")}, "code_challenge_method": {"S256"},
	}, u.Query())
	require.NotContains(t, to, "verifier-1")
	require.NotContains(t, to, secret)
}

func TestIssuerThatIsAway(t *testing.T) {
	i, now, log := newIssuer(t), began, strings.Builder{}
	i.away = true
	p := i.at(&now, &log)
	for range 3 {
		require.Equal(t, engine.CodeUnavailable, engine.CodeOf(p.Ready(t.Context())))
	}
	require.Equal(t, 1, i.times("/.well-known/openid-configuration"), "it is not asked by everybody")
	require.Empty(t, p.EndURL(t.Context()))
	_, err := p.Begin(t.Context(), "s", "n", "v")
	require.Equal(t, engine.CodeUnavailable, engine.CodeOf(err))

	i.away = false
	now = now.Add(6 * time.Second)
	require.NoError(t, p.Ready(t.Context()), "it is asked again")

	i.away = true
	now = now.Add(2 * time.Hour)
	require.NoError(t, p.Ready(t.Context()), "what it said before still holds")
	i.away = false
	now = now.Add(time.Minute)
	require.NoError(t, p.Ready(t.Context()))
}

func TestIssuerThatIsNone(t *testing.T) {
	for name, lie := range map[string]func(map[string]any){
		"calls itself otherwise": func(m map[string]any) { m["issuer"] = "https://id.example.com" },
		"redeems no codes":       func(m map[string]any) { delete(m, "token_endpoint") },
		"signs nobody in":        func(m map[string]any) { delete(m, "authorization_endpoint") },
	} {
		t.Run(name, func(t *testing.T) {
			i, now, log := newIssuer(t), began, strings.Builder{}
			i.metadata = lie
			require.Equal(t, engine.CodeUnavailable, engine.CodeOf(i.at(&now, &log).Ready(t.Context())))
			require.Contains(t, log.String(), "does not answer")
		})
	}
}

func TestEndURL(t *testing.T) {
	i, now, log := newIssuer(t), began, strings.Builder{}
	require.Equal(t, i.url+"/end?client_id=motcua&post_logout_redirect_uri=https%3A%2F%2Fmotcua.example.vn%2Fsign-in&realm=vn",
		i.at(&now, &log).EndURL(t.Context()))
	i.metadata = func(m map[string]any) { delete(m, "end_session_endpoint") }
	require.Empty(t, i.at(&now, &log).EndURL(t.Context()))
}

func TestClientShowsItselfAsTheIssuerTakesIt(t *testing.T) {
	for name, c := range map[string]struct {
		methods []string
		secret  string
		basic   bool
	}{
		"by default":         {nil, secret, true},
		"in the header":      {[]string{"client_secret_post", "client_secret_basic"}, secret, true},
		"in the body":        {[]string{"client_secret_post"}, secret, false},
		"as a public client": {nil, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			i, now, log := newIssuer(t), began, strings.Builder{}
			i.metadata = func(m map[string]any) {
				if c.methods != nil {
					m["token_endpoint_auth_methods_supported"] = c.methods
				}
			}
			_, err := i.at(&now, &log, func(o *oidc.Options) { o.ClientSecret = c.secret }).Redeem(t.Context(), code, nonce, "v")
			require.NoError(t, err, log.String())
			_, _, basic := i.login()
			require.Equal(t, c.basic, basic)
			if !c.basic {
				require.Equal(t, client, i.form.Get("client_id"))
				require.Equal(t, c.secret, i.form.Get("client_secret"))
			}
		})
	}
}
