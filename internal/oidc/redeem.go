package oidc

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"motcua/engine"
)

// leeway is how far the issuer's clock may be ahead of ours.
const leeway = 5 * time.Minute

// Redeem exchanges the code of a sign-in for a token and says whom the issuer
// vouches for. The token must be signed by a key of the issuer, be for us, be
// of now and answer the nonce of this sign-in. Errors: CodeUnauthenticated for
// a code or a token that is not, CodeUnavailable.
func (p *Provider) Redeem(ctx context.Context, code, nonce, verifier string) (engine.Identity, error) {
	f, err := p.discover(ctx)
	if err != nil {
		return engine.Identity{}, err
	}
	ctx = oidc.ClientContext(ctx, p.http)
	token, err := f.oauth.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if err != nil {
		return engine.Identity{}, p.refused(ctx, err)
	}
	id, claims, err := p.verify(ctx, f, token, nonce)
	if err != nil {
		p.Log.WarnContext(ctx, "a token is refused", "issuer", p.Issuer, "error", err)
		return engine.Identity{}, engine.Errorf(engine.CodeUnauthenticated, "the token of the issuer is not valid")
	}
	who := engine.Identity{Issuer: id.Issuer, Subject: id.Subject, Claimed: claimed(claims, p.Claim)}
	if who.Claimed == "" && f.provider.UserInfoEndpoint() != "" {
		who.Claimed = p.asked(ctx, f, token, id.Subject)
	}
	return who, nil
}

// refused tells an issuer that does not take the code from one that does not
// work, or does not know us. Its words are not repeated: they may hold anything.
func (p *Provider) refused(ctx context.Context, err error) error {
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) && answer.ErrorCode == "invalid_grant" {
		p.Log.WarnContext(ctx, "a code is refused by the issuer", "issuer", p.Issuer)
		return engine.Errorf(engine.CodeUnauthenticated, "the issuer does not take the code")
	}
	reason := "no answer"
	if answer != nil {
		reason = fmt.Sprintf("status %d, error %q", answer.Response.StatusCode, answer.ErrorCode)
	}
	p.Log.ErrorContext(ctx, "a code cannot be redeemed", "issuer", p.Issuer, "reason", reason)
	return engine.Errorf(engine.CodeUnavailable, "the issuer of sign-ins does not answer as it should")
}

// verify checks the ID token: first what the library checks (signature,
// issuer, audience, expiry, not before), then what it leaves to us.
func (p *Provider) verify(ctx context.Context, f *found, token *oauth2.Token, nonce string) (*oidc.IDToken, map[string]any, error) {
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return nil, nil, errors.New("there is no ID token")
	}
	id, err := f.verifier.Verify(ctx, raw)
	if err != nil {
		return nil, nil, err
	}
	var claims map[string]any
	if err := id.Claims(&claims); err != nil {
		return nil, nil, err
	}
	party, named := claims["azp"].(string)
	switch {
	case subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(nonce)) != 1 || nonce == "":
		return nil, nil, errors.New("the nonce is that of another sign-in")
	case id.Subject == "" || len(id.Subject) > 255:
		return nil, nil, errors.New("the token names no subject")
	case named && party != p.ClientID, !named && len(id.Audience) > 1:
		return nil, nil, errors.New("the token was issued to another party")
	case id.IssuedAt.IsZero() || id.IssuedAt.After(p.Now().Add(leeway)):
		return nil, nil, errors.New("the token was issued in the future")
	case id.AccessTokenHash != "":
		if err := id.VerifyAccessToken(token.AccessToken); err != nil {
			return nil, nil, err
		}
	}
	return id, claims, nil
}

// asked looks the officer up where issuers that keep ID tokens small say who
// somebody is. It is best effort: an account may be linked by its subject.
func (p *Provider) asked(ctx context.Context, f *found, token *oauth2.Token, subject string) string {
	info, err := f.provider.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil || info.Subject != subject {
		p.Log.WarnContext(ctx, "the issuer does not say who the account is", "issuer", p.Issuer)
		return ""
	}
	var claims map[string]any
	if err := info.Claims(&claims); err != nil {
		return ""
	}
	return claimed(claims, p.Claim)
}
