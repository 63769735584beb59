package oidc_test

import (
	"crypto/x509"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/internal/oidc"
)

func TestRedeem(t *testing.T) {
	i, now, log := newIssuer(t), began, strings.Builder{}
	p := i.at(&now, &log)
	for range 5 {
		who, err := p.Redeem(t.Context(), code, nonce, "verifier-1")
		require.NoError(t, err, log.String())
		require.Equal(t, engine.Identity{Issuer: i.url, Subject: "sub-1", Claimed: "lan.nguyen"}, who)
	}
	require.Equal(t, 1, i.times("/.well-known/openid-configuration"))
	require.Equal(t, 1, i.times("/keys"), "keys are kept")
	require.Equal(t, "verifier-1", i.form.Get("code_verifier"))
	require.Equal(t, code, i.form.Get("code"))
	require.Equal(t, "https://motcua.example.vn/sign-in/callback", i.form.Get("redirect_uri"))
	id, key, ok := i.login()
	require.True(t, ok)
	require.Equal(t, []string{client, secret}, []string{id, key})
	require.Empty(t, i.form.Get("client_secret"))

	i.mu.Lock()
	i.away = true
	i.mu.Unlock()
	_, err := p.Redeem(t.Context(), code, nonce, "verifier-1")
	require.Equal(t, engine.CodeUnavailable, engine.CodeOf(err))
}

func TestRedeemRefusesTokens(t *testing.T) {
	thief := otherKey()
	claims := func(changed map[string]any) func(*issuer) {
		return func(i *issuer) {
			i.claims = func(c map[string]any) {
				for name, value := range changed {
					if c[name] = value; value == nil {
						delete(c, name)
					}
				}
			}
		}
	}
	token := func(f func(string) string) func(*issuer) { return func(i *issuer) { i.token = f } }
	none := encoded(map[string]any{"alg": "none", "kid": "k1"})

	for name, lie := range map[string]func(*issuer){
		"not signed":                   token(func(s string) string { return none + "." + parts(s)[1] + "." }),
		"not signed, with a signature": token(func(s string) string { return none + "." + parts(s)[1] + "." + parts(s)[2] }),
		"altered": token(func(s string) string {
			return altered(t, s, map[string]any{"preferred_username": "hai.hoang"})
		}),
		"with a cut signature":  token(func(s string) string { return s[:len(s)-8] }),
		"without a signature":   token(func(s string) string { return parts(s)[0] + "." + parts(s)[1] + "." }),
		"no token at all":       token(func(string) string { return "" }),
		"no JWT":                token(func(string) string { return "eyJ.." }),
		"signed by another":     func(i *issuer) { i.sign = func(c map[string]any) string { return i.signed(thief, "k1", c) } },
		"by an unknown key":     func(i *issuer) { i.sign = func(c map[string]any) string { return i.signed(thief, "k2", c) } },
		"our key under another": func(i *issuer) { i.sign = func(c map[string]any) string { return i.signed(i.key, "k2", c) } },
		"by the public key as a shared secret": func(i *issuer) {
			i.sign = func(c map[string]any) string {
				public := x509.MarshalPKCS1PublicKey(&i.key.PublicKey)
				return i.signedBy(jose.SigningKey{Algorithm: jose.HS256, Key: public}, c)
			}
		},
		"by the client's secret": func(i *issuer) {
			i.sign = func(c map[string]any) string {
				return i.signedBy(jose.SigningKey{Algorithm: jose.HS256, Key: []byte(strings.Repeat(secret, 8))}, c)
			}
		},
		"for another audience":     claims(map[string]any{"aud": "another"}),
		"for no audience":          claims(map[string]any{"aud": nil}),
		"for several, of no party": claims(map[string]any{"aud": []string{client, "another"}}),
		"of another party":         claims(map[string]any{"azp": "another"}),
		"of another issuer":        claims(map[string]any{"iss": "https://id.example.com"}),
		"of no issuer":             claims(map[string]any{"iss": nil}),
		"expired":                  claims(map[string]any{"exp": began.Add(-time.Second).Unix()}),
		"without an end":           claims(map[string]any{"exp": nil}),
		"not valid yet":            claims(map[string]any{"nbf": began.Add(10 * time.Minute).Unix()}),
		"issued in the future":     claims(map[string]any{"iat": began.Add(10 * time.Minute).Unix()}),
		"issued never":             claims(map[string]any{"iat": nil}),
		"of another sign-in":       claims(map[string]any{"nonce": "another"}),
		"of no sign-in":            claims(map[string]any{"nonce": nil}),
		"of nobody":                claims(map[string]any{"sub": nil}),
		"of somebody endless":      claims(map[string]any{"sub": strings.Repeat("x", 256)}),
		"with another's access":    claims(map[string]any{"at_hash": half("access-2")}),
	} {
		t.Run(name, func(t *testing.T) {
			i, now, log := newIssuer(t), began, strings.Builder{}
			p := i.at(&now, &log)
			lie(i)
			who, err := p.Redeem(t.Context(), code, nonce, "verifier-1")
			require.Equal(t, engine.CodeUnauthenticated, engine.CodeOf(err), "%v", err)
			require.EqualError(t, err, "unauthenticated: the token of the issuer is not valid", "the reason is for the log")
			require.Zero(t, who)
			require.Contains(t, log.String(), "a token is refused")
			require.NotContains(t, log.String(), "lan.nguyen")
		})
	}

	t.Run("when its key cannot be looked up", func(t *testing.T) {
		i, now, log := newIssuer(t), began, strings.Builder{}
		i.metadata = func(m map[string]any) { m["jwks_uri"] = "http://127.0.0.1:1/keys" }
		_, err := i.at(&now, &log).Redeem(t.Context(), code, nonce, "verifier-1")
		require.Equal(t, engine.CodeUnauthenticated, engine.CodeOf(err))
	})
	t.Run("without a nonce to compare with", func(t *testing.T) {
		i, now, log := newIssuer(t), began, strings.Builder{}
		claims(map[string]any{"nonce": nil})(i)
		_, err := i.at(&now, &log).Redeem(t.Context(), code, "", "verifier-1")
		require.Equal(t, engine.CodeUnauthenticated, engine.CodeOf(err))
	})
}

func TestRedeemTakesANewKeyOfTheIssuer(t *testing.T) {
	i, now, log := newIssuer(t), began, strings.Builder{}
	p := i.at(&now, &log)
	_, err := p.Redeem(t.Context(), code, nonce, "v")
	require.NoError(t, err)
	i.mu.Lock()
	i.key = otherKey()
	i.mu.Unlock()
	_, err = p.Redeem(t.Context(), code, nonce, "v")
	require.NoError(t, err, "an unknown signature makes us look again: %s", log.String())
	require.Equal(t, 2, i.times("/keys"))
}

func TestRedeemOfACodeThatIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   map[string]any
		want   engine.Code
	}{
		"used twice":              {http.StatusBadRequest, map[string]any{"error": "invalid_grant"}, engine.CodeUnauthenticated},
		"by a client not known":   {http.StatusUnauthorized, map[string]any{"error": "invalid_client"}, engine.CodeUnavailable},
		"by an issuer in trouble": {http.StatusInternalServerError, map[string]any{}, engine.CodeUnavailable},
		"with nothing":            {http.StatusOK, map[string]any{}, engine.CodeUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			i, now, log := newIssuer(t), began, strings.Builder{}
			i.answer = func(w http.ResponseWriter) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(c.status)
				c.body["error_description"] = "lan.nguyen"
				_, _ = w.Write([]byte(`{"error":"` + text(c.body["error"]) + `","error_description":"of lan.nguyen"}`))
			}
			_, err := i.at(&now, &log).Redeem(t.Context(), code, nonce, "v")
			require.Equal(t, c.want, engine.CodeOf(err), "%v", err)
			require.NotContains(t, log.String(), "lan.nguyen", "the issuer's words are not repeated")
		})
	}
}

func text(v any) string { s, _ := v.(string); return s }

func TestRedeemNamesTheOfficer(t *testing.T) {
	redeem := func(t *testing.T, i *issuer, change ...func(*oidc.Options)) engine.Identity {
		t.Helper()
		now, log := began, strings.Builder{}
		who, err := i.at(&now, &log, change...).Redeem(t.Context(), code, nonce, "v")
		require.NoError(t, err, log.String())
		return who
	}
	t.Run("by another claim", func(t *testing.T) {
		i := newIssuer(t)
		i.claims = func(c map[string]any) { c["employee_id"] = " hai.hoang " }
		require.Equal(t, "hai.hoang", redeem(t, i, func(o *oidc.Options) { o.Claim = "employee_id" }).Claimed)
	})
	t.Run("by the subject", func(t *testing.T) {
		require.Equal(t, "sub-1", redeem(t, newIssuer(t), func(o *oidc.Options) { o.Claim = "sub" }).Claimed)
	})
	t.Run("where the issuer says more about the account", func(t *testing.T) {
		i := newIssuer(t)
		i.metadata = func(m map[string]any) { m["userinfo_endpoint"] = i.url + "/userinfo" }
		i.claims = func(c map[string]any) { delete(c, "preferred_username") }
		i.info = map[string]any{"sub": "sub-1", "preferred_username": "nga.ngo"}
		require.Equal(t, "nga.ngo", redeem(t, i).Claimed)
		i.info["sub"] = "sub-2"
		require.Empty(t, redeem(t, i).Claimed, "not of another account")
	})
	t.Run("not at all by what is no id", func(t *testing.T) {
		for _, odd := range []any{nil, 7, true, []string{"lan.nguyen"}, strings.Repeat("x", 65)} {
			i := newIssuer(t)
			i.claims = func(c map[string]any) { c["preferred_username"] = odd }
			require.Empty(t, redeem(t, i).Claimed)
		}
	})
}
