package api

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"motcua/api/problem"
	"motcua/engine"
)

// Route is one thing the server answers to.
type Route struct {
	Method string
	Path   string      // as http.ServeMux writes it
	Verb   engine.Verb // who may call it, and how far: see [engine.Authority]
	// Page routes are for people: their errors are pages and they are not in
	// the OpenAPI document.
	Page bool
	// Vital routes answer even when the server sheds load.
	Vital bool
	// Stream routes answer for minutes; they are bounded apart from the others.
	Stream bool
}

// aboutDossier says whether the route is about one dossier, of the code in its path.
func (r Route) aboutDossier() bool {
	path := strings.TrimPrefix(r.Path, "/api/v1")
	return path == "/dossiers/{code}" || strings.HasPrefix(path, "/dossiers/{code}/")
}

func (r Route) pattern() string { return r.Method + " " + r.Path }

// router is the only way a handler becomes reachable, and it takes none
// without a verb of the authority table. The mux beneath is not handed out.
type router struct {
	mux   *http.ServeMux
	list  []Route
	admit func(Route, http.Handler) http.Handler
	fail  func(http.ResponseWriter, *http.Request, bool, *problem.Problem)
	errs  []error
}

func (rt *router) add(r Route, h http.Handler) {
	if !r.Verb.Known() {
		rt.errs = append(rt.errs, fmt.Errorf("api: route %s has no verb of the authority table", r.pattern()))
		return
	}
	rt.list = append(rt.list, r)
	rt.mux.Handle(r.pattern(), rt.admit(r, h))
}

func (rt *router) err() error { return errors.Join(rt.errs...) }

func (rt *router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h, pattern := rt.mux.Handler(r)
	if pattern == "" {
		rt.nowhere(w, r, h)
		return
	}
	rt.mux.ServeHTTP(w, r) // again, because only this fills the path values
}

// nowhere answers what no route matches. The mux knows whether that is for the
// path or for the method, but says so in plain text only.
func (rt *router) nowhere(w http.ResponseWriter, r *http.Request, h http.Handler) {
	said := &overheard{header: http.Header{}}
	h.ServeHTTP(said, r)
	p := problem.New(r.Context(), engine.CodeNotFound)
	if said.status == http.StatusMethodNotAllowed {
		p = problem.New(r.Context(), problem.CodeMethodNotAllowed)
		w.Header().Set("Allow", said.header.Get("Allow"))
	}
	rt.fail(w, r, forPeople(r), p)
}

// overheard keeps the status and headers of an answer and drops its words.
type overheard struct {
	header http.Header
	status int
}

func (o *overheard) Header() http.Header         { return o.header }
func (o *overheard) WriteHeader(status int)      { o.status = status }
func (o *overheard) Write(b []byte) (int, error) { return len(b), nil }

// forPeople says whether whoever asks for an unknown path reads pages.
func forPeople(r *http.Request) bool {
	return !strings.HasPrefix(r.URL.Path, "/api/") && strings.Contains(r.Header.Get("Accept"), "text/html")
}
