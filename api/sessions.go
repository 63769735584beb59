package api

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
)

// Sessions keeps who is signed in.
type Sessions interface {
	caller.SessionStore
	// EndSessions signs an officer of an agency out everywhere and says of how
	// many sessions. Errors: CodeOfficerUnknown, CodeUnavailable.
	EndSessions(ctx context.Context, agency, officer string) (int, error)
}

// Accounts knows which account of which issuer is which officer.
type Accounts interface {
	// Identify says which officer an account is. Errors: CodeForbidden for
	// every account that is nobody's, CodeUnavailable.
	Identify(ctx context.Context, who engine.Identity) (officer string, err error)
	// LinkIdentity says that an account is an officer of the actor's agency;
	// without a subject none is. The officer is signed out everywhere. Errors:
	// CodeOfficerUnknown, CodeInvalid for an account that is another's,
	// CodeUnavailable.
	LinkIdentity(ctx context.Context, a engine.Actor, officer string, who engine.Identity) error
}

// sessions are those of whoever can sign in here: nil where nobody can.
func (o Options) sessions() *caller.Sessions {
	if !o.DevSignIn && o.Issuer == nil {
		return nil
	}
	return caller.NewSessions(o.Sessions, o.SessionLimits, strings.HasPrefix(o.PublicURL, "https://"))
}

// crossSite refuses what another site makes a browser send. The public address
// is ours under whatever name a proxy passes requests on.
func (o Options) crossSite() (*http.CrossOriginProtection, error) {
	protection := http.NewCrossOriginProtection()
	if o.PublicURL == "" {
		return protection, nil
	}
	u, err := url.Parse(o.PublicURL)
	if err != nil {
		return nil, err
	}
	return protection, protection.AddTrustedOrigin(u.Scheme + "://" + u.Host)
}

// AccountBody says which account an officer signs in with.
type AccountBody struct {
	Issuer  string `json:"issuer,omitempty" validate:"omitempty,max=500,plain" doc:"URL of the issuer; by default the one people sign in at here"`
	Subject string `json:"subject,omitempty" validate:"omitempty,max=255,plain" doc:"The account's subject (sub) at the issuer. Without one the link is taken away, and the next account that claims to be the officer is linked"`
}

// Resolve applies the rules of content.
func (b *AccountBody) Resolve(huma.Context) []error { return check(b) }

type accountInput struct {
	ID   string `path:"id" maxLength:"64" doc:"Officer" example:"duc.pham"`
	Body AccountBody
}

type signOutInput struct {
	ID string `path:"id" maxLength:"64" doc:"Officer" example:"duc.pham"`
}

type signOutOutput struct {
	Body struct {
		Ended int `json:"ended" doc:"How many sessions were ended"`
	}
}

// AccountView is which account an officer signs in with.
type AccountView struct {
	Officer string `json:"officer"`
	Issuer  string `json:"issuer" doc:"URL of the issuer"`
	Subject string `json:"subject,omitempty" doc:"Absent where none is linked"`
}

type accountOutput struct {
	Body AccountView
}

func (m *machineAPI) registerSessions(a huma.API) {
	register(a, operation{
		id: "sign-out-officer", method: http.MethodPost, path: "/api/v1/officers/{id}/sign-out", status: http.StatusOK,
		verb: engine.VerbEndSessions, tag: "officers", summary: "Sign an officer out everywhere",
	}, m.signOutOfficer)
	register(a, operation{
		id: "link-account", method: http.MethodPost, path: "/api/v1/officers/{id}/account", status: http.StatusOK,
		verb: engine.VerbLinkAccounts, tag: "officers", summary: "Say which account of the issuer an officer signs in with",
	}, m.linkAccount)
}

func (m *machineAPI) signOutOfficer(ctx context.Context, in *signOutInput) (*signOutOutput, error) {
	actor := caller.From(ctx).Actor
	n, err := m.Sessions.EndSessions(ctx, actor.Agency, in.ID)
	if err != nil {
		return nil, err
	}
	m.Logger.InfoContext(ctx, "an officer was signed out", "officer", in.ID, "sessions", n, "actor", actor.ID)
	out := &signOutOutput{}
	out.Body.Ended = n
	return out, nil
}

func (m *machineAPI) linkAccount(ctx context.Context, in *accountInput) (*accountOutput, error) {
	actor, who := caller.From(ctx).Actor, engine.Identity{Issuer: in.Body.Issuer, Subject: in.Body.Subject}
	if who.Issuer == "" && m.Issuer != nil {
		who.Issuer = m.Issuer.Name()
	}
	if who.Issuer == "" {
		return nil, &engine.Error{Code: engine.CodeInvalid, Path: "/issuer", Message: "nobody signs in at an issuer here: say which one is meant"}
	}
	if err := m.Accounts.LinkIdentity(ctx, actor, in.ID, who); err != nil {
		return nil, err
	}
	m.Logger.InfoContext(ctx, "an account was linked", "officer", in.ID, "linked", who.Subject != "", "actor", actor.ID)
	return &accountOutput{Body: AccountView{Officer: in.ID, Issuer: who.Issuer, Subject: who.Subject}}, nil
}
