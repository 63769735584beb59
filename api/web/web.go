// Package web is the part of the API that people read: the supervisor's board
// and a dossier's page, rendered on the server, in Vietnamese first and in
// English. The pages work without scripts, load nothing from elsewhere and
// take their data through the same ports as the API.
package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/a-h/templ"
	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/api/problem"
	"motcua/engine"
	"motcua/engine/audit"
)

// Dossiers reads the ledger. Everything outside the agency is CodeNotFound.
type Dossiers interface {
	Get(ctx context.Context, agency, dossier string) (engine.Record, engine.Case, error)
	List(ctx context.Context, f engine.Filter) (engine.Page, error)
	Facts(ctx context.Context, agency, dossier string) ([]engine.StoredFact, error)
	Clocks(ctx context.Context, agency, dossier string) ([]engine.Clock, error)
	Rules(ctx context.Context, c engine.Case) (engine.Rules, error)
}

// People names who acts. Errors: CodeUnauthenticated for an unknown officer.
type People interface {
	Officer(ctx context.Context, id string) (engine.Officer, engine.Actor, error)
	Officers(ctx context.Context) ([]engine.Organisation, error)
	Notifications(ctx context.Context, officer string, limit int) ([]engine.Notification, error)
}

// Chains follows dossiers to those they are linked with. Errors: CodeNotFound.
type Chains interface {
	Chain(ctx context.Context, agency, dossier string) ([]engine.ChainPart, error)
}

// EvidenceFunc makes the evidence pack of a dossier for whoever is signed in.
type EvidenceFunc func(ctx context.Context, dossier string) (audit.Evidence, error)

// FireFunc gives a command as whoever is signed in. A refusal is its error.
type FireFunc func(ctx context.Context, cmd engine.Command, key string) (engine.Outcome, error)

// DiscloseFunc reads the personal data of a dossier in full and has it
// recorded, if whoever is signed in works on it or names a purpose; otherwise
// there is nothing, and what is masked stays so.
type DiscloseFunc func(ctx context.Context, c engine.Case, purpose string) (*engine.Disclosed, error)

// DrawFunc draws a machine as SVG with the present and the visited states marked.
type DrawFunc func(ctx context.Context, m *engine.Machine, lang, current string, visited []string) ([]byte, error)

// Options is what a [Site] is made of.
type Options struct {
	Dossiers Dossiers
	Boards   Boards
	Views    Views
	Keep     KeepFunc
	People   People
	Chains   Chains
	Bureau   Bureau
	Fire     FireFunc
	Evidence EvidenceFunc
	Disclose DiscloseFunc
	Foresee  ForeseeFunc
	Watches  Watches
	Draw     DrawFunc         // nil: no diagrams
	Sessions *caller.Sessions // nil: nobody can sign in here
	// Somebody is signed in by the Issuer, which takes the Accounts, or with
	// DevSignIn by choosing who to be.
	Issuer    Issuer
	Accounts  Accounts
	DevSignIn bool
	Now       func() time.Time
	// Document is the description of the API, asked for when somebody reads it.
	Document func() *huma.OpenAPI
}

// Site serves the pages.
type Site struct {
	Options
	css, live asset
}

// Route is a page or a form's target, and who may call it.
type Route struct {
	Method, Path string
	Verb         engine.Verb
	Handler      http.Handler
}

// New makes the site.
func New(o Options) (*Site, error) {
	if o.Dossiers == nil || o.Boards == nil || o.Views == nil || o.Keep == nil || o.People == nil || o.Chains == nil || !o.Bureau.complete() || o.Fire == nil || o.Disclose == nil || o.Foresee == nil || o.Watches == nil || o.Evidence == nil || o.Now == nil {
		return nil, errors.New("web: an option is missing")
	}
	if o.Document == nil {
		return nil, errors.New("web: the description of the API is missing")
	}
	return &Site{Options: o, css: newAsset("style.css", "text/css"), live: newAsset("live.js", "text/javascript")}, nil
}

// Routes lists the pages. Where nobody can sign in there is no door.
func (s *Site) Routes() []Route {
	list := []Route{
		{http.MethodGet, "/{$}", engine.VerbListDossiers, s.page(s.board)},
		{http.MethodGet, "/views/{id}", engine.VerbMyViews, s.page(s.view)},
		{http.MethodPost, "/views", engine.VerbMyViews, s.page(s.keepView)},
		{http.MethodPost, "/views/{id}/drop", engine.VerbMyViews, s.page(s.dropView)},
		{http.MethodGet, "/dossiers/{code}", engine.VerbReadDossier, s.page(s.dossier)},
		{http.MethodGet, "/dossiers/{code}/evidence", engine.VerbReadEvidence, s.page(s.evidence)},
		{http.MethodPost, "/dossiers/{code}/events", engine.VerbFire, s.page(s.fire)},
		{http.MethodPost, "/dossiers/{code}/personal-data", engine.VerbReadPersonal, s.page(s.personal)},
		{http.MethodGet, "/handoffs/{slip}", engine.VerbReadHandoff, s.page(s.slip)},
		{http.MethodPost, "/handoffs/{slip}/accept", engine.VerbSendHandoff, s.page(s.acceptSlip)},
		{http.MethodGet, "/operations", engine.VerbReadActs, s.page(s.operations)},
		{http.MethodPost, "/operations/outages", engine.VerbDeclareOutage, s.page(s.declareOutage)},
		{http.MethodPost, "/operations/outages/{id}/end", engine.VerbDeclareOutage, s.page(s.endOutage)},
		{http.MethodGet, "/operations/acts/{id}", engine.VerbReadActs, s.page(s.act)},
		{http.MethodPost, "/operations/acts/{id}/cancel", engine.VerbCancelAct, s.page(s.cancelAct)},
		{http.MethodPost, "/operations/acts/{id}/retry", engine.VerbBulk, s.page(s.retryAct)},
		{http.MethodGet, "/bulk", engine.VerbBulk, s.page(s.choose)},
		{http.MethodPost, "/bulk/preview", engine.VerbBulk, s.page(s.previewBulk)},
		{http.MethodPost, "/bulk", engine.VerbBulk, s.page(s.startBulk)},
		{http.MethodPost, "/dossiers/{code}/preview", engine.VerbPreviewEvent, s.page(s.preview)},
		{http.MethodPost, "/dossiers/{code}/watch", engine.VerbWatch, s.page(s.watch)},
		{http.MethodGet, "/operations/calendars/{code}/versions/{n}", engine.VerbPreviewCalendar, s.page(s.calendarPreview)},
		{http.MethodGet, "/docs", engine.VerbPublic, s.page(s.reference)},
		{http.MethodGet, "/docs/operations/{id}", engine.VerbPublic, s.page(s.referenceOperation)},
		{http.MethodGet, "/docs/schemas/{name}", engine.VerbPublic, s.page(s.referenceSchema)},
		{http.MethodGet, s.css.path, engine.VerbPublic, s.css},
		{http.MethodGet, s.live.path, engine.VerbPublic, s.live},
	}
	if s.Sessions == nil {
		return list
	}
	list = append(list,
		Route{http.MethodGet, "/sign-in", engine.VerbPublic, s.page(s.signInForm)},
		Route{http.MethodPost, "/sign-out", engine.VerbPublic, s.page(s.signOut)},
	)
	if s.DevSignIn {
		return append(list, Route{http.MethodPost, "/sign-in", engine.VerbPublic, s.page(s.devSignIn)})
	}
	return append(list,
		Route{http.MethodGet, "/sign-in/start", engine.VerbPublic, s.page(s.beginSignIn)},
		Route{http.MethodGet, CallbackPath, engine.VerbPublic, s.page(s.endSignIn)},
	)
}

// page runs a handler in the language of the reader and shows its error.
func (s *Site) page(handler func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.speak(w, r)
		if err := handler(w, r); err != nil {
			s.Fail(w, r, problem.Of(r.Context(), err))
		}
	})
}

// Fail answers with a problem as a page; who is not signed in but could be is
// led to the door first, and back.
func (s *Site) Fail(w http.ResponseWriter, r *http.Request, p *problem.Problem) {
	s.speak(w, r)
	if p.Status == http.StatusUnauthorized && s.Sessions != nil && r.Header.Get("Authorization") == "" && r.Method == http.MethodGet {
		http.Redirect(w, r, "/sign-in?"+query("next", r.URL.RequestURI()), http.StatusSeeOther)
		return
	}
	p.Headers(w.Header().Set)
	// Said again: the problem may have been made before the language was known.
	said := problem.New(r.Context(), p.Code)
	said.State, said.Errors, said.Detail = p.State, p.Errors, p.Detail
	s.render(w, r, p.Status, s.frame(r, said.Title), failure(caller.From(r.Context()).Lang, said))
}

// render writes a page. It is rendered before the status is sent, so that a
// page never breaks off in the middle under a status of success.
func (s *Site) render(w http.ResponseWriter, r *http.Request, status int, f frame, content templ.Component) {
	page := layout(f, content)
	templ.Handler(page, templ.WithStatus(status), templ.WithContentType("text/html; charset=utf-8")).ServeHTTP(w, r)
}
