package api

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"

	"motcua/api/caller"
	"motcua/api/problem"
	"motcua/engine"
)

// guard finds out who asks and enforces the policy of a route.
type guard struct {
	people    People
	near      *near
	sessions  *caller.Sessions // nil: cookies sign nobody in
	local     bool             // whoever reaches the server may be anybody: this machine only
	crossSite *http.CrossOriginProtection
	slots     chan struct{}
	streams   chan struct{} // the slots of routes that answer for minutes
	callers   *quota        // of each who is known
	listeners *quota        // the same of streams
	guesses   *quota        // wrong keys, by address
	fail      func(http.ResponseWriter, *http.Request, bool, *problem.Problem)
}

// admit wraps the handler of a route with its policy.
func (g *guard) admit(route Route, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		call := caller.From(r.Context())
		if call.Route = route.pattern(); route.aboutDossier() {
			call.Dossier = dossierCode(r.PathValue("code"))
		}
		if !route.Vital {
			slots := g.slots
			if route.Stream {
				slots = g.streams
			}
			select {
			case slots <- struct{}{}:
				defer func() { <-slots }()
			default:
				g.fail(w, r, route.Page, problem.New(r.Context(), engine.CodeUnavailable))
				return
			}
		}
		leave, err := g.enter(w, r, route)
		if err != nil {
			g.fail(w, r, route.Page, problem.Of(r.Context(), err))
			return
		}
		defer leave()
		next.ServeHTTP(w, r)
	})
}

// enter lets a request in that its sender may make; leave is to be called when
// it is answered.
func (g *guard) enter(w http.ResponseWriter, r *http.Request, route Route) (leave func(), err error) {
	if err := g.sameSite(r); err != nil {
		return nil, err
	}
	if route.Verb.Public() {
		return func() {}, nil
	}
	call := caller.From(r.Context())
	if err := g.identify(w, r, call); err != nil {
		return nil, err
	}
	callers := g.callers
	if route.Stream {
		callers = g.listeners
	}
	leave, err = callers.enter(string(call.Actor.Kind) + " " + call.Actor.Agency + " " + call.Actor.ID)
	if err != nil {
		return nil, err
	}
	if err = g.check(r, route, call); err != nil {
		leave()
	}
	return leave, err
}

// check holds the caller against the authority table and, on a route about one
// dossier, against what is within reach.
func (g *guard) check(r *http.Request, route Route, call *caller.Call) error {
	if call.Scope = engine.May(call.Actor, route.Verb); call.Scope == engine.ScopeNone {
		return route.Verb.Refused(call.Actor)
	}
	if route.Page && call.Actor.Kind == engine.ActorSystem {
		return engine.Errorf(engine.CodeForbidden, "pages are for people")
	}
	if route.aboutDossier() {
		return g.near.check(r.Context(), r.PathValue("code"))
	}
	return nil
}

// sameSite keeps other sites from acting in the name of whoever is signed in
// here by cookie. A request with a key carries no such authority: a browser
// never adds one by itself.
func (g *guard) sameSite(r *http.Request) error {
	if r.Header.Get("Authorization") != "" {
		return nil
	}
	if err := g.crossSite.Check(r); err != nil {
		return engine.Errorf(engine.CodeForbidden, "requests from another site are refused")
	}
	if g.local && !localName(r.Host) {
		// A name that was made to point here would pass as the same site.
		return engine.Errorf(engine.CodeForbidden, "the development server is reached as localhost only")
	}
	return nil
}

// identify fills in who asks. A key that is presented must be right, whatever
// the cookie says.
func (g *guard) identify(w http.ResponseWriter, r *http.Request, call *caller.Call) error {
	if header := r.Header.Get("Authorization"); header != "" {
		err := g.byKey(r.Context(), header, call)
		// Only who is wrong is turned away: a right key is served whoever else
		// guesses from behind the same proxy.
		if engine.CodeOf(err) == engine.CodeUnauthenticated && !g.guesses.allow(remote(r)) {
			return errTooMany
		}
		return err
	}
	if g.sessions == nil {
		return engine.Errorf(engine.CodeUnauthenticated, "send an API key as a bearer token")
	}
	session, err := g.sessions.Resume(w, r)
	if err != nil {
		return err
	}
	return g.byID(r.Context(), session.Officer, call)
}

func (g *guard) byKey(ctx context.Context, header string, call *caller.Call) error {
	id, secret, ok := bearer(header)
	if !ok {
		return engine.Errorf(engine.CodeUnauthenticated, "the bearer token is not an API key")
	}
	actor, err := g.people.ByKey(ctx, id, secret)
	if err != nil {
		return err
	}
	call.Actor = actor
	return nil
}

func (g *guard) byID(ctx context.Context, id string, call *caller.Call) error {
	officer, actor, err := g.people.Officer(ctx, id)
	if err != nil {
		return err
	}
	call.Officer, call.Actor = officer, actor
	return nil
}

// bearer reads "Bearer mc_<id>_<secret>".
func bearer(header string) (id, secret string, ok bool) {
	scheme, token, _ := strings.Cut(header, " ")
	key, prefixed := strings.CutPrefix(strings.TrimSpace(token), "mc_")
	id, secret, _ = strings.Cut(key, "_")
	known := strings.EqualFold(scheme, "Bearer") && prefixed && id != "" && secret != ""
	return id, secret, known && len(id) <= 64 && len(secret) <= 128 && plain(key)
}

// localName says whether a Host header names this machine to itself.
func localName(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	name = strings.Trim(name, "[]")
	return strings.EqualFold(name, "localhost") || net.ParseIP(name).IsLoopback()
}

func decoded(query string) (string, error) { return url.QueryUnescape(query) }
